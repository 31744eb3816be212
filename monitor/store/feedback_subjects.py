"""What people point at when they give feedback: the ids of the reading commands → what does not change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from monitor.store import tables as t
from monitor.store.bulk import chunks
from monitor.store.columns import index_key
from monitor.store.database import Database
from monitor.store.feedback_effects import (
    alerts_of_group,
    alerts_of_match,
    alerts_of_pair,
    alerts_of_thread,
    match_key,
    pair_key,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that feedback can be about, as it is now."""

    # "match" | "contradiction" | "thread" | "group"
    kind: str
    # As people name it: "match:12".
    name: str
    # By what it is known when it is judged again.
    key: str
    # In words, for people; text from feeds.
    title: str
    rules: tuple[str, ...]
    at: datetime
    # Threads whose pairs it concerns; none for a match.
    threads: tuple[str, ...] = ()
    article_id: int | None = None
    rule_version: str = ""
    extractor: str = ""
    comparator: str = ""

    def alerts(self) -> Select[tuple[int]]:
        """Ids of the alerts that are about it."""
        match self.kind:
            case "match":
                assert self.article_id is not None
                return alerts_of_match(self.rules[0], self.article_id)
            case "contradiction":
                return alerts_of_pair(*self.threads)
            case "group":
                return alerts_of_group(self.name.removeprefix("group:"))
            case _:
                return alerts_of_thread(self.threads[0])


def find_subjects(db: Database, name: str) -> tuple[Subject, ...]:
    """Everything that a name can mean; none where there is no such thing.

    `match:12`, `contradiction:12`, `thread:NAME`, `group:NAME` (a whole conflict); `claim:12` is the thread
    of that claim and `alert:12` what the alert told. A bare number is a match, a contradiction, or both; any
    other word a thread or a group.
    """
    kind, colon, rest = name.partition(":")
    with db.read() as connection:
        if colon and kind in _KINDS:
            found = _KINDS[kind](connection, rest)
            return (found,) if found else ()
        kinds = ("match", "contradiction") if _number(name) is not None else ("thread", "group")
        return tuple(found for kind in kinds if (found := _KINDS[kind](connection, name)))


