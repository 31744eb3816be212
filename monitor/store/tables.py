"""The schema: SQLModel tables and nothing else. Everything outside this room sees the values of core.types.

The ledger on one screen:

    feed ──< article ──< article_version ──< task          what came in, and the work it makes: one of a kind
                              │
                              ├──< match, match_entity      rule × version; the entities that its terms meant
                              ├──< origin_key               hashes by which copies of the text are found
                              └──< claim ──< claim_key      a key: what a claim is about
                                     │  ──< claim_rule
                                     ├──> thread            all appearances of one claim
                                     └──< contradiction     two claims, left and right
    alert ──< alert_claim, alert_rule, alert_waiting       the last: threads whose next origin it waits for
      └────< notification ──< attempt                       one alert × one receiver; every try to deliver it
                 └──> notification                          the one whose message carries it
    article ── article_page                                 its page, where the feed asks for its text
    rule_version, heartbeat                                 rules as they were when used; who is alive
    rules_in_use                                            which rules each process uses

Everything that must happen once has a unique key, and rows are inserted with ON CONFLICT DO NOTHING:
doing the same work again changes nothing.
Work rows (`task`, `notification`) are leased: `token` names the holder and is empty when nobody holds
the row, `due_at` is when it may be taken next (the end of the lease while it is held), `left_by` is the
token of the last holder who closed it or gave it back.
Closed work drops out of the partial indexes, so that taking costs the same with a million rows behind it.
Times come from the database's clock, except `published_at`, `updated_at` and what is derived from them
(`at`, `said_at`: the news' own time, by which lists are ordered).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, Table, UniqueConstraint, false
from sqlmodel import Field

from monitor.store.alert_tables import alert as alert
from monitor.store.alert_tables import alert_claim as alert_claim
from monitor.store.alert_tables import alert_rule as alert_rule
from monitor.store.alert_tables import alert_waiting as alert_waiting
from monitor.store.alert_tables import attempt as attempt
from monitor.store.alert_tables import notification as notification
from monitor.store.columns import Id, SafeText
from monitor.store.rows import Row as Row
from monitor.store.rows import json as _json
from monitor.store.rows import key as _key
from monitor.store.rows import metadata as metadata
from monitor.store.rows import partial as _partial
from monitor.store.rows import real as _real
from monitor.store.rows import ref as _ref
from monitor.store.rows import time as _time
from monitor.store.rows import words as _text

# ---------------------------------------------------------------- what comes in


class FeedRow(Row, table=True):
    __tablename__ = "feed"
    __table_args__ = (_partial("ix_feed_due", "next_poll_at", "id", where="state = 'active'"),)

    id: int | None = _key()
    # Where it is now, after permanent redirects.
    url: str = _text(unique=True)
    # Where somebody asked for it.
    asked_url: str = _text(unique=True)
    # As somebody wants it called; empty: its title.
    publisher: str = _text()
    title: str = _text()
    tags: list[str] = _json()
    lang: str = _text()
    interval_s: float = _real()
    # Nobody named the interval: `pace_s` counts once it is there.
    learned: bool = Field(sa_column_kwargs={"server_default": false()})
    # "never" | "when-summary-only" | "always"
    full_text: str = _text(sa_column_kwargs={"server_default": "never"})
    # The selectors of a page without a feed; empty: it is a feed.
    page: dict[str, str] = Field(sa_type=JSON, nullable=False, sa_column_kwargs={"server_default": "{}"})
    # "active" | "gone" (the publisher said so) | "paused" (feeds.yml no longer lists it)
    # | "removed" (by us; kept because articles refer to it)
    state: str = _text()
    # Whether feeds.yml lists it; what only `feeds add` named is not.
    listed: bool = Field(sa_column_kwargs={"server_default": false()})
    etag: str = _text()
    last_modified: str = _text()
    body_hash: str = _text()
    # While somebody holds it: when the lease ends.
    next_poll_at: datetime = _time()
    last_polled_at: datetime | None = _time(nullable=True)
    last_success_at: datetime | None = _time(nullable=True)
    failures: int = Field()
    last_status: int | None = Field(nullable=True)
    last_reason: str | None = _text(nullable=True)
    last_detail: str = _text()
    lease_until: datetime | None = _time(nullable=True)
    token: str | None = _text(nullable=True)
    # What past polls taught: `core.types.Rhythm`.
    pace_s: float | None = Field(default=None, sa_type=Double, nullable=True)
    quiet_s: float | None = Field(default=None, sa_type=Double, nullable=True)
    last_new_at: datetime | None = _time(nullable=True)
    # What the document asks for: `core.types.Wishes`.
    wishes: dict[str, Any] = Field(sa_type=JSON, nullable=False, sa_column_kwargs={"server_default": "{}"})
    # A permanent redirect that is not yet believed; empty: none.
    move_url: str = _text(sa_column_kwargs={"server_default": ""})
    move_since: datetime | None = _time(nullable=True)
    move_times: int = Field(sa_column_kwargs={"server_default": "0"})
    created_at: datetime = _time()


class ArticleRow(Row, table=True):
    __tablename__ = "article"
    __table_args__ = (
        Index(None, "at", "id"),
        Index(None, "publisher", "at", "id"),
        Index(None, "feed_id", "at", "id"),
    )

    id: int | None = _key()
    identity: str = _text(unique=True)
    feed_id: int | None = _ref("feed.id", nullable=True)
    # The current version's number, id, time and publisher.
    version: int = Field()
    current_id: int | None = Field(sa_type=Id, nullable=True)
    at: datetime = _time()
    publisher: str = _text()
    first_seen_at: datetime = _time()


class ArticleVersionRow(Row, table=True):
    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "version"),)

    id: int | None = _key()
    article_id: int = _ref("article.id")
    version: int = Field()
    content_hash: str = _text()
    url: str = _text()
    publisher: str = _text()
    title: str = _text()
    summary: str = _text()
    text: str = _text()
    author: str = _text()
    lang: str = _text()
    published_at: datetime | None = _time(nullable=True)
    updated_at: datetime | None = _time(nullable=True)
    fetched_at: datetime = _time()
    # Published, or fetched where the publisher does not say.
    at: datetime = _time()
    backfill: bool = Field()
    # Its text was read on the page of the article: no edit of the publisher's.
    from_page: bool = Field(sa_column_kwargs={"server_default": false()})
    # None until it is judged.
    origin: str | None = _text(nullable=True)


class TaskRow(Row, table=True):
    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("kind", "version_id"),
        _partial("ix_task_due", "kind", "due_at", "id", where="state = 'waiting'"),
        _partial("ix_task_stuck", "id", where="state = 'stuck'"),
        Index(None, "version_id"),
    )

    id: int | None = _key()
    # "judge" | "again": judge a version that was judged before, as backfill
    kind: str = _text()
    version_id: int = _ref("article_version.id")
    # "waiting" | "judged" | "stuck"
    state: str = _text()
    # Takes that were not given back.
    attempts: int = Field()
    due_at: datetime = _time()
    token: str | None = _text(nullable=True)
    left_by: str | None = _text(nullable=True)
    error: str = _text()
    created_at: datetime = _time()
    closed_at: datetime | None = _time(nullable=True)


# ---------------------------------------------------------------- what judging finds


class MatchRow(Row, table=True):
    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("rule_id", "version_id"),
        Index(None, "at", "id"),
        Index(None, "rule_id", "at", "id"),
        Index(None, "version_id"),
        _partial("ix_match_standing", "rule_id", "at", where="ended_at IS NULL"),
    )

    id: int | None = _key()
    article_id: int = _ref("article.id")
    version_id: int = _ref("article_version.id")
    rule_id: str = _text()
    rule_version: str = _text()
    spans: list[dict[str, Any]] = _json()
    at: datetime = _time()
    created_at: datetime = _time()
    # Found in an archive, or when stored articles were judged again.
    backfill: bool = Field()
    # When a later judgement of the version no longer found it; None: it holds.
    ended_at: datetime | None = _time(nullable=True)


class MatchEntityRow(Row, table=True):
    __tablename__ = "match_entity"

    version_id: int = _ref("article_version.id", primary_key=True)
    entity: str = _text(primary_key=True)


class RuleVersionRow(Row, table=True):
    __tablename__ = "rule_version"

    rule_id: str = _text(primary_key=True)
    version: str = _text(primary_key=True)
    text: str = _text()
    created_at: datetime = _time()


class OriginKeyRow(Row, table=True):
    __tablename__ = "origin_key"
    __table_args__ = (Index(None, "key", "created_at"),)

    key: str = _text(primary_key=True)
    version_id: int = _ref("article_version.id", primary_key=True)
    origin: str = _text()
    created_at: datetime = _time()


class ThreadRow(Row, table=True):
    __tablename__ = "thread"

    fingerprint: str = _text(primary_key=True)
    created_at: datetime = _time()


class ClaimRow(Row, table=True):
    __tablename__ = "claim"
    __table_args__ = (
        Index(None, "said_at", "id"),
        Index(None, "speaker_entity", "said_at", "id"),
        # Its first claim and its last without reading the others.
        Index(None, "thread", "said_at", "id"),
        Index(None, "version_id"),
    )

    id: int | None = _key()
    fingerprint: str = _text(unique=True)
    article_id: int = _ref("article.id")
    version_id: int = _ref("article_version.id")
    field: str = _text()
    span_start: int = Field()
    span_end: int = Field()
    quote: str = _text()
    kind: str = _text()
    speaker: str = _text()
    # Case-folded, for filters.
    speaker_folded: str = _text()
    speaker_surface: str = _text()
    speaker_entity: str = _text()
    speaker_side: str = _text()
    stance: str = _text()
    hedged: bool = Field()
    cue: str = _text()
    proposition: str = _text()
    quantities: list[dict[str, Any]] = _json()
    frames: list[dict[str, Any]] = _json()
    times: list[dict[str, Any]] = _json()
    places: list[dict[str, Any]] = _json()
    keys: list[str] = _json()
    rules: list[str] = _json()
    said_at: datetime = _time()
    thread: str = Field(sa_type=SafeText, sa_column_args=[ForeignKey("thread.fingerprint")])
    origin: str = _text()
    publisher: str = _text()
    extractor: str = _text()
    # Of what found it: "extractor", "frames", "parser"…; None: found before they were kept.
    versions: dict[str, str] | None = Field(default=None, sa_type=JSON, nullable=True)
    created_at: datetime = _time()


class ClaimKeyRow(Row, table=True):
    """What finds a claim by what it is about: nothing but an index of `claim.keys`, written with its claim.

    A claim has some twenty, so they are numbers, without references to look after, and on SQLite one tree.
    """

    __tablename__ = "claim_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    # columns.key_number of one of `claim.keys`.
    key: int = Field(sa_type=BigInteger, primary_key=True)
    # columns.second_of `claim.said_at`.
    said_second: int = Field(sa_type=BigInteger, primary_key=True)
    claim_id: int = Field(sa_type=BigInteger, primary_key=True)


class ClaimRuleRow(Row, table=True):
    __tablename__ = "claim_rule"

    claim_id: int = _ref("claim.id", primary_key=True)
    rule_id: str = _text(primary_key=True)


class ContradictionRow(Row, table=True):
    __tablename__ = "contradiction"
    __table_args__ = (
        # One row a pair, whichever was found to be left.
        UniqueConstraint("low_id", "high_id"),
        Index(None, "at", "id"),
        Index(None, "left_id"),
        Index(None, "right_id"),
        Index(None, "conflict"),
    )

    id: int | None = _key()
    left_id: int = _ref("claim.id")
    right_id: int = _ref("claim.id")
    low_id: int = Field(sa_type=Id)
    high_id: int = Field(sa_type=Id)
    kind: str = _text()
    scope: str = _text()
    relation: str = _text()
    grade: str = _text()
    score: float = _real()
    reason: str = _text()
    comparator: str = _text()
    # The fingerprint of the group.
    conflict: str = _text()
    disputed: str = _text()
    status: str = _text()
    # Of what found it: "comparators", "frames", "scorer"…; None: found before they were kept.
    versions: dict[str, str] | None = Field(default=None, sa_type=JSON, nullable=True)
    # When the later side was said.
    at: datetime = _time()
    created_at: datetime = _time()


# ---------------------------------------------------------------- who works with what


class HeartbeatRow(Row, table=True):
    __tablename__ = "heartbeat"

    role: str = _text(primary_key=True)
    process: str = _text(primary_key=True)
    at: datetime = _time()
    note: str = _text()


class RulesInUseRow(Row, table=True):
    __tablename__ = "rules_in_use"

    role: str = _text(primary_key=True)
    process: str = _text(primary_key=True)
    host: str = _text()
    folder: str = _text()
    version: str = _text()
    rules: int = Field()
    since: datetime = _time()
    problem: str = _text()
    broken_since: datetime | None = _time(nullable=True)
    seen_at: datetime = _time()


# The same as Core tables, which all statements are written with.
feed: Table = metadata.tables["feed"]
article: Table = metadata.tables["article"]
article_version: Table = metadata.tables["article_version"]
task: Table = metadata.tables["task"]
match: Table = metadata.tables["match"]
match_entity: Table = metadata.tables["match_entity"]
rule_version: Table = metadata.tables["rule_version"]
origin_key: Table = metadata.tables["origin_key"]
thread: Table = metadata.tables["thread"]
claim: Table = metadata.tables["claim"]
claim_key: Table = metadata.tables["claim_key"]
claim_rule: Table = metadata.tables["claim_rule"]
contradiction: Table = metadata.tables["contradiction"]
heartbeat: Table = metadata.tables["heartbeat"]
rules_in_use: Table = metadata.tables["rules_in_use"]
