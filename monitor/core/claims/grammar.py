"""Who does what in a parsed sentence: subjects, objects, negation, hedges."""

from __future__ import annotations

from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

SUBJECTS = frozenset({"nsubj", "csubj", "expl"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
_ANY_SUBJECT = SUBJECTS | PASSIVE_SUBJECTS
# Where "nobody" and "no…" turn the whole clause round.
_TURNED_BY = _ANY_SUBJECT | {"dobj", "attr", "agent"}
OBJECTS = ("dobj", "obj", "attr", "oprd")
HEDGING_MODALS = frozenset({"may", "might", "could", "would", "should"})
HEDGING_WORDS = word_set(
    """
    allegedly reportedly apparently possibly probably perhaps likely unlikely maybe seemingly
    presumably suspected alleged potential possible
    """
)
_HEDGES = HEDGING_WORDS | HEDGING_MODALS | {"can"}
_NOT_IN_DOUBT = frozenset({"doubt", "question", "secret", "surprise", "mistake", "denying", "wonder"})
_MEANWHILE = frozenset({"by", "after", "before", "while", "without", "despite", "upon"})
_CALLED = frozenset({"call", "name", "know"})
_WH = frozenset({"WP", "WDT", "WP$", "WRB"})


def child(s: Sentence, i: int, *deps: str) -> int | None:
    """The first dependent with one of these relations."""
    for c in s.children[i]:
        if s.tokens[c].dep in deps:
            return c
    return None


def is_passive(s: Sentence, i: int) -> bool:
    """Whether the verb stands in the passive: 'was blamed', 'an attack claimed by'."""
    if child(s, i, "auxpass", "nsubjpass", "agent") is not None:
        return True
    return s.tokens[i].tag == "VBN" and s.tokens[i].dep == "acl" and child(s, i, "aux", "nsubj") is None


def subject(s: Sentence, i: int) -> int | None:
    """Who the verb says acts, control and relative clauses followed; for a passive, who is named after
    'by'.
    """
    if is_passive(s, i):
        agent = child(s, i, "agent")
        return child(s, agent, "pobj") if agent is not None else None
    return _surface_subject(s, i)


def undergoer(s: Sentence, i: int) -> int | None:
    """What the verb acts on: its object, or the subject of a passive."""
    if not is_passive(s, i):
        return next((c for dep in OBJECTS if (c := child(s, i, dep)) is not None), None)
    own = child(s, i, *PASSIVE_SUBJECTS)
    if own is not None:
        return _antecedent(s, i, own)
    token = s.tokens[i]
    return token.head if token.dep == "acl" else _surface_subject(s, i)


def is_clause(s: Sentence, start: int, end: int) -> bool:
    """Whether what stands between two offsets of the sentence's field has a subject and a finite verb."""
    inside = {n for n, t in enumerate(s.tokens) if start <= s.start + t.start and s.start + t.end <= end}
    return any(
        t.dep in _ANY_SUBJECT and t.head in inside and _is_finite(s, t.head)
        for n, t in enumerate(s.tokens)
        if n in inside
    )


def _is_finite(s: Sentence, i: int) -> bool:
    verbs = (i, *(c for c in s.children[i] if s.tokens[c].dep in {"aux", "auxpass"}))
    return any(s.tokens[v].tag in {"VBD", "VBP", "VBZ", "MD"} for v in verbs)


def _surface_subject(s: Sentence, i: int, depth: int = 0) -> int | None:
    own = _nearest_subject(s, i)
    if own is not None:
        return _antecedent(s, i, own)
    token = s.tokens[i]
    if depth > 6 or token.head == i:
        return None
    if token.dep in {"relcl", "acl"} and s.tokens[token.head].pos in {"NOUN", "PROPN", "PRON"}:
        return token.head
    if token.dep == "xcomp":
        controlled = child(s, token.head, "dobj")
        # "urged the crew to leave": the object acts; "claims to know": the subject does.
        return controlled if controlled is not None else _surface_subject(s, token.head, depth + 1)
    if token.dep in {"conj", "advcl", "ccomp", "acomp", "attr"}:
        if token.dep == "ccomp" and child(s, i, "mark") is not None:
            return None
        return _surface_subject(s, token.head, depth + 1)
    if token.dep == "pcomp":
        above = s.tokens[token.head].head
        # "Accused the firm of hiding it": the object hides; "angered the firm by saying so": she says.
        meanwhile = s.tokens[token.head].lemma in _MEANWHILE
        if meanwhile and s.tokens[token.head - 1].lemma == "not" and s.tokens[above].dep == "advcl":
            # "Lund hung up when she rang, but not before saying so".
            above = s.tokens[above].head
        controlled = child(s, above, "dobj") if not meanwhile else None
        if controlled is not None:
            return controlled
        passive = child(s, above, *PASSIVE_SUBJECTS)
        return passive if passive is not None else _surface_subject(s, above, depth + 1)
    return None


def _nearest_subject(s: Sentence, i: int) -> int | None:
    """The subject right before the verb, where the parse found several: 'Outside court, the mayor said'."""
    found = [c for c in s.children[i] if s.tokens[c].dep in _ANY_SUBJECT]
    before = [c for c in found if c < i]
    return before[-1] if before else next(iter(found), None)


def _antecedent(s: Sentence, verb: int, found: int) -> int:
    """The noun that a relative pronoun stands for."""
    relative = s.tokens[found].tag in {"WDT", "WP"} or s.tokens[found].lemma == "that"
    return s.tokens[verb].head if relative and s.tokens[verb].dep == "relcl" else found


def is_question_word(s: Sentence, i: int) -> bool:
    return s.tokens[i].tag in _WH


def is_negated(s: Sentence, i: int) -> bool:
    """Whether the clause of this verb says 'not', 'never', 'no…' or 'nobody'."""
    flips = 0
    for c in s.children[i]:
        token = s.tokens[c]
        if token.lemma in _NOT_IN_DOUBT or (c + 1 < len(s.tokens) and s.tokens[c + 1].lemma == "else"):
            # "There is no doubt that", "and nobody else": nothing is denied.
            continue
        if token.dep == "neg" or token.lemma in {"never", "n't", "neither", "nor"} or _is_no_longer(s, c):
            flips += 1
            continue
        nobody = token.lemma in {"nobody", "nothing", "none", "no-one"}
        if token.dep in _TURNED_BY and (nobody or _has_no(s, c)):
            flips += 1
    return flips % 2 == 1


def _is_no_longer(s: Sentence, c: int) -> bool:
    return s.tokens[c].text.casefold() == "longer" and c > 0 and s.tokens[c - 1].text.casefold() == "no"


def is_beyond_doubt(s: Sentence, i: int) -> bool:
    """'There is no doubt that', 'no question that'."""
    return any(s.tokens[n].lemma in _NOT_IN_DOUBT and _has_no(s, n) for n in (i, *s.children[i]))


def given_name(s: Sentence, i: int) -> int | None:
    """The name beside a noun: 'the shipping line Norvik', 'a group called Norvik'."""
    beside = child(s, i, "appos")
    if beside is None and (joined := child(s, i, "conj")) is not None and s.tokens[joined].pos == "NOUN":
        # "Its founder and chairman, Ivo Lund".
        beside = child(s, joined, "appos")
    if (
        beside is not None
        and s.tokens[beside].pos == "NOUN"
        and (by := _by_the_name_of(s, beside)) is not None
    ):
        # "Its keeper, a sailor by the name of Ivo Lund".
        return by
    if beside is not None and s.tokens[beside].pos == "NOUN":
        # "The maker of the crane, the Danish firm Norvik".
        inner = child(s, beside, "appos")
        beside = inner if inner is not None and s.tokens[inner].pos == "PROPN" else beside
    det = child(s, beside, "det") if beside is not None else None
    if (
        det is not None
        and beside is not None
        and not (s.tokens[det].lemma == "the" and s.tokens[beside].text.isupper())
    ):
        # "The governor, a Republican": what she is, and no name. "The authority, the HSA" is one.
        return None
    if beside is None:
        called = next(
            (c for c in s.children[i] if s.tokens[c].dep == "acl" and s.tokens[c].lemma in _CALLED), None
        )
        beside = child(s, called, "oprd") if called is not None else None
        as_ = child(s, called, "prep") if called is not None and s.tokens[called - 1].text == "," else None
        if as_ is not None and s.tokens[as_].lemma == "as":
            # "The head of the guild, known as Norvik".
            beside = child(s, as_, "pobj")
    if beside is None or s.tokens[beside].pos != "PROPN":
        return None
    while (after := _goes_on_as_name(s, i, beside)) is not None:
        beside = after
    return beside


def _goes_on_as_name(s: Sentence, i: int, beside: int) -> int | None:
    """'Its spokesman, Major Ivo Lund', where the parse takes the rank for a name of its own."""
    for c in s.children[i]:
        if c > beside and s.tokens[c].dep == "appos" and s.tokens[c].pos == "PROPN":
            return c if all(t.pos == "PROPN" for t in s.tokens[beside:c]) else None
    return None


def _by_the_name_of(s: Sentence, i: int) -> int | None:
    by = next((c for c in s.children[i] if s.tokens[c].lemma == "by"), None)
    name = child(s, by, "pobj") if by is not None else None
    of = child(s, name, "prep") if name is not None and s.tokens[name].lemma == "name" else None
    return child(s, of, "pobj") if of is not None else None


def _has_no(s: Sentence, i: int) -> bool:
    for c in s.children[i]:
        if s.tokens[c].lemma in {"no", "neither"} and s.tokens[c].dep in {"det", "neg"}:
            return True
    return False


def says_no(s: Sentence, i: int) -> bool:
    """Whether a noun carries 'no': 'no part', 'no connection'."""
    return _has_no(s, i)


def not_one(s: Sentence, i: int) -> bool:
    """ "Not a cent was paid"."""
    return any(s.tokens[c].dep == "neg" and s.tokens[c].lemma == "not" for c in s.children[i])


def after_nor(s: Sentence, i: int) -> bool:
    """ "Neither tired nor hurt"."""
    return i > 0 and s.tokens[i - 1].lemma == "nor"


def is_hedged(s: Sentence, i: int) -> bool:
    """Whether the clause of this verb is weakened: 'may have', 'allegedly'."""
    if _HEDGES.isdisjoint(s.forms):
        return False
    below = [i, *s.children[i], *(g for c in s.children[i] for g in s.children[c])]
    for c in below:
        token = s.tokens[c]
        if (
            token.tag == "MD"
            and token.dep == "aux"
            and (token.lemma in HEDGING_MODALS or token.lemma == "can")
        ):
            return token.lemma != "can"
        # ", as the guild alleged": that is who says so.
        of_somebody = token.pos == "VERB" and child(s, c, "nsubj") is not None
        if (token.lemma in HEDGING_WORDS or token.text.casefold() in HEDGING_WORDS) and not of_somebody:
            return True
    return False


def is_conditional(s: Sentence, i: int) -> bool:
    """Whether the clause hangs on 'if', 'whether' or 'unless', or asks who, what, why."""
    for c in s.children[i]:
        token = s.tokens[c]
        if token.dep == "mark" and token.lemma in {"if", "whether", "unless"}:
            return True
        if token.dep in {"advmod", "nsubj", "dobj", "attr", "nsubjpass"} and token.tag in _WH:
            return s.tokens[i].dep not in {"relcl", "acl"}
    return False


def noun_phrase(s: Sentence, i: int) -> list[int]:
    """The tokens of a name or noun with what directly belongs to it; relative clauses and asides left out."""
    if i not in s.phrases:
        s.phrases[i] = tuple(_noun_phrase(s, i))
    return list(s.phrases[i])


def _noun_phrase(s: Sentence, i: int) -> list[int]:
    skip = frozenset(
        c
        for at in s.subtree(i)
        for c in s.children[at]
        if (
            s.tokens[c].dep in {"relcl", "appos", "acl", "advcl", "cc", "conj", "punct", "parataxis", "ccomp"}
            and not (s.tokens[c].dep == "punct" and s.tokens[c].text in {"-", "–", "'", "’"})
            # "Marsh & Sons" is one name.
            and not (s.tokens[c].text == "&" or (c > 0 and s.tokens[c - 1].text == "&"))
            and not _is_hyphened(s, at, c)
        )
        # "The mayor of Norvik, Ivo Lund": a name beside, however the parse takes it.
        or (s.tokens[c].dep == "npadvmod" and s.tokens[c].pos == "PROPN" and c > i)
        # "The lab, in Turku, said": where it is, not what it is called.
        or (s.tokens[c].dep == "prep" and c > i and s.tokens[c - 1].text == ",")
    )
    return s.stretch(s.subtree(i, without=skip), i, before=2, after=2)


def _is_hyphened(s: Sentence, i: int, joined: int) -> bool:
    """'The tug-and-barge unit': "and barge" joined to "tug" by hyphens, one word with it."""
    if s.tokens[joined].dep not in {"cc", "conj"} or i + 1 >= joined:
        return False
    after = s.tokens[i + 1]
    return after.text in {"-", "‑"} and after.start == s.tokens[i].end


def told_of_before(s: Sentence, n: int) -> int:
    """The noun whose relative clause ends with this one: 'the driver who knew Ana Ruiz' → the driver."""
    top = n
    for above in s.ancestors(n):
        if above > n and s.tokens[above].pos != "VERB":
            break
        relative = s.tokens[above].dep in {"relcl", "acl"} and s.tokens[above].head < above
        if relative and s.tokens[s.tokens[above].head].pos in {"NOUN", "PROPN", "PRON"}:
            top = s.tokens[above].head
    return top


def is_behind_pause(s: Sentence, i: int) -> bool:
    """Behind a comma or a dash; one between marks counts: 'called it “a sham,” adding that'."""
    before = i - 2 if i > 1 and s.tokens[i - 1].text in "”\"'’»" else i - 1
    return before >= 0 and s.tokens[before].text in {",", "–", "—", "-", "--"}


def named_before(s: Sentence, i: int, found: int) -> int:
    """'Giving evidence at the court, Ana Ruiz said': the name right before the verb, however the parse
    takes it; else what it found.
    """
    n = i - 1
    while n > 0 and (s.tokens[n].pos in {"ADV", "AUX", "NUM"} or s.tokens[n].text == ","):
        n -= 1
    return told_of_before(s, n) if s.tokens[n].pos in {"PROPN", "NOUN", "PRON"} else found
