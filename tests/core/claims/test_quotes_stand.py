"""Every quote stands at its offsets, over all our stories and whatever is thrown into them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_room import frames, parsers
from reading_room import reading as read

from monitor.core.claims import extract_claims
from monitor.core.types import Claim, Reading

STORIES = Path(__file__).parents[2] / "data" / "stories"


class Nobody:
    """A rule set without entities."""

    entities: dict[str, object] = {}  # noqa: RUF012  # never written to
    frames = frames()


#: What feeds really carry: emoji with modifiers and joiners, right-to-left text and marks, combining
#: accents, letters that change their length when folded, no-break and zero-width spaces, stray quotes.
THROWN_IN = (
    "👍🏽", "👩‍👩‍👧‍👦", "🇺🇦", "שלום", "\u202eمرحبا\u202c", "\u200f", "e\u0301", "\u0301", "İ", "ß", "ﬃ",
    "\u00a0", "\u200b", "\ufeff", "\u2028", "“", "»", "„", "'", "—", "…", "𝔘𝔫𝔦", "\U00020000", "Ё", "\t",
    "\n", "\n\n", ". ",
)  # fmt: skip


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """Title, body and language of every article of every story."""
    found = [
        (row["title"], row["body"], row["lang"])
        for file in sorted(STORIES.glob("*/*/articles.json"))
        for row in json.loads(file.read_text(encoding="utf-8"))
    ]
    assert len(found) > 70
    return tuple(found)


def stands(one: Reading, claims: tuple[Claim, ...]) -> list[str]:
    """Claims whose quote is not what stands there."""
    return [
        f"{c.field} {c.start}-{c.end}: {c.quote!r}"
        for c in claims
        if one.article.field(c.field)[c.start : c.end] != c.quote or not c.quote.strip()
    ]


def claims_of(one: Reading) -> tuple[Claim, ...]:
    (found,) = extract_claims([one], Nobody(), parsers())  # type: ignore[arg-type]  # a stand-in
    return found


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_quote_of_every_story_stands_at_its_offsets(lang: str) -> None:
    mine = [(title, body) for title, body, of in texts() if of == lang]
    readings = [
        read(body, Nobody(), title=title, id=n, lang=lang)  # type: ignore[arg-type]  # a stand-in
        for n, (title, body) in enumerate(mine, 1)
    ]
    found = extract_claims(readings, Nobody(), parsers())  # type: ignore[arg-type]  # a stand-in
    assert sum(map(len, found)) > len(mine)
    assert [bad for one, claims in zip(readings, found, strict=True) for bad in stands(one, claims)] == []


@st.composite
def spoilt(draw: Callable[..., object]) -> tuple[str, str, str]:
    """An article of a story, a stretch of it, with things thrown in anywhere."""
    title, body, lang = texts()[draw(st.integers(0, len(texts()) - 1))]  # type: ignore[call-overload]  # drawn
    start = draw(st.integers(0, max(0, len(body) - 400)))
    body = body[start : start + 1_200]  # type: ignore[operator]  # drawn
    for _ in range(draw(st.integers(1, 8))):  # type: ignore[call-overload]  # drawn
        at = draw(st.integers(0, len(body)))
        body = body[:at] + draw(st.sampled_from(THROWN_IN)) + body[at:]  # type: ignore[operator, misc]  # drawn
    at = draw(st.integers(0, len(title)))
    title = title[:at] + draw(st.sampled_from(THROWN_IN)) + title[at:]  # type: ignore[operator, misc]  # drawn
    return title, body, lang


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt())
def test_every_quote_stands_at_its_offsets_whatever_is_thrown_in(article: tuple[str, str, str]) -> None:
    title, body, lang = article
    one = read(body, Nobody(), title=title, lang=lang)  # type: ignore[arg-type]  # a stand-in
    assert stands(one, claims_of(one)) == []
