"""Which hub a feed offers: headers and documents, broken ones too."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.core.types import NO_HUB, Hub
from monitor.feeds.child_answers import snapshot
from monitor.feeds.drafts import finish
from monitor.feeds.hubs import checked, offered
from monitor.feeds.json_feed import read

URL = "https://paper.example/news/feed.xml"
HUB, SELF = "https://hub.example/", "https://paper.example/feed"
ATOM = f'<feed><link rel="hub" href="{HUB}"/><link href="{SELF}" rel="self"/><entry/></feed>'


@pytest.mark.parametrize(
    ("header", "body", "hub"),
    [
        ("", ATOM, Hub(HUB, SELF)),
        ("", ATOM.replace("link", "atom10:link").replace('"', "'"), Hub(HUB, SELF)),
        ("", f'<rss><channel><atom:link rel="hub" href="{HUB}"/></channel></rss>', Hub(HUB, URL)),
        (f'<{HUB}>; rel="hub", <{SELF}>; rel=self', "", Hub(HUB, SELF)),
        (f'<{SELF}>; rel="self hub"', "", Hub(SELF, SELF)),
        # A comma in an address; a relation that is none of ours; the headers go first, and the first of them.
        (
            f'</a,b>; rel="next", <{HUB}a,b>; title="x, y"; rel=hub, <{HUB}z>; rel=hub',
            ATOM,
            Hub(f"{HUB}a,b", SELF),
        ),
        (
            "",
            '<feed><link rel="hub" href="/hub?a=1&amp;b=2"/></feed>',
            Hub("https://paper.example/hub?a=1&b=2", URL),
        ),
        # Inside entries and comments a link means something else.
        ("", f'<rss><item><link rel="hub" href="{HUB}"/></item></rss>', NO_HUB),
        ("", f'<feed><!-- <link rel="hub" href="{HUB}"/> --></feed>', NO_HUB),
        ("", '<feed><link rel="hub" href="javascript:alert(1)"/></feed>', NO_HUB),
        ("", '<feed><link rel="hub" href="https://user:pass@hub.example/"/></feed>', NO_HUB),
        ("", '<feed><link rel="hub" href="http://[::bad"/></feed>', NO_HUB),
        ("", '<feed><link rel="hub" href=""/></feed>', NO_HUB),
        ('<>; rel="hub"; ' + "x" * 8000, "<link " * 5000 + "hub", NO_HUB),
        ("", "<link " + "a" * 100_000 + ' hub="', NO_HUB),
        ("", "", NO_HUB),
    ],
)
def test_a_hub_is_found_where_the_standard_says(header: str, body: str, hub: Hub) -> None:
    assert offered(header, body.encode(), URL) == hub


@pytest.mark.parametrize(
    ("named", "hub"),
    [
        ({"hubs": [{"type": "rssCloud", "url": "/cloud"}, {"type": "WebSub", "url": HUB}]}, Hub(HUB, URL)),
        (
            {"hubs": [{"type": "websub", "url": "/hub"}], "feed_url": SELF},
            Hub("https://paper.example/hub", SELF),
        ),
        ({"hubs": [{"type": "WebSub", "url": "javascript:alert(1)"}]}, NO_HUB),
        ({"hubs": [{"type": "WebSub", "url": "https://user:pass@hub.example/"}]}, NO_HUB),
        ({"hubs": [{"type": "WebSub", "url": "https://hub.example/" + "a" * 5000}]}, NO_HUB),
        ({"hubs": [7, {"type": 7, "url": 7}, {"type": "WebSub"}]}, NO_HUB),
        ({"hubs": {"type": "WebSub", "url": HUB}}, NO_HUB),
        ({}, NO_HUB),
    ],
)
def test_a_json_feed_names_its_hubs_in_its_own_way(named: dict[str, object], hub: Hub) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": []}
    document = read(json.dumps(feed | named).encode())
    assert document is not None
    told = finish(document, url=URL, now=datetime(2026, 3, 1, tzinfo=UTC)) | {"entries": ()}
    assert checked(snapshot(told).hub, URL) == hub
