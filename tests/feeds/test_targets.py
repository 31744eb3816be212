"""Ordinary addresses are taken apart without httpx, and just as httpx takes them apart."""

from __future__ import annotations

import pytest

from monitor.errors import FetchError
from monitor.feeds import web_urls
from monitor.feeds.web_urls import target_of


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/feed/1.xml",
        "https://www.example.org/news/rss.xml?edition=uk&x=1.2~-_",
        "http://example.org/",
        "https://example.org/?feed=rss2",
        "https://example.org:8443/a/b/",
        "http://example.org:65535/a",
        "http://a-b.example/feed_a/~x/-/",
    ],
)
def test_an_ordinary_address_is_what_httpx_makes_of_it(url: str) -> None:
    assert web_urls._ordinary(url) == web_urls._by_httpx(url)


@pytest.mark.parametrize(
    ("url", "get"),
    [
        ("http://EXAMPLE.org/Feed", b"GET /Feed HTTP/1.1\r\nHost: example.org"),
        ("http://example.org:80/a", b"GET /a HTTP/1.1\r\nHost: example.org"),
        ("https://example.org", b"GET / HTTP/1.1\r\nHost: example.org"),
        ("http://example.org/a/../b", b"GET /b HTTP/1.1\r\nHost: example.org"),
        ("http://example.org/a#part", b"GET /a HTTP/1.1\r\nHost: example.org"),
        ("http://bücher.example/ä", b"GET /%C3%A4 HTTP/1.1\r\nHost: xn--bcher-kva.example"),
        ("http://xn--bcher-kva.example/", b"GET / HTTP/1.1\r\nHost: xn--bcher-kva.example"),
        ("http://example.org:00081/a", b"GET /a HTTP/1.1\r\nHost: example.org:81"),
        ("http://[::1]:81/a", b"GET /a HTTP/1.1\r\nHost: [::1]:81"),
    ],
)
def test_any_other_address_is_httpxs(url: str, get: bytes) -> None:
    assert web_urls._ordinary(url) is None
    assert target_of(url).get == get


@pytest.mark.parametrize(
    "url",
    [
        "http://999.1.1.1/",
        "http://example.org:99999/",
        "http://example.org:65536/",
        "http://user:word@example.org/a",
        "http://example.org/a\r\nX: y",
        "ftp://example.org/a",
        "http://example.org/" + "a" * 2048,
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        target_of(url)
