"""An analyst's desk: two rules, nine articles that match them, and the program in between."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ledgers import new_ledger

from monitor.cli import main
from monitor.core.matching import match
from monitor.core.polling import content_hash
from monitor.core.types import Entry, Findings, PlannedVersion
from monitor.rulefiles import load_folder
from monitor.store.database import Database
from monitor.store.ingest import save_imported
from monitor.store.judging import judging
from monitor.store.tasks import take_articles

RULES = """\
# Strikes, by the labour desk.
version: 1

rules:
  - id: strikes
    title: Strikes
    match:
      all:
        - keyword: [strike*, walkout]   # any kind
        - keyword: [port, harbour, quay]
    tests:
      - name: a strike
        article: {title: Strike in the port}
        should_match: true
      - name: nothing
        article: {title: Nothing in the port}
        should_match: false   # of course
  - id: ports
    title: Ports
    match: {any: [{keyword: [port, harbour]}]}
"""
WEATHER = (
    "Lightning strikes the harbour of Arlen",
    "Harbour crane hit as lightning strikes",
    "Storm: lightning strikes ship in port",
    "A port in the dark after lightning strike",
)
LABOUR = (
    "Dockers begin strike in the port of Brask",
    "Walkout at the harbour, says the union",
    "Union calls strike at port over wages",
    "Port strike: talks fail in Cormo",
    "Strike at the harbour enters third week",
)
BODIES = (
    "The morning was grey over the town. People went to work as usual.",
    "A long queue stood before the bakery. Nobody could say for how long.",
    "The mayor had called a meeting for the evening. Few came, and they left early.",
)

Say = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True)
class Desk:
    """A rules folder, a database, and the program in between."""

    folder: Path
    rules: Path
    say: Say

    @property
    def file(self) -> Path:
        return self.rules / "strikes.yml"

    def ok(self, *arguments: str) -> str:
        code, out, err = self.say(*arguments)
        assert code == 0, out + err
        return out

    def objects(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.ok(*arguments, "--json").splitlines()]

    def ids(self, rule: str = "strikes") -> dict[str, int]:
        """Title → id of the rule's match."""
        listed = self.objects("matches", "list", "--rule", rule)
        return {found["article"]["title"]: found["id"] for found in listed}

    def mark(self) -> None:
        ids = self.ids()
        for title in WEATHER:
            self.ok("feedback", f"match:{ids[title]}", "noise", "--by", "eva")
        for title in LABOUR:
            self.ok("feedback", f"match:{ids[title]}", "real", "--by", "eva")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    for name in [name for name in os.environ if name.startswith("CLAIMWATCH_")]:
        monkeypatch.delenv(name)
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "strikes.yml").write_text(RULES, encoding="utf-8")
    monkeypatch.setenv("CLAIMWATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CLAIMWATCH_RULES", str(rules))
    monkeypatch.chdir(tmp_path)
    db = new_ledger(f"sqlite:///{tmp_path / 'claimwatch.db'}")
    publish(db, rules, *LABOUR, *WEATHER, "Nothing happened in Brask")
    db.close()

    def say(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main.run(arguments)
        told = capsys.readouterr()
        return code, told.out, told.err

    return Desk(folder=tmp_path, rules=rules, say=say)


def publish(db: Database, rules: Path, *titles: str) -> None:
    """Store articles and what the rules find in them, as a worker would."""
    now = datetime.now(UTC)
    for number, title in enumerate(titles):
        text = f"{BODIES[number % 3]} {title}, reports say. {BODIES[(number + 1) % 3]}"
        entry = Entry(
            guid=title, url=f"https://wire.example/{number}", title=title, summary="", text=text, author="",
            lang="en", published_at=now - timedelta(hours=number), updated_at=None,
        )  # fmt: skip
        planned = PlannedVersion(
            article_id=None, identity=f"import|Wire|guid:{title}", version=1,
            content_hash=content_hash(entry), publisher="Wire", entry=entry,
        )  # fmt: skip
        save_imported(db, [planned], backfill=False)
    taken = take_articles(db, limit=100, lease_for=timedelta(minutes=1))
    for reading in match(taken.articles, load_folder(rules).rules):
        with judging(db, taken, reading.article.version_id, ()) as book:
            book.save(Findings(article=reading.article, matches=reading.matches))
