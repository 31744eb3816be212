"""What a claim holds: whose voice, under which name, how certain, with which figures, against whose words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_room import claims_of, entity, parsers, reading, rules

from monitor.core.claims import extract_claims
from monitor.core.types import ClaimKind
from monitor.core.wording import rebuttal_key

AURIC = entity("auric", "Auric Airways", "Auric", side="auric")
HALE = entity("hale", "Dora Hale", "Hale", type="person", roles=("aviation minister",), side="government")
KNOWN = rules(AURIC, HALE)


@pytest.mark.parametrize(
    "denial",
    [
        "Hale called that “a lie told over fresh graves”.",
        "Hale said the report had nothing to do with reality.",
        "Hale said the report was nonsense.",
        "Hale said the claim was without foundation.",
    ],
)
def test_what_is_called_untrue_is_denied_and_linked_to_whoever_said_it(denial: str) -> None:
    told, denied = claims_of(f"Ivo Lund said the tower had stood empty since April. {denial}", KNOWN)
    assert (denied.stance, denied.speaker.name) == ("deny", "Dora Hale")
    assert rebuttal_key(told.fingerprint) in denied.keys
    assert rebuttal_key(told.fingerprint) in told.keys


@pytest.mark.parametrize(
    "text",
    [
        "Hale said the allegation was not a lie.",
        "Hale said the report was long.",
        "Hale called that a start.",
        "Hale said the rebels' claim of responsibility was worthless.",
    ],
)
def test_what_is_not_called_untrue_is_not_denied(text: str) -> None:
    claims = claims_of(f"Ivo Lund said the tower had stood empty since April. {text}", KNOWN)
    assert all(claim.stance == "assert" for claim in claims)


OWN_VOICE = [
    "The market at Norvik was closed on Friday.",
    "The harbour master has been suspended.",
    "Photographs show a chain on the door.",
    "Ivo Lund, who leads the party, was arrested on Friday.",
    "Fourteen people were killed in the collapse.",
    "A faulty valve caused the blast.",
    "The mill published no evidence",
    "There was no sign of a second key",
    "The rumour emerged without any evidence",
    "Of 30 shops we rang, 28 had closed",
]


def test_the_outlet_tells_what_is_so_beside_what_others_say() -> None:
    beside = claims_of("A tram hit two men in Norvik on Monday, and the mayor said it was badly lit.")
    assert [(c.speaker.name, c.quote) for c in beside] == [
        ("Paper 1", "A tram hit two men in Norvik on Monday"),
        ("mayor", "it was badly lit"),
    ]
    (against,) = claims_of("Contrary to what the port maintains, two lamps were lit on Monday.")
    assert (against.kind, against.speaker.name) == ("own_voice", "Paper 1")


@pytest.mark.parametrize(
    "text",
    [
        "We rang 30 shops and 28 answered.",
        "There is a document in the drawer.",
        "The mayor may produce no proof.",
        "He showed no proof.",
    ],
)
def test_what_proves_or_disproves_nothing_is_no_claim(text: str) -> None:
    assert not claims_of(text)


@pytest.mark.parametrize("text", OWN_VOICE)
def test_what_can_be_checked_is_the_outlets_own_voice(text: str) -> None:
    (claim,) = claims_of(text, KNOWN)
    assert (claim.kind, claim.speaker.name, claim.cue) == ("own_voice", "Paper 1", "")
    assert claim.quote == text.rstrip(".")


@pytest.mark.parametrize(
    "text",
    [
        "The orchestra will play in the park.",
        "Were fourteen people killed in the collapse?",
        "We counted fourteen people who were killed.",
        "Ivo Lund, who used to run the port, moved to the hills in 2019.",
        "On Friday the captain of the tug broke his silence.",
        "The fish market joined the quarrel in the evening.",
        "On Monday the cook gave a different account.",
        "The cook declined to comment in May.",
        "On Friday the ministry shifted.",
        "The figure is disputed.",
        "The hospital is run by a charity.",
        "This page was corrected on 3 May.",
        "Updated November 9",
    ],
)
def test_scenery_questions_the_writer_and_what_leads_up_to_speech_are_no_claims(text: str) -> None:
    assert claims_of(text, KNOWN) == ()


SPEAKERS = [
    ("The data watchdog, Anu Talus-Virta, said the lights were off.", "Anu Talus-Virta", ""),
    ("Another pilot, the captain Ivo Lund, said the lights were off.", "Ivo Lund", ""),
    ("The Bureau of Air Safety said the lights were off.", "Bureau of Air Safety", ""),
    ("According to the ministry's register, the lights were off.", "ministry", ""),
    (
        "Ivo Lund and his wife Mia Lund flew in. Dora Hale waited. She said the lights were off.",
        "Dora Hale",
        "hale",
    ),
    ("“All the lights were off,” the head of the tower, Ivo Lund, told reporters.", "Ivo Lund", ""),
    ("The aviation minister said the lights were off.", "Dora Hale", "hale"),
    ("Dora Hale arrived at noon. She said the lights were off.", "Dora Hale", "hale"),
    ("Captain Ivo Lund was flying. Lund said the lights were off.", "Ivo Lund", ""),
    ("Union leader Ivo Lund spoke first. The union leader said the lights were off.", "Ivo Lund", ""),
    ("Auric Airways cancelled two flights. The company said the lights were off.", "Auric Airways", "auric"),
    ("A ministry official said the lights were off.", "ministry official", ""),
    ("Auric spokeswoman Nel Brandt said the lights were off.", "Nel Brandt", ""),
    ("The former aviation minister said the lights were off.", "former aviation minister", ""),
]


@pytest.mark.parametrize(("text", "name", "entity_id"), SPEAKERS)
def test_one_name_for_the_ways_to_call_a_speaker(text: str, name: str, entity_id: str) -> None:
    speakers = {(c.speaker.name, c.speaker.entity) for c in claims_of(text, KNOWN) if "the lights" in c.quote}
    assert speakers == {(name, entity_id)}


def test_who_speaks_for_an_organisation_is_on_its_side() -> None:
    (claim,) = claims_of("Auric spokeswoman Nel Brandt said the lights were off.", KNOWN)
    assert claim.speaker.side == "auric"


QUANTITIES = [
    ("Hale said at least 137 people were killed.", (137, "at_least", "killed")),
    ("Hale said the death toll had risen to 41.", (41, "exactly", "killed")),
    ("Hale said more than two thousand passengers were injured.", (2000, "more_than", "injured")),
    ("Hale said about 1.5 million votes were counted.", (1_500_000, "about", "vote count")),
    ("Hale said 12 crew members died.", (12, "exactly", "member die")),
    ("Hale said twenty-one people had been hurt.", (21, "exactly", "injured")),
]


@pytest.mark.parametrize(("text", "expected"), QUANTITIES[:4] + QUANTITIES[5:])
def test_quantities_have_a_value_a_bound_and_a_unit(text: str, expected: tuple[float, str, str]) -> None:
    (claim,) = claims_of(text, KNOWN)
    assert [(q.value, q.bound, q.unit) for q in claim.quantities] == [expected]


HEDGED = [
    ("Hale said the crew may have been tired.", True),
    ("Hale believes the crew was tired.", True),
    ("Hale said the crew was tired.", False),
    ("Lund said that Auric denied falsifying the rota.", True),
]


@pytest.mark.parametrize(("text", "hedged"), HEDGED)
def test_weakened_and_second_hand_claims_are_marked(text: str, hedged: bool) -> None:
    assert claims_of(text, KNOWN)[-1].hedged is hedged


def test_a_denied_denial_is_not_a_denial() -> None:
    denying = {c.speaker.name for c in claims_of("Hale denied that Auric denied the leak.", KNOWN)}
    assert denying == {"Dora Hale"}


def test_a_carried_over_quotation_keeps_its_speaker() -> None:
    text = "“The lights were off,” said Hale. “Nobody had checked them for a week.”"
    quoted = {c.quote: c.speaker.name for c in claims_of(text, KNOWN) if c.kind is ClaimKind.DIRECT}
    assert quoted["Nobody had checked them for a week."] == "Dora Hale"


@pytest.mark.parametrize(
    ("text", "frame", "is_evoked"),
    [
        ("Ana Ruiz said the minister would remain in her post until May.", "office", True),
        ("Ana Ruiz said the minister would remain in her post-war villa.", "office", False),
        ("Ana Ruiz said the minister resigned.", "office", True),
        ("Ana Ruiz said the minister should resign.", "office", False),
        ("Ana Ruiz said the minister opposed the tax.", "position", True),
        ("Ana Ruiz said the minister opposed the minister.", "position", False),
    ],
)
def test_half_a_word_a_wish_and_one_who_fills_both_roles_evoke_nothing(
    text: str, frame: str, is_evoked: bool
) -> None:
    assert (frame in {use.frame for claim in claims_of(text) for use in claim.frames}) == is_evoked


def test_an_outlet_without_a_name_is_no_he() -> None:
    told = reading("Ivo Lund left the yard on Monday. He had been beaten by guards of the port.", KNOWN)
    nameless = replace(told, article=replace(told.article, publisher=""))
    (claims,) = extract_claims([nameless], KNOWN, parsers())  # type: ignore[arg-type]  # a stand-in
    assert any("beaten" in claim.quote for claim in claims)
