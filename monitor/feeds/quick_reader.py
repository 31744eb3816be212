"""Well-formed, ordinary feeds, read at twenty times the speed of feedparser, with the same words as it.

Whatever might come out differently is declined, and feedparser reads it: documents that are not
well-formed, that have a document type, another encoding than UTF-8, markup that is not escaped,
elements out of place. What is accepted goes through the same steps as in feedparser (its own functions
for dates and addresses among them), and `tests/feeds/test_quick_reader.py` holds both against each other.

Used by the parse child only.
"""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from feedparser.urls import make_safe_absolute_uri

from monitor.feeds import quick_names as names
from monitor.feeds.drafts import DraftFeed
from monitor.feeds.quick_entry import MISWRITTEN, EntryReader
from monitor.feeds.quick_page import LANG, NO_WORDS, DeclinedError, Page, leaf_text, titled
from monitor.feeds.quick_values import is_ours_to_read, mended_line

_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_BASE = f"{{{names.XML}}}base"


def read(body: bytes, *, content_type: str, url: str) -> DraftFeed | None:
    """The feed as feedparser would give it; None: ask feedparser."""
    if not is_ours_to_read(body, content_type):
        return None
    # In the parse child, and only without a DTD.
    document: Any = ElementTree.iterparse(io.BytesIO(body), events=("start-ns",))  # noqa: S314
    try:
        namespaces = names.Namespaces(declared for _, declared in document)
        return _read(document.root, namespaces, make_safe_absolute_uri(url, url) or url)
    except (ElementTree.ParseError, DeclinedError, ValueError, LookupError):
        return None


def _read(root: Element, namespaces: names.Namespaces, base: str) -> DraftFeed:
    version, feed, entries = _shape(root, namespaces)
    page = Page(_base(feed, _base(root, base)), namespaces, is_atom=version == "atom10")
    lang = page.lang_of_frame(root, "")
    if feed is not root:
        lang = page.lang_of_frame(feed, lang)
    about = _About(page, lang, root_lang=_declared_lang(root) if version != "rss10" else "")
    for element in feed:
        about.take(element)
    if version != "rss10" and about.entries != len(entries):
        raise DeclinedError  # an <item> in an Atom feed, say
    reader = EntryReader(page, version)
    return DraftFeed(
        format=version,
        title=titled(about.title, version),
        link=about.link or "",
        lang=about.language or about.title_lang,
        # Read here and now: whoever declines must do it before an entry is given away.
        entries=iter([reader.read(element, lang) for element in entries]),
    )


def _base(element: Element, base: str) -> str:
    """What addresses inside an element are relative to."""
    given = element.attrib.get(_BASE, element.attrib.get("base"))
    return str(make_safe_absolute_uri(base, given) or base) if given else base


def _shape(root: Element, namespaces: names.Namespaces) -> tuple[str, Element, list[Element]]:
    """The format, the element that describes the feed, and the entries."""
    addresses = namespaces.addresses
    if root.tag == f"{{{names.ATOM}}}feed" and not addresses & {names.RSS_10, names.RSS_090}:
        return "atom10", root, [element for element in root if element.tag == f"{{{names.ATOM}}}entry"]
    is_rdf = root.tag == f"{{{names.RDF}}}RDF" and names.RSS_10 in addresses
    if is_rdf and addresses & {names.ATOM.lower(), names.RSS_090}:
        raise DeclinedError
    if not is_rdf and (root.tag != "rss" or addresses & {names.RSS_10, names.RSS_090}):
        raise DeclinedError
    space = f"{{{names.RSS_10}}}" if is_rdf else ""
    channels = [element for element in root if element.tag == f"{space}channel"]
    if len(channels) != 1 or channels[0] is not root[0]:
        raise DeclinedError
    channel, home = channels[0], root if is_rdf else channels[0]
    for element in root[1:]:
        if not is_rdf or not _is_plain_sibling(element, space, namespaces):
            raise DeclinedError
    given = root.attrib.get("version", "")
    version = "rss10" if is_rdf else _VERSIONS.get(given) or ("rss20" if given[:2] == "2." else "rss")
    return version, channel, [element for element in home if element.tag == f"{space}item"]


def _is_plain_sibling(element: Element, space: str, namespaces: names.Namespaces) -> bool:
    """Whether something beside an RSS 1.0 channel is an entry, or an image that cannot disturb one."""
    if element.tag == f"{space}item":
        return True
    nested = names.FEED_NESTS["image"]
    return element.tag == f"{space}image" and all(
        not len(child) and namespaces.name(child.tag) in nested | {"dc_date"} for child in element
    )


def _declared_lang(element: Element) -> str:
    given = element.attrib.get(LANG, element.attrib.get("lang"))
    return (given or "").replace("_", "-")


class _About:
    """What a feed says of itself."""

    def __init__(self, page: Page, lang: str, *, root_lang: str) -> None:
        self._page = page
        self._lang = lang
        self.language = root_lang
        self.title = NO_WORDS
        self.title_lang = ""
        self.link: str | None = None
        self.entries = 0
        self._titled = False

    def take(self, element: Element) -> None:
        name = self._page.name(element)
        if name in ("item", "entry"):
            self.entries += 1
        elif name == "title":
            # A second title, or one after an entry, would be read otherwise.
            if self._titled or self.entries:
                raise DeclinedError
            self._titled = True
            self.title = self._page.words(element, "text/plain")
            self.title_lang = self._page.lang(element, self._lang)
        elif name == "link":
            self._take_link(element)
        elif name in ("id", "guid"):
            self._take_id(element)
        elif name in ("language", "dc_language"):
            self.language = mended_line(leaf_text(element))
        elif len(element):
            self._pass_over_nest(name, element)
        elif not names.is_idle(name, in_entry=False):
            raise DeclinedError

    def _take_id(self, element: Element) -> None:
        identity, is_link = self._page.identity(element)
        if is_link and self.link is None:
            self.link = identity

    def _take_link(self, element: Element) -> None:
        href, text, is_alternate, is_page = self._page.link(element)
        if href is None:
            self.link = MISWRITTEN.sub(r"&\1", text)
        elif is_alternate and is_page:
            self.link = href

    def _pass_over_nest(self, name: str, element: Element) -> None:
        if name == "items" and element.tag == f"{{{names.RSS_10}}}items":
            return  # the table of contents of RSS 1.0
        allowed = names.FEED_NESTS.get(name)
        if allowed is None:
            raise DeclinedError
        for child in element:
            if len(child) or self._page.name(child) not in allowed:
                raise DeclinedError
