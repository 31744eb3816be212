"""What a document says about being asked again: tables, no fixtures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.types import Wishes
from monitor.feeds.wishes import frame_of, read_wishes

HOUR = timedelta(hours=1)
ITEM = "<item><title>A</title><ttl>9000</ttl></item>"


def rss(frame: str, after: str = "") -> bytes:
    return f"<?xml version='1.0'?><rss><channel>{frame}{ITEM}{ITEM}{after}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "wishes"),
    [
        (rss(""), Wishes()),
        (rss("<ttl> 60 </ttl>"), Wishes(every=HOUR)),
        (rss("", "<ttl>60</ttl>"), Wishes(every=HOUR)),
        (rss("<ttl>0</ttl>"), Wishes()),
        (rss("<ttl>-5</ttl><ttl>soon</ttl>"), Wishes()),
        (rss("<ttl>999999999</ttl>"), Wishes(every=timedelta(days=366))),
        (rss("<!-- <ttl>60</ttl> --><title><![CDATA[<ttl>30</ttl>]]></title>"), Wishes()),
        # What WordPress writes into every feed is nobody's wish.
        (rss("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>90</ttl>"), Wishes(every=1.5 * HOUR)),
        (rss("<skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>77</hour></skipHours>"),
         Wishes(skip_hours=(0, 3))),
        (rss("", "<skipDays><day>Sunday</day> <day>saturday</day><day>Someday</day></skipDays>"),
         Wishes(skip_days=(5, 6))),
        (rss("<skipHours><hour>1</hour>"), Wishes()),
        (b"<rss><channel><ttl>60</ttl></channel></rss>", Wishes(every=HOUR)),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', Wishes()),
        ("<rss><ttl>60</ttl></rss>".encode("utf-16"), Wishes()),
        (b"", Wishes()),
    ],
)  # fmt: skip
def test_a_document_says_when_its_publisher_wants_to_be_asked(body: bytes, wishes: Wishes) -> None:
    assert read_wishes(body) == wishes


def test_what_stands_inside_entries_is_no_wish_of_the_feed() -> None:
    assert b"9000" not in frame_of(rss("<ttl>60</ttl>"))


def test_comments_that_never_end_cost_one_look_each_and_no_more() -> None:
    hostile = b"<rss>" + b"<!--" * 4_000_000
    assert read_wishes(hostile) == Wishes()
    assert len(frame_of(b"<a>" * 100_000)) <= (128 << 10) + 1
