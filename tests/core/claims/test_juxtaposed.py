"""Accounts that a report sets side by side, read by the real parser: what is a conflict, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from reading_room import claims_of, rules

from monitor.core.contradictions import Likeness, find_contradictions, heard_beside, likeness_of
from monitor.core.contradictions.camps import one_camp
from monitor.core.contradictions.signs import signs_of
from monitor.core.language_models import Vector
from monitor.core.types import Claim, Contradiction, ContradictionKind, Grade, Scope, ThreadedClaim

NO_RULES = rules()


def pairs(text: str, likeness: Likeness | None = None) -> tuple[Contradiction, ...]:
    threaded = [ThreadedClaim(claim=c, thread=c.fingerprint, is_new=True) for c in claims_of(text)]
    return find_contradictions(threaded, (), NO_RULES, likeness)  # type: ignore[arg-type]  # a stand-in


class Alike:
    """Every text is like every other one, or like none."""

    name, version = "alike", "1"

    def __init__(self, *, alike: bool) -> None:
        self.alike = alike

    def embed(self, texts: list[str]) -> tuple[Vector, ...]:
        size = 1 if self.alike else len(texts)
        return tuple(tuple(0.95 * (k == n % size) + 0.0 for k in range(size)) for n in range(len(texts)))


CONFLICTS = {
    "but": "The brakes were serviced in March, the operator said. But a mechanic said the train had not been "
    "in the depot since last year.",
    "disputed": "The pumps ran all night, the council said. A farmer, Rosa Lindt, disputed that: “My cellar "
    "was dry land until they were switched off.”",
    "has it differently": "The gate was shut at noon, the port said. A porter, Rosa Lindt, has it "
    "differently: “We walked through it at two.”",
    "his deputy disagreed": "The bridge needs no pier, the bureau's director, Per Moe, said. His deputy, Ida "
    "Brandt, disagreed. “It will not stand without one,” she said.",
    "told another story": "The doors opened at once, the airline said. A passenger, Milo Ferrand, told "
    "a different story: “We hammered at them for a quarter of an hour.”",
    "it is so and it is not": "The bridge had been looked at in May, Rosa Lindt said. But the ministry said "
    "it had not been looked at since 2019.",
    "yes and no": "Was the ferry turned away? Yes, says the ministry. No, says the pilots' guild.",
    "at odds in one sentence": "Every lamp on the quay was lit, the port said; not one of them was, Rosa "
    "Lindt said.",
}
QUIET = {
    "a share of those asked": "The bridge is sound, the mayor said. But 60 per cent said they had heard it "
    "creak.",
    "a name and the office of whoever has it": "Ken Ott, who is running for mayor, said the fund was empty. "
    "But the candidate said the books were in order.",
    "the outlet tells on": "The bridge is sound, the mayor said. Yet eleven people were killed on it in "
    "2019.",
    "a company and its spokeswoman": "Operator Marn Ferries said forty tonnes had run out. “It was the storm "
    "and nothing else,” company spokeswoman Rosa Lindt said.",
    "it contradicts somebody else": "The film shows the fall of the mast, the broadcaster said. Milo "
    "Ferrand, the harbour master, said the lamps had been on all day, contradicting his own office.",
    "neither": "“We had no letter,” the harbour master, Milo Ferrand, said. The ministry said no such letter "
    "had come to it either.",
    "advice": "The harbour office advises anglers to stay ashore. But the mayor said there is no need to "
    "shut the quay.",
    "a firm and its director": "The airline said all its doors had opened. But its director, Ann Berg, said "
    "the crew had done everything by the book.",
    "its owner": "The crane stood idle, the foreman, Per Moe, told us. Its owner, Norvik Cranes, said there "
    "was not a mark on it.",
    "an aim": "The Brask League, which claims to guard the dunes, has another version. “We never touched a "
    "single sheep,” its speaker, Per Moe, said.",
    "an officer of the same force, curtly": "Police said the clerk had fallen down the stairs. There was no "
    "trace of a fight, insisted the city's police chief, Olle Rask.",
    "a challenge": "The keeper never touched him, said the coach, Per Moe. The winger, Ivo Lund, has it "
    "differently: “Go and see the film.”",
    "agreement": "The brakes were serviced in March, the operator said. The ministry confirmed that the "
    "brakes were "
    "in good order.",
    "another paragraph": "The brakes were serviced in March, the operator said.\n\nA mechanic said the depot "
    "had a new roof.",
    "one speaker goes on": "The brakes were serviced in March, Ann Berg said. Berg said the doors were "
    "serviced too.",
    "his deputy explains": "The bridge needs no pier, the bureau's director, Per Moe, said. “It will stand "
    "on its banks,” his deputy, Ida Brandt, said.",
    "hedged": "The brakes were serviced in March, the operator said. A mechanic said the train may have "
    "been in the depot.",
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_rival_accounts_side_by_side_are_a_pair(name: str) -> None:
    found = pairs(CONFLICTS[name])
    assert [pair.comparator for pair in found] == ["juxtaposed"]
    assert found[0].reason.startswith("Side by side in one report: ")


LISTED = {
    "if it was so": "“Oskavia must pay if it was behind the fire,” the former mayor said. Oskavia had "
    "nothing to do with the fire, its envoy said.",
    "somebody disputes it in turn": "The horn was never off, Rosa Lindt insists. Milo Ferrand counts twenty "
    "on board, a number that Lindt has contradicted.",
}


@pytest.mark.parametrize("name", QUIET)
def test_neighbours_that_do_not_speak_against_each_other_are_none(name: str) -> None:
    assert pairs(QUIET[name]) == ()


@pytest.mark.parametrize("name", LISTED)
def test_neighbours_that_hardly_speak_against_each_other_are_only_listed(name: str) -> None:
    assert all(pair.grade is Grade.SOFT for pair in pairs(LISTED[name]))


CAMPS = {
    "He is in a cell, the police said. He eats at my table, said his lawyer, Ida Brandt.": False,
    "He is in a cell, Per Moe said. He eats at my table, said his lawyer, Ida Brandt.": True,
    "The lamps went out at nine, the union said. They burned all night, the minister said.": False,
    "The lamps went out at nine, the ministry said. They burned all night, the minister said.": True,
    "He was never ours, the agency said. He was on its books, a security official said.": False,
    "It was sold in May, the bank said. It was never on offer, a banker said.": False,
    "It rang at noon, Ida Brandt said. It never rang, the minister said.": True,
    "It rang at noon, Ida Brandt, the yard's director, said. It never rang, the minister said.": False,
    "It rang at noon, the airline said. It never rang, its chief executive, Per Moe, said.": True,
}


@pytest.mark.parametrize(("text", "one"), CAMPS.items())
def test_who_speaks_for_whoever_spoke_before_is_of_their_camp(text: str, one: bool) -> None:
    first, second = claims_of(text)
    assert one_camp(first, second) is one


NEUTRAL = (
    "The brakes were serviced in March, Ken Ott said. Our yard kept the carriage all summer, Ida Brandt said."
)


def test_likeness_of_what_they_say_is_evidence_of_one_subject() -> None:
    claims = claims_of(NEUTRAL)
    assert pairs(NEUTRAL) == ()
    assert len(pairs(NEUTRAL, Likeness({c.proposition: (0.5, 0.0) for c in claims}))) == 1
    far = Likeness({c.proposition: ((1.0, 0.0), (0.0, 1.0))[n % 2] for n, c in enumerate(claims)})
    assert pairs(NEUTRAL, far) == ()


def test_who_denies_as_well_is_on_the_side_of_who_denied_before() -> None:
    text = "No wagon came near it, the yard said. The port said its wagons were clean too."
    first, second = claims_of(text)
    assert "agrees" in {sign.name for sign in signs_of(first, second)}
    first, second = claims_of(text.replace(" too", ""))
    assert "agrees" not in {sign.name for sign in signs_of(first, second)}


LONE = (
    "Ida Brandt said the vase had been insured. Ken Ott said nobody had ever paid for a policy; he kept the "
    "museum's books."
)
ELSEWHERE = "\n\nThe mayor said the roof was sound. But the fire brigade denied that the roof was sound."


def test_neighbours_in_a_report_without_another_conflict_are_only_listed() -> None:
    alike = alike_all(LONE + ELSEWHERE, 0.2)
    assert [pair.grade for pair in pairs(LONE, alike)] == [Grade.SOFT]
    about_the_vase = [p for p in pairs(LONE + ELSEWHERE, alike) if "vase" in p.reason]
    assert [pair.grade for pair in about_the_vase] == [Grade.MEDIUM]


def test_but_within_the_second_sentence_sets_nothing_against_the_first() -> None:
    text = (
        "The owner said all the crew were well. The hull had been hit forward of the bridge but “she floats "
        "and she is upright,” a manager said."
    )
    assert not any("against each other" in pair.reason for pair in pairs(text, alike_all(text)))


def alike_all(text: str, cosine: float = 0.25) -> Likeness:
    return Likeness({c.proposition: (cosine**0.5, 0.0) for c in claims_of(text)})


def test_the_same_in_other_words_is_no_conflict() -> None:
    claims = claims_of(NEUTRAL)
    same = Likeness({c.proposition: (1.0, 0.0) for c in claims})
    assert pairs(NEUTRAL, same) == ()


def test_without_a_model_nothing_is_like_anything_and_cyrillic_is_not_read() -> None:
    claims = claims_of(NEUTRAL)
    assert likeness_of(claims, None).between(claims[0], claims[1]) is None
    assert likeness_of(claims, Alike(alike=True)).between(claims[0], claims[1]) == pytest.approx(0.95**2)


REVERSALS = {
    "had said": "The dam is leaking, the minister, Ida Holm, said. On Monday she had said that the "
    "dam was sound.",
    "until then": "The firm's chairman, Olle Rask, said the fund was empty. Until Friday he had insisted "
    "that not a crown was missing.",
    "having said": "“There is not a crown left in the fund,” Olle Rask said on Friday, having spoken on "
    "Tuesday of a passing shortage.",
}


@pytest.mark.parametrize("name", REVERSALS)
def test_what_the_report_calls_an_earlier_word_stands_first(name: str) -> None:
    (found,) = pairs(REVERSALS[name])
    by_fingerprint = {c.fingerprint: c for c in claims_of(REVERSALS[name])}
    assert (found.comparator, found.kind, found.scope) == ("turned", ContradictionKind.REVERSAL, Scope.SELF)
    assert place(by_fingerprint[found.left]) > place(by_fingerprint[found.right])


def test_what_a_body_of_one_side_had_denied_before_is_no_answer_but_a_reversal() -> None:
    text = (
        "The two divers were on the payroll, the museum said on Monday. On Friday its press office had said "
        "that reports about divers on the payroll were false."
    )
    (found,) = pairs(text)
    assert (found.comparator, found.kind) == ("turned", ContradictionKind.REVERSAL)


@pytest.mark.parametrize(("between", "are"), [("\n", 1), ("\n\n", 0)])
def test_lines_are_one_paragraph_where_blank_lines_part_the_others(between: str, are: int) -> None:
    text = CONFLICTS["told another story"].replace("said. ", f"said.{between}") + "\n\nIt rained all day."
    assert len(pairs(text)) == are


def test_what_a_speaker_had_done_before_is_no_earlier_word() -> None:
    text = (
        "“It came out of the cloud,” said Olle Rask, still in the shorts he had put on at home. “It waggled "
        "its wings at us.”"
    )
    assert pairs(text) == ()


def test_two_words_of_one_speaker_are_no_reversal_by_themselves() -> None:
    assert pairs("The dam is leaking, Ida Holm said. Holm said that the road was closed.") == ()


@pytest.mark.parametrize(
    "text",
    [
        # One breath.
        "The dam gave way at the north end, Ida Holm had said on the radio, placing the breach at noon.",
        # The later word is about the earlier one.
        "She had never mentioned a crack, Ida Holm now says; she had spoken of a damp patch on the wall.",
        # What was said before is said still.
        "That is an invention, Ida Holm had said on Friday, and she stood by it.",
        # Days after something else.
        "Ida Holm counts forty dead swans. The wardens arrived two days after the frost, and Holm says "
        "foxes had got to the pond first.",
        # Before the date, not before what she says.
        "The guild of bakers quarrelled over a cold oven on 4 May, according to a diary, six weeks before "
        "the day on which its chairman, Ivo Lund, says he was told.",
    ],
)
def test_what_explains_or_fills_in_an_earlier_word_is_no_reversal(text: str) -> None:
    assert pairs(text) == ()


def test_what_is_ruled_out_after_a_question_is_what_was_asked() -> None:
    text = "A clerk said she rang at noon.\n\nMight it have been arson? Police have ruled that out."
    assert pairs(text) == ()


def place(claim: Claim) -> int:
    assert claim.setting is not None
    return claim.setting.place


class Reader:
    """A scorer that is as sure of everything."""

    name, version = "reader", "1"

    def __init__(self, sure: float, *, is_local: bool = True) -> None:
        self.sure, self.is_local, self.asked = sure, is_local, 0

    def score(self, pairs: Sequence[tuple[str, str]]) -> tuple[float | None, ...]:
        self.asked += len(pairs)
        return (self.sure,) * len(pairs)


def heard(text: str, reader: Reader, *, languages: str = "en", cap: int = 9) -> tuple[Contradiction, ...]:
    claims = claims_of(text)
    alike = Likeness({c.proposition: (0.5, 0.0) for c in claims})
    return pairs(text, heard_beside(claims, alike, reader, languages=languages, cap=cap))


@pytest.mark.parametrize(("sure", "grade"), [(0.9, Grade.MEDIUM), (0.3, Grade.SOFT), (0.01, Grade.SOFT)])
def test_a_scorer_is_one_voice_about_what_stands_side_by_side(sure: float, grade: Grade) -> None:
    reader = Reader(sure)
    (found,) = heard(NEUTRAL, reader)
    assert found.grade is grade
    assert ("the model reader reads them as contradicting" in found.reason) is (sure > 0.5)
    assert reader.asked == 2, "both ways round"


def test_a_scorer_is_not_asked_beyond_its_cap_or_languages_nor_a_service_at_all() -> None:
    for reader, languages, cap in (
        (Reader(0.9), "en", 0),
        (Reader(0.9), "ru", 9),
        (Reader(0.9, is_local=False), "en", 9),
    ):
        heard(NEUTRAL, reader, languages=languages, cap=cap)
        assert reader.asked == 0


def test_a_quotation_in_a_headline_whose_speaker_the_text_names_is_read() -> None:
    text = "The hall was full.\n\n“This appeals to the bad angels of our nature,” Ida Holm told the audience."
    title = "Ida Holm: Party appeals to ‘bad angels of our nature’"
    assert {claim.speaker.name for claim in claims_of(text, title=title)} == {"Ida Holm"}
