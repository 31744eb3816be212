"""routes.yml → who is told what, and feeds.yml → what is polled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.problems import did_you_mean
from monitor.core.rules.shapes import FeedsFileShape, RoutesFileShape, read_shape
from monitor.core.types import FeedSpec, Receiver, Route, Routing

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)
# A channel's scheme; or a variable, which may bring the rest of it: "webhook+${DESK_URL}".
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*)?\$\{|[a-z][a-z0-9+.-]*:", re.ASCII)

#: How often a feed may be asked, at most and at least.
MIN_INTERVAL = timedelta(seconds=10)
MAX_INTERVAL = timedelta(days=7)


def read_routing(document: Document, environ: Mapping[str, str]) -> Routing:
    """Receivers with their secrets filled in, and the routes; mistakes are noted in the document."""
    shape = read_shape(document, RoutesFileShape)
    if shape is None:
        return Routing()
    receivers = [
        Receiver(name=name, url=_receiver_url(document, ("receivers", name), url, environ))
        for name, url in shape.receivers.items()
    ]
    for number, route in enumerate(shape.route):
        for index, name in enumerate(route.receivers):
            if name not in shape.receivers:
                loc: Loc = ("route", number, "receivers", index)
                help = did_you_mean(name, shape.receivers) or "define it under 'receivers:'"
                document.problem(loc, "unknown-receiver", f"no receiver is called {name!r}", help=help)
    if shape.route[-1].match:
        last: Loc = ("route", len(shape.route) - 1)
        message = "the last route must take everything"
        document.problem(last, "no-catch-all", message, help="add '- {receivers: [default]}' at the end")
    return Routing(
        receivers=tuple(receivers),
        routes=tuple(Route(receivers=route.receivers, matchers=route.match) for route in shape.route),
    )


def _receiver_url(document: Document, loc: Loc, written: str, environ: Mapping[str, str]) -> str:
    """The URL with its variables filled in; messages show it only as written, never a secret."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if not _VARIABLE_NAME.fullmatch(name):
            help = "capital letters, digits and _: ${CLAIMWATCH_SECRET_DESK_URL}"
            document.problem(loc, "bad-value", f"{found[0]!r} names no environment variable", help=help)
        elif not environ.get(name):
            help = f"set {name} where the service runs, or remove the receiver"
            message = f"the environment variable {name} is not set"
            document.problem(loc, "missing-variable", message, help=help)
        return environ.get(name, "")

    url = _VARIABLE.sub(value, written)
    if not _SCHEME.match(written):
        help = "begin with the channel: stdout:, webhook+https://…"
        document.problem(loc, "bad-url", f"{written!r} does not name a channel", help=help)
    return url


def read_feeds(document: Document) -> tuple[FeedSpec, ...]:
    """The feeds of a file, in its order; mistakes are noted in the document."""
    shape = read_shape(document, FeedsFileShape)
    if shape is None:
        return ()
    feeds: list[FeedSpec] = []
    places: dict[str, Loc] = {}
    for number, feed in enumerate(shape.feeds):
        loc: Loc = ("feeds", number, "url")
        if not _is_web_address(feed.url):
            help = "a feed's address begins with https:// or http://"
            document.problem(loc, "bad-url", f"{feed.url!r} is no address of a feed", help=help)
        if feed.url in places:
            message = f"the feed is there twice; the first is in line {document.place(places[feed.url]).line}"
            document.problem(loc, "duplicate-id", message, help="remove one")
        places.setdefault(feed.url, loc)
        if not MIN_INTERVAL <= feed.interval <= MAX_INTERVAL:
            message = "the interval must lie between 10s and 7d"
            document.problem(("feeds", number, "interval"), "bad-value", message)
        feeds.append(
            FeedSpec(
                url=feed.url,
                publisher=feed.publisher,
                tags=feed.tags,
                lang=feed.lang or "",
                interval=feed.interval,
            )
        )
    return tuple(feeds)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
