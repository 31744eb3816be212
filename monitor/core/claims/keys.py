"""Candidate keys: what a claim is about, in a few strings; only claims that share one are ever compared.

A claim has at most MAX_KEYS of them, whatever the archive holds, so judging never grows with the archive.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from monitor.core.types import Article, Claim, Entity, EntityType, Frame, FrameUse, Quantity, Reading
from monitor.core.wording import NAME_MARK, PLACE_MARK, content_words, word_set

MAX_KEYS = 64
_MAX_TOPICS = 4
# All that ever began on a Monday is not about one thing.
_UNTELLING = frozenset({"phase", "state", "manner", "when", "where"})
_MAX_WORDS = 4
# Two articles that name other places tell of other events.

_MAX_PLACES = 2
_PLACE_CHARS = 4_000
_PLACE = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]ff|[Oo]utside|[Oo]ver) (?:the )?([A-Z][^\W\d_]{2,})")
# A capital within a sentence; the first word of one may be any word.
_NAME = re.compile(r"(?<=[^\W.!?] )(?:[^\W\d_a-zа-я][\w'’\-]{2,})")
_MAX_NAMES = 8
_LEAD_CHARS = 500
#: A word or phrase of a rule, and not one of its patterns.
_WORDS_ONLY = re.compile(r"[\w\s'’*.&+\-]+")
_NO_PLACES = word_set(
    """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """
)


def topics(reading: Reading, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """What the article is about, for keys: its events and places, else its entities and the rules' terms."""
    counted = Counter(m.entity for m in reading.mentions)
    subjects = [
        e
        for e, _ in counted.most_common()
        if e in entities and entities[e].type in {EntityType.EVENT, EntityType.PLACE}
    ]
    # An event, or a place that is nobody's side, says best what it is about, however often others are named.
    subjects.sort(key=lambda e: (bool(entities[e].side), entities[e].type is not EntityType.EVENT))
    terms = Counter(
        s.term.casefold()
        for match in reading.matches
        for s in match.spans
        if not s.entity and _WORDS_ONLY.fullmatch(s.term)
    )
    chosen = subjects or [e for e, _ in counted.most_common()]
    return tuple(
        dict.fromkeys(
            [
                *chosen[:_MAX_TOPICS],
                *(t for t, _ in terms.most_common(2)),
                *_places(reading.article),
                *_names(reading.article),
            ]
        )
    )


def _places(article: Article) -> list[str]:
    """The names that most often follow "in", "at", "near": where it happened, as far as words can tell."""
    text = f"{article.title}. {article.text[:_PLACE_CHARS]}"
    counted = Counter(name.casefold() for name in _PLACE.findall(text) if name.casefold() not in _NO_PLACES)
    return [PLACE_MARK + name for name, _ in counted.most_common(_MAX_PLACES)]


def _names(article: Article) -> list[str]:
    """The names that the article repeats most, those of the title first: they tell its story from others."""
    text = article.text[:_PLACE_CHARS]
    counted = Counter(found.group().casefold() for found in _NAME.finditer(text))
    title, lead = article.title.casefold(), text[:_LEAD_CHARS].casefold()
    ranked = sorted(
        (name for name, times in counted.items() if times > 1 or name in title or name in lead),
        key=lambda name: (name not in title, -counted[name], name),
    )
    outlet = article.publisher.casefold()
    return [NAME_MARK + name for name in ranked if name not in outlet and name not in _NO_PLACES][:_MAX_NAMES]


def claim_keys(
    uses: Sequence[FrameUse],
    amounts: Sequence[Quantity],
    proposition: str,
    about: Sequence[str],
    frames: Mapping[str, Frame],
) -> tuple[str, ...]:
    """The keys of one claim, best first."""
    keys: dict[str, None] = {}
    # A claim in many frames is met by its numbers all the same.
    for amount in amounts:
        for topic in about:
            keys[f"q|{amount.unit}|{topic}"] = None
    for use in uses:
        for topic in about:
            keys[f"f|{use.frame}|{topic}"] = None
        for role, filler in use.roles:
            if role in _UNTELLING:
                continue
            for word in _canonical_words(filler, frames[use.frame]):
                keys[f"f|{use.frame}|{word}"] = None
    words = sorted(content_words(proposition), key=lambda w: (-len(w), w))[:_MAX_WORDS]
    for a, b in combinations(sorted(words), 2):
        keys[f"w|{a}|{b}"] = None
    if len(words) == 1:
        keys[f"w|{words[0]}"] = None
    return tuple(keys)[:MAX_KEYS]


def _canonical_words(filler: str, frame: Frame) -> list[str]:
    first_of = {word: row[0] for row in frame.same for word in row if row}
    return [first_of.get(w, w) for w in filler.casefold().split()][:3]


def candidate_keys(claims: Iterable[Claim]) -> frozenset[str]:
    """All keys of these claims: what the ledger is asked for."""
    return frozenset(key for claim in claims for key in claim.keys)
