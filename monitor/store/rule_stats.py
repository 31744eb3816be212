"""What the ledger can count about rules: grouped in the database, never loaded row by row.

Matches count by the news' own time (`match.at`), alerts by when they were raised. Days are days in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    TableValuedAlias,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
)

from monitor.store import tables as t
from monitor.store.bulk import state_is
from monitor.store.database import Database
from monitor.store.feedback_tables import feedback, feedback_rule

#: (rule, day as YYYY-MM-DD) → matches
Days = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCounts:
    """Alerts of one rule."""

    raised: int
    # Those that reached nobody, and will not.
    suppressed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was said about findings of one kind that count for one rule."""

    real: int
    noise: int
    outdated: int

    @property
    def all(self) -> int:
        return self.real + self.noise + self.outdated


def matches_by_day(db: Database, *, since: datetime, rule: str = "") -> Days:
    """Matches of each rule (or one) on each day with any."""
    m = t.match
    day = _day(db, m.c.at)
    counted = select(m.c.rule_id, day.label("day"), func.count().label("number")).where(
        m.c.at >= since, m.c.ended_at.is_(None)
    )
    if rule:
        counted = counted.where(m.c.rule_id == rule)
    with db.read() as connection:
        rows = connection.execute(counted.group_by(m.c.rule_id, day))
        return {(row.rule_id, str(row.day)): row.number for row in rows}


def last_matches(db: Database, rules: Iterable[str]) -> dict[str, datetime]:
    """When each of these rules matched last, whenever that was; those that never did are left out."""
    m = t.match
    # One statement: a thousand small ones cost mostly the way to the server and back.
    asked = _texts(db, sorted(set(rules)))
    last = select(func.max(m.c.at)).where(m.c.rule_id == asked.c.value).scalar_subquery()
    with db.read() as connection:
        rows = connection.execute(select(asked.c.value.label("rule"), last.label("last")))
        return {row.rule: row.last for row in rows if row.last is not None}


def alerts_by_rule(db: Database, *, since: datetime, rule: str = "") -> Mapping[str, AlertCounts]:
    """Alerts raised through each rule (or one). An alert with several rules counts for each."""
    al, r, n = t.alert, t.alert_rule, t.notification
    may_reach = select(n.c.id).where(n.c.alert_id == al.c.id, n.c.state != "suppressed").exists()
    counted = (
        select(
            r.c.rule_id, func.count().label("raised"), func.count(case((~may_reach, 1))).label("suppressed")
        )
        .select_from(al)
        .join(r, r.c.alert_id == al.c.id)
        .where(al.c.created_at >= since)
        .group_by(r.c.rule_id)
    )
    if rule:
        counted = counted.where(r.c.rule_id == rule)
    with db.read() as connection:
        return {
            row.rule_id: AlertCounts(raised=row.raised, suppressed=row.suppressed)
            for row in connection.execute(counted)
        }


def suppressions(db: Database, *, since: datetime, rule: str) -> Mapping[str, int]:
    """Why alerts of the rule reached nobody: reason → alerts, most first. One may have several reasons."""
    al, r, n = t.alert, t.alert_rule, t.notification
    number = func.count(n.c.alert_id.distinct())
    counted = (
        select(n.c.reason, number.label("number"))
        .select_from(r)
        .join(al, al.c.id == r.c.alert_id)
        .join(n, n.c.alert_id == al.c.id)
        .where(r.c.rule_id == rule, al.c.created_at >= since, n.c.state == "suppressed")
        .group_by(n.c.reason)
        .order_by(number.desc(), n.c.reason)
    )
    with db.read() as connection:
        return {row.reason or "": row.number for row in connection.execute(counted)}


