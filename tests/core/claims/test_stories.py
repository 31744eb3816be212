"""Articles → claims → threads → contradictions, over small invented stories, and the look-alikes that stay
quiet.
"""

from __future__ import annotations

import pytest
from reading_room import Newsroom, entity, rules

from monitor.core.types import ContradictionKind, Grade, Relation, Scope

NORVIK = entity("norvik", "Norvik Shipping", "Norvik", side="norvik")
TESSARA = entity("tessara", "Tessara", "Tessaran", type="place", side="tessara")
OSKAVIA = entity("oskavia", "Oskavia", "Oskavian", type="place", side="oskavia")
MARSH = entity("marsh", "Lena Marsh", "Marsh", type="person", roles=("harbour chief",), side="tessara")
CABLE = entity("sund_cable", "Sund cable cut", "Sund cable", type="event")
CABLE_STORY = rules(NORVIK, TESSARA, OSKAVIA, MARSH, CABLE)

CLINIC = entity("clinic", "Brook Clinic", "the clinic", side="clinic")
UNION = entity("union", "Nurses United", "the nurses' union", side="union")
VENN = entity("venn", "Carl Venn", "Venn", type="person", roles=("hospital director",), side="clinic")
RANSOM = entity("records_leak", "Brook Clinic leak", "patient records", type="event")
HEALTH_STORY = rules(CLINIC, UNION, VENN, RANSOM)


def cable_story() -> Newsroom:
    room = Newsroom(CABLE_STORY)
    room.read(
        "The Sund cable was severed on Monday night.\n\nHarbour chief Lena Marsh told reporters that "
        "Oskavia was behind "
        "the sabotage of the Sund cable. “Oskavian divers cut the cable,” she said.",
        title="Harbour chief blames Oskavia for Sund cable cut",
    )
    room.read(
        "Oskavia denied any involvement in the sabotage of the Sund cable.\n\n“We have nothing to do "
        "with this,” said "
        "Oskavian spokesman Piotr Wand. He said Norvik Shipping was responsible for the damage.",
        title="Oskavia denies cutting Sund cable",
        hours=5,
    )
    room.read(
        "Norvik Shipping rejected the allegation. The company said its ships were in port when the Sund "
        "cable was cut."
        "\n\nMarsh repeated that Oskavia had carried out the sabotage of the Sund cable.",
        title="Norvik answers",
        hours=9,
    )
    return room


def test_denial_by_the_accused_contradicts_the_accusation() -> None:
    room = cable_story()
    denials = [c for c in room.contradictions if c.comparator == "denial"]
    pairs = [room.words(c) for c in denials]
    assert {
        "Oskavia was behind the sabotage of the Sund cable",
        "Oskavia denied any involvement in the sabotage of the Sund cable",
    } in pairs
    assert all(c.grade is Grade.STRONG and c.scope is Scope.CROSS for c in denials)


def test_two_culprits_for_one_event_contradict() -> None:
    room = cable_story()
    rivals = [c for c in room.contradictions if c.comparator == "responsibility"]
    assert {
        "Oskavia was behind the sabotage of the Sund cable",
        "Norvik Shipping was responsible for the damage",
    } in [room.words(c) for c in rivals]
    assert {c.kind for c in rivals} == {ContradictionKind.RESPONSIBILITY}
    assert "names Oskavia" in rivals[0].reason
    assert "names Norvik Shipping" in rivals[0].reason


def test_one_conflict_is_one_group_with_a_title_in_words() -> None:
    room = cable_story()
    assert len(room.contradictions) >= 3
    assert len({c.group for c in room.contradictions}) == 1
    assert all(
        "who is responsible for" in c.disputed and "Sund cable cut" in c.disputed for c in room.contradictions
    )


def test_a_repeated_claim_joins_its_thread() -> None:
    room = cable_story()
    repeated = next(t for t in room.threaded if t.claim.quote.startswith("Oskavia had carried out"))
    first = next(t for t in room.threaded if t.claim.quote.startswith("Oskavia was behind"))
    assert not repeated.is_new
    assert repeated.thread == first.thread


