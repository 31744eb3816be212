"""What a Russian content says of things, as facts and the keys by which they are met (claims/facts.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.core.claims.draft import Draft
from monitor.core.claims.meeting import keys_of, left_out
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.places import Starts
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import DENYING, REPORTING
from monitor.core.facts import NOTHING, OPTIONAL, Fact, kind
from monitor.core.opposites import Side, has_this_sense, openings, sides
from monitor.core.types import Stance
from monitor.core.wording import word_set

_LIGHT = word_set(
    """
    быть иметь стать являться взять брать найти обнаружить выявить зафиксировать получить увидеть
    существовать случиться произойти остаться оставаться нет провести состояться дать
    """
)
_INNER = word_set(
    "знать хотеть верить думать считать ожидать понимать сомневаться помнить чувствовать надеяться"
)
# Speech that is a deed: it reached somebody or not.
_TELLING = word_set("предупредить предупреждать уведомить извещать жаловаться пожаловаться")
_NO_THING = word_set(
    "сомнение вопрос причина смысл план время выбор возможность проблема повод шанс право дело"
)
_ALL = word_set("весь каждый любой оба")
_SOME = word_set("несколько некоторый один часть многие ряд половина десяток сотня")
_NONE = word_set("никакой ни")
_NOBODY = word_set("никто ничто ничего")
_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV"})
_CLAUSES = frozenset({"ccomp", "advcl", "acl:relcl", "acl", "conj", "parataxis", "csubj"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_SAID_CHARS = 40


def fact_keys(draft: Draft, starts: Starts, about: Sequence[str]) -> tuple[str, ...]:
    """The facts of a draft's content as keys, and the keys by which they are met; empty: it tells none."""
    denied = draft.stance is Stance.DENY
    facts: dict[Fact, None] = {}
    met: dict[str, None] = {}
    s, out = draft.content, left_out(draft)
    for head in draft.heads:
        for start in starts[head]:
            if start.hedged or start.token in out or _is_unrealised(s, start.token):
                continue
            turned = start.flipped != denied
            facts |= dict.fromkeys(_facts_at(s, start.token, turned, out))
            if not turned:
                met |= dict.fromkeys(_said_to_be(s, start.token, start.token == head))
    return keys_of(draft, list(facts), list(met), about)


def _facts_at(s: Sentence, i: int, turned: bool, out: frozenset[int]) -> Iterator[Fact]:
    if s.tokens[i].pos not in {"VERB", "ADJ", "AUX"}:
        return
    thing = _said_of(s, i)
    yield from _nothing(s, i, turned, out)
    for n in (i, *(c for c in s.children[i] if s.tokens[c].dep in {"obl", "advmod", "case"})):
        side = _side(s, n)
        if side is not None and thing is not None and s.tokens[thing].pos in {"NOUN", "PROPN"}:
            subject = kind(s.tokens[thing].lemma)
            if has_this_sense(side, subject):
                yield _state(s, i, thing, side.row.id, side.holds, turned, out)
                return
    if (
        thing is not None
        and s.tokens[thing].pos == "NOUN"
        and grammar.is_passive(s, i)
        and not _is_none(s, thing)
    ):
        yield _state(s, i, thing, kind(s.tokens[i].lemma), True, turned, out)


def _state(
    s: Sentence, i: int, thing: int, aspect: str, holds: bool, turned: bool, out: frozenset[int]
) -> Fact:
    none = _is_none(s, thing)
    kinds, whose = _described(s, thing)
    return Fact(
        aspect=aspect,
        subject=kind(s.tokens[thing].lemma),
        holds=holds != (grammar.is_negated(s, i) != turned),
        share="all" if none else _share(s, thing),
        tense=_tense(s, i),
        kinds=kinds,
        whose=whose,
        around=_around(s, i, out | {thing}),
        said=_said(s, i, thing),
    )


def _nothing(s: Sentence, i: int, turned: bool, out: frozenset[int]) -> Iterator[Fact]:
    """«Ни один рабочий не пострадал», «нарушений не было», «никто не предупреждал руководство»."""
    lemma = s.tokens[i].lemma
    told = lemma in REPORTING and lemma not in _TELLING
    if turned or lemma in _INNER or told or lemma in DENYING:
        return
    for c in s.children[i]:
        if s.tokens[c].dep not in _SUBJECTS | {"obj"}:
            continue
        absent = (lemma == "нет" or _is_not(s, i, c)) and grammar.feature(s, c, "Case") == "Gen"
        if s.tokens[c].lemma in _NOBODY and lemma not in _LIGHT:
            yield _none_of(s, i, i, out | {c})
            return
        if s.tokens[c].pos == "NOUN" and s.tokens[c].lemma not in _NO_THING and (absent or _is_none(s, c)):
            yield _none_of(s, i, c, out | {c})
            return
    # «Ни разу не отключали свет».
    never = (
        any(s.tokens[c].lemma in {"никогда", "раз"} for c in s.children[i])
        and " ни разу " in f" {s.text.casefold()} "
    )
    if never and grammar.is_negated(s, i) and lemma not in _LIGHT:
        yield _none_of(s, i, i, out)


