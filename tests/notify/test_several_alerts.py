"""A message that carries several alerts, as programs and people get it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from receivers import an_alert, taken

from monitor.core.terminal import clean
from monitor.notify.message import message, payload
from monitor.notify.text import alert_text, text
from monitor.store.notifications import TakenNotification
from monitor.store.queries import AlertRecord

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")


def several(*others: AlertRecord, count: int, kind: str = "digest", **more: object) -> TakenNotification:
    one = taken(an_alert(labels={"rule": "dam", "lang": "en"}))
    given = {
        name: getattr(one, name)
        for name in (
            "id",
            "idempotency_key",
            "token",
            "receiver",
            "attempt",
            "created_at",
            "attempted_at",
            "alert",
        )
    }
    counted = {"rules": (("dam", count),), "kinds": (("contradiction", count),)}
    return TakenNotification(**given, others=others, count=count, kind=kind, **(counted | more))  # type: ignore[arg-type]  # fields by name


FRENCH = an_alert(id=13, kind="match", claims=(), labels={"rule": "dam", "lang": "fr"})


def test_the_payload_of_several_alerts_on_the_page_is_what_is_sent() -> None:
    (example,) = re.findall(r"```json5\n(.*?)```", PAGE, re.DOTALL)
    digest = several(
        FRENCH, count=9_994, kinds=(("contradiction", 9_990), ("new_claim", 4)), why="over the limit"
    )
    sent = payload(digest)
    assert sent.pop("alerts") == [message(digest.alert), message(FRENCH)]
    assert sent == json.loads(example)


def test_the_text_of_a_few_alerts_has_each_whole() -> None:
    group = several(FRENCH, count=2, kind="group")
    shown = text(group).split("\n", 1)
    assert shown[0] == "[HIGH] 2 alerts of rule dam, the most severe first: 2 contradiction"
    assert shown[1] == f"{alert_text(group.alert)}\n{alert_text(FRENCH)}"


def test_the_text_of_many_alerts_has_a_line_for_each_that_is_shown_and_counts_the_rest() -> None:
    lines = text(several(FRENCH, count=12, rules=(("fog", 8), ("dam", 4)), why="over the limit")).split("\n")
    assert lines[0].startswith("[HIGH] 12 alerts of 2 rules (fog 8, dam 4) over the limit")
    assert lines[1:3] == [
        "  [HIGH] contradiction: Ada Brook: “the dam was cracked” — Carl Weir: “it never was” (alert 12)",
        "  [HIGH] match: Ada Brook: “the dam was cracked” — Carl Weir: “it never was” (alert 13)",
    ]
    assert lines[3:] == ["  … and 10 more; `claimwatch alerts list` has all"]


def test_a_message_of_new_claims_says_whose_they_are() -> None:
    says = [an_alert(id=n, kind="new_claim", labels={"speaker": name}) for n, name in enumerate("BACADEF")]
    new = {"kind": "group", "rules": (("dam", 9),)}
    three = several(*says[:3], count=4, kinds=(("new_claim", 4),), **new)
    assert payload(three)["headline"] == "4 new claims by B, A and C"
    many = several(*says, count=8, kinds=(("new_claim", 8),), **new)
    assert payload(many)["headline"] == "8 new claims by A, B, C, D and 2 more"
    unseen = several(*says, count=30, kinds=(("new_claim", 30),), **new)
    assert payload(unseen)["headline"] == "30 new claims by A, B, C, D and others"


def test_a_thousand_rules_do_not_make_a_long_headline() -> None:
    many = tuple((f"rule-{n}", 1) for n in range(1000))
    headline = payload(several(FRENCH, count=1000, rules=many))["headline"]
    assert "and 996 more" in headline
    assert len(headline) < 300


def test_nothing_in_a_list_of_alerts_is_obeyed_by_a_terminal() -> None:
    evil = an_alert(headline="a\x1b[2Jb\nc\u202e")
    shown = text(several(evil, count=9))
    assert all(line.strip() == clean(line).strip() for line in shown.split("\n"))
