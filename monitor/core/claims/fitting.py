"""Whether what fills the roles of a frame may fill them: 'it led to Oskavia' tells of no cause."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.core.claims.languages import Cast, Language
from monitor.core.types import ContradictionKind, EntityType, Frame, FrameUse


def fits(use: FrameUse, frames: Mapping[str, Frame], cast: Cast, language: Language) -> bool:
    """Whether all roles of a use are filled by what they are for."""
    frame = frames[use.frame]
    return (
        not _names_as_cause(use, frame, cast)
        and _of_people(use, frame, cast, language)
        and _of_a_kind(use, frame, cast)
        and not _of_one(use)
    )


def _names_as_cause(use: FrameUse, frame: Frame, cast: Cast) -> bool:
    """'It led to Oskavia': events and states are caused and cause, never somebody or a place."""
    if frame.kind is not ContradictionKind.CAUSE or frame.kinds:
        return False
    for role, filler in use.roles:
        known = cast.entities.get(filler)
        if known is not None and known.type is not EntityType.EVENT:
            return True
        if known is None and filler[:1].isupper() and role not in frame.exclusive:
            return True
    return False


def _of_one(use: FrameUse) -> bool:
    """'Berg backed off his own plan': whoever fills one role with what is his fills no other one."""
    fillers = [filler for _, filler in use.roles]
    return len({role for role, _ in use.roles}) > 1 and len(set(fillers)) == 1


def _of_people(use: FrameUse, frame: Frame, cast: Cast, language: Language) -> bool:
    """Whether the roles that only people fill are filled so: a minister may be fired, a shot is not."""
    for role, filler in use.roles:
        if role not in frame.people or filler[:1].isupper():
            continue
        known = cast.entities.get(filler)
        if not (known.type is EntityType.PERSON if known is not None else language.is_people(filler)):
            return False
    return True


def _of_a_kind(use: FrameUse, frame: Frame, cast: Cast) -> bool:
    """Whether the roles that only a known kind fills are filled so: a search goes on, a speaker says on."""
    if not frame.kinds:
        return True
    kinds = {word for row in frame.same for word in row}
    for role, filler in use.roles:
        known = cast.entities.get(filler)
        is_event = known is not None and known.type is EntityType.EVENT
        if role in frame.kinds and not is_event and kinds.isdisjoint(filler.casefold().split()):
            return False
    return True
