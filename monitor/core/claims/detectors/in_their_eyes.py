"""What something is to somebody: 'To critics, the deal is a gift', 'The lamp was out, if the skipper is to be
believed', '“They needed a culprit”, is how the union sees it'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, reported, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.voices import is_office, is_person
from monitor.core.types import ClaimKind

_BELIEVED = re.compile(
    r"\b[Ii]f (?P<who>[^,;:“”\"]{2,60}?) (?P<cue>(?:is|are|was|were) to be (?:believed|trusted))"
    r"(?:,|(?=[.;]|$))"
)
# "As the union sees it, …", "The way he tells it, …", "… as far as the port knows".
_TOLD = re.compile(
    r"\b(?:(?:[Aa]s|[Tt]he way|[Tt]o hear) (?P<who>[^,;:“”\"]{2,60}?) "
    r"(?P<cue>sees?|saw|tells?|told|remembers?|remembered|recalls?|recalled) it(?=[,.;]|$))"
)
_KNOWN = re.compile(
    r"\b(?:[Aa]s|[Ss]o) far as (?P<who>[^,;:“”\"]{2,60}?) "
    r"(?P<cue>knows?|knew|(?:is|are|was|were) (?:concerned|aware))(?=[,.;]|$)"
)
_SEEN = re.compile(
    r",?\s(?:is|was) (?:how|the way) (?P<who>[^,;:“”\"]{2,60}?) (?P<cue>sees?|saw|puts?|tells?) it\b"
)
# "“No lorry came” is Berg's answer", "“No” was the reply from the barracks": behind marks only.
_ANSWER = r"(?P<cue>answer|reply|verdict|response|version|retort|conclusion|assessment|explanation|riposte)"
_ANSWERED = (
    re.compile(rf"[”\"»],?\s(?:is|was|runs) (?P<who>[^,;:“”\"]{{2,60}}?)['’]s? {_ANSWER}\b"),
    re.compile(rf"[”\"»],?\s(?:is|was) the {_ANSWER} (?:from|of|given by) (?P<who>[^,;:.“”\"]{{2,60}})"),
)
# "“An invention”, in the union's phrase."
_PHRASED = re.compile(
    r"[”\"»],?\s(?P<cue>in) (?P<who>[^,;:“”\"]{2,60}?)['’]s? "
    r"(?:phrase|words?|view|opinion|judge?ment|eyes|telling)(?=[,.;]|$)"
)
_EDGES = " \"“”«»‘’',.;:–—"
_MIN_WORDS = 3
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
# "The case that, if he is to be believed, held a bomb".
_OPEN = frozenset({"that", "which", "who", "whom", "because", "and", "but", "when", "as", "is", "was"})


def detect_in_their_eyes(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for pattern in (_BELIEVED, _TOLD, _KNOWN, _SEEN, _PHRASED, *_ANSWERED):
            found = pattern.search(s.text)
            if found is not None:
                yield from _around(page, s, found)
        if s.tokens[0].text == "To":
            yield from _to_them(page, s)


def _around(page: Page, s: Sentence, found: re.Match[str]) -> Iterator[Draft]:
    """What stands before the words that attribute; where nothing does, what stands behind them."""
    before = found.start() > 0
    start, end = (0, found.start()) if before else (found.end(), len(s.text))
    verbs = [t.start for t in s.tokens if t.tag in _FINITE]
    if before and not any(v < found.start() for v in verbs) and any(v > found.end() for v in verbs):
        # "The sum, as she remembers it, was nine million": the side with the verb.
        start, end = found.end(), len(s.text)
    speaker = _named(s, found.start("who"), found.end("who"))
    words = s.text[start:end].strip(_EDGES)
    if speaker is None or len(words.split()) < _MIN_WORDS or words.split()[-1] in _OPEN:
        return
    first = s.start + start + s.text[start:end].index(words)
    span = first, first + len(words)
    draft = reported(s, span, found["cue"], speaker, roots_within(s, *span), "in_their_eyes")
    quoted = page.quoted(s.field, first) is not None
    yield replace(draft, kind=ClaimKind.DIRECT) if quoted else draft


def _named(s: Sentence, start: int, end: int) -> int | None:
    inside = [n for n, t in enumerate(s.tokens) if start <= t.start and t.end <= end]
    nouns = [n for n in inside if s.tokens[n].pos in {"NOUN", "PROPN", "PRON"}]
    return next((n for n in nouns if s.tokens[n].head not in inside), nouns[-1] if nouns else None)


def _to_them(page: Page, s: Sentence) -> Iterator[Draft]:
    """'To critics, the deal is a gift', 'To Ana Ruiz, who leads the inquiry, the holes are rust'; 'To the
    north the road is closed' is no view.
    """
    who, top = grammar.child(s, 0, "pobj"), s.tokens[0].head
    if who is None or s.tokens[top].lemma != "be" or page.quotations_in(s) or s.text.rstrip().endswith("?"):
        return
    told_of = grammar.child(s, who, "relcl", "appos") is not None
    named = s.tokens[who].pos == "PROPN" and told_of and any(s.tokens[c].tag == "WP" for c in s.subtree(who))
    if (
        not (is_person(s, who) or is_office(s, who) or named)
        or grammar.child(s, top, "attr", "acomp") is None
    ):
        return
    behind = [n for n in s.subtree(top) if n > s.subtree(who)[-1] and s.tokens[n].pos != "PUNCT"]
    subject = grammar.child(s, top, "nsubj")
    if subject is None or not behind or subject < behind[0]:
        return
    yield reported(s, s.span(behind), s.tokens[0].text, who, (top,), "in_their_eyes")
