"""Judging stored versions again: the wish, the order of work, and what becomes of earlier findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from ledger import (
    a_claim,
    a_contradiction,
    a_match,
    an_alert,
    judge,
    store,
    store_and_take,
    take,
    threaded,
    version,
)
from sqlalchemy import select, update

from monitor.core.types import Findings, Match, Notification, Suppression, ThreadedClaim
from monitor.errors import LeaseLostError
from monitor.store import queries, tasks
from monitor.store import tables as t
from monitor.store.again import again_counts, ask_again, ledger_now, match_changes
from monitor.store.database import Database
from monitor.store.filters import Filters
from monitor.store.tasks import TakenArticles, fail_article, finish_without_claims


def judged(db: Database, *names: str) -> tuple[int, ...]:
    """Articles that were judged when they were news, without matches."""
    taken = store_and_take(db, *names)
    finish_without_claims(db, taken, taken.tasks, [])
    return tuple(taken.tasks)


def again(db: Database, *version_ids: int) -> TakenArticles:
    """Asked for, rested, and taken."""
    ask_again(db, version_ids)
    rested(db)
    return take(db)


def rested(db: Database) -> None:
    with db.write() as connection:
        connection.execute(update(t.task).values(due_at=t.task.c.created_at))


def rows(db: Database, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with db.read() as connection:
        wanted = [table.c[name] for name in columns]
        return sorted(tuple(row) for row in connection.execute(select(*wanted)))


def current(db: Database, **filters: str) -> list[str]:
    return sorted(one.rule for one in queries.list_matches(db, Filters(**filters)))  # type: ignore[arg-type]  # texts only


# ---------------------------------------------------------------- the wish


def test_only_judged_versions_are_asked_for(database: Database) -> None:
    (done,) = judged(database, "done")
    stuck = store_and_take(database, "stuck")
    with database.write() as connection:
        connection.execute(
            update(t.task).where(t.task.c.token.is_not(None)).values(state="stuck", token=None)
        )
    (waiting,) = store(database, version("waiting"))
    assert ask_again(database, [done, waiting, *stuck.tasks]) == 1
    assert rows(database, t.task, "kind", "version_id", "state") == [
        ("again", done, "waiting"),
        ("judge", done, "judged"),
        ("judge", *stuck.tasks, "stuck"),
        ("judge", waiting, "waiting"),
    ]


def test_asking_twice_asks_once(database: Database) -> None:
    versions = judged(database, "one", "two")
    assert [ask_again(database, versions), ask_again(database, versions)] == [2, 2]
    assert again_counts(database).waiting == 2


def test_a_wish_rests_until_every_worker_has_seen_the_rules(database: Database) -> None:
    ask_again(database, judged(database, "one"))
    assert take(database).articles == ()
    rested(database)
    assert [one.title for one in take(database).articles] == ["Title of one"]


def test_what_is_being_judged_again_is_begun_anew(database: Database) -> None:
    """Whoever has it may have begun with the rules of before."""
    versions = judged(database, "one")
    before = again(database, *versions)
    after = again(database, *versions)
    with pytest.raises(LeaseLostError):
        finish_without_claims(database, before, versions, [])
    finish_without_claims(database, after, versions, [])
    assert again_counts(database).waiting == 0


def test_news_that_is_being_judged_is_begun_anew_and_stays_news(database: Database) -> None:
    before = store_and_take(database, "one")
    assert ask_again(database, before.tasks) == 0
    assert take(database).articles == ()
    with pytest.raises(LeaseLostError):
        finish_without_claims(database, before, before.tasks, [])
    rested(database)
    after = take(database)
    assert ([one.backfill for one in after.articles], after.again) == ([False], frozenset())
    assert rows(database, t.task, "kind", "attempts") == [("judge", 1)]


def test_a_version_that_failed_three_times_can_be_asked_for_again(database: Database) -> None:
    versions = judged(database, "one")
    ask_again(database, versions)
    for _ in range(tasks.MAX_ATTEMPTS):
        rested(database)
        fail_article(database, take(database), versions[0], "broken")
    assert (again_counts(database).waiting, again_counts(database).stuck) == (0, 1)
    assert again(database, *versions).again == set(versions)


def test_news_is_taken_before_the_past(database: Database) -> None:
    versions = judged(database, "old")
    ask_again(database, versions)
    rested(database)
    store(database, version("news"))
    first, second = take(database), take(database)
    assert [one.title for one in first.articles] == ["Title of news"]
    assert first.again == frozenset()
    assert [one.title for one in second.articles] == ["Title of old"]
    assert second.again == set(versions)


def test_what_is_judged_again_is_backfill_and_what_is_new_is_not(database: Database) -> None:
    versions = judged(database, "old")
    (article,) = again(database, *versions).articles
    assert article.backfill
    (news,) = store_and_take(database, "news").articles
    assert not news.backfill


# ---------------------------------------------------------------- matches


def finish(db: Database, taken: TakenArticles, matches: Iterable[Match]) -> None:
    finish_without_claims(db, taken, taken.tasks, matches)


def test_a_rule_that_no_longer_matches_ends_its_match_and_keeps_it(database: Database) -> None:
    taken = store_and_take(database, "one")
    (article,) = taken.articles
    finish(database, taken, [a_match(article, "dams"), a_match(article, "ministers")])
    (kept, ended) = sorted(queries.list_matches(database, Filters()), key=lambda one: one.rule)
    began = ledger_now(database)

    finish(database, again(database, article.version_id), [a_match(article, "dams"), a_match(article, "new")])

    assert current(database) == ["dams", "new"]
    assert current(database, rule="ministers") == []
    shown = queries.get_match(database, ended.id)
    assert shown is not None
    assert shown.ended_at is not None
    assert shown.ended_at >= began
    held = queries.get_match(database, kept.id)
    assert held is not None
    assert (held.ended_at, held.backfill, held.created_at) == (None, False, kept.created_at)
    (new,) = queries.list_matches(database, Filters(rule="new"))
    assert new.backfill
    changes = match_changes(database, after=began)
    assert (changes.found, changes.ended) == (1, 1)
    (record,) = queries.list_articles(database, Filters())
    assert record.rules == ("dams", "new")
    assert list(queries.list_articles(database, Filters(rule="ministers"))) == []


def test_a_changed_rule_renews_its_match(database: Database) -> None:
    taken = store_and_take(database, "one")
    (article,) = taken.articles
    finish(database, taken, [a_match(article)])
    (before,) = queries.list_matches(database, Filters())
    (span,) = a_match(article).spans
    finish(
        database,
        again(database, article.version_id),
        [replace(a_match(article), rule_version="r2", spans=(replace(span, term="minister*"),))],
    )
    (after,) = queries.list_matches(database, Filters())
    assert (after.id, after.rule_version, after.spans[0]["term"]) == (before.id, "r2", "minister*")


def test_an_ended_match_can_come_back(database: Database) -> None:
    taken = store_and_take(database, "one")
    (article,) = taken.articles
    finish(database, taken, [a_match(article)])
    finish(database, again(database, article.version_id), [])
    assert current(database) == []
    finish(database, again(database, article.version_id), [a_match(article)])
    assert current(database) == ["dams"]


def test_entities_of_ended_matches_are_no_longer_found(database: Database) -> None:
    taken = store_and_take(database, "one")
    (article,) = taken.articles
    finish(database, taken, [a_match(article, entity="minister")])
    finish(database, again(database, article.version_id), [a_match(article, "new", entity="dam")])
    assert rows(database, t.match_entity, "entity") == [("dam",)]


def test_matches_of_other_versions_are_left_alone(database: Database) -> None:
    taken = store_and_take(database, "one", "two")
    finish(database, taken, [a_match(article) for article in taken.articles])
    finish(database, again(database, taken.articles[0].version_id), [])
    (left,) = queries.list_matches(database, Filters())
    assert left.article.title == "Title of two"


# ---------------------------------------------------------------- claims, alerts, origins


def findings_of(
    taken: TakenArticles, rules: tuple[str, ...], *more: ThreadedClaim, **fields: Any
) -> Findings:
    (article,) = taken.articles
    return Findings(
        article=article,
        matches=tuple(a_match(article, rule) for rule in rules),
        claims=(threaded(a_claim(article, rules=rules)), *more),
        contradictions=(),
        alerts=fields.pop("alerts", ()),
        notifications=fields.pop("notifications", ()),
        origin=fields.pop("origin", "o1"),
        origin_keys=(),
        **fields,
    )


def test_claims_are_filed_under_the_rules_that_match_now(database: Database) -> None:
    taken = store_and_take(database, "one")
    judge(database, taken, findings_of(taken, ("dams", "ministers")))
    judge(database, retaken := again(database, *taken.tasks), findings_of(retaken, ("new", "dams")))
    (claim,) = queries.list_claims(database, Filters())
    assert claim.rules == ("new", "dams")
    assert [row[0] for row in rows(database, t.claim_rule, "rule_id")] == ["dams", "new"]


def test_claims_stay_where_no_rule_matches_any_more(database: Database) -> None:
    taken = store_and_take(database, "one")
    judge(database, taken, findings_of(taken, ("dams",)))
    finish(database, again(database, *taken.tasks), [])
    (claim,) = queries.list_claims(database, Filters())
    assert claim.rules == ()
    assert list(queries.list_claims(database, Filters(rule="dams"))) == []


def test_what_was_told_as_news_is_not_recorded_again_and_new_alerts_are_suppressed(
    database: Database,
) -> None:
    taken = store_and_take(database, "one")
    (article,) = taken.articles
    claim = a_claim(article).fingerprint
    told = an_alert("new_claim:t", claim)
    news = Notification(alert=told.fingerprint, receiver="desk")
    judge(database, taken, findings_of(taken, ("dams",), alerts=(told,), notifications=(news,)))

    held = {"suppressed": Suppression.BACKFILL}
    retaken = again(database, article.version_id)
    alerts = (an_alert("new_claim:t:backfill", claim, **held), an_alert("match:new:1:backfill", **held))
    notifications = tuple(
        Notification(alert=one.fingerprint, receiver="desk", suppressed=Suppression.BACKFILL)
        for one in alerts
    )
    judge(database, retaken, findings_of(retaken, ("dams",), alerts=alerts, notifications=notifications))

    assert rows(database, t.alert, "fingerprint") == [("match:new:1:backfill",), ("new_claim:t",)]
    states = {row[0] for row in rows(database, t.notification, "state")}
    assert states == {"waiting", "suppressed"}
    assert len(rows(database, t.notification, "id")) == 2


def test_an_old_text_keeps_the_origin_that_it_had_as_news(database: Database) -> None:
    """Its copies are no longer looked for after two weeks."""
    taken = store_and_take(database, "one")
    judge(database, taken, findings_of(taken, ("dams",), origin="article:7"))
    retaken = again(database, *taken.tasks)
    judge(database, retaken, findings_of(retaken, ("dams",), origin="article:1"))
    assert rows(database, t.article_version, "origin") == [("article:7",)]


def test_pairs_stand_once(database: Database) -> None:
    first = store_and_take(database, "one")
    judge(database, first, findings_of(first, ("dams",)))
    second = store_and_take(database, "two")
    (article,) = second.articles
    left, right = a_claim(first.articles[0]).fingerprint, a_claim(article).fingerprint
    pair = a_contradiction(left, right)
    judge(database, second, replace(findings_of(second, ("dams",)), contradictions=(pair,)))
    retaken = again(database, first.articles[0].version_id)
    turned = a_contradiction(right, left)
    judge(database, retaken, replace(findings_of(retaken, ("dams",)), contradictions=(turned,)))
    assert len(list(queries.list_contradictions(database, Filters()))) == 1
