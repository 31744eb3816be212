"""Frames with roles that one side may leave open (told or not, hurt or not), and what only looks alike."""

from __future__ import annotations

import pytest
from reading_room import BETWEEN, Newsroom, rules, told_in_one_report

CONFLICTS = [
    (
        "The operator said it had told the Transport Ministry about the leak at once.",
        "Transport Minister Ana Brodie said nobody at the operator had informed her ministry.",
    ),
    (
        "The mine said all workers were informed of the gas at noon.",
        "“Nobody told us,” said Ivo Lund, a driller.",
    ),
    (
        "Police said the family was notified the same evening.",
        "The family said it received no call and no letter.",
    ),
    ("The dam operator said the mayor had been briefed on the plan.", "The mayor said he was never told."),
    ("“They beat me with cables,” said Ilya Moran.", "Police said that force had not been used."),
    ("His lawyer said Moran was tortured.", "The prosecutor said nobody had raised a hand against Moran."),
    ("Two of them said guards had kicked the detainees.", "The chief said no detainee was mistreated."),
    ("The broadcaster said the video was genuine.", "The army said the video had been staged."),
    ("The bank said the recording was authentic.", "Its critics said it had been pasted together."),
    ("The notary said the signature was genuine.", "The widow said the signature had been forged."),
    ("The prison said Moran had died of cancer.", "His brother said Moran froze to death."),
    ("The farmers said the cows died of arsenic.", "The ministry said the cows died of thirst."),
    (
        "The shipping line said nobody was harmed.",
        "The coastguard said two sailors drowned and three were injured.",
    ),
    ("Ida Torsk said nobody was injured.", "The doctor said nine workers had been wounded."),
    (
        "Оператор заявил, что министерство проинформировали.",
        "В министерстве заявили, что никаких звонков не получали.",
    ),
    ("Телеканал заявил, что запись подлинная.", "В армии заявили, что запись смонтирована."),
    ("Фермеры заявили, что коровы погибли от свинца.", "Министерство заявило, что коровы погибли от засухи."),
]


@pytest.mark.parametrize(("first", "second"), CONFLICTS)
def test_what_one_side_leaves_open_is_what_the_other_names(first: str, second: str) -> None:
    assert len(told_in_one_report(first, second)) == 1


QUIET = [
    # Others were told, or told something else.
    ("The bank said it had informed the police.", "Customers said they were not informed."),
    (
        "The mayor said the residents had been told to leave.",
        "Residents said nobody had told them about the tax.",
    ),
    (
        "Ida Torsk told reporters that she was tired.",
        "The union said reporters had not been told of the ship.",
    ),
    ("The guard called the owner a thief.", "The owner said nobody had called him."),
    ("The bank said customers would be informed by letter.", "Customers said they had not been informed."),
    # Beaten by others, or at a game.
    ("Moran said the robbers had beaten him.", "Police said force was not used against the protesters."),
    ("Norvik beat Salem, the league said.", "Police said force was not used against fans."),
    ("Ilya Moran said he had been tortured.", "The prosecutor said Ida Torsk had not been beaten."),
    # Another thing is forged.
    ("The paper said the letter was real.", "The ministry said the photograph was a fake."),
    ("The bank said the document was signed in May.", "The auditor said the film had been edited."),
    # Two illnesses, two dead.
    ("The prison said Moran had died of pneumonia.", "His brother said Moran died of a heart attack."),
    ("The prison said Moran had died of pneumonia.", "His brother said Torsk froze to death."),
    # Nobody dead, and some hurt; another day.
    ("The governor said there were no deaths.", "The hospital said five people had been wounded."),
    (
        "The mayor said that on Monday nobody was injured.",
        "The brigade said two people were injured on May 1.",
    ),
]


@pytest.mark.parametrize(("first", "second"), QUIET)
def test_others_and_other_things_stay_quiet(first: str, second: str) -> None:
    assert told_in_one_report(first, second) == []


def test_who_was_unhurt_as_far_as_was_known_is_no_conflict() -> None:
    room = Newsroom(rules())
    room.read(f"{BETWEEN}\n\nThe shipping line said nobody was injured.", title="Velmora")
    assert not room.read(
        f"{BETWEEN}\n\nThe coastguard said two sailors were injured.", title="Velmora", hours=3
    )
