"""How names sound, whatever script and spelling they are written in: "Akhmetova", «Ахметова»."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.wording import is_cyrillic

_CYRILLIC = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", "abvgdeejziiklmnoprstufhssss!i!euaiieg", strict=True)
)
# Spellings of one sound, longest first.
_SOUNDS = {
    "shch": "s", "tsch": "s", "sch": "s", "dzh": "j", "zh": "j", "kh": "h", "ch": "s", "sh": "s", "ph": "f",
    "th": "t", "ts": "s", "tz": "s", "ck": "k", "ce": "se", "ci": "si", "cy": "si", "c": "k", "dj": "j",
    "gh": "g", "x": "ks", "w": "v", "q": "k", "y": "i",
}  # fmt: skip
_VOWELS = re.compile(r"[aeiouyj]")
_HISSING = str.maketrans({"h": "", "z": "s"})
_DOUBLED = re.compile(r"(.)\1+")
#: A name of fewer consonants is too short to be known by its sound.
LEAST_SOUNDS = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """A full name by its sound."""

    first: str
    last: str
    cyrillic: bool


@lru_cache(maxsize=10_000)  # asked for every two claims that may be of one speaker
def one_name(name: str, other: str) -> bool:
    """Whether two names are the same but for capitals, or one full name in two scripts."""
    if name.casefold() == other.casefold():
        return True
    if is_cyrillic(name) == is_cyrillic(other):
        return False
    words, others = name.split(), other.split()
    return is_full_name(words) and is_full_name(others) and sound_alike(heard(words), heard(others))


def is_full_name(words: Sequence[str]) -> bool:
    """Two to four words that begin and end with a capital, none of them a common noun."""
    capitals = words and words[0][:1].isupper() and words[-1][:1].isupper()
    return bool(capitals) and 2 <= len(words) <= 4 and not any(w.isupper() and len(w) > 2 for w in words)


def heard(words: Sequence[str]) -> Heard:
    """The words of a full name by their sound."""
    return Heard(sound(words[0]), sound(words[-1]), is_cyrillic(" ".join(words)))


def sound_alike(one: Heard, other: Heard) -> bool:
    """Whether two full names may be one: by every sound, and in two scripts by what both tell."""
    last = other.last
    if (other.first, last) == (one.first, one.last):
        return True
    if other.cyrillic == one.cyrillic:
        return False
    told = len(consonants(last)) >= LEAST_SOUNDS - 1 or (len(last) > LEAST_SOUNDS and last == one.last)
    return told and rhymes(other.first, one.first) and rhymes(last, one.last)


@lru_cache(maxsize=10_000)  # every article of a story meets the names of the others
def sound(word: str) -> str:
    """A name in plain letters, one for a sound, whatever script and spelling: "Akhmetova", «Ахметова»."""
    letters = "".join(_CYRILLIC.get(letter, letter) for letter in word.casefold())
    plain = unicodedata.normalize("NFKD", letters.translate(_BARE))
    plain = "".join(letter for letter in plain if letter.isalpha() and not unicodedata.combining(letter))
    if not is_cyrillic(word):
        for spelling, one in _SOUNDS.items():
            plain = plain.replace(spelling, one)
    return _DOUBLED.sub(r"\1", plain)


_BARE = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ß": "s", "č": "s", "š": "s", "ž": "j"})


def consonants(plain: str) -> str:
    """What is left where spellings differ most: no vowels, and one letter for what hisses."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", plain).translate(_HISSING))


def rhymes(one: str, other: str) -> bool:
    """Whether two sounds of two scripts may be of one name: the same consonants after the same beginning,
    and one gender: "Ivanova" is not «Иванов».
    """
    if one == other:
        return True
    if one.endswith("a") != other.endswith("a"):
        return False
    begins = one[:1] == other[:1] or {one[:1], other[:1]} <= set("aeiouyj")
    return begins and consonants(one) == consonants(other) and abs(len(one) - len(other)) <= 2
