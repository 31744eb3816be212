"""Channels that speak HTTP: answer × outcome against real receivers, and what a feed cannot do there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from receivers import an_alert, answer, claim, receiver, send, taken

from monitor.core.alerting.health import resolved_alert
from monitor.core.terminal import clean
from monitor.core.types import Alert, AlertKind, Severity
from monitor.errors import DeliveryError
from monitor.errors import DeliveryReason as Of
from monitor.notify import CHANNELS, check_receiver_url, posting, retryable
from monitor.notify.channels import SERVICES
from monitor.store.notifications import TakenNotification

NAMES = ("webhook", *SERVICES)
#: Options that the address of a service needs.
QUERIES = {"telegram": "?chat_id=-100", "pagerduty": "?routing_key=R0UTINGKEY", "opsgenie": "?key=GEN1EKEY"}

#: Services that keep incidents.
PAGERS = tuple(name for name, service in SERVICES.items() if service.resolves)
#: What is sent: an alert in every channel, and to pagers that it is resolved.
SENT = [(name, "alert") for name in NAMES] + [(name, "resolve") for name in PAGERS]

# (what the receiver answers, the outcome, is it worth another try, how long it asks us to wait)
ANSWERS: list[tuple[bytes | None, Of, bool, float | None]] = [
    (answer("200 OK"), Of.ACCEPTED, False, None),
    (answer("204 No Content"), Of.ACCEPTED, False, None),
    (answer("301 Moved", "Location: http://127.0.0.1:9/x"), Of.REDIRECTED, False, None),
    (answer("400 Bad Request"), Of.REFUSED, False, None),
    (answer("401 Unauthorized"), Of.REFUSED, False, None),
    (answer("404 Not Found"), Of.REFUSED, False, None),
    (answer("424 Failed Dependency"), Of.REFUSED, False, None),
    (answer("429 Too Many Requests"), Of.RATE_LIMITED, True, None),
    (answer("429 Too Many Requests", "Retry-After: 17"), Of.RATE_LIMITED, True, 17.0),
    (answer("500 Internal Server Error"), Of.RECEIVER_FAILED, True, None),
    (None, Of.TIMEOUT, True, None),
    (b"", Of.CONNECT, True, None),
]


#: What an Apprise server says of the services behind it: none is there, and one of them did not take it.
ELSEWHERE = {
    ("apprise", answer("204 No Content")): (Of.REFUSED, False),
    ("apprise", answer("424 Failed Dependency")): (Of.RECEIVER_FAILED, True),
}


def url_of(name: str, port: int) -> str:
    return f"{name}+http://127.0.0.1:{port}/hook/S3CRET-PATH{QUERIES.get(name, '')}"


def resolved() -> TakenNotification:
    """That the alert of `taken` is over, as the ledger hands it out."""
    told = resolved_alert(
        Alert(
            fingerprint="dam",
            kind=AlertKind.CONTRADICTION,
            severity=Severity.HIGH,
            headline=an_alert().headline,
            rules=("dam",),
            labels=an_alert().labels,
            group=an_alert().group,
        ),
        alert_id=12,
        acknowledgement=1,
        receiver="pager",
        by="Ada",
    )
    return taken(
        an_alert(id=13, headline=told.headline, labels=told.labels, group=told.group, claims=(), rules=())
    )


@pytest.mark.parametrize(("name", "what"), SENT, ids=[" ".join(row) for row in SENT])
@pytest.mark.parametrize(
    ("given", "reason", "again", "wait"),
    ANSWERS,
    ids=[str(row[0][9:30], "ascii") if row[0] else f"{row[1].value}" for row in ANSWERS],
)
def test_an_answer_has_the_same_outcome_in_every_channel(
    name: str,
    what: str,
    given: bytes | None,
    reason: Of,
    again: bool,
    wait: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if given is None:
        monkeypatch.setattr(posting, "TIMEOUT_S", 0.3)
    message = resolved() if what == "resolve" else taken()
    reason, again = ELSEWHERE.get((name, given or b""), (reason, again))
    with receiver(given) as one:
        if reason is Of.ACCEPTED:
            assert str(send(url_of(name, one.port), message).status) in str(given)
        else:
            with pytest.raises(DeliveryError) as caught:
                send(url_of(name, one.port), message)
            error = caught.value
            assert (error.reason, retryable(error.reason), error.retry_after_s) == (reason, again, wait)
            assert "S3CRET" not in str(error)
        assert len(one.requests) == 1


@pytest.mark.parametrize(("name", "what"), SENT, ids=[" ".join(row) for row in SENT])
def test_a_gigabyte_of_an_answer_is_not_read(name: str, what: str) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    with receiver(head, flood=b"x" * 65_536) as one:
        message = resolved() if what == "resolve" else taken()
        assert len(send(url_of(name, one.port), message).detail) <= 200


def sent_body(name: str, one: TakenNotification | None = None) -> tuple[str, dict[str, str], dict[str, Any]]:
    with receiver(answer("200 OK")) as there:
        send(url_of(name, there.port), one)
        first, headers, body = there.requests[0]
    return first, headers, json.loads(body)


def test_what_is_resolved_closes_the_incident_that_its_alert_opened() -> None:
    _, _, opened = sent_body("pagerduty")
    _, _, closed = sent_body("pagerduty", resolved())
    assert closed == {
        "routing_key": "R0UTINGKEY",
        "event_action": "resolve",
        "dedup_key": opened["dedup_key"],
    }
    assert opened["event_action"] == "trigger"
    _, _, opened = sent_body("opsgenie")
    first, headers, closed = sent_body("opsgenie", resolved())
    path = f"/hook/S3CRET-PATH/{opened['alias']}/close?identifierType=alias"
    assert first == f"POST {path} HTTP/1.1"
    assert headers["authorization"] == "GenieKey GEN1EKEY"
    assert "GEN1EKEY" not in first
    assert closed["note"] == resolved().alert.headline


# ---------------------------------------------------------------- both sides, and nothing of the feed's


def words(value: object) -> list[str]:
    """Every text of a body."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in words(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in words(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", SERVICES)
