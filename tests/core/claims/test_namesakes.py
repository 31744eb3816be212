"""One word of a known person's name, in the name of somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_room import reading

from monitor.core.claims.namesakes import without_namesakes
from monitor.core.claims.page import Page
from monitor.core.types import Alias, ArticleField, Entity, EntityType, Mention

_COSTA = Entity(
    id="costa",
    type=EntityType.PERSON,
    name="Viktor Costa",
    aliases=(Alias(text="Viktor Costa", forms=("Viktor Costa",)), Alias(text="Costa", forms=("Costa",))),
)


class _Rules:
    entities = {"costa": _COSTA}  # noqa: RUF012  # never changed


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("Costa said he would sign.", "Costa", True),
        ("President Costa said he would sign.", "Costa", True),
        ("A farmer, Maria Costa, said nobody asked her.", "Costa", False),
        ("Costa Moreno, a farmer, said nobody asked him.", "Costa", False),
        ("A baker who gave his name only as Viktor said so.", "Viktor", False),
    ],
)
def test_one_word_is_a_known_persons_only_where_nobody_elses(text: str, word: str, meant: bool) -> None:
    at = text.index(word)
    mention = Mention(entity="costa", field=ArticleField.TEXT, start=at, end=at + len(word))
    read = replace(reading(text, _Rules), mentions=(mention,))
    page = Page(reading=read, sentences=(), quotes={})
    kept = without_namesakes(page, _Rules.entities).reading.mentions
    assert bool(kept) is meant
