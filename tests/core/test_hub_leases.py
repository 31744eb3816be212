"""How far hubs are believed: leases, waits, signatures."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.types import Hub, Push
from monitor.core.websub import (
    LONGEST_LEASE,
    MOST_MISSED,
    SHORTEST_LEASE,
    UNSAID_LEASE,
    Identity,
    Signature,
    has_missed,
    is_relied_on,
    lease_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_push(**fields: object) -> Push:
    return Push(hub=Hub("h", "t"), state="live", **fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("said", "lease"),
    [
        ("86400", timedelta(days=1)),
        ("1", SHORTEST_LEASE),
        ("999999999", LONGEST_LEASE),
        ("", UNSAID_LEASE),
        ("-5", UNSAID_LEASE),
        ("1e9", UNSAID_LEASE),
        ("٣٠٠", UNSAID_LEASE),
    ],
)
def test_a_lease_is_honoured_within_limits(said: str, lease: timedelta) -> None:
    assert lease_of(said) == lease


def test_only_a_living_subscription_without_gaps_is_relied_on() -> None:
    assert is_relied_on(a_push(live_until=NOW + HOUR), now=NOW)
    assert not is_relied_on(a_push(live_until=NOW), now=NOW)
    assert not is_relied_on(a_push(live_until=NOW + HOUR, missed=MOST_MISSED), now=NOW)
    assert not is_relied_on(None, now=NOW)


def test_news_without_a_push_since_the_last_poll_were_missed() -> None:
    live = {"live_until": NOW + HOUR}
    assert has_missed(a_push(**live), last_polled_at=NOW - HOUR, now=NOW)
    assert has_missed(a_push(**live, pushed_at=NOW - 2 * HOUR), last_polled_at=NOW - HOUR, now=NOW)
    assert not has_missed(a_push(**live, pushed_at=NOW - HOUR / 2), last_polled_at=NOW - HOUR, now=NOW)
    assert not has_missed(a_push(**live), last_polled_at=None, now=NOW)
    assert not has_missed(a_push(), last_polled_at=NOW - HOUR, now=NOW)


@pytest.mark.parametrize(
    ("header", "fits"),
    [
        ("sha256={}", True),
        (" SHA256 = {}", True),
        ("sha1={}", False),
        ("md5={}", False),
        ("{}", False),
        ("sha256=", False),
        ("sha256=é", False),
        ("", False),
    ],
)
def test_a_signature_fits_the_secret_and_all_of_the_body(header: str, fits: bool) -> None:
    digest = hmac.new(b"secret", b"all of it", hashlib.sha256).hexdigest()
    signature = Signature(header.format(digest), "secret")
    signature.add(b"all ")
    assert not signature.fits()
    signature.add(b"of it")
    assert signature.fits() is fits


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_the_standard_is_understood(method: str) -> None:
    digest = hmac.new(b"secret", b"body", getattr(hashlib, method)).hexdigest()
    signature = Signature(f"{method}={digest}", "secret")
    signature.add(b"body")
    assert signature.fits()


def test_our_address_stands_behind_the_public_one() -> None:
    us = Identity("https://a.example/claims/", "key")
    assert us.callback("T") == "https://a.example/claims/websub/T"


def test_tokens_and_secrets_follow_from_the_key_and_the_nonce_alone() -> None:
    us, others = Identity("https://a.example", "one key"), Identity("https://a.example", "another key")
    made = {us.token("n"), us.secret("n"), us.mark, us.token("m"), others.token("n"), others.mark}
    assert len(made) == 6
    assert us.token("n") == Identity("https://b.example", "one key").token("n")
    assert all(len(text) == 43 for text in made)
    assert "one key" not in repr(us)
