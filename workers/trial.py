"""`claimwatch try`: what the rules find in a feed or a file, now, without database and Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.config import Settings
from monitor.core.claims import candidate_keys, extract_claims
from monitor.core.claims.parsed import Parser
from monitor.core.contradictions import find_contradictions, with_own_words
from monitor.core.matching import match
from monitor.core.rules import RuleSet
from monitor.core.threads import assign_threads
from monitor.core.types import Article, Contradiction, Entry, FeedSnapshot, PriorClaim, Reading, ThreadedClaim
from monitor.errors import FetchError, FetchReason, InputError
from monitor.feeds import plain
from monitor.feeds.archive import ArchivedArticle, BadLine, read_lines
from monitor.feeds.egress import Egress
from monitor.feeds.language import detect
from monitor.feeds.parse import FeedParser

#: Largest file, in bytes.
LARGEST_FILE = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was read and what was found in it, in the order of the input."""

    articles: tuple[Article, ...]
    # Those with matches.
    readings: tuple[Reading, ...]
    claims: tuple[ThreadedClaim, ...]
    contradictions: tuple[Contradiction, ...]
    # What was left out of the input, in words.
    complaints: tuple[str, ...]


def read(target: str, settings: Settings) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """The articles of a URL or a file, and what could not be read.

    A file is a feed, JSON Lines as for `import`, or plain text. Raises FetchError and InputError.
    """
    if target.startswith(("http://", "https://")):
        return _of_feed(asyncio.run(_fetch(target, settings)), target)
    path = Path(target)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{target}: larger than {LARGEST_FILE >> 20} MB", remedy="try a part of it")
        body = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{target}: {error.strerror}", remedy="give a feed's URL (http or https) or a file"
        ) from error
    if path.suffix in (".jsonl", ".ndjson"):
        return _of_lines(body, target)
    try:
        return _of_feed(asyncio.run(_parse(body, path)), target)
    except FetchError as error:
        if error.reason is not FetchReason.NOT_A_FEED:
            raise
    return (_of_text(body, path),), ()


def judge(articles: Sequence[Article], rules: RuleSet, parsers: Mapping[str, Parser]) -> Trial:
    """Match, extract and compare, each article against those before it."""
    readings = tuple(reading for reading in match(articles, rules) if reading.matches)
    prior: list[PriorClaim] = []
    threaded: list[ThreadedClaim] = []
    pairs: list[Contradiction] = []
    for reading, found in zip(readings, extract_claims(readings, rules, parsers), strict=True):
        claims = with_own_words(found)
        keys = candidate_keys(claims)
        related = tuple(one for one in prior if keys.intersection(one.claim.keys))
        threads = assign_threads(claims, related)
        pairs += find_contradictions(threads, related, rules)
        threaded += threads
        prior += [
            PriorClaim(
                id=len(prior) + n,
                claim=one.claim,
                thread=one.thread,
                origin=f"article:{reading.article.id}",
                publisher=reading.article.publisher,
            )
            for n, one in enumerate(threads, 1)
        ]
    return Trial(
        articles=tuple(articles),
        readings=readings,
        claims=tuple(threaded),
        contradictions=tuple(pairs),
        complaints=(),
    )


async def _fetch(url: str, settings: Settings) -> FeedSnapshot:
    async with Egress.from_settings(settings) as egress, FeedParser(children=1) as parser:
        fetched = await egress.fetch(url)
        return await parser.parse(
            fetched.body, content_type=fetched.content_type, url=fetched.url, now=datetime.now(UTC)
        )


async def _parse(body: bytes, path: Path) -> FeedSnapshot:
    async with FeedParser(children=1) as parser:
        kind = "application/feed+json" if path.suffix == ".json" else ""
        return await parser.parse(body, content_type=kind, url=path.resolve().as_uri(), now=datetime.now(UTC))


def _of_feed(snapshot: FeedSnapshot, target: str) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    complaints = (*map(str, snapshot.dropped), *((snapshot.complaint,) if snapshot.complaint else ()))
    publisher = snapshot.title or target
    return _articles([(publisher, entry) for entry in snapshot.entries]), complaints