def test_the_health_story_finds_denial_and_reversal_and_stays_quiet_otherwise() -> None:
    room = Newsroom(HEALTH_STORY)
    room.read(
        "Patient records were found online. Nurses United accused Brook Clinic of causing the leak of "
        "patient records. "
        "According to the union, the server had no password.",
        title="Nurses blame clinic for leak",
    )
    found = room.read(
        "“Brook Clinic is not responsible for the leak of patient records,” hospital director Carl Venn "
        "said. "
        "He added that an inquiry had begun.",
        title="Director answers nurses",
        hours=3,
    )
    room.read("Venn said the inquiry would take a month.", hours=20)
    later = room.read(
        "Carl Venn admitted that Brook Clinic was responsible for the leak of patient records.", hours=50
    )
    assert {(c.kind, c.scope) for c in found} == {(ContradictionKind.DENIAL, Scope.CROSS)}
    assert (ContradictionKind.REVERSAL, Scope.SELF) in [(c.kind, c.scope) for c in later]


def test_accuser_and_accused_in_one_article_contradict() -> None:
    room = Newsroom(CABLE_STORY)
    found = room.read(
        "Tessara accused Oskavia of sabotaging the Sund cable. Oskavia said it had nothing to do with "
        "the sabotage."
    )
    assert [c.comparator for c in found] == ["denial"]


def test_a_denial_that_only_points_back_denies_the_accusation_before_it() -> None:
    room = Newsroom(CABLE_STORY)
    found = room.read(
        "Tessara accused Norvik Shipping of cutting the Sund cable. Norvik rejected the allegation."
    )
    assert [c.comparator for c in found] == ["denial"]
    assert "Norvik Shipping denies what Tessara asserts" in found[0].reason
    assert (
        "“Tessara accused Norvik Shipping of cutting the Sund cable”" in found[0].reason
    )  # as it stands there


def test_two_of_one_side_who_disagree_have_their_own_scope() -> None:
    room = Newsroom(CABLE_STORY)
    room.read("Lena Marsh said Norvik was behind the sabotage of the Sund cable.")
    found = room.read("Tessara said Norvik was not behind the sabotage of the Sund cable.", hours=2)
    assert [c.scope for c in found] == [Scope.SAME_SIDE]


def test_an_edit_that_turns_a_claim_round_is_a_revision() -> None:
    room = Newsroom(CABLE_STORY)
    room.read("Marsh said Norvik was behind the sabotage of the Sund cable.", id=1, version=1)
    found = room.read(
        "Marsh said Norvik was not behind the sabotage of the Sund cable.", id=1, version=2, hours=1
    )
    assert [c.scope for c in found] == [Scope.REVISION]


CAUSES = [
    (
        "A faulty valve caused the Sund cable fire, engineers said.",
        "Police said arson was the cause of the Sund cable fire.",
    ),
    (
        "Engineers said the Sund cable fire was caused by a faulty valve.",
        "The Sund cable fire was due to arson, police said.",
    ),
]


@pytest.mark.parametrize(("first", "second"), CAUSES)
def test_rival_causes_contradict(first: str, second: str) -> None:
    room = Newsroom(CABLE_STORY)
    room.read(first)
    assert [c.kind for c in room.read(second, hours=2)] == [ContradictionKind.CAUSE]


def test_what_no_frame_knows_is_compared_by_its_words() -> None:
    room = Newsroom(CABLE_STORY)
    room.read("Engineers said the northern pumping station was flooded overnight.")
    found = room.read("Norvik denied that the northern pumping station was flooded overnight.", hours=1)
    assert [c.comparator for c in found] == ["polarity"]


def test_a_toll_that_grows_is_an_update_and_a_rival_count_is_not() -> None:
    room = Newsroom(CABLE_STORY)
    room.read("Police said 12 people were killed when the Sund cable snapped.")
    grown = room.read("Rescuers said 14 people were killed when the Sund cable snapped.", hours=6)
    assert [c.relation for c in grown] == [Relation.UPDATE]
    lower = room.read("Norvik said three people were killed when the Sund cable snapped.", hours=7)
    assert Relation.CONTRADICTION in {c.relation for c in lower}


