"""Headlines: who speaks in them is whom the text behind them names, and their letters and verbs mislead."""

from __future__ import annotations

import re

import pytest
from reading_room import claims_of

from monitor.core.claims.title_case import as_sentence
from monitor.core.types import ArticleField, ClaimKind

BATHS = """The roof of the Marlow swimming baths fell in on Friday, killing four people.

"The beams were rotten and everybody on the council knew it," said Petra Vance, whose husband Colin died.

Works minister Anton Reyle said on Saturday that no warning had ever reached his office.

Dana Holt, the head of the architects' guild, said she had written to him twice.

Two lifeguards were arrested. "I heard a crack and I ran," said Toby Lane, 19, one of them.
His mother, Jean Lane, said: "My boy saved six kids."

Detective Superintendent Mira Okoye, who leads the investigation, said a third man was being sought."""

PILLS = """Fenwick Pharma said on Monday that it would recall its blood thinner after nine patients died.

"We reported every death within a week," chief executive Nora Steen said.

Jonas Ek, a former data manager at Fenwick, said he had been told to delete files. "They asked me to lose six
patients," he said.

Interior Cabinet Secretary Gwen Price said the inspectors had done well.
Health secretary Alan Booth ordered an inquiry."""

WAR = """The army said its troops took the bridge at Solm on Tuesday.

"Not one of our positions has fallen," rebel commander Idris Kaval told reporters by telephone.

General Pavel Strom, the army's chief of staff, said the dead were rebel fighters.

Finance minister Otto Brenner said the war was cheap. Justice minister Carla Mendes said the war was just."""


def _said(title: str, text: str) -> list[tuple[str, str]]:
    """Speaker and words of each claim of the title; the outlet's own have no speaker."""
    return [
        ("" if c.kind is ClaimKind.OWN_VOICE else c.speaker.name, c.quote)
        for c in claims_of(re.sub(r"(?<!\n)\n(?!\n)", " ", text), title=title)
        if c.field is ArticleField.TITLE
    ]


@pytest.mark.parametrize(
    ("title", "text", "wanted"),
    [
        ("Keeper in coma after fall", BATHS, [("", "Keeper in coma after fall")]),
        ("A night in hospital", BATHS, []),
        ("Norvik flood deaths rise to 9", BATHS, [("", "Norvik flood deaths rise to 9")]),
        # A role, and the text has the name.
        ("Minister: no warning was received", BATHS, [("Anton Reyle", "no warning was received")]),
        ("No warning received – minister", BATHS, [("Anton Reyle", "No warning received")]),
        ("Guild boss: I wrote to minister twice", BATHS, [("Dana Holt", "I wrote to minister twice")]),
        ("Lifeguard's mum: My boy is a hero", BATHS, [("Jean Lane", "My boy is a hero")]),
        (
            "Third man sought over baths collapse, says detective",
            BATHS,
            [("Mira Okoye", "Third man sought over baths collapse")],
        ),
        ("Fenwick CEO: every death was reported", PILLS, [("Nora Steen", "every death was reported")]),
        ("Fenwick hid deaths, whistleblower claims", PILLS, [("Jonas Ek", "Fenwick hid deaths")]),
        ("CS hails work of inspectors", PILLS, [("Gwen Price", "CS hails work of inspectors")]),
        ("Rebel chief: Not one position lost", WAR, [("Idris Kaval", "Not one position lost")]),
        ("Mum's fury: nobody was told", BATHS, [("Jean Lane", "nobody was told")]),
        (
            "Beams were rotten, widow says after roof falls on swimmers",
            BATHS,
            [("Petra Vance", "Beams were rotten")],
        ),
        # Words between marks, which the text gives to somebody.
        ("'My boy saved six kids'", BATHS, [("Jean Lane", "My boy saved six kids")]),
        ("WATCH | 'I heard a crack and I ran'", BATHS, [("Toby Lane", "I heard a crack and I ran")]),
        ("'Everybody knew': widow's fury at council", BATHS, [("Petra Vance", "Everybody knew")]),
        (
            "'They asked me to lose patients': the man who quit Fenwick",
            PILLS,
            [("Jonas Ek", "They asked me to lose patients")],
        ),
        # Capitals.
        (
            "WIDOW: THEY ALL KNEW THE BEAMS WERE ROTTEN",
            BATHS,
            [("Petra Vance", "THEY ALL KNEW THE BEAMS WERE ROTTEN")],
        ),
        (
            "Council Knew Beams Were Rotten, Widow Says",
            BATHS,
            [("Petra Vance", "Council Knew Beams Were Rotten")],
        ),
        ("Minister Denies He Was Warned About Roof", BATHS, [("Anton Reyle", "He Was Warned About Roof")]),
        # Two claims, one of them the outlet's.
        (
            "Army says it holds the bridge; four dead",
            WAR,
            [("Army", "it holds the bridge"), ("", "four dead")],
        ),
        (
            "Solm fell at dawn, says army, but rebels say they hold it",
            WAR,
            [("army", "Solm fell at dawn"), ("rebels", "they hold it")],
        ),
        # "Is" and "was" left out.
        ("Teenager held in Marlow over theft", WAR, [("", "Teenager held in Marlow over theft")]),
        ("Vantor to buy rival for $4 bln -sources", PILLS, [("sources", "Vantor to buy rival for $4 bln")]),
    ],
)
def test_whose_words_a_headline_has(title: str, text: str, wanted: list[tuple[str, str]]) -> None:
    found = _said(title, text)
    assert [(who.casefold(), words) for who, words in found] == [
        (who.casefold(), words) for who, words in wanted
    ]


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        # Two ministers, and nothing tells which of them; a chief of something else; a former one.
        ("Minister: taxes must rise", WAR, "minister"),
        ("Police chief: taxes must rise", WAR, "police chief"),
        ("Villagers: nobody warned us", BATHS, "villagers"),
    ],
)
def test_a_role_that_may_be_anybodys_stays_one(title: str, text: str, name: str) -> None:
    assert [who.casefold() for who, _ in _said(title, text)] == [name]


@pytest.mark.parametrize(
    "title",
    [
        "Was the minister warned?",
        "Army accused of killing civilians in Solm",
        "Letters on rotten beams were ignored, it is claimed",
        "Firm mum on sale reports",
        "The village swallowed by the sea",
        "Explainer | What we know about the baths",
    ],
)
def test_nobody_claims_anything(title: str) -> None:
    assert _said(title, BATHS) == []


def test_what_a_quotation_is_about_does_not_speak() -> None:
    assert _said("'He smelled of drink': fury at skipper of ferry", BATHS) != [
        ("fury at skipper of ferry", "He smelled of drink")
    ]


@pytest.mark.parametrize(
    ("title", "calm"),
    [
        ("Minister Denies He Was Warned", "Minister denies he was warned"),
        ("Reyle Denies Guild Letters", "Reyle denies guild letters"),
        ("WIDOW SPEAKS of Marlow horror", "Widow speaks of Marlow horror"),
        ("NATO denies loss of ship", "NATO denies loss of ship"),
        ("Reyle denies he was warned", "Reyle denies he was warned"),
    ],
)
def test_capitals_are_read_as_a_sentence_has_them(title: str, calm: str) -> None:
    text = "Works minister Anton Reyle said on Saturday that the Marlow baths were safe. NATO had no ship."
    assert as_sentence(title, text, ()) == calm
