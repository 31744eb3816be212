"""Subscribing to hubs (W3C WebSub): when to ask again, how far to believe a hub, and who signed.

Pure: times and bytes come in as values.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.types import Push

#: What we ask for, and what of a hub's answer is honoured.
WANTED_LEASE = timedelta(days=10)
SHORTEST_LEASE = timedelta(minutes=10)
LONGEST_LEASE = timedelta(days=30)
#: Where a hub does not say.
UNSAID_LEASE = timedelta(days=1)
#: A subscription is renewed when so much of it is over.
RENEWED_AFTER = 0.8
#: How long a hub has to verify what we asked for, and the waits after failures; the last one stays.
WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
#: A hub that has left out news so often in a row is not relied on.
MOST_MISSED = 3
#: A push makes a feed due no sooner than this after its last poll, so that repeating one gains nothing.
PUSH_SPACING = timedelta(seconds=10)
#: While a hub tells of news, a feed whose interval nobody wrote is asked this often all the same.
SAFETY_POLL = timedelta(hours=1)
#: A push that finds the document unchanged is looked after once more: caches lag behind their publishers.
LAGGING = timedelta(minutes=1)

_LEASE = re.compile(r"\d{1,9}", re.ASCII)
# All that WebSub names. SHA-1 is kept, as large hubs sign with nothing else, and HMAC does not need a hash
# without collisions (RFC 6151 says the same of MD5).
_METHODS = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


#: Where hubs reach us, behind our public address.
PATH = "/websub/"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to hubs: a public address, and the key from which tokens and secrets are made.

    So the ledger keeps neither: only what a subscription was made with, and a token's digest.
    """

    public_url: str
    key: str = field(repr=False)

    def token(self, nonce: str) -> str:
        """What nobody can guess in our address for a subscription: 43 characters of base64url."""
        return self._made("token", nonce)

    def secret(self, nonce: str) -> str:
        """What the hub of a subscription signs with."""
        return self._made("secret", nonce)

    def callback(self, token: str) -> str:
        """Our address for one subscription; whoever knows it speaks for the hub."""
        return f"{self.public_url.rstrip('/')}{PATH}{token}"

    @property
    def mark(self) -> str:
        """Another one for another address or key: subscriptions made with that are made anew."""
        return self._made("mark", self.public_url)

    def _made(self, purpose: str, of: str) -> str:
        made = hmac.digest(self.key.encode(), f"{purpose}:{of}".encode(), "sha256")
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def token_digest(token: str) -> str:
    """By what the ledger knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def wait_after(tries: int) -> timedelta:
    """How long after so many tries without success (1 and more) a hub is asked again."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1]


def lease_of(seconds: str) -> timedelta:
    """How long a subscription holds, as a hub says; nonsense is a day."""
    if not _LEASE.fullmatch(seconds):
        return UNSAID_LEASE
    return min(max(timedelta(seconds=int(seconds)), SHORTEST_LEASE), LONGEST_LEASE)


def is_relied_on(push: Push | None, *, now: datetime) -> bool:
    """Whether a feed's hub tells of its news, so that polls are only the safety net."""
    return (
        push is not None
        and push.live_until is not None
        and push.live_until > now
        and push.missed < MOST_MISSED
    )


def has_missed(push: Push, *, last_polled_at: datetime | None, now: datetime) -> bool:
    """Whether news that a poll has just found were not told of: no push since the poll before."""
    if push.live_until is None or push.live_until <= now or last_polled_at is None:
        return False
    return push.pushed_at is None or push.pushed_at < last_polled_at


def has_just_told(push: Push | None, *, now: datetime) -> bool:
    """Whether news were told of so lately that caches may not have them yet."""
    return push is not None and push.pushed_at is not None and now - push.pushed_at < LAGGING


class Signature:
    """Of a body that comes in pieces: `X-Hub-Signature: method=hex`."""

    def __init__(self, header: str, secret: str) -> None:
        method, _, digest = header.strip().partition("=")
        self._claimed = digest.strip().lower()
        made = _METHODS.get(method.strip().lower())
        self._hmac = None if made is None else hmac.new(secret.encode(), digestmod=made)

    def add(self, piece: bytes) -> None:
        """The next bytes."""
        if self._hmac is not None:
            self._hmac.update(piece)

    def fits(self) -> bool:
        """Whether who sent it has the secret; compared in constant time."""
        if self._hmac is None:
            return False
        return hmac.compare_digest(self._hmac.hexdigest().encode(), self._claimed.encode())
