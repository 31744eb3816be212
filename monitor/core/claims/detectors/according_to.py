"""'According to X', 'in the words of X', 'per X'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, clauses_beyond, content_span, goes_on, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

# Measures and plans are not speakers: "according to the timetable".
_NOT_SPEAKERS = frozenset(
    ["plan", "schedule", "timetable", "rule", "law", "tradition", "custom", "need", "taste", "size", "age"]
)
# "Stands by its estimate": nothing that is so by the estimate.
_STANDING = frozenset({"stand", "swear", "abide"})
# Preposition → the nouns with which it attributes: "in the view of", "by its own count".
_IN_WORDS: dict[str, frozenset[str]] = {
    "per": frozenset(),
    "in": word_set(
        """
        word view opinion account telling version judgment judgement estimation reading submission assessment
        phrase eye recollection memory reckoning
        """
    ),
    "by": word_set(
        "account count estimate reckoning telling admission calculation tally figure paper record book"
    ),
    "on": word_set("account evidence telling showing"),
}


def detect_according_to(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        told = "according" in s.forms
        for i, token in enumerate(s.tokens):
            is_cue = told and token.text.casefold() == "according"
            if not is_cue and token.lemma not in _IN_WORDS:
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            if is_cue:
                yield from _of_cue(s, i)
            elif (draft := of_words(s, i)) is not None:
                yield draft


def of_words(s: Sentence, i: int) -> Draft | None:
    """'Per the coast guard', 'in the words of the fire chief', 'by its own count'."""
    noun = grammar.child(s, i, "pobj")
    if noun is None or s.tokens[i].dep != "prep" or s.tokens[i].lemma not in _IN_WORDS:
        return None
    speaker: int | None = noun
    if s.tokens[i].lemma == "per":
        # "31 per cent", "40 dollars per tonne": a rate.
        if grammar.child(s, noun, "det", "poss") is None and s.tokens[noun].pos != "PROPN":
            return None
    elif s.tokens[noun].lemma not in _IN_WORDS[s.tokens[i].lemma] or _is_kept(s, noun):
        return None
    else:
        of = grammar.child(s, noun, "prep")
        speaker = grammar.child(s, noun, "poss")
        if speaker is None and of is not None and s.tokens[of].lemma == "of":
            speaker = grammar.child(s, of, "pobj")
    head = s.tokens[i].head
    if speaker is not None and s.tokens[speaker].pos == "NUM":
        # "Rose by a figure of 12."
        return None
    if speaker is None or s.tokens[head].pos not in {"VERB", "AUX"} or s.tokens[head].lemma in _STANDING:
        return None
    span = content_span(s, head, without=(i,))
    if span is None:
        return None
    return _draft(s, s.words([i, noun]) if speaker != noun else s.tokens[i].text, speaker, head, span)


def _is_kept(s: Sentence, noun: int) -> bool:
    """'In the accounts of a club', 'the money landed in his account': money, and no story."""
    if s.tokens[noun].lemma != "account":
        return False
    into = s.tokens[noun].head
    behind = into > 1 and s.tokens[into - 1].text != ","
    return s.tokens[noun].tag == "NNS" or (behind and s.tokens[into].lemma == "in")


def _of_cue(s: Sentence, i: int) -> Iterator[Draft]:
    to = grammar.child(s, i, "prep")
    if to is None and i + 1 < len(s.tokens) and s.tokens[i + 1].lemma == "to":
        to = i + 1
    if to is None:
        return
    speaker = grammar.child(s, to, "pobj") or grammar.child(s, i, "pobj")
    if speaker is None or s.tokens[speaker].lemma in _NOT_SPEAKERS:
        return
    head = next((a for a in s.ancestors(i) if s.tokens[a].pos in {"VERB", "AUX"}), s.tokens[i].head)
    if s.tokens[speaker].lemma in {"whom", "which"}:
        # "The minister, according to whom…".
        clause = grammar.child(s, i, "pcomp") or (head if s.tokens[head].dep == "relcl" else None)
        noun = next((n for n in range(i - 1, -1, -1) if s.tokens[n].pos in {"NOUN", "PROPN"}), None)
        if clause is None or noun is None:
            return
        head, speaker = clause, noun
    if head == i:
        clause = _clause_without_comma(s, speaker)
        span = content_span(s, clause) if clause is not None else None
        if clause is not None and span is not None:
            yield _draft(s, s.words([i, to]), speaker, clause, span)
        return
    late = _clause_behind(s, i)
    if late is not None:
        span = content_span(s, late)
        first = s.start + s.tokens[max(s.subtree(i)) + 1].end
        if span is not None and span[1] > first:
            words = s.text[first - s.start : span[1] - s.start]
            start = span[1] - len(words.lstrip(" ,"))
            yield _draft(s, s.words([i, to]), speaker, late, (max(start, span[0]), span[1]))
        return
    beyond = tuple(clauses_beyond(s, head, i))
    own = tuple(t for t in (i, to) if head in s.ancestors(t))
    others = tuple(c for c in s.children[head] if c not in own and _attributes(s, c))
    span = _before_comma(s, i) or content_span(s, head, without=(*own, *beyond, *others))
    if span is None:
        return
    whose = s.tokens[head]
    if whose.dep == "relcl" and speaker != whose.head:
        # "people who, according to the police, sold it": whom it is about stands before.
        span = min(span[0], s.span(grammar.noun_phrase(s, whose.head))[0]), span[1]
    yield _draft(s, s.words([i, to]), speaker, head, span)
    for other in beyond:
        # "The road was open, according to the port, and two lanes had been cleared."
        more = content_span(s, other) if goes_on(s, head, other) else None
        if more is not None:
            yield _draft(s, s.words([i, to]), speaker, other, more)


def _clause_behind(s: Sentence, i: int) -> int | None:
    """'She left because, according to the union, nobody paid her': the clause that the word before begins."""
    if i < 2 or s.tokens[i - 1].text != "," or s.tokens[i - 2].dep != "mark":
        return None
    late = s.tokens[i - 2].head
    return late if late > max(s.subtree(i)) else None


def _clause_without_comma(s: Sentence, speaker: int) -> int | None:
    """'According to the guard the hatch stood ajar': no guard whom the hatch stood ajar."""
    clause = grammar.child(s, speaker, "relcl")
    own = grammar.child(s, clause, "nsubj", "nsubjpass") if clause is not None else None
    return clause if own is not None and not grammar.is_question_word(s, own) else None


def _draft(s: Sentence, cue: str, speaker: int, head: int, span: tuple[int, int]) -> Draft:
    return reported(s, span, cue, speaker, (head,), "according_to")


def _attributes(s: Sentence, top: int) -> bool:
    """Whether a clause under the content has an attribution of its own: 'while according to the union…'."""
    return s.tokens[top].dep == "advcl" and any(
        s.tokens[n].text.casefold() == "according" for n in s.subtree(top)
    )


def _before_comma(s: Sentence, i: int) -> tuple[int, int] | None:
    """'3,000 came according to the police, 20,000 according to the union': of several in one sentence, what
    stands between the last comma and this one.
    """
    if sum(t.text.casefold() == "according" for t in s.tokens) == 1:
        return None
    first = next((n + 1 for n in range(i - 1, -1, -1) if s.tokens[n].text == ","), 0)
    return s.span(range(first, i)) if any(t.pos == "NUM" for t in s.tokens[first:i]) else None
