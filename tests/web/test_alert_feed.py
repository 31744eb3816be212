"""`/alerts.atom`, as a feed reader reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from newsroom import HOSTILE, STORY, Site, alive, fill, ledger, settings, site
from sqlalchemy import select, update

from monitor.core.types import Alert, AlertKind, Notification, Severity
from monitor.store import tables as t
from monitor.store.alerts import raise_own
from monitor.store.database import Database
from monitor.store.queries import AlertRecord, NotificationRecord
from monitor.web.alert_feed import feed_entry, is_news, xml_line

ELEMENTS = tuple(
    "feed id title updated author name generator link entry published category content".split()  # noqa: SIM905
)
ATOM = "{http://www.w3.org/2005/Atom}"


def read(served: Site, query: str = "") -> feedparser.FeedParserDict:
    answer = served.get(f"/alerts.atom{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def settle(db: Database) -> None:
    """As if the alerts had been raised a while ago."""
    with db.write() as connection:
        known = connection.execute(select(t.alert.c.id, t.alert.c.created_at)).all()
        for id, at in known:
            earlier = at - timedelta(hours=1)
            connection.execute(update(t.alert).where(t.alert.c.id == id).values(created_at=earlier))


def own(name: str, **fields: object) -> Alert:
    alert = Alert(
        fingerprint=name,
        kind=AlertKind.HEALTH,
        severity=Severity.HIGH,
        headline=name,
        rules=(),
        labels={"kind": "health"},
    )
    return replace(alert, **fields)  # type: ignore[arg-type]  # fields by name


def test_a_reader_gets_the_alerts_with_both_sides_and_their_addresses(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        empty = read(served)
        assert (empty.entries, empty.feed.updated) == ([], "1970-01-01T00:00:00Z")
        fill(db, *STORY)
        alive(db)
        feed = read(served)
        listed = served.get("/api/v1/alerts").json()["alerts"]
        told = {f"/alerts/{one['id']}": one for one in listed}
        pair = next(one for one in feed.entries if "contradiction" in {tag.term for tag in one.tags})
        alert = told["/alerts/" + pair.link.rpartition("/")[2]]
        assert pair.title == alert["headline"]
        assert served.get("/alerts/" + pair.link.rpartition("/")[2]).status_code == 200
        (content,) = pair.content
        assert content.type == "text/plain"
        for part in ("Ada Brook", "Valley News", *(claim["quote"] for claim in alert["claims"])):
            assert part in content.value
        related = {link.href for link in pair.links if link.rel == "related"}
        assert related == {claim["article"]["url"] for claim in alert["claims"]}
        assert pair.updated == pair.published == alert["created_at"]
        assert feed.feed.updated == max(one.updated for one in feed.entries)
        # Nobody is told twice what the contradiction tells.
        assert 0 < len(feed.entries) < len(listed)
        # The next reading has the same ids, and one of each.
        ids = [one.id for one in read(served).entries]
        assert ids == [one.id for one in feed.entries]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith("urn:uuid:") for one in ids)
        # The parameters are those of the list.
        assert len(read(served, "?limit=1").entries) == 1
        assert read(served, "?rule=no-such-rule").entries == []
        assert len(read(served, "?rule=dam-claims&query=cracked").entries) > 0
        assert read(served, "?limit=1").feed.id != feed.feed.id
        for wrong in ("?limt=1", "?limit=0", "?since=lately"):
            refused = served.get(f"/alerts.atom{wrong}")
            assert refused.status_code == 422
            assert refused.headers["content-type"] == "application/problem+json"
        assert 'type="application/atom+xml"' in served.get("/").text


def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        fill(db, *STORY)

        def again(**headers: str) -> int:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = served.client.get("/alerts.atom", headers=named)
            assert answer.status_code in (200, 304)
            assert answer.status_code == 200 or not answer.content
            return answer.status_code

        fresh = served.get("/alerts.atom")
        # Another alert may still come that was raised in the same second: only the tag is sure.
        assert "last-modified" not in fresh.headers
        assert again(if_none_match=fresh.headers["etag"]) == 304
        settle(db)
        first = served.get("/alerts.atom")
        tag, at = first.headers["etag"], first.headers["last-modified"]
        assert first.headers["cache-control"] == "private, no-cache"
        assert again(if_none_match=f'"other", W/{tag}') == 304
        assert again(if_none_match="*") == 304
        assert again(if_modified_since=at) == 304
        assert again(if_none_match='"other"', if_modified_since=at) == 200
        assert again(if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT") == 200
        assert again(if_modified_since="yesterday") == 200
        head = served.client.head("/alerts.atom")
        assert (head.status_code, head.headers["etag"], head.content) == (200, tag, b"")
        raise_own(db, own("The queue is ill"), [Notification(alert="The queue is ill", receiver="desk")])
        assert again(if_none_match=tag) == 200
        assert again(if_modified_since=at) == 200
        assert read(served).entries[0].title == "The queue is ill"


def test_hostile_text_is_text_and_the_document_stays_xml(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        fill(db, STORY[0], HOSTILE)
        evil = "]]></content><entry/>&amp;<!DOCTYPE x>\x00\x1b[2J\u202e\ufffe\uffff\x0b</title>"
        raise_own(db, own("evil", headline=evil, reason=evil, rules=(evil,)), [])
        body = served.get("/alerts.atom?query=<script>%22'%22&limit=50").content
        ElementTree.fromstring(body)
        raw = served.get("/alerts.atom").content
        root = ElementTree.fromstring(raw)
        assert b"<script" not in raw
        assert {child.tag for child in root.iter()} <= {ATOM + name for name in ELEMENTS}
        titles = [one.findtext(f"{ATOM}title") for one in root.iter(f"{ATOM}entry")]
        assert "]]></content><entry/>&amp;<!DOCTYPE x>\ufffd</title>" in titles  # NUL, as the ledger keeps it
        hrefs = [one.get("href", "") for one in root.iter(f"{ATOM}link")]
        assert all(href.startswith(("http://127.0.0.1", "https://")) for href in hrefs)


def record(reason: str | None, state: str = "suppressed", **labels: str) -> AlertRecord:
    told = NotificationRecord(
        id=1, receiver="desk", state=state, reason=reason, attempts=0, sent_at=None, detail=""
    )
    return AlertRecord(
        id=7,
        kind="match",
        severity="low",
        headline="h",
        reason="",
        rules=(),
        labels=labels,
        group=None,
        claims=(),
        created_at=datetime(2024, 3, 26, 10, 0, 0, 120, tzinfo=UTC),
        notifications=(told,) if reason is not None else (),
    )


@pytest.mark.parametrize(
    ("alert", "shown"),
    [
        (record(None), True),
        (record("no_route"), True),
        (record("silence"), True),
        (record("", state="waiting"), True),
        (record("backfill"), False),
        (record("draft_rule"), False),
        (record("duplicate"), False),
        (record("", state="sent", resolved="3"), False),
    ],
)
def test_what_is_news_to_nobody_is_left_out(alert: AlertRecord, shown: bool) -> None:
    assert is_news(alert) is shown


def test_an_id_outlives_the_address_and_another_ledger_has_others() -> None:
    alert = record(None)
    here, moved = feed_entry(alert, "http://127.0.0.1:8420"), feed_entry(alert, "http://localhost")
    assert here.id == moved.id == "urn:uuid:98d1c6fb-d182-51e8-bb18-9bbc9497ffec"
    assert feed_entry(replace(alert, created_at=alert.created_at + timedelta(seconds=1)), "").id != here.id
    assert here.at == "2024-03-26T10:00:00.000120Z"
    assert xml_line("a\x00\ufffe\nb") == "a b"
