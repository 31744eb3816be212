"""What a document says about being asked again, read from its frame: all of it but the entries.

Read by bytes and not by a parser, so that it holds whichever reader takes the document, and when none does
because no entry is new. What cannot be read this way (UTF-16, JSON) has no wishes.
"""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.core.types import Wishes

#: Most of the frame that is looked at, in bytes, before and after the entries.
_FRAME = 64 << 10
_FIRST = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>/]")
_LAST = (b"</item>", b"</entry>")
_IGNORED = re.compile(rb"<!--|<!\[CDATA\[")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_TTL = re.compile(rb"<ttl>\s*(\d{1,9})\s*</ttl>", re.IGNORECASE)
_SKIP = {
    name: re.compile(b"<%b>(.{0,2000}?)</%b>" % (name, name), re.IGNORECASE | re.DOTALL)
    for name in (b"skipHours", b"skipDays")
}
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")


def read_wishes(body: bytes) -> Wishes:
    """The wishes of a feed's document, whatever else is wrong with it; nonsense is no wish.

    RSS 2.0's `ttl`, `skipHours` and `skipDays`; hours may be 1 to 24, as in RSS 0.91. The syndication module
    of RSS 1.0 is left alone: WordPress writes its `updatePeriod` (hourly) into every feed, so that it says
    nothing of what the publisher wants.
    """
    frame = frame_of(body)
    every = _number(_TTL.search(frame)) * 60
    hours = {int(hour) % 24 for hour in _listed(b"skipHours", _HOUR, frame) if int(hour) <= 24}
    days = {_DAYS.index(day) for day in map(bytes.lower, _listed(b"skipDays", _DAY, frame)) if day in _DAYS}
    return Wishes(
        # A year is more than anybody honours, and keeps timedelta from overflowing.
        every=timedelta(seconds=min(every, 366 * 86400)) if every else None,
        skip_hours=tuple(sorted(hours)),
        skip_days=tuple(sorted(days)),
    )


def frame_of(body: bytes) -> bytes:
    """What stands before the first entry and after the last, without comments and CDATA; at most 128 KB."""
    first = _FIRST.search(body)
    start = first.start() if first else len(body)
    end = max(start, *(body.rfind(tag) for tag in _LAST))
    return _without_ignored(body[: min(start, _FRAME)] + b" " + body[end:][-_FRAME:])


def _without_ignored(frame: bytes) -> bytes:
    # By hand: a pattern would look for the end of each of a thousand comments that have none.
    kept, at = [], 0
    while begin := _IGNORED.search(frame, at):
        kept.append(frame[at : begin.start()])
        end = _ENDS[begin[0]]
        at = frame.find(end, begin.end()) + len(end)
        if at < len(end):
            return b"".join(kept)
    return b"".join([*kept, frame[at:]])


def _listed(name: bytes, each: re.Pattern[bytes], frame: bytes) -> list[bytes]:
    found = _SKIP[name].search(frame)
    return each.findall(found[1]) if found else []


def _number(found: re.Match[bytes] | None) -> int:
    return int(found[1]) if found else 0
