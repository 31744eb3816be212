"""The names and roles of all entities, looked up instead of gone through: a gazetteer has thousands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.types import Entity


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Whose name, and whose role, some words are."""

    # Casefolded name or written form → entity; of several the first in the order of the rules.
    names: Mapping[str, str]
    # Casefolded role → entity.
    roles: Mapping[str, str]

    def entity_named(self, name: str) -> str:
        """The entity that has exactly this name; empty: none."""
        return self.names.get(name.casefold(), "")

    def entity_in_role(self, words: list[str]) -> str:
        """The entity with the role that these words are, or end in with two words or more; empty: none.

        The longest role decides. Words come casefolded.
        """
        for first in range(len(words)):
            if first and len(words) - first < 2:
                return ""
            entity = self.roles.get(" ".join(words[first:]), "")
            if entity:
                return entity
        return ""


class _Same:
    """A mapping by identity: those of the rules never change, and are too large to compare."""

    __slots__ = ("entities",)

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities

    def __hash__(self) -> int:
        return id(self.entities)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.entities is self.entities


def known_names(entities: Mapping[str, Entity]) -> KnownNames:
    """The index of these entities; made once for each set of rules."""
    return _index(_Same(entities))


# The running set, and the one that takes its place.
@lru_cache(maxsize=2)
def _index(same: _Same) -> KnownNames:
    names: dict[str, str] = {}
    roles: dict[str, str] = {}
    for entity in same.entities.values():
        names.setdefault(entity.name.casefold(), entity.id)
        for alias in entity.aliases:
            for form in alias.forms:
                names.setdefault(form.casefold(), entity.id)
        for role in entity.roles:
            roles.setdefault(" ".join(role.casefold().split()), entity.id)
    return KnownNames(names, roles)
