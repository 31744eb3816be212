"""Filters → SQL conditions, for each kind of record.

Each function assumes that its statement has the record's own table and, where it speaks of articles,
`article` and `article_version` joined to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, cast, func, or_, select

from monitor.store import tables as t
from monitor.store.bulk import state_is
from monitor.store.feedback_tables import feedback
from monitor.store.filters import Filters

Conditions = list[ColumnElement[bool]]


def about_articles(filters: Filters) -> Conditions:
    """For rows of `article` joined to one of its versions."""
    version_id = t.article_version.c.id
    conditions = _publication(filters)
    if filters.rule:
        conditions.append(_matched_by(filters.rule, version_id))
    if filters.entity:
        conditions.append(or_(_names(filters.entity, version_id), _spoken(filters.entity, version_id)))
    if filters.speaker:
        c = t.claim.alias("said")
        said = select(c.c.id).where(c.c.version_id == version_id, _speaker(filters.speaker, c))
        conditions.append(said.exists())
    return conditions


def match_conditions(filters: Filters) -> Conditions:
    """For rows of `match` with their articles."""
    conditions: Conditions = [t.match.c.ended_at.is_(None)]
    if filters.rule:
        conditions.append(t.match.c.rule_id == filters.rule)
    if filters.statuses:
        key = t.match.c.rule_id + "|" + cast(t.match.c.article_id, Text)
        conditions.append(_said("match", key).in_(filters.statuses))
    return conditions + about_articles(replace(filters, rule=""))


def about_claims(filters: Filters) -> Conditions:
    """For rows of `claim` with their articles."""
    c = t.claim
    conditions = _publication(filters)
    if filters.rule:
        r = t.claim_rule
        conditions.append(
            select(r.c.claim_id).where(r.c.claim_id == c.c.id, r.c.rule_id == filters.rule).exists()
        )
    if filters.entity:
        conditions.append(or_(c.c.speaker_entity == filters.entity, _names(filters.entity, c.c.version_id)))
    if filters.speaker:
        conditions.append(_speaker(filters.speaker, c))
    if filters.statuses:
        conditions.append(_said("thread", c.c.thread).in_(filters.statuses))
    return conditions


def thread_conditions(filters: Filters, member: FromClause) -> Conditions:
    """For threads, each by its claim `member`: one claim of the thread passes what is asked of claims."""
    conditions: Conditions = []
    if filters.statuses:
        conditions.append(_said("thread", member.c.thread).in_(filters.statuses))
    if said := about_claims(replace(filters, statuses=())):
        one = _claims_with_articles().where(t.claim.c.thread == member.c.thread, *said)
        conditions.append(one.correlate(member).exists())
    return conditions


def contradiction_conditions(filters: Filters) -> Conditions:
    """For rows of `contradiction`."""
    x = t.contradiction
    conditions: Conditions = []
    if filters.relation:
        conditions.append(x.c.relation == filters.relation)
    if filters.statuses:
        conditions.append(x.c.status.in_(filters.statuses))
    if sides := about_claims(replace(filters, statuses=())):
        side = _claims_with_articles().where(t.claim.c.id.in_([x.c.left_id, x.c.right_id]), *sides)
        conditions.append(side.correlate(x).exists())
    return conditions


def alert_conditions(filters: Filters) -> Conditions:
    """For rows of `alert`: what is asked of articles is asked of the one that raised it."""
    al, v, a = t.alert, t.article_version, t.article
    conditions: Conditions = []
    if filters.kind:
        conditions.append(al.c.kind == filters.kind)
    if filters.kinds:
        conditions.append(al.c.kind.in_(filters.kinds))
    if filters.rule:
        r = t.alert_rule
        conditions.append(
            select(r.c.alert_id).where(r.c.alert_id == al.c.id, r.c.rule_id == filters.rule).exists()
        )
    if published := _publication(filters):
        raised_by = select(v.c.id).join(a, a.c.id == v.c.article_id)
        conditions.append(raised_by.where(v.c.id == al.c.version_id, *published).correlate(al).exists())
    if filters.entity:
        conditions.append(
            or_(
                _names(filters.entity, al.c.version_id),
                _shows(t.claim.c.speaker_entity == filters.entity),
            )
        )
    if filters.speaker:
        conditions.append(_shows(_speaker(filters.speaker, t.claim)))
    return conditions


# ---------------------------------------------------------------- parts


def _publication(filters: Filters) -> Conditions:
    conditions: Conditions = []
    if filters.publisher:
        conditions.append(t.article_version.c.publisher == filters.publisher)
    if filters.lang:
        conditions.append(t.article_version.c.lang == filters.lang)
    if filters.feed:
        f = t.feed
        feeds = select(f.c.id).where(or_(f.c.url == filters.feed, f.c.asked_url == filters.feed))
        conditions.append(t.article.c.feed_id.in_(feeds))
    return conditions


def _said(kind: str, key: Any) -> Any:
    """The word that stands about something, "open" where none does. Keys here are short: no index_key."""
    f = feedback
    word = select(f.c.word).where(f.c.kind == kind, f.c.key == key, state_is(f, "standing"))
    return func.coalesce(word.scalar_subquery(), "open")


def _matched_by(rule: str, version_id: Any) -> ColumnElement[bool]:
    m = t.match.alias("matched")
    held = (m.c.version_id == version_id, m.c.rule_id == rule, m.c.ended_at.is_(None))
    return select(m.c.id).where(*held).exists()


def _names(entity: str, version_id: Any) -> ColumnElement[bool]:
    e = t.match_entity
    return select(e.c.entity).where(e.c.version_id == version_id, e.c.entity == entity).exists()


def _spoken(entity: str, version_id: Any) -> ColumnElement[bool]:
    c = t.claim.alias("spoken")
    return select(c.c.id).where(c.c.version_id == version_id, c.c.speaker_entity == entity).exists()


def _speaker(name: str, claims: FromClause) -> ColumnElement[bool]:
    folded = claims.c.speaker_folded.contains(name.casefold(), autoescape=True)
    return or_(folded, claims.c.speaker_entity == name)


def _shows(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    shown = select(t.claim.c.id).join(t.alert_claim, t.alert_claim.c.claim_id == t.claim.c.id)
    return shown.where(t.alert_claim.c.alert_id == t.alert.c.id, condition).correlate(t.alert).exists()


def _claims_with_articles() -> Any:
    return (
        select(t.claim.c.id)
        .join(t.article_version, t.article_version.c.id == t.claim.c.version_id)
        .join(t.article, t.article.c.id == t.article_version.c.article_id)
    )
