"""Addresses in documents: which ones need no second look."""

from __future__ import annotations

import re

#: Absolute, of plain letters, with nothing empty in it: joining it to a base or taking it apart and putting
#: it together again gives the same letters.
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[1-9]\d{0,4})?"
    r"(?:/[A-Za-z0-9._~!$&'()*+,:@%/=-]*)?"
    r"(?:\?[A-Za-z0-9._~!$&'()*+,:@%/=?-]+)?(?:\#[A-Za-z0-9._~!$&'()*+,:@%/=?-]+)?",
    re.ASCII,
)


def is_plain(link: str) -> bool:
    """Whether an address is absolute and ordinary, as nearly all are; the others want `urllib`'s care."""
    return _PLAIN.fullmatch(link) is not None
