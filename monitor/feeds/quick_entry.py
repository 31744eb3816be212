"""One entry of a feed, read quickly: what each of its elements means, in the order in which they come.

The order counts, because it counts in feedparser: a second description becomes the content, a guid
is the link until there is one, a title of a picture is none of the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from xml.etree.ElementTree import Element

from monitor.feeds import quick_names as names
from monitor.feeds.drafts import Draft, Words
from monitor.feeds.quick_page import ABOUT, NO_WORDS, DeclinedError, Page, leaf_text, titled
from monitor.feeds.quick_values import date_of, mended_line

#: What feedparser takes for a reference to a character, in an address.
MISWRITTEN = re.compile("&([A-Za-z0-9_]+);")


class EntryReader:
    """Reads the entries of one document; knows after the first what each tag means."""

    def __init__(self, page: Page, version: str) -> None:
        self._page = page
        self._version = version
        self._steps: dict[str, Callable[[_Entry, Element], None] | None] = {}

    def read(self, element: Element, lang: str) -> Draft:
        """An entry; `lang` holds around it. Raises DeclinedError."""
        attributes = self._page.attributes(element)
        if "href" in attributes or "lastmod" in attributes:
            raise DeclinedError  # CDF, a format of the last century
        entry = _Entry(self._page, self._page.lang(element, lang))
        entry.id = element.attrib.get(ABOUT, "")
        for child in element:
            step = self._steps.get(child.tag, _unseen)
            if step is _unseen:
                step = self._steps[child.tag] = _step(self._page.name(child))
            if step is not None:
                step(entry, child)
            elif len(child):
                raise DeclinedError
        return entry.draft(self._version)


class _Entry:
    """An entry while it is read; each method takes one kind of element."""

    __slots__ = (
        "_has_content",
        "_lang",
        "_sourced",
        "author",
        "created_at",
        "id",
        "link",
        "links",
        "page",
        "published_at",
        "summary",
        "summary_lang",
        "texts",
        "texts_lang",
        "title",
        "title_lang",
        "updated_at",
    )

    def __init__(self, page: Page, lang: str) -> None:
        self.page = page
        self._lang = lang
        self.id = ""
        self.link: str | None = None
        self.links: list[str] = []
        self.title: Words | None = None
        self.title_lang = ""
        self.summary: Words | None = None
        self.summary_lang = ""
        self.texts: list[Words] = []
        self.texts_lang: list[str] = []
        self.author = ""
        self.published_at: datetime | None = None
        self.updated_at: datetime | None = None
        self.created_at: datetime | None = None
        self._has_content = False
        self._sourced = False

    def take_title(self, element: Element) -> None:
        if self.title is not None and self.title.text:
            if self._sourced:
                raise DeclinedError
            leaf_text(element)
            return  # the first title counts
        self.title = self.page.words(element, "text/plain")
        self.title_lang = self.page.lang(element, self._lang)

    def take_media_title(self, element: Element) -> None:
        if self.title is None or not self.title.text or self._sourced:
            raise DeclinedError
        leaf_text(element)

    def take_description(self, element: Element) -> None:
        self._take_summary(element, "text/html")

    def take_summary(self, element: Element) -> None:
        self._take_summary(element, "text/plain")

    def _take_summary(self, element: Element, default_type: str) -> None:
        if self.summary is not None:
            raise DeclinedError
        self.summary = self.page.words(element, default_type)
        self.summary_lang = self.page.lang(element, self._lang)

    def take_media_description(self, element: Element) -> None:
        # To feedparser a second description is the content, and plain text.
        if self.summary is None or self._has_content:
            raise DeclinedError
        self.take_content(element)

    def take_content(self, element: Element) -> None:
        self._take_content(element, "text/plain")

    def take_encoded(self, element: Element) -> None:
        self._take_content(element, "text/html")

    def _take_content(self, element: Element, default_type: str) -> None:
        self._has_content = True
        self.texts.append(self.page.words(element, default_type))
        self.texts_lang.append(self.page.lang(element, self._lang))

    def take_id(self, element: Element) -> None:
        self.id, is_link = self.page.identity(element)
        if is_link and self.link is None:
            self.link = self.id

    def take_link(self, element: Element) -> None:
        href, text, is_alternate, is_page = self.page.link(element)
        if href is None:
            self.link = href = MISWRITTEN.sub(r"&\1", text.replace("&amp;", "&"))
        elif is_alternate and is_page:
            self.link = href
        if is_alternate:
            self.links.append(href)

    def take_author(self, element: Element) -> None:
        if not len(element):
            self.author = mended_line(leaf_text(element))
            return
        if self.author:
            raise DeclinedError  # feedparser mixes the names and addresses of several
        given: dict[str, str] = {}
        for child in element:
            name = self.page.name(child)
            if name not in ("name", "email", "uri", "url") or name in given:
                raise DeclinedError
            given[name] = leaf_text(child)
        name, email = given.get("name", ""), given.get("email", "")
        if (element.text or "").strip() or not (name or email):
            raise DeclinedError
        self.author = f"{name} ({email})" if name and email else name or email

    def take_contributor(self, element: Element) -> None:
        for child in element:
            if len(child) or self.page.name(child) not in names.FEED_NESTS["contributor"]:
                raise DeclinedError

    def take_source(self, element: Element) -> None:
        leaf_text(element)
        self._sourced = True

    def take_date(self, element: Element, *, field: str) -> None:
        setattr(self, field, date_of(mended_line(leaf_text(element))))

    def take_media(self, element: Element) -> None:
        """A picture or film, with words about it."""
        for child in element:
            name = self.page.name(child)
            if name == "media_title":
                self.take_media_title(child)
            elif name == "media_description":
                self.take_media_description(child)
            elif name in ("media_content", "media_group"):
                self.take_media(child)
            elif len(child) or not names.is_idle(name, in_entry=True):
                raise DeclinedError

    def draft(self, version: str) -> Draft:
        contents = zip(self.texts, self.texts_lang, strict=True)
        langs = (*self.texts_lang, self.summary_lang, self.title_lang)
        # feedparser keeps the first content as the summary of an entry that has none.
        summary = self.summary or next((Words(words.text, True) for words, _ in contents), NO_WORDS)
        return Draft(
            guid=self.id,
            url=self.link or next(iter(self.links), ""),
            title=titled(self.title or NO_WORDS, version),
            summary=summary,
            texts=tuple(self.texts),
            author=self.author,
            lang=next((lang for lang in langs if lang), ""),
            published_at=self.published_at or self.created_at or self.updated_at,
            updated_at=self.updated_at,
        )


def _date(field: str) -> Callable[[_Entry, Element], None]:
    return partial(_Entry.take_date, field=field)


_STEPS: Mapping[str, Callable[[_Entry, Element], None]] = {
    "title": _Entry.take_title,
    "media_title": _Entry.take_media_title,
    "description": _Entry.take_description,
    "summary": _Entry.take_summary,
    "media_description": _Entry.take_media_description,
    "content": _Entry.take_content,
    "content_encoded": _Entry.take_encoded,
    "guid": _Entry.take_id,
    "id": _Entry.take_id,
    "link": _Entry.take_link,
    "author": _Entry.take_author,
    "managingeditor": _Entry.take_author,
    "dc_creator": _Entry.take_author,
    "dc_author": _Entry.take_author,
    "itunes_author": _Entry.take_author,
    "contributor": _Entry.take_contributor,
    "source": _Entry.take_source,
    "media_content": _Entry.take_media,
    "media_group": _Entry.take_media,
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _date("published_at")),
    **dict.fromkeys(
        ("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _date("updated_at")
    ),
    **dict.fromkeys(("created", "dcterms_created"), _date("created_at")),
}


def _unseen(entry: _Entry, element: Element) -> None:
    raise AssertionError  # a mark for tags not met yet, never called


def _step(name: str) -> Callable[[_Entry, Element], None] | None:
    """What to do with an element of an entry; None: nothing, but nothing may be nested in it."""
    step = _STEPS.get(name)
    if step is None and not names.is_idle(name, in_entry=True):
        raise DeclinedError
    return step
