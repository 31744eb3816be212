"""Explanations: each step says what was found, in neutral words, and says where reading again differs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from reading_room import NOON, Newsroom, entity, parsers, reading, rules

from monitor.core.claims.naming import how_named
from monitor.core.claims.tracing import trace_claim
from monitor.core.evidence import KnownClaim, Step, explain_claim, explain_pair
from monitor.core.types import Claim, ClaimKind, PriorClaim, Speaker

VERSIONS = {"extractor": "3", "frames": "abc"}
MARSH = entity("marsh", "Lena Marsh", "Marsh", type="person", roles=("harbour chief",), side="tessara")
NORVIK = entity("norvik", "Norvik Shipping", "Norvik")
KNOWN = rules(MARSH, NORVIK)
TEXT = (
    "Harbour chief Lena Marsh said Norvik Shipping was behind the sabotage of the cable. "
    "She said at least nine people were killed."
)
VERDICTS = re.compile(r"(?i)\b(?:lie[sd]?|lying|true|false|wrong|correct|guilty|fake|untrue)\b")


def told(steps: tuple[Step, ...], name: str) -> str:
    (found,) = (step for step in steps if step.name == name)
    return "\n".join(found.says)


def known(claim: Claim, *, earlier: tuple[PriorClaim, ...] = ()) -> KnownClaim:
    article = reading(TEXT, KNOWN).article
    return KnownClaim(
        claim=claim,
        article=article,
        thread="t1",
        earlier=earlier,
        appearances=2,
        origins=1,
        versions=VERSIONS,
    )


def claims() -> tuple[Claim, ...]:
    room = Newsroom(KNOWN)
    room.read(TEXT)
    return tuple(c.claim for c in room.threaded)


def claim_with(words: str) -> Claim:
    return next(c for c in claims() if words in c.quote)


def test_a_claim_is_explained_from_its_sentence_to_its_thread() -> None:
    claim = claim_with("behind the sabotage")
    trace = trace_claim(claim, reading(TEXT, KNOWN), KNOWN, parsers())  # type: ignore[arg-type]  # what it takes of a rule set
    assert trace is not None
    steps = explain_claim(known(claim), KNOWN.entities, trace, VERSIONS | {"extractor": "4"})
    assert "the quote stands there" in told(steps, "text")
    assert "in the sentence: “Harbour chief Lena Marsh said" in told(steps, "text")
    assert told(steps, "attribution") == "indirect, cue “said”, detector indirect"
    assert "“lena marsh” is a name of entity marsh" in told(steps, "speaker")
    assert "on the side of tessara" in told(steps, "speaker")
    assert "not hedged" in told(steps, "content")
    assert "responsibility affirmed (agent = norvik" in told(steps, "frames")
    assert "by “{agent} be behind {event}”" in told(steps, "frames")
    assert told(steps, "thread").startswith("t1: opened by this claim; in 2 articles of 1 origin")
    assert "extractor 3 (this program: 4)" in told(steps, "found by")
    assert told(steps, "read again") == "found again, the same"


def test_numbers_carry_their_bound_and_time() -> None:
    steps = explain_claim(known(claim_with("nine")), KNOWN.entities, None, {})
    assert f"at least 9 killed, as of {NOON:%Y-%m-%d %H:%M} UTC" in told(steps, "numbers")
    assert "the pronoun “She”" in told(steps, "speaker")
    assert all(step.name != "read again" for step in steps)


def test_what_reading_again_gives_otherwise_is_said() -> None:
    claim = claim_with("behind the sabotage")
    for stored, says in (
        (replace(claim, cue="claimed"), "found again; changed since: cue"),
        (replace(claim, fingerprint="x"), "this program finds another claim there: Lena Marsh (assert)"),
        (
            replace(claim, fingerprint="x", start=0, end=1, quote="H"),
            "finds no claim in this stretch any more",
        ),
    ):
        trace = trace_claim(stored, reading(TEXT, KNOWN), KNOWN, parsers())  # type: ignore[arg-type]  # as above
        assert trace is not None
        assert says in told(explain_claim(known(stored), KNOWN.entities, trace, {}), "read again")


def test_a_quote_that_does_not_stand_there_is_said() -> None:
    claim = replace(claim_with("behind the sabotage"), quote="something else")
    assert "does NOT stand there" in told(explain_claim(known(claim), None, None, {}), "text")


def test_a_claim_that_joined_its_thread_says_by_what() -> None:
    claim = claim_with("behind the sabotage")
    before = PriorClaim(id=7, claim=claim, thread="t1", origin="o", publisher="Post")
    joined = told(explain_claim(known(claim, earlier=(before,)), None, None, {}), "thread")
    assert "nearest before: claim 7, Post:" in joined
    assert "the same use of frame responsibility, 100% of the content words in common" in joined


@pytest.mark.parametrize(
    ("surface", "name", "entity_id", "says"),
    [
        ("he", "Ada Brook", "", "the pronoun “he”"),
        ("Он", "Ада Брук", "", "the pronoun “Он”"),
        ("Brook", "Ada Brook", "", "part of the name, which the article gives in full at 4"),
        ("mayor Ada Brook", "Ada Brook", "", "the name stands in what the article says there"),
        ("the mayor", "Ada Brook", "", "the role that the article gives to this name"),
        ("The union", "union", "", "as written there"),
        ("the harbour chief", "Lena Marsh", "marsh", "“harbour chief” is a role of entity marsh"),
        ("Norvik", "Norvik Shipping", "norvik", "“norvik” is a name of entity norvik"),
        ("somebody", "Gone", "gone", "which the rules no longer have"),
    ],
)
def test_how_a_speaker_was_named_is_said_in_words(surface: str, name: str, entity_id: str, says: str) -> None:
    claim = replace(claims()[0], speaker=Speaker(name=name, surface=surface, entity=entity_id))
    assert says in how_named(claim, "Dr. Ada Brook spoke.", KNOWN.entities)
    own = replace(claim, kind=ClaimKind.OWN_VOICE)
    assert "the outlet says it itself" in how_named(own, "", None)


def pair_steps() -> tuple[Step, ...]:
    room = Newsroom(KNOWN)
    room.read(TEXT)
    room.read("Norvik Shipping denied any involvement in the sabotage of the cable.", hours=3)
    pair = next(c for c in room.contradictions if c.comparator == "denial")
    by_name = {c.claim.fingerprint: c for c in room.threaded}
    left, right = (known(by_name[name].claim) for name in (pair.left, pair.right))
    return explain_pair(
        pair, left, right, versions=VERSIONS, now={}, again=(pair,), in_group=2, marks=("this pair: real",)
    )


def test_a_pair_is_explained_from_its_keys_to_its_conflict() -> None:
    steps = pair_steps()
    assert re.match(r"\d+ keys?: ", told(steps, "met by"))
    assert "responsibility affirmed (agent = norvik" in told(steps, "compared")
    assert "against responsibility denied (event = sabotage cable, participant = norvik)" in told(
        steps, "compared"
    )
    assert told(steps, "finding").startswith("comparator denial: Norvik Shipping denies")
    assert "contradiction of kind denial, strong" in told(steps, "judged")
    assert "2 pairs in it" in told(steps, "conflict")
    assert told(steps, "feedback") == "this pair: real"
    assert told(steps, "compared again") == "found again, the same"


def test_explanations_pass_no_verdict() -> None:
    claim = claim_with("nine")
    steps = (*explain_claim(known(claim), KNOWN.entities, None, {}), *pair_steps())
    own_words = "\n".join(re.sub(r"“[^”]*”", "", line) for step in steps for line in step.says)
    assert VERDICTS.findall(own_words) == []
