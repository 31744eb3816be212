"""Where and when, read by the real parser: which two accounts cannot both hold, and which can."""

from __future__ import annotations

import pytest
from reading_room import Newsroom, entity, rules

from monitor.core.claims.attached import lags_in
from monitor.core.claims.distances import distances_in
from monitor.core.types import Contradiction, ContradictionKind, Grade

KNOWN = rules(
    entity("norvia", "Norvia", "Норвию", type="place", side="norvian_government"),
    entity("harrow", "Harrow", type="place", side="norvian_government"),
    entity("sedonia", "Sedonia", "Седонию", type="place", side="sedonian_government"),
)


def told(*articles: str, apart: float = 10.0) -> list[Contradiction]:
    """What the comparators of place and time find in these articles, so many hours apart."""
    room = Newsroom(KNOWN)
    for n, text in enumerate(articles):
        room.read(text, hours=n * apart, lang="")
    return [p for p in room.contradictions if p.comparator in {"place", "time"}]


PLACES = {
    "two countries": "The robbers were heading for Norvia, the sheriff said. The mayor, Ana Holt, "
    "said the raiders had tried to escape to Sedonia.",
    "not there": "The robbers fled towards Norvia, the sheriff said. The mayor, Ana Holt, said the "
    "gunmen were making for Sedonia, not Norvia.",
    "they": "“They wanted to flee to Norvia,” the sheriff, Lars Bode, said. The mayor, Ana Holt, "
    "said the robbers were on their way to Sedonia.",
    "fired from": "The missile was fired from Norvia, the ministry said. A monitor, Ivo Rask, said "
    "the rocket had been launched from Sedonia.",
    "abroad": "The banker Ana Holt has left the country, prosecutors said. “Mrs Holt is at home,” her"
    " lawyer, Ivo Rask, said.",
    "fled": "The banker Ana Holt has fled to Sedonia, prosecutors said. Her lawyer, Ivo Rask, said "
    "Ana Holt had not left the country.",
    "at that hour": "General Adem Sula was in Harrow on Sunday night, the army said. A driver, Gjon "
    "Prek, said Sula was in Sedonia on Sunday night.",
    "distance": "The tanker sank 14 nautical miles off the cape, the coastguard said. The tanker sank"
    " a mile off the cape, the mayor, Ana Holt, said.",
    "Russian": "Беглецы направлялись в Норвию, сообщила полиция. Губернатор Анна Крылова заявила, что"
    " беглецы пытались уйти в Седонию.",
}
TIMES = {
    "clock": "The plane took off at 10:12, the tower said. The airline said the aircraft had departed"
    " at 10:40.",
    "day": "The fire broke out on Monday, police said. A neighbour, Ana Holt, said the fire had "
    "started on Sunday.",
    "bound": "The first call came in at 9:40 p.m., the brigade said. The headmaster, Olle Rask, said "
    "the first call was made shortly before midnight.",
    "parts of days": "Forty guests fell ill on Monday evening, the clinic said. A cook, Ana Holt, "
    "said the first symptoms appeared on Sunday morning.",
    "who noticed": "The bank noticed the intrusion on Monday, its director, Sara Lind, said. An "
    "engineer, Tom Akre, said the first alarm was raised on 14 April.",
    "how long after": "Sirens sounded within two minutes, the plant said. Residents said the sirens "
    "sounded forty minutes later.",
    "how long before": "The first ambulance was there in ten minutes, the city said. Residents said "
    "more than an hour went by before the first ambulance came.",
    "went on": "The drill ended on Monday at noon, the army said. A farmer, Rosa Lindt, said the "
    "drill went on into Tuesday night.",
    "Russian": "Пожар начался в 23:10, сообщили спасатели. Сторож Игорь Панин заявил, что пожар "
    "начался в 20:40.",
}
QUIET = {
    "a city of the country": "The robbers fled to Norvia, the sheriff said. The mayor said the "
    "robbers were heading for Harrow.",
    "the border": "The robbers fled to Norvia, the sheriff said. The mayor said the robbers were "
    "heading for the border.",
    "another mover": "The robbers fled to Norvia, the sheriff said. The mayor, Ana Holt, flew to "
    "Sedonia, her office said.",
    "some of many": "Families fled to Norvia, the agency said. The mayor said families had gone to Sedonia.",
    "a plan": "The robbers fled to Norvia, the sheriff said. The mayor said the suspects would be "
    "sent to Sedonia.",
    "another rocket": "The missile was fired from Norvia, the ministry said. A monitor said another "
    "missile was fired from Sedonia.",
    "another day": "Ana Holt was in Norvia on Monday, her office said. Her driver, Ivo Rask, said "
    "Holt was in Sedonia last week.",
    "another person": "The banker Ana Holt has left the country, prosecutors said. The minister, Ivo "
    "Rask, is at home, his office said.",
    "another boat": "A boat sank three miles off the cape on Monday, police said. Another boat sank "
    "20 miles off the cape in March, the coastguard said.",
    "finer": "The fire broke out on Monday, police said. A neighbour said the fire had started on "
    "Monday at about six.",
    "rounded": "The plane took off at 10:12, the tower said. The airline said the aircraft had "
    "departed at 10:15.",
    "another phase": "The fire broke out at 10 p.m., police said. The brigade said the fire was put "
    "out at 3 a.m.",
    "the second call": "The first call came in at 9:40 p.m., the brigade said. A nurse said a call "
    "had come in at 10:30 p.m.",
    "only later": "The fire broke out at 10 p.m., police said. A neighbour said the fire had started later.",
    "each in his time": "The bank noticed the intrusion on Monday, Sara Lind said. Tom Akre said the "
    "auditor had noticed the intrusion on Friday.",
    "two strikes": "A missile struck the port on Sunday, the army said. The mayor said a missile had "
    "struck the port on Monday.",
    "bounds that meet": "The fire broke out before midnight, police said. The brigade said the fire "
    "had started at 10 p.m.",
    "not when": "The talks did not begin on Monday, the union said. The firm said the talks had begun"
    " on Tuesday.",
}


