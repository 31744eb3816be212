"""Unquoted speech after a colon, where somebody takes a side before it: «Рыбак с ним не согласен: …»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import (
    ACCUSING,
    ANSWERS,
    DENYING,
    FALSE_WORDS,
    MOVED,
    NAMING,
    NOT_DENYING,
    PAPERS,
    PERSON_NOUNS,
    SHOWING,
    TAKING_SIDES,
    UNLIKE,
)
from monitor.core.claims.russian.drafts import (
    SPEECH,
    body_said_in,
    cleaned,
    opens_speech,
    roots_within,
    speaker_of,
    usable,
)
from monitor.core.claims.russian.names import gender_of, gender_of_surname
from monitor.core.claims.russian.phrases import is_body_word
from monitor.core.types import ArticleField
from monitor.core.wording import word_set

_MIN_WORDS = 3
_ASKING = word_set("кто что чей какой где куда откуда когда почему зачем сколько как")
_GESTURES = {
    "разводить": frozenset({"рука"}),
    "развести": frozenset({"рука"}),
    "пожимать": frozenset({"плечо"}),
    "пожать": frozenset({"плечо"}),
    "качать": frozenset({"голова"}),
    "покачать": frozenset({"голова"}),
}


def detect_after_colon(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        colon = next((n for n in range(len(s.tokens)) if opens_speech(s, n)), None)
        if colon is None or s.field is ArticleField.TITLE:
            continue
        if page.quoted(s.field, s.start + s.tokens[colon].start) is not None:
            continue
        found = side_taken(page, s, colon) or _named_before(s, colon)
        rest = range(colon + 1, len(s.tokens))
        if found is None or len(rest) < _MIN_WORDS or s.tokens[colon + 1].text in {"«", '"', "„", "“"}:
            continue
        if any(_attributes(page, s, n) for n in rest):
            # "В думе ответили иначе: бассейны осмотрены, рассказала вице-мэр": whoever says it there.
            continue
        span = cleaned(s, rest)
        if span is not None:
            cue, speaker = found
            yield reported(s, span, s.tokens[cue].text, speaker, roots_within(s, *span), "after_colon")


def _named_before(s: Sentence, colon: int) -> tuple[int, int] | None:
    """ "Музей: холст вернулся в марте", "Ланова: дверь цела": only who speaks stands before."""
    tops = [n for n in range(colon) if not colon > s.tokens[n].head != n]
    if len(tops) != 1 or any(s.tokens[n].pos in {"VERB", "ADP", "NUM", "PUNCT"} for n in range(colon)):
        return None
    top = tops[0]
    who, first = s.tokens[top], s.tokens[colon + 1] if colon + 1 < len(s.tokens) else s.tokens[top]
    surname = who.pos == "PROPN" and bool(gender_of_surname(who.text) or gender_of(s.tokens[0].text))
    speaks = surname or is_body_word(s, top) or who.lemma in PERSON_NOUNS
    tells = any(_is_predicate(s, n) for n in range(colon + 1, len(s.tokens)))
    asks = first.lemma in _ASKING or s.text.rstrip().endswith("?")
    return (top, top) if speaks and tells and first.text[:1].islower() and not asks else None


def _is_predicate(s: Sentence, n: int) -> bool:
    return grammar.feature(s, n, "VerbForm") == "Fin" or grammar.feature(s, n, "Variant") == "Short"


def _attributes(page: Page, s: Sentence, i: int) -> bool:
    """A verb of saying with its speaker behind it."""
    if s.tokens[i].lemma not in SPEECH or not usable(page, s, i):
        return False
    speaker = speaker_of(page, s, i)
    return speaker is not None and speaker > i


def _denies(page: Page, s: Sentence, i: int) -> bool:
    return s.tokens[i].lemma in DENYING and usable(page, s, i)


def _waves_away(s: Sentence, i: int) -> bool:
    """ "Слышать не хочет", "разводят руками"."""
    if s.tokens[i].lemma in {"желать", "хотеть"}:
        heard = grammar.child(s, i, "xcomp", "ccomp")
        return grammar.is_negated(s, i) and heard is not None and s.tokens[heard].lemma == "слышать"
    return s.tokens[i].lemma in _GESTURES and any(
        s.tokens[c].lemma in _GESTURES[s.tokens[i].lemma] for c in s.children[i]
    )


def _who_is_moved(s: Sentence, i: int) -> int | None:
    """ "Вдова возмущена", "в мэрии недоумевают", "капитан в недоумении"."""
    who = grammar.child(s, i, "nsubj", "nsubj:pass")
    if who is not None or s.tokens[i].pos == "NOUN":
        return who
    return body_said_in(s, i)


def _blames_or_waves_off(page: Page, s: Sentence, i: int) -> bool:
    """ "В порту винят погоду", "слухи он назвал выдумкой"."""
    lemma = s.tokens[i].lemma
    untrue = lemma in NAMING and any(s.tokens[c].lemma in FALSE_WORDS for c in s.children[i])
    return (lemma in ACCUSING or untrue) and usable(page, s, i)


def _says_that(page: Page, s: Sentence, i: int, colon: int) -> bool:
    """ "Сторож считает, что ворота были открыты: замок висел на одной петле": what follows is his, too."""
    if s.tokens[i].lemma not in SPEECH or s.tokens[i].dep != "root" or not usable(page, s, i):
        return False
    told = next((c for c in s.children[i] if i < c < colon and s.tokens[c].dep == "ccomp"), None)
    that = told is not None and any(s.tokens[c].text == "что" for c in s.children[told])
    finite = any(grammar.feature(s, n, "VerbForm") == "Fin" for n in range(colon + 1, len(s.tokens)))
    return that and finite


def _shows(s: Sentence, i: int) -> bool:
    """ "Показала чек: …", "в порту готовы показать журнал: …", "рисуют другую картину: …"."""
    verb = i
    if s.tokens[i].lemma in {"готовый", "мочь"}:
        verb = next((c for c in s.children[i] if s.tokens[c].lemma in SHOWING), i)
    thing = grammar.child(s, verb, "obj")
    if thing is None or s.tokens[thing].pos != "NOUN":
        return False
    unlike = any(s.tokens[c].lemma in UNLIKE for c in s.children[thing])
    return unlike or (s.tokens[thing].lemma in PAPERS and s.tokens[verb].lemma in SHOWING)


def _has_no_doubt(page: Page, s: Sentence, i: int) -> bool:
    """ "Не сомневается в причине: …", "не скрывает: …"."""
    return s.tokens[i].lemma in NOT_DENYING and usable(page, s, i, negated=True)


def _calls(page: Page, s: Sentence, i: int, colon: int) -> bool:
    """ "В порту случай называют поломкой: …"."""
    if s.tokens[i].lemma not in NAMING or not usable(page, s, i):
        return False
    return any(
        grammar.feature(s, n, "Case") == "Ins" and s.tokens[n].pos == "NOUN"
        for n in s.subtree(i)
        if n < colon and not grammar.preposition(s, n)
    )


def side_taken(page: Page, s: Sentence, colon: int) -> tuple[int, int] | None:
    """The word before the colon that takes a side, and who does; None: nobody does."""
    for i in range(colon):
        token = s.tokens[i]
        if page.quoted(s.field, s.start + token.start) is not None:
            continue
        if token.lemma in ANSWERS and grammar.feature(s, i, "Case") == "Nom":
            # "У поставщика своя версия: …".
            above = s.tokens[i].head
            # The parse may see two roots: "У поставщика, фирмы «Норд», другое объяснение".
            above = 1 if above == i and grammar.preposition(s, 1) == "у" else above
            has = above if grammar.preposition(s, above) == "у" else grammar.with_preposition(s, i, "у")
            whose = grammar.owner(s, i) if has is None else has
            if whose is not None and s.tokens[i].dep in {*grammar.SUBJECTS, "root"}:
                return i, whose
        if token.lemma in MOVED and (moved := _who_is_moved(s, i)) is not None and moved < colon:
            return i, moved
        sides = token.lemma in TAKING_SIDES and (token.lemma not in SPEECH or _denies(page, s, i))
        sides |= _blames_or_waves_off(page, s, i) or _shows(s, i) or _has_no_doubt(page, s, i)
        sides |= _calls(page, s, i, colon)
        sides |= _says_that(page, s, i, colon)
        if token.lemma in UNLIKE and token.dep == "obj" and token.head < i:
            # "Кассирша помнит обратное: …".
            speaker = speaker_of(page, s, token.head)
            if speaker is not None and speaker < colon:
                return token.head, speaker
        if _waves_away(s, i) or (sides and token.pos in {"VERB", "ADJ", "ADV"}):
            at = i if token.pos != "ADV" else token.head
            speaker = speaker_of(page, s, at)
            if speaker is not None and speaker < colon:
                return at, speaker
    return None
