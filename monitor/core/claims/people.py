"""One name for one speaker across the articles of a story, in whatever script they write it.

An article that says "Ruiz", "the mining minister" or «Ана Руис» means the Ana Ruiz whom another article of
the same story introduced. Only what fits one speaker is joined: of two who may be meant nobody is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.core.claims.names import is_title, names_person, without_article
from monitor.core.name_sounds import (
    LEAST_SOUNDS,
    Heard,
    consonants,
    heard,
    is_full_name,
    rhymes,
    sound,
    sound_alike,
)
from monitor.core.types import Claim, ClaimKind, Speaker
from monitor.core.wording import is_cyrillic


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
class _Person:
    """Somebody with a full name."""

    speaker: Speaker
    heard: Heard
    # The last name as it is written, small.
    surname: str
    # The words for what they are, small: {"mining", "minister"}.
    offices: frozenset[frozenset[str]]


def _people(speakers: Iterable[Speaker]) -> list[_Person]:
    """Everybody with a name of two words or more, by whoever named them first; entities go before all, and
    Latin letters, which more people read, before others.
    """
    found: list[_Person] = []
    for speaker in sorted(speakers, key=lambda s: (not s.entity, is_cyrillic(s.name))):
        words = speaker.name.split()
        if not is_full_name(words):
            continue
        by_sound = heard(words)
        office = _office(speaker)
        offices = frozenset([office]) if office else frozenset()
        same = next((n for n, p in enumerate(found) if _alike(p, by_sound, speaker)), None)
        if same is None:
            found.append(_Person(speaker, by_sound, words[-1].casefold(), offices))
        else:
            found[same] = replace(found[same], offices=found[same].offices | offices)
    return found


def _alike(person: _Person, by_sound: Heard, speaker: Speaker) -> bool:
    if speaker.entity and person.speaker.entity:
        return speaker.entity == person.speaker.entity
    return sound_alike(person.heard, by_sound)


def _known_as(speaker: Speaker, people: Sequence[_Person]) -> Speaker:
    if speaker.entity:
        return speaker
    words = without_article(speaker.name).split()
    while len(words) > 1 and is_title(words[0]):
        words = words[1:]
    if is_full_name(words):
        by_sound = heard(words)
        fit = [p for p in people if _alike(p, by_sound, speaker)]
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
    surname, by_sound, cyrillic = word.casefold(), sound(word), is_cyrillic(word)
    told = len(consonants(by_sound)) >= LEAST_SOUNDS
    return [
        p
        for p in people
        if p.surname == surname
        or (told and cyrillic != is_cyrillic(p.surname) and rhymes(by_sound, p.heard.last))
    ]


def _office(speaker: Speaker) -> frozenset[str]:
    """'Mining Minister Ana Ruiz' → mining, minister; empty: the words tell no office."""
    surface, name = speaker.surface.casefold(), speaker.name.casefold()
    if not surface.endswith(name):
        return frozenset()
    words = without_article(surface.removesuffix(name)).replace(",", " ").split()
    return frozenset(words) if len(words) > 1 and names_person(words[-1]) else frozenset()
