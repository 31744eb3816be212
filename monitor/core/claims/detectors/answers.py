"""An answer that is only a number: 'How many marched? More than 30,000, said Ana Ruiz.'"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims.draft import Draft, reported, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence

_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?|"
    r"hundreds|thousands|dozens|none|nobody|not one|half|all of them)"
)
_BOUND = (
    r"(?:(?:more|fewer|less|no more|no fewer) than|at (?:least|most)|about|around|nearly|almost|over|under|"
    r"some|up to|exactly|just|only)"
)
_ANSWER = re.compile(
    rf"(?P<what>(?:{_BOUND} )?(?:a )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: \w+){{0,2}}),"
    r" (?P<cue>says?|said|answers?|answered|repl(?:y|ies|ied)|insists?|insisted)"
    r" (?P<who>[^,;:“”\"]{2,80}(?:, [^,;:“”\"]{2,60}){0,2})[.!]?",
    re.IGNORECASE,
)


def detect_answers(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        found = _ANSWER.fullmatch(s.text.strip())
        if found is None or page.quotations_in(s):
            continue
        speaker = _named(s, found.start("who"), found.end("who"))
        if speaker is None:
            continue
        start, end = s.start + found.start("what"), s.start + found.end("what")
        yield reported(s, (start, end), found["cue"], speaker, roots_within(s, start, end), "answers")


def _named(s: Sentence, start: int, end: int) -> int | None:
    """Who is named first behind the verb."""
    inside = [n for n, t in enumerate(s.tokens) if start <= t.start and t.end <= end]
    return next(
        (
            n
            for n in inside
            if s.tokens[n].pos in {"NOUN", "PROPN", "PRON"} and s.tokens[n].head not in inside
        ),
        None,
    )
