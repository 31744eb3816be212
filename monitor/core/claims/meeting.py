"""By which keys the facts of a claim are met in other reports of its story (monitor/core/facts.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from monitor.core.claims.draft import Draft
from monitor.core.facts import IT, KIND_MARK, NOTHING, STATE_MARK, Fact
from monitor.core.types import Stance
from monitor.core.wording import NAME_MARK, PLACE_MARK, is_cyrillic, stem

_MAX_FACTS = 3
_MAX_MET = 3
# So many of an article's topics a fact is met by, and so many what is said to be.
_TOPICS = 6
_FEW_TOPICS = 3


def keys_of(draft: Draft, facts: Sequence[Fact], met: Sequence[str], about: Sequence[str]) -> tuple[str, ...]:
    """The first few facts as keys, with those by which they, and the kinds that are said to be, are met in
    another report of the story; empty for a question and where the article has no topics.
    """
    names = _names(tuple(about))
    if not names or draft.stance in {Stance.QUESTION, Stance.RETRACT}:
        return ()
    kept = facts[:_MAX_FACTS]
    keys = [fact.key for fact in kept]
    for fact in kept:
        if fact.subject == IT:
            continue
        mark = KIND_MARK if fact.aspect == NOTHING else STATE_MARK
        keys += [f"{mark}{fact.subject}|{name}" for name in names[:_TOPICS]]
    none = {fact.subject for fact in kept if fact.aspect == NOTHING}
    keys += [
        f"{KIND_MARK}{word}|{name}"
        for word in [w for w in met if w not in none][:_MAX_MET]
        for name in names[:_FEW_TOPICS]
    ]
    return tuple(dict.fromkeys(keys))


def left_out(draft: Draft) -> frozenset[int]:
    """The tokens of the content's sentence that are no part of what is quoted: who said it, and when."""
    s = draft.content
    if s is not draft.sentence:
        return frozenset()
    return frozenset(i for i, t in enumerate(s.tokens) if not draft.start <= s.start + t.start < draft.end)


@lru_cache(maxsize=64)
def _names(about: tuple[str, ...]) -> list[str]:
    """The topics by which two reports of one story meet: where it is and whom the title names first."""
    marked = [t for t in about if t.startswith((PLACE_MARK, NAME_MARK))]
    places_first = sorted(marked, key=lambda t: not t.startswith(PLACE_MARK))
    two, rest = places_first[:1], [t for t in marked if t.startswith(NAME_MARK)]
    others = [t for t in about if not t.startswith((PLACE_MARK, NAME_MARK))]
    ranked = [*two, *rest[:2], *others[:1], *places_first[1:2], *rest[2:], *others[1:]]
    plain = (t.lstrip(PLACE_MARK + NAME_MARK).replace("|", " ") for t in ranked)
    # A Russian name stands in the case that its sentence asks for.
    return list(dict.fromkeys(stem(name) if is_cyrillic(name) else name for name in plain))
