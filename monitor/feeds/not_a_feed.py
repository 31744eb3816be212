"""What a document is that is no feed, and where the feed may be."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from monitor.feeds.plain import one_line

_LOOKED_AT = 256 << 10
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,500})", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_XML_ROOT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_MEND = "the publisher has to mend it; is the encoding in its first line right?"
_OTHER_FILES = (
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip file"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)


def explain(body: bytes, content_type: str, url: str) -> tuple[str, str]:
    """(what it is, what to do), both to be shown to people."""
    if not body.strip():
        return "the answer is empty", "open the address in a browser; is it still the right one?"
    for magic, what in _OTHER_FILES:
        if body.startswith(magic):
            return f"this is {what}, not a feed", "give the address of the feed itself"
    start = body[:_LOOKED_AT].decode("utf-8", "replace")
    if _PAGE.search(start[:4096]):
        return _explain_page(start, url)
    if start.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return "this is JSON, but not a JSON Feed", "give the address of an RSS, Atom or JSON feed"
    root = _XML_ROOT.search(re.sub(r"<[?!][^>]{0,2000}>", "", start[:8192]))
    if start.lstrip("\ufeff \t\r\n").startswith("<") and root:
        if root[1].lower() in ("rss", "feed", "rdf:rdf"):
            return f"this starts like a feed (<{root[1]}>), but nothing can be read", _MEND
        what = f"this is XML (<{root[1]}>), but not a feed"
        if root[1].lower() == "opml":
            return f"{what}: a list of feeds", "add the feeds that it lists"
        return what, "give the address of an RSS or Atom feed"
    kind = one_line(content_type)[:80]
    return (
        f"this is no feed{f' ({kind})' if kind else ''}",
        "open the address in a browser and look for its feed",
    )


def _explain_page(page: str, url: str) -> tuple[str, str]:
    title = _TITLE.search(page)
    named = one_line(html.unescape(title[1]))[:100] if title else ""
    what = f"this is a web page titled “{named}”, not a feed" if named else "this is a web page, not a feed"
    feed = _linked_feed(page, url)
    if feed:
        return what, f"the page links to this feed: {feed}"
    return what, "the page links to no feed; look for one on the site, often under /feed or /rss"


def _linked_feed(page: str, url: str) -> str:
    for link in _LINK.finditer(page):
        attributes = {
            match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
            for match in _ATTRIBUTE.finditer(link[0])
        }
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in attributes.get("rel", "").lower().split() and kind in _FEED_TYPES:
            try:
                feed = one_line(urljoin(url, attributes.get("href", "").strip()))
                if urlsplit(feed).scheme in ("http", "https") and len(feed) <= 500:
                    return feed
            except ValueError:
                continue
    return ""
