"""Russian names and nouns in the nominative, and their dictionary forms, by pymorphy3 and its dictionary."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_CASES = {"Nom": "nomn", "Gen": "gent", "Dat": "datv", "Acc": "accs", "Ins": "ablt", "Loc": "loct"}
_NAMES = frozenset({"Surn", "Name", "Patr", "Geox", "Orgn"})
_POS = {
    "NOUN": ("NOUN",),
    "PROPN": ("NOUN",),
    "VERB": ("VERB", "INFN", "PRTF", "PRTS", "GRND"),
    "AUX": ("VERB", "INFN"),
    "ADJ": ("ADJF", "ADJS", "PRTF", "COMP"),
    "DET": ("ADJF", "NPRO"),
    "PRON": ("NPRO", "ADJF", "NOUN"),
    "NUM": ("NUMR", "NOUN"),
    "ADV": ("ADVB", "COMP"),
    "ADP": ("PREP",),
}


@lru_cache(maxsize=1)
def _analyser() -> Any:
    # The dictionary takes a quarter of a second and 15 MB: only those who read Russian pay.
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=100_000)
def lemma_of(word: str, pos: str, case: str = "", number: str = "") -> str:
    """The dictionary form in small letters with е for ё; of several readings the one with these features."""
    wanted = _POS.get(pos)
    readings = _analyser().parse(word)
    if wanted:
        readings = [r for r in readings if r.tag.POS in wanted] or readings
    grammemes = {_CASES.get(case, ""), {"Sing": "sing", "Plur": "plur"}.get(number, "")} - {""}
    fitting = [r for r in readings if grammemes <= _plain(r)]
    best = (fitting or readings)[0]
    return str(best.normal_form).replace("ё", "е")


@lru_cache(maxsize=20_000)
def nominative(word: str, case: str, number: str = "Sing", gender: str = "", *, person: bool = False) -> str:
    """The word in the nominative with its capitals; as written where it is so already or is unknown.

    `case`, `number` and `gender` are as Universal Dependencies name them.
    """
    if case not in _CASES or case == "Nom" or (word.isupper() and len(word) > 1):
        return word
    readings = [r for r in _analyser().parse(word) if _CASES[case] in _plain(r)]
    named = [r for r in readings if _NAMES & set(r.tag.grammemes)] if person else []
    if person and case == "Acc" and gender == "Masc" and not word.endswith(("у", "ю")):
        # "Арестовали Андрея Холода": he is alive, whatever the word means.
        return nominative(word, "Gen", number, gender, person=True)
    sex = {"Masc": "masc", "Fem": "femn", "Neut": "neut"}.get(gender, "")
    count = {"Sing": "sing", "Plur": "plur"}.get(number, "")
    for pool in (named, readings):
        for wanted in ({sex, count}, {count}):
            found = [r for r in pool if wanted - {""} <= set(r.tag.grammemes)]
            if found:
                form = found[0].inflect({"nomn", *({count} - {""})})
                return _as_written(word, str(form.word)) if form is not None else word
    return word


@lru_cache(maxsize=5_000)
def is_common(word: str) -> bool:
    """Whether the dictionary has the word and knows it for no name."""
    readings = _analyser().parse(word.casefold())
    return all(r.is_known and not _NAMES & set(r.tag.grammemes) for r in readings)


@lru_cache(maxsize=5_000)
def is_told(word: str) -> bool:
    """Whether a word is a dative and can be no nominative: "Вестнику"."""
    cases = {case for r in _analyser().parse(word) for case in _plain(r)}
    return "datv" in cases and "nomn" not in cases


def _plain(reading: Any) -> set[str]:
    found = set(reading.tag.grammemes)
    return found | {"loct"} if "loc2" in found else found


@lru_cache(maxsize=20_000)
def gender_of(name: str) -> str:
    """ "Masc" or "Fem" for a first name that the dictionary knows; else empty."""
    for r in _analyser().parse(name):
        if r.is_known and "Name" in r.tag and "nomn" in r.tag and "sing" in r.tag:
            return {"masc": "Masc", "femn": "Fem"}.get(str(r.tag.gender), "")
    return ""


def gender_of_surname(name: str) -> str:
    """ "Fem" for "Орлова", "Masc" for "Орлов"; empty: the last name does not tell."""
    low = name.casefold().replace("ё", "е")
    if low.endswith(("ова", "ева", "ина", "ына", "ская", "цкая")):
        return "Fem"
    return "Masc" if low.endswith(("ов", "ев", "ин", "ын", "ский", "цкий")) else ""


def _as_written(word: str, form: str) -> str:
    if not word[:1].isupper():
        return form
    parts, olds = form.split("-"), word.split("-")
    if len(parts) != len(olds):
        return form[:1].upper() + form[1:]
    return "-".join(
        part[:1].upper() + part[1:] if old[:1].isupper() else part
        for part, old in zip(parts, olds, strict=True)
    )


def same_name(written: str, known: str) -> bool:
    """Whether one word can be a case form of the other: at most the ending differs."""
    a, b = written.casefold().replace("ё", "е"), known.casefold().replace("ё", "е")
    if a == b:
        return True
    stem = 0
    while stem < min(len(a), len(b)) and a[stem] == b[stem]:
        stem += 1
    return (
        stem >= 3
        and len(a) - stem <= 3
        and len(b) - stem <= 2
        and _is_ending(a[stem:])
        and _is_ending(b[stem:])
    )


def _is_ending(letters: str) -> bool:
    return letters in {
        "", "а", "у", "ом", "е", "ой", "ы", "я", "ю", "ем", "и", "ей", "ым", "ых", "ого", "ому", "его", "ему",
        "им", "ый", "ий", "ую", "юю", "ою", "ая", "ие", "ии", "ию", "ией", "ь", "ью",
    }  # fmt: skip
