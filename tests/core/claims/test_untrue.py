"""Words that only call untrue what was just said, and denials that say what they point at."""

from __future__ import annotations

import pytest
from reading_room import claims_of

from monitor.core.claims.untrue import calls_untrue, who_lies
from monitor.core.types import Claim, Stance
from monitor.core.wording import REBUTTAL_MARK, rebuttal_key

SAID = "The lamps had burned all night, Ida Holm said. "
SAID_IN_RUSSIAN = "Лампы горели всю ночь, сообщила Ида Хольм. "


def denied(text: str) -> list[str]:
    """What the claims of an article are linked to as denied, verbatim."""
    claims = claims_of(text)
    denials = {key for c in claims if c.stance is Stance.DENY for key in c.keys}
    return [c.quote for c in claims if rebuttal_key(c.fingerprint) in denials]


def links(claim: Claim) -> list[str]:
    return [key for key in claim.keys if key.startswith(REBUTTAL_MARK)]


@pytest.mark.parametrize(
    "answer",
    [
        "“That is a lie,” said Ken Ott, the keeper.",
        "“That’s simply not true,” Ken Ott told reporters.",
        "“It is pure invention from beginning to end,” Ken Ott said.",
        "Ken Ott said this was untrue.",
        "The harbour said that was not the case.",
        "Ken Ott insisted that this never happened.",
        "The harbour said nothing of the kind had happened.",
        "Not a word of it is true, the harbour says.",
        "The harbour said there was no truth in the claim.",
        "“Complete nonsense,” said Ken Ott.",
        "“Nonsense,” said Ken Ott.",
        "“She is lying,” said Ken Ott.",
        "“Ms Holm is mistaken,” Ken Ott said.",
    ],
)
def test_calling_it_untrue_denies_what_was_just_said(answer: str) -> None:
    assert denied(SAID + answer) == ["The lamps had burned all night"]


@pytest.mark.parametrize(
    "answer",
    [
        "«Это ложь», — заявил смотритель Кен Отт.",
        "Смотритель Кен Отт заявил, что это не так.",
        "В порту сообщили, что это не соответствует действительности.",
        "«Ничего подобного не было», — сказал смотритель Кен Отт.",
    ],
)
def test_calling_it_untrue_in_russian(answer: str) -> None:
    assert denied(SAID_IN_RUSSIAN + answer) == ["Лампы горели всю ночь"]


@pytest.mark.parametrize(
    "answer",
    [
        "“That is not a lie,” said Ken Ott.",
        "“This is wrong,” said Ken Ott.",
        "“It is untrue that the quay is closed,” said Ken Ott.",
        "“Those cranes are fake,” said Ken Ott.",
        "“The firm is lying,” said Ken Ott.",
        # Of what stands in between nothing is known.
        "A boat came in. The quay was wet. “That is a lie,” said Ken Ott.",
        # Her own words.
        "“They said the quay was closed. That is a lie,” Holm said.",
    ],
)
def test_what_else_is_called_something_denies_nothing(answer: str) -> None:
    assert denied(SAID + answer) == []


def test_a_body_gives_nobody_of_another_name_the_lie() -> None:
    assert denied("The lamps had burned all night, the port said. “She is lying,” said Ken Ott.") == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("The cells had been wet for a week, said Ida Holm, a nurse.", "Ott rejected her story of neglect."),
        ("Nine crates came by hearse, Ida Holm said.", "Ken Ott called the story of the crates “a yarn”."),
        ("Nine crates came by hearse, Ida Holm said.", "Ken Ott dismissed talk of crates as gossip."),
        ("The lamps had burned all night, a report said.", "Ken Ott dismissed the findings."),
        ("The lamps had burned all night, Ida Holm said.", "The harbour rejected that conclusion."),
        ("The lamps had burned all night, Ida Holm said.", "The harbour rejected the theory."),
        ("“He told me to wait,” said Ida Holm, a nurse.", "The mayor denies any such talk."),
        (
            "“He told me to wait,” said Ida Holm, a nurse.",
            "The mayor denied that anything of the sort was said.",
        ),
    ],
)
def test_what_a_denial_sums_up_is_what_was_just_said(said: str, answer: str) -> None:
    assert len(denied(f"{said} {answer}")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "The harbour rejected the theory of a ghost ship.",
        "Ken Ott dismissed talk of a merger.",
        "The harbour rejected any finding of guilt.",
        "The harbour rejected a statement by the union.",
        "The harbour denied that this kind of lamp was in use.",
        "The harbour denied that tools such as winches were in use.",
    ],
)
def test_a_denial_of_something_else_leaves_it_alone(answer: str) -> None:
    assert denied(SAID + answer) == []


def test_nothing_but_a_judgement_of_truth_calls_untrue() -> None:
    assert calls_untrue("Lies.")
    assert not calls_untrue("Lies were told to the crew")
    assert (who_lies("Ms Holm is lying"), who_lies("Holm is lying in bed")) == ("Holm", "")
