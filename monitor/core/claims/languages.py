"""The languages that claims are read in, in one table: how each lays out, attributes, names and counts.

A language of its own: a package like `russian/` beside the English files, a row here, a parser in
monitor/models, phrases in the frame files (docs/claims.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.claims import (
    detectors,
    evoking,
    facts,
    going_on,
    grammar,
    headline_trees,
    headlined,
    mending,
    names,
    parentheticals,
    places,
    quantities,
    quotes,
    rebuttals,
    speakers,
    telling,
    title_case,
    titles,
    where,
)
from monitor.core.claims.between import Spoken
from monitor.core.claims.draft import Draft
from monitor.core.claims.evoking import Evoked, Filler
from monitor.core.claims.filling import Fillers
from monitor.core.claims.hearing import Known
from monitor.core.claims.page import Page, may_claim
from monitor.core.claims.parentheticals import Pieces
from monitor.core.claims.parsed import Sentence, Token
from monitor.core.claims.places import Starts
from monitor.core.claims.quotes import Quotation
from monitor.core.claims.russian import cues as russian_cues
from monitor.core.claims.russian import detectors as russian_detectors
from monitor.core.claims.russian import evoking as russian_evoking
from monitor.core.claims.russian import facts as russian_facts
from monitor.core.claims.russian import grammar as russian_grammar
from monitor.core.claims.russian import mending as russian_mending
from monitor.core.claims.russian import quantities as russian_quantities
from monitor.core.claims.russian import reading as russian_reading
from monitor.core.claims.russian import speech as russian_speech
from monitor.core.claims.russian import where as russian_where
from monitor.core.claims.russian.cast import RussianCast
from monitor.core.claims.russian.fillers import RussianFillers
from monitor.core.claims.russian.time_words import RUSSIAN_TIMES
from monitor.core.claims.time_words import ENGLISH_TIMES
from monitor.core.claims.times import TimeWords
from monitor.core.types import ArticleField, ClaimPlace, Entity, Frame, Quantity, Reading, Speaker

_LATIN = re.compile(r"[A-Za-z]")
_RUSSIAN = re.compile(r"[а-яёА-ЯЁ]")
# Letters that Russian does not have and its neighbours do.
_OTHER_CYRILLIC = re.compile(r"[іїєґўђјљњћџқғңұүһәө]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE_CHARS = 2_000


class Cast(Protocol):
    """Everybody whom one article names; asked in the order of the text."""

    @property
    def entities(self) -> Mapping[str, Entity]: ...

    @property
    def heard(self) -> Sequence[tuple[int, Known]]:
        """Who was named so far, by place in the text."""
        ...

    def speaker_at(self, s: Sentence, i: int) -> Speaker | None:
        """Who this token names; None where nobody can be told."""
        ...

    def heard_from(self, s: Sentence, i: int) -> Speaker | None:
        """As `speaker_at`, of somebody who speaks here."""
        ...

    def speaker_of_words(self, field: ArticleField, start: int, end: int) -> Speaker:
        """Who a stretch of the article names."""
        ...

    def publisher(self) -> Speaker:
        """The outlet, for what it says itself."""
        ...

    def listen(self, s: Sentence) -> None:
        """Remember who acts in this sentence."""
        ...

    def leave_title(self) -> None:
        """The title is read: whoever was named in it was named before all of the text."""
        ...

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small: "its", "spokesman"; empty where it has none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Language:
    """What reading an article takes from its language."""

    detectors: Mapping[str, Callable[[Page], Iterator[Draft]]]
    # Names of detectors that speak only where nobody else found a speaker, in order.
    last_resorts: tuple[str, ...]
    # Text of a field → its quotations in order.
    quotations: Callable[[str], tuple[Quotation, ...]]
    # A title, its sentences and its quotations → the stretches that say one thing each.
    title_parts: Callable[[str, Sequence[tuple[int, int]], Sequence[Quotation]], Iterable[tuple[int, int]]]
    # Whether a sentence is worth a tree, given the frames' telling words.
    may_claim: Callable[[Page, Sentence, frozenset[str]], bool]
    # Whether the text of a sentence after one that attributes is worth a tree; and whether that sentence
    # goes on with what the draft of the one before says.
    may_go_on: Callable[[str], bool]
    goes_on: Callable[[Sentence, Draft], bool]
    # Whether a pronoun may speak in the text of a sentence: the one before is worth a tree, too.
    speaks_again: Callable[[str], bool]
    # What is said and by whom → the same, with those who speak in the headline as the text names them.
    headlined: Callable[[Page, Cast, Spoken], Spoken]
    telling_words: Callable[[tuple[Frame, ...]], frozenset[str]]
    # The text of a sentence and what is quoted in it → the attributions between commas, to be read apart.
    taken_apart: Callable[[str, Sequence[tuple[int, int]]], Pieces | None]
    # A title, the text behind it and the stretches that name entities → as a sentence would be written.
    calm_title: Callable[[str, str, Sequence[tuple[int, int]]], str]
    mend: Callable[[tuple[Token, ...]], tuple[Token, ...]]
    mend_title: Callable[[tuple[Token, ...]], tuple[Token, ...]]
    cast: Callable[[Page, Mapping[str, Entity]], Cast]
    # Of a cast, a speaker, and whether the words are the speaker's own.
    fillers: Callable[[Cast, Speaker, bool], Filler]
    # Where in a content frames may start and facts may stand: walked once, for both.
    starts: Callable[[Draft], Starts]
    evoke: Callable[[Draft, Starts, Sequence[Frame], Filler], tuple[Evoked, ...]]
    # What it says of things as keys, given the article's topics.
    fact_keys: Callable[[Draft, Starts, Sequence[str]], tuple[str, ...]]
    # Whether some words (lemmas) for somebody name people.
    is_people: Callable[[str], bool]
    quantities: Callable[[Sentence, list[int], Mapping[str, str]], tuple[Quantity, ...]]
    # How it says when; the places that tokens of a sentence name.
    times: TimeWords
    places: Callable[[Page, Sentence, Sequence[int], Mapping[str, Entity]], tuple[ClaimPlace, ...]]
    is_hedged: Callable[[Sentence, int], bool]
    # Whether the words of a sentence between two offsets of its field have a subject and a finite verb.
    is_clause: Callable[[Sentence, int, int], bool]
    # Whether a sentence of the outlet's own tells a fact by its shape: "has been suspended".
    tells: Callable[[Draft], bool]
    # Whose a noun is.
    owner: Callable[[Sentence, int], int | None]
    # The draft as a denial of what it calls untrue.
    turned: Callable[[Draft], Draft]


LANGUAGES: dict[str, Language] = {
    "en": Language(
        detectors=detectors.DETECTORS,
        last_resorts=detectors.LAST_RESORTS,
        quotations=quotes.quotations,
        title_parts=titles.parts_of_title,
        may_claim=may_claim,
        may_go_on=going_on.may_go_on,
        goes_on=going_on.goes_on,
        speaks_again=going_on.speaks_again,
        headlined=headlined.headlined,
        telling_words=evoking.telling_words,
        taken_apart=parentheticals.taken_apart,
        calm_title=title_case.as_sentence,
        mend=mending.mend,
        mend_title=headline_trees.mend_headline,
        cast=lambda page, entities: speakers.Cast(page=page, entities=entities),
        fillers=lambda cast, speaker, own: Fillers(cast, speaker, own),  # type: ignore[arg-type]  # a language's own cast
        starts=places.starts,
        evoke=evoking.evoke,
        fact_keys=facts.fact_keys,
        is_people=names.is_people,
        quantities=quantities.quantities,
        times=ENGLISH_TIMES,
        places=where.places_in,
        is_hedged=grammar.is_hedged,
        is_clause=grammar.is_clause,
        tells=telling.tells,
        owner=lambda s, i: grammar.child(s, i, "poss"),
        turned=rebuttals.turned,
    ),
    "ru": Language(
        detectors=russian_detectors.DETECTORS,
        last_resorts=russian_detectors.LAST_RESORTS,
        quotations=russian_speech.spoken,
        # Its endings tell who speaks in a title as a whole.
        title_parts=lambda title, spans, quotes: spans,
        may_claim=russian_reading.may_claim,
        may_go_on=russian_reading.may_go_on,
        goes_on=russian_reading.goes_on,
        speaks_again=lambda text: False,
        headlined=lambda page, cast, spoken: spoken,
        telling_words=russian_evoking.telling_words,
        taken_apart=lambda text, quoted: None,
        calm_title=lambda title, text, named: title,
        mend=russian_mending.mend,
        mend_title=lambda tokens: tokens,
        cast=lambda page, entities: RussianCast(page=page, entities=entities),
        fillers=lambda cast, speaker, own: RussianFillers(cast, speaker),  # type: ignore[arg-type]  # a language's own cast
        starts=russian_evoking.starts,
        evoke=russian_evoking.evoke,
        fact_keys=russian_facts.fact_keys,
        is_people=russian_cues.is_people,
        quantities=russian_quantities.quantities,
        times=RUSSIAN_TIMES,
        places=russian_where.places_in,
        is_hedged=russian_grammar.is_hedged,
        # Russian leaves out subjects, and "to be" as well.
        is_clause=lambda s, start, end: True,
        tells=lambda draft: False,
        owner=russian_grammar.owner,
        turned=russian_reading.turned,
    ),
}


def language_of(reading: Reading) -> str:
    """The key of its language in LANGUAGES: as the article says, else by its letters; empty: none of them."""
    return language_read(reading.article.lang, reading.article.title, reading.article.text)


def language_read(lang: str, title: str, text: str) -> str:
    """As `language_of`, of the language that an article says and its words."""
    if lang:
        said = lang.casefold().split("-")[0]
        return said if said in LANGUAGES else ""
    sample = (title + " " + text)[:_SAMPLE_CHARS]
    letters = len(_LETTER.findall(sample))
    if len(_LATIN.findall(sample)) * 2 > letters:
        return "en"
    russian = len(_RUSSIAN.findall(sample)) * 2 > letters and not _OTHER_CYRILLIC.search(sample)
    return "ru" if russian else ""
