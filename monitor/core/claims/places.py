"""Where in a content a frame may start, and what its surroundings do to it: turn it round, or weaken it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, BLAMING, DENYING, REPORTING
from monitor.core.claims.draft import Draft
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimKind, Stance
from monitor.core.wording import word_set

_DOWN = frozenset({"ccomp", "xcomp", "conj", "acomp", "attr", "pcomp", "prep", "oprd", "dep"})
_DOWN_ASSERTED = _DOWN | {
    "relcl",
    "acl",
    "advcl",
    "dobj",
    "pobj",
    "appos",
    "nsubj",
    "nsubjpass",
    "agent",
    "parataxis",
}
_DOWN_NOMINAL = _DOWN | {"dobj", "pobj", "nsubj", "nsubjpass", "appos"}
_INTO_CLAUSE = frozenset({"ccomp", "csubj", "acl", "attr", "acomp"})
# "It is not true that", "there is no evidence that": what hangs on them is said to be otherwise.
_FALSE = word_set(
    """
    false untrue wrong absurd nonsense lie baseless unfounded fabrication impossible incorrect
    """
)
_PROOF = word_set("evidence proof indication sign confirmation reason suggestion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A token at which a frame may start."""

    token: int
    # Said to be otherwise: "it is not true that".
    flipped: bool
    # Said weakly: "there are signs that".
    hedged: bool


#: Token at the top of a content → the places under it.
Starts = Mapping[int, tuple[Place, ...]]


def starts(draft: Draft) -> Starts:
    """Where in a content a frame may start or a fact may stand, from one walk over its tree."""
    denied = draft.stance is Stance.DENY
    return {head: tuple(_places(draft, head, denied)) for head in draft.heads}


def _places(draft: Draft, head: int, denied: bool) -> Iterator[Place]:
    """The tokens at which a frame may start: never inside somebody else's words, a condition or a
    question.
    """
    s = draft.content
    todo = [(head, False, False)]
    seen: set[int] = set()
    while todo:
        i, flipped, hedged = todo.pop()
        if i in seen or (i != head and grammar.is_conditional(s, i)):
            continue
        seen.add(i)
        token = s.tokens[i]
        hedged = hedged or grammar.is_hedged(s, i)
        yield Place(token=i, flipped=flipped, hedged=hedged)
        speech = token.lemma in REPORTING or token.lemma in DENYING or token.lemma in ACCUSING
        # Most words have no clause below them that they could turn.
        turned = None
        allowed = (
            (_DOWN_NOMINAL if token.pos in {"NOUN", "VERB", "AUX"} else _DOWN) if denied else _DOWN_ASSERTED
        )
        for c in s.children[i]:
            dep = s.tokens[c].dep
            if _is_only_tried(s, i, c) or _goes_on_outside(draft, c):
                continue
            if (dep not in allowed and not _says_where(s, i, c)) or (
                speech and token.pos == "VERB" and dep in {"ccomp", "xcomp", "advcl", "dobj"}
            ):
                continue
            if dep not in _INTO_CLAUSE:
                todo.append((c, flipped, hedged))
                continue
            turned = turned or _turns(s, i)
            turns, weak = turned
            todo.append((c, flipped != (turns and dep in {"ccomp", "acl"}), hedged or weak))


def _says_where(s: Sentence, i: int, below: int) -> bool:
    """'Is abroad', 'is home': what somebody is said to be stands as an adverb."""
    return s.tokens[i].lemma == "be" and s.tokens[below].dep == "advmod" and s.tokens[below].pos == "ADV"


def _is_only_tried(s: Sentence, i: int, below: int) -> bool:
    """'tried to blame', 'is using it to accuse': blaming that the speaker only reports, or an aim."""
    token = s.tokens[below]
    if token.lemma in ACCUSING and token.tag == "VBN" and token.dep in {"acl", "relcl"}:
        # "The men accused of it": by somebody.
        return True
    if token.lemma not in BLAMING or token.pos != "VERB" or grammar.is_passive(s, below):
        return False
    aim = token.dep in {"xcomp", "advcl", "acl", "relcl"} and s.tokens[i].lemma != "be"
    return aim or token.dep in {"pcomp", "ccomp"}


def _goes_on_outside(draft: Draft, i: int) -> bool:
    """Joined to the content by "and", and a claim of its own or no part of it."""
    s = draft.content
    if s.tokens[i].dep != "conj" or (draft.kind is not ClaimKind.INDIRECT):
        return False
    return not draft.start <= s.start + s.tokens[i].start < draft.end or (
        grammar.child(s, i, "mark") is not None and grammar.child(s, i, "nsubj", "nsubjpass") is not None
    )


def _turns(s: Sentence, i: int) -> tuple[bool, bool]:
    """Whether this word turns what hangs on it into its opposite, and whether only weakly."""
    lemmas = {s.tokens[c].lemma for c in s.children[i]} | {s.tokens[i].lemma}
    wrong = bool(lemmas & _FALSE)
    negated = grammar.is_negated(s, i) or grammar.says_no(s, i)
    if grammar.is_beyond_doubt(s, i):
        return False, False
    above = s.tokens[i].head
    if s.tokens[i].lemma in _PROOF:
        return grammar.says_no(s, i) or grammar.is_negated(s, above), True
    return wrong != negated, False