def test_both_sides_are_shown_with_their_words_and_addresses(name: str) -> None:
    first, headers, body = sent_body(name)
    shown = re.sub("[\u200b\\\\]", "", "\n".join(words(body)))
    for part in ("Ada Brook", "the dam was cracked", "Carl Weir", "it never was", "Valley News", "alert 12"):
        assert part in shown, part
    assert "https://news.example/1" in shown
    assert first.startswith("POST /hook/S3CRET-PATH")
    assert headers["idempotency-key"] == "key-5"


EVIL = (
    "@channel @here @everyone <!channel> <@U123|bob> <https://evil.example|click> "
    "[click](https://evil.example) https://evil.example www.evil.example evil.example "
    "**bold** _it_ `code` ~s~ # head <b>x</b> </blockquote> <a href='https://evil.example'>y</a> "
    "&lt;!here&gt; tg://user?id=1 mailto:a@evil.example ![i](http://e.example/i.png) "
    "> quote\r\nX-Header: 1\x1b[2J\u202e"
)


def evil() -> TakenNotification:
    bad = claim(3, EVIL, EVIL, EVIL)
    worse = claim(4, EVIL, EVIL, EVIL, kind="own_voice")
    return taken(an_alert(headline=EVIL, reason=EVIL, rules=("dam",), claims=(bad, worse)))


_LINK = r"(?<!\\)\]\((?!https://news\.example/)"
_ADDRESS = r"https?://(?!news\.example)"

#: For readers whose markup nobody knows: HTML, Markdown and mentions.
PLAIN = [
    r"@(?!\u200b)",
    r"\]\(",
    _ADDRESS,
    r"www\.e",
    r"<[a-z!/@]",
    r"[*_~]{2}",
    r"(?<!\u200a)[*_~]",
    "`",
    "tg:/",
]

