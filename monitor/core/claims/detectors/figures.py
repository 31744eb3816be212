"""A figure that somebody gives without a verb of speaking: 'the bureau put the number of cases at 240'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import COUNTING
from monitor.core.claims.draft import Draft, given_figure, reported, speaker_of
from monitor.core.claims.names import MONTHS, WEEKDAYS
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.claims.things import with_tail
from monitor.core.wording import word_set

_GIVING = {"put": "at", "give": "as", "set": "at", "estimate": "at", "place": "at"}
_FIGURES = word_set(
    """
    number toll count total figure tally cost damage loss price value size sum share turnout casualty
    death estimate strength speed depth height magnitude volume area weight output profit turnout bill
    """
)
# Whatever somebody puts at a number is a figure: "put the magnitude of it at 7".
_OF_ANYTHING = frozenset({"put", "estimate"})
# "says", for frames and figures alike: "the number of cases at 240" reads as "240 cases".
_REACH = 14
# "At no more than twenty."
_NEAR = 6


def detect_given_figures(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if token.lemma in COUNTING | {"speak"} and page.quoted(s.field, s.start + token.start) is None:
                counted = _counted(s, i) if usable_cue(s, i) else None
                if counted is not None:
                    yield counted
            if token.lemma not in _GIVING or page.quoted(s.field, s.start + token.start) is not None:
                continue
            draft = (_of_verb(s, i) or _dated(s, i)) if usable_cue(s, i) else None
            if draft is not None:
                yield draft


def _counted(s: Sentence, i: int) -> Draft | None:
    """'Police counted 38', 'the army has spoken of 12 dead'."""
    speaker = speaker_of(s, i)
    if speaker is None or grammar.is_question_word(s, speaker) or s.tokens[speaker].dep == "expl":
        return None
    above = i
    if s.tokens[i].lemma == "speak":
        of = next((c for c in s.children[i] if s.tokens[c].lemma == "of"), None)
        if of is None:
            return None
        above = of
    thing = grammar.child(s, above, "dobj", "pobj")
    if thing is None or not any(s.tokens[n].pos == "NUM" for n in grammar.noun_phrase(s, thing)):
        return None
    # "Counted 40 as they came in".
    told = with_tail(s, i, thing) if above == i else s.subtree(thing)
    return given_figure(s, i, speaker, thing, s.span([*grammar.noun_phrase(s, speaker), *told]))


def _dated(s: Sentence, i: int) -> Draft | None:
    """'The firm puts the last test in May 2023'; nobody puts children in danger so."""
    speaker, thing = speaker_of(s, i), grammar.child(s, i, "dobj")
    if (
        s.tokens[i].lemma not in {"put", "place"}
        or s.tokens[i].tag != "VBZ"
        or speaker is None
        or thing is None
        or thing <= i
        or s.tokens[thing].pos == "PRON"
        or grammar.is_question_word(s, speaker)
    ):
        return None
    when = next((c for c in s.children[i] if c > thing and s.tokens[c].lemma in {"in", "on"}), None)
    day = grammar.child(s, when, "pobj") if when is not None else None
    if when is None or day is None or s.tokens[day].text not in MONTHS | WEEKDAYS:
        return None
    span = s.span([*s.subtree(thing), *s.subtree(when)])
    return reported(s, span, s.tokens[i].text, speaker, (i,), "figures")


def _of_verb(s: Sentence, i: int) -> Draft | None:
    speaker = speaker_of(s, i)
    thing = grammar.undergoer(s, i)
    if speaker is None or thing is None or thing <= i or grammar.is_question_word(s, speaker):
        return None
    if s.tokens[thing].lemma not in _FIGURES and s.tokens[i].lemma not in _OF_ANYTHING:
        return None
    preposition = _GIVING[s.tokens[i].lemma]
    if s.tokens[i].lemma == "give" and not any(
        s.tokens[n].lemma == preposition for n in range(thing, min(len(s.tokens), i + _REACH))
    ):
        # "Gave a lower toll of 34."
        preposition = "of"
    at = next(
        (n for n in range(thing, min(len(s.tokens), i + _REACH)) if s.tokens[n].lemma == preposition), None
    )
    number = next(
        (n for n in range(at or 0, min(len(s.tokens), (at or 0) + _NEAR)) if s.tokens[n].pos == "NUM"), None
    )
    if at is None or number is None:
        return None
    counted = number
    while s.tokens[counted].dep in {"nummod", "quantmod", "compound"} and s.tokens[counted].head > counted:
        # "40 million euros": of the number, then of what is counted.
        counted = s.tokens[counted].head
    told = [n for n in s.subtree(counted) if n >= at]
    first, last = s.span([*grammar.noun_phrase(s, thing), *range(at, number + 1), *told])
    return reported(s, (first, last), s.tokens[i].text, speaker, (i,), "figures")
