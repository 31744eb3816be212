"""Boolean strings (`query:`) → the same tree that `match` holds.

    either := both {OR both}
    both   := operand {AND [NOT] operand | NOT operand}
    operand := term {NEAR/n term | ONEAR/n term}
    term   := [title: | summary: | text: | any:] (word | word* | "phrase" | @entity | $list | ( either ))

Operators are written in capitals. Every mistake knows its place in the string.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from monitor.core.operators import NEAR_TERMS_LIMIT, NEAR_WORDS, NEAR_WORDS_LIMIT, NEAR_WORDS_WARNING
from monitor.core.rules.problems import Level, did_you_mean
from monitor.core.rules.words import complaints
from monitor.core.types import ArticleField, Condition

#: Characters of one query.
MAX_QUERY = 10_000
_MAX_DEPTH = 20

FIELDS: Mapping[str, ArticleField | None] = {"any": None, **{field.value: field for field in ArticleField}}

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<phrase>"[^"]*")
    |(?P<unclosed>"[^"]*)
    |(?P<curly>[“”„«»])
    |(?P<bracket>[()])
    |(?P<near>O?NEAR(?:/\d+)?(?![^\s()"]))
    |(?P<operator>(?:AND|OR|NOT)(?![^\s()"]))
    |(?P<field>[^\W\d_]+:(?=["(@$\w]))
    |(?P<word>[^\s()"“”„«»]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something wrong, or doubtful, in a query; `at` counts its characters from 0."""

    code: str
    level: Level
    message: str
    at: int
    width: int
    help: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _StopError(Exception):
    """The query cannot be read further."""


def parse_query(
    text: str, lists: Mapping[str, Sequence[str]], entities: Collection[str]
) -> tuple[Condition | None, tuple[Mistake, ...]]:
    """The query's condition, and what is wrong with it; no condition where anything is an error.

    A broken structure ends the reading; unknown names and bad words are all noted.
    """
    reader = _QueryReader(text, lists, entities)
    try:
        condition = reader.read()
    except _StopError:
        condition = None
    if any(mistake.level is Level.ERROR for mistake in reader.mistakes):
        condition = None
    return condition, tuple(reader.mistakes)


