"""Which entries are read on their own page, what comes of it, and when a page is tried again.

Pure: entries, failures and `now` come in as values.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.types import Entry, FullText, PlannedVersion
from monitor.errors import FetchError, FetchReason

#: Under so many letters a feed has hardly given more than a summary.
SUMMARY_LETTERS = 1_000
#: A feed that is read for the first time lists the past; pages of that are not read.
NEWS_WITHIN = timedelta(days=7)
#: How often a page is tried, and how long after the first and second failure that may pass by itself.
MOST_TRIES = 3
WAITS = (timedelta(minutes=1), timedelta(minutes=10))
LONGEST_WISH = timedelta(days=1)

_CUT_SHORT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\(…\)|\(\.\.\.\))\s*\W*\Z")
_PASSING = frozenset(
    {
        FetchReason.DNS,
        FetchReason.CONNECT,
        FetchReason.TIMEOUT,
        FetchReason.PROTOCOL,
        FetchReason.RATE_LIMITED,
    }
)


def wants_page(full_text: FullText, entry: Entry, *, now: datetime) -> bool:
    """Whether the page of an entry is to be read for its text.

    `when-summary-only`: where the longest text that the feed gives is short (under 1,000 letters), or breaks
    off with an ellipsis. Never without an address, and not for what was published over a week ago.
    """
    if full_text is FullText.NEVER or not entry.url:
        return False
    if entry.published_at is not None and entry.published_at < now - NEWS_WITHIN:
        return False
    if full_text is FullText.ALWAYS:
        return True
    return len(entry.text) < SUMMARY_LETTERS or _CUT_SHORT.search(entry.text[-20:]) is not None


def as_given(version: PlannedVersion) -> Entry:
    """The entry as short as the feed gave it, where its text is that of its page already."""
    entry = version.entry
    return replace(entry, text=entry.summary) if version.from_page else entry


def with_page(entry: Entry, *, title: str, text: str, lang: str) -> Entry | None:
    """The entry with the text of its page; None where the page gives no more words than the feed did.

    The feed's title and summary stay; the page's title is taken only where the feed gave none.
    """
    if len(text.split()) <= len(entry.text.split()):
        return None
    return replace(entry, title=entry.title or title, text=text, lang=lang or entry.lang)


def next_try(tries: int, error: FetchError, *, now: datetime) -> datetime | None:
    """When to try a page again after so many tries; None: never, somebody would have to mend something."""
    passing = error.reason in _PASSING or (
        error.reason is FetchReason.HTTP_STATUS
        and error.status is not None
        and (error.status >= 500 or error.status in (408, 425))
    )
    if not passing or tries >= MOST_TRIES:
        return None
    wait = WAITS[min(tries, len(WAITS)) - 1]
    wish = timedelta(seconds=min(error.retry_after_s or 0, LONGEST_WISH.total_seconds()))
    return now + max(wait, wish)
