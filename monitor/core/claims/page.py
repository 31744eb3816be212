"""An article laid out for reading: sentences, quotations, and trees of the sentences that may carry a
claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from monitor.core.claims.cues import FORMS_IRREGULAR, SPEECH_WORDS, TOGETHER
from monitor.core.claims.names import SHORTENED
from monitor.core.claims.parentheticals import Pieces
from monitor.core.claims.parsed import Parser, Sentence, Token
from monitor.core.claims.quotes import Quotation, split_before_speech
from monitor.core.claims.rejoined import put_together
from monitor.core.text import paragraph_break, sentence_spans
from monitor.core.types import Article, ArticleField, Mention, Reading
from monitor.core.wording import WORD, stem

# Claims are looked for in the first part of a very long text only.
MAX_CHARS = 60_000
_PARTS = (ArticleField.TITLE, ArticleField.TEXT)
# "CAIRO (Agency) — ", "KYIV, March 3 – ": where the report was written, at the start of its text.
_PLACE_NAME = r"[^\W\d_a-zа-я][^\W\d_a-zа-я.'’\-]+"
_DATELINE = re.compile(
    rf"\s*(?:{_PLACE_NAME}(?:[ /]{_PLACE_NAME}){{0,3}}(?:,\s[^\n(—–-]{{2,30}})?(?:\s*\([^)\n]{{2,40}}\))?"
    r"|[^\W\d_][^\n().—–]{1,30}\([^)\n]{2,40}\))\s*(?:[—–]|--?)\s+"
)
# "18.20 The mayor has left": when a line of a live page was written, at the start of its paragraph.
_HOUR = re.compile(
    r"(?:[-–—•●▪*]\s*)?\d{1,2}[.:h]\d{2}(?:\s?(?:[ap]\.?m\.?|GMT|UTC|CET|BST|E[SD]T))?\s*[-–—|:]?\s+(?=[A-Z“‘\"'])"
)
_NUMBER = re.compile(
    r"\d|(?i:\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundreds?|thousands?"
    r"|millions?|dozens?|scores)\b)"
)
# Sentences between marks that may stand between a name and its pronoun, less one.
_QUOTED_BETWEEN = 4
_ENDS_SHORTENED = re.compile(rf"\b(?:{'|'.join(SHORTENED)})\.\s*$")
_SEMICOLON = re.compile(r";\s+")
# "He sides with the owners: the brakes were new": a colon with a clause behind it.
_COLON_CLAUSE = re.compile(r"[a-z]:\s+\w+(?:\s+\S+){2}")
# What happened on a day, and what was done: the outlet may tell it itself.
_DAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|September"
    r"|October|November|December|(?:in|of) May|yesterday|today|(?:last|this) (?:night|week|month|year))\b"
)
_DONE = re.compile(r"\b(?:has|have|had|was|were|been)\s(?:been\s)?(?:\w+ly\s)?\w{2,}(?:ed|en|wn|pt|ld)\b")
_MARKS = re.compile(r"[\"“”«»„]|(?:^|\s)['‘]\w")


def _endings(lemma: str) -> tuple[str, ...]:
    doubled = lemma[-1]
    return "e", "y", "s", "ys", "es", "ed", "d", "ing", "ied", "ies", f"{doubled}ed", f"{doubled}ing"


def _base(lemma: str) -> str:
    return lemma[:-1] if lemma[-1] in "ey" else lemma


def _forms(lemma: str) -> str:
    return rf"{_base(lemma)}(?:{'|'.join(_endings(lemma))})?"


#: Matches a word that attributes, or several that do so together.
CUE_WORDS = rf"\b(?:{'|'.join([*sorted(map(_forms, SPEECH_WORDS)), *sorted(FORMS_IRREGULAR), *TOGETHER])})\b"
# The same in two steps: hundreds of forms are found much faster in a set.
_CUE_FORMS = FORMS_IRREGULAR | {
    _base(lemma) + ending for lemma in SPEECH_WORDS for ending in ("", *_endings(lemma))
}
_TOGETHER = re.compile(rf"\b(?:{'|'.join(TOGETHER)})\b", re.IGNORECASE)
_RUN = re.compile(r"\w+")


def _has_cue(text: str) -> bool:
    return not _CUE_FORMS.isdisjoint(_RUN.findall(text.lower())) or _TOGETHER.search(text) is not None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One article, ready for the detectors."""

    reading: Reading
    # Of title and text, in order.
    sentences: tuple[Sentence, ...]
    # Field → its quotations in order.
    quotes: dict[ArticleField, tuple[Quotation, ...]]

    @property
    def article(self) -> Article:
        return self.reading.article

    @cached_property
    def parsed(self) -> tuple[Sentence, ...]:
        """The sentences with a tree."""
        return tuple(s for s in self.sentences if s.tokens)

    @cached_property
    def named(self) -> dict[ArticleField, list[tuple[int, int, str]]]:
        """Field → where it names an entity of the rules, and which, in order."""
        found: dict[ArticleField, list[tuple[int, int, str]]] = {}
        for m in self.reading.mentions:
            found.setdefault(m.field, []).append((m.start, m.end, m.entity))
        return found

    def mentions_in(self, field: ArticleField, start: int, end: int) -> tuple[Mention, ...]:
        """Entities of the rules that are named inside this stretch."""
        return tuple(
            m for m in self.reading.mentions if m.field is field and start <= m.start and m.end <= end
        )

    def quotations_in(self, s: Sentence) -> tuple[Quotation, ...]:
        """The quotations that a sentence has a part in."""
        return tuple(q for q in self.quotes[s.field] if q.start < s.end and s.start < q.end)

    def quoted(self, field: ArticleField, at: int) -> Quotation | None:
        """The quotation that this offset lies in."""
        for quote in self.quotes[field]:
            if quote.start <= at < quote.end:
                return quote
        return None


