"""Real articles in a ledger whose every article matches: what the benchmarks of claims judge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.config import Settings, load_settings
from monitor.core.rules import RuleSet
from monitor.core.types import Condition, Entry, PlannedVersion, Routing, Rule
from monitor.rulefiles import RuleFolder, RulesWatcher, load_folder
from monitor.store.database import Database, open_database
from monitor.store.ingest import save_imported
from monitor.store.migrations import upgrade
from workers.demo_publishers import read_outlets

ROOT = Path(__file__).parent.parent
STORIES = ROOT / "tests/data/stories/tune"
#: Real news, where the shared data is beside the repository.
POLNEAR = ROOT.parent / "shared/data/polnear/dev.jsonl"
EVERYTHING = Rule(
    id="benchmark",
    version="1",
    title="Every article",
    condition=Condition(operator="regex", terms=(r"\A\s*\S",)),
)


@dataclass(frozen=True)
class Text:
    lang: str
    publisher: str
    title: str
    body: str
    at: datetime


class EveryArticle(RulesWatcher):
    """The entities and frames of rules/, and one rule that matches every article."""

    def __init__(self) -> None:  # read once: nothing to watch
        folder = load_folder(ROOT / "rules")
        rules = RuleSet.compile([EVERYTHING], folder.rules.entities.values(), folder.rules.frames)
        self._given = replace(folder, rules=rules, routing=Routing())

    @property
    def problem(self) -> str:
        return ""

    def current(self) -> RuleFolder:
        return self._given


def demo() -> Iterator[Text]:
    """The demo's articles, English and Russian."""
    for outlet in read_outlets(datetime.now(UTC)):
        for one in outlet.articles:
            body = "\n\n".join(one.paragraphs)
            yield Text(outlet.lang, outlet.name, one.title, body, one.published_at)


def stories() -> Iterator[Text]:
    """The stories that the claims are tuned on."""
    for file in sorted(STORIES.rglob("articles.json")):
        for one in json.loads(file.read_text()):
            at = datetime.fromisoformat(one["published_at"])
            yield Text(one["lang"], one["outlet"], one["title"], one["body"], at)


def polnear(most: int) -> Iterator[Text]:
    """PolNeAR's news, three times as long; none where the shared data is not here."""
    if POLNEAR.exists():
        for line in POLNEAR.read_text().splitlines()[:most]:
            one = json.loads(line)
            at = datetime.fromisoformat(one["date"]).replace(tzinfo=UTC)
            yield Text("en", one["publisher"], one["title"], one["text"], at)


def save(db: Database, texts: Sequence[Text], name: str, *, backfill: bool) -> None:
    """Store them, as an archive would bring them."""
    planned = [
        PlannedVersion(
            article_id=None,
            identity=f"{name}|{number}",
            version=1,
            content_hash=f"{name}|{number}",
            publisher=text.publisher,
            entry=Entry(
                guid=str(number),
                url=f"https://bench.example/{name}/{number}",
                title=text.title,
                summary="",
                text=text.body,
                author="",
                lang=text.lang,
                published_at=text.at,
                updated_at=None,
            ),
        )
        for number, text in enumerate(texts)
    ]
    save_imported(db, planned, backfill=backfill)


@contextmanager
def ledger(url: str) -> Iterator[Database]:
    """A new ledger there."""
    db = open_database(url)
    try:
        upgrade(db)
        yield db
    finally:
        db.close()


def quiet_settings() -> Settings:
    """Without a doorbell: nobody is rung for."""
    return load_settings().model_copy(update={"redis_url": ""})
