"""What stands between two things that one person says, and names nobody: 'The road was shut, she said. Two
lorries blocked it. “Nobody moved,” she added.'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField, ClaimKind, Speaker
from monitor.core.wording import word_set

# What the reporter says of whoever speaks: "He has run the port for six years", "His firm gave it".
_OF_THEM = word_set("he she they i we you his her their same")
# "Her own list had nine": somebody else's.
_OTHERS = word_set("own")

Spoken = list[tuple[Draft, Speaker]]


def with_those_between(page: Page, spoken: Spoken) -> Spoken:
    """The same claims, those of the outlet's own voice given to whoever speaks right before and right after
    them in the paragraph.
    """
    said: dict[int, list[Speaker]] = {}
    for d, who in sorted(spoken, key=lambda pair: pair[0].start):
        if d.kind is not ClaimKind.OWN_VOICE and d.sentence.field is ArticleField.TEXT:
            said.setdefault(d.sentence.start, []).append(who)
    between: dict[int, Speaker] = {}
    sentences = [s for s in page.sentences if s.field is ArticleField.TEXT]
    for (before, s), (_, after) in pairwise(pairwise(sentences)):
        last, first = said.get(before.start, []), said.get(after.start, [])
        one = before.paragraph == s.paragraph == after.paragraph
        if one and last and first and last[-1].name == first[0].name and s.start not in said:
            between[s.start] = last[-1]
    return [_given(d, who, between) for d, who in spoken]


def _given(d: Draft, who: Speaker, between: dict[int, Speaker]) -> tuple[Draft, Speaker]:
    speaker = between.get(d.sentence.start) if d.sentence.field is ArticleField.TEXT else None
    if speaker is None or d.kind is not ClaimKind.OWN_VOICE or _is_told(d.sentence, d.heads):
        return d, who
    return replace(d, kind=ClaimKind.INDIRECT, detector="between"), speaker


def _is_told(s: Sentence, heads: Sequence[int]) -> bool:
    """Whether the reporter tells it of whoever speaks, or whose it is."""
    subjects = [c for c in (grammar.child(s, h, "nsubj", "nsubjpass") for h in heads) if c is not None]
    words = {s.tokens[n].lemma for c in subjects for n in s.subtree(c)}
    if any(
        s.tokens[c].lemma in {"it", "this", "that"} and s.tokens[s.tokens[c].head].lemma == "be"
        for c in subjects
    ):
        # "That was her second story": a word on what was said.
        return True
    return not words or not words.isdisjoint(_OF_THEM | _OTHERS)
