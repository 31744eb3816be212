"""A ledger with a small story, made by the store's own verbs, and the web application on a real port."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import uvicorn
from ledgers import new_ledger

from monitor.config import Settings
from monitor.core.alerting import plan_notifications, raise_alerts, tell_once
from monitor.core.types import (
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    Condition,
    Contradiction,
    ContradictionKind,
    Entry,
    FeedSpec,
    Findings,
    Grade,
    Match,
    MatchSpan,
    PlannedVersion,
    PriorClaim,
    Reading,
    Receiver,
    Relation,
    Route,
    Routing,
    Rule,
    Scope,
    Severity,
    Speaker,
    Stance,
    ThreadedClaim,
)
from monitor.store.database import Database
from monitor.store.feeds import add_feeds
from monitor.store.health import beat
from monitor.store.ingest import save_imported
from monitor.store.judging import judging
from monitor.store.tasks import take_articles
from monitor.web.app import create_app
from monitor.web.server import listen

RULE_FILE = """\
version: 1
rules:
  - id: dam-claims
    title: What people say about the dam
    owner: river-desk
    severity: high
    match: {any: [{keyword: dam}]}
"""
RULE = Rule(
    id="dam-claims",
    version="v1",
    title="What people say about the dam",
    condition=Condition(operator="keyword", terms=("dam",)),
    severity=Severity.HIGH,
    owner="river-desk",
)
ROUTING = Routing(receivers=(Receiver(name="desk", url="stdout:"),), root=Route(receivers=("desk",)))
SPAN = MatchSpan(field=ArticleField.TITLE, start=0, end=1, term="dam")


@dataclass(frozen=True)
class Rules:
    rules: Mapping[str, Rule] = field(default_factory=lambda: {RULE.id: RULE})


@dataclass(frozen=True)
class Told:
    """One article with one claim in it."""

    name: str
    title: str
    before: str
    quote: str
    after: str
    speaker: str
    publisher: str
    lang: str = "en"
    stance: Stance = Stance.ASSERT
    kind: ClaimKind = ClaimKind.INDIRECT
    url: str = ""
    severity: Severity = Severity.HIGH
    # The name of the earlier one that it contradicts.
    against: str = ""
    hours_ago: float = 1.0

    @property
    def text(self) -> str:
        return self.before + self.quote + self.after


ENGINEER = Told(
    name="engineer",
    title="Engineer warned of cracks for years",
    before="The river rose again on Monday. Ada Brook, who inspected the site, said ",
    quote="the dam had been cracked since the spring",
    after=". Nobody at the ministry answered her letters. She has kept copies.",
    speaker="Ada Brook",
    publisher="Valley News",
    hours_ago=5,
)
MINISTER = Told(
    name="minister",
    title="Minister: dam was sound",
    before="Reporters waited for hours. Carl Weir told them that ",
    quote="the dam had never had a crack before the flood",
    after=". He took no questions.",
    speaker="Carl Weir",
    publisher="River Post",
    stance=Stance.DENY,
    against="engineer",
    hours_ago=1,
)
RUSSIAN = Told(
    name="russian",
    title="Плотина была исправна, заявил министр",
    before="Министр выступил утром. Он заявил: ",
    quote="плотина была исправна до самого паводка",
    after=". Вопросов он не принял.",
    speaker="Карл Вейр",
    publisher="Речной вестник",
    lang="ru",
    kind=ClaimKind.DIRECT,
    against="engineer",
    hours_ago=0.5,
)
STORY = (ENGINEER, MINISTER, RUSSIAN)

SCRIPT = '<script>document.title="owned"</script><img src=x onerror=alert(1)>'
HOSTILE = Told(
    name="hostile",
    title=f"Dam {SCRIPT} \"onmouseover='x'",
    before=f"Before {SCRIPT}. ",
    quote=f"</blockquote></p>{SCRIPT}{{{{ 7*7 }}}}",
    after=f" <b>after</b> {SCRIPT}",
    speaker=f"Eve {SCRIPT}",
    publisher=f"Press {SCRIPT}",
    lang='en"><script>x</script>',
    url="javascript:alert(document.domain)",
    against="engineer",
)


def fill(db: Database, *story: Told) -> None:
    """Store the story: every article, its claim, and the contradictions and alerts that follow."""
    known: dict[str, PriorClaim] = {}
    for told in story:
        save_imported(db, [_version(told)], backfill=False)
        taken = take_articles(db, limit=1, lease_for=timedelta(minutes=5))
        (article,) = taken.articles
        claim = _claim(told, article)
        threaded = ThreadedClaim(claim=claim, thread=f"thread-{told.name}", is_new=True)
        pairs = (_pair(known[told.against].claim, claim),) if told.against in known else ()
        match = Match(
            article_id=article.id,
            version_id=article.version_id,
            rule_id=RULE.id,
            rule_version="v1",
            spans=(SPAN,),
        )
        reading = Reading(article=article, matches=(match,), mentions=())
        rules = Rules({RULE.id: replace(RULE, severity=told.severity)})
        with judging(db, taken, article.version_id, claim.keys) as book:
            raised = raise_alerts(reading, [threaded], pairs, list(known.values()), rules, now=book.now())
            alerts = tell_once(raised, ())
            book.save(
                Findings(
                    article=article,
                    matches=(match,),
                    claims=(threaded,),
                    contradictions=pairs,
                    alerts=alerts,
                    notifications=plan_notifications(alerts, ROUTING, rules),
                    origin=f"article:{article.id}",
                )
            )
        known[told.name] = PriorClaim(
            id=len(known) + 1,
            claim=claim,
            thread=threaded.thread,
            origin=f"article:{article.id}",
            publisher=told.publisher,
        )


def _version(told: Told) -> PlannedVersion:
    entry = Entry(
        guid=told.name,
        url=told.url or f"https://{told.name}.example/dam",
        title=told.title,
        summary="",
        text=told.text,
        author="",
        lang=told.lang,
        published_at=datetime.now(UTC) - timedelta(hours=told.hours_ago),
        updated_at=None,
    )
    return PlannedVersion(
        article_id=None,
        identity=f"import|{told.publisher}|guid:{told.name}",
        version=1,
        content_hash=told.name,
        publisher=told.publisher,
        entry=entry,
    )


def _claim(told: Told, article: Article) -> Claim:
    start = len(told.before)
    return Claim(
        fingerprint=f"claim-{told.name}",
        article_id=article.id,
        version_id=article.version_id,
        field=ArticleField.TEXT,
        start=start,
        end=start + len(told.quote),
        quote=told.quote,
        kind=told.kind,
        speaker=Speaker(name=told.speaker, surface=told.speaker),
        stance=told.stance,
        hedged=False,
        cue="said",
        proposition=told.quote,
        quantities=(),
        frames=(),
        keys=("dam",),
        said_at=article.at,
        rules=(RULE.id,),
    )


def _pair(left: Claim, right: Claim) -> Contradiction:
    return Contradiction(
        left=left.fingerprint,
        right=right.fingerprint,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason=f"{left.speaker.name} says the dam was cracked; {right.speaker.name} says that it was not.",
        comparator="denial",
        group=f"dam-cracked-{right.fingerprint}",
        disputed="whether the dam was cracked",
    )


# ---------------------------------------------------------------- the service


@dataclass
class Site:
    """The application, answering on a real port."""

    url: str
    client: httpx.Client
    db: Database | None

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)


@contextmanager
def ledger(folder: Path) -> Iterator[Database]:
    db = new_ledger(f"sqlite:///{folder / 'claimwatch.db'}")
    try:
        yield db
    finally:
        db.close()


def rules_folder(folder: Path, text: str = RULE_FILE) -> Path:
    rules = folder / "rules"
    (rules / "topics").mkdir(parents=True, exist_ok=True)
    (rules / "topics" / "dam.yml").write_text(text)
    return rules


def settings(folder: Path, **changes: object) -> Settings:
    given: dict[str, object] = {"data_dir": folder, "rules": rules_folder(folder), "port": 0}
    return Settings(**(given | changes))  # type: ignore[arg-type]  # settings by name


@contextmanager
def site(db: Database | None, configured: Settings) -> Iterator[Site]:
    with listen("127.0.0.1", 0) as listening:
        app = create_app(db, configured)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            _await_start(server, thread)
            with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
                yield Site(url=url, client=client, db=db)
        finally:
            server.should_exit = True
            thread.join()


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server died at its start"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.02)


def alive(db: Database) -> None:
    """Feeds to watch and processes that watch them."""
    add_feeds(
        db, [FeedSpec(url=f"https://{name}.example/rss", publisher=name) for name in ("valley", "river")]
    )
    beating(db)


def beating(db: Database) -> None:
    """Processes that were heard of just now; a minute later they are silent."""
    for role in ("poller", "worker"):
        beat(db, role=role, process=f"testhost:{role}")
