"""News sitemaps, other sitemaps and their indexes (sitemaps.org 0.9, Google News 0.9), read leniently.

Prefixes and namespaces are not looked at: half of all news sitemaps get one of them wrong, and the names of
the elements tell what is meant.
"""

from __future__ import annotations

import re
from datetime import datetime
from xml.parsers import expat

from monitor.feeds.drafts import Draft, DraftFeed, SitemapDraft, Words
from monitor.feeds.json_feed import date_of
from monitor.feeds.plain import looks_like_markup

#: The protocol's own limit of addresses in one sitemap.
MOST_ADDRESSES = 50_000
_LONGEST_VALUE = 10_000
_DEEPEST = 30
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(urlset|sitemapindex)[\s>/]")
#: What may stand before the first element: how it begins and how it ends.
_BEFORE = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
_LOOKED_AT = 16_384


class _RefusedError(Exception):
    """The document does what no sitemap needs to do."""


def looks_like_sitemap(body: bytes) -> bool:
    """Whether the first element is that of a sitemap or of an index of sitemaps."""
    start, at = body[:_LOOKED_AT], 3 if body.startswith(b"\xef\xbb\xbf") else 0
    while True:
        at += len(start) - at - len(start[at:].lstrip())
        end = next((end for begin, end in _BEFORE if start.startswith(begin, at)), None)
        if end is None:
            return _ROOT.match(start, at) is not None
        subset, closing = start.find(b"[", at), start.find(end, at)
        if end == b">" and 0 <= subset < closing:
            closing = start.find(b">", start.find(b"]", subset))
        if closing < 0:
            return False
        at = closing + len(end)


def read(body: bytes) -> DraftFeed:
    """The addresses of a sitemap as drafts, those published last first; of an index, its sitemaps.

    What stands before a fault counts. An address without a news title has no words.
    """
    reader = _Reader()
    complaint = reader.read(body)
    language, publisher = reader.language, reader.publisher
    if reader.is_index:
        further = sorted(reader.sitemaps, key=lambda one: _newest_first(one.changed_at))
        return DraftFeed(
            format="sitemap-index",
            title=Words("", False),
            link="",
            lang="",
            entries=iter(()),
            complaint=complaint,
            sitemaps=tuple(further),
        )
    drafts = sorted(reader.drafts, key=lambda one: _newest_first(one.published_at))
    return DraftFeed(
        format="sitemap",
        title=Words(publisher, False),
        link="",
        lang=language,
        entries=iter(drafts),
        complaint=complaint,
    )


def _newest_first(at: datetime | None) -> float:
    return -at.timestamp() if at else float("inf")


class _Reader:
    """Follows expat's events; one document."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.sitemaps: list[SitemapDraft] = []
        self.is_index = False
        # of the first entry that names them
        self.language = self.publisher = ""
        self._path: list[str] = []
        self._values: dict[str, str] = {}
        self._words: list[str] = []
        self._length = 0

    def read(self, body: bytes) -> str:
        """What is wrong with the document, in words; empty: nothing."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # A sitemap has no entities of its own; those who declare some mean harm.
        parser.EntityDeclHandler = _refuse_entities
        parser.ExternalEntityRefHandler = _refuse_entities
        try:
            parser.Parse(body.strip(), True)
        except expat.ExpatError as error:
            return f"not well-formed: {error}"
        except _RefusedError as error:
            return str(error)
        return ""

    def _start(self, name: str, _: object) -> None:
        local = name.rpartition(":")[2].lower()
        if not self._path:
            self.is_index = local == "sitemapindex"
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise _RefusedError("it nests deeper than any sitemap")
        if len(self._path) == 2:
            self._values = {}
        self._words, self._length = [], 0

    def _text(self, words: str) -> None:
        if self._length < _LONGEST_VALUE:
            self._words.append(words)
            self._length += len(words)

    def _end(self, _: str) -> None:
        path = tuple(self._path[1:])
        name = _NAMES.get(path[1:], "") if len(path) > 1 else ""
        if name and name not in self._values:
            self._values[name] = "".join(self._words).strip()[:_LONGEST_VALUE]
        elif path in (("url",), ("sitemap",)) and self._values.get("loc"):
            self._keep()
        self._path.pop()
        self._words, self._length = [], 0

    def _keep(self) -> None:
        if len(self.drafts) + len(self.sitemaps) >= MOST_ADDRESSES:
            raise _RefusedError(f"more than {MOST_ADDRESSES:,} addresses; the rest is not read")
        values = self._values
        changed_at = date_of(values.get("lastmod", ""))
        if self.is_index:
            self.sitemaps.append(SitemapDraft(url=values["loc"], changed_at=changed_at))
            return
        self.language = self.language or values.get("language", "")
        self.publisher = self.publisher or values.get("publisher", "")
        self.drafts.append(
            Draft(
                url=values["loc"],
                title=Words(values.get("title", ""), looks_like_markup(values.get("title", ""))),
                lang=values.get("language", ""),
                published_at=date_of(values.get("published", "")) or changed_at,
                updated_at=changed_at,
            )
        )


#: What stands where below an address, by the local names of the elements.
_NAMES = {
    ("loc",): "loc",
    ("lastmod",): "lastmod",
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
    ("news", "publication", "language"): "language",
    ("news", "publication", "name"): "publisher",
}


def _refuse_entities(*_: object) -> int:
    raise _RefusedError("it declares entities, which no sitemap needs; what stands behind them is not read")
