"""What the readers of formats hand over, and how it becomes the entries of a snapshot.

Runs in the parse child. What leaves here is JSON: the parent builds the values from it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from monitor.feeds import language, plain
from monitor.feeds.links import is_plain

#: How `dropped` begins its words on entries that were not looked at, and on those that say nothing.
BEYOND = "entries after the first"
WORDLESS = "entries without any words"

#: Limits of one document; what is beyond is cut or left out, and counted in `dropped`.
MOST_ENTRIES = 2_000
#: Lines of a sitemap index that are handed on; how many of them are read is the poller's to say.
MOST_SITEMAPS = 1_000
MOST_LETTERS = 8_000_000
LONGEST_TEXT = 1_000_000
LONGEST_TITLE = 1_000
LONGEST_NAME = 500
LONGEST_URL = 2_048
LONGEST_GUID = 1_000
#: Markup longer than this is cut before it is read.
_LONGEST_MARKUP = 4_000_000

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=5)
_ABSURDLY_AHEAD = timedelta(days=366)


# A tuple, and so is a draft: each entry makes several, and a frozen dataclass takes three times as long.
class Words(NamedTuple):
    """A piece of text as a feed carries it."""

    text: str
    is_html: bool


class Draft(NamedTuple):
    """An entry as a format's reader found it: nothing cleaned, nothing checked."""

    guid: str = ""
    url: str = ""
    title: Words = Words("", False)
    summary: Words = Words("", False)
    texts: tuple[Words, ...] = ()
    author: str = ""
    lang: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapDraft:
    """A line of a sitemap index as it stands there."""

    url: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFeed:
    """A document as a format's reader found it."""

    format: str
    title: Words
    link: str
    lang: str
    entries: Iterator[Draft]
    complaint: str = ""
    sitemaps: tuple[SitemapDraft, ...] = ()
    # What only the reader of its format finds: the hub that it offers, and what it is called there.
    hub: str = ""
    topic: str = ""


def finish(
    feed: DraftFeed, *, url: str, now: datetime, lang: str = "", keep_wordless: bool = False
) -> dict[str, Any]:
    """The snapshot, as JSON. `url` is where the document came from: links are relative to it.

    `lang` is what our settings say of the feed; they know better than the feed.
    `keep_wordless`: entries that are an address and nothing else stay, as their pages will be read.
    """
    desk = _Desk(url, now, language.declared_code(lang), language.declared_code(feed.lang), keep_wordless)
    entries: list[dict[str, Any]] = []
    for draft in feed.entries:
        if len(entries) >= MOST_ENTRIES:
            desk.dropped[f"{BEYOND} {MOST_ENTRIES:,}"] += 1
        elif desk.letters >= MOST_LETTERS:
            desk.dropped[f"{BEYOND} {MOST_LETTERS:,} letters"] += 1
        else:
            entry = desk.entry(draft)
            if entry is not None:
                entries.append(entry)
    complaints = [plain.one_line(feed.complaint)[:200]] if feed.complaint else []
    if shared := _forget_shared_guids(entries):
        complaints.append(f"{shared} entries share a guid with another one that has a different link")
    sitemaps = [
        {"url": link, "changed_at": one.changed_at.isoformat() if one.changed_at else None}
        for one in feed.sitemaps[:MOST_SITEMAPS]
        if (link := desk.link(one.url))
    ]
    return {
        "format": feed.format,
        "title": desk.line(feed.title, LONGEST_TITLE, "feed titles"),
        "link": desk.link(feed.link),
        "lang": language.declared_code(feed.lang),
        "entries": entries,
        "dropped": dict(sorted(desk.dropped.items())),
        "complaint": "; ".join(complaints),
        "sitemaps": sitemaps,
        # One letter too long is refused; cut, it would be another address.
        "hub": feed.hub[: LONGEST_URL + 1],
        "topic": feed.topic[: LONGEST_URL + 1],
    }


