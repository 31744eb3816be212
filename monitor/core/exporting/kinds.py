"""What each kind of record has: its columns in a flat table, and what readers of any format want to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Object = Mapping[str, Any]


class Cell(StrEnum):
    """What stands in a column; all may be empty."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    # RFC 3339 in UTC.
    TIME = "time"
    # Lists and objects, as JSON.
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record."""

    # Dotted paths into its JSON object.
    columns: Mapping[str, Cell]
    # What makes it the same thing in another ledger, where ids are others.
    key: Callable[[Object], tuple[str, ...]]
    title: Callable[[Object], str]
    text: Callable[[Object], str]
    # By which it is ordered, RFC 3339.
    at: Callable[[Object], str]
    # The articles it stands in, and the claims it shows.
    articles: Callable[[Object], list[Object]]
    claims: Callable[[Object], list[Object]] = lambda _: []


def at_path(one: Object, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    value: Any = one
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def article_key(article: Object) -> tuple[str, ...]:
    named = (article["url"],) if article["url"] else (article["publisher"], article["title"])
    return ("article", *named, str(article["version"]))


def claim_key(claim: Object) -> tuple[str, ...]:
    place = (claim["field"], str(claim["start"]), str(claim["end"]))
    return ("claim", *article_key(claim["article"])[1:], *place, claim["speaker"]["name"])


def claim_at(claim: Object) -> str:
    """When it was said, as far as is known."""
    return str(claim["article"]["published_at"] or claim["first_seen_at"])


def _statement(claim: Object) -> str:
    return f"{claim['speaker']['name']} ({claim['stance']}): “{claim['quote']}”"


_ARTICLE = {
    "article.id": Cell.INTEGER,
    "article.url": Cell.TEXT,
    "article.title": Cell.TEXT,
    "article.publisher": Cell.TEXT,
    "article.published_at": Cell.TIME,
    "article.version": Cell.INTEGER,
}
_SAID = {
    "quote": Cell.TEXT,
    "field": Cell.TEXT,
    "start": Cell.INTEGER,
    "end": Cell.INTEGER,
    "kind": Cell.TEXT,
    "speaker.name": Cell.TEXT,
    "speaker.surface": Cell.TEXT,
    "speaker.entity": Cell.TEXT,
    "stance": Cell.TEXT,
    "hedged": Cell.BOOLEAN,
    "cue": Cell.TEXT,
    "proposition": Cell.TEXT,
    "quantities": Cell.JSON,
    "thread": Cell.TEXT,
}
_CLAIM = {
    "id": Cell.INTEGER,
    **_ARTICLE,
    **_SAID,
    "status": Cell.TEXT,
    "first_seen_at": Cell.TIME,
    "appearances": Cell.INTEGER,
    "origins": Cell.INTEGER,
    "rules": Cell.JSON,
    "versions": Cell.JSON,
}


def _side(name: str) -> dict[str, Cell]:
    """The columns of a claim inside something else."""
    return {f"{name}.{path}": cell for path, cell in {"id": Cell.INTEGER, **_ARTICLE, **_SAID}.items()}


KINDS: dict[str, Kind] = {
    "articles": Kind(
        columns={
            "id": Cell.INTEGER,
            "url": Cell.TEXT,
            "title": Cell.TEXT,
            "publisher": Cell.TEXT,
            "published_at": Cell.TIME,
            "version": Cell.INTEGER,
            "versions": Cell.INTEGER,
            "lang": Cell.TEXT,
            "feed": Cell.TEXT,
            "first_seen_at": Cell.TIME,
            "state": Cell.TEXT,
            "error": Cell.TEXT,
            "origin": Cell.TEXT,
            "rules": Cell.JSON,
            "text": Cell.TEXT,
        },
        key=article_key,
        title=lambda one: str(one["title"]),
        text=lambda one: str(one["text"]),
        at=lambda one: str(one["published_at"] or one["first_seen_at"]),
        articles=lambda one: [one],
    ),
    "matches": Kind(
        columns={
            "id": Cell.INTEGER,
            **_ARTICLE,
            "rule": Cell.TEXT,
            "rule_version": Cell.TEXT,
            "spans": Cell.JSON,
            "status": Cell.TEXT,
            "created_at": Cell.TIME,
            "backfill": Cell.BOOLEAN,
            "ended_at": Cell.TIME,
        },
        key=lambda one: ("match", one["rule"], *article_key(one["article"])[1:]),
        title=lambda one: f"{one['rule']}: {one['article']['title']}",
        text=lambda one: ", ".join(dict.fromkeys(str(span["term"]) for span in one["spans"])),
        at=lambda one: str(one["article"]["published_at"] or one["created_at"]),
        articles=lambda one: [one["article"]],
    ),
    "claims": Kind(
        columns=_CLAIM,
        key=claim_key,
        title=_statement,
        text=lambda one: str(one["proposition"]),
        at=claim_at,
        articles=lambda one: [one["article"]],
        claims=lambda one: [one],
    ),
    "threads": Kind(
        columns={
            "id": Cell.TEXT,
            **_side("claim"),
            "speakers": Cell.JSON,
            "publishers": Cell.JSON,
            "status": Cell.TEXT,
            "first_seen_at": Cell.TIME,
            "last_seen_at": Cell.TIME,
            "appearances": Cell.INTEGER,
            "origins": Cell.INTEGER,
            "story": Cell.TEXT,
            "contradictions": Cell.INTEGER,
        },
        key=lambda one: ("thread", one["id"]),
        title=lambda one: _statement(one["claim"]),
        text=lambda one: (
            f"In {one['appearances']} articles of {one['origins']} origins: " + ", ".join(one["publishers"])
        ),
        at=lambda one: str(one["last_seen_at"]),
        articles=lambda one: [one["claim"]["article"]],
        claims=lambda one: [one["claim"]],
    ),
    "contradictions": Kind(
        columns={
            "id": Cell.INTEGER,
            "kind": Cell.TEXT,
            "scope": Cell.TEXT,
            "relation": Cell.TEXT,
            "grade": Cell.TEXT,
            "score": Cell.REAL,
            **_side("left"),
            **_side("right"),
            "reason": Cell.TEXT,
            "status": Cell.TEXT,
            "group": Cell.TEXT,
            "story": Cell.TEXT,
            "created_at": Cell.TIME,
            "comparator": Cell.TEXT,
            "versions": Cell.JSON,
        },
        key=lambda one: ("contradiction", one["kind"], *claim_key(one["left"]), *claim_key(one["right"])),
        title=lambda one: (
            f"{one['left']['speaker']['name']} / {one['right']['speaker']['name']}: {one['kind']}"
        ),
        text=lambda one: f"{one['reason']}\n{_statement(one['left'])}\n{_statement(one['right'])}",
        at=lambda one: max(claim_at(one["left"]), claim_at(one["right"])),
        articles=lambda one: [one["left"]["article"], one["right"]["article"]],
        claims=lambda one: [one["left"], one["right"]],
    ),
    "stories": Kind(
        columns={
            "id": Cell.INTEGER,
            "title": Cell.TEXT,
            "first_at": Cell.TIME,
            "last_at": Cell.TIME,
            "articles": Cell.INTEGER,
            "origins": Cell.INTEGER,
            "publishers": Cell.JSON,
            "claims": Cell.INTEGER,
            "contradictions": Cell.INTEGER,
            "latest": Cell.JSON,
        },
        # By the article that opened it, whose title it bears.
        key=lambda one: ("story", one["title"], one["first_at"]),
        title=lambda one: str(one["title"]),
        text=lambda one: (
            f"{one['articles']} articles of {one['origins']} origins: " + ", ".join(one["publishers"])
        ),
        at=lambda one: str(one["last_at"]),
        articles=lambda one: list(one["latest"]),
    ),
    "alerts": Kind(
        columns={
            "id": Cell.INTEGER,
            "kind": Cell.TEXT,
            "severity": Cell.TEXT,
            "headline": Cell.TEXT,
            "reason": Cell.TEXT,
            "rules": Cell.JSON,
            "labels": Cell.JSON,
            "group": Cell.TEXT,
            "claims": Cell.JSON,
            "created_at": Cell.TIME,
            "notifications": Cell.JSON,
            "status": Cell.TEXT,
            "acknowledgement": Cell.JSON,
        },
        key=lambda one: ("alert", str(one["id"]), one["created_at"]),
        title=lambda one: str(one["headline"]),
        text=lambda one: "\n".join(filter(None, [one["reason"], *map(_statement, one["claims"])])),
        at=lambda one: str(one["created_at"]),
        articles=lambda one: [claim["article"] for claim in one["claims"]],
        claims=lambda one: list(one["claims"]),
    ),
}
