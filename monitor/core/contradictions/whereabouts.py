"""Where somebody is: abroad, or at home; at the base that night, or in the village."""

from __future__ import annotations

from datetime import timedelta

from monitor.core.contradictions.pairs import Finding, grade_for, shown
from monitor.core.contradictions.subjects import Frames
from monitor.core.contradictions.things import Same, is_named, same_thing, story_of, told_of
from monitor.core.types import Claim, ClaimTime, ContradictionKind, EntityType, Frame, FrameUse, Grade
from monitor.core.wording import PLACE_MARK, word_set

# People move: what is said later than this is said of later.
_MOVES_AFTER = timedelta(hours=36)
_ENOUGH_STORY = 2
_DAY = timedelta(days=1)
_ABROAD = word_set("country страна abroad")
_AT_HOME = word_set(
    """
    home kitchen flat apartment house garden bed desk village country
    дом кухня квартира сад страна деревня
    """
)


def compare_whereabouts(
    a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames, *, sure: bool = True
) -> Finding | None:
    """A finding where both say where one person is, and it cannot be both; `sure`: said in so many words."""
    if story_of(a, b, frame, known) < _ENOUGH_STORY or abs(a.said_at - b.said_at) > _MOVES_AFTER:
        return None
    left, right = told_of(a, x, ("who",)), told_of(b, y, ("who",))
    same = same_thing(left, right, frame, known)
    if not any(is_named(f, known) for f in left | right):
        return None
    if same is not Same.NAME and not (same is Same.PERHAPS and left | right and _may_be(a, b, left, right)):
        return None
    clash = _abroad_or_not(a, b, x, y, known) or _left_or_there(a, b, x, y, known)
    if not clash:
        clash = _two_places_at_once(a, b, x, y, known)
    if clash and not sure:
        clash = "medium"
    return _finding(a, b, x, left | right, known, clash, same) if clash else None


def _may_be(a: Claim, b: Claim, left: frozenset[str], right: frozenset[str]) -> bool:
    """'She is at home' beside 'Ana Ruiz has left': she is whoever their one article is about."""
    return a.version_id == b.version_id and (not left or not right)


def _fillers(use: FrameUse, role: str) -> frozenset[str]:
    return frozenset(f for r, f in use.roles if r == role)


def _is_abroad(use: FrameUse) -> bool:
    if "abroad" in _fillers(use, "state"):
        return use.affirmed
    # "Has left the country": out of it.
    return not use.affirmed and bool(_fillers(use, "place") & _ABROAD)


def _is_in_the_country(use: FrameUse) -> bool:
    if "abroad" in _fillers(use, "state"):
        return not use.affirmed
    if not use.affirmed:
        return False
    return "home" in _fillers(use, "state") or bool(_fillers(use, "place") & _ABROAD)


def _abroad_or_not(a: Claim, b: Claim, x: FrameUse, y: FrameUse, known: Frames) -> str:
    for (out, there), (_, here) in (((a, x), (b, y)), ((b, y), (a, x))):
        if not _is_abroad(there):
            continue
        inside = _is_in_the_country(here) or _is_near_home(a, b, here, known)
        # "Was abroad last week" says nothing of today.
        if inside and not (out.times and _old(out)):
            return "strong"
    return ""


def _is_near_home(a: Claim, b: Claim, here: FrameUse, known: Frames) -> bool:
    """In a kitchen, or in the town that both articles are about."""
    if not here.affirmed:
        return False
    places = {w.casefold() for f in _fillers(here, "place") for w in f.split()}
    shared = {k.rpartition("|")[2].removeprefix(PLACE_MARK) for k in set(a.keys) & set(b.keys)}
    towns = {s for s in shared if s in places}
    domestic = {p for p in towns if p not in known.entities or known.entities[p].type is EntityType.PLACE}
    return bool(places & _AT_HOME or domestic)


def _old(claim: Claim) -> bool:
    return all(
        claim.said_at.replace(tzinfo=None) - t.ends_at.replace(tzinfo=None) > 4 * _DAY for t in claim.times
    )


def _left_or_there(a: Claim, b: Claim, x: FrameUse, y: FrameUse, known: Frames) -> str:
    """ "Never left the base", "has left the base": one place, yes and no."""
    if x.affirmed == y.affirmed or a.times or b.times:
        return ""
    left, right = _named(a, x, known) - _ABROAD, _named(b, y, known) - _ABROAD
    return "medium" if any(p.casefold() == q.casefold() for p in left for q in right) else ""


def _two_places_at_once(a: Claim, b: Claim, x: FrameUse, y: FrameUse, known: Frames) -> str:
    """Two places at one time that both name."""
    if not (x.affirmed and y.affirmed) or not any(_one_time(p, q) for p in a.times for q in b.times):
        return ""
    left, right = _named(a, x, known), _named(b, y, known)
    if not left or not right or any(_within(p, q, known) for p in left for q in right):
        return ""
    return "medium"


def _one_time(p: ClaimTime, q: ClaimTime) -> bool:
    """Hours that meet, and no whole day: in a day one can be in two places."""
    if max(p.ends_at - p.begins_at, q.ends_at - q.begins_at) >= _DAY:
        return False
    return p.meets(q)


def _named(claim: Claim, use: FrameUse, known: Frames) -> frozenset[str]:
    """The places of a use that have a name: entities, and what is written large."""
    words = {w.casefold() for f in _fillers(use, "place") for w in f.split()}
    told = (p.entity or p.name for p in claim.places if p.relation in {"in", "at"})
    return frozenset(
        n for n in told if n[:1].isupper() or n in known.entities if set(n.casefold().split()) <= words
    )


def _within(p: str, q: str, known: Frames) -> bool:
    """One may lie in the other, as far as anybody knows."""
    one, other = known.entities.get(p), known.entities.get(q)
    if one is not None and other is not None:
        return one.id == other.id or not one.side or one.side == other.side
    if one is not None or other is not None:
        return True
    return bool(set(p.casefold().split()) & set(q.casefold().split()))


def _finding(
    a: Claim, b: Claim, x: FrameUse, who: frozenset[str], known: Frames, clash: str, same: Same
) -> Finding:
    grade, score = grade_for(a, b)
    if grade is Grade.STRONG and (clash != "strong" or same is not Same.NAME):
        grade, score = Grade.MEDIUM, 0.7
    name = known.names(frozenset({min(who, key=lambda f: (len(f), f))}))
    return Finding(
        kind=ContradictionKind.PLACE,
        grade=grade,
        score=score,
        reason=f"On where {name} is, {a.speaker.name} says {shown(a)}, {b.speaker.name} says {shown(b)}.",
        about=f"{x.frame}|{name.casefold()}",
        disputed=f"where {name} is",
    )
