"""What an edit changed between two stored versions, by command and over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from ledger import store, version
from typer.testing import CliRunner

from monitor.api.ledger import database as api_ledger
from monitor.api.routes import router
from monitor.cli import articles
from monitor.store.changes import article_changes, changes_json
from monitor.store.database import Database, open_database
from monitor.store.migrations import upgrade

OLD, NEW = "At least 12 people died, the mayor said.", "At least 15 people died, the mayor said."
CHANGES = [
    {"field": "text", "kind": "same", "text": "At least "},
    {"field": "text", "kind": "removed", "text": "12 "},
    {"field": "text", "kind": "added", "text": "15 "},
    {"field": "text", "kind": "same", "text": "people died, the mayor said."},
]


def edited(db: Database) -> None:
    store(db, version("toll", text=OLD))
    store(db, version("toll", number=2, text=NEW))


def test_the_current_version_is_held_against_the_one_before(database: Database) -> None:
    edited(database)
    found = article_changes(database, 1)
    assert found is not None
    assert changes_json(found) == {"article": 1, "from": 1, "to": 2, "changes": CHANGES}
    backwards = article_changes(database, 1, earlier=2, later=1)
    assert backwards is not None
    assert [piece["text"] for piece in changes_json(backwards)["changes"]][1:3] == ["15 ", "12 "]
    assert article_changes(database, 1, earlier=7) is None
    assert article_changes(database, 2) is None
    store(database, version("once"))
    assert article_changes(database, 2) is None  # there is no version before its first


def test_the_command_marks_words_and_gives_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMWATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CLAIMWATCH_RULES", str(tmp_path / "rules"))
    db = open_database(f"sqlite:///{tmp_path / 'claimwatch.db'}")
    upgrade(db)
    edited(db)
    db.close()
    shown = CliRunner().invoke(articles.app, ["diff", "1"])
    assert (shown.exit_code, "1 → 2" in shown.output) == (0, True)
    assert "At least [-12-] {+15+} people died, the mayor said." in shown.output
    lines = CliRunner().invoke(articles.app, ["diff", "1", "--json"]).output
    assert json.loads(lines)["changes"] == CHANGES
    assert CliRunner().invoke(articles.app, ["diff", "1", "--from", "9"]).exit_code == 1


def test_the_api_gives_the_same(sqlite_url: str) -> None:
    db = open_database(sqlite_url)
    upgrade(db)
    edited(db)
    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[api_ledger] = lambda: db
    with TestClient(app) as client:
        assert client.get("/api/v1/articles/1/diff").json()["changes"] == CHANGES
        assert client.get("/api/v1/articles/1/diff?from=1&to=1").json()["changes"] == []
        assert client.get("/api/v1/articles/9/diff").status_code == 404
    db.close()
