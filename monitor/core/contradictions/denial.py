"""Denial against assertion: one says it is so, the other that it is not, in the same frame with the same
actor.
"""

from __future__ import annotations

from monitor.core.contradictions.pairs import Finding, grade_for, says_something, shown
from monitor.core.contradictions.subjects import PLACED, Frames
from monitor.core.contradictions.unlike import no_time_in_common, other_place
from monitor.core.name_sounds import one_name
from monitor.core.types import Claim, ContradictionKind, Frame, FrameUse, Grade, Relation
from monitor.core.wording import content_words, jaccard

# Things that change by themselves (held, then free): further apart than this, a later word replaces an
# earlier.
_CHANGES_AFTER_S = 36 * 3_600


def compare_denial(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where one claim affirms and the other denies the same use of a frame."""
    if not (says_something(a) and says_something(b)):
        return None
    for x in a.frames:
        for y in b.frames:
            frame = known.frames.get(x.frame)
            if frame is None or x.frame != y.frame or x.affirmed == y.affirmed or frame.kind in PLACED:
                continue
            if frame.open and (a.hedged or b.hedged or one_name(a.speaker.name, b.speaker.name)):
                # What somebody says of himself twice is, most often, of two times.
                continue
            if frame.grows and (no_time_in_common(a, b) or other_place(a, b) or _grew(a, b, x)):
                continue
            if _same_actor(x, y, frame, known) and known.one_thing(a, b, x, y, frame):
                return _finding(a, b, x, y, frame, known)
    return None


def _same_actor(x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> bool:
    roles = known.actor_roles(frame)
    if not roles:
        return True
    left, right = known.fillers(x, roles), known.fillers(y, roles)
    if frame.open and not (left and right):
        # "Beaten by guards", "no force was used": who did it need not be said.
        return True
    if not left or not right or any(_of_itself(use, frame, known) for use in (x, y)):
        return False
    if known.identities(left) & known.identities(right):
        return True
    return any(
        jaccard(content_words(p), content_words(q)) >= 0.5
        for p in left - known.entities.keys()
        for q in right - known.entities.keys()
    )


def _grew(a: Claim, b: Claim, x: FrameUse) -> bool:
    """Whether nobody was hurt as far as the earlier article knew."""
    return a.article_id != b.article_id and not (x.affirmed if a.said_at <= b.said_at else not x.affirmed)


def _of_itself(use: FrameUse, frame: Frame, known: Frames) -> bool:
    """'He backs himself': one of the two is read wrongly."""
    disputed = known.fillers(use, known.disputed_roles(frame))
    return bool(disputed & known.fillers(use, known.actor_roles(frame)))


def _finding(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> Finding:
    grade, score = grade_for(a, b)
    about, disputed = known.thing(a, b, x, y, frame)
    yes, no = (a, b) if x.affirmed else (b, a)
    changes = frame.kind is ContradictionKind.OTHER
    apart = abs((b.said_at - a.said_at).total_seconds())
    # Of several pairs of two threads the one that shows its subject best.
    score += 0.02 * len({r for r, _ in x.roles} & {r for r, _ in y.roles}) + 0.02 * len(
        set(x.roles) & set(y.roles)
    )
    if changes and grade is Grade.STRONG:
        grade, score = Grade.MEDIUM, 0.7
    return Finding(
        kind=ContradictionKind.DENIAL,
        grade=grade,
        score=score,
        reason=f"{no.speaker.name} denies what {yes.speaker.name} asserts, on {disputed}: {shown(yes)}.",
        about=f"{frame.id}|{about}",
        disputed=disputed,
        relation=Relation.UPDATE if changes and apart > _CHANGES_AFTER_S else Relation.CONTRADICTION,
    )
