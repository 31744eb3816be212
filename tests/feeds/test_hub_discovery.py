"""Which hub a feed offers: headers and documents, broken ones too."""

from __future__ import annotations

import pytest

from monitor.core.types import NO_HUB, Hub
from monitor.feeds.hubs import offered

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
