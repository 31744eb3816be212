"""`claimwatch rules adopt-test`: a stored match becomes a test of its rule."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import note, write
from monitor.cli.rule_trying import build_with
from monitor.cli.rule_writing import replace_text
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from monitor.core.rules.adopting import NewTest
    from monitor.core.rules.building import Built
    from monitor.core.types import Article, Rule
    from monitor.rulefiles import RuleFolder
    from monitor.store.queries import MatchRecord
    from monitor.store.rule_articles import MatchedArticle

_BOM = "\ufeff"


def adopt_test(
    match_id: Annotated[
        int, typer.Argument(metavar="MATCH", min=1, help="The number that `matches list` shows.")
    ],
    should_match: Annotated[
        bool | None,
        typer.Option("--should-match/--no", help="What the rule should do; without it, as feedback says."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Name of the test; without it, the title.")] = "",
    known_gap: Annotated[
        bool, typer.Option("--known-gap", help="If it fails now, mark it so that it fails no run.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; show the difference.")] = False,
    path: Annotated[Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder.")] = None,
) -> None:
    """Turn a stored match into a test of its rule: real should match, noise should not.

    The article is shortened to its title and the sentences that decide; noise also keeps the words by which
    `rules suggest` would exclude it, or else a sentence on each side.
    Only lines are added to the rule's file. Exit code 1 where the test fails as the rule is now.
    """
    from monitor.rulefiles import load_folder

    folder_path = path or read_settings().rules
    folder = load_folder(folder_path)
    rule_id, stored, record = _stored(match_id)
    expected = _expected(match_id, stored, should_match)
    if rule_id not in folder.rules.rules:
        raise UsageError(
            f"match {match_id} is of the rule {rule_id!r}, which no file of {folder_path} has",
            remedy="name the folder that the rule came from with --rules",
        )
    rule = folder.rules.rules[rule_id]
    if rule.version != stored.rule_version:
        note(f"{rule_id} has changed since it matched ({stored.rule_version}, now {rule.version})")
    file = _file_of(folder_path, rule_id)
    before = file.read_bytes()
    taken = {test.name for test in folder.tests if test.rule == rule_id}
    if not name:
        _refuse_known(folder, rule_id, stored.article)
    test = _test(rule, stored, record, folder, expected=expected, taken=taken, name=name)
    text, built = _changed(folder_path, file, before, rule_id, test)
    reason = _outcome(built, rule_id, test.name)
    if reason and known_gap:
        test = replace(test, known_gap=True)
        text, built = _changed(folder_path, file, before, rule_id, test)
    if dry_run:
        _show_difference(file, before, text)
    else:
        _write(file, before, text)
    _tell(rule_id, test, reason, written=None if dry_run else file)
    if reason and not test.known_gap:
        raise typer.Exit(EXIT_FINDINGS)


def _stored(match_id: int) -> tuple[str, MatchedArticle, MatchRecord]:
    from monitor.store.queries import get_match
    from monitor.store.rule_articles import matched_article

    with open_ledger() as db:
        found = matched_article(db, match_id)
        record = get_match(db, match_id)
    if found is None or record is None:
        note(f"error: there is no match {match_id}\n  help: `claimwatch matches list` shows those there are")
        raise typer.Exit(EXIT_FINDINGS)
    return (*found, record)


def _proposed(folder: RuleFolder, rule: Rule) -> Rule:
    """The rule with the exclusions that `rules suggest` proposes; the same rule where it proposes none."""
    from monitor.cli.rule_suggest import suggestions
    from monitor.core.rules.suggesting import with_exclusions

    with open_ledger() as db:
        found = suggestions(db, folder, rule.id)
    words = [(one.term, one.title_only) for one in found.exclusions if not one.effect.real]
    return with_exclusions(rule, words) if words else rule


def _expected(match_id: int, stored: MatchedArticle, said: bool | None) -> bool:
    if said is not None:
        return said
    if stored.status == "open":
        raise UsageError(
            f"nobody has said whether match {match_id} is right",
            remedy=f"add --should-match or --no, or say it: claimwatch feedback match:{match_id} real|noise",
        )
    return stored.status != "noise"


def _file_of(folder: Path, rule: str) -> Path:
    """The file that defines the rule, as the folder names it."""
    from monitor.core.rules.documents import as_mapping, read_document
    from monitor.rulefiles import rule_paths

    for file in rule_paths(folder):
        content = as_mapping(read_document(str(file), _decoded(file.read_bytes())[1]).value)
        rules = content.get("rules")
        if any(as_mapping(one).get("id") == rule for one in (rules if isinstance(rules, list) else ())):
            return file
    raise UsageError(f"no file of {folder} has the rule {rule!r}", remedy="has it moved just now? try again")


def _refuse_known(folder: RuleFolder, rule: str, article: Article) -> None:
    from monitor.core.terminal import clean

    title = clean(article.title)
    for test in folder.tests:
        if test.rule == rule and title and test.article.get("title") == title:
            raise UsageError(
                f"{test.path}:{test.line}: the rule has a test with this title already: {test.name!r}",
                remedy="change that one, or give this one a name of its own with --name",
            )


# ---------------------------------------------------------------- the test


def _test(
    rule: Rule,
    stored: MatchedArticle,
    record: MatchRecord,
    folder: RuleFolder,
    *,
    expected: bool,
    taken: set[str],
    name: str,
) -> NewTest:
    from monitor.core.rules.adopting import AdoptingError, new_test

    article = _shortened(rule, stored.article, record, folder, expected=expected)
    try:
        return new_test(article, should_match=expected, taken=taken, name=name)
    except AdoptingError as error:
        raise UsageError(str(error), remedy="write the test yourself") from None


def _shortened(
    rule: Rule, article: Article, record: MatchRecord, folder: RuleFolder, *, expected: bool
) -> Article:
    """The least of the article in which the rule does what it does now."""
    from monitor.core.matching import match
    from monitor.core.rules.adopting import around_spans, smallest, without_exclusions
    from monitor.core.rules.ruleset import RuleSet

    bare = replace(rule, id="bare rule", condition=without_exclusions(rule.condition))
    better = replace(rule if expected else _proposed(folder, rule), id="better rule")
    compiled = RuleSet.compile([rule, bare, better], folder.rules.entities.values())

    def matches(one: Article) -> set[str]:
        (reading,) = match([one], compiled)
        return {held.rule_id for held in reading.matches}

    now = matches(article)
    if rule.id not in now and bare.id not in now:
        spans = [(span["start"], span["end"]) for span in record.spans if span.get("field") == "text"]
        return around_spans(article, spans)
    if expected or now != {rule.id, bare.id, better.id}:
        # Noise that a word excludes, now or as proposed, keeps that word.
        return smallest(article, lambda one: matches(one) == now)
    # Else what tells it apart may stand beside the words that were found.
    return smallest(article, lambda one: rule.id in matches(one), context=1)


# ---------------------------------------------------------------- the file


def _changed(folder: Path, file: Path, before: bytes, rule: str, test: NewTest) -> tuple[str, Built]:
    """The file with the test, and the folder as it would be with it. Raises UsageError."""
    from monitor.core.rules.adopting import AdoptingError, insert_test, test_lines

    mark, text = _decoded(before)
    try:
        changed = insert_test(text, rule, test)
    except AdoptingError as error:
        lines = "\n".join(f"      {line}" for line in test_lines(test))
        raise UsageError(
            f"{file}: {error}", remedy=f"the test, to paste under `tests:` of {rule}:\n{lines}"
        ) from None
    return mark + changed, build_with(folder, file, changed)


def _decoded(content: bytes) -> tuple[str, str]:
    """A byte order mark, or nothing, and the text."""
    text = content.decode("utf-8", "replace")
    return (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)


def _outcome(built: Built, rule: str, name: str) -> str:
    """Why the new test fails, in words; empty where it passes."""
    from monitor.core.rules.trials import run_tests

    (test,) = (one for one in built.tests if one.rule == rule and one.name == name)
    (trial,) = run_tests([test], built.rules)
    return trial.reason


def _show_difference(file: Path, before: bytes, text: str) -> None:
    lines = difflib.unified_diff(
        "".join(_decoded(before)).splitlines(), text.splitlines(), str(file), str(file), lineterm=""
    )
    write("\n".join(lines))


def _write(file: Path, before: bytes, text: str) -> None:
    if file.read_bytes() != before:
        raise UsageError(
            f"{file} was changed by somebody else just now; nothing was written", remedy="run this again"
        )
    # Where it is a link, the file itself is replaced, not the link.
    replace_text(file.resolve(), text)


def _tell(rule: str, test: NewTest, reason: str, *, written: Path | None) -> None:
    what = "should match" if test.should_match else "should not match"
    where = f"written: {written}" if written else "nothing written"
    write(f"{where}: test {test.name!r} of {rule} ({what})")
    if not reason:
        write("  it passes: from now on `claimwatch rules test` sees to it that this stays so")
        return
    gap = ", and is marked as a known gap" if test.known_gap else ""
    write(f"  it fails as the rule is now{gap}: {reason}")
    if test.should_match:
        write(f"  next: widen the rule; `claimwatch rules test -k {rule}` shows when it matches")
    else:
        write(
            f"  next: `claimwatch rules suggest {rule}` proposes exclusions; "
            f"`claimwatch rules test -k {rule}` passes when one holds"
        )
