"""Processing articles and delivering, against a real ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger
from loopback import Receiver
from sqlalchemy import select

from monitor.config import Settings
from monitor.core.claims.parsed import Token
from monitor.core.types import Article, Reading
from monitor.errors import LeaseLostError, UnavailableError
from monitor.feeds.archive import ArchivedArticle, plan_versions, read_lines
from monitor.rulefiles import RulesWatcher
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.tables import alert, attempt, match, notification, task
from monitor.store.tasks import TakenArticles, take_articles
from workers import jobs
from workers.delivery import Postman
from workers.jobs import Toolbox, deliver_notifications, process_articles

RULES = """
version: 1
rules:
  - {id: storm, title: Storm, match: {any: [{keyword: [storm]}]}, alert: {on: [match]}}
  - {id: quiet, title: Fair, match: {any: [{keyword: [fair]}]}, alert: {on: [contradiction]}}
"""


class NoWords:
    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        return tuple(() for _ in texts)


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    made = new_ledger(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def make_tools(db: Database, tmp_path: Path, receiver: Receiver) -> Callable[..., Toolbox]:
    rules = tmp_path / "rules"
    (rules / "topics").mkdir(parents=True)
    (rules / "topics" / "a.yml").write_text(RULES)
    (rules / "routes.yml").write_text(
        f"version: 1\nreceivers:\n  desk: {receiver.url}\nroute:\n  - receivers: [desk]\n"
    )

    def make(**changes: Any) -> Toolbox:
        settings = Settings(rules=rules, data_dir=tmp_path, allow_networks="127.0.0.0/8")  # type: ignore[arg-type]  # read as from the environment
        tools = {"db": db, "watcher": RulesWatcher(rules), "parsers": {"en": NoWords()}, "settings": settings}
        return Toolbox(**(tools | changes))

    return make


def store(db: Database, *texts: str) -> None:
    lines = [
        json.dumps(
            {"url": f"https://a.example/{n}", "title": f"T{n}", "text": text, "publisher": "P"}
        ).encode()
        for n, text in enumerate(texts)
    ]
    articles = [line for line in read_lines(lines) if isinstance(line, ArchivedArticle)]
    save_imported(db, plan_versions(articles, {}), backfill=False)


def states(db: Database) -> list[tuple[str, int, str]]:
    with db.read() as connection:
        rows = connection.execute(select(task.c.state, task.c.attempts, task.c.error).order_by(task.c.id))
        return [(row.state, row.attempts, row.error) for row in rows]


def count(db: Database, table: Any) -> int:
    with db.read() as connection:
        return len(connection.execute(select(table)).all())


def test_articles_without_matches_with_plain_ones_and_with_alerts_are_all_closed(
    db: Database, make_tools: Callable[..., Toolbox]
) -> None:
    store(db, "Nothing here.", "A fair.", "A storm and a fair.")
    assert process_articles(make_tools()) == 3
    assert [state for state, _, _ in states(db)] == ["judged"] * 3
    assert count(db, match) == 3
    assert count(db, alert) == 1
    assert process_articles(make_tools()) == 0


@pytest.mark.parametrize("broken", ["match", "extract_claims", "raise_alerts"])
def test_an_article_that_breaks_a_step_is_failed_alone(
    broken: str, db: Database, make_tools: Callable[..., Toolbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = getattr(jobs, broken)

    def articles_of(argument: Any) -> list[Article]:
        things = [argument] if isinstance(argument, Reading) else argument
        return [thing.article if isinstance(thing, Reading) else thing for thing in things]

    def broken_for_one(argument: Any, *rest: Any, **options: Any) -> Any:
        if any("bomb" in article.text for article in articles_of(argument)):
            raise RuntimeError("a bug\x1b[31m")
        return sound(argument, *rest, **options)

    monkeypatch.setattr(jobs, broken, broken_for_one)
    store(db, "A storm.", "A storm and a bomb.", "Another storm.")
    assert process_articles(make_tools()) == 3
    assert [state for state, _, _ in states(db)] == ["judged", "waiting", "judged"]
    assert "RuntimeError: a bug" in states(db)[1][2]
    assert count(db, alert) == 2


def test_a_lost_lease_is_quiet_and_writes_nothing(
    db: Database, make_tools: Callable[..., Toolbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any) -> None:
        raise LeaseLostError("somebody else has it")

    store(db, "A storm.", "Nothing.")
    monkeypatch.setattr(jobs, "raise_alerts", lambda *_, **__: lost())
    monkeypatch.setattr("workers.batch.finish_without_claims", lost)
    assert process_articles(make_tools()) == 2
    assert [(state, error) for state, _, error in states(db)] == [("waiting", "")] * 2


def test_a_ledger_that_goes_away_fails_no_article(
    db: Database, make_tools: Callable[..., Toolbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("gone")

    store(db, "A storm.")
    monkeypatch.setattr(jobs, "raise_alerts", away)
    with pytest.raises(UnavailableError):
        process_articles(make_tools())
    assert states(db) == [("waiting", 1, "")]


def test_a_judgement_that_the_database_broke_off_once_is_begun_anew(
    db: Database, make_tools: Callable[..., Toolbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, calls = jobs.raise_alerts, []

    def once_away(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise UnavailableError("deadlock")
        return sound(*arguments, **options)

    store(db, "A storm.")
    monkeypatch.setattr(jobs, "raise_alerts", once_away)
    assert process_articles(make_tools()) == 1
    assert states(db) == [("judged", 1, "")]


def test_a_stop_gives_back_what_was_not_begun(db: Database, make_tools: Callable[..., Toolbox]) -> None:
    store(db, "A storm.", "A fair.")
    assert process_articles(make_tools(stop=lambda: True)) == 2
    assert states(db) == [("waiting", 0, ""), ("waiting", 0, "")]
    assert process_articles(make_tools()) == 2


def test_an_alert_is_delivered_and_the_attempt_kept(
    db: Database, make_tools: Callable[..., Toolbox], receiver: Receiver
) -> None:
    tools = make_tools()
    store(db, "A storm.")
    process_articles(tools)
    with Postman(tools.settings) as postman:
        assert deliver_notifications(tools, postman) == 1
        assert deliver_notifications(tools, postman) == 0
    assert len(receiver.posts) == 1
    with db.read() as connection:
        assert connection.execute(select(notification.c.state)).scalar_one() == "sent"
        assert connection.execute(select(attempt.c.reason)).scalar_one() == "accepted"


def test_a_receiver_that_fails_is_asked_again_later(
    db: Database, make_tools: Callable[..., Toolbox], receiver: Receiver
) -> None:
    receiver.fail = 1.0
    tools = make_tools()
    store(db, "A storm.")
    process_articles(tools)
    with Postman(tools.settings) as postman:
        assert deliver_notifications(tools, postman) == 1
    with db.read() as connection:
        assert connection.execute(select(notification.c.state)).scalar_one() == "waiting"
        assert connection.execute(select(attempt.c.reason)).scalar_one() == "receiver_failed"


def test_a_receiver_that_no_longer_exists_makes_a_dead_notification_with_the_reason(
    db: Database, make_tools: Callable[..., Toolbox], receiver: Receiver, tmp_path: Path
) -> None:
    store(db, "A storm.")
    process_articles(make_tools())
    routes = tmp_path / "rules" / "routes.yml"
    routes.write_text(routes.read_text().replace("desk", "office"))
    tools = make_tools()
    with Postman(tools.settings) as postman:
        assert deliver_notifications(tools, postman) == 1
    assert receiver.posts == []
    with db.read() as connection:
        assert connection.execute(select(notification.c.state)).scalar_one() == "dead"
        assert connection.execute(select(attempt.c.reason)).scalar_one() == "bad_receiver"


def test_work_that_somebody_else_holds_is_not_taken(db: Database, make_tools: Callable[..., Toolbox]) -> None:
    store(db, "A storm.")
    tools = make_tools()
    taken: TakenArticles = take_articles(db, limit=10, lease_for=tools.lease)
    assert len(taken.articles) == 1
    assert process_articles(tools) == 0
