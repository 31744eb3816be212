"""Comparators over claims as the detectors give them: who contradicts whom, how strongly, in what words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from claim_desk import NOON, RULES, Rules, judge, only, says

from monitor.core.contradictions import COMPARATORS, find_contradictions
from monitor.core.types import (
    Claim,
    ContradictionKind,
    Frame,
    Grade,
    PriorClaim,
    Relation,
    Scope,
    Stance,
    ThreadedClaim,
)
from monitor.core.wording import rebuttal_key

ACCUSED = says("ministry", "the bank staged the breach", agent="bank")


def test_denial_is_strong_and_names_both_neutrally() -> None:
    found = only(ACCUSED, says("bank", "we did nothing", agent="bank", yes=False, hours=2))
    assert (found.kind, found.scope, found.grade) == (ContradictionKind.DENIAL, Scope.CROSS, Grade.STRONG)
    assert found.reason.startswith("bank denies what ministry asserts")
    assert not any(word in found.reason for word in ("false", "true", "lie", "wrong"))
    assert (found.left, found.comparator) == (ACCUSED.fingerprint, "denial")
    assert found.disputed.startswith("who did the breach")


def test_a_member_of_the_side_may_deny_for_it() -> None:
    assert only(ACCUSED, says("chair", "not us", agent="chair", yes=False, hours=2)).comparator == "denial"


def test_rivals_are_strong_where_both_are_known_and_soft_where_one_is_hedged() -> None:
    assert only(ACCUSED, says("bank", "the crew did it", agent="crew", hours=2)).grade is Grade.STRONG
    assert (
        only(ACCUSED, says("bank", "perhaps the crew", agent="crew", hours=2, hedged=True)).grade
        is Grade.SOFT
    )


def test_a_hedged_accusation_against_a_flat_denial_is_medium() -> None:
    hedged = replace(ACCUSED, hedged=True)
    assert only(hedged, says("bank", "no", agent="bank", yes=False, hours=2)).grade is Grade.MEDIUM


def test_the_same_speaker_who_turns_round_is_a_reversal() -> None:
    found = only(says("bank", "no", agent="bank", yes=False), says("bank", "we did", agent="bank", hours=30))
    assert (found.kind, found.scope) == (ContradictionKind.REVERSAL, Scope.SELF)


def test_two_of_one_side_are_marked_as_such() -> None:
    found = only(
        says("bank", "the crew did", agent="crew"), says("chair", "not it", agent="crew", yes=False, hours=1)
    )
    assert found.scope is Scope.SAME_SIDE


def test_what_changes_by_itself_becomes_an_update_after_a_while() -> None:
    held, free = says("ministry", "held", person="Kim Vos"), says("bank", "free", person="Kim Vos", yes=False)
    later = replace(free, said_at=NOON + timedelta(days=4), fingerprint="later")
    assert only(held, free).relation is Relation.CONTRADICTION
    assert only(held, later).relation is Relation.UPDATE


QUIET = [
    ("the same", says("crew", "the bank did it", agent="bank", hours=2)),
    ("another event", says("bank", "no", agent="bank", event="outage grid", yes=False, hours=2)),
    ("another one denied", says("crew", "no", agent="crew", yes=False, hours=2)),
    ("a question", says("bank", "did we?", agent="bank", yes=False, stance=Stance.QUESTION, hours=2)),
    ("a retraction", says("bank", "no", agent="bank", yes=False, stance=Stance.RETRACT, hours=2)),
    ("another day", says("bank", "no, on 3 May", agent="bank", event="breach 3 may", yes=False, hours=2)),
    ("another topic", says("bank", "no", agent="bank", event="", yes=False, hours=2, topic="flood")),
    ("no key shared", replace(says("bank", "no", agent="bank", yes=False, hours=2), keys=("z",))),
]


@pytest.mark.parametrize(("why", "second"), QUIET)
def test_look_alikes_are_no_conflict(why: str, second: Claim) -> None:
    first = replace(
        ACCUSED, proposition="the bank staged the breach on 12 March", frames=says(
            "ministry", "x", agent="bank", event="breach 12 march" if why == "another day" else "breach "
            "ledger"
        ).frames
    )  # fmt: skip
    assert judge(first, second) == (), why


def test_unnamed_culprits_are_no_rivals() -> None:
    assert judge(ACCUSED, says("bank", "two clerks did it", agent="clerk", hours=2)) == ()


def test_a_name_somewhere_in_a_description_is_not_the_culprit() -> None:
    assert judge(ACCUSED, says("bank", "a man with a crew bag", agent="man bag crew", hours=2)) == ()
    assert len(judge(ACCUSED, says("bank", "crew hackers did it", agent="crew hacker", hours=2))) == 1


BACKS = Frame(
    id="blame",
    kind=ContradictionKind.OTHER,
    phrases=("{agent} back {event}",),
    roles=("agent", "event"),
    question="whether {agent} backs {event}",
)


@pytest.mark.parametrize(("second", "pairs"), [("tunnel bill", 1), ("bridge tax", 0)])
def test_all_that_both_say_of_what_is_disputed_must_be_one(second: str, pairs: int) -> None:
    first = says("ministry", "Kim Vos backs it", agent="Kim Vos", event="tunnel bill")
    other = says("bank", "she does not", agent="Kim Vos", event=second, yes=False)
    threads = [ThreadedClaim(claim=c, thread=c.fingerprint, is_new=True) for c in (first, other)]
    found = find_contradictions(threads, (), Rules(frames=(BACKS,)))  # type: ignore[arg-type]  # a stand-in
    assert len(found) == pairs


@pytest.mark.parametrize(("article", "pairs"), [(4, 1), (5, 0)])
def test_what_is_left_open_may_be_anything_in_another_article(article: int, pairs: int) -> None:
    first = says("ministry", "Kim Vos backs it", agent="Kim Vos", event="", article=4, topic="tax")
    other = says(
        "bank", "Kim Vos does not", agent="Kim Vos", event="", yes=False, article=article, topic="tax"
    )
    threads = [ThreadedClaim(claim=c, thread=c.fingerprint, is_new=True) for c in (first, other)]
    found = find_contradictions(threads, (), Rules(frames=(BACKS,)))  # type: ignore[arg-type]  # a stand-in
    assert len(found) == pairs


TRUE = Frame(
    id="blame",
    kind=ContradictionKind.DENIAL,
    phrases=("{event} be true",),
    roles=("event",),
    question="whether {event} is true",
)


@pytest.mark.parametrize(("of_hers", "pairs"), [("memo", 1), ("statement", 0)])
def test_whoever_speaks_every_day_makes_many_statements(of_hers: str, pairs: int) -> None:
    first = says("survey", "it was true", agent="Kim Vos", event=f"kim_vos {of_hers}")
    other = says("bank", "she lies", agent="Kim Vos", event="kim_vos", yes=False)
    threads = [ThreadedClaim(claim=c, thread=c.fingerprint, is_new=True) for c in (first, other)]
    found = find_contradictions(threads, (), Rules(frames=(TRUE,)))  # type: ignore[arg-type]  # a stand-in
    assert len(found) == pairs


def test_claims_of_one_article_are_compared_but_not_a_speaker_with_himself() -> None:
    one = says("ministry", "the bank did it", agent="bank", article=7)
    two = says("bank", "no", agent="bank", yes=False, article=7)
    himself = says("ministry", "the bank did not", agent="bank", yes=False, article=7)
    assert len(judge(one, two)) == 1
    assert judge(one, himself) == ()


def test_copies_of_one_origin_make_one_pair() -> None:
    denial = ThreadedClaim(
        claim=says("bank", "no", agent="bank", yes=False, hours=2), thread="denial", is_new=True
    )
    copies = [
        PriorClaim(
            id=n,
            claim=replace(ACCUSED, fingerprint=f"c{n}", article_id=90 + n),
            thread="t",
            origin="wire",
            publisher="P",
        )
        for n in range(40)
    ]
    assert len(find_contradictions([denial], copies, RULES)) == 1  # type: ignore[arg-type]  # a stand-in


def test_pairs_of_one_conflict_share_a_group_and_others_do_not() -> None:
    denial = says("bank", "no", agent="bank", yes=False, hours=2)
    rival = says("bank", "the crew did it", agent="crew", hours=3)
    other = says(
        "bank", "we did not cause it", agent="bank", event="", yes=False, hours=2, topic="bank_strike"
    )
    accused_again = says("ministry", "the bank did it", agent="bank", event="", topic="bank_strike")
    groups = [only(ACCUSED, denial).group, only(ACCUSED, rival).group, only(accused_again, other).group]
    assert groups[0] == groups[1] != groups[2]


def test_one_not_more_in_the_same_sentence_is_a_denial() -> None:
    yes = says("ministry", "the northern server room was flooded overnight")
    no = says("bank", "the northern server room was not flooded overnight", hours=1)
    assert only(yes, no).comparator == "polarity"
    assert judge(yes, says("bank", "the southern server hall was not flooded at noon", hours=1)) == ()


def against(claim: Claim, denial: Claim) -> tuple[Claim, Claim]:
    """The two as extraction links them where one article shows that the second is said against the first."""
    key = rebuttal_key(claim.fingerprint)
    place = {"start": claim.end + 1, "end": claim.end + 1 + len(denial.quote)}
    linked = replace(denial, article_id=claim.article_id, version_id=claim.version_id, **place)
    return replace(claim, keys=(*claim.keys, key)), replace(linked, keys=(*linked.keys, key))


def test_what_is_said_against_a_claim_contradicts_it_whatever_its_words() -> None:
    claim, denial = against(
        says("crew", "the post was abandoned in spring"),
        says("ministry", "a tale for the gullible", stance=Stance.DENY, hours=1),
    )
    pair = only(claim, denial)
    assert (pair.comparator, pair.grade, pair.kind) == ("rebuttal", Grade.STRONG, ContradictionKind.DENIAL)
    assert pair.reason.startswith("ministry rejects what crew says")
    assert judge(claim, replace(denial, keys=())) == ()


def test_a_denial_and_what_it_denies_in_the_same_words_are_only_listed() -> None:
    claim, denial = against(
        says("crew", "the post was abandoned in spring"),
        says("ministry", "the post was abandoned in spring", stance=Stance.DENY, hours=1),
    )
    assert only(claim, replace(denial, start=claim.start, end=claim.end)).grade is Grade.SOFT


def test_every_comparator_of_the_table_is_shown_here() -> None:
    shown = {
        only(ACCUSED, says("bank", "no", agent="bank", yes=False, hours=2)).comparator,
        only(ACCUSED, says("bank", "crew", agent="crew", hours=2)).comparator,
        only(says("crew", "n", killed=(9, "exactly")), says("bank", "n", killed=(3, "exactly"))).comparator,
        only(*against(says("crew", "x y"), says("bank", "z", stance=Stance.DENY, hours=1))).comparator,
        only(says("ministry", "ships left harbour today early"),
             says("bank", "ships never left harbour today early", hours=1)).comparator,
    }  # fmt: skip
    # These need a text around them, or its tree: tests/core/claims/test_juxtaposed.py, test_answered.py,
    # test_rival_figures.py, test_facts.py and test_place_and_time_conflicts.py.
    of_reports = {"juxtaposed", "answered", "turned", "figures", "hours", "withdrawn"}
    assert shown == set(COMPARATORS) - of_reports - {"opposed", "nothing", "place", "time"}


def test_what_hangs_on_a_condition_is_not_held_against_the_sentence_without_it() -> None:
    said = says("ministry", "ships left harbour today early")
    assert judge(said, says("bank", "ships never left harbour today early", hours=1)) != ()
    assert judge(said, says("bank", "if ships never left harbour today early", hours=1)) == ()
