"""What is said against what somebody said: 'the accusation that… has nothing to do with reality'.

Such a claim denies the content of another one, and shows which: by its own words, or by pointing back.
Claims that are linked so carry the same rebuttal key.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import ANAPHORIC_NOUNS, CLAIM_NOUNS, FALSE_WORDS, TALK_NOUNS
from monitor.core.claims.draft import Draft
from monitor.core.claims.parsed import Sentence
from monitor.core.types import Stance
from monitor.core.wording import word_set

_COPULAS = frozenset({"be", "seem", "sound", "remain"})
# "has nothing to do with reality", "bears no relation to the facts", "is without foundation".
_REALITY = word_set("reality truth fact foundation basis substance ground")
_SAID = CLAIM_NOUNS | ANAPHORIC_NOUNS | TALK_NOUNS


def turned(d: Draft) -> Draft:
    """The draft as a denial of what it calls untrue; as it is where it calls nothing so."""
    if d.stance is not Stance.ASSERT:
        return d
    for head in d.heads:
        said = _called_untrue(d.content, head)
        if said is not None:
            inner = _clause_of(d.content, said)
            return replace(
                d,
                stance=Stance.DENY,
                heads=(said if inner is None else inner,),
                cue_token=None,
                implied=None,
                points_back=inner is None,
                proposition=d.content.words(d.content.subtree(inner)) if inner is not None else "",
            )
    return d


def _called_untrue(s: Sentence, head: int) -> int | None:
    """The noun for something said that this clause calls untrue: 'reports that… are nonsense'."""
    subject = grammar.child(s, head, "nsubj", "nsubjpass")
    if subject is None or s.tokens[subject].lemma not in _SAID or _is_owning_up(s, subject):
        return None
    token = s.tokens[head]
    below = {s.tokens[n].lemma for n in s.subtree(head) if n > head}
    made_up = grammar.is_passive(s, head) and {token.lemma, token.text.casefold()} & FALSE_WORDS
    if made_up and not grammar.is_negated(s, head):
        return subject
    if token.lemma in _COPULAS and below & FALSE_WORDS and not grammar.is_negated(s, head):
        return subject
    unfounded = bool(below & {"nothing", "no", "little", "without"}) and bool(below & _REALITY)
    return subject if unfounded and token.lemma in _COPULAS | {"have", "bear", "lack"} else None


def _is_owning_up(s: Sentence, noun: int) -> bool:
    """ "The guild's claim of responsibility": a message of theirs, and nothing that was said just before."""
    of = next((c for c in s.children[noun] if s.tokens[c].lemma == "of"), None)
    return of is not None and any(s.tokens[c].lemma == "responsibility" for c in s.children[of])


def _clause_of(s: Sentence, noun: int) -> int | None:
    """The clause that says what was said: 'the accusation that…'."""
    return next((c for c in s.children[noun] if s.tokens[c].dep in {"acl", "ccomp", "relcl"}), None)
