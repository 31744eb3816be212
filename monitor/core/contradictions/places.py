"""Two places for one thing: where the robbers fled to, where the rocket came from, where the ship went down.

Places are told apart by the gazetteer: a city lies in its country, and two countries are two places. Names
that nobody knows may lie in one another, so they count for less, and "the border" or "abroad" is anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from monitor.core.contradictions.pairs import Finding, grade_for, says_something, shown
from monitor.core.contradictions.subjects import Frames, other_time
from monitor.core.contradictions.things import (
    ONE_ARTICLE,
    Same,
    countries_of,
    is_another,
    is_named,
    kinds_of,
    same_thing,
    story_of,
    told_of,
)
from monitor.core.contradictions.timings import one_happening
from monitor.core.contradictions.whereabouts import compare_whereabouts
from monitor.core.types import Claim, ContradictionKind, EntityType, Frame, FrameUse, Grade, Stance
from monitor.core.wording import AWAY, word_set

_REPORTS_APART = timedelta(days=10)
# Of many, some go here and some there; money and arms come from everywhere.
_MAY_PART = frozenset({"refugee", "people", "army", "rebel", "money", "weapon"})
_ENOUGH_STORY = 3
_ENOUGH_FOR_NAMES = 2
_VAGUE = word_set(
    """
    border abroad country capital city town village north south east west coast home world region province
    area frontier direction side sea water river front street place
    граница страна столица город село север юг восток запад берег дом мир регион область море река
    """
)
_ENGLISH = {"север": "north", "юг": "south", "восток": "east", "запад": "west"}
# Point of the compass → the one across, in English.
_OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}
_OPPOSITE |= {ru: _OPPOSITE[en] for ru, en in _ENGLISH.items()}
# First here, then there: each account may leave out the other half.
_IN_TURN = re.compile(
    r"(?i)\b(?:initially|at first|first|originally|before (?:turning|changing|heading|going)|then|later|"
    r"afterwards|сначала|сперва|первоначально|поначалу|затем|потом|позже)\b"
)
_STAYS = ("in", "at", "near", "off", "outside", "over", "under", "behind")


# Distances are guessed, and a bearing may be left out.
_MANY_TIMES = 2


class Apart(IntEnum):
    """How surely two places are two."""

    NO = 0
    # Two names, neither of them known.
    PERHAPS = 1
    # In two countries.
    FAR = 2


def compare_places(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where both place one thing, and it cannot have been in both places."""
    if not (says_something(a) and says_something(b)) or other_time(a, b) or (a.hedged and b.hedged):
        return None
    for x in a.frames:
        for y in b.frames:
            frame = known.frames.get(x.frame)
            if frame is not None and x.frame != y.frame:
                finding = _fled(a, b, x, y, known)
                if finding is not None:
                    return finding
            if frame is None or x.frame != y.frame:
                continue
            finding = None
            if "where" in frame.roles:
                finding = _scenes(a, b, x, y, frame, known)
            elif "state" in frame.roles:
                finding = compare_whereabouts(a, b, x, y, frame, known)
            elif frame.kind is ContradictionKind.PLACE and frame.exclusive:
                finding = _ways(a, b, x, y, frame, known)
            if finding is not None:
                return finding
    return None


# ---------------------------------------------------------------- where it went, where it came from


