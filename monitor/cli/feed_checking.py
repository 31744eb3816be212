"""`claimwatch feeds check`: what is wrong with a feed, in words."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.feed_files import listed_spec, valid_url
from monitor.cli.feed_reasons import REASONS
from monitor.cli.ledger import read_settings
from monitor.cli.output import note, when, write, write_facts, write_heading, write_json
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS, EXIT_PARTIAL, FetchError, FetchReason

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.core.types import FeedSpec
    from monitor.feeds.child_answers import FeedLink
    from monitor.feeds.diagnosis import Finding, Look
    from monitor.feeds.egress import Egress
    from monitor.feeds.parse import FeedParser


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why there is no feed, and where there may be one."""

    error: FetchError
    links: tuple[FeedLink, ...]


def check(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a feed, a sitemap or a listed page.")],
    json: JsonOption = False,
    path: Annotated[
        Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder with feeds.yml.")
    ] = None,
) -> None:
    """Ask for a feed twice and say in words what is found and what is wrong; nothing is stored.

    A feed that feeds.yml lists is read by its selectors and language.
    Exit code 0: a feed, perhaps with advice; 1: none, with the reason; 4: a feed with faults.
    """
    import asyncio

    from monitor.feeds.diagnosis import Level, diagnose

    url = valid_url(url)
    settings = read_settings()
    spec = listed_spec(path or settings.rules, url)
    looked = asyncio.run(_look(settings, spec))
    if isinstance(looked, _Refusal):
        _tell_refusal(url, looked, json=json)
        raise typer.Exit(EXIT_FINDINGS)
    findings = diagnose(looked)
    if json:
        write_json([_as_object(looked, findings)])
    else:
        _tell(looked, findings)
    if any(one.level is Level.FAULT for one in findings):
        sys.stdout.flush()
        raise typer.Exit(EXIT_PARTIAL)


async def _look(settings: Settings, spec: FeedSpec) -> Look | _Refusal:
    from monitor.feeds.diagnosis import Look
    from monitor.feeds.egress import Egress
    from monitor.feeds.parse import FeedParser
    from monitor.feeds.poll import unpacked_answer

    now = datetime.now(UTC)
    async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
        fetch = egress.fetch_page if spec.page else egress.fetch
        try:
            fetched = unpacked_answer(await fetch(spec.url))
        except FetchError as error:
            return _Refusal(error, ())

        async def read(one: Any) -> Any:
            return await parser.parse(
                one.body,
                content_type=one.content_type,
                url=one.url,
                now=now,
                lang=spec.lang,
                selectors=spec.page,
            )

        try:
            snapshot = await read(fetched)
        except FetchError as error:
            return _Refusal(error, await _links(parser, fetched, error, now))
        if snapshot.sitemaps:
            snapshot = await _index(egress, fetched, snapshot, read, now)
        again = read_again = None
        try:
            again = unpacked_answer(await egress.fetch(spec.url, validators=fetched.validators))
            if again.status != 304 and again.body != fetched.body:
                read_again = await read(again)
        except FetchError:
            pass  # the first look is what counts
    return Look(
        url=spec.url,
        fetched=fetched,
        snapshot=snapshot,
        again=again,
        read_again=read_again,
        now=now,
        is_page=spec.page is not None,
    )


async def _index(egress: Egress, fetched: Any, snapshot: Any, read: Any, now: datetime) -> Any:
    from monitor.feeds.poll import unpacked_answer
    from monitor.feeds.sitemap_index import read_sitemaps

    async def fetch(url: str) -> Any:
        return unpacked_answer(await egress.fetch(url))

    try:
        return (await read_sitemaps(snapshot, fetched.body, fetch=fetch, parse=read, now=now)).snapshot
    except FetchError as error:
        from dataclasses import replace

        return replace(snapshot, complaint=f"none of its sitemaps can be read: {error.url}: {error.detail}")


async def _links(parser: FeedParser, fetched: Any, error: FetchError, now: datetime) -> tuple[FeedLink, ...]:
    if error.reason is not FetchReason.NOT_A_FEED:
        return ()
    try:
        return await parser.links(fetched.body, content_type=fetched.content_type, url=fetched.url, now=now)
    except FetchError:
        return ()


# ---------------------------------------------------------------- telling


def _tell_refusal(url: str, refusal: _Refusal, *, json: bool) -> None:
    error = refusal.error
    words, remedy = REASONS[error.reason]
    if json:
        write_json(
            [
                {
                    "url": url,
                    "is_feed": False,
                    "reason": error.reason.value,
                    "status": error.status,
                    "detail": error.detail,
                    "remedy": error.remedy or remedy,
                    "links": [{"url": one.url, "title": one.title, "how": one.how} for one in refusal.links],
                }
            ]
        )
        return
    note(f"error: {url}: {words}: {error.detail}\n  help: {error.remedy or remedy}")
    if len(refusal.links) > 1:
        for link in refusal.links:
            note(f"  {link.how}: {link.url}{f'  ({link.title})' if link.title else ''}")
        note(f"  `claimwatch feeds add {url}` reads them and adds the one you choose")


def _facts(look: Look) -> dict[str, Any]:
    entries = look.snapshot.entries
    newest = max((entry.published_at for entry in entries if entry.published_at), default=None)
    return {
        "format": look.snapshot.format,
        "title": look.snapshot.title,
        "lang": look.snapshot.lang,
        "site": look.snapshot.link,
        "final_url": look.fetched.url,
        "permanent_url": look.fetched.permanent_url,
        "entries": len(entries),
        "with_text": sum(len(entry.text) > len(entry.summary) for entry in entries),
        "with_date": sum(entry.published_at is not None for entry in entries),
        "with_link": sum(bool(entry.url) for entry in entries),
        "languages": sorted({entry.lang for entry in entries if entry.lang}),
        "newest_at": newest.strftime("%Y-%m-%dT%H:%M:%SZ") if newest else None,
        "bytes": len(look.fetched.body),
        "not_modified": look.again is not None and look.again.status == 304,
    }


def _as_object(look: Look, findings: tuple[Finding, ...]) -> dict[str, Any]:
    told = [
        {"code": one.code, "level": one.level.value, "what": one.what, "remedy": one.remedy}
        for one in findings
    ]
    return {"url": look.url, "is_feed": True, **_facts(look), "findings": told}


def _tell(look: Look, findings: tuple[Finding, ...]) -> None:
    facts, snapshot = _facts(look), look.snapshot
    newest = max((entry.published_at for entry in snapshot.entries if entry.published_at), default=None)
    write_heading(snapshot.title or look.url)
    write_facts(
        [
            ("format", snapshot.format),
            ("language", snapshot.lang or "not said"),
            ("texts are in", ", ".join(facts["languages"])),
            ("site", snapshot.link),
            ("entries", f"{facts['entries']}, {facts['with_text']} with more text than the summary"),
            ("newest", f"{when(newest)} UTC" if newest else "no entry says when"),
            ("size", f"{facts['bytes'] / 1000:.0f} kB"),
            ("asked again", "the server says that nothing has changed" if facts["not_modified"] else ""),
        ]
    )
    for entry in snapshot.entries[:3]:
        write(f"  {when(entry.published_at) or 'no time'}  {entry.title}")
    write("")
    for finding in findings:
        write(f"{finding.level.value}: {finding.what} [{finding.code}]\n  help: {finding.remedy}")
    if not findings:
        write("nothing is wrong with it")