# Each row: two articles that share words and must not make a conflict.
LOOK_ALIKES = [
    # another event
    (
        "Tessara accused Oskavia of the attack on the lighthouse.",
        "Oskavia denied any involvement in the fire at the museum.",
    ),
    (
        "Tessara said Oskavia was behind the attack on the lighthouse.",
        "Tessara said Norvik was behind the attack on the museum.",
    ),
    # another person
    (
        "Tessara accused Oskavia of sabotaging the Sund cable.",
        "Norvik denied any involvement in the sabotage of the Sund cable.",
    ),
    # another date
    (
        "Tessara accused Oskavia of the attack on 12 March.",
        "Oskavia denied carrying out the attack on 3 May.",
    ),
    # unknown, hedged, asked
    (
        "Tessara said Oskavia was behind the sabotage of the Sund cable.",
        "Norvik said it was not clear who was behind the sabotage of the Sund cable.",
    ),
    (
        "Tessara said Oskavia may be behind the sabotage of the Sund cable.",
        "Marsh said Norvik could be behind the sabotage of the Sund cable.",
    ),
    (
        "Tessara said Oskavia was behind the sabotage of the Sund cable.",
        "“Was Norvik behind the sabotage of the Sund cable?” Marsh asked.",
    ),
    (
        "Tessara said Oskavia was behind the sabotage of the Sund cable.",
        "If Oskavia was not behind the sabotage of the Sund cable, Marsh said, somebody else was.",
    ),
    # the same claim again
    (
        "Tessara said Oskavia was behind the sabotage of the Sund cable.",
        "Oskavia carried out the sabotage of the Sund cable, Marsh said.",
    ),
    (
        "Oskavia denied sabotaging the Sund cable.",
        "“We had no part in the sabotage of the Sund cable,” said Oskavian spokesman Piotr Wand.",
    ),
    # a report about a denial; a denied denial
    (
        "Oskavia denied sabotaging the Sund cable.",
        "Tessara said Oskavia had denied sabotaging the Sund cable.",
    ),
    (
        "Oskavia denied sabotaging the Sund cable.",
        "Marsh denied that Oskavia denied sabotaging the Sund cable.",
    ),
    # several may have taken part
    (
        "Tessara said Oskavia was involved in the sabotage of the Sund cable.",
        "Marsh said Norvik was involved in the sabotage of the Sund cable.",
    ),
    ("Tessara accused Oskavia of corruption.", "Oskavia accused Norvik of corruption."),
    # those who act and those who send
    (
        "Tessara said four divers carried out the sabotage of the Sund cable.",
        "Marsh said Oskavia ordered the sabotage of the Sund cable.",
    ),
    # other quantities, bounds that agree
    (
        "Police said 12 people were killed when the Sund cable snapped.",
        "Norvik said 40 people were injured when the Sund cable snapped.",
    ),
    (
        "Police said at least 12 people were killed when the Sund cable snapped.",
        "Norvik said 14 people were killed when the Sund cable snapped.",
    ),
    # refusals that are no denials
    (
        "Norvik asked for permission to repair the Sund cable.",
        "Tessara denied Norvik permission to repair the Sund cable.",
    ),
    # nearly the same words
    (
        "Engineers said the northern station was flooded.",
        "Engineers said the southern station was not flooded.",
    ),
]


@pytest.mark.parametrize(("first", "second"), LOOK_ALIKES)
def test_look_alikes_stay_quiet(first: str, second: str) -> None:
    room = Newsroom(CABLE_STORY)
    room.read(first)
    found = room.read(second, hours=2)
    loud = [c for c in found if c.relation is Relation.CONTRADICTION and c.grade is not Grade.SOFT]
    assert [c.reason for c in loud] == []


def test_two_copies_of_one_text_do_not_contradict_each_other_or_double_a_conflict() -> None:
    room = cable_story()
    before = len(room.contradictions)
    text = (
        "Norvik Shipping rejected the allegation. The company said its ships were in port when the "
        "Sund cable was cut."
    )
    assert room.read(text, title="Norvik answers", hours=10) == ()
    assert len(room.contradictions) == before
