"""Checks of one written form: a keyword, a phrase, an alias, a word of a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from monitor.core.rules.problems import Level
from monitor.core.text import normalise

#: Letters before a star; with fewer it would match half the language.
MIN_STAR_LETTERS = 3
MAX_LENGTH = 200

# Most names: letters of one alphabet and nothing unusual, so nothing to complain of.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,'’&-]*|[Ѐ-ӿ][Ѐ-ӿ0-9 .,'’&-]*")
_LETTERS_AT_END = re.compile(r"\w+\Z")
_WORDS = re.compile(r"[^\W\d_]+")
_LOOKALIKES = frozenset({"LATIN", "CYRILLIC", "GREEK"})

#: (code, level, message, help)
Complaint = tuple[str, Level, str, str]


def complaints(form: str) -> Iterator[Complaint]:
    """Everything that is wrong or doubtful about a written form."""
    if len(form) <= MAX_LENGTH and _PLAIN.fullmatch(form):
        return
    normal = normalise(form.replace("*", "")).strip()
    if not any(character.isalnum() for character in normal):
        yield "empty-term", Level.ERROR, f"{form!r} has no letter or digit to look for", ""
        return
    if len(form) > MAX_LENGTH:
        yield "bad-value", Level.ERROR, f"longer than {MAX_LENGTH} characters", "look for a part of it"
    if "*" in form[:-1]:
        help = "leave out the other stars, or write the words in full"
        yield "wildcard", Level.ERROR, f"{form!r}: a star stands only at the end", help
    elif form.endswith("*"):
        letters = _LETTERS_AT_END.search(form[:-1])
        if letters is None or _weight(letters.group()) < MIN_STAR_LETTERS:
            help = "write the endings you mean, each as a word of its own"
            yield (
                "wildcard",
                Level.ERROR,
                f"{form!r}: fewer than {MIN_STAR_LETTERS} letters before the star",
                help,
            )
    for word in _WORDS.findall(form):
        alphabets = sorted({_alphabet(letter) for letter in word} & _LOOKALIKES)
        if len(alphabets) > 1:
            mixed = " and ".join(name.capitalize() for name in alphabets)
            message = f"{word!r} mixes {mixed} letters: {_rarer(word)}"
            yield "mixed-alphabet", Level.WARNING, message, _in_one_alphabet(word)


def _weight(word: str) -> int:
    """How many letters a word has; a Korean syllable has at least two."""
    return sum(2 if "\uac00" <= letter <= "\ud7a3" else 1 for letter in word)


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _rarer(word: str) -> str:
    """The letters of the alphabet that has fewer of them, and where in the word they stand."""
    alphabet = _minority(word)
    letters = "".join(letter for letter in word if _alphabet(letter) == alphabet)
    marked = "".join(f"[{letter}]" if _alphabet(letter) == alphabet else letter for letter in word)
    return f"{letters!r} is {alphabet.capitalize()}, as in {marked}"


def _minority(word: str) -> str:
    by_alphabet: dict[str, int] = {}
    for letter in word:
        by_alphabet[_alphabet(letter)] = by_alphabet.get(_alphabet(letter), 0) + 1
    return min(by_alphabet, key=by_alphabet.__getitem__)


# Letters that look alike, in both directions.
_CYRILLIC = "АВЕКМНОРСТХУІЈЅаеорсухіјѕ"
_LATIN = "ABEKMHOPCTXYIJSaeopcyxijs"
_TWINS = {
    "CYRILLIC": dict(zip(_LATIN, _CYRILLIC, strict=True)),
    "LATIN": dict(zip(_CYRILLIC, _LATIN, strict=True)),
}


def _in_one_alphabet(word: str) -> str:
    """A hint with the word as it was probably meant."""
    odd = _minority(word)
    wanted = next((name for name in _TWINS if name != odd and any(_alphabet(c) == name for c in word)), "")
    meant = "".join(_TWINS[wanted].get(c, c) if _alphabet(c) == odd else c for c in word) if wanted else word
    if any(_alphabet(letter) == odd for letter in meant):
        return "type the word again on one keyboard layout"
    return f"the same all in {wanted.capitalize()} letters: {meant}"
