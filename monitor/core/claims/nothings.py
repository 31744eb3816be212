"""'No shots were fired', 'nobody complained': that there was nothing of a kind; and what is said to be."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.clauses import (
    INNER,
    LIGHT,
    described,
    has_neg,
    is_tried,
    is_unrealised,
    said_as,
    tense,
    words_around,
)
from monitor.core.claims.cues import DENYING, REPORTING
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.quantified import bare_noun, is_none, share_of
from monitor.core.facts import ACTOR, NOTHING, OF_SPEAKER, OPTIONAL, Fact, in_other_words, kind
from monitor.core.wording import word_set

# "No doubt", "no reason": turns of speech.
_NO_THING = word_set(
    """
    doubt question reason need way choice chance problem idea plan comment sign indication word answer time
    one thing matter sense point use intention right change difference secret surprise wonder fear hope risk
    interest intent position case room limit alternative excuse place part side respect desire hurry
    """
)
# "No sign of a fire" says that there was none.
_TRACES = word_set("sign trace mark hint")
# Speech that is a deed: it reached somebody or not.
_TELLING = word_set("warn inform complain testify confirm")


def nothing(s: Sentence, verb: int, turned: bool, out: frozenset[int]) -> Iterator[Fact]:
    """'No shots were fired', 'nobody complained', 'did not find a single mistake', 'never met the doctor'."""
    token = s.tokens[verb]
    if token.lemma in INNER or token.lemma in DENYING or is_tried(s, verb):
        return
    told = token.lemma in REPORTING and token.lemma not in _TELLING
    heavy = token.lemma not in LIGHT
    wanted = {"nsubj", "nsubjpass", "dobj", "agent"}
    if grammar.child(s, verb, "expl") is not None:
        # "It is no strategy" says what something is, and not that there is none.
        wanted |= {"attr"}
    arguments = [c for c in s.children[verb] if s.tokens[c].dep in wanted]
    no = [c for c in arguments if is_none(s, c)]
    says_not = has_neg(s, verb)
    if len(no) + says_not > 1 or turned != (not no and not says_not):
        # Said not to be so, that there was none: who knows.
        return
    things = no or [
        c
        for c in arguments
        if s.tokens[c].dep in {"dobj", "attr", "nsubjpass"} and _is_any(s, c) and c != _mover(s, verb)
    ]
    if not things or (_mover(s, verb) is None and not grammar.is_passive(s, verb)):
        # "Mocked him for not having won a single race": whose race it was cannot be told.
        things = []
    for c in things:
        noun = bare_noun(s, c)
        if noun is None:
            if no and heavy and not told and s.tokens[c].dep != "agent":
                yield _none_of(s, verb, verb, out | {c})
            continue
        whole, noun = noun, _traced(s, noun)
        if s.tokens[noun].pos != "NOUN" or s.tokens[noun].lemma in _NO_THING or _has_clause(s, noun):
            continue
        if any(s.tokens[n].lemma == "such" for n in s.children[noun]):
            # "No such meeting": of what kind was said before.
            continue
        trace = frozenset(s.subtree(whole)) if whole != noun else frozenset[int]()
        yield _none_of(s, verb, noun, out | {c, noun} | trace)
        return
    never = any(s.tokens[c].lemma == "never" for c in s.children[verb])
    if never and heavy and not told and not no and not turned and not things:
        yield _none_of(s, verb, verb, out)


def _traced(s: Sentence, noun: int) -> int:
    """What there was no trace of; the noun itself where it is no trace."""
    of = next((c for c in s.children[noun] if s.tokens[c].lemma == "of"), None)
    if s.tokens[noun].lemma not in _TRACES or of is None:
        return noun
    return grammar.child(s, of, "pobj") or noun


def _none_of(s: Sentence, verb: int, thing: int, without: frozenset[int]) -> Fact:
    kinds, whose = described(s, thing) if thing != verb else (frozenset(), frozenset())
    around = words_around(s, verb, without | {thing})
    if thing != verb and s.tokens[verb].lemma not in LIGHT:
        around |= {OPTIONAL + kind(s.tokens[verb].lemma)}
    particle = grammar.child(s, verb, "prt")
    if particle is not None and s.tokens[verb].lemma in LIGHT:
        # "No balloon had taken off": of balloons that fell it says nothing.
        around |= {kind(s.tokens[particle].lemma)}
    mover = _mover(s, verb)
    if mover is not None and mover not in without and s.tokens[mover].dep != "expl":
        around -= {kind(s.tokens[mover].lemma)}
        around |= {OF_SPEAKER if s.tokens[mover].pos == "PRON" else ACTOR + kind(s.tokens[mover].lemma)}
    return Fact(
        aspect=NOTHING,
        subject=kind(s.tokens[thing].lemma),
        holds=False,
        share="all" if thing != verb else "doing",
        tense=tense(s, verb),
        kinds=kinds,
        whose=whose,
        around=around,
        said=said_as(s, verb, thing),
    )


def said_to_be(s: Sentence, i: int) -> Iterator[tuple[str, bool]]:
    """What a verb says there was or was done: its own kind, and those of what it was done to or with; each
    with whether it is told as new ("three objections").
    """
    token = s.tokens[i]
    if token.pos not in {"VERB", "AUX"} or is_unrealised(s, i) or grammar.is_negated(s, i) or is_tried(s, i):
        return
    if token.pos == "VERB" and token.lemma not in LIGHT | INNER:
        yield kind(token.lemma), False
    yield from ((word, True) for word in in_other_words(token.lemma, _with(s, i)))
    for c in s.children[i]:
        dep = s.tokens[c].dep
        if dep == "prep":
            # "Came through a leak".
            noun = grammar.child(s, c, "pobj")
            if noun is not None and s.tokens[noun].pos == "NOUN" and share_of(s, noun) == "some":
                yield kind(s.tokens[noun].lemma), False
        if dep in {"dobj", "nsubjpass", "attr"} or (
            dep == "nsubj" and (token.lemma in LIGHT or grammar.child(s, i, "dobj") is None)
        ):
            noun = bare_noun(s, c)
            if noun is not None and s.tokens[noun].pos == "NOUN" and not is_none(s, c):
                yield kind(s.tokens[noun].lemma), share_of(s, c) == "some"
                of = next((n for n in s.children[noun] if s.tokens[n].lemma == "of"), None)
                held = grammar.child(s, of, "pobj") if of is not None else None
                if held is not None and s.tokens[held].pos == "NOUN":
                    # "Twelve containers of cargo".
                    yield kind(s.tokens[held].lemma), False


def _with(s: Sentence, verb: int) -> list[str]:
    """The nouns that a verb is said with, as dictionary forms."""
    below = [c for c in s.children[verb] if s.tokens[c].dep in {"dobj", "prep", "attr", "prt", "advmod"}]
    return [s.tokens[n].lemma for c in below for n in (c, *s.children[c])]


def _mover(s: Sentence, verb: int) -> int | None:
    return grammar.subject(s, verb)


def _is_any(s: Sentence, c: int) -> bool:
    """'Any payment', 'a payment', 'payments': under a "not" there was none."""
    token = s.tokens[c]
    if token.pos != "NOUN":
        return False
    words = {s.tokens[n].lemma for n in s.children[c] if s.tokens[n].dep in {"det", "poss", "nummod"}}
    if words & {"any", "a", "an"}:
        return True
    return token.tag == "NNS" and not any(s.tokens[n].dep in {"det", "poss", "nummod"} for n in s.children[c])


def _has_clause(s: Sentence, noun: int) -> bool:
    """'No evidence that', 'no attempt to'."""
    return any(s.tokens[c].dep in {"acl", "ccomp", "relcl"} for c in s.children[noun])
