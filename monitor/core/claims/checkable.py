"""Which sentences of the outlet's own say something that somebody could check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from monitor.core.claims.draft import Draft
from monitor.core.claims.languages import Language
from monitor.core.types import ArticleField, Claim, Frame, Quantity

_DIGIT = re.compile(r"\d")
# What is told of somebody in passing: "Ruiz, 52, who left in 2014, …".
_ASIDES = frozenset({"relcl", "acl:relcl", "appos"})
# A longer time is a year or a month of somebody's life.
_DAYS = timedelta(days=7)


def is_checkable(claim: Claim, draft: Draft, language: Language, frames: Mapping[str, Frame]) -> bool:
    """Whether it tells how many, when, what was done, what a paper shows or what a frame knows, or heads
    the article with a clause.
    """
    counted = any(not _is_only_one(q) for q in claim.quantities)
    if counted or any(frames[use.frame].own_voice for use in claim.frames):
        return True
    if claim.field is ArticleField.TITLE:
        return language.is_clause(draft.content, draft.start, draft.end) or language.tells(draft)
    plain = _without_asides(draft)
    if _introduces(draft):
        for when in claim.times:
            if when.ends_at - when.begins_at > _DAYS:
                plain = plain.replace(when.surface, "")
    dated = any(when.surface in plain for when in claim.times)
    return dated or _DIGIT.search(plain) is not None or language.tells(draft)


def _is_only_one(amount: Quantity) -> bool:
    """'One thing is clear', 'settled for one story': no count."""
    return amount.value == 1 and amount.surface.casefold() in {"one", "один", "одна", "одно", "одного"}


def _introduces(draft: Draft) -> bool:
    """'Ruiz, who runs the choir, moved away in 2014': the article tells who somebody is."""
    s = draft.content
    return any(
        s.tokens[who].dep == "nsubj"
        and s.tokens[who].pos == "PROPN"
        and any(s.tokens[c].dep in _ASIDES for c in s.children[who])
        for head in draft.heads
        for who in s.children[head]
    )


def _without_asides(draft: Draft) -> str:
    """The words of the draft, those blotted out that only tell more of somebody in it."""
    s = draft.content
    text = s.text
    for i, token in enumerate(s.tokens):
        if token.dep in _ASIDES and i not in draft.heads:
            for below in s.subtree(i):
                start, end = s.tokens[below].start, s.tokens[below].end
                text = text[:start] + "\0" * (end - start) + text[end:]
    return text[draft.start - s.start : draft.end - s.start]
