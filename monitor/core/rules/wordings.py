"""The words of an article that an exclusion could name: single words, word beginnings, short phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.rules.common_words import COMMON_WORDS
from monitor.core.text import normalise, word_starts
from monitor.core.types import Article, ArticleField

#: A word or phrase in the normal form, and whether it is looked for in the title alone.
Wording = tuple[str, bool]

#: Words of the longest phrase.
LONGEST_PHRASE = 3
# Letters of the shortest word, and of the shortest beginning before a "*".
_SHORTEST_WORD = 3
_SHORTEST_BEGINNING = 4
# Code points of a text that are looked at: what an article is about stands at its start.
_LOOKED_AT = 5_000

# Words of every article say nothing alone, nor at either end of a phrase.
_COMMON = frozenset().union(*COMMON_WORDS.values())
_RUN = re.compile(r"\w+")


def wordings(article: Article) -> frozenset[Wording]:
    """Every wording of the article: what stands in the title counts for the title and for the whole."""
    found: set[Wording] = set()
    for field in ArticleField:
        for term in _terms(normalise(article.field(field)[:_LOOKED_AT])):
            found.add((term, False))
            if field is ArticleField.TITLE:
                found.add((term, True))
    return frozenset(found)


def _terms(text: str) -> Iterator[str]:
    spans = _words(text)
    words = [text[start:end] for start, end in spans]
    for word in set(words) - _COMMON:
        if len(word) >= _SHORTEST_WORD and not word.isdigit():
            yield word
            if word.isalpha():
                yield from (word[:-cut] + "*" for cut in (1, 2) if len(word) - cut >= _SHORTEST_BEGINNING)
    for first, (start, _) in enumerate(spans):
        if words[first] in _COMMON:
            continue
        for last in range(first + 1, min(first + LONGEST_PHRASE, len(spans))):
            # A phrase is found across one space, or none in scripts that write none; not across a comma.
            if text[spans[last - 1][1] : spans[last][0]] not in ("", " "):
                break
            if words[last] not in _COMMON:
                yield text[start : spans[last][1]]


def _words(text: str) -> list[tuple[int, int]]:
    starts = word_starts(text)
    ends = [*starts[1:], len(text)][: len(starts)]
    runs = (_RUN.match(text, start, end) for start, end in zip(starts, ends, strict=True))
    return [run.span() for run in runs if run]
