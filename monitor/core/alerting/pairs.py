"""Alerts on two claims: contradictions, reversals, revisions, updates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.alerting.asking import (
    Request,
    Rules,
    by_origins,
    fingerprint,
    known_rules,
    labels,
    plain_fingerprint,
    request,
)
from monitor.core.alerting.headlines import pair_headline
from monitor.core.alerting.lifecycle import REOPENS, reopening
from monitor.core.alerting.standing import Said, ToldAlert
from monitor.core.terminal import clean
from monitor.core.types import (
    Alert,
    AlertKind,
    Article,
    Claim,
    Contradiction,
    ContradictionKind,
    Grade,
    Relation,
    Rule,
    Scope,
)

_GRADES = {Grade.STRONG: 2, Grade.MEDIUM: 1}
#: The distance between tellings stops growing after so many.
MOST_DOUBLINGS = 10
#: The label that counts how often a conflict was told of again.
AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One claim as an alert shows it."""

    claim: Claim
    publisher: str
    thread: str
    # Its thread was opened by the article that is being judged.
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairKind:
    """One kind of alert on two claims."""

    fits: Callable[[Contradiction], bool]
    # One alert for each of these.
    subject: Callable[[Contradiction, Side], str]
    # Each side has to have the rule's `min_origins`. An edit is one outlet's doing, and never has.
    waits: bool = True


def _each_later_claim(found: Contradiction, right: Side) -> str:
    return f"{found.group}:{right.thread}"


#: Of the kinds that fit, a rule gets the first that it asks for: a reversal is a contradiction too,
#: told as one to whoever does not ask for reversals.
PAIR_KINDS: Mapping[AlertKind, PairKind] = {
    AlertKind.REVISION: PairKind(
        fits=lambda found: found.scope is Scope.REVISION, subject=_each_later_claim, waits=False
    ),
    AlertKind.REVERSAL: PairKind(
        fits=lambda found: (
            found.relation is Relation.CONTRADICTION
            and (found.scope is Scope.SELF or found.kind is ContradictionKind.REVERSAL)
        ),
        subject=_each_later_claim,
    ),
    AlertKind.UPDATE: PairKind(
        fits=lambda found: found.relation is Relation.UPDATE, subject=_each_later_claim
    ),
    AlertKind.CONTRADICTION: PairKind(
        fits=lambda found: found.relation is Relation.CONTRADICTION, subject=lambda found, _: found.group
    ),
}


def pair_alerts(
    article: Article,
    contradictions: Sequence[Contradiction],
    sides: Mapping[str, Side],
    said: Said,
    rules: Rules,
    now: datetime,
) -> list[Alert]:
    """Of each fingerprint the one about its best pair, in the order of the pairs."""
    best: dict[str, tuple[tuple[int, float, datetime], Alert]] = {}
    for found in contradictions:
        left, right = sides.get(found.left), sides.get(found.right)
        if left is None or right is None or found.grade not in _GRADES:
            continue
        # Of several earlier values the last one is what an update replaces.
        rank = (_GRADES[found.grade], found.score, left.claim.said_at)
        for alert in _alerts_of_pair(found, left, right, said, article, rules, now):
            if alert.fingerprint not in best or rank > best[alert.fingerprint][0]:
                best[alert.fingerprint] = (rank, alert)
    return [alert for _, alert in best.values()]


def kind_for(found: Contradiction, rule: Rule) -> AlertKind | None:
    """As what the rule wants to hear of this pair; None: not at all."""
    if found.score < rule.alert.min_score:
        return None
    fitting = (kind for kind, row in PAIR_KINDS.items() if kind in rule.alert.on and row.fits(found))
    return next(fitting, None)


def _alerts_of_pair(
    found: Contradiction,
    left: Side,
    right: Side,
    said: Said,
    article: Article,
    rules: Rules,
    now: datetime,
) -> Iterator[Alert]:
    matched = [*right.claim.rules, *left.claim.rules]
    for kind, row in PAIR_KINDS.items():
        subject = row.subject(found, right)
        asking = [
            rule
            for rule in known_rules([*matched, *_waiting_rules(kind, subject, said)], rules)
            if kind_for(found, rule) is kind
        ]
        for origins, some in by_origins(asking).items() if row.waits else [(1, asking)]:
            plain = plain_fingerprint(kind, subject, origins)
            waits = _lacking(said, (left.thread, right.thread), origins)
            asked = request(some, article, now, origins=origins, waits=waits)
            if asked is None:
                continue
            reopens = _reopening(kind, found, left, right, asked, said)
            if reopens:
                again = f"{plain}:{REOPENS}={said.standing.acknowledged[found.group].id}"
                yield _pair_alert(kind, again, found, left, right, asked, article, reopens=reopens)
                continue
            yield _pair_alert(kind, plain, found, left, right, asked, article)
            if kind is AlertKind.CONTRADICTION and not asked.suppressed and (left.is_new or right.is_new):
                yield from _again(plain, found, left, right, asked, said, article, now)


