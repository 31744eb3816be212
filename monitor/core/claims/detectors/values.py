"""A figure or a day that somebody gives without a verb of speaking: 'the purser gives 90 berths', 'the
notary has it at nine', 'a neighbour swears to five', 'the clerk names 14 March'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.names import MONTHS, WEEKDAYS
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import cues
from monitor.core.claims.voices import is_document, may_speak
from monitor.core.numerals import BOUND, NUMERAL
from monitor.core.wording import word_set

_DAY = rf"(?:{'|'.join(sorted(MONTHS | WEEKDAYS))}|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
# "€2.4m", "05:40", "60km".
_NUMBER = rf"(?:[$€£]?\d[\d.,:]*\w*|{NUMERAL})"
_FIGURE = re.compile(rf"(?:{BOUND} )?(?:the )?(?:{_NUMBER}\b|{_DAY})", re.I)
# "To nine pupils", "two men to court": what is given away, or sent.
_AWAY = word_set("to for into away up out back")
# Of something that is put, kept or paid, no figure is told: "has 40 workers", "gave 20 euros".
_HELD = word_set("have give")


@dataclass(frozen=True, slots=True)
class _Row:
    # The words between the verb and the figure, as a pattern.
    link: str = ""
    # Only of what is read: "the list has fourteen dead".
    of_papers: bool = False
    # Said of what is so now: "gives 90 berths", and no "gave 90 men a rise".
    present: bool = False


_HAS_IT = _Row(r"(?:it|them|this|that|him|her|the [\w'’ -]{2,30}?) (?:down )?(?:at|as|on) ")
_ROWS: dict[str, tuple[_Row, ...]] = {
    "give": (_Row(present=True), _Row(of_papers=True), _Row(r"[\w'’ -]{2,40}? as ")),
    "name": (_Row(present=True),),
    "have": (_HAS_IT, _Row(r"(?:it|them) "), _Row(of_papers=True, present=True)),
    "list": (_Row(),),
    "show": (_Row(of_papers=True),),
    "count": (_Row(),),
    "swear": (_Row(r"to "),),
    "arrive": (_Row(r"at (?=\d{3}|\d+(?:\.\d+)? ?(?:per|%))"),),
    "put": (_Row(r"[\w'’ -]{2,40}? at (?=nil|zero|none)"),),
}
# No "door" does anything.
_LONG = 4
# So many words behind a figure may say where it goes.
_NEAR = 4
_PRESENT = frozenset({"VBZ", "VBP"})


def detect_values(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, frozenset(_ROWS)):
        reads = is_document(s, speaker) or any(
            s.tokens[n].lemma in DOCUMENTS for n in grammar.noun_phrase(s, speaker)
        )
        if grammar.child(s, i, "dative") is not None:
            continue
        speaks = reads or _may_speak(s, speaker)
        text, at = s.text, s.tokens[i].end + 1
        for row in _ROWS[s.tokens[i].lemma]:
            if (
                (row.of_papers and not reads)
                or not (speaks or row.link)
                or (row.present and s.tokens[i].tag not in _PRESENT)
            ):
                continue
            link = re.compile(row.link).match(text, at)
            figure = _FIGURE.match(text, link.end()) if link is not None else None
            if link is None or figure is None or not _is_told(s, i, figure.end()):
                continue
            ends = (n for mark in ";:" if (n := text.find(mark, at)) > 0)
            own = s.span([*grammar.noun_phrase(s, speaker), i]) if speaker < i else s.span([i])
            end = s.start + len(text[: min(ends, default=len(text))].rstrip(" .!"))
            yield reported(s, (own[0], end), s.tokens[i].text, speaker, (i,), "values")
            break


def _may_speak(s: Sentence, i: int) -> bool:
    """Somebody, and whoever is called by what they do: 'the buyer', 'experts'."""
    token = s.tokens[i]
    made = (
        token.pos == "NOUN"
        and token.lemma.endswith(("er", "or", "ist", "expert"))
        and len(token.lemma) > _LONG
    )
    return made or may_speak(s, i)


def _is_told(s: Sentence, i: int, end: int) -> bool:
    """No "gives two pupils to the care of": what is given away is no figure."""
    behind = (t for t in s.tokens if t.start >= end)
    near = [t.lemma for t, _ in zip(behind, range(_NEAR), strict=False)]
    return s.tokens[i].lemma not in _HELD or _AWAY.isdisjoint(near)