def _number(text: str) -> int | None:
    """A row's id; None: not one that a database could hold."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _match(connection: Connection, name: str) -> Subject | None:
    m, v = t.match, t.article_version
    row = connection.execute(
        select(m, v.c.title, v.c.url).join(v, v.c.id == m.c.version_id).where(m.c.id == _number(name))
    ).first()
    if row is None:
        return None
    return Subject(
        kind="match",
        name=f"match:{row.id}",
        key=match_key(row.rule_id, row.article_id),
        title=row.title or row.url,
        rules=(row.rule_id,),
        at=row.at,
        article_id=row.article_id,
        rule_version=row.rule_version,
    )


def _contradiction(connection: Connection, name: str) -> Subject | None:
    return _pair(connection, t.contradiction.c.id == _number(name))


def _pair(connection: Connection, *where: object) -> Subject | None:
    x, left, right = t.contradiction, t.claim.alias("left_side"), t.claim.alias("right_side")
    row = connection.execute(
        select(
            x.c.id,
            x.c.at,
            x.c.comparator,
            x.c.disputed,
            x.c.reason,
            x.c.left_id,
            x.c.right_id,
            left.c.thread.label("one"),
            right.c.thread.label("other"),
            left.c.extractor,
        )
        .join(left, left.c.id == x.c.left_id)
        .join(right, right.c.id == x.c.right_id)
        .where(*where)  # type: ignore[arg-type]  # conditions on columns, which tables made by SQLModel do not type
    ).first()
    if row is None:
        return None
    return Subject(
        kind="contradiction",
        name=f"contradiction:{row.id}",
        key=pair_key(row.one, row.other),
        title=row.disputed or row.reason,
        rules=_rules(connection, t.claim_rule.c.claim_id.in_([row.left_id, row.right_id])),
        at=row.at,
        threads=(row.one, row.other),
        extractor=row.extractor,
        comparator=row.comparator,
    )


def _thread(connection: Connection, name: str) -> Subject | None:
    c = t.claim
    first = select(c.c.id, c.c.quote, c.c.speaker, c.c.extractor).where(c.c.thread == name)
    row = connection.execute(first.order_by(c.c.said_at, c.c.id).limit(1)).first()
    if row is None:
        return None
    claims = select(c.c.id).where(c.c.thread == name)
    return Subject(
        kind="thread",
        name=f"thread:{name}",
        key=index_key(name),
        title=f"{row.speaker}: {row.quote}",
        rules=_rules(connection, t.claim_rule.c.claim_id.in_(claims)),
        at=connection.execute(select(func.max(c.c.said_at)).where(c.c.thread == name)).scalar_one(),
        threads=(name,),
        extractor=row.extractor,
    )


def _group(connection: Connection, name: str) -> Subject | None:
    """A whole conflict: all its pairs, those that are still to come too."""
    x, left, right = t.contradiction, t.claim.alias("left_side"), t.claim.alias("right_side")
    pairs = connection.execute(
        select(
            x.c.at,
            x.c.disputed,
            x.c.reason,
            x.c.left_id,
            x.c.right_id,
            left.c.thread.label("one"),
            right.c.thread.label("other"),
            left.c.extractor,
        )
        .join(left, left.c.id == x.c.left_id)
        .join(right, right.c.id == x.c.right_id)
        .where(x.c.conflict == name)
        .order_by(x.c.id)
    ).all()
    if not pairs:
        return None
    claims = {side for row in pairs for side in (row.left_id, row.right_id)}
    rules = {
        rule
        for some in chunks(sorted(claims))
        for rule in _rules(connection, t.claim_rule.c.claim_id.in_(some))
    }
    return Subject(
        kind="group",
        name=f"group:{name}",
        key=index_key(name),
        title=pairs[0].disputed or pairs[0].reason,
        rules=tuple(sorted(rules)),
        at=max(row.at for row in pairs),
        threads=tuple(sorted({thread for row in pairs for thread in (row.one, row.other)})),
        extractor=pairs[0].extractor,
    )


def _claim(connection: Connection, name: str) -> Subject | None:
    thread = connection.scalar(select(t.claim.c.thread).where(t.claim.c.id == _number(name)))
    return _thread(connection, thread) if thread else None


def _alert(connection: Connection, name: str) -> Subject | None:
    """What an alert told: its match, its contradiction, or the thread of its new claim."""
    alert = connection.execute(select(t.alert).where(t.alert.c.id == _number(name))).first()
    if alert is None:
        return None
    shown = list(
        connection.scalars(
            select(t.alert_claim.c.claim_id)
            .where(t.alert_claim.c.alert_id == alert.id)
            .order_by(t.alert_claim.c.place)
        )
    )
    if len(shown) == 2:
        x = t.contradiction
        return _pair(connection, x.c.low_id == min(shown), x.c.high_id == max(shown))
    if shown:
        return _claim(connection, str(shown[0]))
    m = t.match
    match = connection.scalar(
        select(m.c.id).where(m.c.version_id == alert.version_id, m.c.rule_id.in_(alert.rules))
    )
    return _match(connection, str(match)) if match else None


def _rules(connection: Connection, of_claims: object) -> tuple[str, ...]:
    r = t.claim_rule
    asked = select(r.c.rule_id).distinct().where(of_claims).order_by(r.c.rule_id)  # type: ignore[arg-type]  # a condition
    return tuple(connection.scalars(asked))


_KINDS: Mapping[str, Callable[[Connection, str], Subject | None]] = {
    "match": _match,
    "contradiction": _contradiction,
    "thread": _thread,
    "group": _group,
    "claim": _claim,
    "alert": _alert,
}