def _none_of(s: Sentence, i: int, thing: int, without: frozenset[int]) -> Fact:
    kinds, whose = _described(s, thing) if thing != i else (frozenset(), frozenset())
    around = _around(s, i, without | {thing})
    if thing != i and s.tokens[i].lemma not in _LIGHT:
        around |= {OPTIONAL + kind(s.tokens[i].lemma)}
    return Fact(
        aspect=NOTHING,
        subject=kind(s.tokens[thing].lemma),
        holds=False,
        share="all" if thing != i else "doing",
        tense=_tense(s, i),
        kinds=kinds,
        whose=whose,
        around=around,
        said=_said(s, i, thing),
    )


def _said_to_be(s: Sentence, i: int, on_top: bool) -> Iterator[str]:
    token = s.tokens[i]
    if token.pos == "NOUN" and on_top and any(s.tokens[c].pos == "NUM" for c in s.children[i]):
        # «О двадцати нарушениях».
        yield kind(token.lemma)
    if token.pos not in {"VERB", "AUX"} or grammar.is_negated(s, i) or token.lemma == "нет":
        return
    if token.lemma not in _LIGHT | _INNER:
        yield kind(token.lemma)
    for c in s.children[i]:
        if s.tokens[c].dep in _SUBJECTS | {"obj"} and s.tokens[c].pos == "NOUN" and not _is_none(s, c):
            yield kind(s.tokens[c].lemma)


# ---------------------------------------------------------------- small questions


def _said_of(s: Sentence, i: int) -> int | None:
    if s.tokens[i].pos == "VERB" and not grammar.is_passive(s, i):
        done_to = grammar.undergoer(s, i)
        if done_to is not None:
            return done_to
    return next((c for c in s.children[i] if s.tokens[c].dep in _SUBJECTS), None)


def _side(s: Sentence, i: int) -> Side | None:
    token, known = s.tokens[i], sides()
    start = next((c for c in s.children[i] if s.tokens[c].dep == "case"), i)
    for phrase in openings().get(s.tokens[start].text.casefold(), ()):
        words = phrase.split("_")
        if [t.text.casefold().replace("ё", "е") for t in s.tokens[start : start + len(words)]] == words:
            return known[phrase]
    return known.get(token.lemma) if token.pos in {"VERB", "ADJ", "ADV"} else None


def _is_none(s: Sentence, i: int) -> bool:
    return any(s.tokens[n].lemma in _NONE for n in s.subtree(i) if n < i)


def _is_not(s: Sentence, i: int, c: int) -> bool:
    """«Не» before the verb, wherever the parser hangs it."""
    return grammar.is_negated(s, i) or any(s.tokens[n].lemma == "не" for n in s.children[c])


def _share(s: Sentence, i: int) -> str:
    token = s.tokens[i]
    if token.pos == "PROPN":
        return "the"
    below = {s.tokens[c].lemma for c in s.children[i]}
    if below & _ALL:
        return "all"
    if token.lemma in _SOME or below & _SOME or any(s.tokens[c].pos == "NUM" for c in s.children[i]):
        return "some"
    return "these" if grammar.feature(s, i, "Number") == "Plur" else "the"


def _described(s: Sentence, i: int) -> tuple[frozenset[str], frozenset[str]]:
    kinds, whose = set[str](), set[str]()
    for c in s.children[i]:
        if s.tokens[c].dep == "amod":
            kinds.add(kind(s.tokens[c].lemma))
        elif s.tokens[c].dep == "nmod":
            whose.update(kind(s.tokens[n].lemma) for n in s.subtree(c) if s.tokens[n].pos in _CONTENT)
    return frozenset(kinds), frozenset(whose)


def _around(s: Sentence, i: int, without: frozenset[int]) -> frozenset[str]:
    skip = frozenset(n for n in s.subtree(i) for n in s.children[n] if s.tokens[n].dep in _CLAUSES)
    return frozenset(
        kind(s.tokens[n].lemma)
        for n in s.subtree(i, without=skip)
        if n != i
        and n not in without
        and s.tokens[n].pos in _CONTENT
        and s.tokens[n].lemma not in _LIGHT | _NOBODY | _ALL | {"раз", "трижды", "дважды", "один"}
    )


def _is_unrealised(s: Sentence, i: int) -> bool:
    """«Будет открыт», «закрыть»."""
    if s.tokens[i].pos != "VERB":
        return any(grammar.feature(s, c, "Tense") == "Fut" for c in s.children[i])
    if grammar.feature(s, i, "Tense") == "Fut" or grammar.feature(s, i, "VerbForm") == "Inf":
        return True
    return any(
        s.tokens[c].dep in {"aux", "aux:pass", "cop"} and grammar.feature(s, c, "Tense") == "Fut"
        for c in s.children[i]
    )


def _tense(s: Sentence, i: int) -> str:
    told = {grammar.feature(s, n, "Tense") for n in (i, *s.children[i]) if s.tokens[n].pos in {"VERB", "AUX"}}
    return "past" if "Past" in told else "present"


def _said(s: Sentence, i: int, thing: int) -> str:
    words = s.words([i, *(c for c in s.children[i] if s.tokens[c].lemma in {"не", "быть"}), thing]).replace(
        "|", " "
    )
    return words if len(words) <= _SAID_CHARS else s.tokens[i].text
