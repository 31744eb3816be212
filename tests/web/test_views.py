"""Shaping of records for pages: times, links, surroundings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.store.queries import AlertRecord, ArticleRef, ClaimRecord, NotificationRecord, SpeakerRecord
from monitor.web.views import ago, deliveries, safe_link, surroundings

AT = datetime(2024, 3, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=0.4), "just now"),
        (timedelta(seconds=40), "40 s ago"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=25), "1 d ago"),
        (timedelta(days=400), "400 d ago"),
    ],
)
def test_ages_are_told_in_the_unit_that_matters(passed: timedelta, words: str) -> None:
    assert ago(passed) == words


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://news.example/a?b=1", True),
        ("http://news.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//news.example/a", False),
        ("https://", False),
        ("https://[bad", False),
        ("", False),
    ],
)
def test_only_web_addresses_can_be_followed(url: str, followed: bool) -> None:
    assert safe_link(url) == (url if followed else "")


def claim(text: str, quote: str, **changes: object) -> ClaimRecord:
    start = text.index(quote)
    given = {
        "id": 1,
        "article": ArticleRef(id=1, url="", title="", publisher="", published_at=None, version=1),
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "field": "text",
        "kind": "indirect",
        "speaker": SpeakerRecord(name="", surface="", entity=None),
        "stance": "assert",
        "hedged": False,
        "cue": "",
        "proposition": "",
        "quantities": (),
        "thread": "",
        "first_seen_at": AT,
        "appearances": 1,
        "origins": 1,
        "rules": (),
    }
    return ClaimRecord(**(given | changes))  # type: ignore[arg-type]  # fields by name


FAR = "Far away. "
NEAR = "One before. Two before. She said "
AFTER = ". One after. Two after."


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", ("", "")),
        (NEAR, AFTER, (NEAR, AFTER)),
        (FAR + NEAR, AFTER + " Three after.", (NEAR, AFTER + " ")),
        ("x" * 400 + " " + "y" * 400 + " ", "", ("… " + "y" * 400 + " ", "")),
    ],
)
def test_a_quote_stands_among_two_sentences_on_each_side(
    before: str, after: str, shown: tuple[str, str]
) -> None:
    text = before + "it held" + after
    assert surroundings(text, claim(text, "it held")) == shown


def test_a_quote_that_is_not_where_it_was_has_no_surroundings() -> None:
    text = "She said it held firmly."
    assert surroundings(text, claim(text, "it held", start=0, end=7)) == ("", "")
    assert surroundings(text, claim(text, "it held", field="title")) == ("", "")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"state": "sent"}, ("ok", "sent to desk")),
        ({"state": "joined"}, ("waiting", "waiting for desk, in one message with others")),
        (
            {"state": "waiting", "reason": "throttled", "detail": "in a digest\x1b[2J at 10:00"},
            ("waiting", "waiting for desk: in a digest at 10:00"),
        ),
        (
            {"state": "waiting", "reason": "rate_limited", "attempts": 2},
            ("waiting", "waiting for desk after 2 tries (rate limited)"),
        ),
        (
            {"state": "suppressed", "reason": "waiting_for_origins"},
            ("held", "not sent yet: too few independent origins"),
        ),
    ],
)
def test_a_page_says_what_became_of_an_alert(changes: dict[str, Any], shown: tuple[str, str]) -> None:
    given = {"id": 1, "receiver": "desk", "reason": None, "attempts": 0, "sent_at": None, "detail": ""}
    alert = AlertRecord(
        id=1,
        kind="match",
        severity="high",
        headline="A headline",
        reason="",
        rules=("dam",),
        labels={},
        group=None,
        claims=(),
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        notifications=(NotificationRecord(**(given | changes)),),
    )
    assert deliveries(alert) == (shown,)
