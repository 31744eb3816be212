"""Rows → records, in batches: a constant number of statements for any number of ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from monitor.core.alerting import AlertStatus, subject_of
from monitor.store import lifecycle
from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.columns import index_key
from monitor.store.database import database_now
from monitor.store.feedback_effects import match_key, standing_words
from monitor.store.records import (
    AlertRecord,
    ArticleRecord,
    ArticleRef,
    ClaimRecord,
    ContradictionRecord,
    MatchRecord,
    NotificationRecord,
    SpeakerRecord,
)
from monitor.store.stories import stories_of

# Rows of Core selects are typed by their columns, which tables made by SQLModel do not tell.
AnyRow = Row[*tuple[Any, ...]]


def article_refs(connection: Connection, version_ids: Iterable[int]) -> dict[int, ArticleRef]:
    """By version id."""
    v = t.article_version
    columns = (v.c.id, v.c.article_id, v.c.url, v.c.title, v.c.publisher, v.c.published_at, v.c.version)
    return {
        row.id: ArticleRef(
            id=row.article_id,
            url=row.url,
            title=row.title,
            publisher=row.publisher,
            published_at=row.published_at,
            version=row.version,
        )
        for some in chunks(set(version_ids))
        for row in connection.execute(select(*columns).where(v.c.id.in_(some)))
    }


def articles(connection: Connection, version_ids: Iterable[int]) -> dict[int, ArticleRecord]:
    """By version id."""
    v, a = t.article_version, t.article
    ids = set(version_ids)
    rules = _rules(connection, ids)
    found: dict[int, ArticleRecord] = {}
    for some in chunks(ids):
        rows = connection.execute(
            select(
                v,
                a.c.version.label("current"),
                a.c.first_seen_at,
                t.feed.c.url.label("feed_url"),
                t.task.c.state,
                t.task.c.error,
            )
            .join(a, a.c.id == v.c.article_id)
            .outerjoin(t.feed, t.feed.c.id == a.c.feed_id)
            .outerjoin(t.task, (t.task.c.version_id == v.c.id) & (t.task.c.kind == "judge"))
            .where(v.c.id.in_(some))
        )
        found |= {row.id: _article(row, tuple(sorted(rules[row.id]))) for row in rows}
    return found


def matches(connection: Connection, ids: Iterable[int]) -> dict[int, MatchRecord]:
    """By match id."""
    rows = _rows(connection, t.match, ids)
    refs = article_refs(connection, (row.version_id for row in rows.values()))
    keys = {id: match_key(row.rule_id, row.article_id) for id, row in rows.items()}
    words = standing_words(connection, "match", keys.values())
    return {
        id: MatchRecord(
            id=id,
            article=refs[row.version_id],
            rule=row.rule_id,
            rule_version=row.rule_version,
            spans=tuple(row.spans),
            status=words.get(keys[id], "open"),
            created_at=row.created_at,
            backfill=row.backfill,
            ended_at=row.ended_at,
        )
        for id, row in rows.items()
    }


def claims(connection: Connection, ids: Iterable[int]) -> dict[int, ClaimRecord]:
    """By claim id."""
    rows = _rows(connection, t.claim, ids)
    refs = article_refs(connection, (row.version_id for row in rows.values()))
    threads = _threads(connection, {row.thread for row in rows.values()})
    words = standing_words(connection, "thread", map(index_key, threads))
    return {
        id: ClaimRecord(
            id=id,
            article=refs[row.version_id],
            quote=row.quote,
            start=row.span_start,
            end=row.span_end,
            field=row.field,
            kind=row.kind,
            speaker=SpeakerRecord(
                name=row.speaker, surface=row.speaker_surface, entity=row.speaker_entity or None
            ),
            stance=row.stance,
            hedged=row.hedged,
            cue=row.cue,
            proposition=row.proposition,
            quantities=tuple(row.quantities),
            thread=row.thread,
            status=words.get(index_key(row.thread), "open"),
            first_seen_at=threads[row.thread].first_seen_at,
            appearances=threads[row.thread].appearances,
            origins=threads[row.thread].origins,
            rules=tuple(row.rules),
            versions=_versions(row),
        )
        for id, row in rows.items()
    }


def contradictions(connection: Connection, ids: Iterable[int]) -> dict[int, ContradictionRecord]:
    """By contradiction id."""
    rows = _rows(connection, t.contradiction, ids)
    sides = claims(connection, (side for row in rows.values() for side in (row.left_id, row.right_id)))
    told = stories_of(connection, (sides[row.right_id].article.id for row in rows.values()))
    return {
        id: ContradictionRecord(
            id=id,
            kind=row.kind,
            scope=row.scope,
            relation=row.relation,
            grade=row.grade,
            score=row.score,
            left=sides[row.left_id],
            right=sides[row.right_id],
            reason=row.reason,
            status=row.status,
            group=row.conflict,
            story=told.get(sides[row.right_id].article.id),
            created_at=row.created_at,
            comparator=row.comparator,
            versions=dict(row.versions or {}),
        )
        for id, row in rows.items()
    }


def _versions(row: AnyRow) -> dict[str, str]:
    """What found a claim; of older rows only the extractor is known."""
    return dict(row.versions or ({"extractor": row.extractor} if row.extractor else {}))


def alerts(connection: Connection, ids: Iterable[int]) -> dict[int, AlertRecord]:
    """By alert id."""
    rows = _rows(connection, t.alert, ids)
    shown: dict[int, list[int]] = defaultdict(list)
    for some in chunks(rows):
        found = connection.execute(
            select(t.alert_claim)
            .where(t.alert_claim.c.alert_id.in_(some))
            .order_by(t.alert_claim.c.alert_id, t.alert_claim.c.place)
        )
        for row in found:
            shown[row.alert_id].append(row.claim_id)
    records = claims(connection, (id for ids_of_one in shown.values() for id in ids_of_one))
    sent = _notifications(connection, rows)
    subjects = {
        id: subject_of(index_key(row.conflict) if row.conflict else "", id) for id, row in rows.items()
    }
    cared = lifecycle.records(connection, subjects.values(), database_now(connection))
    return {
        id: AlertRecord(
            id=id,
            kind=row.kind,
            severity=row.severity,
            headline=row.headline,
            reason=row.reason,
            rules=tuple(row.rules),
            labels=dict(row.labels),
            group=row.conflict or None,
            claims=tuple(records[claim_id] for claim_id in shown[id]),
            created_at=row.created_at,
            notifications=tuple(sent[id]),
            status=cared[subjects[id]].status if subjects[id] in cared else AlertStatus.NEW.value,
            acknowledgement=cared.get(subjects[id]),
        )
        for id, row in rows.items()
    }


def _notifications(
    connection: Connection, alert_ids: Iterable[int]
) -> Mapping[int, list[NotificationRecord]]:
    n, lead = t.notification, t.notification.alias("lead")
    found: dict[int, list[NotificationRecord]] = defaultdict(list)
    for some in chunks(alert_ids):
        rows = connection.execute(
            select(n, lead.c.message_kind.label("carried_as"))
            .outerjoin(lead, lead.c.id == n.c.message_id)
            .where(n.c.alert_id.in_(some))
            .order_by(n.c.id)
        )
        for row in rows:
            found[row.alert_id].append(
                NotificationRecord(
                    id=row.id,
                    receiver=row.receiver,
                    state=row.state,
                    reason=row.reason,
                    attempts=row.attempts,
                    sent_at=row.sent_at,
                    detail=row.detail,
                    message_kind=row.carried_as,
                    message_id=row.message_id,
                    due_at=row.due_at if row.state == "waiting" else None,
                )
            )
    return found


def _article(row: AnyRow, rules: tuple[str, ...]) -> ArticleRecord:
    return ArticleRecord(
        id=row.article_id,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        published_at=row.published_at,
        version=row.version,
        # Versions are numbered from 1 without gaps.
        versions=row.current,
        lang=row.lang,
        feed=row.feed_url,
        first_seen_at=row.first_seen_at,
        state=row.state or "judged",
        error=row.error or "",
        origin=row.origin,
        rules=rules,
        text=row.text,
    )


def _threads(connection: Connection, names: Iterable[str]) -> dict[str, AnyRow]:
    """Of each thread: when it was first said, in how many articles it stands, of how many origins."""
    c = t.claim
    return {
        row.thread: row
        for some in chunks(names)
        for row in connection.execute(
            select(
                c.c.thread,
                func.min(c.c.said_at).label("first_seen_at"),
                func.count(c.c.article_id.distinct()).label("appearances"),
                func.count(c.c.origin.distinct()).label("origins"),
            )
            .where(c.c.thread.in_(some))
            .group_by(c.c.thread)
        )
    }


def _rows(connection: Connection, table: Any, ids: Iterable[int]) -> dict[int, AnyRow]:
    return {
        row.id: row
        for some in chunks(dict.fromkeys(ids))
        for row in connection.execute(select(table).where(table.c.id.in_(some)))
    }


def _rules(connection: Connection, version_ids: Iterable[int]) -> Mapping[int, list[str]]:
    """The rules that match each version now."""
    m = t.match
    found: dict[int, list[str]] = defaultdict(list)
    for some in chunks(version_ids):
        held = select(m.c.version_id, m.c.rule_id).where(m.c.version_id.in_(some), m.c.ended_at.is_(None))
        for version_id, rule_id in connection.execute(held):
            found[version_id].append(rule_id)
    return found
