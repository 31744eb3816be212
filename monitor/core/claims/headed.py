"""Sentences whose subject the parser takes for their top, since a clause with "who" stands between it and its
verb: 'A guard at the pit, Ivo Lund, who left in May, confirmed it'; and what it hangs on the wrong noun.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import DOCUMENTS, REPORTING
from monitor.core.claims.names import names_person
from monitor.core.claims.parsed import Token
from monitor.core.wording import word_set

_FINITE = frozenset({"VBD", "VBZ"})
_OF_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_MEANS = word_set("phone telephone email e-mail text letter post fax radio mistake chance accident")
_BEFORE_NOUNS = frozenset({"det", "amod", "compound", "poss", "nummod"})
_CLOSING = frozenset("\"”’'»")
_OBJECTS = frozenset({"it", "him", "her", "them"})


def headed(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, verbs and relative clauses hung where they belong."""
    mended = list(tokens)
    for i, token in enumerate(tokens):
        if token.dep == "agent" and (_is_active(tokens, token.head) or _is_means(tokens, i)):
            # "Said by telephone": nobody of that name said it.
            mended[i] = replace(token, dep="prep")
        elif token.dep == "relcl" and (paper := _paper_before(tokens, i)) is not None:
            # "Up to the event, it said in a statement, which added": it is the statement that added.
            mended[i] = replace(token, head=paper)
        elif token.dep == "relcl" and (whom := _somebodys(tokens, i)) is not None:
            # "The word of Ana Ruiz, an aide of Ivo Lund, who told reporters": it is the aide who did.
            mended[i] = replace(token, head=whom)
        elif token.dep == "parataxis" and (who := _said_of_thing(tokens, i)) is not None:
            _let_speak(mended, i, who)
        elif i == 0 and token.dep == "prep" and token.pos == "PROPN" and (who := _role_behind(tokens)):
            # "Till Lund, the mayor, agreed": a first name, for all that the word is a preposition.
            mended[0] = replace(token, head=1, dep="compound")
            mended[1] = replace(tokens[1], head=tokens[who].head, dep=tokens[who].dep)
            mended[who] = replace(tokens[who], head=1, dep="appos")
        elif token.tag == "VBN" and token.dep == "acl" and _follows_quote(tokens, i):
            # "“It was late,” a night porter conceded": no porter who is conceded.
            noun = tokens[token.head]
            mended[i] = replace(token, tag="VBD", dep="parataxis", head=noun.head)
            mended[token.head] = replace(noun, dep="nsubj", head=i)
        elif token.tag in _FINITE and (top := _swallowed(tokens, i)) is not None:
            # "A baker who tasted it tells another story": nothing that it tells.
            mended[i - 1] = replace(tokens[i - 1], head=token.head, dep="dobj")
            _put_on_top(mended, i, top)
        elif token.tag in _FINITE and (top := _subject_on_top(tokens, i)) is not None:
            _put_on_top(mended, i, top)
            for n, other in enumerate(tokens):
                if n > i and other.head == i and other.dep == "nsubj":
                    mended[n] = replace(other, dep="dobj")
    return tuple(mended)


def _put_on_top(mended: list[Token], verb: int, subject: int) -> None:
    mended[verb] = replace(mended[verb], head=verb, dep="ROOT")
    mended[subject] = replace(mended[subject], head=verb, dep="nsubj")


def _somebodys(tokens: tuple[Token, ...], i: int) -> int | None:
    """Who comes with a word for what he is to somebody else, before a clause of speech with "who"."""
    near = tokens[i].head
    link = tokens[near].head
    role = tokens[link].head
    who = next((n for n, t in enumerate(tokens[:i]) if t.head == i and t.text == "who"), 0)
    speaks = tokens[i].lemma in REPORTING and who == near + 2 and tokens[near + 1].text == ","
    of = tokens[near].dep == "pobj" and tokens[near].pos == "PROPN" and tokens[link].lemma in {"of", "to"}
    named = tokens[role].dep == "appos" and tokens[tokens[role].head].pos == "PROPN"
    return tokens[role].head if speaks and of and named and names_person(tokens[role].lemma) else None


def _said_of_thing(tokens: tuple[Token, ...], i: int) -> int | None:
    """'The captain, Ivo Lund, said a tug, the Alma, had been near': the captain, whom the parse lets be near
    while the tug says so.
    """
    verb, own = tokens[i].head, [n for n, t in enumerate(tokens) if t.head == i and t.dep == "nsubj"]
    who = next((n for n, t in enumerate(tokens[:i]) if t.head == verb and t.dep == "nsubj"), None)
    if (
        tokens[i].lemma not in REPORTING
        or tokens[i].tag not in _FINITE
        or verb < i
        or who is None
        or len(own) != 1
    ):
        return None
    thing = own[0]
    new = thing > i and any(t.head == thing and t.lemma in {"a", "an"} for t in tokens[i:thing])
    beside = any(t.head == thing and t.dep == "appos" for t in tokens[thing:verb])
    person = names_person(tokens[who].lemma) or tokens[who].pos == "PROPN"
    a_thing = tokens[thing].pos == "NOUN" and not names_person(tokens[thing].lemma)
    return who if new and beside and person and a_thing and tokens[i - 1].text == "," else None


