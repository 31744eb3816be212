"""Feed documents cut into entries by their bytes, so that only entries not seen before need be read.

Entries that were read before are recognised by the hash of their bytes; what is left of the document,
with only the new entries in it, is a feed too. Where a cut might fall elsewhere than where an XML parser
sees an entry (inside CDATA or a comment, in nested or unbalanced tags, in an encoding in which "<" may be
half of a letter), there is no cut, and the whole document is read.
"""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.feeds.drafts import MOST_ENTRIES

#: Part of every digest: another way of reading makes all entries unseen.
_READING = b"1"
_DIGEST_BYTES = 8
_ENTRY = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry))(?=[\s>])")
_OPENING = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:channel|feed)\b[^>]{0,8000}>")
_DECLARED = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,64})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,64})", re.IGNORECASE)
#: In these a byte "<" is always a "<".
_SAFE_ENCODING = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]", re.IGNORECASE
)
# One letter in front lets the search skip from "<" to "<".
_OPENED = re.compile(rb"<(?:!--|!\[CDATA\[)")
# Found by an expression in half the time that `in` takes.
_CLOSED = re.compile(rb"-->")
#: A name that stands in more places is a word.
_MOST_MENTIONS = 200
_BLANKS = b" >\t\r\n"
_BEFORE_ID = frozenset(b">[\"' \t\r\n")
_AFTER_ID = frozenset(b"<]\"' \t\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where the entries of a document are."""

    body: bytes
    # Half-open byte ranges, in order, apart from each other; at least one.
    ranges: Sequence[tuple[int, int]]
    # One for each range.
    digests: Sequence[bytes]

    def unseen(self, seen: frozenset[bytes]) -> tuple[int, ...]:
        """The numbers of the entries whose digests are not among `seen`."""
        return tuple(number for number, digest in enumerate(self.digests) if digest not in seen)

    def only(self, numbers: Sequence[int]) -> bytes:
        """The document with these entries alone."""
        kept, pieces, at = set(numbers), [], 0
        for number, (start, end) in enumerate(self.ranges):
            pieces.append(self.body[at:end] if number in kept else self.body[at:start])
            at = end
        return b"".join((*pieces, self.body[at:]))

    def names_alone(self, identity: str, numbers: Sequence[int]) -> bool:
        """Whether a guid or address stands in some of these entries and in no other of the document.

        What several entries share names none of them, and only the whole document tells.
        """
        asked = identity.encode().replace(b"&", b"&amp;")
        starts = [start for start, _ in self.ranges]
        mine, mentions, own = set(numbers), 0, False
        at = self.body.find(asked)
        while at >= 0:
            mentions += 1
            if bisect_right(starts, at) - 1 in mine:
                own = True
            elif mentions > _MOST_MENTIONS or self._is_whole(at, at + len(asked)):
                return False
            at = self.body.find(asked, at + len(asked))
        return own

    def _is_whole(self, start: int, end: int) -> bool:
        return self.body[start - 1] in _BEFORE_ID and end < len(self.body) and self.body[end] in _AFTER_ID


def cut(body: bytes, content_type: str) -> Cut | None:
    """The entries of a document; None: it has none, or where they are cannot be trusted.

    Takes time in proportion to the document's length.
    """
    ranges = _ranges(body) if _is_safe(body, content_type) else None
    if not ranges or len(ranges) > MOST_ENTRIES or not _is_tidy(body, ranges):
        return None
    head = body[: ranges[0][0]]
    opening = _OPENING.search(head)
    if opening is None:
        return None
    # Namespaces, base and language of the root count for each entry; dates and titles of the feed do not.
    frame = hashlib.blake2b(_READING + content_type.encode() + head[: opening.end()], digest_size=16).digest()
    digests = tuple(
        hashlib.blake2b(body[start:end], digest_size=_DIGEST_BYTES, key=frame).digest()
        for start, end in ranges
    )
    return Cut(body=body, ranges=ranges, digests=digests)


def _is_safe(body: bytes, content_type: str) -> bool:
    if b"\0" in body[:64] or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    declared = _DECLARED.match(body.removeprefix(b"\xef\xbb\xbf").lstrip()[:300])
    charset = _CHARSET.search(content_type)
    names = [declared[1].decode("latin-1")] if declared else []
    names += [charset[1]] if charset else []
    return all(_SAFE_ENCODING.fullmatch(name) for name in names)


def _ranges(body: bytes) -> list[tuple[int, int]]:
    """From each opening tag of an entry to the closing tag after it; empty where they do not take turns."""
    first = _ENTRY.search(body)
    if first is None:
        return []
    name = re.escape(first[1])
    ranges: list[tuple[int, int]] = []
    start = -1
    for tag in re.compile(rb"<(?:%b(?=[%b])|(/)%b)" % (name, _BLANKS, name)).finditer(body, first.start()):
        if (start < 0) is (tag[1] is not None) or len(ranges) > MOST_ENTRIES:
            return []
        if tag[1] is None:
            start = tag.start()
            continue
        after = body.find(b">", tag.end()) + 1
        if after == 0 or body[tag.end() : after - 1].strip():
            return []
        ranges.append((start, after))
        start = -1
    return ranges if start < 0 else []


def _is_tidy(body: bytes, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether no CDATA section and no comment reaches from one part of the document into another."""
    # In an order in which most documents are looked through once.
    is_plain = _OPENED.search(body) is None and (b"]" not in body or b"]]>" not in body)
    if is_plain and _CLOSED.search(body) is None:
        return True
    at = 0
    for start, end in ranges:
        if not (_is_balanced(body, at, start) and _is_balanced(body, start, end)):
            return False
        at = end
    return _is_balanced(body, at, len(body))


def _is_balanced(body: bytes, start: int, end: int) -> bool:
    return body.count(b"<![CDATA[", start, end) == body.count(b"]]>", start, end) and (
        body.count(b"<!--", start, end) == body.count(b"-->", start, end)
    )


def packed(digests: Sequence[bytes]) -> str:
    """Digests as the ledger keeps them."""
    return base64.b64encode(b"".join(digests)).decode("ascii")


def unpacked(kept: str) -> frozenset[bytes]:
    """What `packed` made; empty where it is no such text."""
    try:
        raw = base64.b64decode(kept, validate=True)
    except ValueError:
        return frozenset()
    return frozenset(raw[at : at + _DIGEST_BYTES] for at in range(0, len(raw), _DIGEST_BYTES))
