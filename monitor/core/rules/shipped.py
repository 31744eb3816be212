"""The frames and entities that come with the program, beside those of a rules folder.

Without frames nothing contradicts anything and without entities nobody knows who speaks, so a folder that
holds only rules gets both. What the folder defines itself goes first, and `shipped.yml` in it can leave
either out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from monitor.core.rules.documents import Document
from monitor.core.rules.drafts import draft_frame, draft_rules
from monitor.core.rules.joining import Surroundings
from monitor.core.rules.problems import Problem, errors_of
from monitor.core.rules.ruleset import NOT_IT, RuleSet
from monitor.core.rules.shapes import Shape, read_shape
from monitor.core.text import normalise
from monitor.core.types import Entity, EntityType, Frame


class ShippedPart(StrEnum):
    FRAMES = "frames"
    ENTITIES = "entities"


class ShippedFileShape(Shape):
    """`shipped.yml`: what of it the folder wants."""

    version: int
    shipped: tuple[ShippedPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """What comes with the program."""

    # By id; nothing where the program was installed without them.
    frames: Mapping[str, Frame] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)
    # Errors in its files, which only somebody who edits the program's own folder can make.
    problems: tuple[Problem, ...] = ()
    # The entities compiled, for the set of each folder to take over from; None: nothing is compiled.
    compiled: RuleSet | None = None
    # Written form in normal form → ids of the entities that have it; full names too.
    _owners: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def beside(self, around: Surroundings) -> Surroundings:
        """The surroundings with the shipped entities that the folder's own leave room for.

        A shipped entity gives way to one of the folder that has its id or bears its full name, and a person
        to one of any common name: two ids for one person would split what she says. Any other name that
        both have is the folder's alone.
        """
        taken: dict[str, list[Entity]] = {}
        for entity in around.entities.values():
            for name in _names_of(entity):
                for id in self._owners.get(name, ()):
                    taken.setdefault(id, []).append(entity)
        kept = {
            id: left
            for id, entity in self.entities.items()
            if id not in around.entity_names
            and (left := _left_of(entity, taken[id]) if id in taken else entity) is not None
        }
        return replace(
            around,
            entities={**kept, **around.entities},
            entity_names={*kept, *around.entity_names},
        )

    def beside_frames(self, own: Mapping[str, Frame]) -> dict[str, Frame]:
        """The folder's frames and the shipped ones that it does not define itself, in order of their ids."""
        return dict(sorted({**self.frames, **own}.items()))


def read_shipped(frames: Iterable[Document], entities: Iterable[Document]) -> Shipped:
    """What the shipped files say."""
    frame_drafts = [draft_frame(document) for document in frames]
    entity_drafts = [draft_rules(document) for document in entities]
    known = {id: entity for draft in entity_drafts for id, entity in draft.entities.items()}
    owners: dict[str, set[str]] = {}
    for id, entity in known.items():
        for name in _names_of(entity):
            owners.setdefault(name, set()).add(id)
    return Shipped(
        frames={draft.frame.id: draft.frame for draft in frame_drafts if draft.frame is not None},
        entities=known,
        problems=tuple(errors_of([p for draft in (*frame_drafts, *entity_drafts) for p in draft.problems])),
        compiled=RuleSet.compile(entities=known.values()),
        _owners={name: frozenset(ids) for name, ids in owners.items()},
    )


def wanted_of(shipped: Callable[[], Shipped], document: Document | None) -> tuple[Shipped, list[Problem]]:
    """What a folder's `shipped.yml` asks for, and all mistakes; everything where there is no such file.

    `shipped` is called only where something of it is wanted.
    """
    parts: Sequence[ShippedPart] = tuple(ShippedPart)
    mistakes: Sequence[Problem] = ()
    if document is not None:
        noted = document.apart()
        shape = read_shape(noted, ShippedFileShape)
        parts, mistakes = shape.shipped if shape is not None else (), noted.problems
    if not parts:
        return Shipped(), list(mistakes)
    whole = shipped()
    left = Shipped(
        frames=whole.frames if ShippedPart.FRAMES in parts else {},
        entities=whole.entities if ShippedPart.ENTITIES in parts else {},
        compiled=whole.compiled if ShippedPart.ENTITIES in parts else None,
        _owners=whole._owners,
    )
    return left, [*mistakes, *whole.problems]


def _names_of(entity: Entity) -> Iterator[str]:
    """Every name that is its, in normal form."""
    yield _plain(entity.name)
    for alias in entity.aliases:
        if not alias.text.startswith(NOT_IT):
            yield from map(_plain, (alias.text, *alias.forms))


def _plain(name: str) -> str:
    return normalise(name).strip()


def _left_of(entity: Entity, rivals: Iterable[Entity]) -> Entity | None:
    """What a shipped entity keeps beside those of the folder with which it shares a name; None: nothing."""
    theirs = {name for rival in rivals for name in _names_of(rival)}
    same_person = entity.type is EntityType.PERSON and any(r.type is EntityType.PERSON for r in rivals)
    if same_person or _plain(entity.name) in theirs:
        return None
    aliases = tuple(
        alias
        for alias in entity.aliases
        if alias.text.startswith(NOT_IT) or not theirs.intersection(map(_plain, (alias.text, *alias.forms)))
    )
    if all(alias.text.startswith(NOT_IT) for alias in aliases):
        return None
    return replace(entity, aliases=aliases)
