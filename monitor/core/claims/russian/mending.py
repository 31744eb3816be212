"""Repairs of Russian trees: the parser's common mistakes around names and attributions."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.claims.parsed import Token
from monitor.core.claims.russian.cues import PERSON_NOUNS, REPORTING, is_org_word

_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_OPENING = frozenset({"«", '"', "„", "“"})


def mend(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens, some hung elsewhere."""
    mended = list(tokens)
    for i, token in enumerate(tokens):
        if token.pos == "PROPN":
            _hang_name(mended, i)
            if i == 0:
                _make_subject(mended)
        elif token.pos == "ADJ" and token.dep == "amod":
            _make_noun(mended, i)
        elif token.pos == "NOUN" and token.dep == "obj":
            _hang_owner(mended, i)
        elif token.lemma == "что" and token.dep == "mark":
            _hang_clause(mended, i)
    return tuple(mended)


def _case(token: Token) -> str:
    return next((pair[5:] for pair in token.tag.split("|") if pair.startswith("Case=")), "")


def _hang_name(tokens: list[Token], i: int) -> None:
    token = tokens[i]
    if token.dep == "flat:name":
        before = tokens[i - 1] if i else token
        if token.head < i - 1 and before.pos == "PROPN" and before.dep not in {"flat:name", "nmod"}:
            # "Соперница Орлова Анна Ли": "Ли" goes with the first name right before it.
            tokens[i] = replace(token, head=i - 1)
        return
    role = token.head
    if token.dep not in {"nmod", "appos"} or _case(token) == "Gen" or not 0 <= role < i:
        return
    if tokens[i - 1].text in _OPENING or not any(t.head == i and t.dep == "flat:name" for t in tokens):
        return
    while tokens[role].dep == "nmod" and _case(tokens[role]) == "Gen" and tokens[role].head < role:
        role = tokens[role].head
    if role != token.head and _case(tokens[role]) in {"Nom", _case(token)}:
        # "Врач окружной больницы Анна Ли": of the doctor, not of the hospital.
        tokens[i] = replace(token, head=role, dep="appos")


def _make_subject(tokens: list[Token]) -> None:
    """ "Кигали это отрицает": a name with one form for all cases at the beginning, where nobody else acts."""
    verb = tokens[0].head
    acts = "Number=Sing" in tokens[verb].tag and "VerbForm=Fin" in tokens[verb].tag
    bare = tokens[0].dep in {"iobj", "obj", "obl", "nmod"} and not any(
        t.head == 0 and t.dep == "case" for t in tokens
    )
    if acts and bare and not any(t.head == verb and t.dep in _SUBJECTS for t in tokens):
        tokens[0] = replace(tokens[0], dep="nsubj")


def _make_noun(tokens: list[Token], i: int) -> None:
    """ "Хокимият области сообщил": a body whose word the parser does not know."""
    token, owner = tokens[i], tokens[min(i + 1, len(tokens) - 1)]
    if token.head != i + 1 or not (is_org_word(token.lemma) or token.lemma in PERSON_NOUNS):
        return
    verb = owner.head
    if _case(owner) != "Gen" or tokens[verb].pos != "VERB" or verb == i + 1:
        return
    if not any(t.head == verb and t.dep in _SUBJECTS for t in tokens):
        tokens[i] = replace(token, pos="NOUN", tag="Case=Nom|Number=Sing", dep="nsubj", head=verb)
        tokens[i + 1] = replace(owner, dep="nmod", head=i)


def _hang_owner(tokens: list[Token], i: int) -> None:
    """ "Бывшая смотрительница музея написала": a genitive right behind the subject is no object."""
    token, before = tokens[i], tokens[i - 1] if i else tokens[i]
    subject = before.dep in _SUBJECTS and before.pos == "NOUN" and before.head == token.head
    if not subject or token.head < i or _case(token) != "Gen":
        return
    tokens[i] = replace(token, dep="nmod", head=i - 1)
    for n, other in enumerate(tokens):
        if other.head != i:
            continue
        if other.dep in {"appos", "amod", "acl"} and _case(other) == "Nom":
            tokens[n] = replace(other, head=i - 1)


def _hang_clause(tokens: list[Token], i: int) -> None:
    """ "Сообщил, что дом цел", "сообщил, что дом — руина": the clause hangs on the verb before its comma."""
    top = tokens[i].head
    verb = next((n for n in range(i - 1, -1, -1) if tokens[n].pos == "VERB"), None)
    if verb is None or top <= i or verb == top:
        return
    token = tokens[top]
    if token.head == top and any(t.head == n and t.pos == "VERB" for n, t in enumerate(tokens[:i])):
        # No second root.
        root = next(n for n in range(i - 1, -1, -1) if tokens[n].head == n and tokens[n].pos == "VERB")
        tokens[top] = replace(token, head=root, dep="ccomp")
        return
    near = verb >= i - 6 and tokens[verb].lemma in REPORTING and tokens[i - 1].text == ","
    if near and token.dep == "appos" and token.head > i and tokens[token.head].head == verb:
        # A clause without a verb: its subject hangs on the verb of speaking.
        subject = token.head
        tokens[top] = replace(token, head=verb, dep="ccomp")
        tokens[subject] = replace(tokens[subject], head=top, dep="nsubj")
