"""Candidate keys: what a claim is about, in a few strings; only claims that share one are ever compared.

A claim has at most MAX_KEYS of them, whatever the archive holds, so judging never grows with the archive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from monitor.core.types import Claim, Entity, EntityType, Frame, FrameUse, Quantity, Reading
from monitor.core.wording import content_words

MAX_KEYS = 28
_MAX_TOPICS = 4
_MAX_WORDS = 4


def topics(reading: Reading, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """What the article is about, for keys: its events and places, else its entities and the rules' terms."""
    counted = Counter(m.entity for m in reading.mentions)
    subjects = [
        e
        for e, _ in counted.most_common()
        if e in entities and entities[e].type in {EntityType.EVENT, EntityType.PLACE}
    ]
    # An event says best what it is about, however often its places are named.
    subjects.sort(key=lambda e: entities[e].type is not EntityType.EVENT)
    terms = Counter(s.term.casefold() for match in reading.matches for s in match.spans if not s.entity)
    chosen = subjects or [e for e, _ in counted.most_common()]
    return tuple(dict.fromkeys([*chosen[:_MAX_TOPICS], *(t for t, _ in terms.most_common(2))]))


def claim_keys(
    uses: Sequence[FrameUse],
    amounts: Sequence[Quantity],
    proposition: str,
    about: Sequence[str],
    frames: Mapping[str, Frame],
) -> tuple[str, ...]:
    """The keys of one claim, best first."""
    keys: dict[str, None] = {}
    for use in uses:
        for topic in about:
            keys[f"f|{use.frame}|{topic}"] = None
        for _, filler in use.roles:
            for word in _canonical_words(filler, frames[use.frame]):
                keys[f"f|{use.frame}|{word}"] = None
    for amount in amounts:
        for topic in about:
            keys[f"q|{amount.unit}|{topic}"] = None
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
