"""Which English sentence goes on with what was reported in the one before."""

from __future__ import annotations

import re

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, DENYING, NAMING, REPORTING
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import CUE_WORDS
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimKind
from monitor.core.wording import word_set

_PRESENT = frozenset({"VBZ", "VBP"})
_SPEECH = REPORTING.keys() | DENYING | ACCUSING | NAMING | word_set("decline refuse speak comment")
# "Would be paid": what comes, told by somebody who spoke in the past.
_BACKSHIFTED = word_set("would could")
_SOME = word_set("none most half both several some neither each all few fewer many")
_OF_WHAT = word_set("they the his her its their those these")
# What begins a sentence of the reporter's own: where and when, and a contrast.
_LEADS = frozenset({"prep", "advmod", "npadvmod", "advcl", "cc", "mark", "nmod", "pcomp"})
_MAY = re.compile(
    r"\b(?:had|would|could|might)\b|^(?:"
    + "|".join(_SOME)
    + r"|a further)\b|^\w+ of (?:them|th\w+|his|her|its)\b",
    re.IGNORECASE,
)
# ", she told us", "It added".
_AGAIN = re.compile(
    rf"\b(?:he|she|it|they|(?:his|her|its|their)\s\w+)\s+(?:\w+\s+){{0,2}}?(?:{CUE_WORDS}|reads?\b)",
    re.IGNORECASE,
)


def speaks_again(text: str) -> bool:
    """Whether a pronoun may speak in a sentence."""
    return _AGAIN.search(text) is not None


def may_go_on(text: str) -> bool:
    """Whether a sentence after one that attributes is worth a tree."""
    return _MAY.search(text) is not None


def goes_on(s: Sentence, last: Draft) -> bool:
    """Whether the sentence goes on with what the draft of the one before says."""
    top = next((i for i, t in enumerate(s.tokens) if t.head == i and t.pos in {"VERB", "AUX"}), None)
    if top is None or s.text.rstrip().endswith("?"):
        return False
    who = grammar.child(s, top, "nsubj", "nsubjpass", "expl")
    if who is None or s.tokens[who].tag in {"NNP", "NNPS"} or s.tokens[who].lemma in {"i", "we", "you"}:
        return False
    if s.tokens[top].lemma in _SPEECH or s.tokens[0].dep in _LEADS or grammar.is_question_word(s, who):
        return False
    return _steps_back(s, top, last) or _some_of_them(s, who) or _is_more(s, who, last)


def _steps_back(s: Sentence, top: int, last: Draft) -> bool:
    """'Had been', 'would be' after 'said': the tense of what was said, not of what happens."""
    at = last.sentence
    if last.kind is ClaimKind.DIRECT and last.sentence is not last.content:
        return False
    if any(t.text == last.cue and t.tag in _PRESENT for t in at.tokens):
        return False
    if any(s.tokens[c].text.casefold() == "could" for c in s.children[top]) and grammar.is_negated(s, top):
        # "Her lawyer could not be reached."
        return False
    helpers = [s.tokens[c] for c in s.children[top] if s.tokens[c].dep == "aux" and c < top]
    return any((h.lemma == "have" and h.tag == "VBD") or h.text.casefold() in _BACKSHIFTED for h in helpers)


def _some_of_them(s: Sentence, who: int) -> bool:
    """'Nine of them', 'none of his men', 'both', 'a further 40': of those spoken of just now."""
    first = s.tokens[0]
    of = grammar.child(s, who, "prep")
    if first.lemma == "a" and s.tokens[1].lemma == "further":
        return True
    if first.lemma not in _SOME and s.tokens[who].pos != "NUM":
        return False
    if of is None or s.tokens[of].lemma not in {"of", "than"}:
        return first.lemma in {"both", "neither", "none", "few", "fewer"}
    what = grammar.child(s, of, "pobj")
    return what is not None and (
        s.tokens[what].lemma in _OF_WHAT or any(s.tokens[c].lemma in _OF_WHAT for c in s.children[what])
    )


def _is_more(s: Sentence, who: int, last: Draft) -> bool:
    """After 'added': more of the same, unless it tells what the speaker did."""
    return last.cue == "added" and last.kind is ClaimKind.INDIRECT and s.tokens[who].pos == "NOUN"
