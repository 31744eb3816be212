"""The trees of headlines, which leave out "is" and "was": 'Two men held over fire', 'Mould found in
blood', 'Firm hid files, insider claims'.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.cues import ACCUSING, REPORTING
from monitor.core.claims.parsed import Token
from monitor.core.wording import word_set

_NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_PLURAL = frozenset({"NNS", "NNPS"})
_AUX = frozenset({"aux"})
_OBJECTS = frozenset({"dobj", "ccomp", "xcomp", "attr", "oprd"})
# What these do to somebody needs an object, and has none where it was done to the subject.
_DONE_TO = REPORTING.keys() | ACCUSING | word_set("hold arrest jail free charge find kill injure")
# "The village swallowed by the sea": a headline that only names a thing.
_NAMING = frozenset({"det", "poss"})
# Verbs at the end of a headline that look like nouns.
_SAYING = {word + "s": word for word in word_set("claim report warn vow pledge admit insist say allege fear")}


def mend_headline(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, some hung elsewhere."""
    mended = list(tokens)
    for i, token in enumerate(tokens):
        above = tokens[token.head]
        if token.tag == "VBN" and token.dep == "acl" and _is_told_of(tokens, i):
            # "Two men held over fire".
            mended[i] = replace(
                token, tag="VBD", dep=above.dep, head=i if above.head == token.head else above.head
            )
            mended[token.head] = replace(above, dep="nsubjpass", head=i)
        elif token.tag == "VBD" and token.lemma in _DONE_TO and not _has(tokens, i, _OBJECTS):
            # "Mould found in bread".
            for n, other in enumerate(tokens[:i]):
                if other.head == i and other.dep == "nsubj" and token.text[-2:] != "id":
                    mended[n] = replace(other, dep="nsubjpass")
        elif token.tag == "VB" and token.dep == "ROOT" and _are_several(tokens, i):
            # "Storm deaths rise to 9".
            mended[i] = replace(token, tag="VBP")
    _say_at_the_end(mended)
    return tuple(mended)


def _is_told_of(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether the participle is what the headline tells of the noun at its top, right before it."""
    noun = tokens[i].head
    top = tokens[noun].head == noun or tokens[noun].dep in {"conj", "advcl"}
    begins = min(n for n, t in enumerate(tokens) if n == noun or t.head == noun)
    return (
        top
        and noun < i
        and tokens[noun].pos in _NOUNS
        and not any(t.text == "," for t in tokens[noun:i])
        and tokens[begins].dep not in _NAMING
    )


def _has(tokens: tuple[Token, ...], i: int, relations: frozenset[str]) -> bool:
    return any(t.head == i and t.dep in relations for t in tokens)


def _are_several(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether several do it, with no 'to' or 'may' before it."""
    several = any(t.head == i and t.dep == "nsubj" and t.tag in _PLURAL for t in tokens)
    return several and not _has(tokens, i, _AUX)


def _say_at_the_end(mended: list[Token]) -> None:
    """'…, whistleblower claims': no claims of anybody's."""
    last = len(mended) - 1
    if last < 2 or mended[last].text.casefold() not in _SAYING or mended[last].pos == "VERB":
        return
    comma = max((n for n, t in enumerate(mended) if t.text == ","), default=last)
    top = next(n for n, t in enumerate(mended) if t.head == n)
    if not 0 < last - comma <= 4 or top > comma:
        return
    mended[last] = replace(
        mended[last],
        lemma=_SAYING[mended[last].text.casefold()],
        pos="VERB",
        tag="VBZ",
        dep="ROOT",
        head=last,
    )
    mended[top] = replace(mended[top], dep="ccomp", head=last)
    for n in range(comma + 1, last):
        who = n == last - 1
        mended[n] = replace(
            mended[n],
            pos="NOUN" if mended[n].pos == "VERB" else mended[n].pos,
            dep="nsubj" if who else "compound",
            head=last if who else last - 1,
        )
