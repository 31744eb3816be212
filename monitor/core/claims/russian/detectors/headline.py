"""Headlines that attribute by a colon or dash: «Профсоюз: кран был перегружен», «Кран перегружен — порт»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims.draft import Draft, headline
from monitor.core.claims.page import Page
from monitor.core.claims.russian.cues import ORG_WORDS, PERSON_NOUNS
from monitor.core.claims.russian.drafts import is_body, tokens_within
from monitor.core.types import ArticleField

_BEFORE = re.compile(r"^(?P<who>[^:\"“«]{2,60}(?:«[^»]{2,30}»)?):\s+(?P<what>.{8,})$")
_AFTER = re.compile(r"^(?P<what>.{10,}?)\s+[–—]\s+(?P<who>[^–—:\"“”«»]{2,40})$")
_MAX_WORDS = 6


def detect_headlines(page: Page) -> Iterator[Draft]:
    title = page.article.title
    found = _BEFORE.match(title) or _AFTER.match(title)
    if found is None or title.rstrip().endswith("?") or len(found["who"].split()) > _MAX_WORDS:
        return
    what = (
        found["what"].strip(" \"“”«»'‘’")
        if found["what"].count("«") != 1 or found["what"][:1] in '«"'
        else found["what"]
    )
    start = found.start("what") + found["what"].index(what)
    sentence = next(
        (s for s in page.parsed if s.field is ArticleField.TITLE and s.start <= start < s.end), None
    )
    if sentence is None or not _names_somebody(page, found):
        return
    end = min(start + len(what), sentence.end)
    who_at = found.start("who"), found.start("who") + len(found["who"].rstrip())
    yield headline(sentence, who_at, (start, end), ":" if found.re is _BEFORE else "–")


def _names_somebody(page: Page, found: re.Match[str]) -> bool:
    """A name, a role or a body in the nominative; a label ("Обзор") is none."""
    who, end = found["who"], found.end("who")
    if any(m.field is ArticleField.TITLE and m.end == end for m in page.reading.mentions):
        return True
    for s in page.parsed:
        if s.field is not ArticleField.TITLE:
            continue
        for i in tokens_within(s, found.start("who"), end):
            lemma = s.tokens[i].lemma
            if lemma in PERSON_NOUNS | ORG_WORDS and "Case=Nom" in s.tokens[i].tag:
                return True
            if lemma in PERSON_NOUNS | ORG_WORDS or (i > 0 and is_body(s, i)):
                return len(who.split()) <= 3
    return len(who.split()) <= 2 and who.split()[-1] in page.article.text
