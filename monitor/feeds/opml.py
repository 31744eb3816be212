"""Lists of feeds as other readers exchange them (OPML 1.0 to 2.0), in and out.

A list comes from anywhere: entities are refused, size, depth and number are limited, and what is broken ends
the reading but does not undo it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from monitor.core.types import Feed, FeedSpec
from monitor.feeds.drafts import LONGEST_NAME, LONGEST_URL
from monitor.feeds.language import declared_code
from monitor.feeds.plain import one_line

#: Limits of one list.
LARGEST_LIST = 16 << 20
MOST_FEEDS = 10_000
_DEEPEST = 50
_MOST_TAGS = 20
_LONGEST_TAG = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What a list of feeds says."""

    # Each address once, in the order of the list; tags are the folders around it and its categories.
    feeds: tuple[FeedSpec, ...]
    # What was left out or is wrong, in words.
    complaints: tuple[str, ...]


_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")


class _RefusedError(Exception):
    """The document does what no list of feeds needs to do."""


def read_opml(document: bytes) -> ReadList:
    """The feeds of an OPML document; what stands before a fault counts.

    Empty `feeds` with a complaint: it is no OPML, or nothing in it is a feed.
    """
    if len(document) > LARGEST_LIST:
        return ReadList(feeds=(), complaints=(f"the list is larger than {LARGEST_LIST >> 20} MB",))
    # Two of three lists in the wild have a bare & in some address.
    document = _BARE_AMPERSAND.sub(b"&amp;", document.strip())
    reader = _Reader()
    try:
        _read_strictly(document, reader)
    except expat.ExpatError as error:
        reader = _Reader()
        reader.complaints.append(f"not well-formed: {error}; read as well as can be")
        _read_leniently(document, reader)
    except _RefusedError as error:
        reader.complaints.append(str(error))
    complaints = reader.complaints
    if not reader.is_opml:
        complaints.insert(0, "this is no OPML: its first element is not <opml>")
    elif not reader.feeds:
        complaints.append("no outline in it has the address of a feed (xmlUrl)")
    return ReadList(feeds=tuple(reader.feeds.values()), complaints=tuple(complaints))


def _read_strictly(document: bytes, reader: _Reader) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    parser.Parse(document, True)


def _read_leniently(document: bytes, reader: _Reader) -> None:
    """As a browser reads markup: a < inside an address, or a quote too many, costs that outline at most."""

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ("opml", "outline"):
                reader.start(tag, {name: value or "" for name, value in attrs})

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag == "outline" and reader.folders:
                reader.end(tag)

    with suppress(_RefusedError):
        Tags().feed(document.decode("utf-8", "replace"))


class _Reader:
    """Follows the outlines of one document."""

    def __init__(self) -> None:
        self.feeds: dict[str, FeedSpec] = {}
        self.complaints: list[str] = []
        self.is_opml = False
        # of the outlines that are open; a feed is one without a name
        self.folders: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._depth == 0:
            self.is_opml = name.lower() == "opml"
            if not self.is_opml:
                raise _RefusedError("nothing of it was read")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _RefusedError(f"it nests deeper than {_DEEPEST} outlines; what stands before was read")
        if name.lower() != "outline":
            return
        given = {key.lower(): one_line(value) for key, value in attributes.items()}
        title = one_line(html.unescape(given.get("title") or given.get("text", "")))
        url = given.get("xmlurl", "")
        # A feed is a folder of nothing, so that the levels stay in step.
        self.folders.append("" if url else title)
        if url:
            self._feed(url, title, given)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name.lower() == "outline":
            self.folders.pop()

    def _feed(self, url: str, title: str, given: Mapping[str, str]) -> None:
        if len(self.feeds) >= MOST_FEEDS:
            raise _RefusedError(f"more than {MOST_FEEDS:,} feeds; the rest is not read")
        if not _is_web_address(url):
            self.complaints.append(f"no web address: {url[:200]!r} ({title[:80]})")
            return
        categories = re.split(r"[,/]", given.get("category", ""))
        tags = dict.fromkeys(filter(None, map(_tag, (*self.folders, *categories))))
        known = self.feeds.get(url)
        if known is not None:  # listed in two folders
            tags = dict.fromkeys((*known.tags, *tags))
            title = known.publisher
        self.feeds[url] = FeedSpec(
            url=url,
            publisher=title[:LONGEST_NAME],
            tags=tuple(tags)[:_MOST_TAGS],
            lang=declared_code(given.get("language", "")),
            learned=True,
        )


def _refuse_entities(*_: object) -> int:
    raise _RefusedError("it declares entities, which no list of feeds needs; it is not read further")


def _tag(words: str) -> str:
    """A folder's name as a tag: small letters, with hyphens for what stands between words."""
    return re.sub(r"[\W_]+", "-", words.lower()).strip("-")[:_LONGEST_TAG]


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        return False
    return sound and len(url) <= LONGEST_URL and not re.search(r"[\s\\]", url)


# ---------------------------------------------------------------- out


def write_opml(feeds: Iterable[Feed]) -> str:
    """The feeds as OPML 2.0, one outline each, in a folder for the first tag; `category` has all tags."""
    folders: dict[str, list[Feed]] = {}
    for feed in feeds:
        folders.setdefault(feed.tags[0] if feed.tags else "", []).append(feed)
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<opml version="2.0">']
    lines += ["  <head><title>Feeds of Claimwatch</title></head>", "  <body>"]
    for folder in sorted(folders):
        if folder:
            lines.append(f"    <outline text={quoteattr(one_line(folder))}>")
        lines += [f"    {'  ' if folder else ''}{_outline(feed)}" for feed in folders[folder]]
        if folder:
            lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _outline(feed: Feed) -> str:
    title = one_line(feed.publisher or feed.title or feed.url)
    attributes = {"type": "rss", "text": title, "title": title, "xmlUrl": one_line(feed.url)}
    attributes |= {"category": _categories(feed.tags)} if feed.tags else {}
    attributes |= {"language": feed.lang} if feed.lang else {}
    return f"<outline {' '.join(f'{name}={quoteattr(value)}' for name, value in attributes.items())}/>"


def _categories(tags: Sequence[str]) -> str:
    return ",".join(f"/{one_line(tag)}" for tag in tags)
