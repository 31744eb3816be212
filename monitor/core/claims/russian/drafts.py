"""Stretches of Russian text for drafts: what is said, and who the verb says speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import (
    ACCUSING,
    BEGINNING,
    DENYING,
    FOLLOWING,
    IMPERSONAL,
    MOUTHPIECES,
    NOT_SPEAKING,
    PAPERS,
    PASSING_ON,
    PERSON_NOUNS,
    REPORTING,
    SAYING_NOUNS,
    is_org_word,
)

_EDGES = frozenset("\"“”«»„'‘’,;:–—-()…")
_JOINS = frozenset({"что", "будто", "и", "а", "но", "якобы", "однако", "чтобы"})
# What hangs on another clause is no part of it.
_JOINED = frozenset({"conj", "parataxis", "cc", "punct", "advcl", "ccomp", "mark", "discourse"})
_MIN_WORDS = 2
_BESIDE = 5
_WRITTEN = frozenset({"сказать", "указать", "написать", "отметить", "записать"})
SPEECH = REPORTING.keys() | DENYING | ACCUSING


def cleaned(s: Sentence, tokens: Sequence[int]) -> tuple[int, int] | None:
    """Offsets of these tokens without marks and joining words at the edges; None: too little is left."""
    kept = sorted(tokens)
    while kept and (s.tokens[kept[0]].text in _EDGES or _only_joins(s, kept[0])):
        kept.pop(0)
    while kept and (s.tokens[kept[-1]].text in _EDGES | {"."} or s.tokens[kept[-1]].dep == "cc"):
        kept.pop()
    words = [t for t in kept if s.tokens[t].pos != "PUNCT"]
    return s.span(kept) if len(words) >= _MIN_WORDS else None


def _only_joins(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    return (
        token.text.casefold() in _JOINS
        and token.pos in {"SCONJ", "CCONJ", "PART"}
        and token.dep in {"mark", "cc", "advmod", "fixed"}
    )


def added_speech(s: Sentence, head: int) -> frozenset[int]:
    """ ", добавив, что…", ", но добавил, что…": further speech that the parse hangs on the content."""
    return frozenset(
        c
        for c in s.subtree(head)
        if c != head
        and s.tokens[c].lemma in SPEECH
        and s.tokens[c].dep in {"advcl", "parataxis", "conj"}
        and (grammar.child(s, c, "ccomp") is not None or s.tokens[c].dep == "parataxis")
    )


def content_span(s: Sentence, head: int, without: Sequence[int] = ()) -> tuple[int, int] | None:
    """Where the clause under `head` stands, cut clean; None where too little is left."""
    cut = frozenset({*without, *added_speech(s, head)})
    return cleaned(s, [t for t in s.subtree(head, without=cut) if t not in cut])


def roots_within(s: Sentence, start: int, end: int) -> tuple[int, ...]:
    """The tokens inside this stretch of the field that nothing inside it governs."""
    inside = tokens_within(s, start, end)
    known = set(inside)
    return tuple(
        i
        for i in inside
        if (s.tokens[i].head not in known or s.tokens[i].head == i) and s.tokens[i].pos != "PUNCT"
    )


def tokens_within(s: Sentence, start: int, end: int) -> list[int]:
    return [i for i, t in enumerate(s.tokens) if start <= s.start + t.start and s.start + t.end <= end]


def speaker_of(page: Page, s: Sentence, i: int) -> int | None:
    """Who the cue says speaks: its subject, or the body that it is said in ("сообщили в министерстве")."""
    if s.tokens[i].lemma in IMPERSONAL | FOLLOWING:
        return _document(s, i)
    if s.tokens[i].lemma in _WRITTEN and grammar.feature(s, i, "Variant") == "Short":
        # "В решении суда сказано": whose paper it is.
        paper = (c for c in s.children[i] if grammar.preposition(s, c) == "в")
        return next((c for c in paper if s.tokens[c].lemma in MOUTHPIECES), None)
    if s.tokens[i].lemma in PASSING_ON and (cited := _cited(s, i)) is not None:
        return cited
    link = next((c for c in s.children[i] if s.tokens[c].lemma == "ссылка"), None)
    source = grammar.with_preposition(s, link, "на") if link is not None else None
    if source is not None:
        # "Сообщает агентство со ссылкой на порт": the agency only passes it on.
        return source
    found = grammar.subject(s, i)
    if found is not None and s.tokens[found].lemma == "это" and grammar.feature(s, i, "Number") == "Plur":
        # "В порту это опровергают": the parse takes it for who does.
        found = None
    if found is None:
        found = _behind(s, i)
    if found is not None and s.tokens[found].text.isupper() and found == i + 1:
        # "Заявил РИА глава порта": the agency that was told has one form for all cases.
        told = (c for c in s.children[i] if c > found and s.tokens[c].dep == "nsubj")
        found = next(told, found)
    if found is not None and grammar.is_passive(s, i) and not _may_act(s, found):
        # "Отчёт написан другой рукой".
        return None
    if found is not None:
        # "МИД" has one form for all cases: the parse may take it for an object.
        return found if page.quoted(s.field, s.start + s.tokens[found].start) is None else None
    return body_said_in(s, i) if not grammar.is_passive(s, i) else None


def _may_act(s: Sentence, i: int) -> bool:
    inanimate = grammar.feature(s, i, "Animacy") == "Inan"
    return not inanimate or is_body(s, i) or s.tokens[i].lemma in PERSON_NOUNS | MOUTHPIECES


def _document(s: Sentence, i: int) -> int | None:
    """ "Говорится в заявлении порта", "из слов мэра следует": whose it is; "там уточняется"."""
    near = (*range(i + 1, min(len(s.tokens), i + 1 + _BESIDE)), *range(max(0, i - _BESIDE), i))
    if s.tokens[i].lemma in FOLLOWING:
        source = next((n for n in near if grammar.preposition(s, n) == "из"), None)
        if source is None or s.tokens[source].lemma not in MOUTHPIECES | SAYING_NOUNS | PAPERS:
            return None
        return source if s.tokens[source].lemma in MOUTHPIECES | PAPERS else grammar.owner(s, source)
    paper = (n for n in near if n > i and s.tokens[n].lemma in MOUTHPIECES and grammar.preposition(s, n))
    there = (c for c in s.children[i] if s.tokens[c].lemma == "там")
    return next(chain(paper, there), None)


def _cited(s: Sentence, i: int) -> int | None:
    """ "Цитирует она его слова", "приводит слова мэра агентство": whose the words are."""
    thing = grammar.child(s, i, "obj")
    if thing is None or s.tokens[thing].lemma not in SAYING_NOUNS:
        return thing if thing is not None and s.tokens[thing].pos == "PROPN" else None
    return grammar.owner(s, thing)


def _behind(s: Sentence, i: int) -> int | None:
    """ "«Ворота закрыли», — ответил на запрос глава порта": hung on the verb of what is said."""
    above = s.tokens[i].head
    if s.tokens[i].dep != "parataxis" or above > i:
        return None
    for n in range(i + 1, len(s.tokens)):
        if s.tokens[n].pos == "PUNCT":
            return None
        if s.tokens[n].head == above and s.tokens[n].dep == "nsubj":
            return n
    return None


def body_said_in(s: Sentence, i: int) -> int | None:
    """ "Сообщили в министерстве", "в музее удивлены": the body that a plural stands for."""
    if grammar.feature(s, i, "Number") not in {"Plur", ""} and grammar.feature(s, i, "Person") != "3":
        return None
    places = [c for c in s.children[i] if grammar.preposition(s, c) in {"в", "на"}]
    # The parse may hang the body on a verb before: what stands right beside the cue counts too.
    for step in (-1, 1):
        n = i + step
        while 0 <= n < len(s.tokens) and abs(n - i) <= _BESIDE and s.tokens[n].text not in {",", ":", "—"}:
            if grammar.preposition(s, n) == "в" and n not in places:
                places.append(n)
            n += step
    body = next((c for c in places if is_body(s, c) or _may_speak(s, i, c)), None)
    # "Там добавили": the body spoken of before.
    return body if body is not None else next((c for c in s.children[i] if s.tokens[c].lemma == "там"), None)


def _may_speak(s: Sentence, i: int, c: int) -> bool:
    """ "В береговой охране говорят": wherever people speak that is no time, no place and no paper."""
    if s.tokens[i].lemma in ACCUSING:
        # "Его подозревают в подкупе".
        return False
    inside = s.tokens[c].pos == "NOUN" and grammar.preposition(s, c) == "в" and s.tokens[c].head == i
    return inside and grammar.feature(s, c, "Case") == "Loc" and s.tokens[c].lemma not in NOT_SPEAKING


def is_body(s: Sentence, i: int) -> bool:
    """A ministry, a firm: by its word, as an abbreviation, or by its capital."""
    token = s.tokens[i]
    if is_org_word(token.lemma) or (token.text.isupper() and len(token.text) > 1):
        return True
    abbreviated = token.lemma.startswith(("мин", "гос", "рос", "нац")) and len(token.lemma) > 5
    if abbreviated and token.pos in {"NOUN", "PROPN"}:
        return True
    return token.pos in {"PROPN", "X"} and token.text[:1].isupper()


def usable(page: Page, s: Sentence, i: int, *, negated: bool = False) -> bool:
    """Whether a verb really reports: outside marks, no condition, order or plan, and not denied itself;
    where `negated` is asked for, only a denied one.
    """
    token = s.tokens[i]
    if token.pos != "VERB" or page.quoted(s.field, s.start + token.start) is not None:
        return False
    form = grammar.feature(s, i, "VerbForm")
    above = token.head
    begins = form == "Inf" and token.dep == "xcomp" and s.tokens[above].lemma in BEGINNING
    if begins:
        # "Не стал отрицать, что…".
        return (grammar.is_negated(s, above) != grammar.is_negated(s, i)) == negated
    if grammar.is_negated(s, i) != negated or grammar.is_conditional(s, i):
        return False
    if form == "Inf" or grammar.feature(s, i, "Mood") == "Imp":
        return False
    # "Будет настаивать", "мог бы сказать".
    return not any(s.tokens[c].dep == "aux" and s.tokens[c].lemma in {"бы", "быть"} for c in s.children[i])


def author_clause(s: Sentence, cue: int, content: Sequence[int] = ()) -> list[int]:
    """The tokens of the words that attribute: the cue with what hangs on it, without what is said."""
    without = frozenset(content) | frozenset(
        c
        for c in s.children[cue]
        if s.tokens[c].dep in {"ccomp", "parataxis"} and s.tokens[c].lemma not in SPEECH
    )
    tokens = s.subtree(cue, without=without)
    colon = next((n for n in tokens if n > cue and s.tokens[n].text == ":"), len(s.tokens))
    keep = s.stretch([n for n in tokens if n < colon], cue, before=1, after=1)
    while keep[0] != cue and s.tokens[keep[0]].pos == "PUNCT":
        keep.pop(0)
    while keep[-1] != cue and s.tokens[keep[-1]].pos == "PUNCT":
        keep.pop()
    return keep


def opens_speech(s: Sentence, i: int) -> bool:
    """A colon that is not one of a time: "в 7:20"."""
    return s.tokens[i].text == ":" and s.text[s.tokens[i].end : s.tokens[i].end + 1].isspace()


def is_cut(s: Sentence, before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether one clause stands on both sides of an attribution: "Рейс, по его словам, отменён"."""
    left, right = set(before), set(after)
    return any(
        (n in left and s.tokens[n].head in right) or (n in right and s.tokens[n].head in left)
        for n in (*before, *after)
        if s.tokens[n].dep not in _JOINED
    )


def rejoined(s: Sentence, before: Sequence[int], after: Sequence[int]) -> str:
    """Both sides of an attribution that stands in the middle, as one sentence; empty: it does not."""
    if not before or not after:
        return ""
    parts = (cleaned(s, before), cleaned(s, after))
    return " ".join(s.text[a - s.start : b - s.start] for a, b in filter(None, parts))


def clause_of(s: Sentence, i: int) -> tuple[int, int] | None:
    """The whole clause around a cue whose content says nothing alone: "компания отвергла обвинения"."""
    colons = [n for n in range(len(s.tokens)) if opens_speech(s, n)]
    first = max((n for n in colons if n < i), default=-1)
    last = min((n for n in colons if n > i), default=len(s.tokens))
    return cleaned(s, [n for n in s.subtree(i, without=added_speech(s, i)) if first < n < last])


def verbs(page: Page, lemmas: frozenset[str]) -> Iterator[tuple[Sentence, int]]:
    """Every verb of these in the parsed sentences, in order."""
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if token.lemma in lemmas and token.pos == "VERB":
                yield s, i
