"""`claimwatch feeds`: what is polled, how it goes, and what is wrong with a feed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.feed_rhythm import pace_words, rhythm_facts, rhythm_json, silence_words
from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import (
    Column,
    ago,
    note,
    when,
    write,
    write_facts,
    write_heading,
    write_json,
    write_rows,
)
from monitor.cli.reading import JsonOption
from monitor.cli.times import parse_interval
from monitor.errors import EXIT_FINDINGS, EXIT_PARTIAL, FetchError, FetchReason

if TYPE_CHECKING:
    from monitor.core.types import Feed, FeedSnapshot
    from monitor.feeds.egress import Fetched

app = typer.Typer(name="feeds", help="The feeds that are polled, and how it goes.", no_args_is_help=True)

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="Address of an RSS, Atom or JSON feed.")]

#: What went wrong, in words, and what can be done about it.
REASONS: dict[FetchReason, tuple[str, str]] = {
    FetchReason.BAD_URL: ("the address is no http or https address", "correct the address"),
    FetchReason.FORBIDDEN_ADDRESS: (
        "the address leads into a private network",
        "allow it with CLAIMWATCH_ALLOW_NETWORKS if it is yours",
    ),
    FetchReason.DNS: ("the name of the server is not known", "check the spelling, and this machine's DNS"),
    FetchReason.CONNECT: ("the server does not accept connections", "is it up, and reachable from here?"),
    FetchReason.TLS: (
        "the encrypted connection failed",
        "its certificate may have run out; tell the publisher",
    ),
    FetchReason.TIMEOUT: (
        "the server took too long",
        "it is tried again; CLAIMWATCH_FETCH_TIMEOUT waits longer",
    ),
    FetchReason.TOO_LARGE: ("the answer is too large for a feed", "does the publisher have a smaller feed?"),
    FetchReason.BAD_ENCODING: ("the answer's compression is broken", "tell the publisher"),
    FetchReason.TOO_MANY_REDIRECTS: ("the address redirects without end", "find the feed's present address"),
    FetchReason.PROTOCOL: ("the server does not speak proper HTTP", "tell the publisher"),
    FetchReason.HTTP_STATUS: (
        "the server refuses the feed",
        "open the address in a browser: is it still there?",
    ),
    FetchReason.RATE_LIMITED: ("the server asks for fewer requests", "poll less often: --interval"),
    FetchReason.GONE: (
        "the publisher says that the feed is gone for good",
        "remove it, or find its successor",
    ),
    FetchReason.NOT_A_FEED: (
        "there is no feed at this address",
        "look for the feed's own address on the site",
    ),
    FetchReason.PARSER_FAILED: ("the feed is broken beyond reading", "tell the publisher"),
}


def _valid_url(url: str) -> str:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or parts.username is not None:
        raise typer.BadParameter(
            f"{url!r} is not the address of a feed; write for example https://example.org/rss.xml "
            "(no user name or password in it)",
            param_hint="URL",
        )
    return url.strip()


@app.command("add")
def add(
    url: UrlArgument,
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Who publishes it; else its title.")] = "",
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="A tag for rules; may repeat.")] = None,
    interval: Annotated[str, typer.Option(metavar="LENGTH", help="How often to look: 90s, 5m, 2h.")] = "5m",
    lang: Annotated[str, typer.Option(metavar="CODE", help="Its language; else as the text says.")] = "",
) -> None:
    """Add a feed, or change the settings of one that is there; it is polled at the next tick."""
    from monitor.core.types import FeedSpec

    try:
        every = parse_interval(interval)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--interval") from None
    if every.total_seconds() < 1:
        raise typer.BadParameter("a feed is polled once a second at most", param_hint="--interval")
    spec = FeedSpec(
        url=_valid_url(url), publisher=publisher, tags=tuple(tag or ()), lang=lang, interval=every
    )
    with open_ledger(create=True) as db:
        from monitor.store.feeds import add_feeds

        added, changed = add_feeds(db, [spec])
    write(f"{'added' if added else 'changed' if changed else 'already there'}: {spec.url}")


@app.command("remove")
def remove(url: UrlArgument) -> None:
    """Stop polling a feed; its articles stay. Exit code 1 where there is none with this address."""
    with open_ledger() as db:
        from monitor.store.feeds import remove_feed

        if not remove_feed(db, url):
            _no_such_feed(url)
    write(f"removed: {url}")


def _no_such_feed(url: str) -> None:
    note(f"error: there is no feed {url}\n  help: `claimwatch feeds list` shows those that exist")
    raise typer.Exit(EXIT_FINDINGS)


def condition(feed: Feed) -> str:
    """How a feed is doing, in words."""
    if feed.state == "gone":
        return "gone: never polled again"
    if feed.state == "paused":
        return "paused: feeds.yml no longer lists it; `claimwatch feeds add` polls it again"
    if feed.last_polled_at is None:
        return "not polled yet"
    if not feed.failures:
        return silence_words(feed, datetime.now(UTC)) or "fine"
    reason = REASONS[feed.last_reason][0] if feed.last_reason else "the last poll failed"
    times = "" if feed.failures == 1 else f", {feed.failures} times in a row"
    return f"failing{times}: {reason}"


@app.command("list")
def list_feeds(json: JsonOption = False) -> None:
    """List the feeds with their state, the last success and the last error in words."""
    with open_ledger() as db:
        from monitor.store.feeds import list_feeds as stored_feeds

        feeds = stored_feeds(db)
    if json:
        write_json(feed_json(feed) for feed in feeds)
        return
    now = datetime.now(UTC)
    columns: tuple[Column[Feed], ...] = (
        Column(title="publisher", cell=lambda feed: feed.publisher or feed.title, ratio=2, style="bold"),
        Column(title="address", cell=lambda feed: feed.url, ratio=4),
        Column(title="every", cell=pace_words),
        Column(title="last success", cell=lambda feed: ago(feed.last_success_at, now)),
        Column(title="state", cell=condition, ratio=3),
    )
    if not write_rows(columns, feeds):
        note(
            "no feeds yet: `claimwatch feeds add URL` adds one, and feeds.yml in the rules folder lists more"
        )


@app.command("show")
def show(url: UrlArgument, json: JsonOption = False) -> None:
    """Show one feed in full. Exit code 1 where there is none with this address."""
    with open_ledger() as db:
        from monitor.store.feeds import list_feeds as stored_feeds

        feed = next((feed for feed in stored_feeds(db) if feed.url == url), None)
    if feed is None:
        _no_such_feed(url)
        return
    if json:
        write_json([feed_json(feed)])
        return
    now = datetime.now(UTC)
    write_heading(feed.title or feed.publisher or feed.url)
    write_facts(
        [
            ("address", feed.url),
            ("publisher", feed.publisher),
            ("tags", ", ".join(feed.tags)),
            ("language", feed.lang),
            ("polled every", pace_words(feed)),
            *rhythm_facts(feed, now),
            ("state", condition(feed)),
            ("last success", _time_and_age(feed.last_success_at, now)),
            ("last poll", _time_and_age(feed.last_polled_at, now)),
            ("last answer", f"HTTP {feed.last_status}" if feed.last_status else ""),
            ("last error", feed.last_detail if feed.failures else ""),
            ("remedy", REASONS[feed.last_reason][1] if feed.failures and feed.last_reason else ""),
            ("next poll", "never" if feed.state != "active" else _time_and_age(feed.next_poll_at, now)),
        ]
    )


def _time_and_age(at: datetime | None, now: datetime) -> str:
    return f"{when(at)} UTC, {ago(at, now)}" if at else "never"


def feed_json(feed: Feed) -> dict[str, Any]:
    """The feed as `feeds list --json` gives it."""

    def moment(at: datetime | None) -> str | None:
        return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None

    return {
        "id": feed.id,
        "url": feed.url,
        "publisher": feed.publisher,
        "title": feed.title,
        "tags": list(feed.tags),
        "lang": feed.lang,
        "interval_s": feed.interval.total_seconds(),
        "state": feed.state,
        "condition": condition(feed),
        "failures": feed.failures,
        "last_status": feed.last_status,
        "last_reason": feed.last_reason.value if feed.last_reason else None,
        "last_detail": feed.last_detail,
        "last_polled_at": moment(feed.last_polled_at),
        "last_success_at": moment(feed.last_success_at),
        "next_poll_at": moment(feed.next_poll_at),
    } | rhythm_json(feed, datetime.now(UTC))


@app.command("check")
def check(url: UrlArgument) -> None:
    """Fetch a feed once and say what is found there; nothing is stored.

    Exit code 0: a feed; 1: none, with the reason; 4: a feed with faults.
    """
    import asyncio

    url = _valid_url(url)
    try:
        fetched, snapshot = asyncio.run(_fetch(url))
    except FetchError as error:
        words, remedy = REASONS[error.reason]
        note(f"error: {url}: {words}: {error.detail}\n  help: {error.remedy or remedy}")
        raise typer.Exit(EXIT_FINDINGS) from None
    _explain(url, fetched, snapshot)
    if snapshot.complaint or snapshot.dropped:
        sys.stdout.flush()
        raise typer.Exit(EXIT_PARTIAL)


async def _fetch(url: str) -> tuple[Fetched, FeedSnapshot]:
    from monitor.feeds.egress import Egress
    from monitor.feeds.parse import FeedParser

    settings = read_settings()
    async with Egress.from_settings(settings) as egress:
        fetched = await egress.fetch(url)
    async with FeedParser(children=1) as parser:
        snapshot = await parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, now=datetime.now(UTC)
        )
    return fetched, snapshot


def _explain(url: str, fetched: Fetched, snapshot: FeedSnapshot) -> None:
    newest = max((entry.published_at for entry in snapshot.entries if entry.published_at), default=None)
    with_text = sum(1 for entry in snapshot.entries if len(entry.text) > len(entry.summary))
    write_heading(snapshot.title or url)
    write_facts(
        [
            ("format", snapshot.format),
            ("language", snapshot.lang or "not said"),
            ("site", snapshot.link),
            ("moved to", fetched.permanent_url if fetched.permanent_url != url else ""),
            ("entries", f"{len(snapshot.entries)}, {with_text} with more text than the summary"),
            ("newest", f"{when(newest)} UTC" if newest else "no entry says when"),
            ("size", f"{len(fetched.body) / 1000:.0f} kB"),
            (
                "unchanged?",
                "the server can say so (validators)"
                if fetched.validators.etag or fetched.validators.last_modified
                else "the server cannot say so: every poll transfers everything",
            ),
            ("left out", "; ".join(snapshot.dropped)),
            ("faults", snapshot.complaint),
        ]
    )
    for entry in snapshot.entries[:3]:
        write(f"  {when(entry.published_at) or 'no time'}  {entry.title}")
