"""Stored articles judged again by edited rules: real parser, real ledger, real receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Receiver
from sqlalchemy import select, update

from monitor.config import Settings
from monitor.feeds.archive import ArchivedArticle, plan_versions, read_lines
from monitor.models import LoadedParsers, load_parsers
from monitor.rulefiles import RulesWatcher
from monitor.store import queries
from monitor.store import tables as t
from monitor.store.again import again_counts, ask_again
from monitor.store.database import Database
from monitor.store.filters import Filters
from monitor.store.ingest import save_imported
from monitor.store.windows import Window, pages, version_ids
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications, process_articles

FRAMES = (Path(__file__).parents[2] / "rules" / "frames" / "responsibility.yml").read_text()
RULE = """version: 1
rules:
  - id: bridge
    title: The bridge
    match: {all: [%s]}
    alert: {on: [new_claim, contradiction]}
"""
ACCUSATION = (
    '{"url": "https://a.example/1", "title": "Bridge collapses in Norwick", "publisher": "Alpha",'
    ' "lang": "en",'
    ' "text": "Mayor Dana Holt said on Tuesday: \\"Redline blew up the Norwick bridge,\\" and left."}'
)
DENIAL = (
    '{"url": "https://b.example/1", "title": "Redline answers", "publisher": "Beta", "lang": "en",'
    ' "text": "Redline denied that it blew up the Norwick bridge. The Norwick bridge fell on Monday."}'
)


@pytest.fixture(scope="module")
def parsers() -> LoadedParsers:
    return load_parsers(Settings().spacy_model)


MADE_BY_JUDGING = (t.match, t.match_entity, t.claim, t.claim_key, t.claim_rule, t.contradiction)


class Desk:
    def __init__(self, db: Database, folder: Path, parsers: LoadedParsers) -> None:
        self.db, self.folder, self.parsers = db, folder, parsers
        self.receiver = Receiver()
        (folder / "frames").mkdir(parents=True)
        (folder / "frames" / "responsibility.yml").write_text(FRAMES)
        (folder / "routes.yml").write_text(
            f"version: 1\nreceivers:\n  desk: {self.receiver.url}\nroute:\n  - receivers: [desk]\n"
        )

    def watch_for(self, *words: str) -> None:
        (self.folder / "a.yml").write_text(RULE % ", ".join(f"{{keyword: {word}}}" for word in words))

    def store(self, *lines: str) -> None:
        read = [
            one for one in read_lines(line.encode() for line in lines) if isinstance(one, ArchivedArticle)
        ]
        assert len(save_imported(self.db, plan_versions(read, {}), backfill=False)) == len(lines)

    def work(self) -> None:
        """All that waits, and all deliveries."""
        settings = Settings(rules=self.folder, data_dir=self.folder, allow_networks="127.0.0.0/8")  # type: ignore[arg-type]  # read as from the environment
        tools = Toolbox(
            db=self.db, watcher=RulesWatcher(self.folder), parsers=self.parsers, settings=settings
        )
        while process_articles(tools):
            pass
        with Postman(settings) as postman:
            while deliver_notifications(tools, postman):
                pass

    def judge_again(self) -> None:
        for page in pages(self.db, Window()):
            ask_again(self.db, version_ids(self.db, page))
        with self.db.write() as connection:
            connection.execute(update(t.task).values(due_at=t.task.c.created_at))
        self.work()
        assert again_counts(self.db).waiting == 0

    def alerts(self) -> list[tuple[str, str]]:
        """(kind, state of its notification)"""
        wanted = select(t.alert.c.kind, t.notification.c.state).join(
            t.notification, t.notification.c.alert_id == t.alert.c.id
        )
        with self.db.read() as connection:
            return sorted((row.kind, row.state) for row in connection.execute(wanted))

    def ledger(self) -> list[object]:
        """Everything that judging writes, but for when."""
        found: list[object] = []
        with self.db.read() as connection:
            for table in (
                t.match,
                t.match_entity,
                t.claim,
                t.claim_key,
                t.claim_rule,
                t.contradiction,
                t.alert,
            ):
                columns = [column for column in table.c if column.name not in ("created_at",)]
                found.append(sorted(map(repr, connection.execute(select(*columns)))))
            found.append(sorted(map(repr, connection.execute(select(t.article_version.c.origin)))))
        return found


@pytest.fixture
def desk(database: Database, tmp_path: Path, parsers: LoadedParsers) -> Iterator[Desk]:
    made = Desk(database, tmp_path / "rules", parsers)
    yield made
    made.receiver.close()


def test_a_new_rule_finds_the_dispute_of_stored_articles_and_tells_nobody(desk: Desk) -> None:
    desk.watch_for("harbour")
    desk.store(ACCUSATION, DENIAL)
    desk.work()
    assert list(queries.list_claims(desk.db, Filters())) == []

    desk.watch_for("bridge")
    desk.judge_again()

    assert {one.backfill for one in queries.list_matches(desk.db, Filters(rule="bridge"))} == {True}
    (pair,) = queries.list_contradictions(desk.db, Filters())
    assert {pair.left.speaker.name, pair.right.speaker.name} == {"Dana Holt", "Redline"}
    assert {state for _, state in desk.alerts()} == {"suppressed"}
    assert ("contradiction", "suppressed") in desk.alerts()
    assert desk.receiver.posts == []


def test_judging_again_by_the_same_rules_changes_nothing(desk: Desk) -> None:
    desk.watch_for("bridge")
    desk.store(ACCUSATION)
    desk.work()
    desk.store(DENIAL)
    desk.work()
    before, posts = desk.ledger(), len(desk.receiver.posts)
    assert posts
    for _ in range(2):
        desk.judge_again()
        assert desk.ledger() == before
        assert len(desk.receiver.posts) == posts


def test_a_dispute_that_goes_on_after_judging_again_is_told(desk: Desk) -> None:
    """What was recorded as backfill never stands in the way of news."""
    desk.watch_for("harbour")
    desk.store(ACCUSATION)
    desk.work()
    desk.watch_for("bridge")
    desk.judge_again()
    assert desk.receiver.posts == []
    desk.store(DENIAL)
    desk.work()
    assert ("contradiction", "sent") in desk.alerts()


def test_claims_of_a_rule_that_no_longer_matches_raise_no_alert_any_more(desk: Desk) -> None:
    desk.watch_for("bridge")
    desk.store(ACCUSATION)
    desk.work()
    posts = len(desk.receiver.posts)
    desk.watch_for("bridge", "tunnel")
    desk.judge_again()
    assert list(queries.list_matches(desk.db, Filters())) == []
    (claim, *_) = queries.list_claims(desk.db, Filters())
    assert claim.rules == ()
    desk.store(DENIAL)
    desk.work()
    assert len(desk.receiver.posts) == posts
