"""Copies of one text: which articles have one origin, however lightly their outlets edited it.

Bottom-k sketches (Broder 1997; Thorup 2013) of word shingles with a fixed hash: the same text gives the same
keys on every machine and in every release, and the ledger finds copies by counting shared keys.
"""

from __future__ import annotations

import re
from hashlib import blake2b

#: Keys of one text; short texts have fewer.
KEY_COUNT = 32
# Words in a shingle: five survive a changed word here and there, and are hardly ever shared by chance.
_SHINGLE = 5
# Of 32 keys, so many shared mean a copy: at a third of shared shingles nearly half of the keys still meet.
_ENOUGH = 12
# A text below this many words says too little about itself: only its exact words make a copy.
_MIN_WORDS = 40
_WORD = re.compile(r"\w+")


def origin_keys(text: str) -> tuple[str, ...]:
    """KEY_COUNT hashes by which a copy of the text is found; empty for a text without words.

    A short text gives KEY_COUNT keys of its exact words: it has no copies but equal ones.
    """
    words = _WORD.findall(text.casefold())
    if not words:
        return ()
    if len(words) < _MIN_WORDS:
        whole = " ".join(words)
        return tuple(sorted(_key(f"{n}|{whole}") for n in range(KEY_COUNT)))
    shingles = {" ".join(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)}
    return tuple(sorted(map(_key, shingles))[:KEY_COUNT])


def is_copy(shared: int) -> bool:
    """Whether two texts that share so many keys have one origin."""
    return shared >= _ENOUGH


def _key(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
