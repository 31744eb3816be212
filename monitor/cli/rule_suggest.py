"""`claimwatch rules suggest`: what feedback says a rule should leave out or hold tighter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import note, write, write_json
from monitor.cli.progress import progress
from monitor.cli.reading import JsonOption
from monitor.core.lines import shorten
from monitor.errors import EXIT_FINDINGS, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.rules.suggesting import Effect, Example, Exclusion, Narrowing, Suggestions
    from monitor.rulefiles import RuleFolder
    from monitor.store.database import Database

#: Articles without a mark that proposals are tried on, the newest.
UNMARKED = 1000
_TITLES = 3


def suggest_command(
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="Id of one rule; without it, every rule with noise."),
    ] = None,
    least: Annotated[
        int, typer.Option(min=2, help="Independent texts marked noise that each proposal must rest on.")
    ] = 3,
    top: Annotated[int, typer.Option(min=1, max=20, help="At most so many exclusions a rule.")] = 5,
    write_to: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Write the filter there: filters/RULE.yml in the rules folder."
        ),
    ] = None,
    path: Annotated[Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder.")] = None,
    json: JsonOption = False,
) -> None:
    """Propose exclusions and tighter terms from what people marked as noise; the rule file stays as it is.

    Each proposal is tried on the stored articles that the rule matched, and says what it would remove, what
    is real among it too. Exit code 1 where --write finds nothing to write.
    """
    from monitor.rulefiles import load_folder

    folder_path = path or read_settings().rules
    folder = load_folder(folder_path)
    if write_to is not None and rule is None:
        raise UsageError(
            "--write needs one rule", remedy="claimwatch rules suggest RULE --write filters/RULE.yml"
        )
    with open_ledger() as db:
        wanted = [_known(rule, folder)] if rule is not None else _with_noise(db, folder)
        if not wanted:
            note("no match of a rule in these files is marked as noise yet: `claimwatch feedback ID noise`")
        for name in wanted:
            found = suggestions(db, folder, name, least=least, top=top)
            if json:
                write_json([_as_object(name, found)])
            else:
                _show(name, found, least)
            if write_to is not None:
                _write_filter(folder_path, write_to, name, found)


def _known(rule: str, folder: RuleFolder) -> str:
    from monitor.core.rules.problems import did_you_mean

    if rule not in folder.rules.rules:
        raise UsageError(f"there is no rule {rule!r}", remedy=did_you_mean(rule, folder.rules.rules))
    return rule


def _with_noise(db: Database, folder: RuleFolder) -> list[str]:
    from monitor.store.feedback import list_feedback

    noisy = {name for one in list_feedback(db, kind="match", word="noise") for name in one.rules}
    return sorted(noisy & set(folder.rules.rules))


def suggestions(db: Database, folder: RuleFolder, rule: str, *, least: int = 3, top: int = 5) -> Suggestions:
    """What the stored matches of a rule, and the words about them, propose."""
    from monitor.core.rules.suggesting import Example, suggest
    from monitor.store.rule_articles import matched_articles

    with progress(f"{rule}: comparing stored matches"):
        examples = [
            Example(article=one.article, origin=one.origin, status=one.status)
            for one in matched_articles(db, rule, unmarked=UNMARKED)
        ]
        return suggest(folder.rules.rules[rule], examples, folder.rules, least=least, top=top)


# ---------------------------------------------------------------- for people


def _show(rule: str, found: Suggestions, least: int) -> None:
    now = found.matched
    write(
        f"{rule}: {len(now.noise)} noise, {len(now.real)} real and {len(now.unmarked)} unmarked articles"
        " that it matches today"
    )
    if found.gone:
        write(f"  {found.gone} more were marked, and it matches them no longer")
    if len(now.noise) < least:
        write(f"  too little to learn from: proposals need {least} independent texts marked noise\n")
        return
    for number, one in enumerate(found.exclusions, 1):
        _show_exclusion(number, one, now)
    if not found.exclusions:
        write("  no word tells the noise from the rest: a closer condition (near, same_sentence) may help")
    for narrowing in found.narrowings:
        _show_narrowing(narrowing, now)
    safe = [one for one in found.exclusions if not one.effect.real]
    if found.together is not None:
        _show_yaml(rule, safe, found.together, now)
    write("")


def _show_exclusion(number: int, one: Exclusion, now: Effect) -> None:
    from monitor.core.rules.suggesting import none_lines

    write(f"  {number}. none: {none_lines([one])[0].removeprefix('- ')}")
    write(f"     removes {_removed(one.effect, now)} (G² {one.surprise:.1f})")
    if one.effect.real:
        write(f"     LOSES REAL: {_titles(one.effect.real)}")
    if one.instead:
        write(f"     much the same: {', '.join(one.instead)}")
    write(f"     noise: {_titles(one.effect.noise)}")
    if one.effect.unmarked:
        write(f"     unmarked, look at these: {_titles(one.effect.unmarked)}")


def _removed(effect: Effect, now: Effect) -> str:
    return (
        f"{len(effect.noise)} of {len(now.noise)} noise, {len(effect.real)} of {len(now.real)} real, "
        f"{len(effect.unmarked)} of {len(now.unmarked)} unmarked"
    )


def _titles(examples: Sequence[Example]) -> str:
    distinct = list(dict.fromkeys(shorten(one.article.title or one.article.url, 70) for one in examples))
    more = f" … ({len(distinct)} titles)" if len(distinct) > _TITLES else ""
    return "; ".join(f"“{title}”" for title in distinct[:_TITLES]) + more


def _show_narrowing(one: Narrowing, now: Effect) -> None:
    name = one.asked.term or f"@{one.asked.entity}"
    write(f"  term {name}: {one.noise} of {one.marked} marked matches with it are noise")
    if one.without is None:
        write("     the rule cannot do without it: hold it closer to another word with near or same_sentence")
    else:
        write(f"     without it the rule loses {_removed(one.without, now)}")


def _show_yaml(rule: str, safe: Sequence[Exclusion], together: Effect, now: Effect) -> None:
    from monitor.core.rules.suggesting import none_lines

    write(f"  Together those that lose nothing real remove {_removed(together, now)}.")
    write(f"  Paste under `match:` of the rule, or --write filters/{rule}.yml:")
    write("      none:\n" + "\n".join(f"        {line}" for line in none_lines(safe)))


# ---------------------------------------------------------------- for programs


def _as_object(rule: str, found: Suggestions) -> dict[str, Any]:
    return {
        "rule": rule,
        "matched": _counts(found.matched),
        "gone": found.gone,
        "exclusions": [
            {
                "term": one.term,
                "in": "title" if one.title_only else "any",
                "surprise": round(one.surprise, 2),
                "instead": list(one.instead),
                "removes": _counts(one.effect),
                "articles": _ids(one.effect),
            }
            for one in found.exclusions
        ],
        "together": None if found.together is None else _counts(found.together),
        "narrow": [
            {
                "term": one.asked.term or None,
                "entity": one.asked.entity or None,
                "marked": one.marked,
                "noise": one.noise,
                "without": None if one.without is None else _counts(one.without),
            }
            for one in found.narrowings
        ],
    }


def _counts(effect: Effect) -> dict[str, int]:
    return {"noise": len(effect.noise), "real": len(effect.real), "unmarked": len(effect.unmarked)}


def _ids(effect: Effect) -> dict[str, list[int]]:
    parts = {"noise": effect.noise, "real": effect.real, "unmarked": effect.unmarked}
    return {name: [one.article.id for one in examples] for name, examples in parts.items()}


# ---------------------------------------------------------------- the filter file


def _write_filter(folder: Path, file: Path, rule: str, found: Suggestions) -> None:
    """A new file among the filters; never over one that exists, never one that breaks a test."""
    from monitor.cli.rule_writing import replace_text
    from monitor.core.rules.suggesting import filter_text

    safe = [one for one in found.exclusions if not one.effect.real]
    if not safe or found.together is None:
        note(f"nothing is written: there is no exclusion for {rule} that loses nothing real")
        raise typer.Exit(EXIT_FINDINGS)
    place = _place(folder, file)
    if place.exists():
        raise UsageError(f"there is a file {place} already", remedy="name another one, or paste into it")
    effect = _removed(found.together, found.matched)
    text = filter_text(rule, safe, f"From feedback; of the stored matches it removes {effect}.")
    _try_filter(folder, place, text, rule)
    place.parent.mkdir(exist_ok=True)
    replace_text(place, text)
    note(f"written: {place}; `claimwatch rules test -k {rule}` and `rules stats {rule}` show how it does")


def _place(folder: Path, file: Path) -> Path:
    """Where the filter file will stand, among the filters of the folder. Raises UsageError."""
    place = file if file.is_absolute() else folder / file
    inside = place.resolve().is_relative_to((folder / "filters").resolve())
    if inside and place.suffix in (".yml", ".yaml"):
        return folder / place.resolve().relative_to(folder.resolve())
    raise UsageError(
        f"{place} is no filter file of {folder}", remedy="--write filters/NAME.yml, in the rules folder"
    )


def _try_filter(folder: Path, place: Path, text: str, rule: str) -> None:
    """The filter among all the files, before it is written. Raises UsageError."""
    from monitor.cli.rule_trying import build_with
    from monitor.core.rules.trials import run_tests

    built = build_with(folder, place, text)
    trials = run_tests([one for one in built.tests if one.rule == rule], built.rules)
    broken = [trial.test.name for trial in trials if trial.counts and trial.test.should_match]
    if broken:
        raise UsageError(
            f"with this filter the rule fails its own tests: {', '.join(map(repr, broken))}",
            remedy="nothing was written; paste the exclusions that you want, one by one",
        )
