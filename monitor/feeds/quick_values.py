"""Single values of a feed, mended in the same way as feedparser mends them."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from feedparser.datetimes import _parse_date
from feedparser.html import _cp1252
from feedparser.mixin import _FeedParserMixin

from monitor.feeds.drafts import Words

_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}>")
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([^\"']{1,64})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,64})", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_]")
_PLAIN_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html"}
_WINDOWS = re.compile("[\x80-\x9f]")

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_RFC_822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun), )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:gmt|utc?|z|([+-])(\d\d)(\d\d))",
    re.ASCII | re.IGNORECASE,
)
_W3C = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)


def is_ours_to_read(body: bytes, content_type: str) -> bool:
    """Whether a document is UTF-8 by every sign, and has no document type with declarations of its own."""
    if not body.startswith((b"<", b"\xef\xbb\xbf<")):
        return False
    root = _ROOT.search(body, 0, 65536)
    if root is None or b"<!D" in body[: root.start()] or b"<!E" in body[: root.start()]:
        return False
    declaration = _DECLARATION.match(body.removeprefix(b"\xef\xbb\xbf")[:300])
    declared = _DECLARED.search(declaration[0]) if declaration else None
    charset = _CHARSET.search(content_type)
    given = [declared[1].decode("latin-1")] if declared else []
    given += [charset[1]] if charset else []
    if any(name.lower() not in ("utf-8", "utf8") for name in given):
        return False
    # Without any word on it, feedparser takes a document for ISO-8859-1 first.
    return bool(given) or bool(content_type) or body.isascii()


def type_of(given: str) -> str:
    """The media type of a text; empty: one that the quick reader does not read."""
    kind = given.lower()
    kind = _PLAIN_TYPES.get(kind, kind)
    return kind if kind in ("text/plain", "text/html") else ""


def mended(text: str, kind: str, *, is_atom: bool) -> Words:
    """A text of this media type as feedparser would keep it."""
    if kind == "text/plain" and not is_atom and ("</" in text or "&" in text):
        # feedparser's look, which never takes a text without either for markup
        kind = "text/html" if _FeedParserMixin.looks_like_html(text) else kind
    return Words(mended_line(text), kind != "text/plain")


def mended_line(text: str) -> str:
    """A value without a media type (a date, an address, a name) as feedparser would keep it."""
    if not text.isascii():
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            text = text.encode("iso-8859-1").decode("utf-8")
        if _WINDOWS.search(text):
            text = text.translate(_cp1252)
    return text


def date_of(value: str) -> datetime | None:
    """A date in any of the forms that feedparser knows; the two common ones are read here."""
    try:
        if found := _RFC_822.fullmatch(value):
            day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
            month = _MONTHS.get(name.lower(), 0)
        elif found := _W3C.fullmatch(value):
            year, name, day, hour, minute, second, sign, hours, minutes = found.groups()
            month = int(name)
        if found and month:
            at = datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
            if sign:
                offset = timedelta(hours=int(hours), minutes=int(minutes))
                at = at - offset if sign == "+" else at + offset
            return at
    except (ValueError, OverflowError):
        pass  # the 31st of June: feedparser shall say what it is
    parsed = _parse_date(value)
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
