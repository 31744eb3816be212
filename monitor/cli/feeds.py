"""`claimwatch feeds`: what is polled, how it goes, and what is wrong with a feed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import feed_adding, feed_checking
from monitor.cli.feed_counts import count_facts, count_json
from monitor.cli.feed_files import take_out_of_file
from monitor.cli.feed_push import push_facts, push_json
from monitor.cli.feed_reasons import REASONS
from monitor.cli.feed_rhythm import (
    delay_json,
    delay_words,
    pace_words,
    rhythm_facts,
    rhythm_json,
    silence_words,
)
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
from monitor.errors import EXIT_FINDINGS

if TYPE_CHECKING:
    from monitor.core.types import Feed
    from monitor.store.pages import PageCounts

app = typer.Typer(name="feeds", help="The feeds that are polled, and how it goes.", no_args_is_help=True)

UrlArgument = Annotated[
    str, typer.Argument(metavar="URL", help="Address of the feed, as `feeds list` has it.")
]

app.command("add")(feed_adding.add)
app.command("check")(feed_checking.check)
app.command("import")(feed_adding.import_list)
app.command("export")(feed_adding.export_list)


@app.command("remove")
def remove(url: UrlArgument) -> None:
    """Stop polling a feed and take it out of feeds.yml; its articles stay.

    Exit code 1 where there is none with this address.
    """
    settings = read_settings()
    file = take_out_of_file(settings.rules, url) if settings.rules.is_dir() else None
    with open_ledger(settings, create=file is not None) as db:
        from monitor.store.feeds import remove_feed

        if not remove_feed(db, url) and file is None:
            _no_such_feed(url)
    write(f"removed: {url}{f', and taken out of {file}' if file else ''}")


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
    settings = read_settings()
    with open_ledger(settings) as db:
        from monitor.core.feed_health import delay_of
        from monitor.store.feed_delays import delays
        from monitor.store.feed_tallies import copies, feed_tally_of
        from monitor.store.feeds import list_feeds as stored_feeds
        from monitor.store.pages import page_counts

        feed = next((feed for feed in stored_feeds(db) if feed.url == url), None)
        if feed is None:
            _no_such_feed(url)
            return
        pages = page_counts(db, feed.id)
        delay = delay_of(delays(db, feed.id))
        tally, copied = feed_tally_of(db, feed.id), copies(db, feed.id)
    if json:
        counted = count_json(tally, copied)
        beside = {"pages": asdict(pages), "delay": delay_json(delay), "counted": counted}
        write_json([feed_json(feed) | beside])
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
            *push_facts(feed, now, public_url=settings.public_url),
            ("delay", delay_words(delay)),
            ("read by", f"selectors: {feed.page.entry}" if feed.page else ""),
            ("full text", feed.full_text.value),
            ("pages", _pages(pages)),
            *count_facts(tally, copied),
            ("state", condition(feed)),
            ("last success", _time_and_age(feed.last_success_at, now)),
            ("last poll", _time_and_age(feed.last_polled_at, now)),
            ("last answer", f"HTTP {feed.last_status}" if feed.last_status else ""),
            ("last error", feed.last_detail if feed.failures else ""),
            ("remedy", REASONS[feed.last_reason][1] if feed.failures and feed.last_reason else ""),
            ("next poll", "never" if feed.state != "active" else _time_and_age(feed.next_poll_at, now)),
        ]
    )


def _pages(pages: PageCounts) -> str:
    """How the pages of its articles fare; empty: none was ever asked for."""
    parts = [(pages.read, "read"), (pages.waiting, "waiting"), (pages.failed, "failed")]
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    why = f"; the last one: {pages.last_detail}" if pages.failed else ""
    return told + why


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
        "full_text": feed.full_text.value,
        "page": asdict(feed.page) if feed.page else None,
        "state": feed.state,
        "condition": condition(feed),
        "failures": feed.failures,
        "last_status": feed.last_status,
        "last_reason": feed.last_reason.value if feed.last_reason else None,
        "last_detail": feed.last_detail,
        "last_polled_at": moment(feed.last_polled_at),
        "last_success_at": moment(feed.last_success_at),
        "next_poll_at": moment(feed.next_poll_at),
        "push": push_json(feed.push),
    } | rhythm_json(feed, datetime.now(UTC))
