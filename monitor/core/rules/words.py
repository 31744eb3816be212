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

_LETTERS_AT_END = re.compile(r"\w+\Z")
_WORDS = re.compile(r"[^\W\d_]+")
_LOOKALIKES = frozenset({"LATIN", "CYRILLIC", "GREEK"})

#: (code, level, message, help)
Complaint = tuple[str, Level, str, str]


def complaints(form: str) -> Iterator[Complaint]:
    """Everything that is wrong or doubtful about a written form."""
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
        if letters is None or len(letters.group()) < MIN_STAR_LETTERS:
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
            yield "mixed-alphabet", Level.WARNING, message, "type the word again on one keyboard layout"


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _rarer(word: str) -> str:
    """The letters of the alphabet that has fewer of them."""
    by_alphabet: dict[str, list[str]] = {}
    for letter in word:
        by_alphabet.setdefault(_alphabet(letter), []).append(letter)
    name, letters = min(by_alphabet.items(), key=lambda entry: len(entry[1]))
    return f"{''.join(letters)!r} is {name.capitalize()}"