def _of_lines(body: bytes, target: str) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    read = list(read_lines(body.splitlines()))
    good = [(line.publisher, line.entry) for line in read if isinstance(line, ArchivedArticle)]
    bad = [f"{target}:{line.number}: {line.complaint}" for line in read if isinstance(line, BadLine)]
    return _articles(good), tuple(bad)


def _of_text(body: bytes, path: Path) -> Article:
    try:
        text = plain.clean(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: neither a feed nor UTF-8 text (byte {error.start + 1})",
            remedy="give RSS, Atom, JSON Feed, JSON Lines (.jsonl) or plain text",
        ) from None
    title, _, rest = text.partition("\n")
    entry = Entry(
        guid="",
        url="",
        title=title,
        summary="",
        text=rest.strip() or title,
        author="",
        lang=detect(text),
        published_at=None,
        updated_at=None,
    )
    return _articles([(path.name, entry)])[0]


def _articles(entries: Sequence[tuple[str, Entry]]) -> tuple[Article, ...]:
    now = datetime.now(UTC)
    return tuple(
        Article(
            id=number,
            version=1,
            version_id=number,
            feed_id=None,
            url=entry.url,
            publisher=publisher,
            tags=(),
            title=entry.title,
            summary=entry.summary,
            text=entry.text,
            lang=entry.lang,
            published_at=entry.published_at,
            fetched_at=now,
        )
        for number, (publisher, entry) in enumerate(entries, 1)
    )


# ---------------------------------------------------------------- telling


def as_objects(trial: Trial) -> Iterator[dict[str, Any]]:
    """JSON-ready objects, each with its `type`: matches, then claims, then contradictions."""
    urls = {article.version_id: article for article in trial.articles}
    for reading in trial.readings:
        for found in reading.matches:
            yield {
                "type": "match",
                "rule": found.rule_id,
                "article": _ref(reading.article),
                "spans": [
                    {"field": span.field.value, "start": span.start, "end": span.end, "term": span.term}
                    for span in found.spans
                ],
            }
    claims = {one.claim.fingerprint: _claim(one, urls[one.claim.version_id]) for one in trial.claims}
    for claim in claims.values():
        yield {"type": "claim", **claim}
    for pair in trial.contradictions:
        yield {
            "type": "contradiction",
            "kind": pair.kind.value,
            "scope": pair.scope.value,
            "relation": pair.relation.value,
            "grade": pair.grade.value,
            "score": pair.score,
            "left": claims[pair.left],
            "right": claims[pair.right],
            "reason": pair.reason,
            "group": pair.group,
        }


def as_text(trial: Trial) -> Iterator[str]:
    """The same for people, line by line."""
    yield (
        f"{len(trial.articles)} articles, {len(trial.readings)} match, "
        f"{len(trial.claims)} claims, {len(trial.contradictions)} contradictions"
    )
    for reading in trial.readings:
        rules = ", ".join(found.rule_id for found in reading.matches)
        yield f"\n{reading.article.publisher}: {reading.article.title}"
        yield f"  matches {rules}"
        for one in trial.claims:
            if one.claim.version_id == reading.article.version_id:
                yield f"  {one.claim.speaker.name} ({one.claim.stance.value}): “{one.claim.quote}”"
    claims = {one.claim.fingerprint: one.claim for one in trial.claims}
    for pair in trial.contradictions:
        yield f"\n{pair.relation.value} ({pair.kind.value}, {pair.grade.value}): {pair.reason}"
        for side in (claims[pair.left], claims[pair.right]):
            yield f"  {side.speaker.name}: “{side.quote}”"


def _ref(article: Article) -> dict[str, Any]:
    return {"url": article.url, "title": article.title, "publisher": article.publisher}


def _claim(threaded: ThreadedClaim, article: Article) -> dict[str, Any]:
    claim = threaded.claim
    speaker = {"name": claim.speaker.name, "surface": claim.speaker.surface}
    if claim.speaker.entity:
        speaker["entity"] = claim.speaker.entity
    return {
        "article": _ref(article),
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "field": claim.field.value,
        "kind": claim.kind.value,
        "speaker": speaker,
        "stance": claim.stance.value,
        "hedged": claim.hedged,
        "cue": claim.cue,
        "proposition": claim.proposition,
        "thread": threaded.thread,
        "rules": list(claim.rules),
    }
