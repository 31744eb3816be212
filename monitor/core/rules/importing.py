"""Boolean strings of other tools → our `query:`, and a rule file of drafts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monitor.core.rules.problems import Level
from monitor.core.rules.query import Mistake, parse_query

_PIECE = re.compile(
    r"""(?P<space>\s+)
    |(?P<phrase>"[^"]*")
    |(?P<slop>~\d+)
    |(?P<near>(?i:(?:near|onear|w|n|pre)[/:]?\d+|near|onear)(?![^\s()"]))
    |(?P<symbol>&&|\|\||[&|!](?=\s)|[-!+](?=["(\w@$]))
    |(?P<bracket>[()])
    |(?P<word>[^\s()"~]+)
    |(?P<other>.)""",
    re.VERBOSE,
)
_SYMBOLS = {"&&": "AND", "&": "AND", "+": "AND", "||": "OR", "|": "OR", "!": "NOT", "-": "NOT"}
_OPERATORS = {"AND", "OR", "NOT"}
# How other tools call our fields.
_FIELDS = {
    "intitle": "title", "allintitle": "title", "headline": "title", "ti": "title",
    "intext": "text", "body": "text", "content": "text", "lead": "summary", "ingress": "summary",
}  # fmt: skip
_FIELD = re.compile(rf"(?i:({'|'.join(_FIELDS)})):")
# What other tools say in the string and we say beside it.
_BESIDE = {
    "where: {languages: [en]}": ("lang", "language"),
    "where: {publishers: {include: ['domain:…']}}": ("site", "domain", "inurl", "url", "host", "sourceurl"),
    "where: {publishers: {include: [name]}}": ("source", "publisher", "sourcename", "publication"),
    "where: {published_within: 3d}": ("after", "before", "published", "date"),
}
_CONDITION = re.compile(r"(?<!\S)(?P<name>[^\W\d_]+):[<>=]\S*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One line of another tool."""

    line: int
    written: str
    # The same in our words.
    query: str
    # What was changed, or is doubtful, in words.
    warnings: tuple[str, ...]
    # Why it cannot be used, places counted in `query`; empty: it can.
    errors: tuple[Mistake, ...]


def import_lines(text: str) -> tuple[Imported, ...]:
    """Each line that is neither blank nor begins with "#"."""
    return tuple(
        _imported(number, line.strip())
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def rule_file(imported: Iterable[Imported]) -> str:
    """A rule file with a draft for each line that can be used."""
    lines = ["version: 1", "rules:"]
    for number, one in enumerate((one for one in imported if not one.errors), 1):
        lines += [
            f"  - id: imported-{number}",
            f"    title: {_quoted(one.written[:100])}",
            "    status: draft",
            f"    query: {_quoted(one.query)}",
        ]
    return "\n".join(lines if len(lines) > 2 else ["version: 1", "rules: []"]) + "\n"


def _quoted(text: str) -> str:
    """As a YAML scalar that never needs anything around it."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    if "'" not in shown:
        return f"'{shown}'"
    return json.dumps(shown, ensure_ascii=False)


def _imported(number: int, line: str) -> Imported:
    warnings: list[str] = []
    query = translate(line, warnings)
    # Strings of other tools know no entities and lists of ours.
    _, mistakes = parse_query(query, {}, ())
    errors = tuple(map(_with_our_way, (m for m in mistakes if m.level is Level.ERROR)))
    if not errors:
        errors = tuple(_comparisons(query))
    warnings += [mistake.message for mistake in mistakes if mistake.level is Level.WARNING]
    return Imported(
        line=number, written=line, query=query, warnings=tuple(dict.fromkeys(warnings)), errors=errors
    )


def translate(line: str, warnings: list[str]) -> str:
    """The line in our words; what was guessed goes to the warnings."""
    plain = re.sub("[“”„«»]", '"', line)
    if plain != line:
        warnings.append("curly quotes are plain ones now")
    words: list[str] = []
    for found in _PIECE.finditer(plain):
        piece, kind = found[0], str(found.lastgroup)
        if kind == "space":
            continue
        if kind == "slop":
            _spread_phrase(words, int(piece[1:]), warnings)
            continue
        if kind == "near":
            piece = _near(piece, warnings)
        elif kind == "symbol":
            warnings.append(f"{piece} is {_SYMBOLS[piece]} now")
            piece = _SYMBOLS[piece]
            if not words and piece == "AND":
                continue
        elif kind == "word" and (field := _FIELD.match(piece)):
            ours = _FIELDS[field[1].casefold()]
            warnings.append(f"{field[1]}: is {ours}: now")
            piece = f"{ours}:{piece[field.end() :]}"
        elif kind == "word" and piece.upper() in _OPERATORS and piece not in _OPERATORS:
            warnings.append(f"{piece} is {piece.upper()} now; quote it where the word is meant")
            piece = piece.upper()
        if words and _is_end(words[-1]) and _is_start(piece, kind):
            warnings.append("terms side by side are joined with AND")
            words.append("AND")
        if piece in _OPERATORS and words and words[-1] in ("AND", "OR") and piece != "NOT":
            continue
        words.append(piece)
    return re.sub(r"(?<=\() | (?=\))|(?<=\w:) ", "", " ".join(words))


def _with_our_way(mistake: Mistake) -> Mistake:
    """Where a string asks for a field that we have beside it, the hint says where."""
    named = re.match(r"no field is called '(\w+)'", mistake.message)
    name = named[1].casefold() if named else ""
    ours = next((way for way, names in _BESIDE.items() if name in names), "")
    return replace(mistake, help=f"take it out, and write in the rule: {ours}") if ours else mistake


def _comparisons(query: str) -> Iterator[Mistake]:
    """`engagement:>10` is no word that anybody looks for."""
    for found in _CONDITION.finditer(query):
        yield Mistake(
            code="query-syntax",
            level=Level.ERROR,
            message=f"nothing is counted that is called {found['name']!r}",
            at=found.start(),
            width=len(found[0]),
            help="take it out; a text with a colon in it needs quotes",
        )


def _near(piece: str, warnings: list[str]) -> str:
    number = re.search(r"\d+", piece)
    ordered = piece[:1] in "oOpP"
    ours = ("ONEAR" if ordered else "NEAR") + (f"/{number[0]}" if number else "")
    if ours != piece:
        warnings.append(f"{piece} is {ours} now")
    return ours


def _spread_phrase(words: list[str], within: int, warnings: list[str]) -> None:
    """`"a b"~5`: its words near each other."""
    if not words or not words[-1].startswith('"'):
        words.append(f"~{within}")
        return
    inner = words[-1].strip('"').split()
    if len(inner) < 2:
        return
    warnings.append(f"{words[-1]}~{within} is NEAR/{within} now")
    words[-1] = "(" + f" NEAR/{within} ".join(f'"{word}"' for word in inner) + ")"


def _is_end(word: str) -> bool:
    return word not in _OPERATORS and not re.fullmatch(r"O?NEAR(/\d+)?|\(|\w+:", word)


def _is_start(piece: str, kind: str) -> bool:
    return piece == "(" or (kind in ("phrase", "word", "other") and piece not in _OPERATORS)