def words_by_rule(db: Database, *, since: datetime, rule: str = "") -> Mapping[tuple[str, str], Words]:
    """(rule, kind of finding) → the words that stand about findings since then."""
    f, r = feedback, feedback_rule
    counted = (
        select(r.c.rule_id, f.c.kind, f.c.word, func.count().label("number"))
        .select_from(f)
        .join(r, r.c.feedback_id == f.c.id)
        .where(state_is(f, "standing"), f.c.at >= since)
        .group_by(r.c.rule_id, f.c.kind, f.c.word)
    )
    if rule:
        counted = counted.where(r.c.rule_id == rule)
    found: dict[tuple[str, str], dict[str, int]] = {}
    with db.read() as connection:
        for row in connection.execute(counted):
            found.setdefault((row.rule_id, row.kind), {})[row.word] = row.number
    return {
        key: Words(real=words.get("real", 0), noise=words.get("noise", 0), outdated=words.get("outdated", 0))
        for key, words in found.items()
    }


# ---------------------------------------------------------------- one rule


def publishers(db: Database, *, rule: str, since: datetime, top: int) -> tuple[tuple[str, int], ...]:
    """Whose articles the rule matches most: (publisher, matches)."""
    m, a = t.match, t.article
    counted = (
        select(a.c.publisher, func.count().label("number"))
        .select_from(m)
        .join(a, a.c.id == m.c.article_id)
        .where(m.c.rule_id == rule, m.c.at >= since, m.c.ended_at.is_(None))
        .group_by(a.c.publisher)
        .order_by(func.count().desc(), a.c.publisher)
        .limit(top)
    )
    with db.read() as connection:
        return tuple((row.publisher, row.number) for row in connection.execute(counted))


def terms(db: Database, *, rule: str, since: datetime) -> Mapping[tuple[str, str], int]:
    """(term, entity or "") → matches of the rule in which it stands."""
    m = t.match
    unfolded, term, entity = _spans(db)
    counted = (
        select(term.label("term"), entity.label("entity"), func.count(m.c.id.distinct()).label("number"))
        .select_from(m)
        .join(unfolded, text("true") if db.dialect == "postgresql" else text("1"))
        .where(m.c.rule_id == rule, m.c.at >= since, m.c.ended_at.is_(None))
        .group_by(literal_column("1"), literal_column("2"))
    )
    with db.read() as connection:
        return {(row.term or "", row.entity or ""): row.number for row in connection.execute(counted)}


def shared_versions(db: Database, *, rule: str, since: datetime) -> Mapping[str, int]:
    """Other rule → article versions that both match."""
    own, other = t.match.alias("own"), t.match.alias("other")
    counted = (
        select(other.c.rule_id, func.count().label("number"))
        .select_from(own)
        .join(other, and_(other.c.version_id == own.c.version_id, other.c.rule_id != own.c.rule_id))
        .where(own.c.rule_id == rule, own.c.at >= since)
        .where(own.c.ended_at.is_(None), other.c.ended_at.is_(None))
        .group_by(other.c.rule_id)
    )
    with db.read() as connection:
        return {row.rule_id: row.number for row in connection.execute(counted)}


# ---------------------------------------------------------------- dialects


def _texts(db: Database, texts: Iterable[str]) -> TableValuedAlias:
    """These texts as rows of one column, `value`."""
    unfold = func.json_array_elements_text if db.dialect == "postgresql" else func.json_each
    return unfold(literal(list(texts), JSON())).table_valued("value")


def _day(db: Database, at: Any) -> ColumnElement[Any]:
    """The day in UTC; as text it is YYYY-MM-DD."""
    if db.dialect == "postgresql":
        # Writing half a million days as text would take longer than counting them.
        return cast(func.timezone("UTC", at), Date)
    # SQLite keeps times as text that begins with the day.
    return func.substr(cast(at, Text), 1, 10)


def _spans(db: Database) -> tuple[Any, Any, Any]:
    """The spans of `match` as rows, and the two parts of one that are asked for."""
    if db.dialect == "postgresql":
        unfolded = func.json_array_elements(t.match.c.spans).table_valued("value", name="span").lateral()
        one = unfolded.c.value
        return unfolded, one.op("->>")(text("'term'")), one.op("->>")(text("'entity'"))
    unfolded = func.json_each(t.match.c.spans).table_valued("value", name="span")
    one = unfolded.c.value
    return unfolded, func.json_extract(one, "$.term"), func.json_extract(one, "$.entity")
