"""Set phrases with a clause: 'the dean made it clear that…', 'let slip that…', 'gave her word that…'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, content_span, reported, speaker_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue

_OWN = r"(?:his|her|its|their)"
_PHRASE = re.compile(
    r"\b(?:"
    r"ma(?:d?e|kes|king) (?:it )?(?:\w+ly )?(?:clear|plain|known)"
    r"|le(?:ft|aves?|aving) (?:(?:nobody|no one|him|her|them|\w+) in )?no doubt"
    r"|let(?:s|ting)? (?:slip|it be known|be known)"
    rf"|(?:gave|gives?|giving|given) {_OWN} word"
    rf"|ma(?:d?e|kes) no secret (?:of the fact|of {_OWN} (?:view|belief|conviction))"
    rf"|(?:took|takes?|stuck|sticks?|keeps?|kept) to {_OWN} (?:line|story|version|account)"
    r"|put it to (?:the )?\w+"
    r"|let(?:s|ting)? (?:the )?\w+ know"
    r"|(?:sent|sends?) word"
    r"|(?:gave|gives?) (?:(?:the )?\w+ )?to understand"
    r"|wants? it known"
    r"|(?:went|gone|is|are|was) on (?:the )?record"
    r"|(?:ha[sd]|have|has had|got|(?:is|are|was|were) in possession of) (?:\w+ )?"
    r"(?:information|evidence|proof|word|indications?)"
    # "Made it clear late last week that."
    r")(?: (?!that\b)[^\s,;:]+){0,6} (?=that\b)"
)


def detect_set_phrases(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for found in _PHRASE.finditer(s.text):
            draft = _of_phrase(s, found)
            if draft is not None and page.quoted(s.field, s.start + found.start()) is None:
                yield draft


def _of_phrase(s: Sentence, found: re.Match[str]) -> Draft | None:
    verb = next((i for i, t in enumerate(s.tokens) if t.start == found.start()), None)
    that = next((i for i, t in enumerate(s.tokens) if t.start == found.end()), None)
    if verb is None or that is None or s.tokens[that].dep != "mark" or not usable_cue(s, verb):
        return None
    speaker, clause = speaker_of(s, verb), s.tokens[that].head
    span = content_span(s, clause)
    if speaker is None or span is None or clause < that or grammar.is_question_word(s, speaker):
        return None
    return reported(s, span, found[0].strip(), speaker, (clause,), "set_phrases")
