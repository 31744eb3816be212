"""Makes rules/entities/gazetteer/ from CLDR's names and our own tables in scripts/gazetteer/.

    python scripts/make_gazetteer.py            writes the files
    python scripts/make_gazetteer.py --check    1 when they are not what the tables say

Needs babel for CLDR's names (uv or pip: the dependency group "gazetteer"); nothing at run time does.
Russian case forms are made by the same code that makes them for `inflect: true`, Ukrainian ones by
scripts/gazetteer/ukrainian.py; both are written out, so that loading needs no dictionary.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "gazetteer")]

from ukrainian import ukrainian_forms  # noqa: E402  # the path is set above

from monitor.core.rules.expand import case_forms  # noqa: E402

TABLES = ROOT / "scripts" / "gazetteer"
FOLDER = ROOT / "rules" / "entities" / "gazetteer"

_WIDTH = 110
_LANGUAGES = ("en", "ru", "uk")
_CYRILLIC_LANGUAGES = ("ru", "uk")
#: Their ministries are entities of their own, in the files beside the gazetteer.
_OWN_MINISTRIES = frozenset({"RU", "UA", "US"})
_MINISTRIES = ("foreign", "defence", "defense", "interior")
_HEADER = """\
# yaml-language-server: $schema=../../rules.schema.json
# {what}
# Made by scripts/make_gazetteer.py: change its tables, not this file. docs/library.md tells how.
version: 1

entities:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A row of countries.txt, with CLDR's names."""

    code: str
    id: str
    adjectives: tuple[str, ...]
    # Adjectives that make names of the government and are no names themselves.
    silent_adjectives: tuple[str, ...]
    # Language → names as the tables write them, CLDR's first.
    names: Mapping[str, tuple[str, ...]]
    # Language → beginnings of adjectives.
    stems: Mapping[str, tuple[str, ...]]
    capitals: Mapping[str, tuple[str, ...]]

    @property
    def shown(self) -> str:
        return _SHOWN.get(self.id) or plain(next(iter(self.own_names), self.id.replace("_", " ").title()))

    @property
    def own_names(self) -> Iterator[str]:
        return (name for name in self.names["en"] if not name.startswith("-"))

    @property
    def adjective(self) -> str:
        made = [*self.silent_adjectives, *(plain(a) for a in self.adjectives if not a.startswith("-"))]
        return _ADJECTIVES.get(self.id) or next(iter(made), self.shown)

    @property
    def side(self) -> str:
        return _SIDES.get(self.id) or slug(self.adjective) + "_government"


# Where the rules and the ledger know them by another word than the first of the table.
_SIDES = {"united_states": "us_government"}
_ADJECTIVES = {"united_states": "US"}
_SHOWN = {"georgia": "Georgia", "jordan": "Jordan", "chad": "Chad"}

# ---------------------------------------------------------------- the tables


def rows(table: str, columns: int) -> Iterator[list[str]]:
    for line in (TABLES / table).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row = [column.strip() for column in line.split("|")]
            if len(row) != columns:
                raise SystemExit(f"{table}: {row[0]} {row[1]}: {len(row)} columns, not {columns}")
            yield row


def listed(column: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in column.split(";") if name.strip())


def plain(name: str) -> str:
    """A name without its mark."""
    return name.lstrip("='~")


def slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name.casefold()).strip("_")


def cldr_names() -> Mapping[str, Mapping[str, str]]:
    """Language → code of a country → CLDR's name. Raises ImportError without babel."""
    from babel import Locale

    return {language: dict(Locale(language).territories) for language in _LANGUAGES}


def countries(cldr: Mapping[str, Mapping[str, str]]) -> tuple[Country, ...]:
    return tuple(_country(row, cldr) for row in rows("countries.txt", 9))


def _country(row: Sequence[str], cldr: Mapping[str, Mapping[str, str]]) -> Country:
    code, id, adjectives, english, ru_stems, uk_stems, capital, russian, ukrainian = row
    capitals = [listed(part) for part in capital.split(" / ")] + [(), ()]
    return Country(
        code=code,
        id=id,
        adjectives=tuple(a for a in listed(adjectives) if not a.startswith("~")),
        silent_adjectives=tuple(plain(a) for a in listed(adjectives) if a.startswith("~")),
        names={
            language: _with_cldr(own, cldr[language].get(code, ""))
            for language, own in zip(_LANGUAGES, (english, russian, ukrainian), strict=True)
        },
        stems={"ru": listed(ru_stems), "uk": listed(uk_stems)},
        capitals=dict(zip(_LANGUAGES, capitals, strict=False)),
    )


