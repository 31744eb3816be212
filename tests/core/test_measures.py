"""What the figures of a text are read as, and what is no figure of anything."""

from __future__ import annotations

import pytest

from monitor.core.measures import measures_in

READ = [
    ("the lift hung there for two hours and five minutes", "duration", 7_500, 7_500),
    ("six, perhaps seven hours", "duration", 21_600, 25_200),
    ("between 20 and 30 people", "peopl", 20, 30),
    ("light had returned within a week", "duration", 604_800, 604_800),
    ("it took a week and a half", "duration", 907_200, 907_200),
    ("the mill lost £2.4 million", "money pound", 2_400_000, 2_400_000),
    ("she took 7,000 euros from the till", "money euro", 7_000, 7_000),
    ("it brought in 12 million naira", "money naira", 12_000_000, 12_000_000),
    ("the van was doing 50mph", "speed", 80.45, 80.45),
    ("salt made up 9.5pc", "percent", 9.5, 9.5),
    ("12 barges were seized", "barg", 12, 12),
    ("nine dead", "dead", 9, 9),
    ("it was sold in 1987", "year", 1987, 1987),
    ("it is 260 and rising", "", 260, 260),
    ("she put it at five", "", 5, 5),
    ("about three dozen", "", 36, 36),
]


@pytest.mark.parametrize(("text", "kind", "low", "high"), READ)
def test_a_figure_is_read_with_what_it_measures(text: str, kind: str, low: float, high: float) -> None:
    (one,) = measures_in(text)
    assert (one.kind, round(one.low, 2), round(one.high, 2)) == (kind, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "the hearing began at ten",
        "the bell rang at 18.25",
        "the log gives 03.20",
        "at about three in the morning",
        "it sailed on 11 March",
        "Ada Lind, 34, said so",
        "a 14-year-old was hurt",
        "rats in hold 3",
        "they chose her, seven to three",
        "it came two hours later",
        "one of a kind",
    ],
)
def test_hours_dates_ages_labels_and_votes_are_no_figures(text: str) -> None:
    assert measures_in(text) == ()


def test_words_beside_a_figure_say_how_it_is_meant() -> None:
    never, fewer, within, near, part, more, against = (
        measures_in(text)[0]
        for text in (
            "it never rose above six degrees",
            "she never bakes fewer than ten",
            "within twenty minutes",
            "closer to 700",
            "six of the drivers",
            "another 20 cases",
            "not 21",
        )
    )
    assert [never.bound, fewer.bound, within.bound, near.bound] == ["at_most", "at_least", "at_most", "about"]
    assert never.span() == (0, 6)
    assert (part.part, more.part, against.negated) == (True, True, True)
