"""A real `claimwatch` process for every test, on a real database that the store's own verbs filled."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import program
import pytest

from monitor.core.types import (
    Alert,
    AlertKind,
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    Contradiction,
    ContradictionKind,
    Entry,
    Findings,
    Grade,
    Match,
    MatchSpan,
    Notification,
    PlannedVersion,
    Relation,
    Scope,
    Severity,
    Speaker,
    Stance,
    ThreadedClaim,
)

ROOT = Path(__file__).parents[2]

#: What a hostile feed would write: colours, a window title, a cleared screen, text that runs backwards.
EVIL = "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b2J \u202edesrever\u202c \x07\x08"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def entry_points_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder that makes the checkout look installed, where it is not."""
    try:
        distribution("claimwatch")
    except PackageNotFoundError:
        folder = tmp_path_factory.mktemp("installed")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        info = folder / f"claimwatch-{project['version']}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: claimwatch\nVersion: {project['version']}\n"
        )
        groups = project["entry-points"]
        (info / "entry_points.txt").write_text(
            "".join(
                f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in rows.items())
                for group, rows in groups.items()
            )
        )
        return str(folder)
    return ""


@pytest.fixture
def claimwatch(tmp_path: Path, entry_points_path: str) -> Run:
    """Run `claimwatch` with these arguments, in an empty folder, with no settings but those given."""

    def run(*arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60) -> Outcome:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMWATCH_")}
        clean |= {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), entry_points_path])),
            "CLAIMWATCH_DATA_DIR": str(tmp_path / "data"),
            "CLAIMWATCH_RULES": str(ROOT / "rules"),
            **(env or {}),
        }
        done = program.run(arguments, env=clean, cwd=tmp_path, timeout=timeout)
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


# ---------------------------------------------------------------- a filled database


def entry(number: int, title: str, text: str, lang: str = "en") -> Entry:
    from datetime import UTC, datetime

    return Entry(
        guid=f"guid-{number}",
        url=f"https://outlet{number}.example/story",
        title=title,
        summary=text[:40],
        text=text,
        author="",
        lang=lang,
        published_at=datetime(2024, 3, 26, 10 + number, tzinfo=UTC),
        updated_at=None,
    )


def planned(number: int, publisher: str, one: Entry) -> PlannedVersion:
    return PlannedVersion(
        article_id=None,
        identity=f"import|{publisher}|guid:{one.guid}",
        version=1,
        content_hash=f"hash-{number}",
        publisher=publisher,
        entry=one,
    )


def claim_in(article: Article, quote: str, speaker: Speaker, stance: Stance) -> Claim:
    start = article.text.index(quote)
    return Claim(
        fingerprint=f"claim-{article.version_id}-{stance}",
        article_id=article.id,
        version_id=article.version_id,
        field=ArticleField.TEXT,
        start=start,
        end=start + len(quote),
        quote=quote,
        kind=ClaimKind.INDIRECT,
        speaker=speaker,
        stance=stance,
        hedged=False,
        cue="said",
        proposition=quote,
        quantities=(),
        frames=(),
        keys=("responsibility",),
        said_at=article.at,
        rules=("bridge",),
    )


ACCUSER = Speaker(name="Ada Ostrova", surface="Ostrova", entity="ostrova", side="north")
DENIER = Speaker(name="Bruno Sand", surface=f"Sand{EVIL}", entity="sand", side="south")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three articles (one in Russian), two claims, a contradiction and an alert."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder)
    return folder


def fill(folder: Path) -> None:
    """Put a database there through the store's own verbs."""
    from ledgers import new_ledger

    from monitor.store.ingest import save_imported

    db = new_ledger(f"sqlite:///{folder / 'claimwatch.db'}")
    accusation = "Ostrova said the south blew up the bridge."
    denial = f"Sand denied {EVIL} that the south blew up the bridge."
    save_imported(
        db,
        [
            planned(1, "North Post", entry(1, "South blamed for bridge", accusation)),
            planned(2, f"South{EVIL} Post", entry(2, f"South {EVIL} denies it", denial)),
            planned(3, "Третья газета", entry(3, "Погода", "Завтра дождь.", lang="ru")),
        ],
        backfill=False,
    )
    _judge_all(db, accusation, denial)
    db.close()


def _judge_all(db: Any, accusation: str, denial: str) -> None:
    from datetime import timedelta

    from monitor.store.judging import judging
    from monitor.store.tasks import finish_without_claims, take_articles

    taken = take_articles(db, limit=10, lease_for=timedelta(seconds=60))
    by_publisher = {article.publisher[:5]: article for article in taken.articles}
    first, second, third = by_publisher["North"], by_publisher["South"], by_publisher["Треть"]
    finish_without_claims(db, taken, [third.version_id], [])
    one = claim_in(first, accusation, ACCUSER, Stance.ACCUSE)
    other = claim_in(second, denial, DENIER, Stance.DENY)
    for article, claim in ((first, one), (second, other)):
        findings = Findings(
            article=article,
            matches=(match_of(article),),
            claims=(ThreadedClaim(claim=claim, thread=f"thread-{claim.stance}", is_new=True),),
            origin=f"article:{article.id}",
            **(conflict(one, other) if claim is other else {}),
        )
        with judging(db, taken, article.version_id, claim.keys) as book:
            book.save(findings)


def match_of(article: Article) -> Match:
    return Match(
        article_id=article.id,
        version_id=article.version_id,
        rule_id="bridge",
        rule_version="v1",
        spans=(MatchSpan(field=ArticleField.TEXT, start=0, end=4, term="bridge", entity="bridge"),),
    )


def conflict(one: Claim, other: Claim) -> dict[str, Any]:
    pair = Contradiction(
        left=one.fingerprint,
        right=other.fingerprint,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason="Ada Ostrova says the south did it, Bruno Sand denies it",
        comparator="denial",
        group="bridge",
        disputed="who blew up the bridge",
    )
    alert = Alert(
        fingerprint="alert-bridge",
        kind=AlertKind.CONTRADICTION,
        severity=Severity.HIGH,
        headline="Ostrova and Sand disagree on who blew up the bridge",
        rules=("bridge",),
        labels={"kind": "contradiction", "rule": "bridge"},
        claims=(one.fingerprint, other.fingerprint),
        reason=pair.reason,
        group="bridge",
    )
    told = Notification(alert=alert.fingerprint, receiver="desk")
    return {"contradictions": (pair,), "alerts": (alert,), "notifications": (told,)}
