"""Denials: «отрицает, что…», «опроверг обвинения», «назвал эти слова клеветой», «исключил теракт»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import (
    ANAPHORIC_NOUNS,
    BELIEVING,
    DENYING,
    DENYING_FROM,
    FALSE_WORDS,
    NAMING,
    PERSON_NOUNS,
    RULES_OUT,
)
from monitor.core.claims.russian.drafts import clause_of, content_span, speaker_of, usable, verbs
from monitor.core.types import ClaimKind, Stance

_POINTERS = frozenset({"это", "он", "она", "они", "все", "тот"})
_ABOUT = frozenset({"повод", "насчет", "относительно", "касательно"})
_ADMITTING = frozenset({"признать", "признавать"})
# "Отнёс слухи к домыслам".
_COUNTING_AS = frozenset({"отнести", "относить", "причислить"})
_SAYING_THE_REVERSE = frozenset({"утверждать", "уверять", "говорить", "сказать", "заявить", "заявлять"})
_EARLIER = frozenset({"раньше", "ранее", "прежде", "сначала", "накануне", "вчера"})
_REVERSE = frozenset({"обратный", "обратное", "противоположный", "противоположное"})
# "Исключили из списка": no denial.
_FROM = ("из", "от")


def detect_denials(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, _SAYING_THE_REVERSE):
        if (draft := _the_reverse(page, s, i)) is not None:
            yield draft
    for s, i in verbs(page, DENYING | NAMING | _ADMITTING | _COUNTING_AS | BELIEVING.keys()):
        if not usable(page, s, i):
            draft = _not_admitted(page, s, i) or _not_believed(page, s, i)
            if draft is not None:
                yield draft
            continue
        if s.tokens[i].lemma in BELIEVING:
            continue
        calls = s.tokens[i].lemma in NAMING | _ADMITTING | _COUNTING_AS
        draft = _called_untrue(page, s, i) if calls else _denied(page, s, i)
        if draft is not None:
            yield draft


def _the_reverse(page: Page, s: Sentence, i: int) -> Draft | None:
    """ "Компания утверждает обратное"."""
    thing = grammar.child(s, i, "obj")
    # "Раньше он говорил обратное": not of what was just said.
    before = any(s.tokens[c].lemma in _EARLIER for c in s.children[i]) or (
        grammar.feature(s, i, "Aspect") == "Imp" and grammar.feature(s, i, "Tense") == "Past"
    )
    if thing is None or s.tokens[thing].lemma not in _REVERSE or before or not usable(page, s, i):
        return None
    speaker = speaker_of(page, s, i)
    return _draft(s, i, speaker, clause_of(s, i), (), points_back=True) if speaker is not None else None


def _denied(page: Page, s: Sentence, i: int) -> Draft | None:
    speaker = speaker_of(page, s, i)
    if speaker is None or (s.tokens[i].lemma in RULES_OUT and grammar.with_preposition(s, i, *_FROM)):
        return None
    clause = grammar.child(s, i, "ccomp")
    if clause is not None and clause > i:
        return _draft(s, i, speaker, content_span(s, clause), (clause,), points_back=False)
    away = DENYING_FROM.get(s.tokens[i].lemma)
    thing = grammar.with_preposition(s, i, away) if away else grammar.undergoer(s, i)
    if thing is None:
        return _draft(s, i, speaker, clause_of(s, i), (), points_back=True)
    told = _told(s, thing)
    if told is not None:
        return _draft(s, i, speaker, content_span(s, told), (told,), points_back=False)
    if s.tokens[thing].lemma in PERSON_NOUNS and s.tokens[i].lemma in RULES_OUT:
        return None
    return _draft(s, i, speaker, clause_of(s, i), (thing,), points_back=_only_points(s, thing))


def _not_admitted(page: Page, s: Sentence, i: int) -> Draft | None:
    """ "Вину не признаёт", "не признала поражение"."""
    told = s.tokens[i].lemma in _ADMITTING and grammar.feature(s, i, "VerbForm") == "Fin"
    thing = grammar.child(s, i, "obj") if told and grammar.is_negated(s, i) else None
    speaker = speaker_of(page, s, i) if thing is not None else None
    if thing is None or speaker is None or page.quoted(s.field, s.start + s.tokens[i].start) is not None:
        return None
    return _draft(s, i, speaker, clause_of(s, i), (thing,), points_back=False)


def _not_believed(page: Page, s: Sentence, i: int) -> Draft | None:
    """ "В причастность сына не верит"."""
    into = BELIEVING.get(s.tokens[i].lemma)
    if into is None or not usable(page, s, i, negated=True):
        return None
    thing = grammar.with_preposition(s, i, into, into + "о")
    speaker = speaker_of(page, s, i)
    if thing is None or speaker is None or s.tokens[thing].pos != "NOUN":
        return None
    return _draft(s, i, speaker, clause_of(s, i), (thing,), points_back=_only_points(s, thing))


def _called_untrue(page: Page, s: Sentence, i: int) -> Draft | None:
    """«назвал обвинения ложью»."""
    verdict = next(
        (
            c
            for c in s.children[i]
            if s.tokens[c].lemma in FALSE_WORDS
            and (
                grammar.preposition(s, c) == "к"
                if s.tokens[i].lemma in _COUNTING_AS
                else grammar.feature(s, c, "Case") in {"Ins", "Nom", ""}
            )
            and not grammar.is_negated(s, c)
        ),
        None,
    )
    speaker = speaker_of(page, s, i)
    if verdict is None or speaker is None:
        return None
    thing = grammar.child(s, i, "obj")
    told = _told(s, thing) if thing is not None else None
    if thing is not None and told is None and s.tokens[thing].lemma not in ANAPHORIC_NOUNS | _POINTERS:
        # "Назвал записку подделкой": said of a thing, not of what somebody said.
        draft = _draft(s, i, speaker, clause_of(s, i), (i,), points_back=False)
        return replace(draft, stance=Stance.ASSERT) if draft is not None else None
    heads = (told,) if told is not None else () if thing is None else (thing,)
    points = told is None and (thing is None or _only_points(s, thing))
    return _draft(s, i, speaker, clause_of(s, i), heads, points_back=points)


def _told(s: Sentence, noun: int) -> int | None:
    """What the rumours say: «слухи о том, что…», «информацию, что…»."""
    for c in s.children[noun]:
        if s.tokens[c].dep in {"acl", "ccomp"} and grammar.child(s, c, "mark") is not None:
            return c
        if s.tokens[c].lemma in {"то", "тот", "это"}:
            return grammar.child(s, c, "acl", "ccomp", "acl:relcl")
    return None


def _only_points(s: Sentence, thing: int) -> bool:
    """«эти обвинения», «информацию»: said before, by somebody else; «обвинения в подкупе» says what."""
    if s.tokens[thing].lemma in _POINTERS or s.tokens[thing].pos == "PRON":
        return True
    if s.tokens[thing].lemma not in ANAPHORIC_NOUNS:
        return False
    return not any(
        (grammar.preposition(s, c) in {"в", "о", "об", "про"} and s.tokens[c].pos == "NOUN")
        # "Упрёки по поводу пошлин".
        or s.tokens[c].lemma in _ABOUT
        for n in (thing, *s.children[thing])
        for c in s.children[n]
    )


def _draft(
    s: Sentence,
    i: int,
    speaker: int,
    span: tuple[int, int] | None,
    heads: tuple[int, ...],
    *,
    points_back: bool,
) -> Draft | None:
    if span is None:
        return None
    return Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=Stance.DENY,
        cue=s.tokens[i].text,
        speaker=speaker,
        content=s,
        heads=heads,
        implied=speaker,
        points_back=points_back,
        detector="denial",
    )
