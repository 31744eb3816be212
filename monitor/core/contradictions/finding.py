"""Pairs that may conflict, each through all comparators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING

from monitor.core.contradictions.answered import compare_answered, within_reach
from monitor.core.contradictions.camps import one_voice
from monitor.core.contradictions.candidates import Voice, following, scope_of, sharing_a_key, with_no_key
from monitor.core.contradictions.counters import in_own_words, only_points
from monitor.core.contradictions.denial import compare_denial
from monitor.core.contradictions.figures import compare_figures
from monitor.core.contradictions.hours import compare_hours
from monitor.core.contradictions.juxtaposed import compare_juxtaposed
from monitor.core.contradictions.likeness import Likeness
from monitor.core.contradictions.nothing import compare_nothing
from monitor.core.contradictions.numeric import compare_numbers
from monitor.core.contradictions.opposed import compare_opposed
from monitor.core.contradictions.pairs import Comparator, Finding, shown
from monitor.core.contradictions.places import compare_places
from monitor.core.contradictions.polarity import compare_polarity
from monitor.core.contradictions.rebuttal import compare_rebuttal
from monitor.core.contradictions.responsibility import compare_rivals
from monitor.core.contradictions.subjects import Frames
from monitor.core.contradictions.timings import compare_times
from monitor.core.contradictions.turned import compare_turned
from monitor.core.contradictions.withdrawn import compare_withdrawn
from monitor.core.types import (
    Claim,
    Contradiction,
    ContradictionKind,
    Grade,
    PriorClaim,
    Relation,
    Scope,
    ThreadedClaim,
)

if TYPE_CHECKING:  # only its shape is needed
    from monitor.core.rules import RuleSet

#: Changes whenever the same claims could give other contradictions.
COMPARATORS_VERSION = "13"

#: Asked in this order; the first finding decides.
COMPARATORS: dict[str, Comparator] = {
    # First: what the report itself sets against its speaker's earlier word is no quarrel of two.
    "turned": compare_turned,
    "withdrawn": compare_withdrawn,
    "place": compare_places,
    "time": compare_times,
    "denial": compare_denial,
    "responsibility": compare_rivals,
    "rebuttal": compare_rebuttal,
    "numeric": compare_numbers,
    "polarity": compare_polarity,
    "opposed": compare_opposed,
    "nothing": compare_nothing,
    "figures": compare_figures,
    "hours": compare_hours,
    "juxtaposed": compare_juxtaposed,
    "answered": compare_answered,
}
# One speaker who names another one, another place or time later corrects himself or adds to it.
_OF_TWO_SPEAKERS = frozenset({"responsibility", "place", "time"})
# Where they stand is most of the evidence: in a report without another conflict they are told from here on.
_BY_PLACE = frozenset({"juxtaposed", "answered"})
_ALONE = 0.8
_CONFLICT = Relation.CONTRADICTION
# Within one article a speaker hardly contradicts himself: more often we misread him. Only these may say so.
_WITHIN_ONE_SPEECH = ("turned", "withdrawn")


def find_contradictions(
    claims: Sequence[ThreadedClaim],
    prior: Sequence[PriorClaim],
    rules: RuleSet,
    likeness: Likeness | None = None,
    one_story: frozenset[int] = frozenset(),
) -> tuple[Contradiction, ...]:
    """What these claims contradict, among themselves and in the ledger; best first.

    `likeness` is what an embedding model says of the claims (None: there is none); `one_story` has the ids of
    the articles that tell of the event of these claims, their own among them (empty: not known).
    One pair for each two threads and origin: forty copies of one text make one contradiction.
    """
    known = Frames({f.id: f for f in rules.frames}, rules.entities, likeness or Likeness(), one_story)
    best: dict[tuple[str, ...], Contradiction] = {}
    announced: set[tuple[str, str]] = set()
    here = tuple(one.claim for one in claims)
    standing_near = with_no_key(claims, chain(following(here), within_reach(here)))
    for left, right in chain(sharing_a_key(claims, prior), standing_near):
        if left.claim.said_at > right.claim.said_at:
            left, right = right, left
        scope = scope_of(left.claim, right.claim)
        if scope is None or left.thread == right.thread:
            continue
        one_speech = scope is Scope.SELF and left.claim.article_id == right.claim.article_id
        found = _first_finding(
            left.claim, right.claim, known, _WITHIN_ONE_SPEECH if one_speech else COMPARATORS
        )
        if found is None:
            continue
        name, finding = found
        if scope in {Scope.SELF, Scope.REVISION} and name in _OF_TWO_SPEAKERS:
            continue
        left, right, goes_on = _in_own_words(left, right, claims, name)
        if _is_bare_elsewhere(left.claim, right.claim):
            continue
        finding = replace(finding, reason=finding.reason + goes_on)
        if not finding.about:
            finding = replace(finding, about="|".join(sorted((left.thread, right.thread))))
        if _are_same_words(left.claim, right.claim):
            # "The port and the guild say that…", read as if one denied it: no more than one side is shown.
            finding = replace(finding, grade=Grade.SOFT)
        if finding.later_first:
            left, right = right, left
        pair = _contradiction(left.claim, right.claim, scope, name, finding)
        if finding.announced:
            announced.add((pair.left, pair.right))
        place = (*sorted((left.thread, right.thread)), left.origin or right.origin)
        if place not in best or pair.score > best[place].score:
            best[place] = pair
    told = _with_company(tuple(best.values()), announced)
    return tuple(sorted(told, key=lambda c: (-c.score, c.left, c.right)))


def _are_same_words(a: Claim, b: Claim) -> bool:
    """Whether two claims stand on the same words of one text."""
    return (a.version_id, a.field, a.start, a.end) == (b.version_id, b.field, b.start, b.end)


def _is_bare_elsewhere(a: Claim, b: Claim) -> bool:
    """Whether one only says that something is denied, and the other stands in another article: what its
    speaker says there in their own words is compared by itself.
    """
    return a.version_id != b.version_id and (only_points(a) or only_points(b))


def _in_own_words(
    left: Voice, right: Voice, claims: Sequence[ThreadedClaim], comparator: str
) -> tuple[Voice, Voice, str]:
    """The two voices, a bare denial or charge in the judged article replaced by what its speaker says next,
    and that in words; empty: nothing was replaced.
    """
    shown_instead, goes_on = [left, right], ""
    for n, bare in enumerate((left, right)):
        other = shown_instead[1 - n].claim
        # "Not there": what stands behind may be about who rather than where.
        against = other if comparator in {"place", "time"} else None
        own = in_own_words(bare.claim, (one.claim for one in claims), against)
        if own is not None and not one_voice(own, other):
            thread = next(one.thread for one in claims if one.claim is own)
            shown_instead[n] = Voice(claim=own, thread=thread, origin=bare.origin)
            goes_on += f" The report has {shown(bare.claim)}, and goes on with {shown(own)}."
    return shown_instead[0], shown_instead[1], goes_on


def _with_company(
    found: Sequence[Contradiction], announced: Collection[tuple[str, str]]
) -> Iterator[Contradiction]:
    """The pairs, those that stand near each other softened where nothing else in the article is disputed and
    the report does not announce another account.

    In a report full of conflicts most voices side by side are rivals; in ordinary news hardly any are.
    """
    told = {one.group for one in found if one.grade is not Grade.SOFT and one.relation is _CONFLICT}
    for one in found:
        alone = one.comparator in _BY_PLACE and one.score < _ALONE and not told - {one.group}
        soft = alone and (one.left, one.right) not in announced
        yield replace(one, grade=Grade.SOFT) if soft else one


def _first_finding(
    a: Claim, b: Claim, known: Frames, comparators: Iterable[str]
) -> tuple[str, Finding] | None:
    for name in comparators:
        finding = COMPARATORS[name](a, b, known)
        if finding is not None:
            return name, finding
    return None


def _contradiction(a: Claim, b: Claim, scope: Scope, comparator: str, finding: Finding) -> Contradiction:
    kind, reason = finding.kind, finding.reason
    if (
        scope is Scope.SELF
        and kind is ContradictionKind.DENIAL
        and finding.relation is Relation.CONTRADICTION
    ):
        kind = ContradictionKind.REVERSAL
        reason = (
            f"{b.speaker.name} now says otherwise, on {finding.disputed}: “{a.quote}”, later “{b.quote}”."
        )
    return Contradiction(
        left=a.fingerprint,
        right=b.fingerprint,
        kind=kind,
        scope=scope,
        relation=finding.relation,
        grade=finding.grade,
        score=round(finding.score, 3),
        reason=reason,
        comparator=comparator,
        group=blake2b(finding.about.encode(), digest_size=12).hexdigest(),
        disputed=finding.disputed,
    )
