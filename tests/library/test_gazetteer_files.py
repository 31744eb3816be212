"""The gazetteer's files: made by its script, and sound in themselves."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from monitor.core.types import Entity, EntityType
from monitor.rulefiles import load_folder

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "gazetteer"))

from ukrainian import ukrainian_forms  # noqa: E402  # the path is set above

CYRILLIC_WORD = re.compile(r"[А-ЯЁЄІЇҐ][а-яёєіїґʼ'’]+")


@lru_cache(maxsize=1)
def entities() -> dict[str, Entity]:
    return dict(load_folder(ROOT / "rules").rules.entities)


def ids_in(name: str) -> list[str]:
    text = (ROOT / "rules" / "entities" / "gazetteer" / name).read_text(encoding="utf-8")
    return re.findall(r"^  ([a-z0-9_-]+): \|$", text, re.MULTILINE)


def test_the_files_are_what_the_tables_say() -> None:
    pytest.importorskip(
        "babel", reason="the names of countries come from babel: install the group 'gazetteer'"
    )
    done = subprocess.run(
        [sys.executable, "scripts/make_gazetteer.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_country_has_a_government_of_its_own_side() -> None:
    countries = [entities()[name] for name in ids_in("countries.yml")]
    assert len(countries) >= 200
    assert all(country.type is EntityType.PLACE for country in countries)
    for country in countries:
        government = entities()[country.side]
        assert (government.type, government.side) == (EntityType.ORG, country.side)
    assert not [side for side, times in Counter(c.side for c in countries).items() if times > 1]


def test_every_capital_speaks_for_somebody() -> None:
    sides = {entities()[name].side for name in ids_in("countries.yml")} | {"european_union"}
    capitals = [entities()[name] for name in ids_in("capitals.yml")]
    assert len(capitals) >= 170
    # A place without a side would make two events in one capital one event.
    assert not [capital.id for capital in capitals if capital.side not in sides]


def test_people_in_office_have_a_side_and_no_two_have_one_role() -> None:
    people = [entities()[name] for name in ids_in("heads.yml")]
    sides = {entity.side for entity in entities().values() if entity.type is EntityType.ORG}
    assert not [person.id for person in people if person.roles and person.side not in sides]
    roles = Counter(role.casefold() for entity in entities().values() for role in entity.roles)
    assert not [role for role, times in roles.items() if times > 1]


def test_the_file_of_people_says_on_which_day_it_was_right() -> None:
    head = (ROOT / "rules" / "entities" / "gazetteer" / "heads.yml").read_text(encoding="utf-8")[:400]
    (day,) = re.findall(r"as of (\d{1,2} [A-Z][a-z]+ \d{4})", head)
    assert day in (ROOT / "docs" / "library.md").read_text(encoding="utf-8")


def test_cyrillic_names_of_one_word_need_their_capital() -> None:
    loose = [
        (entity.id, form)
        for name in ("countries.yml", "capitals.yml", "heads.yml", "organisations.yml")
        for entity in map(entities().__getitem__, ids_in(name))
        for alias in entity.aliases
        for form in alias.forms
        if not alias.exact_case and CYRILLIC_WORD.fullmatch(form)
    ]
    assert not loose


def test_no_name_belongs_to_two_countries_or_two_people() -> None:
    owners: dict[str, set[str]] = {}
    for name in ("countries.yml", "capitals.yml", "heads.yml"):
        for entity in map(entities().__getitem__, ids_in(name)):
            for alias in entity.aliases:
                if not alias.text.startswith("-"):
                    owners.setdefault(alias.text.casefold(), set()).add(entity.id)
    shared = {name: ids for name, ids in owners.items() if len(ids) > 1}
    assert shared == {}


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Франція", "Франція Франції Францію Францією"),
        ("Гвінея", "Гвінея Гвінеї Гвінею Гвінеєю"),
        ("Польща", "Польща Польщі Польщу Польщею"),
        ("Америка", "Америка Америки Америці Америку Америкою"),
        ("Прага", "Прага Праги Празі Прагу Прагою"),
        ("Молдова", "Молдова Молдови Молдові Молдову Молдовою"),
        ("Китай", "Китай Китаю Китаєм Китаї"),
        ("Ізраїль", "Ізраїль Ізраїля Ізраїлю Ізраїлем Ізраїлі"),
        ("Берлін", "Берлін Берліну Берлінові Берліном Берліні Берліна"),
        ("Токіо", "Токіо"),
        ("Чилі", "Чилі"),
        ("США", "США"),
    ],
)
def test_ukrainian_names_have_the_forms_of_the_school_grammar(name: str, forms: str) -> None:
    assert " ".join(ukrainian_forms(name)) == forms


@pytest.mark.parametrize(
    ("name", "genitive", "accusative"),
    [
        ("Південна Корея", "Південної Кореї", "Південну Корею"),
        ("Нова Зеландія", "Нової Зеландії", "Нову Зеландію"),
        ("Саудівська Аравія", "Саудівської Аравії", "Саудівську Аравію"),
        ("Південний Судан", "Південного Судану", "Південний Судан"),
        ("Коста-Ріка", "Коста-Ріки", "Коста-Ріку"),
        ("Велика Британія", "Великої Британії", "Велику Британію"),
    ],
)
def test_words_of_a_ukrainian_name_change_together(name: str, genitive: str, accusative: str) -> None:
    forms = ukrainian_forms(name)
    assert forms[1] == genitive
    assert accusative in forms
