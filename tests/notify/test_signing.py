"""Signed webhooks: what a receiver can rely on, and what it refuses."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from receivers import AT, answer, receiver
from test_services import send

from monitor.notify import check_receiver_url, shown_url
from monitor.notify.secrets import scrub
from monitor.notify.signing import SignatureError, read_keys, signature_headers, verify

KEYS = {"2026a": b"correct horse battery"}
BOTH = {**KEYS, "2026b": b"another key entirely"}
PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")


def received(fragment: str) -> tuple[dict[str, str], bytes]:
    with receiver(answer("200 OK")) as one:
        send(f"{one.url}#{fragment}")
        first, headers, body = one.requests[0]
    assert "#" not in first
    assert "correct" not in first + str(headers)
    return headers, body


def test_a_signed_webhook_is_verified_by_either_key() -> None:
    headers, body = received("sign=2026a:correct%20horse%20battery,2026b:another%20key%20entirely")
    assert headers["claimwatch-timestamp"] == str(int(AT.timestamp()))
    assert verify(headers, body, KEYS, now=AT) == "2026a"
    assert verify(headers, body, {"2026b": BOTH["2026b"]}, now=AT) == "2026b"


def test_without_keys_nothing_is_signed() -> None:
    with receiver(answer("200 OK")) as one:
        send(one.url)
        _, headers, body = one.requests[0]
    with pytest.raises(SignatureError, match="not signed"):
        verify(headers, body, KEYS, now=AT)


def test_ten_thousand_changed_requests_are_all_refused() -> None:
    body = b'{"headline":"the dam was cracked","severity":"high"}'
    headers = signature_headers(KEYS, AT, body)
    chance = random.Random(7)
    for _ in range(10_000):
        bad, bad_headers = bytearray(body), dict(headers)
        name = chance.choice(["body", *headers])
        if name == "body":
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        else:
            text = bytearray(headers[name].encode())
            text[chance.randrange(len(text))] ^= 1 << chance.randrange(7)
            bad_headers[name] = text.decode("utf-8", "replace")
        with pytest.raises(SignatureError):
            verify(bad_headers, bytes(bad), KEYS, now=AT)
    assert verify(headers, body, KEYS, now=AT) == "2026a"


@pytest.mark.parametrize("late", [-301, 301, 10**9])
def test_an_old_request_is_refused_though_its_signature_is_good(late: int) -> None:
    headers = signature_headers(KEYS, AT, b"{}")
    with pytest.raises(SignatureError, match="too old"):
        verify(headers, b"{}", KEYS, now=AT + timedelta(seconds=late))


def test_keys_are_changed_without_a_gap() -> None:
    """The receiver learns the new key, the sender signs with both, then with the new one alone."""
    old, new = dict([*BOTH.items()][:1]), dict([*BOTH.items()][1:])
    for sender, accepted in ((old, old), (old, BOTH), (BOTH, BOTH), (new, BOTH), (new, new)):
        headers = signature_headers(sender, AT, b"{}")
        assert verify(headers, b"{}", accepted, now=AT)


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("x", "stands sign="),
        ("sign=abc", "KEYID:SECRET"),
        ("sign=a b:0123456789abcdef", "white space"),
        ("sign=a:short", "shorter than 16"),
        ("sign=a:0123456789abcdef,b:0123456789abcdef,c:0123456789abcdef", "two keys at most"),
        ("sign=2026a:0123456789abcdef", ""),
    ],
)
def test_keys_that_make_no_sense_are_told_without_their_secret(fragment: str, said: str) -> None:
    told = check_receiver_url(f"webhook+https://alerts.example.org/hook#{fragment}")
    assert said in told
    assert bool(said) == bool(told)
    assert "0123456789abcdef" not in told


def test_the_key_is_never_shown() -> None:
    url = "webhook+https://alerts.example.org/#sign=2026a:0123456789abcdef"
    assert "0123" not in shown_url(url)
    assert "0123456789abcdef" not in scrub("you sent 0123456789abcdef", url)
    assert read_keys("sign=2026a:0123456789abcdef") == {"2026a": b"0123456789abcdef"}


def test_the_verification_on_the_page_accepts_and_refuses() -> None:
    (code,) = re.findall(r"```python\n(def verified.*?)```", PAGE, re.DOTALL)
    page = SimpleNamespace()
    exec(code, page.__dict__)
    headers = {name.lower(): value for name, value in signature_headers(BOTH, AT, b"{}").items()}
    assert page.verified(headers, b"{}", KEYS, now=AT.timestamp())
    assert not page.verified(headers, b"{ }", KEYS, now=AT.timestamp())
    assert not page.verified(headers, b"{}", {"other": b"0123456789abcdef"}, now=AT.timestamp())
    assert not page.verified(headers, b"{}", KEYS, now=AT.timestamp() + 301)
