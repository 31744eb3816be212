"""What somebody takes back: «забрал назад слова о…», «отказался от показаний»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ANAPHORIC_NOUNS, SAYING_NOUNS
from monitor.core.claims.russian.drafts import clause_of, speaker_of, usable, verbs
from monitor.core.types import Stance
from monitor.core.wording import word_set

_FROM = word_set("отказаться отказываться отречься отступиться")
_BACK = word_set("взять брать забрать")
# "Отказался от мнения" and "от этого" say too little.
_SAID = (SAYING_NOUNS | ANAPHORIC_NOUNS) - word_set(
    "данные данный информация сообщение мнение публикация это вывод"
)


def detect_taking_back(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, _FROM | _BACK):
        thing = _taken_back(s, i) if usable(page, s, i) else None
        speaker = speaker_of(page, s, i) if thing is not None else None
        span = clause_of(s, i)
        if thing is None or speaker is None or span is None:
            continue
        draft = reported(s, span, s.tokens[i].text, speaker, (thing,), "taking_back")
        yield replace(draft, stance=Stance.RETRACT, implied=speaker)


def _taken_back(s: Sentence, i: int) -> int | None:
    if s.tokens[i].lemma in _FROM:
        thing = grammar.with_preposition(s, i, "от")
    else:
        back = any(s.tokens[c].lemma in {"назад", "обратно"} for c in s.children[i])
        thing = grammar.child(s, i, "obj") if back else None
    return thing if thing is not None and s.tokens[thing].lemma in _SAID else None
