"""Which claims are compared at all: those that share a key, and those that follow each other in one text.

Nothing here grows with the archive: the ledger gives only earlier claims that share a key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.core.name_sounds import one_name
from monitor.core.types import ArticleField, Claim, PriorClaim, Scope, ThreadedClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A claim with where it came from."""

    claim: Claim
    thread: str
    # Copies of one text are one origin; "": the article that is being judged.
    origin: str


def sharing_a_key(
    claims: Sequence[ThreadedClaim], prior: Sequence[PriorClaim]
) -> Iterator[tuple[Voice, Voice]]:
    """Each claim with those before it, in the ledger and in its article, that it shares a key with."""
    by_key: dict[str, list[tuple[str, Voice]]] = defaultdict(list)
    for known in prior:
        theirs = Voice(claim=known.claim, thread=known.thread, origin=known.origin)
        named = known.claim.fingerprint, theirs
        for key in known.claim.keys:
            by_key[key].append(named)
    for one in claims:
        mine = Voice(claim=one.claim, thread=one.thread, origin="")
        seen = {one.claim.fingerprint}
        for key in one.claim.keys:
            for name, other in by_key.get(key, ()):
                if name not in seen:
                    seen.add(name)
                    yield other, mine
        for key in one.claim.keys:
            by_key[key].append((one.claim.fingerprint, mine))


def with_no_key(
    claims: Sequence[ThreadedClaim], pairs: Iterable[tuple[Claim, Claim]]
) -> Iterator[tuple[Voice, Voice]]:
    """Those pairs of these claims that share no key."""
    voices = {one.claim.fingerprint: Voice(claim=one.claim, thread=one.thread, origin="") for one in claims}
    for a, b in pairs:
        if not set(a.keys) & set(b.keys):
            yield voices[a.fingerprint], voices[b.fingerprint]


def following(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each two claims with nothing claimed between them in one text, the first one first."""
    at: dict[tuple[int, ArticleField, int], list[Claim]] = {}
    for claim in claims:
        if claim.setting is not None:
            at.setdefault((claim.version_id, claim.field, claim.setting.place), []).append(claim)
    for (version, part, place), here in at.items():
        for second in at.get((version, part, place + 1), ()):
            for first in here:
                yield first, second


def scope_of(a: Claim, b: Claim) -> Scope | None:
    """Between whom; None where the two are not to be compared."""
    one_speaker = (a.speaker.entity and a.speaker.entity == b.speaker.entity) or (
        one_name(a.speaker.name, b.speaker.name)
    )
    if a.article_id == b.article_id and a.version_id != b.version_id:
        # The old version's claims stand in the new one too: only what one speaker now says otherwise counts.
        return Scope.REVISION if one_speaker else None
    if one_speaker:
        return Scope.SELF
    return Scope.SAME_SIDE if a.speaker.side and a.speaker.side == b.speaker.side else Scope.CROSS
