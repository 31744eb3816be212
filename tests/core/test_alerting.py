"""What is told, to whom, and what is only recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from alerting_values import (
    ENGINEER,
    MINISTER,
    NOW,
    asks,
    claim,
    dispute,
    known,
    new,
    raised,
    reading,
    rule,
    rules,
)

from monitor.core.alerting import (
    HEADLINE_LIMIT,
    raise_alerts,
)
from monitor.core.types import (
    Alert,
    AlertKind,
    ClaimKind,
    Grade,
    Relation,
    Scope,
    Severity,
    Suppression,
)

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
