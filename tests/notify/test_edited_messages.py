"""What an edit changed, in the message about it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from receivers import an_alert, claim, taken

from monitor.notify.card import card
from monitor.notify.edits import LONGEST, edited
from monitor.notify.text import alert_text
from monitor.store.queries import AlertRecord


def revision(before: str, after: str, scope: str = "revision") -> AlertRecord:
    sides = (claim(1, "Ada Brook", before, "Valley News"), claim(2, "Ada Brook", after, "Valley News"))
    return replace(an_alert(), claims=sides, labels={"kind": "contradiction", "scope": scope})


def test_changed_words_stand_in_their_surroundings() -> None:
    alert = revision("Nobody was hurt in the flood", "Three people were hurt in the flood")
    line = "[-Nobody was-] {+Three people were+} hurt in the flood"
    assert edited(alert) == line
    assert f"\n  edit: {line}\n" in alert_text(alert)
    assert card(taken(alert)).reason == f"One asserts what the other denies. Edit: {line}"


@pytest.mark.parametrize(
    "alert",
    [
        revision("the dam was cracked", "nobody ever said so"),
        revision("the dam was cracked", "the dam was cracked"),
        revision("the dam was cracked", "the dam was never cracked", scope="cross"),
        an_alert(),
    ],
)
def test_where_nothing_stayed_or_nothing_was_edited_there_is_no_line(alert: AlertRecord) -> None:
    assert edited(alert) == ""
    assert "edit:" not in alert_text(alert)


def test_what_a_terminal_would_obey_is_gone_and_the_line_is_short() -> None:
    line = edited(
        revision("the dam \x1b[31mheld", "the dam \x1b]0;owned\x07broke " + "and broke again " * 99)
    )
    assert line.startswith("the dam [-held-]{+broke")
    assert "\x1b" not in line
    assert len(line) <= LONGEST
