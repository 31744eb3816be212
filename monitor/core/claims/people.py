"""One name for one speaker across the articles of a story, in whatever script they write it.

An article that says "Ruiz", "the mining minister" or «Ана Руис» means the Ana Ruiz whom another article of
the same story introduced. Only what fits one speaker is joined: of two who may be meant nobody is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.core.claims.names import is_title, names_person, without_article
from monitor.core.types import Claim, ClaimKind, Speaker

_CYRILLIC = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", "abvgdeejziiklmnoprstufhssss!i!euaiieg", strict=True)
)
# Spellings of one sound, longest first.
_SOUNDS = {
    "shch": "s", "tsch": "s", "sch": "s", "dzh": "j", "zh": "j", "kh": "h", "ch": "s", "sh": "s", "ph": "f",
    "th": "t", "ts": "s", "tz": "s", "ck": "k", "ce": "se", "ci": "si", "cy": "si", "c": "k", "dj": "j",
    "gh": "g", "x": "ks", "w": "v", "q": "k", "y": "i",
}  # fmt: skip
_CYRILLIC_LETTER = re.compile(r"[а-яёіїєґ]")
_VOWELS = re.compile(r"[aeiouyj]")
_HISSING = str.maketrans({"h": "", "z": "s"})
_DOUBLED = re.compile(r"(.)\1+")
#: A name of fewer consonants is too short to be known by its sound.
_LEAST_SOUNDS = 3


def same_people(claims: Sequence[Claim], known: Iterable[Speaker]) -> tuple[Claim, ...]:
    """The claims, each with the name that the story has for its speaker; the same order.

    `known` are the speakers of the story's other articles, as stored. Fingerprints stay those of the
    article's own wording, so that reading it again gives the same ones.
    """
    people = _people([*known, *(c.speaker for c in claims if c.kind is not ClaimKind.OWN_VOICE)])
    if not people:
        return tuple(claims)
    voices = {claim.speaker for claim in claims if claim.kind is not ClaimKind.OWN_VOICE}
    known_as = {speaker: _known_as(speaker, people) for speaker in voices}
    return tuple(
        claim
        if claim.kind is ClaimKind.OWN_VOICE or known_as[claim.speaker] == claim.speaker
        else replace(claim, speaker=known_as[claim.speaker])
        for claim in claims
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    """A full name by its sound."""

    first: str
    last: str
    cyrillic: bool


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody with a full name."""

    speaker: Speaker
    heard: _Heard
    # The last name as it is written, small.
    surname: str
    # The words for what they are, small: {"mining", "minister"}.
    offices: frozenset[frozenset[str]]


def _people(speakers: Iterable[Speaker]) -> list[_Person]:
    """Everybody with a name of two words or more, by whoever named them first; entities go before all."""
    found: list[_Person] = []
    for speaker in sorted(speakers, key=lambda s: not s.entity):
        words = speaker.name.split()
        if not _is_full_name(words):
            continue
        heard = _heard(words, speaker)
        office = _office(speaker)
        offices = frozenset([office]) if office else frozenset()
        same = next((n for n, p in enumerate(found) if _alike(p, heard, speaker)), None)
        if same is None:
            found.append(_Person(speaker, heard, words[-1].casefold(), offices))
        else:
            found[same] = replace(found[same], offices=found[same].offices | offices)
    return found


def _is_full_name(words: Sequence[str]) -> bool:
    """Two to four words that begin and end with a capital, none of them a common noun."""
    capitals = words and words[0][:1].isupper() and words[-1][:1].isupper()
    return bool(capitals) and 2 <= len(words) <= 4 and not any(w.isupper() and len(w) > 2 for w in words)


def _heard(words: Sequence[str], speaker: Speaker) -> _Heard:
    return _Heard(sound(words[0]), sound(words[-1]), _is_cyrillic(speaker.name))


def _alike(person: _Person, heard: _Heard, speaker: Speaker) -> bool:
    if speaker.entity and person.speaker.entity:
        return speaker.entity == person.speaker.entity
    known, last = person.heard, heard.last
    if (heard.first, last) == (known.first, known.last):
        return True
    if heard.cyrillic == known.cyrillic:
        return False
    told = len(_consonants(last)) >= _LEAST_SOUNDS - 1 or (len(last) > _LEAST_SOUNDS and last == known.last)
    return told and _rhymes(heard.first, known.first) and _rhymes(last, known.last)


def _known_as(speaker: Speaker, people: Sequence[_Person]) -> Speaker:
    if speaker.entity:
        return speaker
    words = without_article(speaker.name).split()
    while len(words) > 1 and is_title(words[0]):
        words = words[1:]
    if _is_full_name(words):
        heard = _heard(words, speaker)
        fit = [p for p in people if _alike(p, heard, speaker)]
    elif len(words) == 1 and words[0][:1].isupper() and not words[0].isupper():
        fit = _of_last_name(words[0], people)
    else:
        office = frozenset(word.casefold() for word in words)
        named = len(office) > 1 and any(names_person(word) for word in office)
        fit = [p for p in people if named and office in p.offices]
    if len(fit) != 1:
        return speaker
    who = fit[0].speaker
    return replace(speaker, name=who.name, entity=who.entity, side=who.side or speaker.side)


def _of_last_name(word: str, people: Sequence[_Person]) -> list[_Person]:
    surname, heard, cyrillic = word.casefold(), sound(word), _is_cyrillic(word)
    told = len(_consonants(heard)) >= _LEAST_SOUNDS
    return [
        p
        for p in people
        if p.surname == surname
        or (told and cyrillic != _is_cyrillic(p.surname) and _rhymes(heard, p.heard.last))
    ]


def _office(speaker: Speaker) -> frozenset[str]:
    """'Mining Minister Ana Ruiz' → mining, minister; empty: the words tell no office."""
    surface, name = speaker.surface.casefold(), speaker.name.casefold()
    if not surface.endswith(name):
        return frozenset()
    words = without_article(surface.removesuffix(name)).replace(",", " ").split()
    return frozenset(words) if len(words) > 1 and names_person(words[-1]) else frozenset()


# ---------------------------------------------------------------- sounds


@lru_cache(maxsize=10_000)  # every article of a story meets the names of the others
def sound(word: str) -> str:
    """A name in plain letters, one for a sound, whatever script and spelling: "Akhmetova", «Ахметова»."""
    letters = "".join(_CYRILLIC.get(letter, letter) for letter in word.casefold())
    plain = unicodedata.normalize("NFKD", letters.translate(_BARE))
    plain = "".join(letter for letter in plain if letter.isalpha() and not unicodedata.combining(letter))
    if not _is_cyrillic(word):
        for spelling, one in _SOUNDS.items():
            plain = plain.replace(spelling, one)
    return _DOUBLED.sub(r"\1", plain)


_BARE = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ß": "s", "č": "s", "š": "s", "ž": "j"})


def _consonants(plain: str) -> str:
    """What is left where spellings differ most: no vowels, and one letter for what hisses."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", plain).translate(_HISSING))


def _rhymes(one: str, other: str) -> bool:
    """Whether two sounds of two scripts may be of one name: the same consonants after the same beginning,
    and one gender: "Ivanova" is not «Иванов».
    """
    if one == other:
        return True
    if one.endswith("a") != other.endswith("a"):
        return False
    begins = one[:1] == other[:1] or {one[:1], other[:1]} <= set("aeiouyj")
    return begins and _consonants(one) == _consonants(other) and abs(len(one) - len(other)) <= 2


def _is_cyrillic(word: str) -> bool:
    return _CYRILLIC_LETTER.search(word.casefold()) is not None
