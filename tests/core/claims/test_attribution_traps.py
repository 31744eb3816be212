"""What looks like one thing and is another: blaming about blaming, denials that point back, firm words."""

from __future__ import annotations

import pytest
from reading_room import Newsroom, claims_of, entity, rules

from monitor.core.types import Claim, ContradictionKind, Stance

NORVIK = entity("norvik", "Norvik", side="norvik")
OSKAVIA = entity("oskavia", "Oskavia", "Oskavian", type="place", side="oskavia")
TESSARA = entity("tessara", "Tessara", type="place", side="tessara")
KNOWN = rules(NORVIK, OSKAVIA, TESSARA)


def by(name: str, text: str, *, title: str = "News") -> list[Claim]:
    return [c for c in claims_of(text, KNOWN, title=title) if c.speaker.name == name]


def agents(claim: Claim, *, affirmed: bool = True) -> set[str]:
    return {
        f for u in claim.frames if u.affirmed is affirmed for r, f in u.roles if r in {"agent", "participant"}
    }


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Norvik has denied any link with the spill.", "Norvik has denied any link with the spill"),
        (
            "The Red Guild claimed responsibility for the blast.",
            "The Red Guild claimed responsibility for the blast",
        ),
        ("Norvik paid the crew and denied any link with the spill.", "denied any link with the spill"),
        ("The council said the pier was safe and called the letter a forgery.", "the pier was safe"),
        ("The council said Norvik cut the cable and offered no proof.", "Norvik cut the cable"),
    ],
)
def test_a_quotation_makes_sense_alone_and_ends_where_the_content_does(text: str, quote: str) -> None:
    claims = claims_of(text, KNOWN)
    assert quote in {c.quote for c in claims}
    assert all(text[c.start : c.end] == c.quote for c in claims)


def test_a_denial_keeps_a_clean_proposition() -> None:
    (claim,) = claims_of("Norvik denied any link with the spill.", KNOWN)
    assert claim.proposition == "link with the spill"


@pytest.mark.parametrize(
    "text",
    [
        "Tessara accused Oskavia of trying to shift the blame for the blast to Norvik.",
        "Tessara said Oskavia was using the blast to blame Norvik.",
        "Tessara accused Oskavia of blaming Norvik for the blast.",
        "Tessara said Oskavia tries to put the blame for the blast on Norvik.",
    ],
)
def test_blaming_that_is_only_reported_makes_nobody_the_culprit(text: str) -> None:
    assert all(not agents(c) for c in by("Tessara", text))


@pytest.mark.parametrize(
    "text",
    [
        "Tessara said Oskavia is responsible for the blast, and nobody else.",
        "Tessara said Oskavia is responsible for two blasts, and not one more.",
        "Tessara said there is no doubt that Oskavia was behind the blast.",
    ],
)
def test_firm_words_deny_nothing(text: str) -> None:
    (claim,) = by("Tessara", text)
    assert agents(claim) == {"oskavia"}
    assert not agents(claim, affirmed=False)


@pytest.mark.parametrize(
    "text",
    [
        "Tessara said Oskavia was behind the blast. Oskavia rejected the accusation.",
        "Oskavia rejected the accusation. Tessara had said that Oskavia was behind the blast.",
        "Norvik said Oskavia had no part. Tessara said Oskavia did the raid. Oskavia denied the charge.",
        "Tessara said Oskavia did the raid. Norvik said Oskavia had no part. Oskavia denied the charge.",
        "Tessara accused Oskavia of the raid. Norvik said its envoy had been called in. Oskavia denied the "
        "charge.",
    ],
)
def test_a_denial_of_the_accusation_denies_what_was_accused(text: str) -> None:
    (claim,) = (c for c in by("Oskavia", text) if c.stance is Stance.DENY)
    assert agents(claim, affirmed=False) == {"oskavia"}
    assert not agents(claim)


@pytest.mark.parametrize(
    "before",
    ["Tessara said it had not seen the boats.", "The Red Guild claimed responsibility for the raid."],
)
def test_the_accusation_is_not_a_remark_that_happens_to_stand_before(before: str) -> None:
    (claim,) = by("Oskavia", f"{before} Oskavia rejected the accusation.")
    assert not claim.frames