#: What must not stand in a body, by channel: mentions, links and marks in the channel's own grammar.
FORBIDDEN = {
    "slack": [r"<(?!https://news\.example/)", r"@(?!\u200b)", _ADDRESS, r"(?i)www\.e"],
    "mattermost": [
        r"@(?!\u200b)",
        _LINK,
        _ADDRESS,
        r"(?<!\\)\*\*",
    ],
    "discord": [
        r"@(?!\u200b)",
        _LINK,
        _ADDRESS,
        r"(?<!\\)\*\*b",
    ],
    "teams": [_LINK, _ADDRESS, r"<at>"],
    "telegram": [
        r"<(?!/?(?:b|i|blockquote)>|a href=\"https://news\.example/|/a>)",
        r"@(?!\u200b)",
        _ADDRESS,
        r"tg://",
    ],
    "pagerduty": PLAIN,
    "opsgenie": PLAIN,
    "apprise": PLAIN,
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_feed_can_mention_nobody_and_set_no_markup_or_link(name: str) -> None:
    _, headers, body = sent_body(name, evil())
    assert "x-header" not in headers
    for text in words(body):
        assert clean(text.replace("\n", " ")) == " ".join(text.split()), text
        for pattern in FORBIDDEN[name]:
            found = re.search(pattern, text)
            assert found is None, (pattern, text[max(0, found.start() - 40) : found.end() + 40])


def test_discord_and_slack_are_told_to_ping_nobody() -> None:
    assert sent_body("discord")[2]["allowed_mentions"] == {"parse": []}
    slack = sent_body("slack")[2]
    assert (slack["link_names"], slack["unfurl_links"]) == (False, False)
    assert sent_body("telegram")[2]["link_preview_options"] == {"is_disabled": True}


LONG = taken(
    an_alert(
        headline="h" * 280,
        reason="r" * 2000,
        claims=(claim(3, "S" * 300, "<&" * 20_000, "P" * 300), claim(4, "S" * 300, "q " * 20_000, "P" * 300)),
    )
)


def test_no_chat_gets_more_than_it_takes() -> None:
    for block in sent_body("slack", LONG)[2]["blocks"]:
        assert len(block.get("text", {}).get("text", "")) <= 3000
    (embed,) = sent_body("discord", LONG)[2]["embeds"]
    assert all(len(field["value"]) <= 1024 and len(field["name"]) <= 256 for field in embed["fields"])
    total = sum(map(len, words(embed)))
    assert total <= 6000
    assert len(sent_body("telegram", LONG)[2]["text"]) <= 4096
    for one in (LONG, taken(an_alert(headline="@." * 140))):
        assert 60 < len(sent_body("opsgenie", one)[2]["message"]) <= 130
    assert len(sent_body("pagerduty", LONG)[2]["payload"]["summary"]) <= 1024


def test_a_template_longer_than_a_chat_takes_loses_whole_lines_and_says_so() -> None:
    text = "\n".join(["first", *(f"line {number}: " + "a*b & <c> " * 8 for number in range(150))])
    one = replace(taken(), written=text)
    blocks = sent_body("slack", one)[2]["blocks"]
    (embed,) = sent_body("discord", one)[2]["embeds"]
    (attached,) = sent_body("mattermost", one)[2]["attachments"]
    shown = {
        "slack": (blocks[1]["text"]["text"], 3000),
        "discord": (embed["description"], 4096),
        "mattermost": (attached["text"], 16_383),
        "telegram": (sent_body("telegram", one)[2]["text"], 4096),
    }
    for name, (written, limit) in shown.items():
        assert len(written) <= limit, name
        assert "line 9: " in written.replace("\\", ""), name
        assert re.search(r"… and \d+ more lines", written), name
        assert "line 149" not in written, name


# ---------------------------------------------------------------- pagers, options


def test_an_apprise_server_is_told_whom_to_tell_and_how_urgent_it_is() -> None:
    with receiver(answer("200 OK")) as there:
        send(f"apprise+http://127.0.0.1:{there.port}/notify/desk?tag=night", taken())
        first, _, body = there.requests[0]
    told = json.loads(body)
    assert first == "POST /notify/desk HTTP/1.1"
    assert (told["tag"], told["type"], told["format"]) == ("night", "warning", "text")
    assert told["body"].splitlines()[1:4] == [
        "A  Ada Brook says, in Valley News, 2024-03-26 10:00 UTC",
        "“the dam was cracked”",
        "https://news.example/1",
    ]
    assert "tag" not in sent_body("apprise")[2]


def test_alerts_of_one_conflict_are_one_incident_of_a_pager() -> None:
    one, other = taken(an_alert(id=1)), taken(an_alert(id=2, headline="later"))
    alone = taken(an_alert(group=None))
    for name, key in (("pagerduty", "dedup_key"), ("opsgenie", "alias")):
        keys = [sent_body(name, each)[2][key] for each in (one, other, alone)]
        assert keys[0] == keys[1] != keys[2]


def test_keys_of_pagers_and_chats_go_where_they_belong_and_not_into_the_address() -> None:
    first, _, body = sent_body("pagerduty")
    assert body["routing_key"] == "R0UTINGKEY"
    assert "R0UTINGKEY" not in first
    first, headers, body = sent_body("opsgenie")
    assert headers["authorization"] == "GenieKey GEN1EKEY"
    assert "GEN1EKEY" not in first + json.dumps(body)
    assert sent_body("telegram")[2]["chat_id"] == "-100"


@pytest.mark.parametrize("scheme", [scheme for scheme in CHANNELS if "+" in scheme])
def test_every_service_checks_its_address(scheme: str) -> None:
    name = scheme.partition("+")[0]
    assert check_receiver_url(f"{scheme}://127.0.0.1/hook{QUERIES.get(name, '')}") == ""
    assert "needs a host" in check_receiver_url(f"{scheme}:///hook")
    if name in QUERIES:
        assert "the address needs" in check_receiver_url(f"{scheme}://127.0.0.1/hook")
