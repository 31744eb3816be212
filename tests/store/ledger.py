"""Small values for tests of the ledger: articles stored and taken, claims, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.types import (
    Alert,
    AlertKind,
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    ClaimPlace,
    ClaimTime,
    Contradiction,
    ContradictionKind,
    Entry,
    Findings,
    FrameUse,
    Grade,
    Match,
    MatchSpan,
    PlannedVersion,
    PollPlan,
    Quantity,
    Relation,
    Scope,
    Severity,
    Speaker,
    Stance,
    ThreadedClaim,
    Validators,
)
from monitor.errors import LeaseLostError
from monitor.store import tables as t
from monitor.store.database import Database
from monitor.store.feeds import LeasedFeed
from monitor.store.ingest import save_imported
from monitor.store.judging import judging
from monitor.store.polls import Polled, Unchanged, save_polls
from monitor.store.tasks import TakenArticles, take_articles

MINUTE = timedelta(minutes=1)
AT = datetime(2024, 3, 23, 10, tzinfo=UTC)


def save_poll(db: Database, leased: LeasedFeed, plan: PollPlan, *, status: int = 200) -> tuple[int, ...]:
    """One poll alone, as the poller stores many; raises LeaseLostError where the feed is not ours."""
    return _only(save_polls(db, polled=[Polled(leased=leased, plan=plan, status=status)]), leased)


def save_unchanged(
    db: Database,
    leased: LeasedFeed,
    *,
    status: int,
    next_poll_at: datetime,
    validators: Validators | None = None,
) -> None:
    """One feed that did not change, alone."""
    fresh = validators or leased.feed.validators
    one = Unchanged(
        leased=leased,
        status=status,
        next_poll_at=next_poll_at,
        validators=fresh,
        rhythm=leased.feed.rhythm,
        url=leased.feed.url,
        move=leased.feed.move,
    )
    _only(save_polls(db, unchanged=[one]), leased)


def _only(saved: Mapping[int, tuple[int, ...]], leased: LeasedFeed) -> tuple[int, ...]:
    if leased.feed.id not in saved:
        raise LeaseLostError(leased.feed.url)
    return saved[leased.feed.id]


def version(name: str, *, number: int = 1, text: str = "", **fields: object) -> PlannedVersion:
    """A version of the article called `name`; `fields` replace the entry's."""
    publisher = str(fields.pop("publisher", "The Wire"))
    entry = Entry(
        guid=name,
        url=f"https://wire.example/{name}",
        title=f"Title of {name}",
        summary="",
        text=text or f"The minister said the dam of {name} held.",
        author="",
        lang="en",
        published_at=AT,
        updated_at=None,
    )
    return PlannedVersion(
        article_id=None,
        identity=f"import|The Wire|guid:{name}",
        version=number,
        content_hash=f"hash {name} {number}",
        publisher=publisher,
        entry=replace(entry, **fields),  # type: ignore[arg-type]  # fields by name
    )


def store(db: Database, *versions: PlannedVersion) -> tuple[int, ...]:
    return save_imported(db, versions, backfill=False)


def reopen(db: Database) -> None:
    """All articles wait again, as if nobody had judged them."""
    with db.write() as connection:
        connection.execute(
            t.task.update().values(state="waiting", attempts=0, token=None, due_at=t.task.c.created_at)
        )


def take(db: Database, limit: int = 50, lease_for: timedelta = MINUTE) -> TakenArticles:
    return take_articles(db, limit=limit, lease_for=lease_for)


def store_and_take(db: Database, *names: str) -> TakenArticles:
    store(db, *(version(name) for name in names))
    return take(db)


def a_claim(
    article: Article,
    *,
    name: str = "",
    stance: Stance = Stance.ASSERT,
    keys: tuple[str, ...] = ("dam",),
    speaker: str = "The Minister",
    entity: str = "minister",
    rules: tuple[str, ...] = ("dams",),
) -> Claim:
    quote = "the dam"
    start = article.text.index(quote)
    return Claim(
        fingerprint=name or f"claim {article.version_id} {stance} {speaker}",
        article_id=article.id,
        version_id=article.version_id,
        field=ArticleField.TEXT,
        start=start,
        end=start + len(quote),
        quote=quote,
        kind=ClaimKind.INDIRECT,
        speaker=Speaker(name=speaker, surface="The minister", entity=entity, side="government"),
        stance=stance,
        hedged=False,
        cue="said",
        proposition="The dam held.",
        quantities=(Quantity(value=2.0, bound="at_least", unit="dam", surface="at least two dams"),),
        frames=(FrameUse(frame="holding", affirmed=stance is Stance.ASSERT, roles=(("what", "dam"),)),),
        keys=keys,
        said_at=article.at,
        rules=rules,
        times=(
            ClaimTime(
                begins_at=article.at,
                ends_at=article.at + timedelta(hours=1),
                bound="about",
                surface="at noon",
            ),
        ),
        places=(ClaimPlace(name="Oska", entity="oska", relation="north_of", surface="north of Oska"),),
    )


def threaded(claim: Claim, thread: str = "") -> ThreadedClaim:
    return ThreadedClaim(claim=claim, thread=thread or f"thread of {claim.stance}", is_new=True)


def a_match(article: Article, rule: str = "dams", entity: str = "minister") -> Match:
    start = article.text.index("minister")
    span = MatchSpan(field=ArticleField.TEXT, start=start, end=start + 8, term="minister", entity=entity)
    return Match(
        article_id=article.id, version_id=article.version_id, rule_id=rule, rule_version="r1", spans=(span,)
    )


def a_contradiction(left: str, right: str) -> Contradiction:
    return Contradiction(
        left=left,
        right=right,
        kind=ContradictionKind.DENIAL,
        scope=Scope.CROSS,
        relation=Relation.CONTRADICTION,
        grade=Grade.STRONG,
        score=0.9,
        reason="One says that the dam held, the other denies it.",
        comparator="denial",
        group="did-the-dam-hold",
        disputed="whether the dam held",
    )


def an_alert(fingerprint: str, *claims: str, **fields: object) -> Alert:
    alert = Alert(
        fingerprint=fingerprint,
        kind=AlertKind.CONTRADICTION if len(claims) == 2 else AlertKind.NEW_CLAIM,
        severity=Severity.HIGH,
        headline="The Ministry and the Mayor contradict each other.",
        rules=("dams",),
        labels={"kind": "contradiction", "rule": "dams"},
        claims=claims,
        reason="One says that the dam held, the other denies it.",
        group="did-the-dam-hold" if len(claims) == 2 else "",
    )
    return replace(alert, **fields)  # type: ignore[arg-type]  # fields by name


def judge(db: Database, taken: TakenArticles, findings: Findings) -> None:
    """Save findings as a worker would."""
    keys = {key for one in findings.claims for key in one.claim.keys}
    with judging(db, taken, findings.article.version_id, keys) as book:
        book.save(findings)
