"""What a word of feedback changes: the status of pairs, and the alerts that still wait to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, update

from monitor.core.types import AlertKind, PairStatus, Suppression
from monitor.store import tables as t
from monitor.store.bulk import chunks, state_is
from monitor.store.columns import index_key
from monitor.store.feedback_tables import feedback

#: Two threads, and the group of their pair; "": of no group.
Sides = tuple[str, str, str]
#: Words by which a finding is no longer shown in lists, nor told.
DISMISSING = (PairStatus.NOISE.value, PairStatus.OUTDATED.value)
#: What was held back goes out after all when the word is taken back this soon.
RELEASE_WITHIN = timedelta(days=1)

# Kinds of alerts that show two claims against each other.
_ABOUT_PAIRS = (
    AlertKind.CONTRADICTION.value,
    AlertKind.UPDATE.value,
    AlertKind.REVERSAL.value,
    AlertKind.REVISION.value,
)
_HELD = Suppression.DISMISSED.value


def match_key(rule_id: str, article_id: int) -> str:
    """Names a match by what stays the same when the article is judged again."""
    return f"{rule_id}|{article_id}"


def pair_key(one: str, other: str) -> str:
    """Names a pair by the threads of its claims: the same claims said again elsewhere are the same pair."""
    return index_key("|".join(sorted((one, other))))


def standing_words(connection: Connection, kind: str, keys: Iterable[str]) -> dict[str, str]:
    """The word that stands, by key; keys without one are left out."""
    return {key: word for (_, key), word in _words(connection, {(kind, key) for key in keys}).items()}


_STANDING_WORDS = select(feedback.c.kind, feedback.c.key, feedback.c.word).where(
    feedback.c.kind.in_(bindparam("kinds", expanding=True)),
    feedback.c.key.in_(bindparam("keys", expanding=True)),
    state_is(feedback, "standing"),
)


def _words(connection: Connection, named: Set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The words that stand, by kind and key, asked for together."""
    kinds = sorted({kind for kind, _ in named})
    found: dict[tuple[str, str], str] = {}
    for some in chunks(sorted({key for _, key in named})):
        for row in connection.execute(_STANDING_WORDS, {"kinds": kinds, "keys": some}):
            if (row.kind, row.key) in named:
                found[row.kind, row.key] = row.word
    return found


# ---------------------------------------------------------------- pairs


def pair_statuses(connection: Connection, pairs: Iterable[Sides]) -> Mapping[Sides, str]:
    """The status of each pair: what was said of the pair, or else of its group or one of its claims.

    A claim or conflict that is noise, or outdated, leaves no contradiction; one that is real proves none.
    """
    # What a pair's status may come from: itself, its threads, its group.
    named = {
        (one, other, group): (
            ("contradiction", pair_key(one, other)),
            ("thread", index_key(one)),
            ("thread", index_key(other)),
            ("group", index_key(group)),
        )
        for one, other, group in pairs
    }
    words = _words(connection, {name for names in named.values() for name in names})
    statuses = {}
    for pair, (itself, *parts) in named.items():
        said = [words.get(name, "") for name in parts]
        dismissed = next((word for word in DISMISSING if word in said), PairStatus.OPEN.value)
        statuses[pair] = words.get(itself, dismissed)
    return statuses


def dismissed_threads(
    connection: Connection, together: Iterable[Sequence[str]]
) -> frozenset[tuple[str, ...]]:
    """Of these claims' threads, alone or in pairs, those that nobody is to be told of."""
    wanted = {tuple(threads) for threads in together}
    pairs = {(threads[0], threads[1], "") for threads in wanted if len(threads) == 2}
    statuses = pair_statuses(connection, pairs)
    words = standing_words(connection, "thread", (index_key(thread) for one in wanted for thread in one))
    return frozenset(
        threads
        for threads in wanted
        if (
            statuses[threads[0], threads[1], ""]
            if len(threads) == 2
            else words.get(index_key(threads[0]), "")
        )
        in DISMISSING
    )


def dismissed_groups(connection: Connection, groups: Iterable[str]) -> frozenset[str]:
    """Of these conflicts, those that nobody is to be told of."""
    wanted = set(groups)
    words = standing_words(connection, "group", map(index_key, wanted))
    return frozenset(group for group in wanted if words.get(index_key(group)) in DISMISSING)


