"""Which articles tell of one event: by the names that they share, in any script.

An article is known by the names it repeats or leads with, most telling first. Names are brought to one
alphabet and cut to their stem, so that "Осмонова" and "Osmonov" are one. A later article joins the story
with which it shares enough of the names that half of its articles have; a name that very many stories share
says little.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.types import Entity, EntityType, Reading
from monitor.core.wording import STOP_WORDS, word_set

#: Names that an article is known by.
KEY_COUNT = 20
#: Letters of a name that count: endings of cases and of spellings lie behind.
_STEM = 6
_TEXT_CHARS = 6_000
_LEAD_CHARS = 600
#: A story is known by the names that stand in so much of its articles. By all of them it grows until it
#: swallows its field: of 160 reports on one election campaign, 153 became one story.
KNOWN_BY = 0.5
# An article joins the story that has this share of its names, weighed; of long lists ten are enough.
# Tried on the labelled stories, all in one ledger: no story of one event held two, most events in one story.
_ENOUGH = 0.15
_NAMES_ENOUGH = 10
_MIN_SHARED = 2

_NAME = re.compile(r"[^\W\d_a-zа-яёіїєґ][^\W\d_]{2,}(?:[-’'][^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+")
_NO_NAMES = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december mr mrs ms dr sir president minister prime chief general
    director professor north south east west northern southern eastern western new state national
    понедельник вторник среда четверг пятница суббота воскресенье январь февраль март апрель май июнь июль
    август сентябрь октябрь ноябрь декабрь
    """
)
_IN_LATIN = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
    "і": "i",
    "ї": "i",
    "є": "e",
    "ґ": "g",
}
_LATIN = str.maketrans(_IN_LATIN)
# Spellings that differ between alphabets and languages.
_SPELLINGS = (
    ("x", "ks"),
    ("w", "v"),
    ("j", "i"),
    ("y", "i"),
    ("q", "k"),
    ("kh", "h"),
    ("ts", "c"),
    ("ck", "k"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStories:
    """The stories of these days that share names with an article."""

    # Story id → the names that it shares, of those that stand in KNOWN_BY of its articles.
    shared: Mapping[int, frozenset[str]] = field(default_factory=dict)
    # Name → how many stories have it.
    common: Mapping[str, int] = field(default_factory=dict)
    # How many stories there are.
    total: int = 0


def story_keys(reading: Reading, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """The names by which an article's story is found, most telling first; at most KEY_COUNT.

    Empty for a text without names: it is a story of its own.
    """
    article = reading.article
    text = article.text[:_TEXT_CHARS]
    head = f"{article.title}. {article.summary}"
    names = Counter(_names(f"{head} {text}"))
    folded = {name: _folded(name) for name in names}
    counted: Counter[str] = Counter()
    for name, times in names.items():
        counted[folded[name]] += times
    leading = _NAME.findall(f"{head} {text[:_LEAD_CHARS]}")
    lead = {folded[name] for name in leading if name in folded}
    ranked = sorted(
        (name for name, times in counted.items() if name and (times > 1 or name in lead)),
        key=lambda name: (name not in lead, -counted[name], name),
    )
    events = [f"@{m.entity}" for m in reading.mentions if _is_event(m.entity, entities)]
    return tuple(dict.fromkeys([*events, *ranked]))[:KEY_COUNT]


def story_of(keys: Sequence[str], known: KnownStories) -> int | None:
    """The id of the story that an article with these names belongs to; None: it opens one of its own.

    A name weighs by how few stories have it (inverse document frequency, Spärck Jones 1972).
    """
    best, best_share = None, 0.0
    for story in sorted(known.shared):
        names = known.shared[story]
        weight = sum(_weight(known.common.get(name, 1), known.total) for name in names)
        share = weight / max(1, min(len(keys), _NAMES_ENOUGH))
        if len(names) >= _MIN_SHARED and share > best_share:
            best, best_share = story, share
    return best if best_share >= _ENOUGH else None


def _weight(having: int, total: int) -> float:
    """1 for a name of one story, 0 for one of all."""
    return 1.0 if total <= 1 else max(0.0, 1 - math.log(max(1, having)) / math.log(total + 1))


def _is_event(entity: str, entities: Mapping[str, Entity]) -> bool:
    return entity in entities and entities[entity].type is EntityType.EVENT


def _names(text: str) -> list[str]:
    """Words with a capital that stand without one nowhere: "Four" begins a sentence, "Fourier" is a name."""
    small = {word for word in _WORD.findall(text) if word[:1].islower()}
    return [name for name in _NAME.findall(text) if name.casefold() not in small]


def _folded(name: str) -> str:
    """The name in small Latin letters without its ending; empty for a word that is no name of anything."""
    low = name.casefold().replace("’", "'").removesuffix("'s")
    if low in _NO_NAMES or low in STOP_WORDS:
        return ""
    latin = low.translate(_LATIN)
    for written, folded in _SPELLINGS:
        latin = latin.replace(written, folded)
    return latin[:_STEM]