def _reopening(
    kind: AlertKind, found: Contradiction, left: Side, right: Side, asked: Request, said: Said
) -> str:
    """Why this pair reopens its acknowledged conflict, in words; empty: it does not, or it is none."""
    known = said.standing.acknowledged.get(found.group)
    if known is None or asked.suppressed is not None or not (left.is_new or right.is_new):
        return ""
    speakers = [side.claim.speaker.name for side in (left, right)]
    return reopening(known, kind, asked.severity, speakers)


def _waiting_rules(kind: AlertKind, subject: str, said: Said) -> Iterator[str]:
    """Rules that asked for this before, when too few had said it."""
    for waiting in said.standing.waiting:
        if waiting.alert.fingerprint == plain_fingerprint(kind, subject, waiting.origins):
            yield from waiting.alert.rules


def _lacking(said: Said, threads: Iterable[str], origins: int) -> str:
    """Why the alert has to wait, in words; empty: each thread has enough origins."""
    counts = [said.after(thread) if origins > 1 else 1 for thread in threads]
    return lacking(counts, origins)


def lacking(counts: Sequence[int], origins: int) -> str:
    """In words, that of these numbers of origins one is too small; empty: none is."""
    if min(counts) >= origins:
        return ""
    return f"{' and '.join(map(str, counts))} of {origins} independent origins"


def _pair_alert(
    kind: AlertKind,
    plain: str,
    found: Contradiction,
    left: Side,
    right: Side,
    asked: Request,
    article: Article,
    *,
    again: int = 0,
    not_before: datetime | None = None,
    reopens: str = "",
) -> Alert:
    return Alert(
        fingerprint=fingerprint(plain, asked.suppressed),
        kind=kind,
        severity=asked.severity,
        headline=pair_headline(found, left.claim, right.claim),
        rules=tuple(rule.id for rule in asked.rules),
        labels=labels(
            kind,
            asked,
            article,
            speaker=right.claim.speaker.name,
            entity=right.claim.speaker.entity,
            other_speaker=left.claim.speaker.name,
            other_publisher=left.publisher,
            conflict=found.kind,
            scope=found.scope,
            grade=found.grade,
            disputed=found.disputed,
            again=str(again) if again else "",
            reopens=reopens,
        ),
        claims=(found.left, found.right),
        reason=clean(found.reason),
        group=found.group,
        suppressed=asked.suppressed,
        detail=asked.detail,
        not_before=not_before,
    )


# ---------------------------------------------------------------- telling of a conflict again


def _again(
    plain: str,
    found: Contradiction,
    left: Side,
    right: Side,
    asked: Request,
    said: Said,
    article: Article,
    now: datetime,
) -> Iterator[Alert]:
    """What a new claim adds to a conflict that people know, for rules that want to hear of it again."""
    wanting = [rule for rule in asked.rules if rule.alert.repeat_every is not None]
    told = _times_told(plain, said.standing.told.get(found.group, ()))
    if not wanting or not told:
        return
    every = min(rule.alert.repeat_every for rule in wanting if rule.alert.repeat_every is not None)
    number, at = next_telling(told, every, now)
    listed = Request(rules=tuple(wanting), suppressed=None, origins=asked.origins)
    opened = right.thread if right.is_new else left.thread
    yield _pair_alert(
        AlertKind.CONTRADICTION,
        f"{plain}:{AGAIN}={number}:{opened}",
        found,
        left,
        right,
        listed,
        article,
        again=number,
        not_before=at,
    )


def _times_told(plain: str, told: Iterable[ToldAlert]) -> list[datetime]:
    """When the conflict was told of, first by the plain alert and then each time again; in that order."""
    times: dict[int, datetime] = {}
    prefix = f"{plain}:{AGAIN}="
    for one in told:
        if one.fingerprint == plain:
            times[0] = one.at
        elif one.fingerprint.startswith(prefix):
            number = int(one.fingerprint.removeprefix(prefix).partition(":")[0])
            times[number] = max(one.at, times.get(number, one.at))
    return [times[number] for number in sorted(times)]


def next_telling(told: Sequence[datetime], every: timedelta, now: datetime) -> tuple[int, datetime]:
    """Which time again it is to be told, and when: after `every`, then after twice as long, and so on.

    What is added while a telling is still to come joins it.
    """
    times = len(told) - 1
    if times and told[-1] > now:
        return times, told[-1]
    return times + 1, max(now, told[-1] + every * 2 ** min(times, MOST_DOUBLINGS))
