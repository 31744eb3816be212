"""`claims explain` and `contradictions explain`: the evidence, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import note, write_facts, write_heading, write_json
from monitor.cli.reading import IdArgument, JsonOption
from monitor.errors import EXIT_FINDINGS, ClaimwatchError

if TYPE_CHECKING:
    from monitor.core.claims.parsed import Parser
    from monitor.core.claims.tracing import Trace
    from monitor.core.evidence import KnownClaim, Step
    from monitor.core.rules import RuleSet
    from monitor.store.evidence import KnownPair

StoredOption = Annotated[
    bool, typer.Option("--stored", help="Only what is stored: load no model, read nothing again.")
]


def explain_claim(id: IdArgument, stored: StoredOption = False, json: JsonOption = False) -> None:
    """Show step by step how a claim came about: text, attribution, speaker, frames, thread, versions.

    The article is read again by this program, to show what is not stored; where it now finds something else,
    that is said. Exit code 1 where there is no claim with this number.
    """
    from monitor.core.evidence import explain_claim as steps_of
    from monitor.store.evidence import known_claim

    with open_ledger() as db:
        known = known_claim(db, id)
    if known is None:
        _none("claim", "claims", id)
    rules = _rules()
    trace, now = (None, {}) if stored or rules is None else _trace(known, rules)
    steps = steps_of(known, rules.entities if rules is not None else None, trace, now)
    _tell(f"Claim {id}: {known.claim.speaker.name}", {"claim": id}, steps, json=json)


def explain_pair(id: IdArgument, json: JsonOption = False) -> None:
    """Show step by step why two claims were taken for a conflict, or an update, and never who is right.

    The two are compared again by this program and its rules; where it now finds something else, that is said.
    Exit code 1 where there is no contradiction with this number.
    """
    from monitor.core.evidence import explain_pair as steps_of
    from monitor.store.evidence import known_pair

    with open_ledger() as db:
        known = known_pair(db, id)
    if known is None:
        _none("contradiction", "contradictions", id)
    rules = _rules()
    again = None if rules is None else _again(known, rules)
    steps = steps_of(
        known.pair,
        known.left,
        known.right,
        versions=known.record.versions,
        now={} if rules is None else _own_versions(rules),
        again=again,
        in_group=known.in_group,
        marks=known.marks,
    )
    _tell(f"Contradiction {id}: {known.pair.disputed}", {"contradiction": id}, steps, json=json)


def _none(one: str, many: str, id: int) -> NoReturn:
    note(f"error: there is no {one} {id}\n  help: `claimwatch {many} list` shows those there are")
    raise typer.Exit(EXIT_FINDINGS)


def _rules() -> RuleSet | None:
    """The rules of now; None where they cannot be read, which is said."""
    from monitor.rulefiles import load_folder

    try:
        return load_folder(read_settings().rules).rules
    except ClaimwatchError as error:
        note(f"warning: explained without the rule files: {error}\n  help: {error.remedy}")
        return None


def _trace(known: KnownClaim, rules: RuleSet) -> tuple[Trace | None, Mapping[str, str]]:
    from monitor.core.claims.tracing import trace_claim
    from monitor.core.matching import match
    from monitor.core.types import Match
    from monitor.models import load_parsers

    parsers: Mapping[str, Parser] = load_parsers(read_settings().spacy_model)
    (reading,) = match([known.article], rules)
    if not reading.matches:  # the rules have changed since; claims do not depend on which rule matched
        article = known.article
        made = Match(
            article_id=article.id, version_id=article.version_id, rule_id="", rule_version="", spans=()
        )
        reading = replace(reading, matches=(made,))
    return trace_claim(known.claim, reading, rules, parsers), _own_versions(rules)


def _own_versions(rules: RuleSet) -> Mapping[str, str]:
    from monitor.core.claims import EXTRACTOR_VERSION
    from monitor.core.contradictions import COMPARATORS_VERSION

    return {
        "extractor": EXTRACTOR_VERSION,
        "comparators": COMPARATORS_VERSION,
        "frames": rules.frames_version,
    }


def _again(known: KnownPair, rules: RuleSet) -> Sequence[Any]:
    from monitor.core.contradictions import find_contradictions
    from monitor.core.types import PriorClaim, ThreadedClaim

    left, right = known.left, known.right
    before = PriorClaim(
        id=known.record.left.id,
        claim=left.claim,
        thread=left.thread,
        origin="",
        publisher=left.article.publisher,
    )
    return find_contradictions(
        [ThreadedClaim(claim=right.claim, thread=right.thread, is_new=True)], [before], rules
    )


def _tell(title: str, named: dict[str, Any], steps: Sequence[Step], *, json: bool) -> None:
    if json:
        write_json([named | {"steps": [{"step": step.name, "says": list(step.says)} for step in steps]}])
        return
    write_heading(title)
    write_facts([(step.name if not n else "", says) for step in steps for n, says in enumerate(step.says)])
