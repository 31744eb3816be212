"""Is this the same claim? All appearances of one claim of one side form a thread.

The same: one side speaks, and either the same frames are filled in the same way with the same polarity,
or most content words agree with the same polarity and the same numbers. Another side that says the same
opens a thread of its own: "new speaker on a known claim".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from monitor.core.name_sounds import one_name
from monitor.core.types import (
    Claim,
    ClaimKind,
    FrameUse,
    PriorClaim,
    Quantity,
    Speaker,
    Stance,
    ThreadedClaim,
)
from monitor.core.wording import containment, content_words, denies, jaccard

_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i"})
# Shares of content words at which two wordings are one claim; tried on the stories in tests/core/claims.
_MIN_JACCARD = 0.5
_MIN_CONTAINMENT = 0.8
_MIN_WORDS = 3


def assign_threads(claims: Sequence[Claim], prior: Sequence[PriorClaim]) -> tuple[ThreadedClaim, ...]:
    """Each claim with its thread, in the same order; claims of the batch join each other too.

    A thread is named by the fingerprint of its first claim, so running again gives the same names.
    """
    members: dict[str, list[tuple[Claim, str]]] = defaultdict(list)
    for p in prior:
        _remember(members, p.claim, p.thread)
    threaded = []
    for claim in claims:
        thread = _best(claim, members)
        threaded.append(ThreadedClaim(claim=claim, thread=thread or claim.fingerprint, is_new=thread is None))
        _remember(members, claim, thread or claim.fingerprint)
    return tuple(threaded)


def _remember(members: dict[str, list[tuple[Claim, str]]], claim: Claim, thread: str) -> None:
    member = (claim, thread)
    for key in claim.keys:
        members[key].append(member)


def _best(claim: Claim, members: dict[str, list[tuple[Claim, str]]]) -> str | None:
    """The thread of the most similar earlier claim that is the same; the earliest one where several are."""
    best, best_score, seen = None, 0.0, set[str]()
    for key in claim.keys:
        for other, thread in members.get(key, ()):
            if other.fingerprint in seen:
                continue
            seen.add(other.fingerprint)
            if other.fingerprint == claim.fingerprint:
                return thread
            score = sameness(claim, other)
            if score > best_score:
                best, best_score = thread, score
    return best


def sameness(a: Claim, b: Claim) -> float:
    """How surely two claims are one claim of one side; 0: they are not."""
    if not (same_side(a.speaker, b.speaker) or _both_own_voice(a, b)) or _questions(a) != _questions(b):
        return 0.0
    if _numbers_differ(a.quantities, b.quantities):
        return 0.0
    words_a, words_b = content_words(a.proposition), content_words(b.proposition)
    overlap = jaccard(words_a, words_b)
    if a.frames and b.frames:
        if any(_contrary(x, y) for x in a.frames for y in b.frames):
            return 0.0
        if any(_same_use(x, y) for x in a.frames for y in b.frames):
            return 0.6 + 0.4 * overlap
    if denies(a) != denies(b) or min(len(words_a), len(words_b)) < _MIN_WORDS:
        return 1.0 if a.proposition == b.proposition and a.stance is b.stance else 0.0
    if overlap >= _MIN_JACCARD or containment(words_a, words_b) >= _MIN_CONTAINMENT:
        return overlap
    return 0.0


def same_side(a: Speaker, b: Speaker) -> bool:
    """One speaker, or two of one side."""
    if a.entity and a.entity == b.entity:
        return True
    if a.side and a.side == b.side:
        return True
    return one_name(a.name, b.name) and a.name.casefold() not in _PRONOUNS


def _both_own_voice(a: Claim, b: Claim) -> bool:
    """What outlets say themselves is one claim, whichever of them says it first."""
    return a.kind is ClaimKind.OWN_VOICE and b.kind is ClaimKind.OWN_VOICE


def _questions(claim: Claim) -> bool:
    return claim.stance in {Stance.QUESTION, Stance.RETRACT}


def _numbers_differ(a: Sequence[Quantity], b: Sequence[Quantity]) -> bool:
    left, right = {(q.unit, q.value) for q in a}, {(q.unit, q.value) for q in b}
    shared = {u for u, _ in left} & {u for u, _ in right}
    return any({v for u, v in left if u == unit} != {v for u, v in right if u == unit} for unit in shared)


def _same_use(a: FrameUse, b: FrameUse) -> bool:
    """The same frame, polarity and fillers; a role that one of them leaves open does not part them."""
    if a.frame != b.frame or a.affirmed != b.affirmed:
        return False
    mine, theirs = _by_role(a), _by_role(b)
    shared = mine.keys() & theirs.keys()
    # Each may leave something open, but not each something else: "X was behind it" and "Y had a part in it".
    if not (mine.keys() <= theirs.keys() or theirs.keys() <= mine.keys()):
        return False
    return bool(shared) and all(_alike(mine[role], theirs[role]) for role in shared)


def _contrary(a: FrameUse, b: FrameUse) -> bool:
    return a.frame == b.frame and a.affirmed != b.affirmed


def _by_role(use: FrameUse) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {}
    for role, filler in use.roles:
        roles.setdefault(role, set()).add(filler)
    return roles


def _alike(a: set[str], b: set[str]) -> bool:
    if a & b:
        return True
    return any(
        containment(x.casefold().split(), y.casefold().split()) >= _MIN_CONTAINMENT for x in a for y in b
    )