def restate_pairs(connection: Connection, threads: Iterable[str]) -> int:
    """Bring the status of every pair with a claim of these threads up to date; how many changed."""
    left, right = t.claim.alias("left_side"), t.claim.alias("right_side")
    x = t.contradiction
    wanted = sorted(set(threads))
    # Two statements, each on an index: an OR over two tables would read every pair.
    found: dict[int, tuple[str, Sides]] = {}
    for side in (left, right):
        rows = connection.execute(
            select(
                x.c.id, x.c.status, x.c.conflict, left.c.thread.label("one"), right.c.thread.label("other")
            )
            .join(left, left.c.id == x.c.left_id)
            .join(right, right.c.id == x.c.right_id)
            .where(side.c.thread.in_(wanted))
        )
        found |= {row.id: (row.status, (row.one, row.other, row.conflict)) for row in rows}
    statuses = pair_statuses(connection, (pair for _, pair in found.values()))
    changed: dict[str, list[int]] = {}
    for id, (status, pair) in found.items():
        if statuses[pair] != status:
            changed.setdefault(statuses[pair], []).append(id)
    for status, ids in sorted(changed.items()):
        for some in chunks(sorted(ids)):
            connection.execute(update(x).where(x.c.id.in_(some)).values(status=status))
    return sum(map(len, changed.values()))


# ---------------------------------------------------------------- alerts


def alerts_of_match(rule_id: str, article_id: int) -> Select[tuple[int]]:
    """Ids of the alerts on this match."""
    al, r, v = t.alert, t.alert_rule, t.article_version
    return (
        select(al.c.id)
        .join(v, v.c.id == al.c.version_id)
        .join(r, and_(r.c.alert_id == al.c.id, r.c.rule_id == rule_id))
        .where(v.c.article_id == article_id, al.c.kind == "match")
    )


def alerts_of_pair(one: str, other: str) -> Select[tuple[int]]:
    """Ids of the alerts that show a claim of each of the two threads."""
    shows = [
        select(t.alert_claim.c.alert_id)
        .join(t.claim, t.claim.c.id == t.alert_claim.c.claim_id)
        .where(t.claim.c.thread == thread)
        for thread in (one, other)
    ]
    al = t.alert
    return select(al.c.id).where(al.c.kind.in_(_ABOUT_PAIRS), *(al.c.id.in_(shown) for shown in shows))


def alerts_of_group(group: str) -> Select[tuple[int]]:
    """Ids of the alerts on this conflict."""
    return select(t.alert.c.id).where(t.alert.c.conflict == group, t.alert.c.kind.in_(_ABOUT_PAIRS))


def alerts_of_thread(thread: str) -> Select[tuple[int]]:
    """Ids of the alerts that show a claim of the thread."""
    return (
        select(t.alert_claim.c.alert_id)
        .join(t.claim, t.claim.c.id == t.alert_claim.c.claim_id)
        .where(t.claim.c.thread == thread)
    )


def hold_back(connection: Connection, alerts: Select[tuple[int]]) -> int:
    """Suppress what of these alerts still waits to be sent; how many notifications.

    An alert that reached nobody frees its fingerprint: what is found of that conflict later may be told.
    """
    n, al = t.notification, t.alert
    ids = sorted(connection.scalars(alerts))
    if not ids:
        return 0
    held = connection.execute(
        update(n)
        # A message that tells others too goes out; what it says of this one was true when it was fixed.
        .where(n.c.alert_id.in_(ids), state_is(n, "waiting"), ~_speaks_for_others())
        .values(state="suppressed", reason=_HELD, token=None)
    )
    if not held.rowcount:
        return 0
    reached = select(n.c.id).where(
        n.c.alert_id == al.c.id, or_(n.c.state != "suppressed", n.c.reason.is_distinct_from(_HELD))
    )
    for id in connection.scalars(
        select(al.c.id).where(al.c.id.in_(ids), al.c.suppressed.is_(None), ~reached.exists())
    ).all():
        connection.execute(
            update(al)
            .where(al.c.id == id)
            .values(suppressed=_HELD, fingerprint=al.c.fingerprint + _suffix(id))
        )
    return held.rowcount


def _speaks_for_others() -> ColumnElement[bool]:
    return func.coalesce(t.notification.c.message_kind, "").in_(("group", "digest"))


def release(connection: Connection, alerts: Select[tuple[int]], now: datetime) -> int:
    """Let go of what was held back less than a day ago, unless a later alert took its place; how many."""
    n, al = t.notification, t.alert
    rows = connection.execute(
        select(al.c.id, al.c.fingerprint, al.c.suppressed).where(
            al.c.id.in_(sorted(connection.scalars(alerts))), al.c.created_at >= now - RELEASE_WITHIN
        )
    ).all()
    free = []
    for row in rows:
        if row.suppressed == _HELD:
            plain = row.fingerprint.removesuffix(_suffix(row.id))
            taken = connection.scalar(select(func.count()).where(al.c.fingerprint == plain))
            if taken:
                continue
            connection.execute(update(al).where(al.c.id == row.id).values(suppressed=None, fingerprint=plain))
        free.append(row.id)
    released = connection.execute(
        update(n)
        .where(n.c.alert_id.in_(free), n.c.state == "suppressed", n.c.reason == _HELD)
        .values(state="waiting", reason=None, due_at=now)
    )
    return released.rowcount


def _suffix(alert_id: int) -> str:
    return f":{_HELD}:{alert_id}"
