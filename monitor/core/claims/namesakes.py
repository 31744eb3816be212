"""Which mentions of a known person mean somebody else: one word of another name, and a first name alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from monitor.core.claims.first_names import pronoun_of
from monitor.core.claims.names import ORG_WORDS, is_title, leads
from monitor.core.claims.page import Page
from monitor.core.types import ArticleField, Entity, EntityType, Mention

_NEXT = re.compile(r"[^\S\n]([^\W\d_a-zа-яё][^\W\d_]+)")
_BEFORE = re.compile(r"([^\W\d_]+)\.?[^\S\n]$")


def without_namesakes(page: Page, entities: Mapping[str, Entity]) -> Page:
    """The page without the mentions that name somebody else: the head of state in "Karim Obaid, a
    farmer", or in "a baker called Karim".
    """
    kept = tuple(m for m in page.reading.mentions if not _is_namesake(m, page, entities))
    if len(kept) == len(page.reading.mentions):
        return page
    return replace(page, reading=replace(page.reading, mentions=kept))


def _is_namesake(m: Mention, page: Page, entities: Mapping[str, Entity]) -> bool:
    entity = entities.get(m.entity)
    if entity is None or entity.type is not EntityType.PERSON:
        return False
    text = page.article.field(m.field)
    word = text[m.start : m.end]
    if " " in word or " " not in entity.name:
        return False
    own = {part.casefold() for alias in entity.aliases for form in alias.forms for part in form.split()}
    after, before = _NEXT.match(text, m.end), _BEFORE.search(text, max(0, m.start - 40), m.start)
    # A headline may have capitals everywhere.
    if after is not None and m.field is ArticleField.TEXT:
        following = after[1].casefold()
        if following not in own | ORG_WORDS and not is_title(following):
            return True
    first = before[1] if before is not None else ""
    if first[:1].isupper() and first.casefold() not in own and pronoun_of(first):
        return True
    return bool(pronoun_of(word)) and not leads(first) and not _is_named_in_full(m.entity, page)


def _is_named_in_full(entity: str, page: Page) -> bool:
    """Whether the article has another name of theirs: of two words, or with what they are before it."""
    for m in page.reading.mentions:
        if m.entity == entity:
            text = page.article.field(m.field)
            before = _BEFORE.search(text, max(0, m.start - 40), m.start)
            if " " in text[m.start : m.end] or (before is not None and leads(before[1])):
                return True
    return False
