"""What one file says by itself: its lists and entities whole, its rules and filters still to be joined.

A draft depends on the file's text alone, so it is made once for as long as the text stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from monitor.core.claims.frames import FrameMistakes, parse_frame
from monitor.core.rules.documents import Document, Loc, as_mapping
from monitor.core.rules.entities import check_aliases, check_names_of_line, check_word, read_entity
from monitor.core.rules.problems import Problem
from monitor.core.rules.shapes import FilterFileShape, FilterShape, RuleFileShape, RuleShape, read_shape
from monitor.core.types import Entity, Frame

Shaped = TypeVar("Shaped")


@dataclass(frozen=True, slots=True)
class Name:
    """Something that a file defines: its kind, its name, and where that stands."""

    kind: str
    name: str
    loc: Loc

    @property
    def of_key(self) -> bool:
        # The name of a rule, a filter or a frame is a value, the others' are keys.
        return self.kind in ("list", "entity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[Shaped]):
    """A rule or a filter as the file has it."""

    loc: Loc
    # Keys and values as written.
    content: Mapping[str, object]
    # None where the file has a mistake in its shape.
    shape: Shaped | None


@dataclass(slots=True, kw_only=True)
class Draft:
    """One file of rules or filters, or one frame."""

    document: Document
    names: list[Name] = field(default_factory=list)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Those without mistakes; `names` has the others too.
    entities: dict[str, Entity] = field(default_factory=dict)
    rules: list[Part[RuleShape]] = field(default_factory=list)
    filters: list[Part[FilterShape]] = field(default_factory=list)
    frame: Frame | None = None
    # Mistakes of the file alone.
    problems: list[Problem] = field(default_factory=list)
    _keys: frozenset[tuple[str, str]] = frozenset()

    @property
    def rule_ids(self) -> list[str]:
        """Also of rules with mistakes."""
        return [name.name for name in self.names if name.kind == "rule"]

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """Kind and name of all that is defined."""
        if not self._keys:
            self._keys = frozenset((name.kind, name.name) for name in self.names)
        return self._keys


def draft_rules(document: Document) -> Draft:
    """A file with lists, entities and rules."""
    noted = document.apart()
    shape = read_shape(noted, RuleFileShape)
    draft = Draft(document=document)
    content = as_mapping(document.value)
    _take_lists(draft, noted, content.get("lists"))
    for name, entity in as_mapping(content.get("entities")).items():
        draft.names.append(Name("entity", name, ("entities", name)))
        if isinstance(entity, str):
            check_names_of_line(noted, ("entities", name), entity)
        else:
            check_aliases(noted, ("entities", name, "aliases"), as_mapping(entity).get("aliases"))
    for name, entity_shape in (shape.entities if shape else {}).items():
        draft.entities[name] = read_entity(noted, name, entity_shape)
    written = content.get("rules")
    for number, rule in enumerate(written if isinstance(written, list) else ()):
        loc: Loc = ("rules", number)
        rule_id = as_mapping(rule).get("id")
        if isinstance(rule_id, str):
            draft.names.append(Name("rule", rule_id, (*loc, "id")))
        draft.rules.append(
            Part(loc=loc, content=as_mapping(rule), shape=shape.rules[number] if shape else None)
        )
    draft.problems = noted.problems
    return draft


def _take_lists(draft: Draft, noted: Document, lists: object) -> None:
    """The lists, also of a file with mistakes elsewhere."""
    for name, words in as_mapping(lists).items():
        draft.names.append(Name("list", name, ("lists", name)))
        known = words if isinstance(words, list) else ()
        draft.lists[name] = tuple(word for word in known if isinstance(word, str))
        for index, word in enumerate(known):
            if isinstance(word, str):
                check_word(noted, ("lists", name, index), word, in_list=True)


def draft_filters(document: Document) -> Draft:
    """A file with filters."""
    noted = document.apart()
    shape = read_shape(noted, FilterFileShape)
    draft = Draft(document=document, problems=noted.problems)
    written = as_mapping(document.value).get("filters")
    for number, each in enumerate(shape.filters if shape else ()):
        loc: Loc = ("filters", number)
        draft.names.append(Name("filter", each.id, (*loc, "id")))
        content = as_mapping(written[number] if isinstance(written, list) else None)
        draft.filters.append(Part(loc=loc, content=content, shape=each))
    return draft


def draft_frame(document: Document) -> Draft:
    """A file with one frame."""
    noted = document.apart()
    draft = Draft(document=document, problems=noted.problems)
    typed = document.typed
    if not isinstance(typed, dict):
        if not noted.problems:
            noted.problem((), "wrong-type", "a frame file must be a mapping")
        return draft
    try:
        draft.frame = parse_frame(typed, path=document.path)
    except FrameMistakes as error:
        for mistake in error.mistakes:
            noted.problem(mistake.at, "bad-frame", mistake.message, help=mistake.hint)
    else:
        draft.names.append(Name("frame", draft.frame.id, ("id",)))
    return draft
