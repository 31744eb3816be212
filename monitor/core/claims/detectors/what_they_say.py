"""What somebody says that something is, in passing: 'in what engineers call a rare fault', 'he handed over
what he said was the original list'.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import HEDGING_CUES, NAMING, REPORTING
from monitor.core.claims.draft import Draft, content_span
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import NOUNS, told_thing

_CUES = (REPORTING.keys() | NAMING | {"suspect"}) - {"ask", "wonder", "question", "show"}
# So far behind "what" may the verb stand.
_REACH = 9
_COPULA = frozenset({"is", "was", "are", "were", "be", "been", "had", "has", "have", "may", "might", "could"})
_BEFORE_NOUN = frozenset({"DET", "ADJ", "NUM", "ADV", "PART", "PUNCT"})
_OF_NOUN = frozenset({"compound", "poss", "amod"})


def detect_what_they_say(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for at, token in enumerate(s.tokens):
            # "What the police say is…" asks, or tells that they say it.
            if token.lemma != "what" or at == 0 or s.text.rstrip().endswith("?"):
                continue
            if page.quoted(s.field, s.start + token.start) is None:
                yield from _behind(page, s, at)


def _behind(page: Page, s: Sentence, at: int) -> Iterator[Draft]:
    cue = next((i for i in range(at + 1, min(at + _REACH, len(s.tokens))) if s.tokens[i].pos == "VERB"), None)
    speaker = grammar.child(s, cue, "nsubj") if cue is not None else None
    if cue is None or speaker is None or not at < speaker < cue or s.tokens[cue].lemma not in _CUES:
        return
    i = cue + 1
    while i < len(s.tokens) and (s.tokens[i].text in _COPULA or s.tokens[i].text == "as"):
        i += 1
    if i == cue + 1 and s.tokens[cue].lemma not in NAMING:
        # "What they say about it".
        return
    first = i
    while i < len(s.tokens) and (s.tokens[i].pos in _BEFORE_NOUN or s.tokens[i].dep in _OF_NOUN):
        i += 1
    if i >= len(s.tokens) or s.tokens[i].pos not in NOUNS:
        return
    if s.tokens[speaker].pos == "PRON":
        # "The police laid out what they said was the wing": whoever did so.
        acts = (grammar.subject(s, a) for a in s.ancestors(cue) if s.tokens[a].pos == "VERB")
        speaker = next((who for who in acts if who is not None and who < at), speaker)
    span = content_span(s, i)
    if span is None or page.quoted(s.field, s.start + s.tokens[first].start) is not None:
        return
    start = s.start + s.tokens[first].start
    if start >= span[1]:
        return
    words = s.text[start - s.start : span[1] - s.start]
    yield told_thing(
        s,
        cue,
        speaker,
        i,
        span=(start, span[1]),
        proposition=f"it was {words}",
        hedged=s.tokens[cue].lemma in HEDGING_CUES | {"suspect"},
        detector="what_they_say",
    )
