"""docs/alerts.md says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from receivers import an_alert, claim

from monitor.core.types import AlertKind, Suppression
from monitor.errors import DeliveryReason
from monitor.notify import CHANNELS, retryable
from monitor.notify.message import message

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")


def test_the_payload_on_the_page_is_the_payload_that_is_sent() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    alert = an_alert(
        kind="new_claim",
        headline="Ada Brook: “the dam was cracked” (Valley News)",
        reason="",
        labels={"kind": "new_claim", "rule": "dam", "severity": "high"},
        group=None,
        claims=(claim(1, "Ada Brook", "the dam was cracked", "Valley News"),),
    )
    assert json.loads(example) == message(alert)


@pytest.mark.parametrize("reason", DeliveryReason)
def test_every_outcome_says_whether_it_is_tried_again(reason: DeliveryReason) -> None:
    (row,) = re.findall(rf"^\| `{reason}` \|.*$", PAGE, re.MULTILINE)
    expected = "–" if reason is DeliveryReason.ACCEPTED else "yes" if retryable(reason) else "no"
    assert row.split("|")[3].strip().startswith(expected)


@pytest.mark.parametrize("word", [*AlertKind, *Suppression, *(f"{scheme}:" for scheme in CHANNELS)])
def test_every_kind_suppression_and_channel_is_on_the_page(word: str) -> None:
    assert re.search(rf"`{re.escape(word)}", PAGE)