@pytest.mark.parametrize(
    ("text", "denier", "denied"),
    [
        (
            "The gate had been locked, said Ivo Lund, a toll worker. Tessara rejected the workers' story.",
            "Tessara",
            ["The gate had been locked"],
        ),
        (
            "Ivo Lund said the gate had been locked. He said the guards had left early. "
            "Tessara called that account untrue.",
            "Tessara",
            ["the gate had been locked"],
        ),
        (
            "Ivo Lund said the guards had been paid by Norvik. Norvik said the claim was fabricated.",
            "Norvik",
            ["the guards had been paid by Norvik"],
        ),
        (
            "Ivo Lund said the strip was kept clear for a guest. Tessara dismissed the allegation as gossip.",
            "Tessara",
            ["the strip was kept clear for a guest"],
        ),
    ],
)
def test_what_points_back_denies_what_it_mainly_points_at(text: str, denier: str, denied: list[str]) -> None:
    room = Newsroom(KNOWN)
    room.read(text)
    (no,) = (c for c in claims_of(text, KNOWN) if c.stance is Stance.DENY)
    assert no.speaker.name == denier
    found = {pair.left for pair in room.contradictions}
    assert {c.quote for c in claims_of(text, KNOWN) if c.fingerprint in found} == set(denied)


def test_a_plan_is_no_account_of_what_happened() -> None:
    for said in ("Oskavia should attack the depot", "the army ought to start raids", "Norvik will burn it"):
        assert all(not agents(c) for c in by("Tessara", f"Tessara said {said}."))


def test_a_place_is_never_caused() -> None:
    (claim,) = by("Tessara", "Tessara said the tracks led to Oskavia.")
    assert not claim.frames


def test_a_claim_of_responsibility_is_a_rival_account_no_denial() -> None:
    room = Newsroom(KNOWN)
    room.read("Several lawmakers said Oskavia was behind the raid on the depot.")
    room.read("The Red Guild claimed responsibility for the raid on the depot.", hours=2)
    (pair,) = room.contradictions
    assert (pair.comparator, pair.kind) == ("responsibility", ContradictionKind.RESPONSIBILITY)


def test_a_kind_of_people_is_no_rival_of_one_of_them() -> None:
    room = Newsroom(KNOWN)
    room.read("Tessara said Separatists carried out the raid on the depot.")
    room.read("Norvik said the Red Guild carried out the raid on the depot.", hours=2)
    assert room.contradictions == ()


def test_blasts_in_two_towns_are_two_events() -> None:
    room = Newsroom(KNOWN)
    room.read("Engineers said a gas leak caused the explosion.", title="Explosion in Lund kills three")
    room.read(
        "Firefighters said a boiler caused the explosion.", title="Explosion in Brack hurts nobody", hours=3
    )
    assert room.contradictions == ()


def test_a_pronoun_goes_on_with_the_subject_of_the_sentence_before() -> None:
    text = "The agency said the spill was caused by a leak at the plant. It said the river was clean."
    assert [c.speaker.name for c in claims_of(text, KNOWN)][-1] == "agency"


@pytest.mark.parametrize(
    "title", ["Crane was overloaded that day – port director", "Port director: crane was overloaded that day"]
)
def test_a_title_attributes_by_colon_or_dash(title: str) -> None:
    (claim,) = claims_of("Nothing else is known.", KNOWN, title=title)
    assert claim.speaker.name.casefold() == "port director"
    assert claim.quote.casefold() == "crane was overloaded that day"


@pytest.mark.parametrize(
    ("text", "evoked"),
    [
        ("The council said the director had been fired.", {"office"}),
        ("The council said no shot had been fired from the tower.", set()),
        ("The army said its aircraft had stayed on the ground.", set()),
        ("The union said the loudspeaker in the street was dead.", set()),
    ],
)
def test_only_people_lose_an_office_or_their_lives(text: str, evoked: set[str]) -> None:
    assert {use.frame for claim in claims_of(text) for use in claim.frames} & {"office", "life"} == evoked


def test_words_after_a_sentence_that_ends_in_another_clause_are_its_main_speakers() -> None:
    text = (
        "The port captain, Levent Arslan, told this newspaper on Friday, after the notice had been read to "
        "him. “They have mixed up two lists.”"
    )
    assert [c.speaker.name for c in claims_of(text) if "two lists" in c.quote] == ["Levent Arslan"]


def test_he_between_marks_is_not_who_speaks() -> None:
    text = "“He ordered the attack on the depot,” the union's leader, Ana Holt, said."
    (claim,) = [c for c in claims_of(text) if "depot" in c.quote]
    assert "Ana Holt" not in agents(claim)


def test_a_headline_denies_the_claim_that_it_names() -> None:
    text = (
        "Tessara blew up the depot, Ana Holt said. Holt also said that Tessara had bribed a guard at the "
        "harbour."
    )
    claims = by("Tessara", text, title="Tessara calls guard claim ‘a fairy tale’")
    assert ["harbour" in c.proposition for c in claims] == [True]
