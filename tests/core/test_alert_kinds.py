"""As what a pair of claims is told, when a claim said by others is news, and what waits for origins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alerting_values import (
    ENGINEER,
    MINISTER,
    NOW,
    Rules,
    asks,
    claim,
    dispute,
    known,
    new,
    reading,
    rule,
    rules,
)

from monitor.core.alerting import Standing, ToldAlert, WaitingAlert, needs_standing, raise_alerts
from monitor.core.types import (
    Alert,
    AlertKind,
    Contradiction,
    ContradictionKind,
    Grade,
    Relation,
    Rule,
    Scope,
    Suppression,
)

CONTRADICTION, UPDATE = AlertKind.CONTRADICTION, AlertKind.UPDATE
REVERSAL, REVISION = AlertKind.REVERSAL, AlertKind.REVISION
NEW_CLAIM, CORROBORATION = AlertKind.NEW_CLAIM, AlertKind.CORROBORATION

PLAIN = dispute("c1", "c2")
TURN = dispute("c1", "c2", scope=Scope.SELF, kind=ContradictionKind.REVERSAL)
EDIT = dispute("c1", "c2", scope=Scope.REVISION)
RISE = dispute("c1", "c2", relation=Relation.UPDATE, kind=ContradictionKind.NUMERIC)
EDITED_RISE = replace(RISE, scope=Scope.REVISION)


def told(
    on: Rules,
    *pairs: Contradiction,
    by: tuple[str, ...] = ("dam",),
    is_new: bool = False,
    standing: Standing | None = None,
    **changes: Any,
) -> tuple[Alert, ...]:
    """The minister's claim comes in the article, the engineer's was known."""
    right = replace(MINISTER, rules=by)
    return raise_alerts(
        reading(*by, **changes),
        [new(right, is_new=is_new)],
        pairs,
        [known(ENGINEER)],
        on,
        now=NOW,
        standing=standing or Standing(),
    )


@pytest.mark.parametrize(
    ("asked", "pair", "kind"),
    [
        ((CONTRADICTION,), PLAIN, CONTRADICTION),
        ((CONTRADICTION,), TURN, CONTRADICTION),
        ((CONTRADICTION,), EDIT, CONTRADICTION),
        ((CONTRADICTION,), RISE, None),
        ((CONTRADICTION, REVERSAL), TURN, REVERSAL),
        ((CONTRADICTION, REVERSAL), PLAIN, CONTRADICTION),
        ((REVERSAL,), PLAIN, None),
        ((REVERSAL,), EDIT, None),
        ((CONTRADICTION, REVISION), EDIT, REVISION),
        ((REVISION,), EDITED_RISE, REVISION),
        ((UPDATE, CONTRADICTION), RISE, UPDATE),
        ((UPDATE,), EDITED_RISE, UPDATE),
        ((UPDATE,), PLAIN, None),
        ((UPDATE, REVERSAL, REVISION, CONTRADICTION), replace(RISE, grade=Grade.SOFT), None),
        ((NEW_CLAIM,), PLAIN, None),
    ],
)
def test_a_pair_is_told_as_the_first_kind_that_the_rule_asks_for(
    asked: tuple[AlertKind, ...], pair: Contradiction, kind: AlertKind | None
) -> None:
    alerts = told(rules(rule(alert=asks(*asked))), pair)
    assert [alert.kind for alert in alerts] == ([kind] if kind else [])


def test_two_rules_may_hear_of_one_pair_as_two_kinds() -> None:
    on = rules(rule("plain", alert=asks(CONTRADICTION)), rule("turns", alert=asks(CONTRADICTION, REVERSAL)))
    alerts = told(on, TURN, by=("plain", "turns"))
    assert {(alert.kind, alert.rules) for alert in alerts} == {
        (REVERSAL, ("turns",)),
        (CONTRADICTION, ("plain",)),
    }


def test_an_update_quotes_the_earlier_and_the_later_value_and_is_told_once_for_each_later_one() -> None:
    first = claim("c0", "Ada Brook", "40 dead", "dam", said_at=NOW - timedelta(hours=3))
    second = claim("c1", "Ada Brook", "60 dead", "dam", said_at=NOW - timedelta(hours=1))
    later = claim("c2", "Carl Weir", "80 dead", "dam")
    pairs = [replace(RISE, left=left, score=0.8) for left in ("c0", "c1")]
    (alert,) = raise_alerts(
        reading("dam"),
        [new(later)],
        pairs,
        [known(first), known(second)],
        rules(rule(alert=asks(UPDATE))),
        now=NOW,
    )
    assert alert.fingerprint == "update:dam-safe:thread-c2"
    assert alert.headline == "Ada Brook, earlier: “60 dead” — Carl Weir, later: “80 dead”"
    assert alert.claims == ("c1", "c2")


def test_a_revision_quotes_both_versions() -> None:
    after = claim("c2", "Ada Brook", "the dam may have been cracked", "dam")
    on = rules(rule(alert=asks(REVISION, min_origins=5)))
    (alert,) = raise_alerts(reading("dam"), [new(after)], [EDIT], [known(ENGINEER)], on, now=NOW)
    assert alert.headline == (
        "Ada Brook, before: “the dam was cracked for years”"
        " — Ada Brook, after an edit: “the dam may have been cracked”"
    )
    assert (alert.kind, alert.suppressed) == (REVISION, None)


# ---------------------------------------------------------------- corroboration


def said_by(*origins: str, thread: str = "thread-c2", own: str = "own", **more: Any) -> Standing:
    return Standing(origin=own, origins={thread: {name: f"The {name} Post" for name in origins}}, **more)


@pytest.mark.parametrize(
    ("before", "own", "reached"),
    [
        (0, "own", None),
        (1, "own", 2),
        (2, "own", None),
        (3, "own", 4),
        (5, "own", None),
        (7, "own", 8),
        # a copy of what was counted already
        (1, "o0", None),
    ],
)
def test_a_claim_is_corroborated_at_two_origins_and_whenever_they_have_doubled(
    before: int, own: str, reached: int | None
) -> None:
    standing = said_by(*(f"o{n}" for n in range(before)), own=own)
    alerts = told(rules(rule(alert=asks(CORROBORATION))), standing=standing, is_new=not before)
    assert [alert.fingerprint for alert in alerts] == (
        [f"corroboration:thread-c2:{reached}"] if reached else []
    )


def test_a_corroboration_says_how_many_origins_and_which_publishers() -> None:
    (alert,) = told(rules(rule(alert=asks(CORROBORATION))), standing=said_by("Old", "New", "Red"))
    assert alert.headline == "Carl Weir: “the dam was never cracked” — 4 independent origins now"
    assert alert.reason == "4 independent origins: The Old Post, The New Post, The Red Post, River Post"
    assert alert.labels["origins"] == "4"


def test_a_rule_of_any_article_of_the_thread_hears_of_its_corroboration() -> None:
    on = rules(rule("dam", alert=asks(AlertKind.MATCH)), rule("opener", alert=asks(CORROBORATION)))
    standing = said_by("o1", rules={"thread-c2": ("opener",)})
    assert [a.rules for a in told(on, standing=standing) if a.kind is CORROBORATION] == [("opener",)]


def test_a_corroboration_below_the_origins_that_the_rule_wants_is_not_told() -> None:
    on = rules(rule(alert=asks(CORROBORATION, min_origins=3)))
    assert told(on, standing=said_by("o1")) == ()
    assert len(told(on, standing=said_by("o1", "o2", "o3"))) == 1


# ---------------------------------------------------------------- waiting for origins


def outcomes(alerts: Sequence[Alert]) -> list[tuple[str, str | None, str]]:
    return [(alert.fingerprint, alert.suppressed, alert.detail) for alert in alerts]


WAITS = rule(alert=asks(NEW_CLAIM, min_origins=2))


def test_a_new_claim_waits_for_its_second_origin_and_says_so() -> None:
    assert outcomes(told(rules(WAITS), is_new=True, standing=Standing(origin="own"))) == [
        (
            "new_claim:thread-c2:origins=2:waiting_for_origins",
            Suppression.WAITING_FOR_ORIGINS,
            "1 of 2 independent origins",
        )
    ]


@pytest.mark.parametrize(
    ("before", "own", "suppressed"),
    [
        (("o1",), "own", [None]),
        # a copy is no other origin
        (("o1",), "o1", [Suppression.WAITING_FOR_ORIGINS]),
        # reached before, and told then
        (("o1", "o2"), "own", []),
    ],
)
def test_the_second_origin_tells_what_waited(
    before: tuple[str, ...], own: str, suppressed: list[Suppression | None]
) -> None:
    alerts = told(rules(WAITS), standing=said_by(*before, own=own))
    assert [alert.suppressed for alert in alerts] == suppressed


def test_what_must_not_be_sent_anyway_does_not_wait() -> None:
    (alert,) = told(rules(WAITS), is_new=True, standing=Standing(origin="own"), backfill=True)
    assert (alert.suppressed, alert.detail) == (Suppression.BACKFILL, "")


def test_rules_that_wait_for_different_numbers_have_alerts_of_their_own() -> None:
    on = rules(WAITS, rule("eager", alert=asks(NEW_CLAIM)))
    alerts = told(on, by=("dam", "eager"), is_new=True, standing=Standing(origin="own"))
    assert [(a.fingerprint, a.rules, a.suppressed is None) for a in alerts] == [
        ("new_claim:thread-c2", ("eager",), True),
        ("new_claim:thread-c2:origins=2:waiting_for_origins", ("dam",), False),
    ]


DISPUTES = rule(alert=asks(CONTRADICTION, min_origins=2))


@pytest.mark.parametrize(
    ("left", "right", "detail"),
    [
        (("a",), (), "1 and 1 of 2 independent origins"),
        (("a", "b"), (), "2 and 1 of 2 independent origins"),
        (("a",), ("c",), "1 and 2 of 2 independent origins"),
        (("a", "b"), ("c",), ""),
    ],
)
def test_a_contradiction_waits_until_each_side_has_its_origins(
    left: tuple[str, ...], right: tuple[str, ...], detail: str
) -> None:
    origins = {"thread-c1": dict.fromkeys(left, "P"), "thread-c2": dict.fromkeys(right, "P")}
    (alert,) = told(rules(DISPUTES), PLAIN, standing=Standing(origin="own", origins=origins))
    assert (alert.detail, alert.suppressed is None) == (detail, not detail)
    assert alert.labels["min_origins"] == "2"


def waiting(kind: AlertKind, fingerprint: str, threads: Mapping[str, str], **changes: Any) -> WaitingAlert:
    shown = Alert(
        fingerprint=fingerprint,
        kind=kind,
        severity=rule().severity,
        headline="as it was",
        rules=("dam",),
        labels={"min_origins": "2"},
        claims=tuple(threads.values()),
    )
    return WaitingAlert(alert=replace(shown, **changes), threads=tuple(threads), origins=2)


DISPUTE_WAITS = waiting(
    CONTRADICTION, "contradiction:dam-safe:origins=2", {"thread-c1": "c1", "thread-c2": "c9"}
)
BOTH = {"thread-c1": {"a": "A", "b": "B"}, "thread-c2": {"c": "C"}}


def test_what_waited_is_told_by_another_article_though_it_shows_no_pair_itself() -> None:
    standing = Standing(origin="own", origins=BOTH, waiting=(DISPUTE_WAITS,))
    assert told(rules(DISPUTES), standing=standing) == (DISPUTE_WAITS.alert,)
    copy = replace(standing, origin="c")
    assert told(rules(DISPUTES), standing=copy) == ()


def test_what_waited_is_told_once_where_the_article_shows_the_pair_too() -> None:
    standing = Standing(origin="own", origins=BOTH, waiting=(DISPUTE_WAITS,))
    assert [a.fingerprint for a in told(rules(DISPUTES), PLAIN, standing=standing)] == [
        "contradiction:dam-safe:origins=2"
    ]


def test_a_rule_that_asked_before_hears_of_it_with_those_that_ask_now() -> None:
    other = replace(DISPUTES, id="other")
    early = waiting(
        CONTRADICTION,
        "contradiction:dam-safe:origins=2",
        {"thread-c1": "c1", "thread-c2": "c9"},
        rules=("other",),
    )
    standing = Standing(origin="own", origins=BOTH, waiting=(early,))
    (alert,) = told(rules(DISPUTES, other), PLAIN, standing=standing)
    assert alert.rules == ("dam", "other")


@pytest.mark.parametrize(
    ("on", "changes"),
    [
        # nobody asks any more
        (rules(), {}),
        (rules(rule(alert=asks(AlertKind.MATCH))), {}),
        # an archive's article tells nobody anything
        (rules(DISPUTES), {"backfill": True}),
    ],
)
def test_what_nobody_may_be_told_stays_as_it_is(on: Rules, changes: dict[str, Any]) -> None:
    standing = Standing(origin="own", origins=BOTH, waiting=(DISPUTE_WAITS,))
    alerts = told(on, standing=standing, **changes)
    assert [alert for alert in alerts if alert.kind is CONTRADICTION] == []


# ---------------------------------------------------------------- telling again

AGAIN = rule(alert=asks(CONTRADICTION, repeat_every=timedelta(hours=4)))
FIRST = ToldAlert(fingerprint="contradiction:dam-safe", at=NOW - timedelta(hours=1))


def again(*before: ToldAlert, on: Rule = AGAIN, is_new: bool = True) -> list[Alert]:
    standing = Standing(origin="own", told={"dam-safe": before})
    alerts = told(rules(on), PLAIN, is_new=is_new, standing=standing)
    return [alert for alert in alerts if "again" in alert.labels]


def test_a_new_claim_in_a_conflict_that_was_told_is_told_after_the_interval() -> None:
    (alert,) = again(FIRST)
    assert alert.fingerprint == "contradiction:dam-safe:again=1:thread-c2"
    assert alert.not_before == NOW + timedelta(hours=3)


def test_what_is_added_before_the_next_telling_joins_it() -> None:
    pending = ToldAlert(fingerprint="contradiction:dam-safe:again=1:thread-c7", at=NOW + timedelta(minutes=5))
    (alert,) = again(FIRST, pending)
    assert alert.fingerprint == "contradiction:dam-safe:again=1:thread-c2"
    assert alert.not_before == pending.at


@pytest.mark.parametrize(
    ("before", "on", "is_new"),
    [
        # nothing was told before: this is the first time
        ((), AGAIN, True),
        # said before, so nothing is new
        ((FIRST,), AGAIN, False),
        ((FIRST,), rule(alert=asks(CONTRADICTION)), True),
        # told to rules that wait for more origins, not to these
        ((replace(FIRST, fingerprint="contradiction:dam-safe:origins=2"),), AGAIN, True),
    ],
)
def test_nothing_is_told_again(before: tuple[ToldAlert, ...], on: Rule, is_new: bool) -> None:
    assert again(*before, on=on, is_new=is_new) == []


# ---------------------------------------------------------------- what the ledger is asked


@pytest.mark.parametrize(
    ("listed", "needed"),
    [
        (rule(), False),
        (WAITS, True),
        (rule(alert=asks(CORROBORATION)), True),
        (AGAIN, True),
        (rule("elsewhere", alert=asks(CORROBORATION)), False),
    ],
)
def test_the_ledger_is_asked_only_for_rules_that_want_to_know(listed: Rule, needed: bool) -> None:
    given = reading("dam"), [new(MINISTER)], [PLAIN], [known(ENGINEER)]
    assert needs_standing(*given, rules(listed)) is needed