Spans = Sequence[tuple[int, int]]


class Layout(Protocol):
    """What laying out takes from a language (`Language` in languages.py)."""

    @property
    def quotations(self) -> Callable[[str], tuple[Quotation, ...]]: ...

    @property
    def title_parts(self) -> Callable[[str, Spans, Sequence[Quotation]], Iterable[tuple[int, int]]]: ...

    @property
    def may_claim(self) -> Callable[[Page, Sentence, frozenset[str]], bool]: ...

    @property
    def may_go_on(self) -> Callable[[str], bool]: ...

    @property
    def speaks_again(self) -> Callable[[str], bool]: ...

    @property
    def taken_apart(self) -> Callable[[str, Sequence[tuple[int, int]]], Pieces | None]: ...

    @property
    def calm_title(self) -> Callable[[str, str, Spans], str]: ...

    @property
    def mend(self) -> Callable[[tuple[Token, ...]], tuple[Token, ...]]: ...

    @property
    def mend_title(self) -> Callable[[tuple[Token, ...]], tuple[Token, ...]]: ...


def lay_out(
    readings: Sequence[Reading], parser: Parser, telling: frozenset[str], language: Layout
) -> tuple[Page, ...]:
    """One page a reading; the sentences that may carry a claim go through the parser in one batch.

    `telling` are stems of words with which the outlet itself may say something checkable; `language` is
    that of all the readings.
    """
    pages = [_unparsed(reading, language) for reading in readings]
    wanted = [
        (p, n)
        for p, page in enumerate(pages)
        for n, s in enumerate(page.sentences)
        if language.may_claim(page, s, telling)
        or (language.may_go_on(s.text) and _same_paragraph(page.sentences, n))
        or _is_carried(page, n)
    ]
    wanted = _with_antecedents(pages, wanted, language.speaks_again)
    texts = [_in_pieces(pages[p], pages[p].sentences[n], language.taken_apart) for p, n in wanted]
    trees = _trees(texts, parser)
    for page_index, page in enumerate(pages):
        mine = {n: tree for (p, n), tree in zip(wanted, trees, strict=True) if p == page_index}
        sentences = tuple(
            replace(s, tokens=_mended(s, mine[n], language)) if n in mine else s
            for n, s in enumerate(page.sentences)
        )
        pages[page_index] = replace(page, sentences=sentences)
    return tuple(pages)


def _mended(s: Sentence, tree: tuple[Token, ...], language: Layout) -> tuple[Token, ...]:
    tree = language.mend(tree)
    return language.mend_title(tree) if s.field is ArticleField.TITLE else tree


def _with_antecedents(
    pages: Sequence[Page], wanted: Sequence[tuple[int, int]], speaks_again: Callable[[str], bool]
) -> list[tuple[int, int]]:
    """The sentences wanted, and before each in which a pronoun or nobody speaks the one that may name whom
    it means: 'A nurse shut the door. “We had no oxygen,” she said.'
    """
    found = set(wanted)
    for p, n in wanted:
        sentences = pages[p].sentences
        if not speaks_again(sentences[n].text) and not _is_uttered(pages[p], n):
            continue
        for at in range(n - 1, max(-1, n - _QUOTED_BETWEEN), -1):
            before = sentences[at]
            if before.field is not sentences[n].field:
                break
            # One that begins with a mark begins before its quotation.
            if pages[p].quoted(before.field, before.start + 1) is None:
                found.add((p, at))
                break
    return sorted(found)


def _is_uttered(page: Page, n: int) -> bool:
    """Whether it is all quotation, with words of the reporter's before it in the paragraph: 'The guard shook
    his head. “Nobody came.”'
    """
    s = page.sentences[n]
    quote = page.quoted(s.field, s.start + 1) if _same_paragraph(page.sentences, n) else None
    return quote is not None and s.end - 1 <= quote.end


def _in_pieces(
    page: Page, s: Sentence, apart: Callable[[str, Sequence[tuple[int, int]]], Pieces | None]
) -> Pieces | str:
    """The sentence taken apart where there is an attribution between commas in it; else its text."""
    quoted = [(q.start - s.start, q.end - s.start) for q in page.quotations_in(s)]
    return apart(s.text, quoted) or s.text


