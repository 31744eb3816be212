"""A matcher that is slow and plainly right: it tries every place, and shares only the normal form with ours.

`Wish` is what a rule asks for. `as_yaml` and `as_query` write it as an analyst would, `holds` says whether
an article has it. docs/rules.md is the meaning; nothing here knows how the engine works.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations, product
from typing import Any

import regex

from monitor.core.text import normalise, normalise_keeping_case
from monitor.core.types import Article, ArticleField

#: Start and end in the normal form of one field.
Place = tuple[int, int]


@dataclass(frozen=True)
class Wish:
    """One condition: "word" (one of `terms`), "entity", "list", "regex", "near", "line" or a group."""

    kind: str
    terms: tuple[str, ...] = ()
    children: tuple[Wish, ...] = ()
    field: str = ""
    within: int = 8
    ordered: bool = False


@dataclass(frozen=True)
class Name:
    """An alias of an entity."""

    text: str
    exact: bool = False


@dataclass(frozen=True)
class World:
    """What the names in wishes mean."""

    lists: Mapping[str, Sequence[str]]
    entities: Mapping[str, Sequence[Name]]


# ---------------------------------------------------------------- words


def is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc", "Me")


def has_no_spaces(letter: str) -> bool:
    """Is it of a script that writes no spaces? Only of those that our texts here use."""
    name = unicodedata.name(letter, "")
    return name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI", "KHMER", "MYANMAR", "LAO"))


def is_edge(text: str, at: int) -> bool:
    """Is there no word that goes on from the left of a place to its right?"""
    if at in (0, len(text)):
        return True
    left, right = text[at - 1], text[at]
    if not (left.isalnum() or is_mark(left)) or not (right.isalnum() or is_mark(right)):
        return True
    if is_mark(right) or unicodedata.name(left) in ("KHMER SIGN COENG", "MYANMAR SIGN VIRAMA"):
        return False
    return has_no_spaces(left) or has_no_spaces(right)


def script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


WRITTEN_ON = {
    "ARABIC": ["و", "ف", "ب", "ك", "ل", *(a + b for a in "وف" for b in "وفبكل")],
    "HEBREW": ["ו", "ה", "ב", "ל", "מ", "ש", "כ", *(a + b for a in "וש" for b in "והבלמשכ")],
}
WRITTEN_BEHIND = [
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "에서는",
    "에는",
    "로",
    "으로",
    "와",
    "과",
    "도",
]


def may_start(text: str, at: int) -> bool:
    if is_edge(text, at):
        return True
    return any(
        text[:at].endswith(letters) and is_edge(text, at - len(letters))
        for letters in WRITTEN_ON.get(script(text[at]), ())
    )


def may_end(text: str, at: int) -> bool:
    if is_edge(text, at):
        return True
    return any(
        text.startswith(particle, at)
        and (at + len(particle) == len(text) or not re.match(r"\w", text[at + len(particle)]))
        for particle in WRITTEN_BEHIND
    )


def places_of(term: str, text: str) -> set[Place]:
    """Every place of a written form in a normal form."""
    literal = normalise(term.removesuffix("*")).strip()
    found = set()
    for at in range(len(text) - len(literal) + 1):
        end = at + len(literal)
        if text[at:end] != literal or not may_start(text, at):
            continue
        if term.endswith("*") and not may_end(text, end):
            while not is_edge(text, end):
                end += 1
        if may_end(text, end):
            found.add((at, end))
    return found


def word_beginnings(text: str) -> list[int]:
    """Each letter of a script without spaces is a word of its own; a sign upon a letter never is."""

    def in_word(letter: str) -> bool:
        return letter.isalnum() or letter == "_" or is_mark(letter)

    return [
        at
        for at, letter in enumerate(text)
        if (letter.isalnum() or letter == "_")
        and (at == 0 or not in_word(text[at - 1]) or has_no_spaces(letter) or has_no_spaces(text[at - 1]))
    ]


# ---------------------------------------------------------------- conditions


def holds(wish: Wish, article: Article, world: World) -> bool:
    """Has the article what the wish asks for?"""
    match wish.kind:
        case "all":
            return all(holds(child, article, world) for child in wish.children)
        case "any":
            return any(holds(child, article, world) for child in wish.children)
        case "none":
            return not any(holds(child, article, world) for child in wish.children)
    return any(
        holds_in(wish, article.field(field), world)
        for field in ArticleField
        if wish.field in ("", field.value) and article.field(field)
    )


def holds_in(wish: Wish, stored: str, world: World) -> bool:
    text = normalise(stored)
    match wish.kind:
        case "regex":
            # Not `re`: rules mean by \w what Unicode does, and there a mark belongs to its word.
            return any(found[0] for found in regex.finditer(wish.terms[0], stored))
        case "near":
            return is_near(wish, stored, text, world)
        case "line":
            return is_in_one_line(wish, stored, text, world)
        case _:
            return bool(places_in(wish, stored, text, world))


def places_in(wish: Wish, stored: str, text: str, world: World) -> set[Place]:
    """Every place of a word, list, entity, or of alternatives of these."""
    if wish.kind == "any":
        return set().union(*(places_in(child, stored, text, world) for child in wish.children))
    if wish.kind == "entity":
        return {
            place
            for entity in wish.terms
            for name in world.entities[entity]
            for place in places_of(name.text, text)
            if not name.exact or is_written_so(name, place, stored)
        }
    terms = world.lists[wish.terms[0]] if wish.kind == "list" else wish.terms
    return set().union(*(places_of(term, text) for term in terms))


def is_written_so(name: Name, place: Place, stored: str) -> bool:
    cased = normalise_keeping_case(stored)
    assert len(cased) == len(normalise(stored)), (
        "capitals can be compared only where no letter changes its length"
    )
    return cased[place[0] : place[1]] == normalise_keeping_case(name.text)


def is_in_one_line(wish: Wish, stored: str, text: str, world: World) -> bool:
    """One place for each term that begins in the same line; a line without full stops is one sentence."""
    lines = stored.split("\n")
    # Where each line ends in the normal form, its line break included.
    ends = [len(normalise("\n".join(lines[:number]) + "\n")) for number in range(1, len(lines))]
    numbers = [
        {sum(end <= start for end in ends) for start, _ in places_in(child, stored, text, world)}
        for child in wish.children
    ]
    return bool(set.intersection(*numbers))


def is_near(wish: Wish, stored: str, text: str, world: World) -> bool:
    """One place for each term, in some order, without overlaps, with few enough words between."""
    beginnings = word_beginnings(text)
    groups = [places_in(child, stored, text, world) for child in wish.children]
    orders = [tuple(range(len(groups)))] if wish.ordered else list(permutations(range(len(groups))))

    def close(left: Place, right: Place) -> bool:
        between = sum(left[1] <= at < right[0] for at in beginnings)
        return left[1] <= right[0] and between <= wish.within

    return any(
        all(close(left, right) for left, right in pairwise(places))
        for order in orders
        for places in product(*(groups[number] for number in order))
    )


# ---------------------------------------------------------------- as an analyst writes it


def as_yaml(wish: Wish) -> dict[str, Any]:
    """The condition as a value of `match:`."""
    place: dict[str, Any] = {"in": wish.field} if wish.field else {}
    match wish.kind:
        case "word":
            terms = list(wish.terms)
            return {"keyword": terms[0] if len(terms) == 1 else terms, **place}
        case "list":
            return {"keyword": f"${wish.terms[0]}", **place}
        case "entity":
            return {"entity": list(wish.terms), **place}
        case "regex":
            return {"regex": wish.terms[0], **place}
        case "near":
            terms = [as_term(child) for child in wish.children]
            return {"near": {"terms": terms, "within": wish.within, "ordered": wish.ordered}, **place}
        case "line":
            return {"same_sentence": [as_term(child) for child in wish.children], **place}
        case _:
            return {wish.kind: [as_yaml(child) for child in wish.children]}


def as_term(wish: Wish) -> Any:
    """One term of `near` or `same_sentence`."""
    if wish.kind == "entity":
        return {"entity": list(wish.terms)}
    return f"${wish.terms[0]}" if wish.kind == "list" else list(wish.terms)


def as_query(wish: Wish, choose: Callable[[int], int]) -> str:
    """The same as a Boolean string; `choose(n)` picks one of n ways to write a thing."""
    return "".join(_query(wish, choose, outer=""))


def _query(wish: Wish, choose: Callable[[int], int], *, outer: str) -> Iterator[str]:
    """`outer` is the field that brackets around it have named already."""
    prefix = f"{wish.field}:" if wish.field and wish.field != outer else ""
    match wish.kind:
        case "word":
            written = " OR ".join(_term(term, choose) for term in wish.terms)
            yield f"{prefix}({written})" if len(wish.terms) > 1 else prefix + written
        case "list":
            yield f"{prefix}${wish.terms[0]}"
        case "entity":
            written = " OR ".join(f"@{entity}" for entity in wish.terms)
            yield f"{prefix}({written})" if len(wish.terms) > 1 else prefix + written
        case "near":
            sign = f"{'O' if wish.ordered else ''}NEAR/{wish.within}"
            inner = f" {sign} ".join(
                "".join(_query(child, choose, outer=wish.field)) for child in wish.children
            )
            yield f"{prefix}({inner})"
        case "any":
            yield (
                "("
                + " OR ".join("".join(_query(child, choose, outer=outer)) for child in wish.children)
                + ")"
            )
        case "all":
            needed = [child for child in wish.children if child.kind != "none"]
            pieces = [" AND ".join("".join(_query(child, choose, outer=outer)) for child in needed)]
            for none in wish.children:
                for child in none.children if none.kind == "none" else ():
                    pieces.append(
                        (" NOT ", " AND NOT ")[choose(2)] + "".join(_query(child, choose, outer=outer))
                    )
            yield "(" + "".join(pieces) + ")"
        case _:
            raise ValueError(f"a Boolean string cannot say {wish.kind}")


def _term(term: str, choose: Callable[[int], int]) -> str:
    return f'"{term}"' if " " in term or choose(2) else term
