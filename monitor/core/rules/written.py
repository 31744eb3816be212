"""The tree of a rule as the file writes it, each word with its place: what lint looks at.

`conditions` makes the tree that is judged, and forgets places; this one keeps them, and skips
whatever has a mistake, which `conditions` reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.operators import OPERATORS, Shape
from monitor.core.rules.documents import Loc, as_mapping
from monitor.core.text import normalise

_ALTERNATIVES = (Shape.WORDS, Shape.ENTITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One condition with its place; words with theirs, a list's words with the place that names the list."""

    operator: str
    loc: Loc
    words: tuple[tuple[str, Loc], ...] = ()
    children: tuple[Written, ...] = ()
    # "any" looks everywhere.
    field: str = "any"

    @property
    def is_entity(self) -> bool:
        return self.operator == "entity"

    def below(self) -> Iterator[Written]:
        """This condition and all in it."""
        yield self
        for child in self.children:
            yield from child.below()


def read_match(match: object, loc: Loc, lists: Mapping[str, Sequence[str]]) -> Written:
    """What stands under a rule's `match`, as one `all`."""
    groups = tuple(
        _Reader(lists).group(key, inner, (*loc, key))
        for key, inner in as_mapping(match).items()
        if key in OPERATORS and OPERATORS[key].shape is Shape.CONDITIONS
    )
    return Written(operator="all", loc=loc, children=groups)


@dataclass(frozen=True, slots=True)
class _Reader:
    lists: Mapping[str, Sequence[str]]

    def group(self, name: str, value: object, loc: Loc) -> Written:
        children = [self.condition(child, (*loc, index)) for index, child in enumerate(_sequence(value))]
        return Written(operator=name, loc=loc, children=tuple(child for child in children if child))

    def condition(self, value: object, loc: Loc) -> Written | None:
        content = as_mapping(value)
        name = next((key for key in content if key in OPERATORS), None)
        if name is None:
            return None
        here, inner = (*loc, name), content[name]
        shape = OPERATORS[name].shape
        if shape is Shape.CONDITIONS:
            return self.group(name, inner, here)
        field = str(content.get("in", "any"))
        if shape in _ALTERNATIVES:
            return Written(operator=name, loc=here, words=self._words(inner, here), field=field)
        if shape is Shape.NEAR:
            here, inner = (*here, "terms"), as_mapping(inner).get("terms")
        elif shape is not Shape.TERMS:
            return None
        terms = [self._term(term, (*here, index), field) for index, term in enumerate(_sequence(inner))]
        return Written(operator=name, loc=here, children=tuple(term for term in terms if term), field=field)

    def _term(self, value: object, loc: Loc, field: str) -> Written | None:
        if not isinstance(value, dict):
            return Written(operator="keyword", loc=loc, words=self._words(value, loc), field=field)
        return self.condition({**value, "in": field}, loc)

    def _words(self, value: object, loc: Loc) -> tuple[tuple[str, Loc], ...]:
        if isinstance(value, list):
            return tuple(pair for at, word in enumerate(value) for pair in self._words(word, (*loc, at)))
        if not isinstance(value, str):
            return ()
        if value.startswith("$"):
            return tuple((word, loc) for word in self.lists.get(value[1:], ()))
        return ((value, loc),)


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


# ---------------------------------------------------------------- what follows from what


def implies(one: Written, other: Written) -> bool:
    """Where `one` holds, `other` surely holds too; False where that cannot be told."""
    if other.operator == "any":
        if one.operator == "any":
            return all(implies(child, other) for child in one.children)
        return any(implies(one, child) for child in other.children)
    if other.operator == "all" and other.children:
        return all(implies(one, child) for child in other.children)
    if one.operator == "any":
        return bool(one.children) and all(implies(child, other) for child in one.children)
    if one.children and one.operator != "none":
        return any(implies(child, other) for child in one.children)
    if not one.words or not other.words or one.is_entity != other.is_entity:
        return False
    if other.field not in ("any", one.field):
        return False
    if one.is_entity:
        return {word for word, _ in one.words} <= {word for word, _ in other.words}
    return all(any(_covers(broad, word) for broad, _ in other.words) for word, _ in one.words)


def _covers(broad: str, narrow: str) -> bool:
    """Every text with the narrow form has the broad one."""
    wide, small = (normalise(form.rstrip("*")).strip() for form in (broad, narrow))
    if not wide or not small:
        return False
    if narrow.endswith("*") and not broad.endswith("*"):
        # The narrow form's last word is open: only what stands before it is sure.
        small = small.rpartition(" ")[0]
    # Cut at blanks only: whatever else may end a word is not worth guessing about.
    return f" {wide}" in f" {small}" if broad.endswith("*") else f" {wide} " in f" {small} "
