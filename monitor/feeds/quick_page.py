"""What holds for all elements of one document while it is read quickly."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from feedparser.urls import _urljoin

from monitor.feeds import quick_names as names
from monitor.feeds.drafts import Words
from monitor.feeds.links import is_plain
from monitor.feeds.plain import looks_like_markup
from monitor.feeds.quick_values import mended, mended_line, type_of

LANG = f"{{{names.XML}}}lang"
ABOUT = f"{{{names.RDF}}}about"
#: Of other namespaces, and yet without effect or taken care of.
_HARMLESS_ATTRIBUTES = frozenset({LANG, ABOUT, f"{{{names.XML}}}space"})
_PAGES = frozenset({"text/html", "html", "xhtml", "application/xhtml+xml"})
NO_WORDS = Words("", True)


class DeclinedError(Exception):
    """feedparser shall read this one."""


class Page:
    """What holds for one document: where it lies, and what each of its tags means."""

    def __init__(self, base: str, namespaces: names.Namespaces, *, is_atom: bool) -> None:
        self._base = base
        self._namespaces = namespaces
        self.is_atom = is_atom
        self._names: dict[str, str] = {}

    def name(self, element: Element) -> str:
        tag = element.tag
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = self._namespaces.name(tag)
        return name

    def attributes(self, element: Element) -> dict[str, str]:
        """By name in lower case, as feedparser knows them; those of other namespaces are declined."""
        if not element.attrib:
            return {}
        if not element.attrib.keys() <= _HARMLESS_ATTRIBUTES and any(
            name.startswith("{") and name not in _HARMLESS_ATTRIBUTES for name in element.attrib
        ):
            raise DeclinedError
        return {name.lower(): value for name, value in element.attrib.items()}

    def lang(self, element: Element, inherited: str) -> str:
        """The language that holds inside an element."""
        if not element.attrib:
            return inherited
        attributes = self.attributes(element)
        if "base" in attributes:
            raise DeclinedError
        given = element.attrib.get(LANG, attributes.get("lang"))
        return inherited if given is None else given.replace("_", "-")

    def lang_of_frame(self, element: Element, inherited: str) -> str:
        """The same for the elements around the entries, which may have a base of their own."""
        if any(name.lower() in ("href", "lastmod") for name in element.attrib):
            raise DeclinedError  # CDF, a format of the last century
        given = element.attrib.get(LANG, element.attrib.get("lang"))
        return inherited if given is None else given.replace("_", "-")

    def absolute(self, link: str) -> str:
        return link if is_plain(link) else str(_urljoin(self._base, link))

    def words(self, element: Element, default_type: str) -> Words:
        """The text of an element that may be markup."""
        text, kind = leaf_text(element), default_type
        if element.attrib:
            attributes = self.attributes(element)
            kind = type_of(attributes.get("type", default_type))
            if not kind or "mode" in attributes:
                raise DeclinedError
        return mended(text, kind, is_atom=self.is_atom)

    def href(self, attributes: Mapping[str, str]) -> str | None:
        """Where a link element points, by attribute; None: it does not."""
        href = attributes.get("url", attributes.get("uri", attributes.get("href")))
        if href is None or (not href and "href" not in attributes):
            return None
        if not href:
            raise DeclinedError
        return self.absolute(href)

    def identity(self, element: Element) -> tuple[str, bool]:
        """A guid, and whether it is an address too."""
        is_link = self.attributes(element).get("ispermalink", "true") == "true"
        text = leaf_text(element)
        return mended_line(self.absolute(text) if is_link and text else text), is_link

    def link(self, element: Element) -> tuple[str | None, str, bool, bool]:
        """(address by attribute, else None; address by text; another form of the same?; a page?)"""
        text = leaf_text(element)
        attributes = self.attributes(element)
        href = self.href(attributes) if attributes else None
        if href is None:
            text = mended_line(self.absolute(text) if text else text)
        is_alternate = attributes.get("rel", "alternate").lower() == "alternate"
        is_page = attributes.get("type", "text/html").lower() in _PAGES
        return href, text, is_alternate, is_page


def leaf_text(element: Element) -> str:
    """The text of an element in which nothing is nested, without the white space around it."""
    if len(element):
        raise DeclinedError
    return (element.text or "").strip()


def titled(title: Words, version: str) -> Words:
    # RSS does not say whether a title is markup; many are escaped twice.
    return Words(title.text, title.is_html or (version.startswith("rss") and looks_like_markup(title.text)))