def _with_cldr(own: str, name: str) -> tuple[str, ...]:
    if own.startswith("!"):
        return listed(own.removeprefix("!"))
    ours = listed(own)
    # A name that our table has with its capitals, or as it stands, replaces CLDR's; its Russian has no ё.
    known = any(plain(one).casefold().replace("ё", "е") == name.casefold() for one in ours)
    return ours if known or not name else (name.replace(" & ", " and "), *ours)


# ---------------------------------------------------------------- names → a line


def inflected(names: Iterable[str], language: str) -> Iterator[str]:
    """Names as a line has them: each with its case forms behind it."""
    for name in names:
        if name[0] == "-":
            yield name
            continue
        forms = [plain(name)]
        as_it_stands = name[0] == "'" or plain(name).isupper() or (name[0] == "=" and " " in name)
        if not as_it_stands:
            make = _russian if language == "ru" else ukrainian_forms
            forms += make(plain(name))
        yield _capital_mark(name) + " / ".join(dict.fromkeys(forms))


def _capital_mark(name: str) -> str:
    """Names of one word need their capital: without it "Перу", "Дели", "Додому", "СОТ" are common words."""
    one_word = " " not in name and plain(name)[0].isupper()
    return "=" if one_word or name[0] == "=" else ""


def _russian(name: str) -> Sequence[str]:
    return case_forms(name, "ru", person=False)


def starred(stems: Iterable[str]) -> Iterator[str]:
    return (f"{stem}*" for stem in stems)


def line(id: str, type: str, shown: str, side: str, names: str, roles: str = "") -> str:
    """An entity as a block of text: what it is, its names, its roles."""
    written = [f"{type} | {shown} | {side} |", *_wrapped(names)]
    if roles:
        first, *rest = _wrapped(roles)
        written += [f"| {first}", *rest]
    return f"  {id}: |\n" + "".join(f"    {one}\n" for one in written)


def _wrapped(names: str) -> Iterator[str]:
    """The names in lines of readable length, each but the last with its semicolon."""
    here = ""
    for name in names.split("; "):
        if here and len(here) + len(name) > _WIDTH:
            yield f"{here};"
            here = name
        else:
            here = f"{here}; {name}" if here else name
    yield here


def joined(*groups: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(name for group in groups for name in group))


def all_languages(names: Mapping[str, Sequence[str]]) -> list[str]:
    cyrillic = [form for lang in _CYRILLIC_LANGUAGES for form in inflected(names.get(lang, ()), lang)]
    return [*names.get("en", ()), *cyrillic]


# ---------------------------------------------------------------- the files


def country_lines(all_countries: Sequence[Country]) -> Iterator[str]:
    for country in all_countries:
        stems = [stem for lang in _CYRILLIC_LANGUAGES for stem in starred(country.stems[lang])]
        names = joined(all_languages(country.names), country.adjectives, stems)
        yield line(country.id, "place", country.shown, country.side, names)


def capital_lines(all_countries: Sequence[Country]) -> Iterator[str]:
    for country in all_countries:
        names = country.capitals["en"]
        if names:
            shown = plain(names[0])
            shown = "Sofia" if shown == "capital Sofia" else shown
            yield line(
                slug_of_capital(shown), "place", shown, country.side, joined(all_languages(country.capitals))
            )
    # The Union's seat, and Belgium's.
    brussels = {
        "en": ("Brussels", "-Brussels sprout", "-Brussels sprouts"),
        "ru": ("Брюссель",),
        "uk": ("Брюссель",),
    }
    yield line("brussels", "place", "Brussels", "european_union", joined(all_languages(brussels)))


def slug_of_capital(name: str) -> str:
    return slug(name.replace("'", "")).replace("í", "i").replace("ó", "o").replace("é", "e").replace("á", "a")


def government_lines(all_countries: Sequence[Country]) -> Iterator[str]:
    extras = {id: (names, roles) for id, names, roles in rows("governments.txt", 3)}
    for country in all_countries:
        names, roles = extras.get(country.side, ("", ""))
        made_roles = [f"{country.adjective} officials", f"{country.adjective} authorities"]
        yield line(
            country.side,
            "org",
            f"the {country.adjective} government",
            country.side,
            joined(_government_names(country), listed(names), _cyrillic_government(country)),
            joined(made_roles, listed(roles)),
        )


def _government_names(country: Country) -> Iterator[str]:
    adjective, name = country.adjective, country.shown
    yield f"{adjective} government"
    if country.id != "georgia":  # the state of that name has a government too
        yield f"government of {name}"
        yield f"{name}'s government"
    if country.code not in _OWN_MINISTRIES:
        yield f"{name}'s foreign ministry"
        for ministry in _MINISTRIES:
            yield f"{adjective} {ministry} ministry"
        yield f"{adjective} presidency"


#: Language → the government in its cases, and ministries that do not change.
_CYRILLIC_GOVERNMENT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ru": ("правительство правительства правительству правительством", ("МИД", "Минобороны")),
    "uk": ("уряд уряду урядом", ("МЗС", "Міноборони")),
}


