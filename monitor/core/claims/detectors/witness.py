"""What a witness saw or heard: 'a nurse saw a syringe lying in the sink', 'two men heard four shots'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import NOUNS, cues, told_thing, with_tail
from monitor.core.claims.voices import is_office, is_person
from monitor.core.wording import word_set

_VERBS = word_set("see hear watch notice spot remember recall")
# Who attends and expects: of them it is news and no testimony.
_ATTEND = word_set(
    """
    president minister premier chancellor king queen prince princess leader investor shareholder trader
    analyst customer critic economist voter viewer reporter journalist coach striker trainer fan champion
    manager goalkeeper referee player
    """
)
# Heard or seen by chance, even one of them: "heard a scream".
_STRIKING = word_set(
    "shot scream bang explosion blast cry shout siren flash smoke flame gunfire crash thud bullet"
)
# Told now of what was then.
_MEMORY = word_set("remember recall")
_PAST = frozenset({"VBD", "VBN"})


def detect_witnesses(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, _VERBS):
        if (
            (s.tokens[i].tag not in _PAST and s.tokens[i].lemma not in _MEMORY)
            or grammar.is_passive(s, i)
            or not (_is_witness(s, speaker) or _recollects(s, i, speaker))
        ):
            continue
        seen = _seen(s, i)
        if seen is not None:
            span = s.span(with_tail(s, i, seen))
            yield told_thing(s, i, speaker, seen, span=span, detector="witness")


def _is_witness(s: Sentence, i: int) -> bool:
    """A person by a noun or by a name with one: 'a porter', 'Shopkeeper Vera Blum'."""
    phrase = grammar.noun_phrase(s, i)
    words = {s.tokens[n].lemma for n in phrase}
    if words & _ATTEND:
        return False
    if s.tokens[i].pos == "PROPN":
        return len(phrase) > 1 and not any(is_office(s, n) for n in phrase)
    return is_person(s, i)


def _recollects(s: Sentence, i: int, speaker: int) -> bool:
    """'Berg remembers a boat, a gust and a selfie': told now, by anybody with a name."""
    return s.tokens[i].lemma in _MEMORY and s.tokens[i].tag == "VBZ" and s.tokens[speaker].pos == "PROPN"


def _seen(s: Sentence, i: int) -> int | None:
    """What happens before the eyes of the witness."""
    clause = grammar.child(s, i, "ccomp")
    if clause is not None:
        who = grammar.child(s, clause, "nsubj", "nsubjpass")
        marked = grammar.child(s, clause, "mark") is not None
        return clause if who is not None and not marked and not _is_own(s, who) else None
    thing = grammar.child(s, i, "dobj", *(("npadvmod",) if s.tokens[i].lemma in _MEMORY else ()))
    if thing is None or thing < i or s.tokens[thing].pos not in NOUNS or _is_own(s, thing):
        return None
    doing = grammar.child(s, thing, "acl")
    if s.tokens[i].lemma in _MEMORY and _is_described(s, thing):
        return thing
    counted = grammar.child(s, thing, "nummod") is not None or s.tokens[thing].lemma in _STRIKING
    return thing if (doing is not None and s.tokens[doing].tag in {"VBG", "VBN"}) or counted else None


def _is_described(s: Sentence, thing: int) -> bool:
    """'Recalls a pressure of nine bar', and no 'remembers the war'."""
    first = grammar.child(s, thing, "det")
    new = first is not None and s.tokens[first].lemma in {"a", "an"}
    more = grammar.child(s, thing, "prep", "acl", "relcl", "conj") is not None
    # "Remembers noon, an open gate and two men".
    listed = grammar.child(s, thing, "appos", "conj") is not None
    return (new and more) or (listed and s.text.count(",", s.tokens[thing].end) > 0)


def _is_own(s: Sentence, i: int) -> bool:
    """'Her shot saved', 'itself': what happens to whoever sees it."""
    own = grammar.child(s, i, "poss")
    return s.tokens[i].pos == "PRON" or (own is not None and s.tokens[own].pos == "PRON")
