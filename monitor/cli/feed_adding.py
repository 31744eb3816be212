"""`claimwatch feeds add`, `import` and `export`: which feeds are polled, for people and in bulk."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.feed_files import list_in_file, listed_urls, valid_url
from monitor.cli.feed_reasons import REASONS
from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import Column, note, when, write, write_json, write_rows
from monitor.cli.reading import JsonOption
from monitor.cli.times import parse_interval
from monitor.errors import EXIT_FINDINGS, EXIT_PARTIAL, FetchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Settings
    from monitor.core.types import FeedSnapshot, FeedSpec, FullText, PageSelectors
    from monitor.feeds.discovery import Candidate, Discovery

IntervalOption = Annotated[
    str, typer.Option(metavar="LENGTH", help="How often to look: 90s, 5m, 2h; else it is learned.")
]
TagOption = Annotated[list[str] | None, typer.Option(metavar="TAG", help="A tag for rules; may repeat.")]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder with feeds.yml.")
]
FULL_TEXT = "never, when-summary-only or always: when the pages of the articles are read."
_PAGE = "A page without a feed"


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed's address, or that of a page or site.")],
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Who publishes it; else its title.")] = "",
    tag: TagOption = None,
    interval: IntervalOption = "",
    lang: Annotated[str, typer.Option(metavar="CODE", help="Its language; else as the text says.")] = "",
    full_text: Annotated[str, typer.Option("--full-text", metavar="WHEN", help=FULL_TEXT)] = "never",
    entry: Annotated[
        str,
        typer.Option(metavar="CSS", help="Selector of one entry each.", rich_help_panel=_PAGE),
    ] = "",
    link: Annotated[
        str, typer.Option(metavar="CSS", help="Of its link, inside it.", rich_help_panel=_PAGE)
    ] = "",
    title: Annotated[
        str, typer.Option(metavar="CSS", help="Of its title, inside it.", rich_help_panel=_PAGE)
    ] = "",
    date: Annotated[
        str, typer.Option(metavar="CSS", help="Of its date, inside it.", rich_help_panel=_PAGE)
    ] = "",
    summary: Annotated[
        str, typer.Option(metavar="CSS", help="Of its summary, inside it.", rich_help_panel=_PAGE)
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take the best feed found.")] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Do not look at the address; take it as it is.")
    ] = False,
    path: RulesOption = None,
) -> None:
    """Find the feed behind an address and add it to feeds.yml, or change one that is there.

    The address is asked once. Where it is a page, the feeds that it names are read and shown, then those that
    its site's robots.txt and the usual places have. Comments in feeds.yml stay; without a rules folder the
    feed is kept in the database alone. It is polled at the next tick.
    Exit code 1 where nothing that can be read is found.
    """
    from monitor.core.types import FeedSpec

    spec = FeedSpec(
        url=valid_url(url),
        publisher=publisher,
        tags=tuple(tag or ()),
        lang=lang,
        learned=True,
        full_text=_full_text(full_text),
        page=_selectors(entry, link=link, title=title, date=date, summary=summary),
    )
    spec = _paced(spec, _interval(interval))
    settings = read_settings()
    folder = path or settings.rules
    if not unchecked:
        spec = _checked(settings, spec, yes=yes)
    _keep(settings, folder, [spec])


def _checked(settings: Settings, spec: FeedSpec, *, yes: bool) -> FeedSpec:
    """The feed that is meant, after a look at it. Leaves with 1 where there is none."""
    import asyncio

    try:
        found = asyncio.run(_look(settings, spec))
    except FetchError as error:
        words, remedy = REASONS[error.reason]
        note(f"error: {spec.url}: {words}: {error.detail}\n  help: {error.remedy or remedy}")
        note("  `--unchecked` adds it all the same")
        raise typer.Exit(EXIT_FINDINGS) from None
    if not found.candidates:
        note(f"error: no feed is found behind {spec.url}")
        for tried, reason in found.tried:
            note(f"  {tried}: {reason}")
        note(
            "  help: look for the feed's own address on the site; a page without a feed can be read by "
            "selectors: --entry"
        )
        raise typer.Exit(EXIT_FINDINGS)
    chosen = _chosen(found.candidates, yes=yes)
    _hint(chosen.snapshot, spec.full_text)
    return replace(spec, url=chosen.url, publisher=spec.publisher or chosen.snapshot.title or chosen.title)


async def _look(settings: Settings, spec: FeedSpec) -> Discovery:
    from monitor.feeds.discovery import Candidate, Discovery, discover
    from monitor.feeds.egress import Egress
    from monitor.feeds.parse import FeedParser

    now = datetime.now(UTC)
    async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
        if spec.page is None:
            return await discover(egress, parser, spec.url, now=now)
        fetched = await egress.fetch(spec.url)
        snapshot = await parser.parse(
            fetched.body,
            content_type=fetched.content_type,
            url=fetched.url,
            now=now,
            lang=spec.lang,
            selectors=spec.page,
        )
    page = Candidate(url=spec.url, how="itself", title=snapshot.title, snapshot=snapshot)
    return Discovery(candidates=(page,), tried=())


def _chosen(candidates: Sequence[Candidate], *, yes: bool) -> Candidate:
    first = candidates[0]
    if first.how == "itself":
        return first
    numbered = list(enumerate(candidates, 1))
    columns: tuple[Column[tuple[int, Candidate]], ...] = (
        Column(title="", cell=lambda one: str(one[0])),
        Column(title="address", cell=lambda one: one[1].url, ratio=4),
        Column(title="title", cell=lambda one: one[1].title, ratio=3),
        Column(title="found", cell=lambda one: one[1].how),
        Column(title="entries", cell=lambda one: str(len(one[1].snapshot.entries))),
        Column(title="newest", cell=lambda one: when(_newest(one[1].snapshot)) or "no date"),
    )
    write_rows(columns, numbered)
    if yes:
        return first
    if not sys.stdin.isatty():
        raise UsageError(
            "the address is that of a page, and nobody is here to choose one of its feeds",
            remedy="add --yes to take the first, or give the address of the one that is meant",
        )
    while True:
        said = str(typer.prompt("Which one", default="1")).strip()
        if said.isdecimal() and 1 <= int(said) <= len(candidates):
            return candidates[int(said) - 1]
        note(f"a number from 1 to {len(candidates)}, or Ctrl-C")


def _newest(snapshot: FeedSnapshot) -> datetime | None:
    return max((entry.published_at for entry in snapshot.entries if entry.published_at), default=None)


def _hint(snapshot: FeedSnapshot, full_text: FullText) -> None:
    from monitor.core.pages import SUMMARY_LETTERS
    from monitor.core.types import FullText

    lengths = sorted(len(entry.text) for entry in snapshot.entries)
    if full_text is FullText.NEVER and lengths and lengths[len(lengths) // 2] < SUMMARY_LETTERS:
        note("most of its entries are short: --full-text when-summary-only reads their pages too")


def _keep(settings: Settings, folder: Path, specs: Sequence[FeedSpec]) -> None:
    """Into feeds.yml, where there is a rules folder, and into the ledger, so that the next tick sees them."""
    known = listed_urls(folder) if folder.is_dir() else {}
    file = list_in_file(folder, specs) if folder.is_dir() else None
    with open_ledger(settings, create=True) as db:
        from monitor.store.feeds import add_feeds

        added, changed = add_feeds(db, specs)
    place = f" in {file}" if file else ""
    if len(specs) == 1:
        new = added or (specs[0].url not in known and file is not None)
        word = "added" if new else "changed" if changed else "already there"
        write(f"{word}: {specs[0].url}{place}")
    else:
        write(f"{added} added, {changed} changed, {len(specs) - added - changed} already there{place}")


def _paced(spec: FeedSpec, every: timedelta | None) -> FeedSpec:
    return spec if every is None else replace(spec, interval=every, learned=False)


def _interval(words: str) -> timedelta | None:
    """None: nobody names one."""
    if not words:
        return None
    from monitor.core.rules.feed_reading import MAX_INTERVAL, MIN_INTERVAL

    try:
        every = parse_interval(words)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--interval") from None
    if not MIN_INTERVAL <= every <= MAX_INTERVAL:
        raise typer.BadParameter("the interval lies between 10s and 7d", param_hint="--interval")
    return every


def _full_text(words: str) -> FullText:
    from monitor.core.types import FullText

    try:
        return FullText(words)
    except ValueError:
        named = ", ".join(one.value for one in FullText)
        raise typer.BadParameter(f"{words!r} is not one of {named}", param_hint="--full-text") from None


def _selectors(entry: str, **others: str) -> PageSelectors | None:
    from monitor.core.rules.selectors import fault_of_selector
    from monitor.core.types import PageSelectors

    if not entry:
        named = [name for name, selector in others.items() if selector]
        if named:
            raise typer.BadParameter(
                "it looks inside an entry: name that with --entry", param_hint=f"--{named[0]}"
            )
        return None
    for name, selector in {"entry": entry, **others}.items():
        fault = fault_of_selector(selector) if selector else ""
        if fault:
            raise typer.BadParameter(f"{selector!r} is no CSS selector: {fault}", param_hint=f"--{name}")
    return PageSelectors(entry=entry, **others)


# ---------------------------------------------------------------- in bulk


def import_list(
    file: Annotated[
        str, typer.Argument(metavar="FILE.opml", help="OPML of another reader; - is standard input.")
    ],
    tag: TagOption = None,
    interval: IntervalOption = "",
    full_text: Annotated[str, typer.Option("--full-text", metavar="WHEN", help=FULL_TEXT)] = "never",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be added; write nothing.")
    ] = False,
    path: RulesOption = None,
) -> None:
    """Add the feeds of another reader's list (OPML) to feeds.yml; folders and categories become tags.

    Nobody is asked: `feeds check` looks at one, and the first poll at all of them. Those that are there stay
    as they are. Exit code 4 where something in the list is left out, 1 where it has no feed.
    """
    from monitor.feeds.opml import read_opml

    settings = read_settings()
    folder = path or settings.rules
    read = read_opml(_bytes(file))
    for complaint in read.complaints:
        note(f"{file}: {complaint}")
    if not read.feeds:
        raise typer.Exit(EXIT_FINDINGS)
    every, when_read, more = _interval(interval), _full_text(full_text), tuple(tag or ())
    known = listed_urls(folder) if folder.is_dir() else {}
    new = [
        replace(_paced(spec, every), full_text=when_read, tags=tuple(dict.fromkeys((*spec.tags, *more))))
        for spec in read.feeds
        if spec.url not in known
    ]
    if dry_run:
        for spec in new:
            write(f"{spec.url}  {spec.publisher}  {' '.join(spec.tags)}")
        write(f"{len(new)} would be added, {len(read.feeds) - len(new)} are there already")
    elif new:
        if len(read.feeds) > len(new):
            note(f"{len(read.feeds) - len(new)} are there already")
        _keep(settings, folder, new)
    else:
        write(f"all {len(read.feeds)} are there already")
    if read.complaints:
        sys.stdout.flush()
        raise typer.Exit(EXIT_PARTIAL)


def _bytes(file: str) -> bytes:
    from monitor.feeds.opml import LARGEST_LIST

    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST_LIST + 1)
        with Path(file).open("rb") as stream:
            return stream.read(LARGEST_LIST + 1)
    except OSError as error:
        raise UsageError(
            f"cannot read {file}: {error.strerror}", remedy="give the path of an OPML file"
        ) from None


def export_list(
    opml: Annotated[bool, typer.Option("--opml", help="As OPML, for other readers; the default.")] = False,
    json: JsonOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not to standard output.")
    ] = None,
) -> None:
    """Give all feeds to another reader: OPML with the tags as folders and categories."""
    from monitor.cli.feeds import feed_json
    from monitor.cli.rule_writing import replace_text
    from monitor.feeds.opml import write_opml

    if opml and json:
        raise UsageError("--opml and --json are two forms", remedy="choose one")
    with open_ledger() as db:
        from monitor.store.feeds import list_feeds

        feeds = list_feeds(db)
    if json:
        write_json(feed_json(feed) for feed in feeds)
    elif out is not None:
        replace_text(out, write_opml(feeds))
        note(f"written: {out} ({len(feeds)} feeds)")
    else:
        sys.stdout.write(write_opml(feeds))
