"""`claimwatch eval`: labelled stories through the real path, and what was found against the labels.

Each story is judged alone, in a ledger of its own that is thrown away. One rule matches every article;
entities and frames are those of the rules folder.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from monitor.config import Settings
from monitor.core.claims.parsed import Parser
from monitor.core.evaluation.gold import Story, StoryArticle
from monitor.core.evaluation.predictions import PredictedClaim, PredictedPair, Predictions
from monitor.core.evaluation.scoring import StoryScore, score_story
from monitor.core.evaluation.stories import read_story
from monitor.core.language_models import Embedder, Scorer
from monitor.core.rules import RuleSet
from monitor.core.types import Condition, Routing, Rule
from monitor.errors import InputError, UsageError
from monitor.feeds.archive import BadLine, plan_versions, read_lines
from monitor.rulefiles import RuleFolder, RulesWatcher, load_folder
from monitor.store.database import Database, open_database
from monitor.store.feeds import known_entries
from monitor.store.filters import Filters
from monitor.store.ingest import save_imported
from monitor.store.migrations import upgrade
from monitor.store.queries import ClaimRecord, list_claims, list_contradictions
from monitor.store.tasks import outstanding
from workers.jobs import Toolbox, process_articles
from workers.opinions import Opinions

#: Every article has a first character that is not white space.
_EVERYTHING = Rule(
    id="evaluation",
    version="1",
    title="Every article of a labelled story",
    condition=Condition(operator="regex", terms=(r"\A\s*\S",)),
)
_ALL = Filters(limit=0)


class _Unchanging(RulesWatcher):
    """A rule set that no file stands behind."""

    def __init__(self, folder: RuleFolder) -> None:  # the folder is read already: nothing to watch
        self._given = folder

    @property
    def problem(self) -> str:
        return ""

    def current(self) -> RuleFolder:
        return self._given


def read_stories(folders: Sequence[Path]) -> tuple[Story, ...]:
    """The stories in these folders and in all folders below them, in order of their paths.

    Raises UsageError where there is none, InputError with every problem of a story that cannot be scored.
    """
    found = [home for folder in folders for home in sorted(p.parent for p in folder.rglob("gold.json"))]
    if not found:
        named = ", ".join(map(str, folders))
        raise UsageError(f"{named}: no labelled story", remedy="a story is a folder with gold.json")
    return tuple(_read(home) for home in dict.fromkeys(found))


def _read(home: Path) -> Story:
    return read_story(_json(home / "articles.json"), _json(home / "gold.json"), str(home))


def _json(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", remedy="docs/stories.md has the files") from error
    except ValueError as error:
        raise InputError(f"{file}: {error}", remedy="it must be JSON in UTF-8") from error


def evaluate(
    stories: Sequence[Story],
    settings: Settings,
    parsers: Mapping[str, Parser],
    show: Callable[[int, int], None],
    embedder: Embedder | None = None,
    scorer: Scorer | None = None,
) -> Iterator[tuple[Story, Predictions, StoryScore]]:
    """Each story with what was found in it and its score, in order.

    Raises RulesError and ConfigError as loading the rules folder does.
    """
    folder = load_folder(settings.rules)
    rules = _with_entities_and_frames(folder)
    watcher = _Unchanging(replace(folder, rules=rules, routing=Routing()))
    quiet = settings.model_copy(update={"redis_url": ""})
    for number, story in enumerate(stories):
        show(number, len(stories))
        with tempfile.TemporaryDirectory(prefix="claimwatch-eval-") as home:
            db = open_database(f"sqlite:///{home}/story.db")
            try:
                upgrade(db)
                tools = Toolbox(
                    db=db,
                    watcher=watcher,
                    parsers=parsers,
                    settings=quiet,
                    embedder=embedder,
                    opinions=Opinions(quiet, db, scorer=scorer, embedder=embedder),
                )
                predictions = _predict(story, tools)
            finally:
                db.close()
        yield story, predictions, score_story(story, predictions)
    show(len(stories), len(stories))


def rules_for_all(settings: Settings) -> RuleSet:
    """A rule that matches every article, with the entities and frames of the rules folder."""
    return _with_entities_and_frames(load_folder(settings.rules))


def _with_entities_and_frames(folder: RuleFolder) -> RuleSet:
    return RuleSet.compile([_EVERYTHING], folder.rules.entities.values(), folder.rules.frames)


# ---------------------------------------------------------------- one story through the path

#: URL, publisher and version of an article in the ledger.
_Key = tuple[str, str, int]


def _predict(story: Story, tools: Toolbox) -> Predictions:
    stored = {
        _store(tools.db, story, article): article
        for article in sorted(story.articles, key=lambda article: article.published_at)
    }
    begun = time.process_time()
    while process_articles(tools):
        pass
    spent = time.process_time() - begun
    failed = outstanding(tools.db)
    if failed.open_articles or failed.stuck_articles:
        raise InputError(f"{story.name}: an article could not be judged", remedy="the log above says why")
    return Predictions(
        claims=tuple(_claim(record, stored) for record in list_claims(tools.db, _ALL)),
        pairs=tuple(
            PredictedPair(
                left=record.left.id,
                right=record.right.id,
                relation="update" if record.relation == "update" else "contradiction",
                grade=record.grade,
                kind=record.kind,
                group=record.group,
                reason=record.reason,
                score=record.score,
                comparator=record.comparator,
            )
            for record in list_contradictions(tools.db, _ALL)
        ),
        cpu_seconds=spent,
    )


def _store(db: Database, story: Story, article: StoryArticle) -> _Key:
    line = {
        "url": article.url,
        "title": article.title,
        "text": article.body,
        "publisher": article.outlet,
        "lang": article.lang,
        "published_at": article.published_at.isoformat(),
    }
    (archived,) = read_lines([json.dumps(line).encode()])
    if isinstance(archived, BadLine):
        raise InputError(f"{story.name}: article {article.id}: {archived.complaint}", remedy="mend the file")
    (planned,) = plan_versions([archived], known_entries(db, {archived.identity})) or (None,)
    if planned is None:
        raise InputError(
            f"{story.name}: article {article.id} repeats the version before it",
            remedy="drop one, or give a copy an address of its own",
        )
    save_imported(db, [planned], backfill=True)
    return planned.entry.url, planned.publisher, planned.version


def _claim(record: ClaimRecord, stored: Mapping[_Key, StoryArticle]) -> PredictedClaim:
    """The claim, its place counted in the story's own text: storing tidies white space."""
    article = stored[record.article.url, record.article.publisher, record.article.version]
    where: Literal["title", "body"] = "title" if record.field == "title" else "body"
    text = article.title if where == "title" else article.body
    start = record.start
    if text[start : record.end] != record.quote:
        places = [found.start() for found in re.finditer(re.escape(record.quote), text)]
        start = min(places, key=lambda place: abs(place - record.start), default=record.start)
    return PredictedClaim(
        id=record.id,
        article=article.id,
        where=where,
        start=start,
        end=start + len(record.quote),
        quote=record.quote,
        speaker=record.speaker.name,
        kind=record.kind,
        thread=record.thread,
        proposition=record.proposition,
    )
