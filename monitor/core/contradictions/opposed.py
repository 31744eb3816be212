"""Two things said of one subject that cannot both be so: 'the gates were locked' against 'the gates stood
open', 'every diver was paid' against 'two divers were not paid'.

What each says is read off the tree when the claims are made (claims/facts.py); here the facts are compared.
"""

from __future__ import annotations

from monitor.core.contradictions.juxtaposed import neighbours
from monitor.core.contradictions.pairs import Finding, says_something, shown, whether
from monitor.core.contradictions.subjects import Frames, other_time
from monitor.core.contradictions.unlike import other_place, other_when, told_apart, topics_of
from monitor.core.facts import IT, NOTHING, OF_SPEAKER, STATE_MARK, Fact, facts_of, kinds_met
from monitor.core.opposites import rows
from monitor.core.types import Claim, ContradictionKind, Grade, Relation

# What may be one thing today and another tomorrow: further apart than this, a later word replaces an earlier.
_CHANGES_AFTER_S = 12 * 3_600


# Shares of which what one says leaves no room for the other.
_WHOLE = ({"the"}, {"these"}, {"the", "these"}, {"these", "some"})


def compare_opposed(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where one fact of each is about one subject and one aspect, and only one can hold."""
    if not (says_something(a) and says_something(b)) or a.hedged or b.hedged:
        return None
    left, right = facts_of(a), facts_of(b)
    if not left or not right:
        return None
    met, beside = kinds_met(a, b, STATE_MARK), neighbours(a, b)
    for x in left:
        for y in right:
            one = x.subject in met if x.subject == y.subject else beside and _points_back(a, b, x, y)
            if (
                one
                and _opposed(x, y)
                and _one_subject(a, b, x, y)
                and _one_setting(a, b, x, y)
                and _one_moment(a, b, x, y)
            ):
                return _finding(a, b, x, y, met.get(x.subject, ""))
    return None


def _points_back(a: Claim, b: Claim, x: Fact, y: Fact) -> bool:
    """Whether the one that stands second says "it" of what the first names."""
    second = y if a.setting is None or b.setting is None or a.setting.place <= b.setting.place else x
    return second.subject == IT and x.aspect in rows() and x.subject != y.subject


def _opposed(x: Fact, y: Fact) -> bool:
    if x.aspect != y.aspect or x.aspect == NOTHING or x.holds == y.holds:
        return False
    shares = {x.share, y.share}
    if IT in {x.subject, y.subject}:
        return "some" not in shares
    return "all" in shares or shares in _WHOLE


def _one_subject(a: Claim, b: Claim, x: Fact, y: Fact) -> bool:
    """Whether both are said of one and the same, as far as what it is called by tells."""
    known = topics_of(a) & topics_of(b)
    left, right = x.kinds | x.whose - {OF_SPEAKER}, y.kinds | y.whose - {OF_SPEAKER}
    if "all" in {x.share, y.share}:
        # What all of a kind are, one of the kind is: "all gates", "the north gate".
        every, one = (x, y) if x.share == "all" else (y, x)
        bound = (every.kinds | every.whose) - known - {OF_SPEAKER}
        return bound <= one.kinds | one.whose or (
            not one.kinds and not told_apart(x, y) and _theirs(one, known)
        )
    if told_apart(x, y):
        return False
    if "some" in {x.share, y.share}:
        some, these = (left, right) if x.share == "some" else (right, left)
        return some - known <= these
    if left and right:
        return left - known <= right or right - known <= left
    # "The women's match" is not "the match", unless the reports are all about it.
    return _theirs(x, known) and _theirs(y, known)


def _theirs(fact: Fact, known: frozenset[str]) -> bool:
    """Whether whose it is says no more than what both reports are about."""
    return not fact.whose or bool(fact.whose & (known | {OF_SPEAKER}))


def _one_setting(a: Claim, b: Claim, x: Fact, y: Fact) -> bool:
    """Whether what else their clauses say is of one thing; words of the table say most themselves."""
    row = rows().get(x.aspect)
    if row is not None and not row.by_period:
        return True
    known = topics_of(a) & topics_of(b)
    left, right = ({w for w in f.around if w not in known} for f in (x, y))
    if "all" in {x.share, y.share}:
        every, one = (left, right) if x.share == "all" else (right, left)
        return every <= one
    return left <= right or right <= left


def _one_moment(a: Claim, b: Claim, x: Fact, y: Fact) -> bool:
    if other_time(a, b) or other_when(a, b) or other_place(a, b):
        return False
    row = rows().get(x.aspect)
    if row is not None and not row.changes:
        return True
    now = ({"present", "perfect"} & {x.tense}, {"present", "perfect"} & {y.tense})
    return not (x.tense and y.tense) or bool(now[0]) == bool(now[1])


def _finding(a: Claim, b: Claim, x: Fact, y: Fact, met_by: str) -> Finding:
    row = rows().get(x.aspect)
    changes = row is None or row.changes
    apart = abs((b.said_at - a.said_at).total_seconds())
    strong = "all" in (x.share, y.share) or not changes
    return Finding(
        kind=ContradictionKind.DENIAL,
        grade=Grade.STRONG if strong else Grade.MEDIUM,
        score=0.8 if strong else 0.7,
        reason=f"{a.speaker.name} says {shown(a)}, {b.speaker.name} says {shown(b)}: “{x.said}” against "
        f"“{y.said}”.",
        about=f"{x.aspect}|{met_by}" if met_by else "",
        disputed=whether(a if x.holds else b),
        relation=Relation.UPDATE if changes and apart > _CHANGES_AFTER_S else Relation.CONTRADICTION,
    )