def _forget_shared_guids(entries: Iterable[dict[str, Any]]) -> int:
    """Take the guid from entries that share it but link elsewhere: it names none of them."""
    links: dict[str, set[str]] = {}
    for entry in entries:
        if entry["guid"] and entry["url"]:
            links.setdefault(entry["guid"], set()).add(entry["url"])
    forgotten = 0
    for entry in entries:
        if entry["url"] and len(links.get(entry["guid"], ())) > 1:
            entry["guid"] = ""
            forgotten += 1
    return forgotten


class _Desk:
    """Cleans the entries of one document and counts what was cut."""

    def __init__(self, url: str, now: datetime, told: str, lang: str, keep_wordless: bool) -> None:
        self.dropped: Counter[str] = Counter()
        self.letters = 0
        self._told = told
        self._lang = lang
        self._keep_wordless = keep_wordless
        self._url = url
        self._now = now

    def entry(self, draft: Draft) -> dict[str, Any] | None:
        title = self.line(draft.title, LONGEST_TITLE, "titles")
        if draft.texts:
            # Many feeds give the same text as summary and as content.
            read = {words: self.text(words) for words in (draft.summary, *draft.texts)}
            summary = read[draft.summary]
            text = max([summary, *(read[words] for words in draft.texts)], key=len)
        else:
            summary = text = self.text(draft.summary)
        url, guid = self.link(draft.url), plain.one_line(draft.guid)
        if not (title or text or (self._keep_wordless and url)):
            self.dropped[WORDLESS] += 1
            return None
        if len(guid) > LONGEST_GUID:
            guid = "blake2b-" + hashlib.blake2b(guid.encode(), digest_size=32).hexdigest()
        self.letters += len(title) + len(summary) + len(text)
        return {
            "guid": guid,
            "url": url,
            "title": title,
            "summary": summary,
            "text": text,
            "author": self.line(Words(draft.author, False), LONGEST_NAME, "author names"),
            "lang": self._language(draft, title, text),
            "published_at": self._date(draft.published_at),
            "updated_at": self._date(draft.updated_at),
        }

    def text(self, words: Words) -> str:
        return self._cut(self._plain(words), LONGEST_TEXT, "texts")

    def line(self, words: Words, longest: int, what: str) -> str:
        text = " ".join(self._plain(words).split()) if words.is_html else plain.one_line(words.text)
        return self._cut(text, longest, what)

    def link(self, link: str) -> str:
        """Absolute, http or https; empty otherwise."""
        if len(link) <= LONGEST_URL and is_plain(link):
            return link
        link = "".join(link.split())
        if not link or (len(link) <= LONGEST_URL and is_plain(link)):
            return link
        try:
            absolute = plain.one_line(urljoin(self._url, link))
            parts = urlsplit(absolute)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        except ValueError:
            sound = False
        if not sound or len(absolute) > LONGEST_URL:
            self.dropped["links that are no web address"] += 1
            return ""
        return absolute

    def _plain(self, words: Words) -> str:
        if not words.is_html:
            return plain.clean(words.text)
        return plain.from_html(self._cut(words.text, _LONGEST_MARKUP, "texts"))

    def _cut(self, text: str, longest: int, what: str) -> str:
        if len(text) <= longest:
            return text
        self.dropped[f"{what} cut to {longest:,} letters"] += 1
        return text[:longest].rstrip()

    def _language(self, draft: Draft, title: str, text: str) -> str:
        declared = self._told or language.declared_code(draft.lang) or self._lang
        return language.of_text(f"{title}\n{text[: language.LETTERS_READ]}", declared)

    def _date(self, at: datetime | None) -> str | None:
        if at is None:
            return None
        if not _EARLIEST <= at <= self._now + _ABSURDLY_AHEAD:
            self.dropped["dates that make no sense"] += 1
            return None
        return min(at, self._now + _AHEAD).isoformat()
