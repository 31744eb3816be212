"""A denial by not having, knowing, remembering or finding: 'has no record of the visit', 'knows of no order',
'found no evidence of tampering', 'reported no arrests'.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft, clause_span
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import NOUNS, cues, governed, told_thing, with_tail
from monitor.core.claims.voices import is_document, may_speak
from monitor.core.types import Stance
from monitor.core.wording import word_set

_TRACES = word_set("evidence proof trace sign indication record link hint confirmation")
# Verb → the nouns that it is a denial to have none of; empty: any.
_NONE_OF = {
    "have": word_set("record knowledge recollection memory evidence proof indication trace information"),
    "find": _TRACES | word_set("fault flaw defect wrongdoing irregularity breach"),
    "see": _TRACES - {"link"},
    "discover": _TRACES,
    "detect": _TRACES,
    "uncover": _TRACES,
    "receive": word_set("request complaint report warning call notice order letter message"),
    "report": frozenset[str](),
    "recall": frozenset[str](),
    "remember": frozenset[str](),
}
# Say the same before a noun with "no": "knows of no order".
_OF = ("of", "about")
_POINTING = word_set("it this that them these those such")


def detect_unknown(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, frozenset(_NONE_OF) | {"know"}, negated=None):
        if not (may_speak(s, speaker) or is_document(s, speaker)):
            continue
        if s.tokens[i].lemma == "have" and s.tokens[i].dep == "relcl":
            # "A journalist who had no knowledge of the war": what he is like.
            continue
        thing = _unknown(s, i)
        if thing is not None:
            yield _denied(s, i, speaker, thing)


def _unknown(s: Sentence, i: int) -> int | None:
    """What there is none of."""
    lemma = s.tokens[i].lemma
    nothing = grammar.child(s, i, "dobj")
    if lemma == "know" and nothing is not None and s.tokens[nothing].lemma == "nothing":
        # "Knows nothing of a second tent".
        of = next((c for c in (*s.children[nothing], *s.children[i]) if s.tokens[c].lemma in _OF), None)
        return grammar.child(s, of, "pobj") if of is not None else None
    thing = governed(s, i, *_OF) if lemma == "know" else nothing
    if thing is None or s.tokens[thing].pos not in NOUNS or not grammar.says_no(s, thing):
        return None
    # "Does not have no record", "has no record shop".
    if lemma == "know":
        return None if grammar.is_negated(s, i) else thing
    fits = not _NONE_OF[lemma] or s.tokens[thing].lemma in _NONE_OF[lemma]
    return thing if fits and grammar.is_negated(s, i) else None


def _denied(s: Sentence, i: int, speaker: int, thing: int) -> Draft:
    clause = grammar.child(s, thing, "acl", "ccomp")
    told = grammar.child(s, clause, "mark") is not None if clause is not None else False
    of = grammar.child(s, thing, "prep")
    what = grammar.child(s, of, "pobj", "pcomp") if of is not None and s.tokens[of].lemma in _OF else None
    head = clause if clause is not None and told else what if what is not None else thing
    below = s.subtree(head)
    words = s.words([n for n in below if s.tokens[n].lemma not in {"no", "that"} or s.tokens[n].head != head])
    return told_thing(
        s,
        i,
        speaker,
        head,
        stance=Stance.DENY,
        span=clause_span(s, speaker, i, s.span(with_tail(s, i, thing))),
        proposition=words,
        points_back=any(s.tokens[n].lemma in _POINTING for n in (head, *s.children[head])),
        detector="unknown",
    )
