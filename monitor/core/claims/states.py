"""What is said of a thing by a word that has an opposite, or of all of a kind: 'the gate was locked'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.clauses import (
    INNER,
    LIGHT,
    described,
    has_neg,
    is_tried,
    said_as,
    subject_of,
    tense,
    words_around,
)
from monitor.core.claims.cues import REPORTING
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.quantified import bare_noun, is_none, share_of
from monitor.core.facts import IT, Fact, kind
from monitor.core.opposites import Side, has_this_sense, openings, sides
from monitor.core.wording import stem, word_set

_SUBJECTS = grammar.SUBJECTS | grammar.PASSIVE_SUBJECTS
_NO_TURN = ("under", "uniq", "unit", "unif", "univ", "unis", "unan", "uncover", "unveil", "undo")
_COPULAS = word_set("be remain stay stand keep seem lie sit go leave become hold act work operate")
_STAYING = word_set("be sleep sit stay live shelter hide wait remain work stand huddle")
_PEOPLE = word_set(
    """
    people person child man woman worker employee patient passenger guest resident pupil student soldier
    family visitor prisoner refugee tenant boy girl nurse teacher crew sailor miner player
    customer officer guard
    """
)


def state(s: Sentence, i: int, verb: int, turned: bool, out: frozenset[int]) -> Iterator[Fact]:
    side = side_at(s, i)
    token = s.tokens[i]
    plain = token.pos == "ADJ" and token.dep in {"acomp", "conj"} and s.tokens[verb].lemma in _COPULAS
    if i == verb and token.pos in {"VERB", "ADJ"} and token.dep not in {"acl", "relcl"}:
        plain = grammar.is_passive(s, i) or _is_of_all(s, i)
    if side is None and not plain:
        return
    if side is not None and i == verb and is_tried(s, i):
        return
    thing = _said_of(s, i, verb, side)
    if thing in out:
        # "The coach, Ivo Lund, said the gate was closed": the nearest subject is meant, not the coach.
        below = [c for at in (verb, *s.children[verb]) for c in s.children[at] if at <= verb]
        near = [c for c in below if s.tokens[c].dep in _SUBJECTS and c < verb and c not in out]
        thing = near[-1] if near else None
    if thing is None:
        return
    noun = bare_noun(s, thing)
    if noun is None:
        return
    subject = subject_of(s, noun)
    if subject != IT and s.tokens[noun].pos not in {"NOUN", "PROPN"}:
        return
    if side is not None and subject != IT and not has_this_sense(side, subject):
        side = None
        if not plain:
            return
    share, none = share_of(s, thing), is_none(s, thing)
    if side is None and none:
        # There was nothing of the kind: _nothing says so.
        return
    negated = grammar.is_negated(s, verb) or (none and not _counts_as_neg(s, verb, thing))
    if share == "not all":
        share, negated = "some", not negated if not has_neg(s, verb) else negated
    if none:
        share = "all"
    holds = (side.holds if side is not None else True) != (negated != turned)
    aspect = side.row.id if side is not None else _base(token.lemma)
    if side is None:
        holds = holds != _turns_round(token.lemma)
    kinds, whose = described(s, noun)
    yield Fact(
        aspect=aspect,
        subject=subject,
        holds=holds,
        share=share,
        tense=tense(s, verb),
        kinds=kinds,
        whose=whose,
        around=words_around(s, verb, out | {noun, i}),
        said=said_as(s, verb, i),
    )


def _is_of_all(s: Sentence, verb: int) -> bool:
    """'All planes returned', 'one plane did not return'."""
    if s.tokens[verb].lemma in LIGHT | INNER or s.tokens[verb].lemma in REPORTING or is_tried(s, verb):
        return False
    who = grammar.subject(s, verb)
    return who is not None and (share_of(s, who) == "all" or has_neg(s, verb))


def attribute(s: Sentence, i: int, side: Side) -> Iterator[Fact]:
    """'The locked exits': said along, of what is known to be there."""
    noun = s.tokens[i].head
    share = share_of(s, noun)
    if s.tokens[noun].pos != "NOUN" or is_none(s, noun) or share not in {"the", "these", "all"}:
        return
    if not has_this_sense(side, subject_of(s, noun)) or any(
        grammar.is_negated(s, a) for a in s.ancestors(noun)
    ):
        return
    kinds, whose = described(s, noun)
    yield Fact(
        aspect=side.row.id,
        subject=subject_of(s, noun),
        holds=side.holds,
        share=share,
        tense="",
        kinds=kinds - {stem(s.tokens[i].lemma), stem(s.tokens[i].text)},
        whose=whose,
        said=f"{s.tokens[i].text} {s.tokens[noun].text}",
    )


def people_inside(s: Sentence, verb: int) -> Iterator[Fact]:
    """'Nobody was in the hall', 'children were asleep in the hall': whether it was empty."""
    who = grammar.subject(s, verb)
    if who is None or s.tokens[verb].lemma not in _STAYING or grammar.is_passive(s, verb):
        return
    lemma = s.tokens[who].lemma
    none = lemma in {"nobody", "no-one"} or (lemma == "one" and is_none(s, who))
    if not none and (lemma not in _PEOPLE or grammar.is_negated(s, verb) or is_none(s, who)):
        return
    for c in s.children[verb]:
        if s.tokens[c].dep != "prep" or s.tokens[c].lemma not in {"in", "inside", "aboard", "within"}:
            continue
        noun = grammar.child(s, c, "pobj")
        if noun is None or s.tokens[noun].pos != "NOUN" or share_of(s, noun) not in {"the", "these"}:
            continue
        subject = kind(s.tokens[noun].lemma)
        if has_this_sense(sides()["empty"], subject):
            kinds, whose = described(s, noun)
            yield Fact(
                aspect="full",
                subject=subject,
                holds=not none,
                share="the",
                tense=tense(s, verb),
                kinds=kinds,
                whose=whose,
                said=said_as(s, who, noun) if abs(noun - who) < 8 else s.tokens[who].text,
            )


def verb_of(s: Sentence, i: int) -> int | None:
    """The verb that a word is said with: itself, or the "was" of "was open"; None: it is said with none."""
    token = s.tokens[i]
    if token.pos in {"VERB", "AUX"} or grammar.child(s, i, "auxpass", "nsubjpass") is not None:
        # "Was unstaffed": an adjective to the parser, which stands like a verb.
        return i if token.dep != "amod" else None
    at = i
    while s.tokens[at].dep == "conj" and s.tokens[at].head != at and s.tokens[at].pos == token.pos:
        at = s.tokens[at].head
    if s.tokens[at].dep not in {"acomp", "attr", "oprd", "advmod", "prep", "prt", "xcomp", "agent"}:
        return None
    above = s.tokens[at].head
    return above if above != at and s.tokens[above].pos in {"VERB", "AUX"} else None


def side_at(s: Sentence, i: int) -> Side | None:
    """The side of a row that stands at this token: a phrase that begins there, the word with its particle, or
    the word."""
    token, known = s.tokens[i], sides()
    for phrase in openings().get(token.text.casefold(), ()):
        words = phrase.split("_")
        if [t.text.casefold() for t in s.tokens[i : i + len(words)]] == words:
            return known[phrase]
    particle = _particle(s, i)
    if particle is not None:
        return known.get(f"{token.lemma}_{s.tokens[particle].lemma}")
    if token.pos not in {"ADJ", "VERB", "ADV", "NOUN"} and (token.pos != "ADP" or s.children[i]):
        return None
    return known.get(token.text.casefold()) or (known.get(token.lemma) if token.pos != "NOUN" else None)


def _particle(s: Sentence, i: int) -> int | None:
    """The "off" of "switched off"; the parser takes that of "switched off the alarm" for a preposition."""
    if s.tokens[i].pos != "VERB":
        return None
    own = grammar.child(s, i, "prt")
    if own is not None:
        return own
    known = sides()
    return next(
        (
            c
            for c in s.children[i]
            if s.tokens[c].dep in {"prep", "advmod"} and f"{s.tokens[i].lemma}_{s.tokens[c].lemma}" in known
        ),
        None,
    )


def _said_of(s: Sentence, i: int, verb: int, side: Side | None) -> int | None:
    """Whom or what a word is said of."""
    if grammar.is_passive(s, verb):
        if side is not None and side.of_actor:
            return grammar.subject(s, verb)
        return grammar.undergoer(s, verb)
    thing = grammar.child(s, verb, "dobj")
    particle = _particle(s, i) if i == verb else None
    if thing is None and particle is not None:
        thing = grammar.child(s, particle, "pobj")
    if (
        thing is not None
        and side is not None
        and not side.of_actor
        and (i == verb or s.tokens[i].dep == "prep")
    ):
        return thing
    return grammar.subject(s, verb)


def _base(lemma: str) -> str:
    """What is said without the un- of "untrained"."""
    cut = stem(lemma[2:] if _turns_round(lemma) else lemma)
    return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] else cut


def _turns_round(lemma: str) -> bool:
    return lemma.startswith("un") and len(lemma) > 5 and not lemma.startswith(_NO_TURN)


def _counts_as_neg(s: Sentence, verb: int, thing: int) -> bool:
    """Whether grammar.is_negated has counted this "no one" or "none of them" already."""
    token = s.tokens[thing]
    return token.lemma in {"nobody", "nothing", "none", "no-one"} or any(
        s.tokens[c].lemma in {"no", "neither"} and s.tokens[c].dep in {"det", "neg"}
        for c in s.children[thing]
    )
