"""Is a word of a text nearly one that is wanted, and in which way? Alphabets, marks, endings, letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from unicodedata import combining, name, normalize

import regex

from monitor.core.text import normalise
from monitor.core.types import ArticleField


class MissKind(StrEnum):
    """In the order in which they are told: the surest first."""

    FIELD = "field"
    CAPITALS = "capitals"
    ALPHABET = "alphabet"
    ORDER = "order"
    DISTANCE = "distance"
    SENTENCES = "sentences"
    FIELDS_APART = "fields_apart"
    PUNCTUATION = "punctuation"
    BETWEEN = "between"
    MARKS = "marks"
    LONGER = "longer"
    FORM = "form"
    LETTERS = "letters"
    INSIDE = "inside"
    PATTERN = "pattern"


class Vocabulary:
    """The words of a text, each once; finds those that may be like a word without trying all."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._by: dict[object, list[str]] = {}
        for word in self._words:
            for feature in _features(word, len(word)):
                self._by.setdefault(feature, []).append(word)

    def alike(self, wanted: str) -> Sequence[str]:
        """The words for which `likeness` gives an answer, the word itself too."""
        maybe = {word for word in self._words if wanted in word}
        for length in range(max(1, len(wanted) - 2), len(wanted) + 3):
            for feature in _features(wanted, length):
                maybe.update(self._by.get(feature, ()))
        return [word for word in maybe if likeness(word, wanted) is not None]


def _features(word: str, length: int) -> Iterator[object]:
    """What two like words have in common; two letters off is one end the same in all but made-up cases."""
    yield "skeleton", _skeleton(word)
    yield "bare", _bare(word)
    yield "beginning", word[:4]
    yield "first", word[:1], length
    yield "last", word[-1:], length


@lru_cache(maxsize=100_000)
def likeness(there: str, wanted: str) -> MissKind | str | None:
    """How a word of a text is like one that is wanted, both in the normal form; "" for the same."""
    if there == wanted:
        return ""
    if abs(len(there) - len(wanted)) > 12 or not there:
        return None
    if _skeleton(there) == _skeleton(wanted):
        return MissKind.ALPHABET
    if _bare(there) == _bare(wanted):
        return MissKind.MARKS
    if len(wanted) < 3:
        return None
    if there.startswith(wanted):
        return MissKind.LONGER
    shared = _shared_beginning(there, wanted)
    if shared >= 4 and shared >= len(wanted) - 3 and len(there) - shared <= 3:
        return MissKind.FORM
    allowed = 0 if len(wanted) < 5 else 1 if len(wanted) < 9 else 2
    if allowed and _within_edits(there, wanted, allowed):
        return MissKind.LETTERS
    return MissKind.INSIDE if wanted in there else None


# What looks alike, in small letters or in capitals: Cyrillic, then Greek, against Latin.
_TWINS = str.maketrans(
    "авекмнорстухіјѕԁԛԝһ" + "αβεηικμνορτυχζ",
    "abekmhopctyxijsdqwh" + "abehikmvoptyxz",
)


def _skeleton(word: str) -> str:
    return word.translate(_TWINS)


def _bare(word: str) -> str:
    """Without marks and strokes: "Łódź" is "lodz"."""
    letters = "".join(letter for letter in normalize("NFD", word) if not combining(letter))
    return letters.translate(_STROKES)


_STROKES = str.maketrans("łøđħıŧ", "lodhit")


def _shared_beginning(left: str, right: str) -> int:
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )


def _within_edits(left: str, right: str, allowed: int) -> bool:
    """Do at most so many letters have to be changed, added, left out or swapped (Damerau 1964)?"""
    if abs(len(left) - len(right)) > allowed:
        return False
    before: list[int] = []
    row = list(range(len(right) + 1))
    for at, letter in enumerate(left, 1):
        following = [at]
        for other_at, other in enumerate(right, 1):
            cost = min(row[other_at] + 1, following[-1] + 1, row[other_at - 1] + (letter != other))
            if at > 1 < other_at and letter == right[other_at - 2] and left[at - 2] == other:
                cost = min(cost, before[other_at - 2] + 1)
            following.append(cost)
        if min(following) > allowed:
            return False
        before, row = row, following
    return row[-1] <= allowed


def odd_letters(there: str, form: str) -> str:
    """The letters of the text that the form has in another alphabet, by name."""
    pairs = zip(normalise(there), normalise(form), strict=False)
    odd = dict.fromkeys(letter for letter, wanted in pairs if letter != wanted)
    return ", ".join(f"{letter} ({name(letter, 'unknown').split(' ')[0].capitalize()})" for letter in odd)


# ---------------------------------------------------------------- words of texts and rules

#: Words of one field that are compared with what is looked for.
MAX_WORDS = 20_000
# Letters with their marks and invisible joints; digits.
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\p{Cf}]+")


@dataclass(frozen=True)
class TextWords:
    """The words of one stored text."""

    field: ArticleField
    stored: str

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        found = _WORD.finditer(self.stored)
        return [word.span() for word, _ in zip(found, range(MAX_WORDS), strict=False)]

    @cached_property
    def normal(self) -> Sequence[str]:
        return [normalise(self.stored[start:end]) for start, end in self.spans]

    @cached_property
    def at_word(self) -> Mapping[str, Sequence[int]]:
        """A word → its numbers in the text."""
        numbers: dict[str, list[int]] = {}
        for number, word in enumerate(self.normal):
            numbers.setdefault(word, []).append(number)
        return numbers

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.at_word)

    def at(self, first: int, last: int) -> tuple[int, int]:
        """The stretch from one word to another."""
        return self.spans[first][0], self.spans[last][1]


@lru_cache(maxsize=8)
def words_of(field: ArticleField, stored: str) -> TextWords:
    """Kept, because every condition of a rule asks for the same three."""
    return TextWords(field, stored)


@dataclass(frozen=True, slots=True)
class Form:
    """A written form that is looked for."""

    text: str
    exact: bool

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(normalise(word) for word in _WORD.findall(self.text.removesuffix("*")))
