"""In words, how the article's way of calling a speaker leads to the one name."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.core.types import Claim, ClaimKind, Entity, Speaker
from monitor.core.wording import word_set

_PRONOUNS = word_set(
    "he she it they him her them his hers their we i он она оно они его её ее ему ей им их мы я"
)
_ARTICLES = ("the ", "a ", "an ")


def how_named(claim: Claim, text: str, entities: Mapping[str, Entity] | None) -> str:
    """One sentence without a full stop; `text` is the article's, `entities` None: not known."""
    speaker = claim.speaker
    if claim.kind is ClaimKind.OWN_VOICE:
        return "nobody else is named as speaker: the outlet says it itself"
    surface = _plain(speaker.surface)
    if surface in _PRONOUNS:
        return f"the pronoun “{speaker.surface}”, taken for the nearest fitting name before it"
    if speaker.entity and entities is None:
        return f"linked to entity {speaker.entity}"
    if speaker.entity and entities is not None:
        return _by_entity(speaker, surface, entities.get(speaker.entity))
    name = _plain(speaker.name)
    if surface == name or not surface:
        return "as written there"
    if name in surface:
        return "the name stands in what the article says there"
    if speaker.name not in text and speaker.name.split()[-1] not in text:
        return "the name that another article of the story has for them"
    if surface in name:
        place = text.find(speaker.name)
        where = f", which the article gives in full at {place}" if place >= 0 else ""
        return f"part of the name{where}"
    return "the role that the article gives to this name"


def _by_entity(speaker: Speaker, surface: str, entity: Entity | None) -> str:
    if entity is None:
        return f"linked to entity {speaker.entity}, which the rules no longer have"
    forms = {_plain(form) for alias in entity.aliases for form in (alias.text, *alias.forms)}
    alias = max((f for f in forms if f and f.rstrip("*") in surface), key=len, default="")
    if alias:
        return f"“{alias}” is a name of entity {entity.id} in the rules"
    role = next((r for r in entity.roles if _plain(r) in surface), "")
    if role:
        return f"“{role}” is a role of entity {entity.id} in the rules"
    return f"linked to entity {entity.id} of the rules"


def _plain(words: str) -> str:
    low = " ".join(words.casefold().split())
    return next((low.removeprefix(article) for article in _ARTICLES if low.startswith(article)), low)
