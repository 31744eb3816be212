"""Two figures or hours for one thing in one report: what is set against what, and every look-alike."""

from __future__ import annotations

import pytest
from reading_room import Newsroom, rules

from monitor.core.types import ContradictionKind, Grade

RIVALS = [
    "The league put the march at 26,000. The prefecture has counted 6,000, from a helicopter.",
    "Captain Olaf Brandt said the ship had been doing 12 knots. The recorder shows 19.",
    "The company said power had returned within a week. The regulator counts six weeks.",
    "Principal Anna Wells told staff that the school lost £2.4 million last year. The union, which has seen "
    "the books, puts the deficit at £350,000.",
    "Ms Rae's agent says she earned 7,000 crowns from it. Investigators believe the stamps brought "
    "in closer to 40,000.",
    "The guide puts her stock at three ropes. The outfitter, Rob Hale, maintains he lent eight.",
    "The company said the spill lasted two hours. Villagers say it went on for two days.",
    "The firm said the lift had stood still for twenty minutes.\n\n“Two hours,” said Ms Bray, who was in it.",
    "The registrar said the founder had died in 1983. The widow's lawyer said he died in 1986.",
    "Sheriff Dan Holt puts the number of prisoners without beds at 17. The families' group, Open Gate, says "
    "it is 260 and rising.",
    "Prosecutors allege that Mr Dorn took 300,000 euros. His lawyer says it was 30,000, a loan.",
    "Colonel Ivo Asan told reporters that his men had come under fire. He put the start of the fighting "
    "at 5.20 a.m. The battle began shortly after ten, according to the border guard.",
    "The sluice was opened at 6.15, the minister said. An entry in the mill's log, seen by this paper, gives "
    "03.20 as the time.",
]
NO_RIVALS = [
    "Police said 40 people had been arrested. The hospital said it had treated 12.",
    "The firm said it lost £3 million last year. The union puts the director's pay at £450,000.",
    "The company said the ferry carried 212 passengers. The harbour office counted 40 cars.",
    "Police said 200 people came to the rally. The organisers said 2,000 had come a year earlier.",
    "The coach said the match lasted two hours. The captain said he had slept for nine hours.",
    "The union said 14 of the drivers were hurt. The depot said six of them were in hospital.",
    "The judge gave him nine years. His lawyer said he had already served three.",
    "The train left at nine, the line said. It arrived at eleven, said the stationmaster.",
    "The hotel said 40 guests were inside. Firefighters said they had carried out nine.",
    "The governor said 20 villages were cut off. Rescuers said they had reached twelve.",
    "Police counted 40 in Norvik. The army counted 12 in Harrow.",
    "The board said nine nurses had resigned this year. A trade union counts 15 in two years.",
    "The mayor spoke of about 300 strikers there. The court says 24 were fined.",
    "She worked there for nine years, her mother said. And how long was she ill? Two weeks, the clinic said.",
    "The barge was built for 80 passengers. The lock keeper counted 130 on its deck, he said.",
    "The clinic counted 17 cases of mumps in Norvik. The ministry counted 940 cases of mumps nationwide.",
    "Analysts at Brell expect growth of 2 per cent. Economists at Torv Bank see 3 per cent.",
]


@pytest.mark.parametrize("text", RIVALS)
def test_two_figures_for_one_thing_side_by_side_are_a_pair(text: str) -> None:
    kinds = {p.kind for p in Newsroom(rules()).read(text) if p.grade is not Grade.SOFT}
    assert kinds & {ContradictionKind.NUMERIC, ContradictionKind.TIME}


@pytest.mark.parametrize("text", NO_RIVALS)
def test_figures_of_other_things_parts_and_times_are_none(text: str) -> None:
    kinds = {p.kind for p in Newsroom(rules()).read(text) if p.grade is not Grade.SOFT}
    assert not kinds & {ContradictionKind.NUMERIC, ContradictionKind.TIME}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Secretary Cole Hart told members a week ago that 30 jobs would be cut. Yesterday he withdrew "
            "that figure, which he had “copied from an old sheet”; it is 12.",
            True,
        ),
        ("Minister Jan Pell said nine villages were cut off. He later corrected himself: it was four.", True),
        ("Minister Jan Pell said nine villages were cut off. He later added that it was four more.", False),
    ],
)
def test_a_figure_taken_back_for_another_is_a_reversal(text: str, expected: bool) -> None:
    kinds = {p.kind for p in Newsroom(rules()).read(text)}
    assert (ContradictionKind.REVERSAL in kinds) is expected
