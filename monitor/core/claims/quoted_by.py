"""Who says what stands between marks where no verb of speaking tells: whoever does anything right behind it,
whoever the sentence tells of, whoever spoke last and goes on to something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.names import ORG_WORDS, PERSON_NOUNS, names_person
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.quotes import Quotation
from monitor.core.types import ArticleField

_MARKS = " \"“«„‘'"
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
# So many words between marks say something of whoever the sentence tells of.
_SEVERAL = 4
# Behind a quotation that a comma ends: "the cook of the night shift blasted".
_NEAR = 8
# What somebody speaks of next.
_TOPIC = re.compile(r"(?i)(?:and )?(?:as (?:for|to)|on|about|regarding|concerning)\b")


def who_closes(page: Page, inside: list[Sentence], quote: Quotation) -> tuple[Sentence, int, int] | None:
    """'“The pump was dry,” he typed', '“Show us,” she challenged the board': a whole utterance that a comma
    ends, and whoever does anything right behind it.
    """
    s = inside[-1]
    text = page.article.field(s.field)
    opens = not text[inside[0].start : quote.start].strip(_MARKS)
    if not opens or "," not in text[quote.end - 1 : quote.end + 2]:
        return None
    behind = [i for i, t in enumerate(s.tokens) if s.start + t.start >= quote.end and t.pos != "PUNCT"]
    for i in behind[:_NEAR]:
        if s.tokens[i].tag not in {"VBD", "VBZ"} or s.tokens[i].pos != "VERB":
            continue
        who = grammar.child(s, i, "nsubj")
        first = i == behind[0]
        who = who if who is not None or not first else next(named_behind(s, i), None)
        if who is None or who not in behind or grammar.is_negated(s, i):
            return None
        return (s, i, who) if can_speak(s, who) or names_person(s.tokens[who].lemma) else None
    return None


def whom_it_tells_of(
    page: Page, inside: list[Sentence], quote: Quotation
) -> tuple[Sentence, int, int] | None:
    """'The clinic thanked “the nurses who stayed on”', 'her uncle is “selling nine boats”': a few words
    behind the main verb of a sentence in which nobody else speaks are whose it tells of.
    """
    s = inside[0]
    top = next((i for i, t in enumerate(s.tokens) if t.head == i), None)
    words = page.article.field(s.field)[quote.start : quote.end].strip(" \"“”«»‘'").split()
    if top is None or len(inside) > 1 or s.field is ArticleField.TITLE or len(words) < _SEVERAL:
        return None
    who = grammar.child(s, top, "nsubj")
    # "Is “selling nine boats”", and no "has written “The Sea and the Wind”".
    before = (c for c in (top, *s.children[top]) if s.start + s.tokens[c].start < quote.start)
    finite = any(s.tokens[c].tag in _FINITE for c in before)
    if who is None or not finite or sum(w[:1].isupper() for w in words) * 2 > len(words):
        return None
    apart = page.quoted(s.field, s.start + s.tokens[who].start) is not None or grammar.is_negated(s, top)
    return (s, top, who) if not apart and can_speak(s, who) else None


def is_on_topic(page: Page, inside: list[Sentence], quote: Quotation, since: int) -> bool:
    """'As for the trips abroad: “…”': whoever spoke last in the paragraph."""
    s = inside[0]
    lead = page.article.field(s.field)[s.start : quote.start].rstrip(_MARKS)
    return s.paragraph == since and lead.endswith((":", ",")) and _TOPIC.match(lead) is not None


def named_behind(s: Sentence, i: int) -> Iterator[int]:
    """'said the mayor of Norvik': the head of the phrase right after the verb."""
    if s.tokens[i].lemma in {"tell", "ask", "inform", "warn", "assure"}:
        # What follows is who listens.
        return
    n = i + 1
    while n < len(s.tokens) and (
        s.tokens[n].pos in {"DET", "ADJ", "NUM", "ADV"} or s.tokens[n].tag == "PRP$"
    ):
        n += 1
    if n >= len(s.tokens) or s.tokens[n].pos not in {"PROPN", "PRON", "NOUN"}:
        return
    while s.tokens[n].dep == "compound" and s.tokens[n].head > n:
        n = s.tokens[n].head
    yield n


def can_speak(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    return token.pos == "PROPN" or token.lemma in PERSON_NOUNS | ORG_WORDS | {"he", "she", "they"}
