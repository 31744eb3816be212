"""Pairs that people spoke about → labelled stories (docs/stories.md), as JSON-ready values.

What belongs together becomes one story: pairs that share an article or a conflict, straight or through
others. Real pairs are contradictions, noise are look-alikes; outdated ones are not judged, and neither is
what was found in the same articles and nobody spoke about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.core.evaluation.gold import KNOWN_WORDS

#: Our kinds of contradictions and of claims, and our scopes, in the words of the format.
_TYPES = {"responsibility": "perpetrator", "identity": "other"}
_KINDS = {"own_voice": "narrator"}
_SCOPES = {"same_side": "cross"}
_TABLES = {"real": "contradictions", "noise": "non_contradictions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedArticle:
    """One stored version."""

    # Unique among all that are exported together.
    id: str
    outlet: str
    url: str
    title: str
    body: str
    lang: str
    published_at: datetime
    # Versions of one article share it; so do copies of one text share an origin.
    article: int
    version: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedClaim:
    """One side; offsets are into the article's title or body."""

    id: str
    article: str
    speaker: str
    surface: str
    # "direct" | "indirect" | "own_voice"
    kind: str
    stance: str
    proposition: str
    quote: str
    in_title: bool
    start: int
    end: int
    thread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPair:
    """Two claims, and what was said of them."""

    id: str
    # "real" | "noise" | "outdated" | "open"
    word: str
    left: ExportedClaim
    right: ExportedClaim
    kind: str
    grade: str
    scope: str
    group: str
    disputed: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedStory:
    """A folder to be written: its name, and what its two files hold."""

    name: str
    articles: list[dict[str, Any]]
    gold: dict[str, Any]


def export_stories(
    pairs: Sequence[ExportedPair], articles: Mapping[str, ExportedArticle]
) -> tuple[ExportedStory, ...]:
    """The stories, in the order of their first pairs; `articles` by id holds those of all pairs.

    A story has at least one pair that somebody spoke about.
    """
    return tuple(
        _story(number, some, articles)
        for number, some in enumerate(_together(pairs, articles), 1)
        if any(pair.word != "open" for pair in some)
    )


def _together(
    pairs: Sequence[ExportedPair], articles: Mapping[str, ExportedArticle]
) -> list[list[ExportedPair]]:
    """Pairs that are joined by an article (any version of it) or a conflict."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for pair in pairs:
        names = [f"article {articles[side.article].article}" for side in (pair.left, pair.right)]
        for name in (names[1], f"group {pair.group}"):
            parent[root(name)] = root(names[0])
    joined: dict[str, list[ExportedPair]] = {}
    for pair in pairs:
        joined.setdefault(root(f"article {articles[pair.left.article].article}"), []).append(pair)
    return list(joined.values())


def _story(
    number: int, pairs: Sequence[ExportedPair], articles: Mapping[str, ExportedArticle]
) -> ExportedStory:
    claims = {side.id: side for pair in pairs for side in (pair.left, pair.right)}
    used = sorted(
        {articles[claim.article].id: articles[claim.article] for claim in claims.values()}.values(),
        key=lambda one: (one.published_at, one.version, one.id),
    )
    copied = _copies(used)
    rows = [_article_row(one, used, copied) for one in used]
    published = {one.id: place for place, one in enumerate(used)}
    ordered = sorted(claims.values(), key=lambda claim: (published[claim.article], claim.start, claim.id))
    tables: dict[str, list[dict[str, Any]]] = {"contradictions": [], "non_contradictions": [], "unjudged": []}
    for pair in pairs:
        tables[_TABLES.get(pair.word, "unjudged")].append(_pair_row(pair))
    return ExportedStory(
        name=f"conflict-{number:02}",
        articles=rows,
        gold={
            "claims": [_claim_row(claim, pairs) for claim in ordered],
            "threads": _threads(ordered),
            **tables,
            "updates": [],
            "implied_contradictions": [],
            "implied_updates": [],
            "syndication": [[original, *copies] for original, copies in copied.items()],
            "expected_alert_groups": _groups(pairs),
        },
    )


def _copies(articles: Sequence[ExportedArticle]) -> dict[str, list[str]]:
    """Original → its copies by other outlets, of the same origin and later; first versions only."""
    first: dict[str, ExportedArticle] = {}
    copies: dict[str, list[str]] = {}
    for one in articles:
        if one.version > 1:
            continue
        original = first.setdefault(one.origin, one)
        if original.outlet != one.outlet and original.published_at < one.published_at:
            copies.setdefault(original.id, []).append(one.id)
    return copies


def _article_row(
    one: ExportedArticle, articles: Iterable[ExportedArticle], copied: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.id,
        "outlet": one.outlet,
        "url": one.url,
        "title": one.title,
        "body": one.body,
        "lang": one.lang,
        "published_at": one.published_at.isoformat().replace("+00:00", "Z"),
    }
    earlier = [o for o in articles if o.article == one.article and o.version < one.version]
    if earlier:
        row["version_of"] = max(earlier, key=lambda o: o.version).id
    original = next((name for name, copies in copied.items() if one.id in copies), "")
    return row | ({"syndicated_from": original} if original else {})


def _claim_row(claim: ExportedClaim, pairs: Iterable[ExportedPair]) -> dict[str, Any]:
    about = next((pair.disputed for pair in pairs if claim.id in {pair.left.id, pair.right.id}), "")
    return {
        "id": claim.id,
        "article": claim.article,
        "tier": 1,
        "speaker": claim.speaker,
        "speaker_aliases": [claim.surface] if claim.surface not in {claim.speaker, ""} else [],
        "kind": _KINDS.get(claim.kind, claim.kind),
        "polarity": claim.stance,
        "about": about,
        "claim": claim.proposition or claim.quote,
        "quote": claim.quote,
        "where": "title" if claim.in_title else "body",
        "start": claim.start,
        "end": claim.end,
        "thread": claim.thread,
    }


def _threads(claims: Iterable[ExportedClaim]) -> list[dict[str, Any]]:
    """Claims come in order of time, so the first of a thread is its first."""
    members: dict[str, list[ExportedClaim]] = {}
    for claim in claims:
        members.setdefault(claim.thread, []).append(claim)
    return [
        {
            "id": thread,
            "about": "",
            "summary": mine[0].proposition or mine[0].quote,
            "first_claim": mine[0].id,
            "claims": [claim.id for claim in mine],
        }
        for thread, mine in members.items()
    ]


def _pair_row(pair: ExportedPair) -> dict[str, Any]:
    row = {"id": pair.id, "left": pair.left.id, "right": pair.right.id, "why": pair.why}
    if pair.word != "real":
        return row | {"kind": pair.kind}
    kind = _TYPES.get(pair.kind, pair.kind)
    return row | {
        "type": kind if kind in KNOWN_WORDS["type"] else "other",
        "grade": pair.grade,
        "scope": _SCOPES.get(pair.scope, pair.scope),
        "group": pair.group,
    }


def _groups(pairs: Iterable[ExportedPair]) -> list[dict[str, Any]]:
    """A conflict for every group of real pairs that would be told."""
    members: dict[str, list[ExportedPair]] = {}
    for pair in pairs:
        if pair.word == "real" and pair.grade != "soft":
            members.setdefault(pair.group, []).append(pair)
    return [
        {
            "id": group,
            "title": mine[0].disputed,
            "severity": "medium",
            "contradictions": [pair.id for pair in mine],
        }
        for group, mine in members.items()
    ]
