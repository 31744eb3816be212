"""Parsed sentences: what a language model gives, as frozen values, so that the core needs no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from monitor.core.types import ArticleField


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word; tags are those of Universal Dependencies (pos), Penn (tag) and ClearNLP (dep)."""

    # Code-point offsets into the text that was parsed.
    start: int
    end: int
    text: str
    # Lower case.
    lemma: str
    pos: str
    tag: str
    dep: str
    # Index of the governing token in the same sequence; its own index for a root.
    head: int
    # Empty where the parser does not look for names.
    entity_type: str = ""


class Parser(Protocol):
    """A dependency parser for English."""

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        """The tokens of each text, in the same order; a text without words gives an empty tuple."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of an article and its tree."""

    field: ArticleField
    # Offsets into the article's field.
    start: int
    end: int
    text: str
    # Number of the line (paragraph) of the field.
    paragraph: int
    # Offsets into `text`; empty: not parsed, because nothing in it looks like a claim.
    tokens: tuple[Token, ...] = ()

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each token, the tokens that it governs, in order."""
        below: list[list[int]] = [[] for _ in self.tokens]
        for i, token in enumerate(self.tokens):
            if token.head != i:
                below[token.head].append(i)
        return tuple(tuple(c) for c in below)

    @cached_property
    def forms(self) -> frozenset[str]:
        """All dictionary forms and all words, small: what is not among them need not be looked for."""
        return frozenset(form for token in self.tokens for form in (token.lemma, token.text.casefold()))

    @cached_property
    def _below(self) -> dict[int, list[int]]:
        """Subtrees that were asked for: the same few are, again and again."""
        return {}

    @cached_property
    def phrases(self) -> dict[int, tuple[int, ...]]:
        """What `grammar.noun_phrase` found, by token."""
        return {}

    def subtree(self, i: int, *, without: frozenset[int] = frozenset()) -> list[int]:
        """The token and all below it, in order; branches that start in `without` are left out."""
        if not without and i in self._below:
            return self._below[i].copy()
        found, children = [i], self.children
        for at in found:
            found += [c for c in children[at] if c not in without] if without else children[at]
        found.sort()
        if not without:
            self._below[i] = found.copy()
        return found

    def stretch(self, tokens: Sequence[int], around: int, *, before: int, after: int) -> list[int]:
        """Of these tokens those that stand together with one of them: no step between two is larger than
        `before` in front of it and `after` behind it. What a wrong parse attached far away is left out.
        """
        keep = [around]
        for n in reversed([t for t in tokens if t < around]):
            if keep[0] - n > before:
                break
            keep.insert(0, n)
        for n in [t for t in tokens if t > around]:
            if n - keep[-1] > after:
                break
            keep.append(n)
        return keep

    def ancestors(self, i: int) -> Iterator[int]:
        """The tokens above it, nearest first."""
        while self.tokens[i].head != i:
            i = self.tokens[i].head
            yield i

    def span(self, indices: Sequence[int]) -> tuple[int, int]:
        """Offsets into the field from the first to the last of these tokens."""
        return self.start + self.tokens[min(indices)].start, self.start + self.tokens[max(indices)].end

    def words(self, indices: Sequence[int]) -> str:
        """The text from the first to the last of these tokens, as written."""
        return self.text[self.tokens[min(indices)].start : self.tokens[max(indices)].end]
