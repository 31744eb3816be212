"""A figure that somebody gives without speaking: «штаб насчитал 14 пострадавших», «оценил ущерб в 3 млн»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, given_figure, reported
from monitor.core.claims.page import Page
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import NAMING
from monitor.core.claims.russian.drafts import body_said_in, clause_of, speaker_of, usable, verbs
from monitor.core.wording import word_set

_COUNTING = word_set("насчитать насчитывать зафиксировать зарегистрировать недосчитаться подсчитать")
_VALUING = word_set("оценить оценивать")
# "Исходит из 7 млн", "называет сумму в 15 млн".
_STARTING = word_set("исходить")
# "Приводит цифру 40".
_GIVING = word_set("приводить привести")
# "Датирует письмо мартом".
_DATING = word_set("датировать")
_NAMED = word_set("сумма цифра число стоимость цена количество")


def detect_given_figures(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, _COUNTING | _VALUING | _STARTING | _DATING | _GIVING | NAMING):
        speaker = speaker_of(page, s, i) if usable(page, s, i) else None
        if speaker is not None and s.tokens[i].lemma in _COUNTING and grammar.child(s, speaker, "nummod"):
            # "В приюте насчитали 40 ночевавших": the parse takes them for who counts.
            speaker = body_said_in(s, i)
        if speaker is None:
            continue
        if s.tokens[i].lemma in _DATING and (span := clause_of(s, i)) is not None:
            yield reported(s, span, s.tokens[i].text, speaker, (i,), "figures")
            continue
        if s.tokens[i].lemma in _COUNTING:
            thing = grammar.child(s, i, "obj", "xcomp")
            if thing is None:
                # "Насчитали в зале двенадцать".
                thing = next((n for n in s.subtree(i) if n > i and s.tokens[n].pos == "NUM"), None)
        elif s.tokens[i].lemma in _STARTING:
            thing = grammar.with_preposition(s, i, "из")
        elif s.tokens[i].lemma in NAMING | _GIVING:
            thing = next((c for c in s.children[i] if s.tokens[c].lemma in _NAMED), None)
        else:
            # The parse may hang "в 40 миллионов рублей" on what is valued.
            of = grammar.child(s, i, "obj")
            thing = grammar.with_preposition(s, i, "в")
            thing = grammar.with_preposition(s, of, "в") if thing is None and of is not None else thing
        span = clause_of(s, i)
        if thing is None or span is None or not any(s.tokens[n].pos == "NUM" for n in s.subtree(thing)):
            continue
        yield given_figure(s, i, speaker, thing, span)
