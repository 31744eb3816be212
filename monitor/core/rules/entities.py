"""Entities of the rule files → `Entity` with every written form, and the checks of their words."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.core.rules.documents import Document, Loc, as_mapping
from monitor.core.rules.entity_lines import names_of_line
from monitor.core.rules.expand import LANGUAGES, case_forms
from monitor.core.rules.problems import Level
from monitor.core.rules.shapes import AliasShape, EntityShape
from monitor.core.rules.words import complaints
from monitor.core.types import Alias, Entity, EntityType


def read_entity(document: Document, name: str, shape: EntityShape) -> Entity:
    """The entity with its case forms; mistakes are noted in the document."""
    person = shape.type is EntityType.PERSON
    return Entity(
        id=name,
        type=shape.type,
        name=shape.name,
        aliases=tuple(
            _alias(document, ("entities", name, "aliases", index), alias, person=person)
            for index, alias in enumerate(shape.aliases)
        ),
        roles=shape.roles,
        side=shape.side or "",
        context=shape.context,
    )


def _alias(document: Document, loc: Loc, shape: AliasShape, *, person: bool) -> Alias:
    forms = [shape.text]
    if shape.inflect:
        forms += _case_forms(document, (*loc, "inflect"), shape, person=person)
    return Alias(
        text=shape.text,
        lang=shape.lang or "",
        forms=tuple(dict.fromkeys([*forms, *shape.forms])),
        exact_case=shape.case == "exact",
    )


def _case_forms(document: Document, loc: Loc, shape: AliasShape, *, person: bool) -> Sequence[str]:
    if shape.lang not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        message = f"no case forms for {shape.lang!r}" if shape.lang else "'inflect' needs a language"
        help = f"'lang' may be: {known}; for others write forms: [one, two]"
        document.problem(loc, "no-case-forms", message, help=help, of_key=True)
        return ()
    if "*" in shape.text:
        document.problem(
            loc,
            "wildcard",
            "a name with a star has no case forms",
            help="leave out one of the two",
            of_key=True,
        )
        return ()
    forms = case_forms(shape.text, shape.lang, person=person)
    if len(forms) == 1:
        message = f"{shape.text!r} has one form in all cases"
        document.problem(
            loc, "nothing-to-inflect", message, help="leave 'inflect' out", of_key=True, level=Level.WARNING
        )
    return forms


def check_aliases(document: Document, loc: Loc, aliases: object) -> None:
    """Notes what is wrong with the written forms of an entity, also of one with other mistakes."""
    for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        if isinstance(alias, str):
            check_word(document, (*loc, index), alias)
            continue
        text = as_mapping(alias).get("text")
        if isinstance(text, str):
            check_word(document, (*loc, index, "text"), text)
        forms = as_mapping(alias).get("forms")
        for number, form in enumerate(forms if isinstance(forms, list) else ()):
            if isinstance(form, str):
                check_word(document, (*loc, index, "forms", number), form)


def check_names_of_line(document: Document, loc: Loc, line: str) -> None:
    """The same for an entity that is one text, each mistake at its name."""
    for name, at in names_of_line(line):
        for code, level, message, help in complaints(name):
            place = document.place_within(loc, at, len(name))
            document.problem_at(place, code, message, help=help, level=level)


def check_word(document: Document, loc: Loc, word: str, *, in_list: bool = False) -> None:
    """Notes what is wrong with one written form."""
    if in_list and word.startswith("$"):
        document.problem(
            loc, "bad-value", "a list cannot hold another list", help="name both where they are used"
        )
    for code, level, message, help in complaints(word):
        document.problem(loc, code, message, help=help, level=level)