def _trees(texts: Sequence[Pieces | str], parser: Parser) -> tuple[tuple[Token, ...], ...]:
    """The tree of each text; of one in pieces the trees of all pieces, put together."""
    parts = [text.texts if isinstance(text, Pieces) else (text,) for text in texts]
    parsed = iter(parser.parse([piece for pieces in parts for piece in pieces]))
    trees: list[tuple[Token, ...] | None] = []
    # Those whose pieces do not fit together are parsed whole.
    left: list[str] = []
    for text in texts:
        if isinstance(text, Pieces):
            trees.append(put_together(text, [next(parsed) for _ in text.texts]))
            if trees[-1] is None:
                left.append(text.text)
        else:
            trees.append(next(parsed))
    whole = iter(parser.parse(left))
    return tuple(tree if tree is not None else next(whole) for tree in trees)


def _is_carried(page: Page, n: int) -> bool:
    """Whether it stands behind a semicolon and a clause that attributes: "…, she said; the gate was shut"."""
    before, s = page.sentences[n - 1], page.sentences[n]
    if n == 0 or before.field is not s.field:
        return False
    between = page.article.field(s.field)[before.end : s.start].strip()
    return between == ";" and (_has_cue(before.text) or _is_carried(page, n - 1))


def _same_paragraph(sentences: Sequence[Sentence], n: int) -> bool:
    """Whether it stands in one paragraph with the sentence before."""
    before, s = sentences[n - 1], sentences[n]
    return n > 0 and (before.field, before.paragraph) == (s.field, s.paragraph)


def _unparsed(reading: Reading, language: Layout) -> Page:
    article = reading.article
    sentences: list[Sentence] = []
    quotes = {}
    for part in _PARTS:
        text = article.field(part)[:MAX_CHARS]
        between = paragraph_break(text)
        quotes[part] = language.quotations(text)
        spans = tuple(split_before_speech(text, _sentences(text, quotes[part]), quotes[part]))
        if part is ArticleField.TITLE:
            named = [(m.start, m.end) for m in reading.mentions if m.field is part]
            text = language.calm_title(text, article.text, named)
            spans = tuple(language.title_parts(text, spans, quotes[part]))
        for start, end in _clauses(text, spans, quotes[part]):
            sentences.append(
                Sentence(
                    field=part,
                    start=start,
                    end=end,
                    text=text[start:end],
                    paragraph=text.count(between, 0, start),
                )
            )
    return Page(reading=reading, sentences=tuple(sentences), quotes=quotes)


def _sentences(text: str, quotes: Sequence[Quotation]) -> list[tuple[int, int]]:
    """Sentences, with one that starts inside a quotation's closing mark ('" said X') joined to its
    quotation.
    """
    spans: list[tuple[int, int]] = []
    for raw_start, raw_end in sentence_spans(text):
        start, end = raw_start, raw_end
        for line_start, line_end in _lines(text, start, end):
            closing = text[line_start : line_start + 2].lstrip()[:1] in {"”", "»", '"'} and any(
                q.start < line_start and abs(q.end - line_start) <= 1 for q in quotes
            )
            # "Lt. | Gov. Ivo Lund", "(D-Va. | ), said": no end of a sentence.
            goes_on = text[line_start : line_start + 1].islower() or text[line_start] in "),"
            goes_on = goes_on or _ENDS_SHORTENED.search(text, line_start - 12, line_start) is not None
            if spans and (closing or goes_on) and "\n" not in text[spans[-1][1] : line_start]:
                spans[-1] = (spans[-1][0], line_end)
            else:
                spans.append((line_start, line_end))
    return spans


def _clauses(
    text: str, spans: Sequence[tuple[int, int]], quotes: Sequence[Quotation]
) -> list[tuple[int, int]]:
    """The sentences without the dateline, and each clause after a semicolon on its own: 'he gave himself
    up, his lawyer said; police say he was caught' attributes twice.
    """
    found = _DATELINE.match(text)
    begin = found.end() if found else 0
    clauses: list[tuple[int, int]] = []
    for start, end in spans:
        at = begin if start < begin < end else start
        if (hour := _HOUR.match(text, at, end)) and text[at - 1 : at] in {"", "\n"}:
            at = hour.end()
        for mark in _SEMICOLON.finditer(text, at, end):
            if not any(q.start <= mark.start() < q.end for q in quotes):
                clauses.append((at, mark.start()))
                at = mark.end()
        clauses.append((at, end))
    return clauses


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, at = [], start
    for piece in text[start:end].split("\n"):
        left = at + len(piece) - len(piece.lstrip())
        right = at + len(piece.rstrip())
        if left < right:
            found.append((left, right))
        at += len(piece) + 1
    return found


def may_claim(page: Page, s: Sentence, telling: frozenset[str]) -> bool:
    """Somebody may speak in it, or it tells a number, a day, a deed, or something that a frame knows."""
    if s.field is ArticleField.TITLE or page.quotations_in(s) or _has_cue(s.text):
        return True
    if _MARKS.search(s.text) or _COLON_CLAUSE.search(s.text) or _NUMBER.search(s.text):
        return True
    if _DAY.search(s.text) or _DONE.search(s.text):
        return True
    return any(stem(word) in telling for word in WORD.findall(s.text))
