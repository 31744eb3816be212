"""Signatures of webhooks: HMAC-SHA256 over `timestamp.body`, by one key or, while it is changed, by two.

The keys stand behind the `#` of a receiver's URL, which never goes over the wire:
`webhook+https://host/path#sign=2026a:SECRET,2026b:OTHER`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

SIGNATURE = "Claimwatch-Signature"
TIMESTAMP = "Claimwatch-Timestamp"
#: Seconds that a request may be old, or ahead of the receiver's clock.
TOLERANCE_S = 300
#: Bytes of a key at least.
SHORTEST_KEY = 16
MOST_KEYS = 2

_OPTION = "sign="
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class SignatureError(Exception):
    """The request is not from whoever has the key, or too old."""


def read_keys(fragment: str) -> dict[str, bytes]:
    """Key id → key, of what stands behind the #; empty: nothing is signed. Raises ValueError, in words."""
    if not fragment:
        return {}
    if not fragment.startswith(_OPTION):
        raise ValueError("behind the # of a webhook's address stands sign=KEYID:SECRET")
    keys: dict[str, bytes] = {}
    for one in fragment.removeprefix(_OPTION).split(","):
        name, colon, secret = one.partition(":")
        key = unquote(secret).encode()
        if not colon or not _KEY_ID.fullmatch(name):
            raise ValueError("a key is written KEYID:SECRET, the id in letters, digits, dots and dashes")
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"key {name} is shorter than {SHORTEST_KEY} characters")
        keys[name] = key
    if len(keys) > MOST_KEYS:
        raise ValueError("two keys at most: the one to come and the one to go")
    return keys


def signature_headers(keys: Mapping[str, bytes], at: datetime, body: bytes) -> dict[str, str]:
    """The headers that sign a body, by each key; none without keys."""
    if not keys:
        return {}
    timestamp = str(int(at.timestamp()))
    signed = ",".join(f"{name}={_signature(key, timestamp, body)}" for name, key in keys.items())
    return {TIMESTAMP: timestamp, SIGNATURE: signed}


def verify(headers: Mapping[str, str], body: bytes, keys: Mapping[str, bytes], *, now: datetime) -> str:
    """The id of the key that signed this body within the last five minutes. Raises SignatureError.

    For receivers; `headers` by their names in whatever case, `body` as received, byte for byte. One good
    signature is enough, so that keys can be changed one side after the other.
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp, signed = given.get(TIMESTAMP.lower(), ""), given.get(SIGNATURE.lower(), "")
    if not timestamp.isdecimal() or not timestamp.isascii() or len(timestamp) > 15 or not signed:
        raise SignatureError("the request is not signed")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_S:
        raise SignatureError("the request is too old, or from the future")
    for one in signed.split(","):
        name, _, value = one.strip().partition("=")
        key = keys.get(name)
        if key is not None and hmac.compare_digest(
            _signature(key, timestamp, body).encode(), value.encode("utf-8", "replace")
        ):
            return name
    raise SignatureError("no known key signed this body")


def _signature(key: bytes, timestamp: str, body: bytes) -> str:
    return hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
