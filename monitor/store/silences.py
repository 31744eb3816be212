"""Silences, from the ledger: added, listed with what they hold, ended; expired ones are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from monitor.core.alerting import Silence, SilenceState
from monitor.core.lines import shorten
from monitor.core.matchers import read_matcher
from monitor.core.types import Matcher
from monitor.errors import UsageError
from monitor.store import tables as t
from monitor.store.bulk import chunks, state_is
from monitor.store.care_tables import silence
from monitor.store.database import Database, database_now
from monitor.store.records import SilenceRecord

LONGEST_AUTHOR = 120
LONGEST_COMMENT = 1000
#: Longer ones are routes in disguise, and hide what they hold for good.
LONGEST = timedelta(days=90)
#: What a silence would hold is counted over so long a time back.
LOOK_BACK = timedelta(days=1)
#: Alerts that are looked at for it, at most: the newest.
MOST_COUNTED = 20_000


def add_silence(
    db: Database,
    matchers: Sequence[Matcher],
    *,
    author: str,
    comment: str,
    ends_at: datetime,
    starts_at: datetime | None = None,
) -> SilenceRecord:
    """Add one; `starts_at` None: now. Raises UsageError for times that make no sense, or no matcher."""
    if not matchers:
        raise UsageError("a silence needs at least one matcher", remedy="such as 'rule = harbour'")
    with db.write() as connection:
        now = database_now(connection)
        start = starts_at or now
        if ends_at <= max(start, now):
            raise UsageError("the silence would be over before it begins", remedy="give a later end")
        if ends_at - start > LONGEST:
            remedy = "add it again when it ends, or leave the alerts out in routes.yml"
            raise UsageError(f"a silence lasts {LONGEST.days} days at most", remedy=remedy)
        row = silence.insert().values(
            matchers=list(map(str, matchers)),
            author=shorten(author, LONGEST_AUTHOR),
            comment=shorten(comment, LONGEST_COMMENT),
            starts_at=start,
            ends_at=ends_at,
            expired_by="",
            created_at=now,
        )
        id = connection.execute(row.returning(silence.c.id)).scalar_one()
        return _records(connection, now, silence.c.id == id)[0]


def expire_silence(db: Database, id: int, *, by: str = "") -> SilenceRecord | None:
    """End it now; None: there is none. Raises UsageError where it is over."""
    with db.write() as connection:
        now = database_now(connection)
        found = _records(connection, now, silence.c.id == id)
        if not found:
            return None
        if found[0].state == SilenceState.EXPIRED.value:
            raise UsageError(
                f"silence {id} is over", remedy="`claimwatch silences list --all` says since when"
            )
        connection.execute(
            update(silence)
            .where(silence.c.id == id)
            .values(
                ends_at=now,
                starts_at=min(found[0].starts_at, now),
                expired_by=shorten(by, LONGEST_AUTHOR) or "somebody",
            )
        )
        return _records(connection, now, silence.c.id == id)[0]


def list_silences(db: Database, *, expired: bool = False) -> tuple[SilenceRecord, ...]:
    """Those that hold or will hold, what ends first in front; with `expired`, then the others."""
    with db.read() as connection:
        now = database_now(connection)
        wanted = () if expired else (silence.c.ends_at > now,)
        found = _records(connection, now, *wanted)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.state == SilenceState.EXPIRED.value,
                one.ends_at.timestamp() * (-1 if one.state == SilenceState.EXPIRED.value else 1),
                one.id,
            ),
        )
    )


def ending_silences(db: Database, soon: timedelta) -> tuple[SilenceRecord, ...]:
    """Those whose authors should hear that they end within `soon`; `would_hold` is not counted."""
    with db.read() as connection:
        now = database_now(connection)
        active = (silence.c.starts_at <= now, silence.c.ends_at > now)
        found = _records(connection, now, *active, silence.c.ends_at <= now + soon, counted=False)
    return tuple(one for one in found if silence_of(one).is_to_be_told(now, soon))


def would_hold(db: Database, matchers: Sequence[Matcher]) -> tuple[int, Mapping[str, int], int]:
    """(alerts of the last day, those of them that the matchers fit by kind, notifications that wait now).

    Alerts that nobody was to be told of anyway do not count.
    """
    with db.read() as connection:
        now = database_now(connection)
        probe = Silence(
            id=0, matchers=tuple(matchers), author="", comment="", starts_at=now, ends_at=now + LONGEST
        )
        recent = _recent(connection, now)
        kinds = Counter(labels.get("kind", "") for labels, _ in recent if probe.fits(labels))
        waiting = sum(count for labels, count in recent if count and probe.fits(labels))
    return len(recent), dict(kinds.most_common()), waiting


def active_silences(connection: Connection, now: datetime) -> tuple[Silence, ...]:
    """Those that hold now."""
    rows = connection.execute(
        select(silence).where(silence.c.ends_at > now, silence.c.starts_at <= now).order_by(silence.c.id)
    )
    return tuple(silence_of(row) for row in rows)


def labels_of(connection: Connection, alert_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The labels of these alerts."""
    found: dict[int, dict[str, str]] = {}
    for some in chunks(sorted(set(alert_ids))):
        rows = connection.execute(select(t.alert.c.id, t.alert.c.labels).where(t.alert.c.id.in_(some)))
        found |= {row.id: dict(row.labels) for row in rows}
    return found


def _recent(connection: Connection, now: datetime) -> list[tuple[dict[str, str], int]]:
    """Labels of alerts of the last day, and how many of their notifications wait."""
    al, n = t.alert, t.notification
    waiting = select(n.c.alert_id, func.count().label("number")).where(state_is(n, "waiting"))
    waiting_by = waiting.group_by(n.c.alert_id).subquery()
    rows = connection.execute(
        select(al.c.labels, func.coalesce(waiting_by.c.number, 0).label("number"))
        .outerjoin(waiting_by, waiting_by.c.alert_id == al.c.id)
        .where(al.c.created_at >= now - LOOK_BACK, al.c.suppressed.is_(None))
        .order_by(al.c.created_at.desc(), al.c.id.desc())
        .limit(MOST_COUNTED)
    )
    return [(dict(row.labels), row.number) for row in rows]


def _records(
    connection: Connection, now: datetime, *wanted: object, counted: bool = True
) -> list[SilenceRecord]:
    n = t.notification
    rows = connection.execute(select(silence).where(*wanted).order_by(silence.c.id)).all()  # type: ignore[arg-type]  # conditions
    held: dict[int, int] = {}
    for some in chunks([row.id for row in rows]):
        by_silence = select(n.c.silence_id, func.count()).where(n.c.silence_id.in_(some))
        held |= {row[0]: row[1] for row in connection.execute(by_silence.group_by(n.c.silence_id))}
    recent = _recent(connection, now) if counted and any(row.ends_at > now for row in rows) else []
    found = []
    for row in rows:
        value = silence_of(row)
        open_ = counted and row.ends_at > now
        found.append(
            SilenceRecord(
                id=row.id,
                state=value.state(now).value,
                matchers=tuple(row.matchers),
                author=row.author,
                comment=row.comment,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                expired_by=row.expired_by,
                held=held.get(row.id, 0),
                would_hold=sum(1 for labels, _ in recent if value.fits(labels)) if open_ else None,
                created_at=row.created_at,
            )
        )
    return found


def silence_of(row: Any) -> Silence:
    """Of a row of `silence`, or of its record."""
    return Silence(
        id=row.id,
        matchers=tuple(map(read_matcher, row.matchers)),
        author=row.author,
        comment=row.comment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
