"""The table of channels, the checks of receivers' URLs, and the channels that need no network."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import cast

import pytest
from receivers import an_alert, claim, taken

from monitor.errors import DeliveryError, DeliveryReason, FetchReason
from monitor.feeds.egress import Egress
from monitor.notify import CHANNELS, check_receiver_url, deliver, retryable, shown_url
from monitor.notify.message import message, message_line
from monitor.notify.outcomes import outcome_of_failure
from monitor.notify.text import text
from monitor.store.queries import AlertRecord, as_json

NO_NETWORK = cast(Egress, None)


def send(url: str, alert: AlertRecord | None = None) -> str:
    return asyncio.run(deliver(taken(alert), url, NO_NETWORK)).detail


# ---------------------------------------------------------------- receivers' URLs


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("stdout:", ""),
        ("stdout:?format=json", ""),
        ("stdout:?format=xml", "stdout: knows format text and json"),
        ("stdout:?colour=1", "stdout: has no option 'colour', only format"),
        ("stdout://somewhere", "stdout: takes no address"),
        ("file:/var/log/alerts.jsonl", ""),
        ("file:///var/log/alerts.jsonl", ""),
        ("file:alerts.jsonl", "file: needs an absolute path"),
        ("file://elsewhere/alerts", "file: needs an absolute path"),
        ("webhook+https://alerts.example.org/hook", ""),
        ("WEBHOOK+HTTPS://alerts.example.org/hook", ""),
        ("webhook+http://127.0.0.1:9000", ""),
        ("webhook+https:///hook", "a webhook needs a host"),
        ("webhook+https://host:99999/hook", "the webhook's address is malformed"),
        ("webhook+https://host/a b", "holds white space"),
        ("webhook+https://host/a#b", "behind the # of a webhook"),
        ("https://hooks.example.org/x", "https: is not a channel; write webhook+https:"),
        ("slack://token@channel", "unknown channel slack:"),
        ("just words", "the URL has no scheme"),
        ("", "the URL has no scheme"),
    ],
)
def test_a_receivers_url_is_checked_without_a_connection(url: str, complaint: str) -> None:
    said = check_receiver_url(url)
    assert said.startswith(complaint) if "holds" not in complaint else complaint in said
    assert bool(said) == bool(complaint)


def test_an_unknown_channel_is_told_with_those_that_exist() -> None:
    said = check_receiver_url("slack://xoxb-secret@channel")
    assert all(f"{scheme}:" in said for scheme in CHANNELS)
    assert "secret" not in said


def test_a_bad_receiver_fails_once_and_for_all() -> None:
    with pytest.raises(DeliveryError, match="receiver 'desk': unknown channel slack") as caught:
        send("slack://token@channel")
    assert caught.value.reason is DeliveryReason.BAD_RECEIVER
    assert not retryable(caught.value.reason)


@pytest.mark.parametrize("scheme", CHANNELS)
def test_every_channel_accepts_its_own_example(scheme: str) -> None:
    example = CHANNELS[scheme].example.split()[0]
    assert example.startswith(f"{scheme}:")
    assert check_receiver_url(example) == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("webhook+https://hooks.example.org/T00/B00/xyz", "webhook+https://hooks.example.org/…"),
        ("webhook+https://me:pw@hooks.example.org:8443/", "webhook+https://hooks.example.org:8443"),
        ("webhook+http://[::1]:9000/?key=1", "webhook+http://[::1]:9000/…"),
        ("file:/var/log/alerts.jsonl", "file:…"),
        ("stdout:", "stdout:"),
        ("webhook+https://host:99999/x", "…"),
        ("nonsense", "…"),
    ],
)
def test_of_a_receivers_url_only_where_it_leads_is_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_every_failure_of_a_fetch_has_an_outcome_of_a_delivery() -> None:
    outcomes = {reason: outcome_of_failure(reason) for reason in FetchReason}
    assert outcomes[FetchReason.FORBIDDEN_ADDRESS] is DeliveryReason.FORBIDDEN_ADDRESS
    assert outcomes[FetchReason.DNS] is DeliveryReason.CONNECT
    assert DeliveryReason.ACCEPTED not in outcomes.values()


# ---------------------------------------------------------------- text and payload

CONTRADICTION_AS_TEXT = """\
[HIGH] contradiction: Ada Brook: “the dam was cracked” — Carl Weir: “it never was”
  why: One asserts what the other denies.
  A  Ada Brook (says), in Valley News, 2024-03-26 10:00 UTC
     “the dam was cracked”
     https://news.example/1
  B  Carl Weir (denies, as the publisher puts it), in River Post, 2024-03-26 10:00 UTC
     “it never was”
     https://news.example/2
  rules: dam · alert 12 · 2024-03-26 10:00 UTC"""


def test_a_person_reads_both_sides_with_their_words() -> None:
    assert text(taken(an_alert())) == CONTRADICTION_AS_TEXT


def test_own_voice_and_matches_have_their_own_wording() -> None:
    own = claim(3, "River Post", "nobody knows", "River Post", kind="own_voice", hedged=True)
    assert "  •  River Post, in its own words, 2024-03-26" in text(
        taken(an_alert(kind="new_claim", claims=(own,)))
    )
    assert text(taken(an_alert(kind="match", claims=(), reason=""))).count("\n") == 1


def test_no_feed_can_steer_the_terminal_that_shows_an_alert() -> None:
    evil = claim(3, "Eve\x1b]0;owned\x07", "red\x1b[31m\nfake: line\u202e", "P\x00\r")
    shown = text(taken(an_alert(headline="a\x1b[2Jb\nc", claims=(evil,))))
    assert shown.replace("\n", "").isprintable()
    assert shown.count("\n") == 5


def test_the_payload_is_versioned_and_holds_whole_claims() -> None:
    payload = message(an_alert())
    assert list(payload) == [
        "version",
        "id",
        "kind",
        "severity",
        "headline",
        "reason",
        "rules",
        "labels",
        "group",
        "claims",
        "created_at",
    ]
    assert payload["version"] == 1
    assert payload["created_at"] == "2024-03-26T10:00:00Z"
    assert payload["claims"] == [as_json(one) for one in an_alert().claims]


# ---------------------------------------------------------------- stdout and file


def test_stdout_prints_text_or_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    send("stdout:")
    assert capsys.readouterr().out == CONTRADICTION_AS_TEXT + "\n\n"
    send("stdout:?format=json")
    written = capsys.readouterr().out
    assert written.count("\n") == 1
    assert json.loads(written) == message(an_alert())


def test_a_file_gets_a_line_for_each_alert_and_is_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "alerts 1.jsonl"
    for _ in range(2):
        send(f"file:{tmp_path}/alerts%201.jsonl")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [message(an_alert())] * 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["missing/alerts.jsonl", "."])
def test_a_file_that_cannot_be_written_is_a_bad_receiver(tmp_path: Path, path: str) -> None:
    with pytest.raises(DeliveryError, match="cannot append") as caught:
        send(f"file:{tmp_path}/{path}")
    assert caught.value.reason is DeliveryReason.BAD_RECEIVER


def test_a_full_disk_is_worth_another_try() -> None:
    with pytest.raises(DeliveryError, match="cannot append: No space left") as caught:
        send("file:/dev/full")
    assert retryable(caught.value.reason)


def test_a_line_of_json_is_safe_in_a_terminal() -> None:
    line = message_line(taken(an_alert(headline="a\x1b[2Jb\u202e")))
    assert line.isascii()
    assert line.isprintable()
