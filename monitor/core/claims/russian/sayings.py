"""Trees mended around a verb of saying: who its subject is, and what stands around it as an aside.

The parser hangs what an aside cuts off ("Ответного огня, настаивает штаб, наряд не открывал") on the verb
of the aside, and takes two nouns before a verb for two subjects.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.parsed import Token
from monitor.core.claims.russian.cues import REPORTING

_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
# What an aside may cut off from its verb.
_CUT_OFF = frozenset({"obj", "iobj", "obl", "advmod", "nsubj", "amod", "nmod"})
# How far behind its verb an aside may end.
_ASIDE = 10
_OTHER = {"Acc": "obj", "Gen": "nmod", "Ins": "obl", "Dat": "iobj"}


def case_of(token: Token) -> str:
    """Its case, empty where it has none."""
    return next((pair[5:] for pair in token.tag.split("|") if pair.startswith("Case=")), "")


def mend_sayings(tokens: list[Token]) -> None:
    """Hang elsewhere what stands wrong around verbs of saying."""
    for i, token in enumerate(tokens):
        if token.lemma in REPORTING and token.pos == "VERB":
            _take_subject(tokens, i)
            _give_back(tokens, i)


def mend_subjects(tokens: list[Token]) -> None:
    """Leave each verb one subject, in the number that it has."""
    subjects: dict[int, list[int]] = {}
    for n, token in enumerate(tokens):
        if token.dep in _SUBJECTS:
            subjects.setdefault(token.head, []).append(n)
    for verb, own in subjects.items():
        if len(own) == 1 and verb > 2 and tokens[verb - 1].lemma == "не":
            _take_object(tokens, verb, own[0])
        cases = [case_of(tokens[n]) for n in own]
        if len(own) > 1 and "Nom" in cases:
            # "Жители хором рассказали", "служба рассказ отрицает": one of the two is none.
            for n, case in zip(own, cases, strict=True):
                if case in _OTHER and not any(t.head == n and t.dep == "cc" for t in tokens):
                    tokens[n] = replace(tokens[n], dep=_OTHER[case])
        elif own == [0] and "Number=Plur" in tokens[verb].tag:
            _read_as_many(tokens, 0)


def mend_adjectives(tokens: list[Token]) -> None:
    """ "Служба портового надзора рассказ отрицает": an adjective goes with the noun that it agrees with."""
    for n, token in enumerate(tokens[:-1]):
        noun, above = tokens[n + 1], tokens[token.head]
        over = token.dep == "amod" and token.head > n + 1 and noun.pos == "NOUN"
        if over and noun.head not in {n, token.head} and case_of(token) == case_of(noun) != case_of(above):
            tokens[n] = replace(token, head=n + 1)


def _take_object(tokens: list[Token], verb: int, subject: int) -> None:
    """ "Служба в архиве договора не нашла": of the search, not of the archive."""
    thing = verb - 2
    where = tokens[thing].head
    genitive = tokens[thing].dep == "nmod" and case_of(tokens[thing]) == "Gen"
    place = case_of(tokens[where]) == "Loc" and tokens[where].head == subject < where < thing
    if genitive and place and tokens[thing].pos == "NOUN":
        tokens[thing] = replace(tokens[thing], head=verb, dep="obj")
        tokens[where] = replace(tokens[where], head=verb, dep="obl")


def _read_as_many(tokens: list[Token], n: int) -> None:
    """ "Сотрудницы говорят": no genitive of one."""
    token = tokens[n]
    one = "Number=Sing" in token.tag and case_of(token) == "Gen" and token.text.endswith(("ы", "и"))
    if one and not any(t.head == n and t.dep in {"conj", "nummod", "nummod:gov"} for t in tokens):
        tag = token.tag.replace("Case=Gen", "Case=Nom").replace("Number=Sing", "Number=Plur")
        tokens[n] = replace(token, pos="NOUN", tag=tag)


def _take_subject(tokens: list[Token], i: int) -> None:
    """ "Водитель Иван Ли, 52 лет, говорит": two roots of one clause."""
    if any(t.head == i and t.dep in _SUBJECTS for t in tokens) or tokens[i].head != i:
        return
    root = next((n for n in range(i) if tokens[n].head == n), None)
    if root is None or tokens[root].pos not in {"NOUN", "PROPN"} or case_of(tokens[root]) != "Nom":
        return
    number = "Plur" if "Number=Plur" in tokens[i].tag else "Sing"
    below = {n for n, t in enumerate(tokens) if t.head == root and t.pos == "VERB" and t.dep != "acl"}
    if tokens[i - 1].text == "," and f"Number={number}" in tokens[root].tag and not below:
        tokens[root] = replace(tokens[root], head=i, dep="nsubj")


def _give_back(tokens: list[Token], i: int) -> None:
    """ "Ответного огня, настаивает штаб, наряд не открывал": what is cut off hangs on the verb behind."""
    comma = i - 1 - (tokens[i - 1].lemma == "как")
    if comma < 1 or tokens[comma].text != ",":
        return
    end = next((n for n in range(i + 1, min(i + _ASIDE, len(tokens))) if tokens[n].text == ","), None)
    acts = any(i < n < (end or i) and t.head == i and t.dep in _SUBJECTS for n, t in enumerate(tokens))
    if end is None or not acts or tokens[end + 1].pos in {"SCONJ", "CCONJ"} | {"PUNCT"}:
        return
    if any(tokens[n].pos == "VERB" for n in range(i + 1, end)):
        return
    cut = [n for n in range(comma) if tokens[n].head == i and tokens[n].dep in _CUT_OFF]
    verb = next((n for n in range(end + 1, len(tokens)) if _is_finite(tokens[n])), None)
    finite = any(_is_finite(tokens[n]) for n in range(comma))
    if verb is None or finite or not cut or any(t.text == "," for t in tokens[end + 1 : verb]):
        return
    for n in cut:
        tokens[n] = replace(tokens[n], head=verb)
    for n, token in enumerate(tokens):
        if n > end and n != verb and token.head == i and token.dep != "punct":
            tokens[n] = replace(token, head=verb)
    if tokens[i].head == i or tokens[verb].head == i:
        tokens[verb] = replace(tokens[verb], head=verb, dep="root")
    tokens[i] = replace(tokens[i], head=verb, dep="parataxis")


def _is_finite(token: Token) -> bool:
    return token.pos in {"VERB", "ADJ"} and ("VerbForm=Fin" in token.tag or "Variant=Short" in token.tag)
