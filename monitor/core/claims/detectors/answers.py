"""Answers without a verb: 'How many came? Some 900, said Ana Ruiz.', 'Where is he? With his aunt,
the ministry says.'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims.draft import Draft, reported, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parentheticals import VERB
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import STOP_WORDS, WORD

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
# "Fourteen, the council accepted on Monday."
_TURNED = re.compile(
    rf"(?P<what>(?i:(?:{_BOUND} )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: \w+)?)),"
    rf" (?P<who>(?:the|an?|his|her|its|their|[A-Z])[^,;:“”\"]{{1,60}}?) (?P<cue>{VERB}|accept(?:s|ed))"
    r"(?: (?:on|in|at|late|early|after)\b[^;:“”\"]{2,80})?[.!]?"
)
# "Nine, per the coast guard."
_BY = re.compile(
    rf"(?P<what>(?i:(?:{_BOUND} )?{_NUMBER}(?: (?:hundred|thousand|million|billion))?(?: \w+)?)),"
    r" (?P<cue>according to|per) (?P<who>[^,;:“”\"]{2,80}?)[.!]?"
)
# Anything right behind a question.
_WHO = r"(?:the|an?|his|her|its|their|[A-Z])[^,;:“”\"]{1,60}?"
_ACCOUNT = r"account|count|reckoning|telling|estimate|version|evidence|showing|view"
_ANSWERED = tuple(
    re.compile(rf"(?P<what>[^;:“”\"]{{3,160}}?), {pattern}[.!]?")
    for pattern in (
        rf"(?P<cue>{VERB}) (?P<who>[^,;:“”\"]{{2,80}}?)(?:, [^;:“”\"]{{2,90}})?",
        rf"(?P<who>{_WHO}) (?P<cue>{VERB})",
        rf"(?:on|by|in) (?P<who>{_WHO})['’]s? (?:own )?(?P<cue>{_ACCOUNT})",
    )
)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def detect_answers(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        if page.quotations_in(s):
            continue
        text = s.text.strip()
        found = _ANSWER.fullmatch(text) or _TURNED.fullmatch(text) or _BY.fullmatch(text)
        if found is None and _asked_before(page, s):
            found = next((m for p in _ANSWERED if (m := p.fullmatch(text)) and _says_alone(s, m)), None)
        speaker = _named(s, found.start("who"), found.end("who")) if found is not None else None
        if found is None or speaker is None:
            continue
        start, end = s.start + found.start("what"), s.start + found.end("what")
        yield reported(s, (start, end), found["cue"], speaker, roots_within(s, start, end), "answers")


def _asked_before(page: Page, s: Sentence) -> bool:
    """Whether a question stands right before it in its paragraph."""
    before = page.article.field(s.field)[: s.start].rstrip(" ")
    return before.endswith("?")


def _says_alone(s: Sentence, found: re.Match[str]) -> bool:
    """An answer that only its question makes a sentence: 'To Oslo', and no 'Nonsense'."""
    end = found.end("what")
    verb = any(t.tag in _FINITE and t.end <= end for t in s.tokens)
    words = WORD.findall(found["what"])
    if found["who"].split()[-1].casefold() in STOP_WORDS:
        # "The talk of the town."
        return False
    return not verb and len(words) > 1 and any(w.casefold() not in STOP_WORDS for w in words)


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
