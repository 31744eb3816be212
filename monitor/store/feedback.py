"""What people say about what was found: real, noise or outdated; kept with who, when, and what found it.

A later word takes the place of an earlier one and takes effect at once; everything that was ever said stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from monitor.core.types import PairStatus
from monitor.errors import UsageError
from monitor.store.bulk import chunks, state_is
from monitor.store.database import Database, database_now
from monitor.store.feedback_effects import DISMISSING, hold_back, release, restate_pairs
from monitor.store.feedback_subjects import Subject
from monitor.store.feedback_tables import feedback, feedback_rule
from monitor.store.judging import COURT_LOCK
from monitor.store.records import ready

#: Longest name of a person, and longest note, in code points.
LONGEST_NAME = 120
LONGEST_NOTE = 2000
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRecord:
    """One word, as the JSON contract has it (docs/json.md)."""

    id: int
    # "match" | "contradiction" | "thread" | "group"
    kind: str
    key: str
    # "real" | "noise" | "outdated"
    word: str
    # "standing" | "replaced" | "undone"
    state: str
    by: str
    note: str
    # As people named it then: "match:12".
    name: str
    # What it is about, in words.
    subject: str
    rules: tuple[str, ...]
    # The article's id, of a match.
    article: int | None
    rule_version: str
    extractor: str
    comparator: str
    # The finding's own time.
    at: datetime
    created_at: datetime
    # When it stopped standing.
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What a word, or taking one back, has changed."""

    subject: Subject
    # The word that stands now; None: none.
    standing: FeedbackRecord | None
    # The word that stood before; empty: none.
    before: str
    # Contradictions whose status changed.
    pairs: int
    # Notifications that are not sent because of it, and that go out after all.
    held_back: int
    released: int


def give_feedback(
    db: Database, subject: Subject, word: PairStatus, *, by: str = "", note: str = ""
) -> Marked:
    """Keep the word and let it take effect. Raises UsageError for a name or note that is too long.

    Saying the same again changes nothing but who said it last.
    """
    if word is PairStatus.OPEN:
        raise ValueError("'open' is the absence of feedback: take_back")
    for name, value, limit in (("name", by, LONGEST_NAME), ("note", note, LONGEST_NOTE)):
        if len(value) > limit:
            raise UsageError(f"the {name} has over {limit} characters", remedy=f"write a shorter {name}")
    with _alone(db) as connection:
        now = database_now(connection)
        standing = _standing(connection, subject)
        if standing is not None:
            _close(connection, standing, "replaced", now)
        row = {
            "kind": subject.kind,
            "key": subject.key,
            "word": word.value,
            "state": "standing",
            "person": by,
            "note": note,
            "rule_version": subject.rule_version,
            "extractor": subject.extractor,
            "comparator": subject.comparator,
            "name": subject.name,
            "subject": subject.title,
            "article_id": subject.article_id,
            "at": subject.at,
            "created_at": now,
        }
        id = connection.execute(insert(feedback).returning(feedback.c.id), row).scalar_one()
        if subject.rules:
            connection.execute(
                insert(feedback_rule), [{"feedback_id": id, "rule_id": rule} for rule in subject.rules]
            )
        return _take_effect(connection, subject, before=standing.word if standing else "", now=now)


def take_back(db: Database, subject: Subject) -> Marked:
    """Undo the word that stands: the one before it, where there was one, stands again.

    Raises UsageError where nothing stands.
    """
    with _alone(db) as connection:
        now = database_now(connection)
        standing = _standing(connection, subject)
        if standing is None:
            raise UsageError(
                f"nobody has said anything about {subject.name}, so there is nothing to undo",
                remedy="`claimwatch feedback list` shows what was said",
            )
        _close(connection, standing, "undone", now)
        earlier = connection.scalar(
            select(feedback.c.id)
            .where(
                feedback.c.kind == subject.kind,
                feedback.c.key == subject.key,
                state_is(feedback, "replaced"),
                feedback.c.id < standing.id,
            )
            .order_by(feedback.c.id.desc())
            .limit(1)
        )
        if earlier is not None:
            connection.execute(
                update(feedback).where(feedback.c.id == earlier).values(state="standing", closed_at=None)
            )
        return _take_effect(connection, subject, before=standing.word, now=now)