def _ways(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> Finding | None:
    left, right = _ends(a, x, frame, known), _ends(b, y, frame, known)
    if not (left and right) and x.affirmed and y.affirmed and _opposite_ways(x, y, frame):
        left, right = frozenset(_points(x, frame)), frozenset(_points(y, frame))
    if not left or not right or not (x.affirmed or y.affirmed):
        return None
    if x.affirmed != y.affirmed:
        # "Not to Hungary" leaves open where to; "to Hungary and Austria" is more than was denied.
        apart = Apart.FAR if any(_one_place(p, q, known) for p in left for q in right) else Apart.NO
    else:
        apart = min(places_apart(p, q, known) for p in left for q in right)
        if left | right <= _OPPOSITE.keys():
            apart = Apart.FAR
    if apart is Apart.NO:
        return None
    sure = _one_mover(a, b, x, y, frame, known)
    if sure is Same.NO or (apart is Apart.PERHAPS and sure is Same.PERHAPS):
        return None
    return _finding(a, b, frame, known, (left, right), x.affirmed == y.affirmed, apart, sure, x, y)


def _ends(claim: Claim, use: FrameUse, frame: Frame, known: Frames) -> frozenset[str]:
    """The places that the use names, as entities or names; empty where one of them is anywhere."""
    found = set()
    for filler in (f for r, f in use.roles if r in frame.exclusive):
        words = [
            w for w in filler.split() if known.entities.get(w) and known.entities[w].type is EntityType.PLACE
        ]
        if words:
            found.update(words)
        elif filler in known.entities or not filler[:1].isupper() or filler.casefold() in _VAGUE:
            return frozenset()
        elif not _is_only_where(claim, filler):
            found.add(filler)
    if any(_is_only_where(claim, f) for f in found):
        return frozenset()
    return frozenset(found)


def _points(use: FrameUse, frame: Frame) -> set[str]:
    """The points of the compass that the use names."""
    return {f.casefold() for r, f in use.roles if r in frame.exclusive} & _OPPOSITE.keys()


def _opposite_ways(x: FrameUse, y: FrameUse, frame: Frame) -> bool:
    """Each names one point of the compass, and they are opposite: east and south may be south-east."""
    here, there = _points(x, frame), _points(y, frame)
    return len(here) == len(there) == 1 and {_OPPOSITE[p] for p in here} == {
        _ENGLISH.get(p, p) for p in there
    }


def _is_only_where(claim: Claim, filler: str) -> bool:
    """The words say that it was there, and not to or from it: 'fled from the jail in Norvik'."""
    relations = {p.relation for p in claim.places if filler in {p.entity, p.name}}
    return bool(relations) and relations <= {"in", "at", "near"}


def places_apart(p: str, q: str, known: Frames) -> Apart:
    one, other = known.entities.get(p), known.entities.get(q)
    if one is not None and other is not None:
        both = one.type is EntityType.PLACE and other.type is EntityType.PLACE
        return Apart.FAR if both and one.side and other.side and one.side != other.side else Apart.NO
    if one is not None or other is not None:
        return Apart.NO
    left, right = set(p.casefold().split()), set(q.casefold().split())
    return Apart.NO if left & right or (left | right) & _VAGUE else Apart.PERHAPS


def _one_place(p: str, q: str, known: Frames) -> bool:
    return p.casefold() == q.casefold()


def _one_mover(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> Same:
    """How surely one thing moves in both: once, and in one story."""
    story = story_of(a, b, frame, known)
    if not story or abs(a.said_at - b.said_at) > _REPORTS_APART or _other_days(a, b):
        return Same.NO
    roles = tuple(r for r in known.disputed_roles(frame))
    left, right = told_of(a, x, roles), told_of(b, y, roles)
    same = same_thing(left, right, frame, known)
    kinds = kinds_of(left | right, frame)
    if is_another(a, b) and same is not Same.NAME:
        return Same.NO
    if kinds & _MAY_PART and x.affirmed == y.affirmed and not kinds & {"attacker"}:
        return Same.NO
    if same is Same.NAME and story >= _ENOUGH_FOR_NAMES:
        # People travel a lot; they flee once.
        once = all(("manner", "flight") in use.roles for use in (x, y)) or x.affirmed != y.affirmed
        return Same.NAME if once or frame.id == "origin" else Same.NO
    # Men on the run are rare: two names are story enough, or two countries.
    story += "attacker" in kinds and countries_of(a, b, frame, known)
    if same is Same.NO or story < (_ENOUGH_FOR_NAMES if "attacker" in kinds else _ENOUGH_STORY):
        return Same.NO
    if same is Same.PERHAPS and not (
        story == ONE_ARTICLE or kinds & {"attacker"} or x.affirmed != y.affirmed
    ):
        return Same.NO
    if same is Same.PERHAPS and any(is_named(f, known) for f in left | right):
        return Same.NO
    if same is Same.KIND and not kinds and story < ONE_ARTICLE:
        # Grain came from here, and grain came from there.
        return Same.NO
    return same


def _other_days(a: Claim, b: Claim) -> bool:
    """Each names days, and none in common: another journey."""
    return bool(a.times and b.times) and not any(
        p.begins_at - timedelta(days=1) < q.ends_at and q.begins_at < p.ends_at + timedelta(days=1)
        for p in a.times
        for q in b.times
    )


def _finding(
    a: Claim,
    b: Claim,
    frame: Frame,
    known: Frames,
    ends: tuple[frozenset[str], frozenset[str]],
    rival: bool,
    apart: Apart,
    sure: Same,
    x: FrameUse,
    y: FrameUse,
) -> Finding:
    grade, score = grade_for(a, b)
    in_turn = [claim for claim in (a, b) if _IN_TURN.search(claim.quote)]
    if grade is Grade.STRONG and (apart is Apart.PERHAPS or sure is Same.PERHAPS or (rival and in_turn)):
        grade, score = Grade.MEDIUM, 0.7
    if rival and any(_tells_both(claim, ends, known) for claim in in_turn):
        grade, score = Grade.SOFT, 0.4
    roles = known.disputed_roles(frame)
    movers = told_of(a, x, roles) or told_of(b, y, roles)
    shortest = min(movers, key=lambda f: (len(f), f), default="")
    thing = known.names(frozenset({shortest})) if shortest else "they"
    if thing[:1].islower() and thing != "they":
        thing = f"the {thing}"
    disputed = frame.question.format_map(dict.fromkeys(roles, thing))
    if rival:
        reason = f"On {disputed}, {a.speaker.name} names {known.names(ends[0])}, {b.speaker.name} names "
        reason += f"{known.names(ends[1])}: {shown(a)}, {shown(b)}."
    else:
        yes, no = (a, b) if x.affirmed else (b, a)
        named = known.names(ends[0] if x.affirmed else ends[1])
        reason = f"On {disputed}, {yes.speaker.name} names {named}, {no.speaker.name} says not there: "
        reason += f"{shown(yes)}, {shown(no)}."
    kind = min(kinds_of(movers, frame), default=shortest.casefold())
    topic = known.shared_topics(a, b, frame)[:1]
    return Finding(
        kind=ContradictionKind.PLACE,
        grade=grade,
        score=score,
        reason=reason,
        about="|".join((frame.id, kind, *topic)),
        disputed=disputed,
    )


def _tells_both(claim: Claim, ends: tuple[frozenset[str], frozenset[str]], known: Frames) -> bool:
    """Whether a claim that tells one thing after another goes to both places itself."""
    names = {p.entity or p.name for p in claim.places}
    return all(names & side for side in ends)


def _fled(a: Claim, b: Claim, x: FrameUse, y: FrameUse, known: Frames) -> Finding | None:
    """Who fled somewhere is not at home: 'fled to Norvik' against 'has not left the country'."""
    for here, there in ((x, y), (y, x)):
        frame, other = known.frames.get(here.frame), known.frames.get(there.frame)
        if (
            frame is None
            or other is None
            or "state" not in other.roles
            or ("manner", "flight") not in here.roles
        ):
            continue
        who = tuple(("who", f) for r, f in here.roles if r in known.disputed_roles(frame))
        to = tuple(("place", f) for r, f in here.roles if r in frame.exclusive and f[:1].isupper())
        abroad = any(f in known.entities for r, f in here.roles if r in frame.exclusive)
        if not who or not (to or abroad) or not here.affirmed:
            continue
        gone = FrameUse(frame=there.frame, affirmed=True, roles=(*who, *to, ("state", "abroad")))
        left, right = (gone, there) if here is x else (there, gone)
        # Where somebody fled to may lie in the country.
        return compare_whereabouts(a, b, left, right, other, known, sure=False)
    return None


# ---------------------------------------------------------------- where it happened


def _scenes(a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame, known: Frames) -> Finding | None:
    """One phase of one thing, at two places: far from each other, or far from the same."""
    here, there = _scene(x), _scene(y)
    if not here or not there or not (x.affirmed and y.affirmed) or Stance.DENY in {a.stance, b.stance}:
        return None
    apart = min((places_apart(p, q, known) for p in here.names for q in there.names), default=Apart.NO)
    if apart is not Apart.FAR and not _other_distance(here, there):
        return None
    bare = tuple(_without_where(use) for use in (x, y))
    if _other_days(a, b) or not one_happening(a, b, bare[0], bare[1], frame, known):
        return None
    grade, score = grade_for(a, b)
    if grade is Grade.STRONG:
        grade, score = Grade.MEDIUM, 0.7
    phase = min(f for r, f in x.roles if r == "phase")
    thing = min((f for r, f in x.roles if r == "thing"), key=len, default="")
    disputed = f"where it was: {known.names(frozenset({thing})) + ', ' if thing else ''}{phase}"
    return Finding(
        kind=ContradictionKind.PLACE,
        grade=grade,
        score=score,
        reason=f"On {disputed}, {a.speaker.name} says {shown(a)}, {b.speaker.name} says {shown(b)}.",
        about=f"{frame.id}|where|{phase}|{'|'.join(known.shared_topics(a, b, frame)[:1])}",
        disputed=disputed,
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where something was: names, and how many metres from them."""

    names: frozenset[str]
    metres: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.names or self.metres)


def _scene(use: FrameUse) -> _Scene:
    told = [f.split(" ", 1) for r, f in use.roles if r == "where" and " " in f]
    return _Scene(
        names=frozenset(name for how, name in told if how in _STAYS or how.endswith("_of")),
        metres=frozenset(int(metres) for how, metres in told if how == AWAY),
    )


def _other_distance(here: _Scene, there: _Scene) -> bool:
    """One distance each, from the same place, and the one many times the other."""
    if len(here.metres) != 1 or len(there.metres) != 1:
        return False
    if here.names and there.names and not _meet(here.names, there.names):
        return False
    near, far = sorted((*here.metres, *there.metres))
    return near > 0 and far >= _MANY_TIMES * near


def _meet(here: frozenset[str], there: frozenset[str]) -> bool:
    return any(set(p.casefold().split()) & set(q.casefold().split()) for p in here for q in there)


def _without_where(use: FrameUse) -> FrameUse:
    roles = tuple((r, f) for r, f in use.roles if r != "where")
    return FrameUse(frame=use.frame, affirmed=use.affirmed, roles=roles)
