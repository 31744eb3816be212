"""What somebody saw, heard or learned, or did not: «гудка он не слышал», «видела, как лодка
перевернулась», «о штрафе в порту узнали из газет».
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import PERSON_NOUNS
from monitor.core.claims.russian.drafts import (
    SPEECH,
    clause_of,
    content_span,
    is_body,
    speaker_of,
    usable,
    verbs,
)
from monitor.core.wording import word_set

_SEEING = word_set("видеть увидеть слышать услышать заметить наблюдать")
_NOT_SEEING = word_set(
    "видеть слышать заметить замечать помнить припомнить находить найти обнаружить получать"
)
_LEARNING = word_set("узнать узнавать")
_FROM = ("из", "от", "по")
_POINTING = word_set("он она они сам")
# What the outlet's own people see it says itself.
_OUR_OWN = word_set("корреспондент корреспондентка журналист журналистка репортер мы я")
# "Слышит о сделке впервые".
_FIRST = "впервые"
# Nothing is said of what was there: "ничего не нашли", but of whom it was looked for the clause says.
_NOT_A_THING = word_set("время повод причина смысл сила возможность способ выход место ответ поддержка слово")
_NOT_DENIED = word_set("ничто себя это")


def detect_witnesses(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, _SEEING | _NOT_SEEING | _LEARNING):
        token = s.tokens[i]
        denies = grammar.is_negated(s, i)
        if not usable(page, s, i, negated=denies) or _is_told_apart(s, i):
            continue
        speaker = speaker_of(page, s, i)
        if speaker is None or not _may_know(s, speaker) or _is_told_of(s, i):
            continue
        if denies:
            seen = _unseen(s, i) if token.lemma in _NOT_SEEING else None
        elif token.lemma in _LEARNING:
            seen = i if _learned(s, i) else None
        else:
            seen = _seen(s, i)
        if seen is None:
            continue
        span = clause_of(s, i) if seen == i else content_span(s, seen)
        if span is not None:
            yield replace(reported(s, span, token.text, speaker, (seen,), "witness"), implied=speaker)


def _is_told_apart(s: Sentence, i: int) -> bool:
    """ "Те, кто не видел ворот": no testimony."""
    return s.tokens[i].dep in {"acl", "acl:relcl", "advcl", "amod", "csubj"}


def _is_told_of(s: Sentence, i: int) -> bool:
    """ "Он узнал об этом из газет, возражает мэр": somebody else says so."""
    return any(s.tokens[c].lemma in SPEECH and s.tokens[c].dep == "parataxis" for c in s.children[i])


def _may_know(s: Sentence, i: int) -> bool:
    """A person, a body or one who was named before."""
    token = s.tokens[i]
    if token.lemma in _OUR_OWN:
        return False
    if token.lemma in _POINTING | PERSON_NOUNS or token.pos == "PROPN" or is_body(s, i):
        return True
    return grammar.feature(s, i, "Animacy") == "Anim" or grammar.preposition(s, i) in {"в", "на"}


def _seen(s: Sentence, i: int) -> int | None:
    """The clause that tells what happened before the eyes of the witness; "впервые" tells of itself."""
    if any(s.tokens[c].lemma == _FIRST for c in s.children[i]):
        return i
    clause = grammar.child(s, i, "ccomp", "advcl")
    opened = clause is not None and any(s.tokens[c].lemma in {"как", "что"} for c in s.children[clause])
    past = grammar.feature(s, i, "Tense") == "Past"
    return clause if clause is not None and clause > i and opened and past else None


def _unseen(s: Sentence, i: int) -> int | None:
    """The verb, where it has a thing that was not seen: "записи не помнит"."""
    thing = grammar.child(s, i, "obj")
    if thing is None:
        return None
    token = s.tokens[thing]
    told = token.pos in {"NOUN", "PROPN"} and token.lemma not in _NOT_A_THING | _NOT_DENIED
    return i if told else None


def _learned(s: Sentence, i: int) -> bool:
    """ "Узнал о пожаре из газет", "узнала от соседей, что": from whom, or when, makes it an account."""
    thing = grammar.with_preposition(s, i, "о", "об", "про")
    about = thing is not None or grammar.child(s, i, "ccomp") is not None
    # The parse may hang "из газет" on what they tell of.
    source = any(grammar.with_preposition(s, n, *_FROM) is not None for n in (i, thing) if n is not None)
    moment = grammar.child(s, i, "advcl") is not None or any(
        s.tokens[c].lemma in {"лишь", "только", _FIRST} for c in s.children[i]
    )
    return about and (source or moment)
