"""`claimwatch eval`: one run over labelled stories, and everything that can be said about it.

Everything heavy is imported inside the command, so that `claimwatch --help` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.config import Settings
    from monitor.core.claims.parsed import Parser
    from monitor.core.evaluation.baselines import Comparison
    from monitor.core.evaluation.scoring import StoryScore
    from workers.evaluation_report import Scored
    from workers.marked_news import MarkedNews


def eval_(
    stories: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR...]", help="Folders of labelled stories, or above them."),
    ] = None,
    rules: Annotated[Path | None, typer.Option("--rules", help="Rules folder (CLAIMWATCH_RULES).")] = None,
    misses: Annotated[
        bool, typer.Option("--misses", help="Also list what was missed and what was reported wrongly.")
    ] = False,
    baselines: Annotated[
        bool,
        typer.Option("--baselines", help="Also what simple and off-the-shelf ways find in the same stories."),
    ] = False,
    polnear: Annotated[
        Path | None,
        typer.Option(
            "--polnear", metavar="FILE", help="Also attribution against this corpus, if it is there."
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As a page, with the goals beside the figures.")
    ] = False,
    examples: Annotated[
        list[Path] | None,
        typer.Option(
            "--examples",
            metavar="DIR",
            help="With --markdown: the stories that examples of mistakes are taken from.",
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help="What people said of the ledger's own findings, in place of stories."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON Lines, one object a line.")] = False,
) -> None:
    """Measure claims, threads and contradictions against labelled stories (docs/stories.md)."""
    asked = _Asked(
        stories=tuple(stories or ()),
        misses=misses,
        baselines=baselines,
        polnear=polnear,
        markdown=markdown,
        examples=tuple(examples or ()),
        json=json,
    )
    if live:
        if asked != _Asked(json=json):
            raise UsageError("--live measures the ledger, not stories", remedy="claimwatch eval --live")
        _tell_live(_settings(rules), json=json)
    elif not asked.stories and polnear is None:
        raise UsageError("nothing to measure on", remedy="name folders of stories, --polnear FILE or --live")
    elif markdown and (json or not asked.stories):
        raise UsageError("a page needs stories, and is no JSON", remedy="claimwatch eval DIR --markdown")
    else:
        _measure(asked, _settings(rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The options, as given."""

    stories: tuple[Path, ...] = ()
    misses: bool = False
    baselines: bool = False
    polnear: Path | None = None
    markdown: bool = False
    examples: tuple[Path, ...] = ()
    json: bool = False


def _measure(asked: _Asked, settings: Settings) -> None:
    from monitor.core.evaluation.scoring import total
    from monitor.models import load_parsers
    from workers.console import say

    parsers = load_parsers(settings.spacy_model)
    scored = _scored(asked.stories, settings, parsers)
    whole = total(score for _, _, score in scored)
    compared = _compared(scored, settings) if asked.baselines and scored else None
    news = _marked(asked.polnear, settings, parsers) if asked.polnear else None
    if asked.markdown:
        from workers.quality_page import page

        shown = _scored(asked.examples, settings, parsers)
        say(page(scored, whole, compared, news, shown, versions=_versions(settings, parsers)))
    elif asked.json:
        _tell_programs(scored, whole, compared, news)
    else:
        _tell_people(scored, whole, compared, news, misses=asked.misses)


def _tell_programs(
    scored: Sequence[Scored], whole: StoryScore, compared: Comparison | None, news: MarkedNews | None
) -> None:
    from workers import baseline_report, evaluation_report, marked_news
    from workers.console import say_json

    say_json(evaluation_report.as_objects(scored, whole) if scored else [])
    say_json([baseline_report.as_object(compared)] if compared else [])
    say_json([marked_news.as_object(news)] if news else [])


def _tell_people(
    scored: Sequence[Scored],
    whole: StoryScore,
    compared: Comparison | None,
    news: MarkedNews | None,
    *,
    misses: bool,
) -> None:
    from workers import baseline_report, evaluation_report, marked_news
    from workers.console import say

    blocks = [
        evaluation_report.as_table(scored, whole) if scored else None,
        baseline_report.as_lines(compared) if compared else None,
        marked_news.as_lines(news) if news else None,
    ]
    for number, block in enumerate(block for block in blocks if block is not None):
        if number:
            say("")
        for line in block:
            say(line)
    for story, predictions, score in scored if misses else ():
        for line in evaluation_report.as_misses(story, predictions, score):
            say(line)


def _tell_live(settings: Settings, *, json: bool) -> None:
    from workers.console import say, say_json
    from workers.live_report import as_lines, as_objects, read_live

    found = read_live(settings)
    if json:
        say_json(as_objects(found))
        return
    for line in as_lines(found):
        say(line)


def _scored(folders: Sequence[Path], settings: Settings, parsers: Mapping[str, Parser]) -> list[Scored]:
    if not folders:
        return []
    from monitor.models import load_embedder, load_scorer
    from workers.console import progress
    from workers.evaluation import evaluate, read_stories

    known = read_stories(folders)
    with progress("stories") as show:
        embedder, scorer = load_embedder(settings), load_scorer(settings)
        return list(evaluate(known, settings, parsers, show, embedder, scorer))


def _compared(scored: Sequence[Scored], settings: Settings) -> Comparison:
    from monitor.core.evaluation.baselines import compare
    from workers.baseline_models import pair_scorers
    from workers.console import note, progress

    scorers, left_out = pair_scorers(settings)
    for why in left_out:
        note(f"baselines: {why}")
    with progress("baselines") as show:
        return compare([(story, predictions) for story, predictions, _ in scored], scorers, show)


def _marked(file: Path, settings: Settings, parsers: Mapping[str, Parser]) -> MarkedNews | None:
    from workers.console import note, progress
    from workers.marked_news import score_marked

    with progress("marked articles") as show:
        news = score_marked(file, settings, parsers, show)
    if news is None:
        note(f"skipped: there is no {file}, so attribution is not measured (nothing of it is shipped)")
    return news


def _versions(settings: Settings, parsers: Mapping[str, Parser]) -> Mapping[str, str]:
    from workers.evaluation import rules_for_all
    from workers.made_by import own_versions

    return own_versions(rules_for_all(settings), parsers)


def _settings(rules: Path | None) -> Settings:
    from monitor.config import load_settings
    from monitor.logs import log_to_stderr

    settings = load_settings(**({"rules": rules} if rules is not None else {}))
    log_to_stderr(settings.log_level)
    return settings
