"""Case forms of names, in agreement: all words of a name in the same case.

Crossing the forms of each word would make hundreds of phrases that nobody writes.
Russian by pymorphy3 and its dictionary; made once, when the rules are loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

#: Languages whose case forms we can make.
LANGUAGES = frozenset({"ru"})

# Nominative first; the locative of Крым and сад ("в Крыму", "в саду") is a case of its own.
_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct", "loc2")
_NAME_PARTS = frozenset({"Surn", "Name", "Patr"})


@lru_cache(maxsize=20_000)
def case_forms(name: str, lang: str, *, person: bool) -> tuple[str, ...]:
    """The name in all its cases, itself first, each once; only itself where nothing changes.

    A person's words all change together (Марии Захаровой). In other names the words up to the head noun
    do, and what depends on it stays (службы безопасности); where several nouns stand side by side
    (Крокус Сити Холл), writers inflect all, the first or the last: all three are made.

    Raises KeyError for a language not in LANGUAGES.
    """
    if lang not in LANGUAGES:
        raise KeyError(lang)
    words = name.split()
    patterns = [_person(words)] if person else _phrase_patterns(words)
    forms = [name]
    for pattern in patterns:
        forms += [_in_case(words, pattern, case) for case in _CASES]
    return tuple(dict.fromkeys(forms))


@lru_cache(maxsize=1)
def _analyser() -> Any:
    # The dictionary takes a quarter of a second and 15 MB: only those who inflect pay.
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


#: For each word its reading, or None where it stays as it is.
Pattern = tuple[Any, ...]


def _person(words: Sequence[str]) -> Pattern:
    """The readings of a person's names that agree in gender; the one that fits most words."""
    options = [_choose_person(words, gender) for gender in ("masc", "femn")]
    return max(options, key=lambda pattern: sum(reading is not None for reading in pattern))


def _choose_person(words: Sequence[str], gender: str) -> Pattern:
    chosen = []
    for word in words:
        readings = [
            r for r in _nominatives(word) if r.tag.number == "sing" and r.tag.gender in (gender, None)
        ]
        named = [r for r in readings if _NAME_PARTS & set(r.tag.grammemes)]
        chosen.append((named or [*readings, None])[0])
    return tuple(chosen)


def _phrase_patterns(words: Sequence[str]) -> list[Pattern]:
    readings = [_phrase_reading(word, last=at == len(words) - 1) for at, word in enumerate(words)]
    nouns = [at for at, r in enumerate(readings) if r is not None and r.tag.POS == "NOUN"]
    if not nouns:
        return [tuple(readings)]
    # The head is the first noun; small words after it depend on it and stay.
    head = nouns[0]
    number, gender = readings[head].tag.number, readings[head].tag.gender
    for at, word in enumerate(words):
        if at < head:
            readings[at] = _agreeing(word, number, gender)
        elif at > head and not word[0].isupper():
            readings[at] = None
    # Capital nouns beside the head: "Крокус Сити Холл".
    beside = [at for at in nouns if readings[at] is not None and at > head]
    everything = tuple(readings)
    if not beside:
        return [everything]
    first = tuple(r if at <= head else None for at, r in enumerate(readings))
    last = tuple(r if at == beside[-1] else None for at, r in enumerate(readings))
    return [everything, last, first]


def _phrase_reading(word: str, *, last: bool) -> Any:
    """The likeliest reading as a nominative; None where the word is none as written."""
    readings = _nominatives(word)
    # "Главное" of "Главное управление" can be a noun too, and is none here.
    adjectives = [r for r in readings if r.tag.POS in ("ADJF", "PRTF")]
    if adjectives and not last:
        return adjectives[0]
    wanted = [r for r in readings if r.tag.POS in ("NOUN", "ADJF", "PRTF") and "Name" not in r.tag]
    return (wanted or [*readings, None])[0]


def _agreeing(word: str, number: str, gender: str | None) -> Any:
    for reading in _nominatives(word):
        if reading.tag.number == number and (number == "plur" or reading.tag.gender in (gender, None)):
            return reading
    return None


def _nominatives(word: str) -> list[Any]:
    return [reading for reading in _analyser().parse(word) if "nomn" in reading.tag]


def _in_case(words: Sequence[str], pattern: Pattern, case: str) -> str:
    return " ".join(
        word if reading is None else _as_written(word, _inflected(reading, case))
        for word, reading in zip(words, pattern, strict=True)
    )


def _inflected(reading: Any, case: str) -> str:
    number = {reading.tag.number} if reading.tag.number else set()
    if case == "loc2":
        found = reading.inflect({"loc2"} | number) or reading.inflect({"loct"} | number)
    elif case == "accs" and reading.tag.POS in ("ADJF", "PRTF"):
        # The accusative of an adjective follows its noun: Южную Корею; what is no person does not live.
        kind = {"femn"} if reading.tag.gender == "femn" else {"inan"}
        found = reading.inflect({"accs"} | kind | number) or reading.inflect({"accs"} | number)
    else:
        found = reading.inflect({case} | number)
    return str(found.word if found is not None else reading.word)


def _as_written(word: str, form: str) -> str:
    """The form with the capitals of the word as the rule file writes it."""
    if word.isupper() and len(word) > 1:
        return form.upper()
    if not word[:1].isupper():
        return form
    return "-".join(part[:1].upper() + part[1:] for part in form.split("-"))
