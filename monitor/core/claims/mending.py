"""Repairs of the parser's common mistakes around attributions, before anybody reads the tree."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import (
    ACCUSING,
    CLAIM_NOUNS,
    DENYING,
    DOCUMENTS,
    NAMING,
    REPORTING,
    SAID_NOUNS,
    VOICED,
)
from monitor.core.claims.headed import headed
from monitor.core.claims.misread import taken_right
from monitor.core.claims.names import MONTHS, names_person
from monitor.core.claims.parsed import Token
from monitor.core.claims.subjects import with_subjects

# Verbs with whoever listens for an object.
_LISTENED = frozenset({"tell", "inform", "assure", "warn", "remind"})
_NOTHING = frozenset({"nothing", "nobody", "none", "everything", "everybody", "anything"})
_ASKING = frozenset({"ask", "question", "press"})
_SAYING = frozenset({"VBD", "VBZ", "VBP", "VBG"})
_SPEECH = REPORTING.keys() | DENYING | ACCUSING
_ASIDE = frozenset(REPORTING.keys() - DENYING)


def mend(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, some hung elsewhere."""
    tokens = with_subjects(headed(taken_right(tokens)))
    mended = list(tokens)
    for i, token in enumerate(tokens):
        if token.lemma in _SPEECH and token.tag == "VBN" and token.dep == "acl" and _has_clause(tokens, i):
            # "Nordbank, the lender, denied that…": no participle.
            mended[i] = replace(token, tag="VBD")
            continue
        if token.tag == "VBD" and token.dep == "acl" and (first := _spoke_first(tokens, i)) is not None:
            # "He said it was a sham, called her a fraud and left": he called her so.
            mended[i] = replace(token, head=first, dep="conj")
            continue
        if token.lemma in _ASKING and _is_asked(tokens, i):
            # "The spokesman, asked about it, said…": it is the spokesman who said.
            mended[i] = replace(token, tag="VBN", dep="advcl")
            for n, other in enumerate(tokens):
                if other.head == i and other.dep in {"nsubj", "nsubjpass"} and n < i:
                    mended[n] = replace(other, head=token.head, dep="nsubj")
            continue
        if token.dep == "appos" and token.text in MONTHS and tokens[i - 1].pos == "NUM":
            # "The driver of the tram that was hit on 11 May said": nobody is called May.
            mended[i] = replace(token, dep="npadvmod")
            continue
        above = tokens[token.head]
        if token.dep == "ccomp" and (whom := _it_was(tokens, i)) is not None:
            # "It was the union that said so first": the union said so.
            mended[i] = replace(token, head=whom, dep="relcl")
        elif token.dep == "ccomp" and _is_before_colon(tokens, i):
            # "The mayor was plain: she says the port is shut": no thing that she says.
            mended[i] = replace(token, dep="dep")
        elif token.dep == "auxpass" and _is_has(tokens, i):
            # "He's said that it is closed": has said.
            mended[i] = replace(token, lemma="have", tag="VBZ", dep="aux")
            mended[i - 1] = replace(tokens[i - 1], dep="nsubj")
        elif token.dep == "advcl" and _is_told(tokens, i):
            # "Confirmed only that a sample was taken": what was confirmed.
            mended[i] = replace(token, dep="ccomp")
        elif token.lemma == "of" and token.dep == "prep" and above.dep in {"dobj", "nsubjpass"}:
            verb = tokens[above.head]
            if verb.lemma == "accuse" and not _has_of(tokens, above.head):
                # "Accused the port of breaking it": the deed belongs to the verb.
                mended[i] = replace(token, head=above.head)
        elif token.lemma == "of" and token.dep == "prep" and _by_accuser(tokens, token.head) is not None:
            # "Is accused by the union of hiding it": the deed belongs to the verb.
            mended[i] = replace(token, head=_by_accuser(tokens, token.head) or token.head)
        elif token.dep == "prep" and i > 0 and above.lemma in DENYING:
            thing = tokens[i - 1]
            if thing.dep == "dobj" and thing.head == token.head and thing.lemma in CLAIM_NOUNS:
                # "Denied any link with it": the link is with it.
                mended[i] = replace(token, head=i - 1)
        elif token.dep == "npadvmod" and token.pos == "PROPN" and i > 0:
            noun = tokens[_first_of_name(tokens, i) - 1]
            if noun.dep in {"nsubj", "nsubjpass"} and noun.pos == "NOUN" and noun.head == token.head:
                # "The shipping line Norvik said": the name of the line.
                mended[i] = replace(token, head=_first_of_name(tokens, i) - 1, dep="appos")
        elif token.dep == "dobj" and (own := _clause_after(tokens, i)) is not None:
            # "Said nothing unusual had happened": it is nothing that happened.
            mended[i] = replace(token, head=own, dep="nsubj")
        elif token.dep in {"relcl", "acl"} and (teller := _told(tokens, i)) is not None:
            # "Told a briefing that it had failed": no briefing that failed.
            mended[i] = replace(token, head=teller, dep="ccomp")
            mended[_that(tokens, i)] = replace(tokens[_that(tokens, i)], tag="IN", pos="SCONJ", dep="mark")
        elif token.dep in {"nsubj", "csubj"} and (named := _named_after(tokens, i)) is not None:
            # "Told of her words, Ivo Lund said": Lund said it.
            mended[i] = replace(token, dep="advcl")
            mended[named] = replace(tokens[named], head=token.head, dep="nsubj")
        elif token.dep == "ccomp" and (who := _of_relative(tokens, i)) is not None:
            # "“It sank,” a driver who knew Ana Ruiz said": the driver said it.
            for n, other in enumerate(tokens):
                if other.head == i and other.dep == "nsubj":
                    mended[n] = replace(other, head=token.head, dep="dobj")
            mended[who] = replace(tokens[who], head=i, dep="nsubj")
            mended[i] = replace(token, head=tokens[who].head, dep="parataxis")
        elif token.dep == "conj" and _trails(tokens, i):
            # "It came at noon, the agency's head, Ana Ruiz, told reporters": no second thing that came.
            mended[i] = replace(token, dep="parataxis")
        elif token.dep == "advcl" and any(t.head == i and t.text == "which" for t in tokens[:i]):
            # "Pages were removed, which the port denies": no question.
            mended[i] = replace(token, dep="relcl")
        elif token.lemma == "old" and token.dep == "amod" and _is_aged(tokens, i):
            # "“It leaked,” the 54-year-old said": who said so.
            mended[i] = replace(token, dep="nsubj")
            for n, other in enumerate(tokens[:i]):
                if other.head == token.head and other.dep == "det":
                    mended[n] = replace(other, head=i)
        elif token.dep == "relcl" and (whom := _of_whom_it_tells(tokens, i)) is not None:
            # "A cook on the ferry, who left early": it is the cook who left.
            mended[i] = replace(token, head=whom)
        elif token.dep == "relcl" and any(t.head == i and t.dep == "mark" for t in tokens):
            # "The accusation that the line had paid": no relative clause, the accusation itself.
            mended[i] = replace(token, dep="acl")
    return tuple(mended)


