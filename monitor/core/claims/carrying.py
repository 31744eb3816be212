"""Reported speech that goes on in a sentence of its own: 'Two men were hurt, she said. Both had been asleep.'

Nothing in the sentence says who speaks. Only what reporters write of nobody but the last speaker is taken: a
step back in time after "said", some of those spoken of just now, or more after "added". Everything else is
the outlet's own voice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from monitor.core.claims.draft import Draft, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField, ClaimKind, Stance

#: Whether a sentence goes on with what this draft of the sentence before says.
GoesOn = Callable[[Sentence, Draft], bool]
_MIN_WORDS = 3


def carried_on(
    page: Page, drafts: Sequence[Draft], goes_on: GoesOn, last_resorts: Sequence[str]
) -> list[Draft]:
    """A draft for each sentence that goes on with the speech of the one right before in its paragraph.

    `drafts` are those of all detectors; sentences in which one that is no last resort found a speaker, and
    those with words between marks, speak for themselves.
    """
    spoken: dict[int, Draft] = {}
    silent = {d.sentence.start for d in drafts if d.detector in {"by_words", "carried"}}
    for d in _outermost([d for d in drafts if d.detector not in last_resorts]):
        if d.sentence.field is ArticleField.TEXT:
            spoken.setdefault(d.sentence.start, d)
    found: list[Draft] = []
    for before, s in pairwise(x for x in page.sentences if x.field is ArticleField.TEXT):
        last = spoken.get(before.start)
        if last is None or s.start in spoken or s.start in silent or s.paragraph != before.paragraph:
            continue
        end = s.start + len(s.text.rstrip(" .…"))
        if not s.tokens or page.quotations_in(s) or len(s.text.split()) < _MIN_WORDS or not goes_on(s, last):
            continue
        carried = Draft(
            sentence=s,
            start=s.start,
            end=end,
            kind=ClaimKind.INDIRECT,
            stance=Stance.ASSERT,
            cue="",
            speaker=last.speaker,
            named_in=last.named_in or last.sentence,
            content=s,
            heads=roots_within(s, s.start, end),
            detector="carried_on",
        )
        # "She said. Both had been asleep. The door had been locked."
        spoken[s.start] = carried
        found.append(carried)
    return found


def _outermost(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The drafts with a speaker of their own who is not named inside what somebody else says."""
    for d in drafts:
        if d.speaker is None or d.named_in is not None:
            continue
        place = d.sentence.start + d.sentence.tokens[d.speaker].start
        inside = any(
            o.sentence is d.sentence
            and o.named_in is None
            and o.speaker != d.speaker
            and o.start <= place < o.end
            for o in drafts
        )
        if not inside:
            yield d
