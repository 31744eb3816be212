"""`claimwatch eval --polnear`: our attributions against a corpus in which people marked them.

The corpus is third-party text and no part of the program; where it is not there, nothing is measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.config import Settings
from monitor.core.claims import extract_claims
from monitor.core.claims.parsed import Parser
from monitor.core.evaluation.attribution import (
    AttributionScore,
    FoundAttribution,
    MarkedArticle,
    read_marked,
    score_article,
    total_of,
)
from monitor.core.evaluation.gold import Story, StoryArticle
from monitor.core.evaluation.verdicts import reported
from monitor.core.matching import match
from monitor.core.types import Article, ArticleField, Claim, ClaimKind
from monitor.errors import InputError
from monitor.models import load_embedder
from workers.evaluation import evaluate, rules_for_all

_AT_ONCE = 8
# The corpus is of one time; which, nothing here depends on.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedNews:
    """What was measured on a corpus."""

    file: str
    articles: int
    words: int
    cpu_seconds: float
    # By kind of attribution, all together last.
    scores: Mapping[str, AttributionScore]
    # Contradictions that would be told, read as one day's stream, and in how many articles a side stands.
    told: int
    told_in: int


def score_marked(
    file: Path, settings: Settings, parsers: Mapping[str, Parser], show: Callable[[int, int], None]
) -> MarkedNews | None:
    """Our attributions against those of the file, one JSON object a line; None: there is no such file.

    Raises InputError for a line that is no marked article.
    """
    if not file.is_file():
        return None
    marked = list(_read(file))
    rules = rules_for_all(settings)
    begun = time.process_time()
    told = _told(marked, settings, parsers)
    scores = []
    for start in range(0, len(marked), _AT_ONCE):
        show(start, len(marked))
        some = marked[start : start + _AT_ONCE]
        laid = [_article(one, number) for number, one in enumerate(some, 1)]
        readings = match([article for article, _ in laid], rules)
        for one, (_, shift), claims in zip(some, laid, extract_claims(readings, rules, parsers), strict=True):
            scores.append(score_article(one, _found(claims, shift)))
    show(len(marked), len(marked))
    return MarkedNews(
        file=file.name,
        articles=len(marked),
        words=sum(len(one.text.split()) for one in marked),
        cpu_seconds=time.process_time() - begun,
        scores=total_of(scores),
        told=len(told),
        told_in=len({article for pair in told for article in pair}),
    )


def _told(
    marked: Sequence[MarkedArticle], settings: Settings, parsers: Mapping[str, Parser]
) -> list[tuple[str, str]]:
    """The ids of the two articles of each contradiction that would be told of these, in any order."""
    laid = [_article(one, number)[0] for number, one in enumerate(marked, 1)]
    stream = Story(
        name="ordinary news",
        articles=tuple(
            StoryArticle(
                id=str(article.id),
                outlet=f"Paper {article.id}",
                url=f"https://paper{article.id}.example/",
                title=article.title,
                body=article.text,
                lang=article.lang,
                published_at=_NEVER + article.id * _APART,
            )
            for article in laid
        ),
        claims=(),
    )
    embedder = load_embedder(settings)
    ((_, found, _),) = evaluate([stream], settings, parsers, lambda done, of: None, embedder)
    articles = {claim.id: claim.article for claim in found.claims}
    return [(articles[pair.left], articles[pair.right]) for pair in reported(found.pairs)]


def _read(file: Path) -> Iterator[MarkedArticle]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError(f"{file}:{number}: {error}", remedy="one JSON object a line") from error
            yield read_marked(row, f"{file}:{number}")


def _article(one: MarkedArticle, number: int) -> tuple[Article, int]:
    """The article as a feed would give it, and where its text begins in the marked one: after the title."""
    first, gap, rest = one.text.partition("\n\n")
    has_title = bool(rest) and first.startswith(one.title[:40])
    shift = len(first) + len(gap) if has_title else 0
    article = Article(
        id=number,
        version=1,
        version_id=number,
        feed_id=None,
        url="",
        publisher="",
        tags=(),
        title=first if has_title else "",
        summary="",
        text=one.text[shift:],
        lang=one.lang,
        published_at=None,
        fetched_at=_NEVER,
    )
    return article, shift


def _found(claims: Sequence[Claim], shift: int) -> tuple[FoundAttribution, ...]:
    """What the outlet says itself is no attribution."""
    return tuple(
        FoundAttribution(
            start=claim.start + (shift if claim.field is ArticleField.TEXT else 0),
            end=claim.end + (shift if claim.field is ArticleField.TEXT else 0),
            surface=claim.speaker.surface,
        )
        for claim in claims
        if claim.kind is not ClaimKind.OWN_VOICE
    )


# ---------------------------------------------------------------- telling


def as_lines(news: MarkedNews) -> Iterator[str]:
    """A table for people."""
    yield f"attribution in {news.file}: {news.articles} articles, {news.words} words"
    yield f"{'kind':<10}  {'marked':>6}  {'found':>6}  {'prec':>6}  {'recall':>6}  {'F1':>6}  {'speaker':>7}"
    for kind, score in news.scores.items():
        cells = (score.found.value, score.precision.value, score.recall.value, score.f1)
        shown = [f"{percent(one):>6}" for one in cells]
        speaker = f"{percent(score.speakers.value):>7}"
        yield "  ".join([f"{kind:<10}", f"{score.found.of:>6g}", *shown, speaker])
    yield f"contradictions that would be told of these articles: {news.told}, in {news.told_in} of them"


def as_object(news: MarkedNews) -> dict[str, Any]:
    """The same for programs."""
    return {
        "corpus": news.file,
        "articles": news.articles,
        "words": news.words,
        "cpu_seconds": round(news.cpu_seconds, 3),
        "contradictions_told": news.told,
        "articles_told_of": news.told_in,
        "kinds": {
            kind: {
                "marked": score.found.of,
                "found": score.found.value,
                "precision": score.precision.value,
                "recall": score.recall.value,
                "f1": score.f1,
                "speaker": score.speakers.value,
            }
            for kind, score in news.scores.items()
        },
    }


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
