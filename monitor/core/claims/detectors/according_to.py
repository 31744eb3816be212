"""'According to X', 'in the words of X', 'per X'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, content_span
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimKind, Stance

# Measures and plans are not speakers: "according to the timetable".
_NOT_SPEAKERS = frozenset(
    ["plan", "schedule", "timetable", "rule", "law", "tradition", "custom", "need", "taste", "size", "age"]
)


def detect_according_to(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if (
                token.text.casefold() != "according"
                or page.quoted(s.field, s.start + token.start) is not None
            ):
                continue
            draft = _of_cue(s, i)
            if draft is not None:
                yield draft


def _of_cue(s: Sentence, i: int) -> Draft | None:
    to = grammar.child(s, i, "prep")
    if to is None and i + 1 < len(s.tokens) and s.tokens[i + 1].lemma == "to":
        to = i + 1
    if to is None:
        return None
    speaker = grammar.child(s, to, "pobj") or grammar.child(s, i, "pobj")
    if speaker is None or s.tokens[speaker].lemma in _NOT_SPEAKERS:
        return None
    head = next((a for a in s.ancestors(i) if s.tokens[a].pos in {"VERB", "AUX"}), s.tokens[i].head)
    if head == i:
        return None
    span = content_span(s, head, without=(i,))
    if span is None:
        return None
    whose = s.tokens[head]
    if whose.dep == "relcl":
        # "people who, according to the police, sold it": whom it is about stands before.
        span = min(span[0], s.span(grammar.noun_phrase(s, whose.head))[0]), span[1]
    return Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=Stance.ASSERT,
        cue=s.words([i, to]),
        speaker=speaker,
        content=s,
        heads=(head,),
        detector="according_to",
    )
