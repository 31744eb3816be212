"""When and where a claim says that it was, in tables of (text, expected)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from reading_room import claims_of, entity, rules

from monitor.core.claims.russian.time_words import RUSSIAN_TIMES
from monitor.core.claims.time_words import ENGLISH_TIMES
from monitor.core.claims.times import times_in

# A Tuesday.
NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)

# text, when it begins, how many hours it lasts, bound
ENGLISH = [
    ("The boiler burst at 11:50 p.m. on Monday.", "2031-05-05 23:50", 1 / 60, "at"),
    ("The boiler burst on Monday at about 3 a.m.", "2031-05-05 03:00", 1, "at"),
    ("The boiler burst at about 03:00.", "2031-05-06 03:00", 1 / 60, "about"),
    # without a day the latest that has been
    ("It rang at 18:20.", "2031-05-05 18:20", 1 / 60, "at"),
    ("It was over by two.", "2031-05-06 02:00", 1, "before"),
    ("He came at half past nine.", "2031-05-06 09:30", 1 / 60, "at"),
    ("He left at ten to midnight.", "2031-05-05 23:50", 1 / 60, "at"),
    ("They fell ill on Sunday morning.", "2031-05-04 05:00", 7, "at"),
    ("Three crewmen died overnight.", "2031-05-05 20:00", 12, "at"),
    ("Two boats were lost last night.", "2031-05-05 19:00", 11, "at"),
    ("The mill shut shortly before dawn on Saturday.", "2031-05-03 04:00", 4, "before"),
    ("The vote was lost on Tuesday.", "2031-05-06 00:00", 24, "at"),
    ("The vote was lost last Tuesday.", "2031-04-29 00:00", 24, "at"),
    ("The bridge will reopen on Friday.", "2031-05-09 00:00", 24, "at"),
    ("The bridge will reopen next Tuesday.", "2031-05-13 00:00", 24, "at"),
    ("He was held on 12 March 2024.", "2024-03-12 00:00", 24, "at"),
    ("He was held on April 14.", "2031-04-14 00:00", 24, "at"),
    ("He was held on December 30.", "2030-12-30 00:00", 24, "at"),
    ("It has been shut since April 2019.", "2019-04-01 00:00", 30 * 24, "since"),
    ("The guns were withdrawn in March.", "2031-03-01 00:00", 31 * 24, "at"),
    ("The guns were withdrawn in November.", "2030-11-01 00:00", 30 * 24, "at"),
    ("The firm was founded in 2019.", "2019-01-01 00:00", 365 * 24, "at"),
    ("The mine opened last year.", "2030-01-01 00:00", 365 * 24, "at"),
    ("The mine closed last month.", "2031-04-01 00:00", 30 * 24, "at"),
    ("He met them three weeks ago.", "2031-04-15 00:00", 24, "at"),
    ("He met them two hours ago.", "2031-05-06 10:00", 1, "at"),
    ("The log of 2031-05-01 is missing.", "2031-05-01 00:00", 24, "at"),
]
RUSSIAN = [
    ("Обстрел продолжался в половине седьмого утра в субботу.", "2031-05-03 06:30", 1 / 60, "at"),
    ("Котёл взорвался в ночь на воскресенье.", "2031-05-03 20:00", 10, "at"),
    ("Снимки сделаны десятого апреля.", "2031-04-10 00:00", 24, "at"),
    ("Огонь прекращён с шести утра понедельника.", "2031-05-05 06:00", 1, "since"),
    ("Поезд ушёл вчера в 15:30.", "2031-05-05 15:30", 1 / 60, "at"),
    ("В марте 2019 года завод закрыли.", "2019-03-01 00:00", 31 * 24, "at"),
    ("Он приехал в воскресенье вечером.", "2031-05-04 17:00", 6, "at"),
    ("Он приехал две недели назад.", "2031-04-22 00:00", 24, "at"),
    ("Около трёх часов ночи 2 мая погас свет.", "2031-05-02 03:00", 1, "about"),
    ("Мост откроют завтра.", "2031-05-07 00:00", 24, "at"),
    ("Они ушли без десяти двенадцать.", "2031-05-06 11:50", 1 / 60, "at"),
    ("Забастовка началась на прошлой неделе.", "2031-04-28 00:00", 7 * 24, "at"),
]


@pytest.mark.parametrize(("text", "begins", "hours", "bound"), ENGLISH)
def test_english_times_lie_on_the_articles_calendar(text: str, begins: str, hours: float, bound: str) -> None:
    found = times_in(text, NOON, ENGLISH_TIMES)
    assert [_told(t) for t in found] == [(begins, round(hours, 3), bound)]
    assert found[0].surface in text


@pytest.mark.parametrize(("text", "begins", "hours", "bound"), RUSSIAN)
def test_russian_times_lie_on_the_articles_calendar(text: str, begins: str, hours: float, bound: str) -> None:
    found = times_in(text, NOON, RUSSIAN_TIMES)
    assert [_told(t) for t in found] == [(begins, round(hours, 3), bound)]
    assert found[0].surface in text


def _told(found: object) -> tuple[str, float, str]:
    begins, ends = found.begins_at, found.ends_at  # type: ignore[attr-defined]  # a ClaimTime
    return (
        begins.strftime("%Y-%m-%d %H:%M"),
        round((ends - begins).total_seconds() / 3600, 3),
        found.bound,  # type: ignore[attr-defined]  # a ClaimTime
    )


NO_TIMES = [
    "Two of the three tanks leaked.",
    "They may march to the ministry.",
    "It weighed about ten tonnes.",
    "Flight 2019 was late.",
    "He was born on 31 February.",
]


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_gives_none(text: str) -> None:
    assert times_in(text, NOON, ENGLISH_TIMES) == ()


def test_two_times_of_one_claim_are_told_apart() -> None:
    found = times_in("The march began at 03:00 on Monday and was over by 5 a.m.", NOON, ENGLISH_TIMES)
    assert [t.surface for t in found] == ["03:00 on Monday", "5 a.m."]


KNOWN = rules(
    entity("oska", "Oska", "Оска", "Оске", "Оски", type="place"),
    entity("norvik", "Norvik Shipping", "Norvik"),
)
# text, (name, entity, relation) of each place of its claim
PLACES = [
    ("Police said the truck was found in Oska.", [("Oska", "oska", "in")]),
    ("Police said the truck had come from the village of Leilek.", [("Leilek", "", "from")]),
    (
        "Police said the shots came from a hill north of Oska.",
        [("hill", "", "from"), ("Oska", "oska", "north_of")],
    ),
    ("Police said he was hiding in the cellar of the school.", [("cellar of the school", "", "in")]),
    ("Police said the boat was heading towards Karlsund.", [("Karlsund", "", "toward")]),
    ("Police said the drone flew over the border to Oska.", [("border", "", "over"), ("Oska", "oska", "to")]),
    ("Police said the ship sank off Karlsund.", [("Karlsund", "", "off")]),
    ("Police said the shots came from the south.", [("south", "", "from")]),
    # no places: people, firms that are told something, and plain words
    ("Police said the letter was sent to Norvik.", []),
    ("Police said he was in a good mood.", []),
    ("Police said he was held on Monday.", []),
    ("Полиция сообщила, что грузовик нашли в Оске.", [("Oska", "oska", "in")]),
    ("Полиция сообщила, что он скрывался в подвале школы.", [("подвал школы", "", "in")]),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_places_of_a_claim(text: str, expected: list[tuple[str, str, str]]) -> None:
    (claim,) = claims_of(text, KNOWN)
    assert [(p.name, p.entity, p.relation) for p in claim.places] == expected
    assert all(p.surface in text for p in claim.places)


def test_a_claim_carries_its_times_and_not_those_of_its_attribution() -> None:
    (claim,) = claims_of("The port said on Tuesday that the crane fell at noon on Sunday.")
    assert [t.surface for t in claim.times] == ["noon on Sunday"]