@pytest.mark.parametrize("name", PLACES)
def test_one_thing_in_two_places_is_a_conflict(name: str) -> None:
    found = told(PLACES[name])
    assert {pair.kind for pair in found} == {ContradictionKind.PLACE}, found
    assert all(pair.grade is not Grade.SOFT and pair.disputed.startswith("where ") for pair in found)


@pytest.mark.parametrize("name", TIMES)
def test_one_phase_of_one_thing_at_two_times_is_a_conflict(name: str) -> None:
    (found,) = told(TIMES[name])
    assert (found.kind, found.grade) == (ContradictionKind.TIME, Grade.MEDIUM)


@pytest.mark.parametrize("name", QUIET)
def test_what_can_both_hold_is_none(name: str) -> None:
    assert told(QUIET[name]) == []


def test_two_countries_said_flatly_are_strong_and_one_after_the_other_is_medium() -> None:
    (flat,) = told(PLACES["two countries"])
    assert flat.grade is Grade.STRONG
    assert "Norvia" in flat.reason
    assert "Sedonia" in flat.reason
    (turned,) = told(PLACES["two countries"].replace("had tried", "had initially tried"))
    assert turned.grade is Grade.MEDIUM


def test_articles_of_other_stories_never_meet() -> None:
    first, second = (
        "The robbers fled to Norvia, the sheriff said.",
        "The robbers fled to Sedonia, police said.",
    )
    assert told(first, second) == []


def test_the_strike_of_the_next_day_is_another_one() -> None:
    text = "A missile struck the port of Belmont at {} on {}, {} said. Belmont is on the coast of Sedonia."
    sunday, monday = (
        text.format("3:10 a.m.", "Sunday", "the army"),
        text.format("5:40 a.m.", "Monday", "Ana Holt"),
    )
    assert told(sunday, monday, apart=24) == []


def test_of_two_articles_that_repeat_two_names_the_robbers_are_the_same() -> None:
    text = (
        "Four men robbed the Kassel bank in Belmont. The robbers of Belmont {} {}, {} said. Kassel is a bank."
    )
    first, second = (
        text.format("fled to", "Norvia", "Ana Holt"),
        text.format("were heading for", "Sedonia", "Ivo Rask"),
    )
    (found,) = told(first, second)
    assert found.kind is ContradictionKind.PLACE


LAGS = [
    ("in forty minutes", "+0..2400s"),
    ("within two minutes", "+0..120s"),
    ("forty minutes later", "+2400..2400s"),
    ("half an hour later", "+1800..1800s"),
    ("more than an hour later", "+3600..s"),
    ("через две минуты", "+120..120s"),
    ("лишь через сорок минут", "+2400..s"),
    ("спустя 20 минут", "+1200..1200s"),
]


@pytest.mark.parametrize(("words", "filler"), LAGS)
def test_how_long_after_is_read_from_words(words: str, filler: str) -> None:
    assert [lag for _, lag in lags_in(f"Help came {words}.")] == [filler]


DISTANCES = [
    ("12 nautical miles off the cape", [22_224]),
    ("a mile out", [1_609]),
    ("two hundred metres from the pier", [200]),
    ("3.5 km north of the village", [3_500]),
    ("в двух километрах от берега", [2_000]),
    ("a mile long", []),
]


@pytest.mark.parametrize(("words", "metres"), DISTANCES)
def test_distances_are_read_in_metres(words: str, metres: list[int]) -> None:
    assert [m for _, m in distances_in(f"It sank {words}.")] == metres


def test_one_weekday_and_hour_are_one_moment_in_whichever_week_they_were_read() -> None:
    first = "Harrow's bank noticed the intrusion on Monday at 9:15, its director, Sara Lind, said in Harrow."
    second = "Tom Akre, an engineer, said in Harrow that the bank noticed the intrusion at {} on Monday."
    assert told(first, second.format("9:15"), apart=140.0) == []
    assert told(first, second.format("21:10"), apart=140.0)
