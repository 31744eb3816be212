"""Every shape of attribution that we know of, in passages of our own: who says what, and where nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_room import claims_of

from monitor.core.types import ArticleField, Claim, ClaimKind

FOLDER = Path(__file__).parent / "attributions"
TITLE = "title: "
# Two spans mean the same words where they share half of the shorter.
HALF = 0.5


def rows(language: str) -> list[tuple[str, str]]:
    """(passage, "speaker: words") of one file; ("…", "nobody") where nobody speaks."""
    found, passage = [], ""
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("    "):
            found.append((passage, line.strip()))
        elif line and not line.startswith("#"):
            passage = line.replace(" || ", "\n\n")
    return found


def attributed(passage: str) -> list[Claim]:
    """What somebody says in the passage, the outlet itself left out."""
    if passage.startswith(TITLE):
        claims = claims_of("It is so.", title=passage.removeprefix(TITLE))
        return [c for c in claims if c.field is ArticleField.TITLE and c.kind is not ClaimKind.OWN_VOICE]
    return [c for c in claims_of(passage) if c.kind is not ClaimKind.OWN_VOICE]


def speakers_of(passage: str, words: str) -> set[str]:
    text = passage.removeprefix(TITLE)
    start, end = text.index(words), text.index(words) + len(words)
    return {
        c.speaker.name
        for c in attributed(passage)
        if min(c.end, end) - max(c.start, start) >= HALF * min(c.end - c.start, end - start)
    }


@pytest.mark.parametrize(("passage", "expected"), [*rows("english"), *rows("russian")])
def test_whoever_says_something_is_found_with_it(passage: str, expected: str) -> None:
    if expected == "nobody":
        assert [c.quote for c in attributed(passage)] == []
        return
    speaker, words = expected.split(": ", 1)
    assert speaker in speakers_of(passage, words)


@pytest.mark.parametrize("language", ["english", "russian"])
def test_every_claim_of_the_passages_stands_where_it_says(language: str) -> None:
    for passage in dict.fromkeys(passage for passage, _ in rows(language)):
        text = passage.removeprefix(TITLE)
        for claim in attributed(passage):
            assert text[claim.start : claim.end] == claim.quote