class _QueryReader:
    def __init__(self, text: str, lists: Mapping[str, Sequence[str]], entities: Collection[str]) -> None:
        self.text = text
        self.lists = lists
        self.entities = entities
        self.mistakes: list[Mistake] = []
        self.next = 0
        self.tokens: list[_Token] = []

    def read(self) -> Condition:
        if len(self.text) > MAX_QUERY:
            self.stop("longer than 10,000 characters", MAX_QUERY, 1, "split it, or use lists")
        for found in _TOKEN.finditer(self.text):
            kind = str(found.lastgroup)
            if kind == "curly":
                self.stop(f"{found[0]!r} is no quotation mark here", found.start(), 1, 'write "…"')
            if kind == "unclosed":
                self.stop("the quotation mark is never closed", found.start(), 1, 'end the phrase with "')
            if kind != "space":
                self.tokens.append(_Token(kind, found[0], found.start()))
        self.tokens.append(_Token("end", "", len(self.text)))
        condition = self.either(None, 0)
        if self.token.text == ")":
            self.stop("this bracket closes nothing", self.token.at, 1, "remove it, or open one before it")
        return condition

    # ------------------------------------------------------------ the grammar

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self) -> _Token:
        taken = self.tokens[self.next]
        self.next += 1
        return taken

    def either(self, field: ArticleField | None, depth: int) -> Condition:
        children = [self.both(field, depth)]
        while self.token.text == "OR" and self.token.kind == "operator":
            self.take()
            children.append(self.both(field, depth))
        return children[0] if len(children) == 1 else Condition(operator="any", children=tuple(children))

    def both(self, field: ArticleField | None, depth: int) -> Condition:
        if self.token.kind == "operator" and self.token.text == "NOT":
            self.stop(
                "NOT stands alone: it would match nearly everything",
                self.token.at,
                3,
                "put it behind what must be there: a NOT b",
            )
        children = [self.operand(field, depth)]
        without: list[Condition] = []
        while self.token.kind == "operator" and self.token.text in ("AND", "NOT"):
            negated = self.take().text == "NOT"
            if not negated and self.token.text == "NOT" and self.token.kind == "operator":
                self.take()
                negated = True
            (without if negated else children).append(self.operand(field, depth))
        self.nothing_beside()
        if without:
            children.append(Condition(operator="none", children=tuple(without)))
        return children[0] if len(children) == 1 else Condition(operator="all", children=tuple(children))

    def nothing_beside(self) -> None:
        """Two terms side by side: other tools take AND, OR or a phrase for it; we do not guess."""
        token = self.token
        if token.kind in ("end", "operator") or token.text == ")":
            return
        help = 'write AND or OR between them, or "…" around a phrase'
        if token.text.upper() in ("AND", "OR", "NOT") or re.fullmatch(r"o?near(/\d+)?", token.text, re.I):
            help = f"write {token.text.upper()} in capitals, or in quotes for the word"
        self.stop(f"{token.text!r} stands beside another term", token.at, len(token.text), help)

    def operand(self, field: ArticleField | None, depth: int) -> Condition:
        start = self.token.at
        terms = [self.term(field, depth)]
        written: _Token | None = None
        while self.token.kind == "near":
            token = self.take()
            if written is not None and token.text != written.text:
                help = f"write {written.text} in both places, or join with AND"
                self.stop(f"{token.text} behind {written.text}", token.at, len(token.text), help)
            written = token
            terms.append(self.term(field, depth))
        if written is None:
            return terms[0]
        return self.near(terms, written, field, start)

    def near(
        self, terms: Sequence[Condition], written: _Token, field: ArticleField | None, start: int
    ) -> Condition:
        name, _, number = written.text.partition("/")
        within = int(number[:6] or 0) if number else NEAR_WORDS
        width = len(written.text)
        if within > NEAR_WORDS_LIMIT:
            self.stop(f"at most {NEAR_WORDS_LIMIT} words apart", written.at, width, "use AND")
        if within > NEAR_WORDS_WARNING:
            message = f"words {within} apart have little to do with each other"
            self.note("bad-value", message, written.at, width, f"try {name}/8", Level.WARNING)
        if len(terms) > NEAR_TERMS_LIMIT:
            help = "join alternatives in one bracket: (one OR two)"
            self.stop(f"more than {NEAR_TERMS_LIMIT} terms near each other", written.at, width, help)
        for term in terms:
            if not _is_plain(term):
                self.stop(
                    f"{name} joins words, phrases, entities, and brackets of them with OR only",
                    written.at,
                    width,
                    "join the rest with AND outside",
                )
            if any(leaf.field is not field for leaf in _leaves(term)):
                self.stop(f"{name} looks in one field", start, 1, "write title:(a NEAR/8 b)")
        options = (("ordered", "true" if name == "ONEAR" else "false"), ("within", str(within)))
        return Condition(operator="near", children=tuple(terms), field=field, options=options)

    def term(self, field: ArticleField | None, depth: int) -> Condition:
        token = self.take()
        if token.kind == "field":
            return self.term(self.field(token), depth)
        if token.text == "(":
            if depth >= _MAX_DEPTH:
                self.stop(f"brackets nest deeper than {_MAX_DEPTH}", token.at, 1, "")
            inner = self.either(field, depth + 1)
            if self.token.text != ")":
                self.stop("the bracket is never closed", token.at, 1, "end it with )")
            self.take()
            return inner
        if token.kind in ("operator", "near", "end") or token.text == ")":
            what = f"{token.text!r} stands" if token.text else "the query ends"
            self.stop(
                f"{what} where a term is wanted",
                token.at,
                max(1, len(token.text)),
                'a term is a word, "a phrase", @entity, $list or (…)',
            )
        return self.leaf(token, field)

    # ------------------------------------------------------------ terms

    def field(self, token: _Token) -> ArticleField | None:
        name = token.text[:-1]
        if name not in FIELDS:
            help = did_you_mean(name, FIELDS) + '; a colon in a word needs quotes: "…"'
            self.stop(f"no field is called {name!r}", token.at, len(name), help)
        return FIELDS[name]

    def leaf(self, token: _Token, field: ArticleField | None) -> Condition:
        if token.kind == "phrase":
            form = token.text[1:-1]
            self.check(form, token.at + 1)
            return Condition(operator="phrase", terms=(form,), field=field)
        if token.text.startswith("@"):
            name = token.text[1:]
            if name not in self.entities:
                help = did_you_mean(name, self.entities) or "define it under 'entities:'"
                message = f"no file defines an entity {name!r}"
                self.note("unknown-entity", message, token.at, len(token.text), help)
            return Condition(operator="entity", terms=(name,), field=field)
        if token.text.startswith("$"):
            name = token.text[1:]
            if name not in self.lists:
                help = did_you_mean(name, self.lists) or f"define it: lists: {{{name}: […]}}"
                self.note("unknown-list", f"no list is called {name!r}", token.at, len(token.text), help)
            return Condition(operator="keyword", terms=tuple(self.lists.get(name, ())), field=field)
        if token.text.upper() in ("AND", "OR", "NOT"):
            help = f"write {token.text.upper()} in capitals, or in quotes for the word"
            self.stop(f"{token.text!r} is no term", token.at, len(token.text), help)
        self.check(token.text, token.at)
        return Condition(operator="keyword", terms=(token.text,), field=field)

    def check(self, form: str, at: int) -> None:
        for code, level, message, help in complaints(form):
            self.note(code, message, at, max(1, len(form)), help, level)

    # ------------------------------------------------------------ complaints

    def note(
        self, code: str, message: str, at: int, width: int, help: str, level: Level = Level.ERROR
    ) -> None:
        self.mistakes.append(Mistake(code=code, level=level, message=message, at=at, width=width, help=help))

    def stop(self, message: str, at: int, width: int, help: str) -> NoReturn:
        self.note("query-syntax", message, at, width, help)
        raise _StopError


def _is_plain(condition: Condition) -> bool:
    if condition.operator == "any":
        return all(_is_plain(child) for child in condition.children)
    return condition.operator in ("keyword", "phrase", "entity")


def _leaves(condition: Condition) -> list[Condition]:
    return [leaf for child in condition.children for leaf in _leaves(child)] or [condition]
