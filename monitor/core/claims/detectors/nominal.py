"""A noun that carries what somebody said: 'the airline's insistence that the jet was sound', 'his version is
that…', 'the accusation by the union that…'.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import SAID_NOUNS
from monitor.core.claims.draft import Draft, content_span
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ClaimKind

_CLAUSES = frozenset({"acl", "ccomp", "relcl"})
# "Norvia's complaint of silence", "the union's warning of a strike".
_OF_A_THING = frozenset({"complaint", "warning", "accusation", "allegation", "denial", "admission"})
# "The claim is that", "his account was that".
_COPULA = "be"


def detect_nominal(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if token.lemma not in SAID_NOUNS or token.pos != "NOUN":
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            whose, clause = _owner(s, i), _clause(s, i)
            span = content_span(s, clause) if clause is not None else None
            if whose is not None and clause is None and token.lemma in _OF_A_THING:
                clause = _of_what(s, i)
                span = s.span([*s.subtree(whose), *s.subtree(clause)]) if clause is not None else None
            if whose is None or clause is None or span is None:
                continue
            yield Draft(
                sentence=s,
                start=span[0],
                end=span[1],
                kind=ClaimKind.INDIRECT,
                stance=SAID_NOUNS[token.lemma],
                cue=token.text,
                speaker=whose,
                content=s,
                heads=(clause,),
                implied=whose,
                detector="nominal",
            )


def _of_what(s: Sentence, i: int) -> int | None:
    of = next((c for c in s.children[i] if s.tokens[c].lemma == "of"), None)
    return grammar.child(s, of, "pobj", "pcomp") if of is not None else None


def _owner(s: Sentence, i: int) -> int | None:
    """Whose it is: 'the union's', 'by the union', 'from the union', 'of the union'."""
    own = grammar.child(s, i, "poss")
    if own is not None:
        return None if s.tokens[own].lemma in {"my", "our", "your"} else own
    for c in s.children[i]:
        if s.tokens[c].dep in {"prep", "agent"} and s.tokens[c].lemma in {"by", "from"}:
            return grammar.child(s, c, "pobj")
    return None


def _clause(s: Sentence, i: int) -> int | None:
    """The clause with 'that' that says what was said."""
    verb = s.tokens[i].head
    if s.tokens[i].dep == "nsubj" and s.tokens[verb].lemma == _COPULA:
        told = grammar.child(s, verb, "ccomp")
        return told if told is not None and _has_that(s, told) else None
    return next((c for c in s.children[i] if s.tokens[c].dep in _CLAUSES and _has_that(s, c)), None)


def _has_that(s: Sentence, i: int) -> bool:
    """A clause with 'that' and a subject of its own: no relative clause ("the claim that he made")."""
    subject = grammar.child(s, i, "nsubj", "nsubjpass", "expl", "csubj")
    that = next((c for c in s.children[i] if s.tokens[c].lemma == "that" and c < i), None)
    if that is None or subject is None or subject == that:
        return False
    # "The claim that he made": the verb lacks its object.
    return s.tokens[that].dep == "mark" or grammar.child(s, i, "prep", "dobj", "acomp", "attr") is not None