def _let_speak(mended: list[Token], i: int, who: int) -> None:
    """Hang what was said under the verb of saying, and whoever said it on that."""
    verb = mended[i].head
    top = mended[verb]
    mended[i] = replace(mended[i], head=i if top.head == verb else top.head, dep=top.dep)
    mended[verb] = replace(top, head=i, dep="ccomp")
    mended[who] = replace(mended[who], head=i)
    for n, other in enumerate(mended):
        if other.head == i and other.dep == "nsubj" and n > i:
            mended[n] = replace(other, head=verb)


def _role_behind(tokens: tuple[Token, ...]) -> int | None:
    """The role that stands behind the first two words between commas and acts; None: there is none."""
    if len(tokens) < 5 or tokens[1].pos != "PROPN" or tokens[1].head != 0 or tokens[2].text != ",":
        return None
    return next(
        (
            n
            for n, t in enumerate(tokens[:-1])
            if t.dep == "nsubj" and names_person(t.lemma) and n > 2 and tokens[n + 1].text == ","
        ),
        None,
    )


def _is_means(tokens: tuple[Token, ...], i: int) -> bool:
    """'She was told by phone'."""
    return any(t.head == i and t.dep == "pobj" and t.lemma in _MEANS for t in tokens)


def _is_active(tokens: tuple[Token, ...], verb: int) -> bool:
    """Whether a verb has a subject that acts, and no participle can be meant."""
    below = {t.dep for t in tokens if t.head == verb}
    return tokens[verb].tag in _FINITE and "nsubj" in below and "auxpass" not in below


def _paper_before(tokens: tuple[Token, ...], i: int) -> int | None:
    """The document that stands right before ", which"; None: the clause hangs on it, or there is none."""
    which = next((n for n, t in enumerate(tokens[:i]) if t.head == i and t.text == "which"), 0)
    if which < 2 or tokens[which - 1].text != "," or tokens[i].lemma not in REPORTING:
        return None
    paper = tokens[which - 2]
    is_one = paper.pos == "NOUN" and paper.lemma in DOCUMENTS and tokens[i].head != which - 2
    return which - 2 if is_one else None


def _follows_quote(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether a verb of speaking stands right behind a noun, and the noun right behind a closing mark."""
    noun = tokens[i].head
    first = min(
        (n for n, t in enumerate(tokens[:noun]) if t.head == noun and t.dep in _BEFORE_NOUNS), default=noun
    )
    by = any(t.head == i and t.dep == "agent" for t in tokens)
    near = first > 1 and i == noun + 1 and tokens[noun].head != noun
    return near and tokens[first - 1].text in _CLOSING and tokens[i].lemma in REPORTING and not by


def _swallowed(tokens: tuple[Token, ...], i: int) -> int | None:
    """The top noun whose relative clause took in the verb of the sentence, behind a pronoun."""
    above, before = tokens[i].head, tokens[i - 1]
    top = tokens[above].head
    taken = before.head == i and before.dep == "nsubj" and before.text in _OBJECTS and above == i - 2
    noun = tokens[above].dep == "relcl" and tokens[top].pos == "NOUN" and tokens[top].head == top
    about = any(t.head == above and t.lemma == "who" for t in tokens[:above])
    speaks = tokens[above].lemma in REPORTING
    return top if taken and noun and about and tokens[i].dep == "ccomp" and not speaks else None


def _subject_on_top(tokens: tuple[Token, ...], i: int) -> int | None:
    """The top noun of a verb behind a comma that has no subject before it."""
    top, token = tokens[i].head, tokens[i]
    if token.dep not in {"parataxis", "ccomp", "acl", "appos"} or top >= i or tokens[i - 1].text != ",":
        return None
    noun = tokens[top].head == top and tokens[top].pos in {"NOUN", "PROPN"}
    free = not any(t.head == i and t.dep in _OF_SUBJECTS for t in tokens[:i])
    between = {t.dep for t in tokens[top + 1 : i]}
    # "Clearwater, a lab in Turku, recorded a rise".
    beside = "appos" in between and tokens[top + 1].text == "," and token.dep != "appos"
    return top if noun and free and ("relcl" in between or beside) else None
