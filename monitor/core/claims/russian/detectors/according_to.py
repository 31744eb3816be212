"""«По словам X», «по данным X», «согласно отчёту X», «со ссылкой на X», «по мнению X»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import MOUTHPIECES, SAYING_NOUNS, is_org_word
from monitor.core.claims.russian.drafts import SPEECH, cleaned, is_cut, opens_speech, rejoined, roots_within
from monitor.core.wording import word_set

_HEDGING = word_set("мнение оценка версия")
_RELYING = word_set("ссылаться сослаться привести приводить предъявить представить показать")
_TELLING = word_set("рапорт протокол справка журнал акт документ")
_NOT_SPEAKERS = word_set("план график закон правило расписание традиция обычай договор статья")


def detect_according_to(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            speaker = phrase_speaker(s, i)
            if speaker is not None:
                yield from _of_phrase(page, s, i, speaker)


def phrase_speaker(s: Sentence, i: int) -> int | None:
    """Whose words it says that something is told by, where this token is the noun of such a phrase."""
    token, before = s.tokens[i], grammar.preposition(s, i)
    if token.lemma in {"верить", "поверить"} and s.tokens[i - 1].lemma == "если":
        # "Если верить порту, …".
        return grammar.child(s, i, "iobj", "obl", "obj")
    if before in {"по", "согласно"} and (source := _relied_on(s, i)) is not None:
        return source
    told = before == "по" and token.lemma in SAYING_NOUNS
    if before == "по" and token.lemma in _TELLING and i == 1 and s.tokens[2].text == ",":
        # "По рапорту, машина стояла".
        return i
    if told or (before in {"с", "со"} and token.lemma == "слово"):
        whose = grammar.owner(s, i)
        # "…, по словам которого…"
        return grammar.antecedent(s, whose) if whose is not None else None
    if before == "согласно" and token.lemma not in _NOT_SPEAKERS:
        mouth = token.lemma in SAYING_NOUNS | MOUTHPIECES
        if not mouth:
            return i if is_org_word(token.lemma) else None
        whose = grammar.owner(s, i)
        named = whose is None and i + 1 < len(s.tokens) and s.tokens[i + 1].text[:1].isupper()
        # "Докладу Human Rights Watch"; a protocol that is nobody's speaks itself.
        return i + 1 if named else i if whose is None and token.lemma in MOUTHPIECES else whose
    if token.lemma == "ссылка" and before in {"с", "со"}:
        return grammar.with_preposition(s, i, "на")
    return None


def _relied_on(s: Sentence, i: int) -> int | None:
    """ "По журналу, на который ссылается капитан Ли, …": whoever relies on it; None: nobody does."""
    clause = grammar.child(s, i, "acl:relcl")
    if clause is None or s.tokens[clause].lemma not in _RELYING:
        return None
    return next((c for c in s.children[clause] if c > clause and s.tokens[c].dep == "nsubj"), None)


def _of_phrase(page: Page, s: Sentence, i: int, speaker: int) -> Iterator[Draft]:
    phrase = _phrase(s, i)
    first, last = phrase[0], phrase[-1]
    left, right = _between_others(s, i)
    before, after = list(range(left, first)), list(range(last + 1, right))
    if s.tokens[i].lemma == "ссылка":
        # "Сообщает агентство со ссылкой на министерство": the agency only passes it on.
        return
    quoted = next((n for n in after if opens_speech(s, n) and _is_quoted(page, s, n + 1)), None)
    if quoted is not None:
        # "Он, по её словам, не пил: «Мы бы знали»": two claims.
        after = [n for n in after if n < quoted]
    told = next(
        (n for n in before if s.tokens[n].text == ":" and s.text[s.tokens[n].end :][:1].isspace()), -1
    )
    if told >= 0 and page.quoted(s.field, s.start + s.tokens[told].start) is None:
        # "Портовики спорят: кран, по словам Ли, цел": of the last clause only.
        before = [n for n in before if n > told]
    clauses = [part for part in (before, after) if any(_is_main(s, n) for n in part)]
    side = clauses[0] if len(clauses) == 1 else before if len(before) > len(after) else after
    if any(s.tokens[c].lemma == "который" for c in s.children[i]):
        # "Врач, по словам которого пациент жив".
        side = after
    if (left, right) != (0, len(s.tokens)):
        # Of several each begins its part ("а по словам мэра, …"), or ends it.
        side = after if all(s.tokens[n].pos == "CCONJ" for n in before) else before
    speech = any(s.tokens[n].lemma in SPEECH and s.tokens[n].pos == "VERB" for n in (*before, *after))
    whole = (left, right) == (0, len(s.tokens)) and told < 0 and not speech and is_cut(s, before, after)
    span = cleaned(s, [*before, *after] if whole else side) if side else None
    if span is None:
        return
    heads = roots_within(s, *span)
    if side is before and before and after:
        heads = roots_within(s, s.start, s.end)
    cue = s.words([n for n in phrase if n <= i])
    heads = tuple(h for h in heads if h not in phrase) or heads
    draft = reported(s, span, cue, speaker, heads, "according_to")
    yield replace(draft, proposition=rejoined(s, before, after))


def _is_quoted(page: Page, s: Sentence, n: int) -> bool:
    return n < len(s.tokens) and page.quoted(s.field, s.start + s.tokens[n].end) is not None


def _is_main(s: Sentence, n: int) -> bool:
    """A verb of the sentence itself, or of a clause of its own."""
    token = s.tokens[n]
    finite = token.pos == "VERB" and grammar.feature(s, n, "VerbForm") == "Fin"
    predicate = (
        finite or grammar.child(s, n, "cop") is not None or grammar.feature(s, n, "Variant") == "Short"
    )
    return predicate and (token.dep in {"root", "parataxis", "conj", "acl:relcl"} or token.head == n)


def _between_others(s: Sentence, i: int) -> tuple[int, int]:
    """«По данным полиции, три тысячи, по данным штаба — двадцать»: the part of a sentence with several
    attributions that this one is for, as its first token and the one behind its last.
    """
    others = [n for n in range(len(s.tokens)) if n != i and phrase_speaker(s, n) is not None]
    commas = [n for n, token in enumerate(s.tokens) if token.text in {",", ";"}]
    before, after = (
        max((n for n in others if n < i), default=-1),
        min((n for n in others if n > i), default=-1),
    )
    begins = any(s.tokens[n].text in {",", "—"} for n in range(i + 1, min(i + 6, len(s.tokens) - 1)))
    # "…, и двадцать тысяч, по данным штаба": the comma right before it closes nothing.
    ends = i if begins else i - 2
    left = max((n + 1 for n in commas if before < n < ends), default=0) if before >= 0 else 0
    right = max((n for n in commas if i < n < after), default=len(s.tokens)) if after >= 0 else len(s.tokens)
    return left, right


def _phrase(s: Sentence, i: int) -> list[int]:
    """The preposition, its noun and whose it is, up to the comma that closes it."""
    case = grammar.child(s, i, "case", "mark")
    first = case if case is not None else i
    relied_on = _relied_on(s, i)
    if relied_on is not None:
        return list(range(first, s.subtree(i)[-1] + 1))
    last = i
    for n in s.subtree(i):
        if n > last and (s.tokens[n].text not in {",", ":", "—"}) and s.tokens[n].pos not in {"VERB"}:
            if n - last > 2:
                break
            last = n
        elif n > last and s.tokens[n].text in {",", ":", "—"}:
            break
    return list(range(first, last + 1))
