"""Is a word of a text nearly one that is wanted, and in which way? Alphabets, marks, endings, letters."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from unicodedata import combining, name, normalize

from monitor.core.text import normalise


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