def list_feedback(
    db: Database,
    *,
    rule: str = "",
    kind: str = "",
    word: str = "",
    since: datetime | None = None,
    history: bool = False,
    limit: int = 0,
) -> Iterator[FeedbackRecord]:
    """What was said, newest first; with `history`, also what no longer stands. `limit` 0: all."""
    f = feedback
    wanted = select(f).order_by(f.c.id.desc())
    if not history:
        wanted = wanted.where(state_is(f, "standing"))
    for column, value in ((f.c.kind, kind), (f.c.word, word)):
        if value:
            wanted = wanted.where(column == value)
    if since is not None:
        wanted = wanted.where(f.c.created_at >= since)
    if rule:
        r = feedback_rule
        of_rule = select(r.c.feedback_id).where(r.c.feedback_id == f.c.id, r.c.rule_id == rule)
        wanted = wanted.where(of_rule.exists())
    last, left = None, limit or None
    while left is None or left > 0:
        size = _PAGE if left is None else min(left, _PAGE)
        page = wanted.limit(size) if last is None else wanted.where(f.c.id < last).limit(size)
        with db.read() as connection:
            rows = connection.execute(page).all()
            records = _records(connection, rows)
        yield from records
        if len(rows) < size:
            return
        last, left = rows[-1].id, None if left is None else left - len(rows)


def as_answer(marked: Marked) -> dict[str, Any]:
    """What a word has changed, as JSON-ready values (docs/json.md)."""
    return {
        "id": marked.subject.name,
        "standing": ready(marked.standing),
        "before": marked.before or None,
        "pairs": marked.pairs,
        "held_back": marked.held_back,
        "released": marked.released,
    }


# ---------------------------------------------------------------- one word


@contextmanager
def _alone(db: Database) -> Iterator[Connection]:
    """A write transaction beside which nothing is judged and nothing else is said.

    A pair that is stored while it is marked would otherwise come in as open.
    """
    with db.write() as connection:
        if db.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:court)"), {"court": COURT_LOCK})
        yield connection


def _standing(connection: Connection, subject: Subject) -> Row[Any] | None:
    return connection.execute(
        select(feedback).where(
            feedback.c.kind == subject.kind,
            feedback.c.key == subject.key,
            state_is(feedback, "standing"),
        )
    ).first()


def _close(connection: Connection, row: Row[Any], state: str, now: datetime) -> None:
    connection.execute(update(feedback).where(feedback.c.id == row.id).values(state=state, closed_at=now))


def _take_effect(connection: Connection, subject: Subject, *, before: str, now: datetime) -> Marked:
    pairs = restate_pairs(connection, subject.threads) if subject.threads else 0
    row = _standing(connection, subject)
    dismissed = row is not None and row.word in DISMISSING
    held_back = hold_back(connection, subject.alerts()) if dismissed else 0
    released = 0 if dismissed or before not in DISMISSING else release(connection, subject.alerts(), now)
    return Marked(
        subject=subject,
        standing=_records(connection, [row])[0] if row is not None else None,
        before=before,
        pairs=pairs,
        held_back=held_back,
        released=released,
    )


def _records(connection: Connection, rows: Sequence[Row[Any]]) -> list[FeedbackRecord]:
    rules: Mapping[int, list[str]] = defaultdict(list)
    r = feedback_rule
    for some in chunks(row.id for row in rows):
        for one in connection.execute(
            select(r).where(r.c.feedback_id.in_(some)).order_by(r.c.feedback_id, r.c.rule_id)
        ):
            rules[one.feedback_id].append(one.rule_id)
    return [
        FeedbackRecord(
            id=row.id,
            kind=row.kind,
            key=row.key,
            word=row.word,
            state=row.state,
            by=row.person,
            note=row.note,
            name=row.name,
            subject=row.subject,
            rules=tuple(rules[row.id]),
            article=row.article_id,
            rule_version=row.rule_version,
            extractor=row.extractor,
            comparator=row.comparator,
            at=row.at,
            created_at=row.created_at,
            closed_at=row.closed_at,
        )
        for row in rows
    ]
