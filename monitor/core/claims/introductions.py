"""How an English article introduces people and bodies: full names, what they are, and titles."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.core.claims import grammar
from monitor.core.claims.names import (
    NAME,
    ORG_WORDS,
    PERSON_NOUNS,
    TITLES,
    name_of,
    role_before,
    without_article,
)
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField

# So many characters before a name are looked through for what its bearer is.
_BEFORE_CHARS = 40
# Sentence, phrase, token left out → side.
SideIn = Callable[[Sentence, list[int], int], str]


def singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_body(word: str) -> bool:
    """Whether names of organisations end with this word: "ministry", "Lines"."""
    return singular(word.casefold()) in ORG_WORDS or word.casefold() in ORG_WORDS


def _without_owner(raw: str) -> str:
    """ "Norway's Skarv Energi" are two names."""
    return re.split(r"['’]s\s+", raw)[-1].removesuffix("’s").removesuffix("'s")


def _is_title(words: list[str]) -> bool:
    low = words[0].casefold().rstrip(".")
    return low in TITLES or (len(words) > 2 and low in PERSON_NOUNS)


@dataclass(slots=True)
class Introductions:
    """Who is who, as far as one article says."""

    # Last name → fullest name.
    full_names: dict[str, str] = field(default_factory=dict)
    # Canonical name → words for what they are; and the side these words give.
    roles: dict[str, set[str]] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    # Names of bodies that the text gives, in lower case → as written.
    bodies: dict[str, str] = field(default_factory=dict)
    # Canonical name → all the words beside it, small: {"french", "president"}.
    titles: dict[str, set[str]] = field(default_factory=dict)

    def learn(self, page: Page, side_in: SideIn) -> None:
        """Read the whole article."""
        text = page.article.text
        for found in NAME.finditer(text):
            self._learn_name(found.group(), text[max(0, found.start() - _BEFORE_CHARS) : found.start()])
            self._learn_body(found.group())
        for s in page.parsed:
            if s.field is ArticleField.TEXT:
                self._learn_roles(s, side_in)

    def canonical(self, written: str) -> str:
        """The fullest name of whoever is written so."""
        words = written.split()
        full = self.full_names.get(words[-1], "") if words else ""
        if not full or (len(words) > 1 and words[0] not in full.split()):
            return written
        return full

    def bearer(self, wanted: set[str]) -> str:
        """The one name that the article gave all these words for what somebody is; empty: none or several."""
        holders = {self.canonical(name): 0 for name, words in self.roles.items() if wanted <= words}
        return next(iter(holders)) if len(holders) == 1 else ""

    def _learn_name(self, raw: str, before: str) -> None:
        words = _without_owner(raw).split()
        titles: list[str] = []
        while words and _is_title(words):
            titles.append(words.pop(0).casefold())
        prefix: list[str] = []
        # "French President Marie Dupont" is called Marie Dupont.
        while len(words) > 2 and words[1].casefold().rstrip(".") in TITLES:
            prefix += [words.pop(0).casefold(), words.pop(0).casefold()]
        while prefix and len(words) > 1 and words[0].casefold().rstrip(".") in TITLES:
            prefix.append(words.pop(0).casefold())
        if not words or (len(words) < 2 and not titles):
            return
        full = " ".join(words)
        role = role_before(before, titles) | (set(prefix) & PERSON_NOUNS)
        if len(words) > 1:
            self.titles.setdefault(full, set()).update([*prefix, *role_before(before, titles)])
            if len(full) > len(self.full_names.get(words[-1], "")):
                self.full_names[words[-1]] = full
        if role:
            self.roles.setdefault(full, set()).update(role)

    def _learn_body(self, raw: str) -> None:
        """'Visaya Star Lines' may come again as 'the line', 'Philippine Coast Guard' as 'the coast guard'."""
        name = without_article(_without_owner(raw))
        if len(name.split()) > 1 and is_body(name.split()[-1]):
            self.bodies[name.casefold()] = name

    def _learn_roles(self, s: Sentence, side_in: SideIn) -> None:
        for i, token in enumerate(s.tokens):
            if token.pos != "PROPN" or token.dep == "compound":
                continue
            name = self.canonical(name_of(s, i))
            phrase = grammar.noun_phrase(s, i)
            own = {s.tokens[n].lemma for n in phrase if s.tokens[n].pos == "NOUN"}
            told = grammar.child(s, i, "appos")
            if told is None and token.dep == "appos":
                told = token.head
            if told is not None and s.tokens[told].pos == "NOUN":
                beside = grammar.noun_phrase(s, told)
                phrase = [*phrase, *beside]
                own |= {s.tokens[n].lemma for n in beside if s.tokens[n].pos in {"NOUN", "PROPN"}}
            self.titles.setdefault(name, set()).update(s.tokens[n].text.casefold() for n in phrase)
            if own:
                self.roles.setdefault(name, set()).update(own)
                side = side_in(s, phrase, i)
                if side:
                    self.sides.setdefault(name, side)
