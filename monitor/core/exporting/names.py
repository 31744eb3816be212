"""Names of exported things that stay the same in every export and every ledger: UUIDs, version 5."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha1

# A name space of our own, drawn once.
_NAMES = bytes.fromhex("0c6f5b0e6f3e4a559a1d4b8f2b1c7d90")


def name_of(key: Iterable[str]) -> str:
    """The same UUID for the same key (RFC 9562 §5.5; the library's `uuid` can also draw lots)."""
    written = "\x1f".join(key).encode("utf-8", "replace")
    number = bytearray(sha1(_NAMES + written, usedforsecurity=False).digest()[:16])
    number[6] = number[6] & 0x0F | 0x50
    number[8] = number[8] & 0x3F | 0x80
    digits = number.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
