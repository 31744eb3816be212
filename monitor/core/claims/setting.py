"""Where claims stand in their article: which come right after one another, and with what words between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from monitor.core.text import paragraph_break
from monitor.core.types import Article, ArticleField, Claim, Setting

# Code points of the text before and after a claim that are looked at.
_BESIDE_CHARS = 240


def with_settings(
    claims: Sequence[Claim],
    article: Article,
    called: Callable[[Claim], frozenset[str]],
    cut_out: Collection[str] = (),
) -> list[Claim]:
    """The claims of one article, each with its setting, in the same order.

    `called` gives the words that the article has for a claim's speaker; `cut_out` has the fingerprints of
    claims whose words are no clause.
    """
    placed: dict[str, Setting] = {}
    for part in ArticleField:
        mine = sorted((c for c in claims if c.field is part), key=lambda c: (c.start, -c.end))
        text = article.field(part)
        between = paragraph_break(text)
        # One claim inside another one, or over its end, takes no place of its own.
        stretches: list[tuple[int, int]] = []
        for claim in mine:
            if stretches and claim.start < stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], max(stretches[-1][1], claim.end))
            else:
                stretches.append((claim.start, claim.end))
        for claim in mine:
            place = next(n for n, (start, end) in enumerate(stretches) if start <= claim.start < end)
            since = stretches[place - 1][1] if place else 0
            until = stretches[place + 1][0] if place + 1 < len(stretches) else len(text)
            before = text[max(since, claim.start - _BESIDE_CHARS) : claim.start]
            placed[claim.fingerprint] = Setting(
                paragraph=text.count(between, 0, claim.start),
                place=place,
                before=before.rpartition(between)[2],
                after=text[claim.end : min(until, claim.end + _BESIDE_CHARS)].partition(between)[0],
                called=called(claim),
                whole=claim.fingerprint not in cut_out,
            )
    return [replace(claim, setting=placed[claim.fingerprint]) for claim in claims]
