"""What is told, to whom, and what is only recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.alerting import (
    HEADLINE_LIMIT,
    plan_notifications,
    raise_alerts,
    tell_once,
)
from monitor.core.types import (
    Alert,
    AlertKind,
    AlertSettings,
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    Condition,
    Contradiction,
    ContradictionKind,
    Grade,
    Match,
    Matcher,
    MatchOperator,
    MatchSpan,
    Notification,
    PriorClaim,
    Reading,
    Receiver,
    Relation,
    Restraint,
    Route,
    Routing,
    Rule,
    RuleStatus,
    Scope,
    Severity,
    Speaker,
    Stance,
    Suppression,
    ThreadedClaim,
    Where,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Rules:
    """As much of a rule set as alerting asks for."""

    rules: Mapping[str, Rule] = field(default_factory=dict)


def rule(id: str = "dam", **changes: Any) -> Rule:
    return replace(
        Rule(id=id, version="v1", title="The dam", condition=Condition(operator="keyword", terms=("dam",))),
        **changes,
    )


def rules(*listed: Rule) -> Rules:
    return Rules({one.id: one for one in listed})


def asks(*kinds: AlertKind, **more: Any) -> AlertSettings:
    return AlertSettings(on=kinds, **more)


def article(**changes: Any) -> Article:
    given = Article(
        id=7,
        version=1,
        version_id=70,
        feed_id=1,
        url="https://river.example/dam",
        publisher="River Post",
        tags=(),
        title="Dam was safe, minister says",
        summary="",
        text="The dam was safe, the minister said.",
        lang="en",
        published_at=NOW - timedelta(hours=1),
        fetched_at=NOW,
    )
    return replace(given, **changes)


def reading(*rule_ids: str, **changes: Any) -> Reading:
    about = article(**changes)
    spans = (MatchSpan(field=ArticleField.TITLE, start=0, end=3, term="dam"),)
    return Reading(
        article=about,
        matches=tuple(
            Match(
                article_id=about.id, version_id=about.version_id, rule_id=id, rule_version="v1", spans=spans
            )
            for id in rule_ids
        ),
        mentions=(),
    )


def claim(fingerprint: str, speaker: str, quote: str, *rule_ids: str, **changes: Any) -> Claim:
    given = Claim(
        fingerprint=fingerprint,
        article_id=7,
        version_id=70,
        field=ArticleField.TEXT,
        start=0,
        end=len(quote),
        quote=quote,
        kind=ClaimKind.DIRECT,
        speaker=Speaker(name=speaker, surface=speaker),
        stance=Stance.ASSERT,
        hedged=False,
        cue="said",
        proposition=quote,
        quantities=(),
        frames=(),
        keys=("dam",),
        said_at=NOW,
        rules=rule_ids,
    )
    return replace(given, **changes)


def new(said: Claim, *, thread: str = "", is_new: bool = True) -> ThreadedClaim:
    return ThreadedClaim(claim=said, thread=thread or f"thread-{said.fingerprint}", is_new=is_new)


def known(said: Claim, publisher: str = "Valley News") -> PriorClaim:
    return PriorClaim(id=1, claim=said, thread=f"thread-{said.fingerprint}", origin="o", publisher=publisher)


def dispute(left: str, right: str, **changes: Any) -> Contradiction:
    given = Contradiction(
        left=left,
        right=right,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason="The minister denies what the engineer asserts.",
        comparator="denial",
        group="dam-safe",
        disputed="whether the dam was safe",
    )
    return replace(given, **changes)


ENGINEER = claim("c1", "Ada Brook", "the dam was cracked for years", "dam")
MINISTER = claim("c2", "Carl Weir", "the dam was never cracked", "dam")


def raised(
    on: Rules, *, by: tuple[str, ...] = ("dam",), pairs: tuple[Contradiction, ...] = (), **changes: Any
) -> tuple[Alert, ...]:
    """The minister's claim comes in the article, the engineer's was known."""
    is_new = changes.pop("is_new", False)
    sent = changes.pop("sent", None)
    right = replace(MINISTER, rules=by)
    alerts = raise_alerts(
        reading(*by, **changes), [new(right, is_new=is_new)], pairs, [known(ENGINEER)], on, now=NOW
    )
    return alerts if sent is None else tell_once(alerts, sent)


# ---------------------------------------------------------------- contradictions


def test_a_contradiction_shows_both_speakers_and_quotes_the_earlier_first() -> None:
    (alert,) = raised(rules(rule(severity=Severity.HIGH, owner="desk")), pairs=(dispute("c1", "c2"),))
    assert alert == Alert(
        fingerprint="contradiction:dam-safe",
        kind=AlertKind.CONTRADICTION,
        severity=Severity.HIGH,
        headline="Ada Brook: “the dam was cracked for years” — Carl Weir: “the dam was never cracked”",
        rules=("dam",),
        labels={
            "kind": "contradiction",
            "rule": "dam",
            "severity": "high",
            "status": "stable",
            "owner": "desk",
            "publisher": "River Post",
            "lang": "en",
            "speaker": "Carl Weir",
            "other_speaker": "Ada Brook",
            "other_publisher": "Valley News",
            "conflict": "denial",
            "scope": "cross",
            "grade": "strong",
            "disputed": "whether the dam was safe",
        },
        claims=("c1", "c2"),
        reason="The minister denies what the engineer asserts.",
        group="dam-safe",
    )


def test_one_conflict_is_one_alert_about_its_strongest_pair() -> None:
    medium = dispute("c1", "c2", grade=Grade.MEDIUM, score=0.99)
    strong = dispute("c1", "c2", grade=Grade.STRONG, score=0.7, reason="the strong one")
    other = dispute("c1", "c2", group="who-knew")
    alerts = raised(rules(rule()), pairs=(medium, strong, other))
    assert [alert.fingerprint for alert in alerts] == ["contradiction:dam-safe", "contradiction:who-knew"]
    assert alerts[0].reason == "the strong one"


@pytest.mark.parametrize(
    "changes",
    [
        {"relation": Relation.UPDATE},
        {"grade": Grade.SOFT},
        {"left": "forgotten"},
        {"right": "forgotten"},
    ],
)
def test_updates_soft_tensions_and_unknown_sides_are_no_alert(changes: dict[str, Any]) -> None:
    assert raised(rules(rule()), pairs=(replace(dispute("c1", "c2"), **changes),)) == ()


def test_the_rule_of_either_side_is_enough() -> None:
    only_the_engineers = rules(rule("dam"), rule("minister", alert=asks(AlertKind.MATCH)))
    alerts = raised(only_the_engineers, by=("minister",), pairs=(dispute("c1", "c2"),))
    assert [alert.rules for alert in alerts if alert.kind is AlertKind.CONTRADICTION] == [("dam",)]


def test_a_score_below_what_every_rule_wants_is_no_alert() -> None:
    wants = rules(rule(alert=asks(AlertKind.CONTRADICTION, min_score=0.95)))
    assert raised(wants, pairs=(dispute("c1", "c2", score=0.94),)) == ()
    assert len(raised(wants, pairs=(dispute("c1", "c2", score=0.95),))) == 1


@pytest.mark.parametrize(
    ("scope", "speaker", "starts", "holds"),
    [
        (Scope.SELF, "Ada Brook", "Ada Brook, earlier: “", "” — Ada Brook, later: “"),
        (Scope.REVISION, "Ada Brook", "Ada Brook, before: “", "” — Ada Brook, after an edit: “"),
        (Scope.SAME_SIDE, "Carl Weir", "Ada Brook: “", "” — Carl Weir: “"),
    ],
)
def test_the_headline_tells_the_sides_apart(scope: Scope, speaker: str, starts: str, holds: str) -> None:
    right = claim("c2", speaker, "never cracked", "dam")
    (alert,) = raise_alerts(
        reading("dam"),
        [new(right, is_new=False)],
        [dispute("c1", "c2", scope=scope)],
        [known(ENGINEER)],
        rules(rule()),
        now=NOW,
    )
    assert alert.headline.startswith(starts)
    assert holds in alert.headline


def test_a_headline_is_one_line_of_bounded_length_whatever_the_feed_holds() -> None:
    left = claim("c1", "A" * 400, "word " * 400, "dam")
    right = claim("c2", "Eve\x1b[2J\nInjected: header", "\u202eno\x00thing " * 90, "dam")
    (alert,) = raise_alerts(
        reading("dam"),
        [new(right, is_new=False)],
        [dispute("c1", "c2")],
        [known(left)],
        rules(rule()),
        now=NOW,
    )
    assert len(alert.headline) <= HEADLINE_LIMIT
    for text in (alert.headline, *alert.labels.values()):
        assert text.isprintable()


# ---------------------------------------------------------------- new claims and matches


def test_only_a_claim_that_opens_a_thread_is_a_new_claim() -> None:
    opened, repeated = new(MINISTER), new(ENGINEER, is_new=False)
    (alert,) = raise_alerts(reading("dam"), [opened, repeated], [], [], rules(rule()), now=NOW)
    assert alert.fingerprint == "new_claim:thread-c2"
    assert alert.headline == "Carl Weir: “the dam was never cracked” (River Post)"
    assert alert.claims == ("c2",)
    assert (alert.labels["speaker"], alert.labels["voice"]) == ("Carl Weir", "direct")


def test_a_claim_that_gives_little_to_check_is_stored_and_not_alerted() -> None:
    wants = rules(rule(alert=asks(AlertKind.NEW_CLAIM, min_score=0.6)))
    for score, expected in ((0.59, 0), (0.6, 1)):
        vague = new(claim("c9", "Carl Weir", "it was a long night", "dam", score=score))
        assert len(raise_alerts(reading("dam"), [vague], [], [], wants, now=NOW)) == expected


def test_two_appearances_of_one_new_claim_are_one_alert() -> None:
    twice = [new(MINISTER, thread="t"), new(ENGINEER, thread="t")]
    assert [a.claims for a in raise_alerts(reading("dam"), twice, [], [], rules(rule()), now=NOW)] == [
        ("c2",)
    ]


def test_an_outlets_own_words_are_not_attributed_twice() -> None:
    own = claim("c3", "River Post", "the dam is broken", "dam", kind=ClaimKind.OWN_VOICE)
    (alert,) = raise_alerts(reading("dam"), [new(own)], [], [], rules(rule()), now=NOW)
    assert alert.headline == "River Post: “the dam is broken”"


def test_a_rule_that_asks_for_matches_hears_of_each_article_once() -> None:
    on = rules(rule(alert=asks(AlertKind.MATCH)), rule("quiet"))
    first = raise_alerts(reading("dam", "quiet"), [], [], [], on, now=NOW)
    again = raise_alerts(reading("dam", version=2, version_id=71), [], [], [], on, now=NOW)
    assert [alert.fingerprint for alert in first] == ["match:dam:7"] == [a.fingerprint for a in again]
    assert first[0].headline == "River Post: Dam was safe, minister says"
    assert first[0].reason == "The dam: found “dam”"
    assert first[0].claims == ()


def test_nothing_is_raised_that_no_rule_asks_for() -> None:
    assert raised(rules(rule(alert=asks())), pairs=(dispute("c1", "c2"),), is_new=True) == ()
    assert raised(rules(), pairs=(dispute("c1", "c2"),), is_new=True) == ()


# ---------------------------------------------------------------- a contradiction that is also news


def test_a_contradiction_and_the_new_claim_in_it_are_two_alerts() -> None:
    alerts = raised(rules(rule()), pairs=(dispute("c1", "c2"),), is_new=True)
    assert [(alert.kind.value, alert.suppressed) for alert in alerts] == [
        ("contradiction", None),
        ("new_claim", None),
    ]


def test_a_first_contradiction_alert_takes_over_the_new_claim_it_shows() -> None:
    alerts = raised(rules(rule()), pairs=(dispute("c1", "c2"),), is_new=True, sent=frozenset())
    assert [(a.kind.value, a.suppressed) for a in alerts] == [
        ("contradiction", None),
        ("new_claim", Suppression.DUPLICATE),
    ]


def test_a_new_claim_in_a_conflict_that_was_told_before_is_still_told() -> None:
    pairs = (dispute("c1", "c2"),)
    alerts = raised(rules(rule()), pairs=pairs, is_new=True, sent={"contradiction:dam-safe"})
    assert [a.suppressed for a in alerts if a.kind is AlertKind.NEW_CLAIM] == [None]


def test_a_rule_that_does_not_hear_of_contradictions_still_hears_the_new_claim() -> None:
    on = rules(rule(), rule("novelty", alert=asks(AlertKind.NEW_CLAIM)))
    alerts = raised(on, by=("dam", "novelty"), pairs=(dispute("c1", "c2"),), is_new=True, sent=frozenset())
    assert [a.suppressed for a in alerts] == [None, None]


# ---------------------------------------------------------------- severity, and what is only recorded


def test_the_most_severe_rule_leads() -> None:
    on = rules(rule("a", severity=Severity.LOW), rule("b", severity=Severity.CRITICAL), rule("c"))
    (alert,) = raised(on, by=("a", "b", "c"), is_new=True)
    assert (alert.severity, alert.rules, alert.labels["rule"]) == (Severity.CRITICAL, ("b", "c", "a"), "b")


DRAFT = rule("draft", status=RuleStatus.DRAFT, severity=Severity.CRITICAL)
TEST = rule("trial", status=RuleStatus.TEST, severity=Severity.HIGH)
FRESH = rule("fresh", where=Where(published_within=timedelta(hours=2)))


@pytest.mark.parametrize(
    ("listed", "changes", "suppressed", "leads"),
    [
        ((rule(),), {}, None, "dam"),
        ((rule(),), {"backfill": True}, Suppression.BACKFILL, "dam"),
        ((DRAFT,), {}, Suppression.DRAFT_RULE, "draft"),
        ((DRAFT,), {"backfill": True}, Suppression.BACKFILL, "draft"),
        ((DRAFT, rule()), {}, None, "dam"),
        ((DRAFT, TEST), {}, None, "trial"),
        ((TEST, rule()), {}, None, "dam"),
        ((FRESH,), {}, None, "fresh"),
        ((FRESH,), {"published_at": NOW - timedelta(hours=2, seconds=1)}, Suppression.TOO_OLD, "fresh"),
        ((FRESH,), {"published_at": None, "fetched_at": NOW}, None, "fresh"),
        ((FRESH, rule()), {"published_at": NOW - timedelta(days=9)}, None, "dam"),
    ],
)
def test_what_must_not_be_sent_is_recorded_with_the_reason(
    listed: tuple[Rule, ...], changes: dict[str, Any], suppressed: Suppression | None, leads: str
) -> None:
    by = tuple(one.id for one in listed)
    both = raised(rules(*listed), by=by, pairs=(dispute("c1", "c2"),), is_new=True, **changes)
    for alert in both:
        assert (alert.suppressed, alert.rules[0]) == (suppressed, leads)


def test_a_rule_under_trial_does_not_raise_the_severity_of_a_real_alert() -> None:
    (alert,) = raised(rules(DRAFT, TEST, rule()), by=("draft", "trial", "dam"), is_new=True)
    assert (alert.severity, alert.rules) == (Severity.MEDIUM, ("dam",))


def test_a_suppressed_alert_never_stands_in_the_way_of_one_that_may_be_sent() -> None:
    (drafted,) = raised(rules(DRAFT), by=("draft",), pairs=(dispute("c1", "c2"),))
    (real,) = raised(rules(rule()), pairs=(dispute("c1", "c2"),))
    assert drafted.fingerprint != real.fingerprint


# ---------------------------------------------------------------- routing


def equal(label: str, value: str) -> Matcher:
    return Matcher(label=label, operator=MatchOperator.IS, values=(value,))


ROUTING = Routing(
    receivers=(Receiver(name="desk", url="stdout:"), Receiver(name="pager", url="stdout:")),
    root=Route(
        receivers=("rest",),
        routes=(
            Route(
                receivers=("pager",), matchers=(equal("severity", "critical"), equal("kind", "contradiction"))
            ),
            Route(receivers=("desk", "log"), matchers=(equal("rule", "dam"),)),
            Route(receivers=("lab",), matchers=(equal("status", "test"),)),
        ),
    ),
)


def planned_for(alerts: tuple[Alert, ...], on: Rules) -> tuple[Notification, ...]:
    """All to one desk."""
    return plan_notifications(alerts, Routing(root=Route(receivers=("desk",))), on)


def planned(*listed: Rule, routing: Routing = ROUTING, **changes: Any) -> list[tuple[str, str | None]]:
    by = tuple(one.id for one in listed)
    alerts = raised(rules(*listed), by=by, is_new=True, **changes)
    plans = plan_notifications(alerts, routing, rules(*listed))
    assert {plan.alert for plan in plans} == {alert.fingerprint for alert in alerts}
    return [(plan.receiver, plan.suppressed) for plan in plans]


@pytest.mark.parametrize(
    ("listed", "receivers"),
    [
        ((rule("dam"),), ["desk", "log"]),
        ((rule("other"),), ["rest"]),
        # critical, but no contradiction: all matchers must agree
        ((rule("other", severity=Severity.CRITICAL),), ["rest"]),
        # its own receivers, and none by route
        ((rule("dam", alert=AlertSettings(routes=("mine", "pager"))),), ["mine", "pager"]),
        # each rule sends it where that rule alone would; a receiver hears it once
        ((rule("dam"), rule("other", alert=AlertSettings(routes=("mine", "log")))), ["desk", "log", "mine"]),
        ((rule("zeta", severity=Severity.HIGH), rule("dam")), ["rest", "desk", "log"]),
        # a rule under test reaches only what asks for tests
        ((replace(TEST, id="dam"),), ["lab"]),
    ],
)
def test_the_first_route_whose_labels_all_agree_takes_it(
    listed: tuple[Rule, ...], receivers: list[str]
) -> None:
    assert planned(*listed) == [(receiver, None) for receiver in receivers]


def test_a_contradiction_takes_the_route_of_its_kind() -> None:
    on = rules(rule("other", severity=Severity.CRITICAL))
    alerts = raised(on, by=("other",), pairs=(dispute("c1", "c2"),))
    assert plan_notifications(alerts, ROUTING, on) == (
        Notification(
            alert="contradiction:dam-safe",
            receiver="pager",
            suppressed=None,
            restraint=Restraint(rule="other", max_per_hour=20),
        ),
    )


def test_an_alert_that_no_route_takes_is_kept_with_the_reason() -> None:
    assert planned(rule(), routing=Routing()) == [("", Suppression.NO_ROUTE)]


def test_a_suppressed_alert_says_where_it_would_have_gone() -> None:
    assert planned(rule(), backfill=True) == [
        ("desk", Suppression.BACKFILL),
        ("log", Suppression.BACKFILL),
    ]
    assert planned(rule(), routing=Routing(), backfill=True) == [("", Suppression.BACKFILL)]
