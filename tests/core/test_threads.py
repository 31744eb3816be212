"""The same claim or not, over claims as detectors give them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.threads import assign_threads
from monitor.core.types import (
    ArticleField,
    Claim,
    ClaimKind,
    FrameUse,
    PriorClaim,
    Quantity,
    Speaker,
    Stance,
)

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


def claim(
    name: str,
    words: str,
    *,
    speaker: Speaker | None = None,
    by: str = "Ana Ruiz",
    stance: Stance = Stance.ASSERT,
    uses: tuple[FrameUse, ...] = (),
    amounts: tuple[Quantity, ...] = (),
) -> Claim:
    return Claim(
        fingerprint=name,
        article_id=1,
        version_id=1,
        field=ArticleField.TEXT,
        start=0,
        end=len(words),
        quote=words,
        kind=ClaimKind.INDIRECT,
        speaker=speaker or Speaker(name=by, surface=by),
        stance=stance,
        hedged=False,
        cue="said",
        proposition=words,
        quantities=amounts,
        frames=uses,
        keys=("one",),
        said_at=NOON,
        rules=("r",),
    )


def killed(value: float) -> tuple[Quantity, ...]:
    return (Quantity(value=value, bound="exactly", unit="killed", surface=str(value)),)


def use(agent: str, *, affirmed: bool = True, event: str = "strike") -> tuple[FrameUse, ...]:
    return (FrameUse(frame="responsibility", affirmed=affirmed, roles=(("agent", agent), ("event", event))),)


TOLL = "the ferry collision killed passengers near Sandholm"
PAIRS = [
    ("the same words", claim("a", TOLL), claim("b", TOLL), True),
    (
        "other forms",
        claim("a", "the pilots voted to strike on Friday"),
        claim("b", "pilots vote to strike"),
        True,
    ),
    ("another speaker", claim("a", TOLL), claim("b", TOLL, by="Ivo Lund"), False),
    ("other content", claim("a", TOLL), claim("b", "the harbour will stay closed until Sunday"), False),
    (
        "a 'not'",
        claim("a", "the pilots voted to strike"),
        claim("b", "the pilots have not voted to strike"),
        False,
    ),
    ("a denial", claim("a", TOLL), claim("b", TOLL, stance=Stance.DENY), False),
    ("a question", claim("a", TOLL), claim("b", TOLL, stance=Stance.QUESTION), False),
    ("other numbers", claim("a", TOLL, amounts=killed(12)), claim("b", TOLL, amounts=killed(14)), False),
    (
        "one frame",
        claim("a", "the union did it", uses=use("u")),
        claim("b", "it was theirs", uses=use("u")),
        True,
    ),
    (
        "other fillers",
        claim("a", "the union did it", uses=use("u")),
        claim("b", "firm did it", uses=use("f")),
        False,
    ),
    (
        "other polarity",
        claim("a", "the union planned it", uses=use("u")),
        claim("b", "the union planned it", uses=use("u", affirmed=False)),
        False,
    ),
    (
        "two of one side",
        claim("a", TOLL, speaker=Speaker(name="Ruiz", surface="Ruiz", side="port")),
        claim("b", TOLL, speaker=Speaker(name="a port official", surface="a port official", side="port")),
        True,
    ),
    ("nameless 'he'", claim("a", TOLL, by="he"), claim("b", TOLL, by="he"), False),
]


@pytest.mark.parametrize(("why", "first", "second", "same"), PAIRS)
def test_same_claim_means_one_side_one_content_and_one_polarity(
    why: str, first: Claim, second: Claim, same: bool
) -> None:
    one, two = assign_threads([first, second], [])
    assert (two.thread == one.thread) is same, why
    assert one.is_new
    assert two.is_new is not same


def test_a_thread_of_the_ledger_goes_on_under_its_name() -> None:
    prior = PriorClaim(id=1, claim=claim("old", TOLL), thread="first-of-all", origin="o", publisher="P")
    (threaded,) = assign_threads([claim("new", TOLL)], [prior])
    assert (threaded.thread, threaded.is_new) == ("first-of-all", False)


def test_a_new_thread_is_named_after_its_first_claim() -> None:
    threads = [t.thread for t in assign_threads([claim("x", TOLL), claim("y", TOLL)], [])]
    assert threads == ["x", "x"]


def test_claims_without_a_shared_key_are_never_compared() -> None:
    from dataclasses import replace

    apart = replace(claim("b", TOLL), keys=("two",))
    assert [t.is_new for t in assign_threads([claim("a", TOLL), apart], [])] == [True, True]


def test_no_claims_give_no_threads() -> None:
    assert assign_threads([], []) == ()
