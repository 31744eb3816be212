"""Parsed JSON of a labelled story → a Story, or everything that is wrong with it.

Files are read elsewhere; docs/stories.md has the format.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.core.evaluation import rows
from monitor.core.evaluation.agreement import agreement_problems
from monitor.core.evaluation.gold import Story, StoryProblem
from monitor.core.evaluation.references import reference_problems
from monitor.core.terminal import clean
from monitor.errors import InputError

_SHOWN = 20


def read_story(articles: object, gold: object, name: str) -> Story:
    """The story that can be scored; `articles` and `gold` as JSON gave them, `name` as errors call it.

    Labels that merely disagree with each other are let through: `story_problems` lists them.

    Raises InputError with every problem that keeps the story from being scored, one a line.
    """
    story, problems = _read(articles, gold, name)
    fatal = [problem for problem in problems if problem.fatal]
    if fatal:
        lines = [clean(str(problem)) for problem in fatal[:_SHOWN]]
        if len(fatal) > _SHOWN:
            lines.append(f"… and {len(fatal) - _SHOWN} more")
        raise InputError("\n".join(lines), remedy="docs/stories.md has the format of labelled stories")
    return story


def story_problems(articles: object, gold: object, name: str) -> tuple[StoryProblem, ...]:
    """Everything that is wrong with a story, fatal or not; empty: nothing.

    Where ids or offsets are wrong, agreement between the labels is not looked at.
    """
    return _read(articles, gold, name)[1]


def _read(articles: object, gold: object, name: str) -> tuple[Story, tuple[StoryProblem, ...]]:
    articles_file = rows.StoryFile(f"{name}/articles.json")
    gold_file = rows.StoryFile(f"{name}/gold.json")
    tables: Mapping[object, object] = {}
    if isinstance(gold, Mapping):
        tables = gold
    else:
        gold_file.add("the file", "an object with the tables is expected")
    if not isinstance(articles, list) or not articles:
        articles_file.add("the file", "a list with at least one article is expected")
        articles = []
    story = Story(
        name=name,
        articles=articles_file.read("articles", articles, rows.ARTICLES),
        claims=gold_file.read("claims", tables.get("claims"), rows.CLAIMS),
        threads=gold_file.read("threads", tables.get("threads"), rows.THREADS),
        contradictions=gold_file.read("contradictions", tables.get("contradictions"), rows.CONTRADICTIONS),
        updates=gold_file.read("updates", tables.get("updates"), rows.PAIRS),
        non_contradictions=gold_file.read("non_contradictions", tables.get("non_contradictions"), rows.PAIRS),
        unjudged=gold_file.read("unjudged", tables.get("unjudged"), rows.PAIRS),
        implied_contradictions=gold_file.read(
            "implied_contradictions", tables.get("implied_contradictions"), rows.PAIRS
        ),
        implied_updates=gold_file.read("implied_updates", tables.get("implied_updates"), rows.PAIRS),
        syndication=gold_file.read("syndication", tables.get("syndication"), rows.COPIES),
        expected_alert_groups=gold_file.read(
            "expected_alert_groups", tables.get("expected_alert_groups"), rows.GROUPS
        ),
    )
    problems = [*articles_file.problems, *gold_file.problems]
    # References into rows that could not be read would only repeat the complaint.
    if not problems:
        problems += reference_problems(story)
    if not problems:
        problems += agreement_problems(story)
    return story, tuple(problems)
