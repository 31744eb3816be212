"""Counting per rule in the database: the same numbers as counting by hand, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from ledger import AT, a_match, an_alert, judge, store, take, version

from monitor.core.types import AlertKind, Article, Findings, MatchSpan, Notification, PairStatus, Suppression
from monitor.store import rule_stats
from monitor.store.database import Database
from monitor.store.feedback import give_feedback
from monitor.store.feedback_subjects import find_subjects
from monitor.store.rule_articles import matched_article, matched_articles, newest_articles

DAY = timedelta(days=1)
LONG_AGO = datetime.min.replace(tzinfo=AT.tzinfo)


def terms_of(article: Article, rule: str, *terms: tuple[str, str]):  # type: ignore[no-untyped-def]  # a Match
    spans = tuple(
        MatchSpan(field=a_match(article).spans[0].field, start=0, end=3, term=term, entity=entity)
        for term, entity in terms
    )
    return replace(a_match(article, rule=rule), spans=spans)


@pytest.fixture
def month(database: Database) -> Database:
    """Five articles on three days: `wide` matches all, `narrow` the first two, `old` one of long ago."""
    names = ("a0", "a1", "b0", "c0", "old")
    days = (0, 0, 1, 2, -400)
    store(
        database,
        *(
            version(name, published_at=AT + day * DAY, publisher="Wire" if name[0] == "a" else "Herald")
            for name, day in zip(names, days, strict=True)
        ),
    )
    taken = take(database)
    by_url = {article.url.rpartition("/")[2]: article for article in taken.articles}
    for name in names:
        article = by_url[name]
        if name == "old":
            findings = Findings(article=article, matches=(terms_of(article, "old", ("dam", "")),))
        else:
            matches = [terms_of(article, "wide", ("dam", ""), ("dam", ""), ("Minister", "minister"))]
            if name[0] == "a":
                matches.append(terms_of(article, "narrow", ("flood*", "")))
            findings = Findings(article=article, matches=tuple(matches), **told(name))  # type: ignore[arg-type]  # alerts
        judge(database, taken, findings)
    return database


def told(name: str) -> dict[str, object]:
    """An alert for each of three articles: sent, held back, and to nobody."""
    if name == "c0":
        return {}
    suppressed = Suppression.BACKFILL if name == "a1" else None
    alert = an_alert(f"match:{name}", kind=AlertKind.MATCH, rules=("wide", "narrow"), suppressed=suppressed)
    receiver = "" if name == "b0" else "desk"
    return {
        "alerts": (alert,),
        "notifications": (Notification(alert=alert.fingerprint, receiver=receiver, suppressed=suppressed),),
    }


def test_matches_are_counted_by_rule_and_day(month: Database) -> None:
    assert rule_stats.matches_by_day(month, since=AT - DAY) == {
        ("wide", "2024-03-23"): 2,
        ("wide", "2024-03-24"): 1,
        ("wide", "2024-03-25"): 1,
        ("narrow", "2024-03-23"): 2,
    }
    assert rule_stats.matches_by_day(month, since=AT + DAY, rule="wide") == {
        ("wide", "2024-03-24"): 1,
        ("wide", "2024-03-25"): 1,
    }
    assert rule_stats.matches_by_day(month, since=AT + 9 * DAY) == {}


def test_the_last_match_is_found_also_before_the_window(month: Database) -> None:
    assert rule_stats.last_matches(month, ["wide", "old", "nothing"]) == {
        "wide": AT + 2 * DAY,
        "old": AT - 400 * DAY,
    }


def test_alerts_are_counted_with_those_that_reach_nobody_and_why(month: Database) -> None:
    counts = rule_stats.alerts_by_rule(month, since=LONG_AGO)
    assert counts == {name: rule_stats.AlertCounts(raised=3, suppressed=2) for name in ("wide", "narrow")}
    assert rule_stats.suppressions(month, since=LONG_AGO, rule="wide") == {"backfill": 1, "no_route": 1}
    assert rule_stats.alerts_by_rule(month, since=LONG_AGO, rule="old") == {}


def test_publishers_and_terms_are_counted_by_match(month: Database) -> None:
    since = AT - DAY
    assert rule_stats.publishers(month, rule="wide", since=since, top=5) == (("Herald", 2), ("Wire", 2))
    assert rule_stats.publishers(month, rule="wide", since=since, top=1) == (("Herald", 2),)
    # A term that stands twice in one match counts once.
    assert rule_stats.terms(month, rule="wide", since=since) == {("dam", ""): 4, ("Minister", "minister"): 4}
    assert rule_stats.terms(month, rule="narrow", since=AT + DAY) == {}


def test_shared_versions_are_those_that_both_rules_match(month: Database) -> None:
    assert rule_stats.shared_versions(month, rule="narrow", since=AT - DAY) == {"wide": 2}
    assert rule_stats.shared_versions(month, rule="wide", since=AT - DAY) == {"narrow": 2}
    assert rule_stats.shared_versions(month, rule="old", since=LONG_AGO) == {}


def mark(db: Database, rule: str, *words: PairStatus) -> None:
    """Say these words of the rule's matches, newest first."""
    for found, word in zip(matched_articles(db, rule, unmarked=10), words, strict=False):
        (subject,) = find_subjects(db, f"match:{found.match_id}")
        give_feedback(db, subject, word)


def test_words_are_counted_by_rule_and_kind_and_by_the_time_of_what_they_are_about(month: Database) -> None:
    mark(month, "wide", PairStatus.NOISE, PairStatus.REAL, PairStatus.NOISE)
    assert rule_stats.words_by_rule(month, since=AT - DAY) == {
        ("wide", "match"): rule_stats.Words(real=1, noise=2, outdated=0)
    }
    assert rule_stats.words_by_rule(month, since=AT + 2 * DAY, rule="wide") == {
        ("wide", "match"): rule_stats.Words(real=0, noise=1, outdated=0)
    }
    assert rule_stats.words_by_rule(month, since=AT - DAY, rule="narrow") == {}


def test_matched_articles_are_the_marked_ones_and_the_newest_others_once_each(month: Database) -> None:
    mark(month, "wide", PairStatus.NOISE)
    found = matched_articles(month, "wide", unmarked=2)
    assert [(one.article.url[-2:], one.status) for one in found] == [
        ("c0", "noise"),
        ("b0", "open"),
        ("a1", "open"),
    ]
    assert [one.status for one in matched_articles(month, "wide", unmarked=0)] == ["noise"]
    assert matched_articles(month, "nothing", unmarked=5) == ()


def test_of_several_versions_the_latest_stands_for_the_article(month: Database) -> None:
    (marked, *_) = matched_articles(month, "narrow", unmarked=1)
    mark(month, "narrow", PairStatus.NOISE)
    plan = replace(version("a1", number=2, text="The minister said more."), article_id=marked.article.id)
    store(month, plan)
    taken = take(month)
    (second,) = taken.articles
    judge(month, taken, Findings(article=second, matches=(a_match(second, rule="narrow"),)))
    (latest,) = (one for one in matched_articles(month, "narrow", unmarked=0) if one.status == "noise")
    assert (latest.article.version, latest.article.text) == (2, "The minister said more.")


def test_one_match_is_found_with_its_rule_and_the_newest_articles_in_order(month: Database) -> None:
    found = matched_article(month, matched_articles(month, "old", unmarked=1)[0].match_id)
    assert found is not None
    assert (found[0], found[1].article.url[-3:], found[1].rule_version) == ("old", "old", "r1")
    assert matched_article(month, 4711) is None
    assert [one.url[-2:] for one in newest_articles(month, 3)] == ["c0", "b0", "a1"]
