"""«По словам X», «по данным X», «согласно отчёту X», «со ссылкой на X», «по мнению X»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import MOUTHPIECES, ORG_WORDS, SAYING_NOUNS
from monitor.core.claims.russian.drafts import cleaned, roots_within
from monitor.core.types import ClaimKind, Stance
from monitor.core.wording import word_set

_HEDGING = word_set("мнение оценка версия")
_NOT_SPEAKERS = word_set("план график закон правило расписание традиция обычай договор статья")


def detect_according_to(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            speaker = _speaker(s, i)
            if speaker is not None:
                yield from _of_phrase(s, i, speaker)


def _speaker(s: Sentence, i: int) -> int | None:
    token, before = s.tokens[i], grammar.preposition(s, i)
    if before == "по" and token.lemma in SAYING_NOUNS:
        return grammar.owner(s, i)
    if before == "согласно" and token.lemma not in _NOT_SPEAKERS:
        mouth = token.lemma in SAYING_NOUNS | MOUTHPIECES
        return grammar.owner(s, i) if mouth else i if token.lemma in ORG_WORDS else None
    if token.lemma == "ссылка" and before in {"с", "со"}:
        return grammar.with_preposition(s, i, "на")
    return None


def _of_phrase(s: Sentence, i: int, speaker: int) -> Iterator[Draft]:
    phrase = _phrase(s, i)
    first, last = phrase[0], phrase[-1]
    before, after = list(range(first)), list(range(last + 1, len(s.tokens)))
    if s.tokens[i].lemma == "ссылка":
        # "Сообщает агентство со ссылкой на министерство": the agency only passes it on.
        return
    side = before if len(before) > len(after) else after
    span = cleaned(s, _to_aside(s, side)) if side else None
    if span is None:
        return
    heads = roots_within(s, *span)
    if side is before and before and after:
        heads = roots_within(s, s.start, s.end)
    yield Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        kind=ClaimKind.INDIRECT,
        stance=Stance.ASSERT,
        cue=s.words([n for n in phrase if n <= i]),
        speaker=speaker,
        content=s,
        heads=tuple(h for h in heads if h not in phrase) or heads,
        hedged=False,
        proposition=_proposition(s, before, after),
        detector="according_to",
    )


def _phrase(s: Sentence, i: int) -> list[int]:
    """The preposition, its noun and whose it is, up to the comma that closes it."""
    case = grammar.child(s, i, "case")
    first = case if case is not None else i
    last = i
    for n in s.subtree(i):
        if n > last and (s.tokens[n].text not in {",", ":", "—"}) and s.tokens[n].pos not in {"VERB"}:
            if n - last > 2:
                break
            last = n
        elif n > last and s.tokens[n].text in {",", ":", "—"}:
            break
    return list(range(first, last + 1))


def _to_aside(s: Sentence, tokens: list[int]) -> list[int]:
    """Without a further attribution at the end of it."""
    return tokens


def _proposition(s: Sentence, before: list[int], after: list[int]) -> str:
    """Both sides of a phrase that stands in the middle, as one sentence."""
    if not before or not after:
        return ""
    left, right = cleaned(s, before), cleaned(s, after)
    parts = [s.text[a - s.start : b - s.start] for a, b in filter(None, (left, right))]
    return " ".join(parts)
