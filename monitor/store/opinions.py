"""What a model outside was asked and what it said: the record, the cache and the budget in one table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import blake2b

from sqlalchemy import func, select, text, update

from monitor.store.bulk import chunks
from monitor.store.database import Database, database_now
from monitor.store.opinion_tables import opinion

#: What the budget counts in.
BUDGET_WINDOW = timedelta(hours=1)
_ANSWERED = "answered"
# One process at a time counts and asks.
_BUDGET_LOCK = 4_707_118_234

Texts = tuple[str, str]


def known_opinions(
    db: Database, *, model: str, version: str, questions: Iterable[Texts]
) -> dict[Texts, float]:
    """The scores of those questions that this model has answered before."""
    keys = {_key(model, version, texts): texts for texts in questions}
    found: dict[Texts, float] = {}
    with db.read() as connection:
        for some in chunks(sorted(keys)):
            rows = connection.execute(
                select(opinion.c.key, opinion.c.score)
                .where(opinion.c.key.in_(some), opinion.c.outcome == _ANSWERED)
                .order_by(opinion.c.id)
            )
            found |= {keys[row.key]: row.score for row in rows}
    return found


def begin_question(db: Database, *, model: str, version: str, texts: Texts, most_an_hour: int) -> int | None:
    """Note that a question goes out, before it does; its id. None: the last hour's budget is used up.

    Every question counts, answered or not, of all processes and models.
    """
    with db.write() as connection:
        if db.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _BUDGET_LOCK})
        now = database_now(connection)
        spent = connection.scalar(
            select(func.count()).select_from(opinion).where(opinion.c.asked_at > now - BUDGET_WINDOW)
        )
        if (spent or 0) >= most_an_hour:
            return None
        id: int = connection.execute(
            opinion.insert()
            .values(
                key=_key(model, version, texts),
                model=model,
                version=version,
                first=texts[0],
                second=texts[1],
                outcome="asked",
                why="",
                detail="",
                asked_at=now,
            )
            .returning(opinion.c.id)
        ).scalar_one()
        return id


def end_question(db: Database, id: int, *, outcome: str, score: float | None, why: str, detail: str) -> None:
    """Note how the question ended."""
    with db.write() as connection:
        connection.execute(
            update(opinion)
            .where(opinion.c.id == id)
            .values(outcome=outcome, score=score, why=why, detail=detail, ended_at=database_now(connection))
        )


def _key(model: str, version: str, texts: Texts) -> str:
    written = "\x1f".join((model, version, *texts))
    return blake2b(written.encode("utf-8", "replace"), digest_size=16).hexdigest()
