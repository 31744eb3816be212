"""The demo's articles and publishers, before anything reads them."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from workers.demo_publishers import FORMATS, Outlet, Publishers, read_outlets

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def outlets() -> tuple[Outlet, ...]:
    return read_outlets(NOW)


@pytest.fixture
def publishers(outlets: tuple[Outlet, ...]) -> Iterator[Publishers]:
    with Publishers(outlets) as serving:
        yield serving


def test_there_are_conflicting_accounts_of_one_event_by_several_publishers(
    outlets: tuple[Outlet, ...],
) -> None:
    articles = [article for outlet in outlets for article in outlet.articles]
    assert len(outlets) >= 4
    assert len(articles) >= 15
    assert {outlet.format for outlet in outlets} == set(FORMATS)
    assert sum(len(outlet.articles) for outlet in outlets if outlet.lang == "ru") == 2
    assert all(
        "Crocus" in text or "Крокус" in text for one in articles for text in [" ".join(one.paragraphs)]
    )
    assert all(outlet.site.endswith(".example") for outlet in outlets)


def test_one_article_is_a_copy_of_anothers_text_and_one_is_edited(outlets: tuple[Outlet, ...]) -> None:
    articles = {article.id: article for outlet in outlets for article in outlet.articles}
    (copy,) = [article for article in articles.values() if article.copy_of]
    original = articles[copy.copy_of]
    assert copy.title != original.title
    assert copy.paragraphs[1:] == original.paragraphs[1:]
    (edited,) = [article for article in articles.values() if article.edit]
    assert edited.edit is not None
    assert edited.edit.paragraphs != edited.paragraphs


@pytest.mark.parametrize("number", range(20))
def test_an_article_is_as_long_as_a_short_news_story(outlets: tuple[Outlet, ...], number: int) -> None:
    article = [article for outlet in outlets for article in outlet.articles][number]
    assert 90 <= sum(len(paragraph.split()) for paragraph in article.paragraphs) <= 220


def test_times_end_just_now_keep_their_order_and_fit_into_two_days(outlets: tuple[Outlet, ...]) -> None:
    times = {one.id: one.published_at for outlet in outlets for one in outlet.articles}
    assert NOW - timedelta(minutes=5) < max(times.values()) < NOW
    assert min(times.values()) > NOW - timedelta(days=2)
    assert (
        times["gunmen-storm-hall"] < times["toll-133"] < times["bortnikov-west"] < times["money-from-ukraine"]
    )


@pytest.mark.parametrize("key", ["meridian-wire", "thames-ledger", "sadovoye-koltso", "vistula-herald"])
def test_xml_feeds_are_well_formed_and_grow_with_the_second_wave(publishers: Publishers, key: str) -> None:
    first = feedparser.parse(get(publishers, key)[1])
    publishers.publish_second_wave()
    second = feedparser.parse(get(publishers, key)[1])
    assert not first.bozo
    assert not second.bozo
    assert first.version == publishers.outlets[f"/{key}/feed"].format
    assert 0 < len(first.entries) < len(second.entries)


def test_a_feed_that_has_not_changed_is_not_sent_again(publishers: Publishers) -> None:
    _, _, etag = get(publishers, "podil-courier")
    assert get(publishers, "podil-courier", etag)[0] == 304
    publishers.publish_second_wave()
    assert get(publishers, "podil-courier", etag)[0] == 200
    assert publishers.answers == {200: 2, 304: 1}


def test_the_receiver_takes_an_alert_once_however_often_it_is_sent(publishers: Publishers) -> None:
    for key in ("one", "one", "two"):
        request = urllib.request.Request(
            publishers.base + "/alerts", data=b'{"kind": "match"}', headers={"Idempotency-Key": key}
        )
        urllib.request.urlopen(request, timeout=10).close()
    assert len(publishers.alerts()) == 2


def get(publishers: Publishers, key: str, etag: str = "") -> tuple[int, bytes, str]:
    """Status, body, ETag."""
    request = urllib.request.Request(
        f"{publishers.base}/{key}/feed", headers={"If-None-Match": etag} if etag else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        return error.code, b"", ""