def _is_aged(tokens: tuple[Token, ...], i: int) -> bool:
    """'The 54-year-old' right before the verb of speaking that the parse hangs it on as if it were a noun."""
    verb = tokens[token.head] if (token := tokens[i]).head == i + 1 else None
    aged = i > 3 and tokens[i - 1].text == "-" and tokens[i - 2].lemma == "year"
    subject = any(t.head == i + 1 and t.dep == "nsubj" for t in tokens)
    return aged and verb is not None and verb.lemma in _SPEECH and verb.tag in _SAYING and not subject


def _of_whom_it_tells(tokens: tuple[Token, ...], i: int) -> int | None:
    """The noun above, of a clause with "who" hung on a thing or with "which" hung on a person; None: the
    clause hangs right.
    """
    below = tokens[i].head
    link = tokens[below].head
    above = tokens[link].head
    if tokens[below].dep != "pobj" or tokens[below].pos != "NOUN" or tokens[above].pos != "NOUN":
        return None
    word = next((t.lemma for t in tokens[below:i] if t.head == i and t.dep == "nsubj"), "")
    far, near = names_person(tokens[above].lemma), names_person(tokens[below].lemma)
    of_person = near and not far and tokens[link].lemma == "of"
    wrong = (word == "who" and far and not near) or (word == "which" and of_person)
    return above if wrong and tokens[below].tag == "NN" and tokens[link].dep == "prep" else None