def _cyrillic_government(country: Country) -> Iterator[str]:
    for language, (cases, ministries) in _CYRILLIC_GOVERNMENT.items():
        genitive = _genitive(country, language)
        if not genitive:
            continue
        yield " / ".join(f"{form} {genitive}" for form in cases.split())
        if country.code not in _OWN_MINISTRIES:
            yield from (f"{ministry} {genitive}" for ministry in ministries)


def _genitive(country: Country, language: str) -> str:
    """The genitive of the country's first name: of a name with forms of its own in the table, the second."""
    names = [name for name in country.names[language] if name[0] != "-"]
    if not names:
        return ""
    if names[0][0] == "'":
        same_stem = [plain(name) for name in names if name[0] == "'" and name[1:4] == names[0][1:4]]
        return same_stem[1] if len(same_stem) > 1 else same_stem[0]
    forms = _russian(names[0]) if language == "ru" else ukrainian_forms(plain(names[0]))
    return forms[1] if len(forms) > 1 else plain(names[0])


def organisation_lines() -> Iterator[str]:
    for id, shown, side, english, russian, ukrainian, roles in rows("organisations.txt", 7):
        names = {"en": listed(english), "ru": listed(russian), "uk": listed(ukrainian)}
        yield line(id, "org", shown, side, joined(all_languages(names)), joined(listed(roles)))


_OFFICES: Mapping[str, tuple[str, ...]] = {
    "president": ("president", "leader"),
    # A president beside a stronger head of government.
    "president-": ("president",),
    "premier": ("prime minister", "premier"),
    "chancellor": ("chancellor", "leader"),
    "king": ("king",),
    "foreign": ("foreign minister",),
    "defence": ("defence minister", "defense minister"),
    "supreme leader": ("supreme leader",),
    "crown prince": ("crown prince", "de facto leader"),
    "secretary of state": ("secretary of state",),
    "defence secretary": ("defense secretary", "defence secretary"),
    "vice president": ("vice president", "vice-president"),
}


def head_lines(all_countries: Sequence[Country]) -> Iterator[str]:
    by_code = {country.code: country for country in all_countries}
    for id, shown, of, offices, english, russian, ukrainian in rows("heads.txt", 7):
        country = by_code.get(of)
        side = country.side if country else of.removeprefix("=")
        names = {"en": listed(english), "ru": listed(russian), "uk": listed(ukrainian)}
        roles = [role for office in listed(offices) for role in _roles(country, office)]
        yield line(id, "person", shown, side, joined(_people(names)), joined(roles))


def _people(names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from names["en"]
    for name in names["ru"]:
        bare = plain(name)
        forms = [bare] if name[0] == "'" else case_forms(bare, "ru", person=True)
        yield _capital_mark(name) + " / ".join(dict.fromkeys(forms))
    for name in names["uk"]:
        yield _capital_mark(name) + plain(name)


def _roles(country: Country | None, office: str) -> Iterator[str]:
    if office[0] == "'":
        yield plain(office)
        return
    if country is None:
        return
    adjectives = [country.adjective, *(["American", "U.S."] if country.code == "US" else [])]
    adjectives += ["UK"] if country.code == "GB" else []
    for title in _OFFICES[office]:
        for adjective in adjectives:
            yield f"{adjective} {title}"
        yield f"{title} of {country.shown}"
        yield f"{country.shown}'s {title}"


def files() -> Mapping[str, str]:
    """File name → content, as the tables and CLDR have it."""
    known = countries(cldr_names())
    as_of = next(line for line in (TABLES / "heads.txt").read_text("utf-8").splitlines() if "AS OF" in line)
    date = as_of.partition("AS OF ")[2].partition(":")[0]
    return {
        "countries.yml": _file(
            "Countries: names and adjectives. Names from CLDR (see NOTICE) and our table.",
            country_lines(known),
        ),
        "capitals.yml": _file("Capitals, as places and as words for the government.", capital_lines(known)),
        "governments.yml": _file(
            "Governments, with their ministries where these have no entity.", government_lines(known)
        ),
        "organisations.yml": _file("International organisations and armed groups.", organisation_lines()),
        "heads.yml": _file(f"Heads of state and government by name, as of {date}.", head_lines(known)),
    }


def _file(what: str, lines: Iterable[str]) -> str:
    return _HEADER.format(what=what) + "".join(lines)


def main(arguments: Sequence[str]) -> int:
    made = files()
    if "--check" in arguments:
        stale = [name for name, text in made.items() if _written(name) != text]
        for name in stale:
            print(f"make_gazetteer: {FOLDER.relative_to(ROOT) / name} is not what the tables say")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"make_gazetteer: {FOLDER.relative_to(ROOT) / name}: {text.count(': |')} entities")
    return 0


def _written(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
