"""Rival fillers of an exclusive role: two accounts that name different ones for what only one can have
been.
"""

from __future__ import annotations

from monitor.core.contradictions.pairs import Finding, says_something
from monitor.core.contradictions.subjects import PLACED, Frames
from monitor.core.types import Claim, ContradictionKind, Frame, FrameUse, Grade
from monitor.core.wording import containment, content_words

# Who did it, who won: asked of somebody with a name.
_OF_SOMEBODY = frozenset({ContradictionKind.RESPONSIBILITY, ContradictionKind.OTHER})


def compare_rivals(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where both claims affirm a frame of one event with different fillers of an exclusive role."""
    if not (says_something(a) and says_something(b)):
        return None
    for x in a.frames:
        for y in b.frames:
            frame = known.frames.get(x.frame)
            if frame is None or x.frame != y.frame or not (x.affirmed and y.affirmed) or not frame.exclusive:
                continue
            if frame.kind in PLACED:
                continue
            if _rivals(x, y, frame, known) and _one_event(a, b, x, y, frame, known):
                return _finding(a, b, x, y, frame, known)
    return None


def _rivals(x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> bool:
    left, right = known.fillers(x, frame.exclusive), known.fillers(y, frame.exclusive)
    if not left or not right or known.identities(left) & known.identities(right):
        return False
    if frame.kind in _OF_SOMEBODY and not all(_is_named(f, known) for f in left | right):
        # "Four gunmen" and "the cartel" may both be right: somebody acts, somebody sends. "The front runner"
        # may be the very one whom the other names.
        return False
    if set(frame.exclusive) <= set(frame.kinds):
        # "Heart failure" and "pneumonia" are both an illness; a beating is none.
        return not _kinds_of(left, frame) & _kinds_of(right, frame)
    # Entities are told apart by their ids, not by the words in them.
    return not any(
        containment(content_words(p), content_words(q)) > 0.4
        for p in left
        for q in right
        if not {p, q} <= known.entities.keys()
    )


def _kinds_of(fillers: frozenset[str], frame: Frame) -> frozenset[str]:
    """The rows of `same` that the fillers have words of."""
    return frozenset(row[0] for row in frame.same for f in fillers if set(f.casefold().split()) & set(row))


def _is_named(filler: str, known: Frames) -> bool:
    words = filler.split()
    # "Oskavian divers" are Oskavia's; "a man in a truck from Oskavia" is nobody in particular.
    named = sum(word in known.entities for word in words)
    if filler not in known.entities and words[-1:] and words[-1].casefold().endswith(("ists", "исты")):
        # "Islamists" are a kind of people, and "Islamic State" some of them.
        return False
    return filler[:1].isupper() or 2 * named >= len(words)


def _one_event(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> bool:
    """Only one event can have only one author: 'accused of corruption' is open to many."""
    if not known.one_thing(a, b, x, y, frame):
        return False
    events = {w for row in frame.same for w in row}
    left, right = (known.fillers(use, known.disputed_roles(frame)) for use in (x, y))
    if set(frame.exclusive) <= set(frame.kinds) and left & right:
        return True
    named = left | right
    return bool(named) and all(set(f.casefold().split()) & events for f in named)


def _finding(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> Finding:
    left, right = known.fillers(x, frame.exclusive), known.fillers(y, frame.exclusive)
    about, disputed = known.thing(a, b, x, y, frame)
    grade, score = _grade(a, b, left | right, frame, known)
    # Of several pairs of two threads the one that shows its subject best.
    score += 0.02 * len({r for r, _ in x.roles} & {r for r, _ in y.roles}) + 0.02 * len(
        set(x.roles) & set(y.roles)
    )
    return Finding(
        kind=frame.kind,
        grade=grade,
        score=score,
        reason=f"On {disputed}, {a.speaker.name} names {known.names(left)}, {b.speaker.name} names "
        f"{known.names(right)}.",
        about=f"{frame.id}|{about}",
        disputed=disputed,
    )


def _grade(a: Claim, b: Claim, fillers: frozenset[str], frame: Frame, known: Frames) -> tuple[Grade, float]:
    if a.hedged or b.hedged:
        return Grade.SOFT, 0.4
    if frame.kind is ContradictionKind.RESPONSIBILITY and fillers <= known.entities.keys():
        return Grade.STRONG, 0.9
    return Grade.MEDIUM, 0.7