def _it_was(tokens: tuple[Token, ...], i: int) -> int | None:
    """Whom 'it was', before a verb of speaking whose subject only points at him."""
    top = tokens[i].head
    if tokens[top].lemma != "be" or tokens[i].lemma not in _SPEECH:
        return None
    points = any(t.head == i and t.dep == "nsubj" and t.tag in {"WDT", "WP"} for t in tokens[top:i])
    it = any(t.head == top and t.lemma == "it" for t in tokens[:top])
    whom = next((n for n in range(top, i) if tokens[n].head == top and tokens[n].dep == "attr"), None)
    return whom if points and it else None


def _clause_after(tokens: tuple[Token, ...], i: int) -> int | None:
    """The clause without a subject that a verb of speaking has besides its object "nothing"."""
    token = tokens[i]
    if token.lemma not in _NOTHING or tokens[token.head].lemma not in _SPEECH:
        return None
    own = next((n for n, t in enumerate(tokens) if n > i and t.dep == "ccomp" and t.head == token.head), None)
    if own is None or any(t.head == own and t.dep in {"nsubj", "nsubjpass"} for t in tokens):
        return None
    return own


def _named_after(tokens: tuple[Token, ...], i: int) -> int | None:
    """Who is named behind the comma after a participle that is taken for the speaker."""
    if i > 0 or tokens[i].tag not in {"VBN", "VBG"} or tokens[tokens[i].head].lemma not in _SPEECH:
        return None
    comma = next((n for n, t in enumerate(tokens) if t.text == ","), len(tokens))
    names = range(comma + 1, tokens[i].head)
    return next(
        (n for n in names if tokens[n].pos in {"PROPN", "NOUN"} and tokens[n].dep != "compound"), None
    )


def _of_relative(tokens: tuple[Token, ...], i: int) -> int | None:
    """Whom a relative clause is about that has swallowed the verb of speaking behind it."""
    verb, cue = tokens[tokens[i].head], tokens[i]
    quoted = any(t.text in '"”»' for t in tokens[: tokens[i].head])
    below = {t.dep for t in tokens if t.head == i}
    if not quoted or verb.dep != "relcl" or verb.lemma in _SPEECH or "ccomp" in below or "nsubj" not in below:
        return None
    return verb.head if cue.lemma in _SPEECH | VOICED and cue.tag in {"VBD", "VBZ", "VBP"} else None


def _trails(tokens: tuple[Token, ...], i: int) -> bool:
    """A verb of speaking with a subject and no content, joined to the clause before it by no word."""
    token = tokens[i]
    if token.lemma not in _ASIDE or token.tag not in {"VBD", "VBZ", "VBP"} or token.head > i:
        return False
    below = {t.dep for t in tokens if t.head == i}
    joined = any(t.dep == "cc" and t.head == token.head and token.head < n < i for n, t in enumerate(tokens))
    return "nsubj" in below and not below & {"ccomp", "xcomp"} and not joined


def _spoke_first(tokens: tuple[Token, ...], i: int) -> int | None:
    """The verb of speaking at the top, before a comma and one more in its tense that has no subject."""
    if tokens[i].lemma not in _SPEECH | NAMING or tokens[i - 1].text != ",":
        return None
    top = tokens[i].head
    while tokens[top].head != top:
        top = tokens[top].head
    said = top < i and tokens[top].tag == "VBD" and tokens[top].lemma in _SPEECH
    return top if said and not any(t.head == i and t.dep == "nsubj" for t in tokens) else None


def _is_before_colon(tokens: tuple[Token, ...], i: int) -> bool:
    """A clause before a colon, hung on a verb of speaking behind it that has a clause of its own."""
    verb = tokens[i].head
    if verb < i or not any(t.text == ":" for t in tokens[i:verb]):
        return False
    return any(t.dep == "ccomp" and t.head == verb and n > verb for n, t in enumerate(tokens))


