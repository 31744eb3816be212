"""Which pairs a model is asked about, what it is given, and what becomes of its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.contradictions.opinion import (
    MODEL,
    OpenPair,
    open_pairs,
    opinions,
    second_opinion,
    statement,
)
from monitor.core.types import (
    ArticleField,
    Claim,
    ClaimKind,
    Contradiction,
    ContradictionKind,
    Grade,
    PriorClaim,
    Quantity,
    Relation,
    Scope,
    Speaker,
    Stance,
    ThreadedClaim,
)

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


def claim(text: str, *, by: str = "Ana Ruiz", article: int = 1, **changes: object) -> Claim:
    made = Claim(
        fingerprint=f"{by}|{article}|{text}",
        article_id=article,
        version_id=article,
        field=ArticleField.TEXT,
        start=0,
        end=len(text),
        quote=text,
        kind=ClaimKind.INDIRECT,
        speaker=Speaker(name=by, surface=by),
        stance=Stance.ASSERT,
        hedged=False,
        cue="said",
        proposition=text,
        quantities=(),
        frames=(),
        keys=("t|harbour",),
        said_at=NOON + timedelta(hours=article),
        rules=("r",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of a claim


def new(*claims: Claim) -> list[ThreadedClaim]:
    return [ThreadedClaim(claim=one, thread=one.fingerprint, is_new=True) for one in claims]


def stored(*claims: Claim, origin: str = "article:9") -> list[PriorClaim]:
    return [
        PriorClaim(id=n, claim=one, thread=one.fingerprint, origin=origin, publisher="P")
        for n, one in enumerate(claims, 1)
    ]


SHUT = claim("the harbour gates stayed shut all night")
OPEN = claim("the harbour gates stood open all night", by="Bo Lind", article=2)


@dataclass
class Table:
    """Scores by the hypothesis; None for what is not in it."""

    scores: dict[str, float]
    is_local: bool = True
    name: str = "table"
    version: str = "1"
    asked: list[tuple[str, str]] = field(default_factory=list)

    def score(self, pairs: Sequence[tuple[str, str]]) -> tuple[float | None, ...]:
        self.asked += pairs
        return tuple(self.scores.get(hypothesis) for _, hypothesis in pairs)


def pairs_of(left: Claim, right: Claim, named: Sequence[Contradiction] = ()) -> tuple[OpenPair, ...]:
    return open_pairs(new(right), stored(left), named, cap=10)


def test_two_accounts_of_one_thing_are_a_pair_with_the_earlier_on_the_left() -> None:
    (pair,) = pairs_of(OPEN, SHUT)
    assert (pair.left, pair.right) == (SHUT, OPEN)
    assert pair.scope is Scope.CROSS
    assert pair.origin == "article:9"
    assert pair.likeness > 0.3


NOT_ASKED = {
    "another subject": {"keys": ("t|airport",)},
    "nothing in common": {"proposition": "ministers discuss pensions again soon"},
    "the other is hedged": {"hedged": True},
    "the other asks": {"stance": Stance.QUESTION},
    "the other took it back": {"stance": Stance.RETRACT},
    "too few words": {"proposition": "they did"},
    "one speaker in one article": {"speaker": SHUT.speaker, "article_id": 1, "version_id": 1},
    "two versions of one article": {"article_id": 1, "version_id": 7},
    "of an earlier year": {"quote": "in 2019 the harbour gates stood open all night"},
}


@pytest.mark.parametrize("case", NOT_ASKED)
def test_a_model_is_not_asked(case: str) -> None:
    assert pairs_of(SHUT, OPEN)
    assert pairs_of(SHUT, replace(OPEN, **NOT_ASKED[case])) == ()  # type: ignore[arg-type]  # fields of a claim


def test_a_model_is_not_asked_about_figures_of_one_kind() -> None:
    some, more = (
        replace(one, quantities=(Quantity(value=n, bound="exactly", unit="gate", surface=str(n)),))
        for one, n in ((SHUT, 3), (OPEN, 5))
    )
    assert pairs_of(some, more) == ()


def test_what_a_comparator_named_is_settled_for_all_claims_of_the_two_threads() -> None:
    named = Contradiction(
        left=SHUT.fingerprint,
        right=OPEN.fingerprint,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason="…",
        comparator="denial",
        group="g",
        disputed="…",
    )
    again = replace(SHUT, fingerprint="again", article_id=3, version_id=3)
    prior = [*stored(SHUT), replace(stored(again)[0], thread=SHUT.fingerprint)]
    assert open_pairs(new(OPEN), prior, [named], cap=10) == ()
    assert len(open_pairs(new(OPEN), prior, [], cap=10)) == 1


def test_the_most_alike_come_first_and_no_more_than_the_cap() -> None:
    far = claim("the harbour gates were painted in spring", by="Eve Falk", article=3)
    both = open_pairs(new(SHUT), stored(far, OPEN), [], cap=10)
    assert [{pair.left, pair.right} for pair in both] == [{SHUT, OPEN}, {SHUT, far}]
    assert open_pairs(new(SHUT), stored(far, OPEN), [], cap=1) == both[:1]


def test_copies_of_a_text_make_one_pair_and_claims_of_a_batch_meet() -> None:
    copy = replace(OPEN, fingerprint="copy", article_id=5, version_id=5)
    prior = [*stored(OPEN), replace(stored(copy)[0], thread=OPEN.fingerprint)]
    assert len(open_pairs(new(SHUT), prior, [], cap=10)) == 1
    (within,) = open_pairs(new(SHUT, OPEN), [], [], cap=10)
    assert within.origin == ""


def test_an_embedder_decides_what_is_alike_where_there_is_one() -> None:
    class Directions:
        name = version = "d"

        def embed(self, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
            return tuple((1.0, 0.0) if "gates" in text else (0.0, 1.0) for text in texts)

    other = replace(OPEN, proposition="nobody closed the barrier before morning")
    assert pairs_of(SHUT, other) == ()
    alike = replace(other, proposition="no gates closed before morning")
    assert len(open_pairs(new(alike), stored(SHUT), [], cap=9, embedder=Directions())) == 1
    assert open_pairs(new(other), stored(SHUT), [], cap=9, embedder=Directions()) == ()


@pytest.mark.parametrize(
    ("text", "stance", "given"),
    [
        ("the gates were shut.", Stance.ASSERT, "the gates were shut."),
        ("“the gates were shut”", Stance.ACCUSE, "the gates were shut."),
        ("the gates were shut", Stance.DENY, "It is not true that the gates were shut."),
        ("ворота были закрыты", Stance.DENY, "Неверно, что ворота были закрыты."),
    ],
)
def test_a_denial_is_given_as_what_it_says(text: str, stance: Stance, given: str) -> None:
    assert statement(claim(text, stance=stance)) == given


def test_russian_claims_are_compared_by_words_because_the_embedder_reads_english() -> None:
    class Everywhere:
        name = version = "e"

        def embed(self, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
            return tuple((1.0,) for _ in texts)

    said = replace(SHUT, proposition="ворота гавани были закрыты всю ночь")
    other = replace(OPEN, proposition="министры обсуждали пенсии весной")
    alike = replace(OPEN, proposition="ворота гавани были открыты всю ночь")
    assert open_pairs(new(said), stored(other), [], cap=9, embedder=Everywhere()) == ()
    (pair,) = open_pairs(new(said), stored(alike), [], cap=9, embedder=Everywhere())
    assert pair.lang == "ru"
    assert pairs_of(SHUT, OPEN)[0].lang == "en"


def test_both_directions_are_asked_of_a_local_model_and_the_lower_counts() -> None:
    pairs = pairs_of(SHUT, OPEN)
    table = Table({statement(OPEN): 0.9, statement(SHUT): 0.3})
    assert second_opinion(pairs, table, 5) == {pairs[0].key: 0.3}
    assert len(table.asked) == 2
    service = Table({statement(OPEN): 0.9}, is_local=False)
    assert second_opinion(pairs, service, 5) == {pairs[0].key: 0.9}
    assert len(service.asked) == 1


def test_what_is_not_answered_or_over_the_cap_has_no_score() -> None:
    pairs = pairs_of(SHUT, OPEN)
    assert second_opinion(pairs, Table({statement(OPEN): 0.9}), 5) == {}
    assert second_opinion(pairs, Table({}), 0) == {}
    assert second_opinion((), Table({}), 5) == {}


def test_a_high_score_is_a_contradiction_whose_reason_quotes_and_names_the_model() -> None:
    pairs = pairs_of(SHUT, OPEN)
    (found,) = opinions(pairs, {pairs[0].key: 0.97}, model="small-nli", threshold=0.95, grade=Grade.MEDIUM)
    assert (found.left, found.right) == (SHUT.fingerprint, OPEN.fingerprint)
    assert (found.comparator, found.grade, found.relation) == (MODEL, Grade.MEDIUM, Relation.CONTRADICTION)
    assert "small-nli" in found.reason
    assert f"“{SHUT.quote}”" in found.reason
    assert f"“{OPEN.quote}”" in found.reason
    assert found.score == pytest.approx(0.63, abs=0.01)
    (soft,) = opinions(pairs, {pairs[0].key: 1}, model="small-nli", threshold=0.95, grade=Grade.SOFT)
    assert (soft.grade, soft.score) == (Grade.SOFT, 0.4)
    assert opinions(pairs, {pairs[0].key: 0.94}, model="small-nli", threshold=0.95, grade=Grade.MEDIUM) == ()
    assert opinions(pairs, {}, model="small-nli", threshold=0.95, grade=Grade.MEDIUM) == ()


def test_a_pair_seen_again_is_the_same_conflict() -> None:
    later = replace(OPEN, fingerprint="later", article_id=8, version_id=8)
    groups = set()
    for right in (OPEN, later):
        one = ThreadedClaim(claim=right, thread="thread of open", is_new=False)
        pairs = open_pairs([one], stored(SHUT), [], cap=5)
        groups |= {
            found.group
            for found in opinions(pairs, {pairs[0].key: 1}, model="m", threshold=0.5, grade=Grade.SOFT)
        }
    assert len(groups) == 1