def _is_has(tokens: tuple[Token, ...], i: int) -> bool:
    """ "'s" between who speaks and a verb of speaking with a clause; "it's said that" names nobody."""
    token = tokens[i]
    if i == 0 or token.text not in {"'s", "’s"} or tokens[token.head].lemma not in _ASIDE - _LISTENED:
        return False
    who = tokens[i - 1]
    told = any(t.head == token.head and t.dep == "ccomp" for t in tokens)
    return told and who.dep == "nsubjpass" and who.head == token.head and who.lemma not in {"it", "what"}


def _is_told(tokens: tuple[Token, ...], i: int) -> bool:
    """A clause with "that" right after a verb of speaking that has none, and no "so that", "now that"."""
    verb, that = tokens[i].head, _that(tokens, i)
    near = 0 < that - verb <= 2 and tokens[that - 1].lemma not in {"so", "now", "such", "except"}
    has_own = any(t.head == verb and t.dep == "ccomp" for t in tokens)
    return near and not has_own and tokens[verb].lemma in _SPEECH


def _that(tokens: tuple[Token, ...], i: int) -> int:
    """The "that" of a clause with a subject of its own; -1: it is no such clause."""
    below = [n for n, t in enumerate(tokens) if t.head == i and n < i]
    that = next((n for n in below if tokens[n].lemma == "that" and tokens[n].dep in {"mark", "dobj"}), -1)
    own = any(tokens[n].dep in {"nsubj", "nsubjpass", "expl"} and n > that for n in below)
    return that if own else -1


def _told(tokens: tuple[Token, ...], i: int) -> int | None:
    """The verb of speaking whose content the parse hangs on whoever listens, or on where it is said."""
    if _that(tokens, i) < 0:
        return None
    noun = tokens[i].head
    while tokens[tokens[noun].head].lemma == "of" and tokens[tokens[tokens[noun].head].head].dep != "ROOT":
        # "Said in one of a series of messages that…".
        noun = tokens[tokens[noun].head].head
    above = tokens[noun].head
    asks = tokens[noun].dep == "dobj" and tokens[above].lemma in _LISTENED
    carried = tokens[noun].lemma in CLAIM_NOUNS or tokens[noun].lemma in SAID_NOUNS
    if tokens[noun].dep == "pobj" and tokens[above].lemma in {"to", "in", "on", "at", "during"}:
        # "Said in a statement that…": where it is said.
        carried = carried and not (tokens[above].lemma in {"in", "on"} and tokens[noun].lemma in DOCUMENTS)
        above = tokens[above].head
        asks = tokens[above].lemma in REPORTING
    if not asks or tokens[above].pos != "VERB" or carried:
        return None
    content = any(t.head == above and t.dep in {"ccomp", "xcomp"} for t in tokens)
    return None if content or tokens[above].tag not in _SAYING else above


def _has_clause(tokens: tuple[Token, ...], i: int) -> bool:
    """A comma before, and a clause with 'that' after."""
    clause = next((n for n, t in enumerate(tokens) if t.head == i and t.dep == "ccomp" and n > i), None)
    return (
        i > 0
        and tokens[i - 1].text == ","
        and clause is not None
        and any(t.head == clause and t.dep == "mark" and t.lemma == "that" for t in tokens)
    )


def _is_asked(tokens: tuple[Token, ...], i: int) -> bool:
    """', asked whether it was so,' between somebody and a verb of speaking without a subject of its own."""
    token = tokens[i]
    verb = tokens[token.head]
    if i == 0 or tokens[i - 1].text != ",":
        return False
    free = not any(t.head == token.head and t.dep == "nsubj" for t in tokens)
    return token.head > i and verb.lemma in _SPEECH and free


def _by_accuser(tokens: tuple[Token, ...], noun: int) -> int | None:
    """The verb of 'accused by the union', where this noun is who accuses."""
    by = tokens[noun].head
    verb = tokens[by].head
    return verb if tokens[by].dep == "agent" and tokens[verb].lemma == "accuse" else None


def _has_of(tokens: tuple[Token, ...], verb: int) -> bool:
    return any(t.head == verb and t.lemma == "of" and t.dep == "prep" for t in tokens)


def _first_of_name(tokens: tuple[Token, ...], i: int) -> int:
    while i > 1 and tokens[i - 1].pos == "PROPN" and tokens[i - 1].dep == "compound":
        i -= 1
    return i
