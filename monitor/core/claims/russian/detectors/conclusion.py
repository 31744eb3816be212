"""What somebody says without a verb of saying: «пришёл к выводу, что…», «не исключил, что…»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import CONCLUDING, NOT_DENYING
from monitor.core.claims.russian.drafts import clause_of, content_span, speaker_of, usable, verbs
from monitor.core.types import Stance

_CLAUSES = frozenset({"ccomp", "acl", "acl:relcl", "advcl"})
# "Исходит из того, что…".
_INCLINING = frozenset({"склоняться", "исходить", "стоять"})
_VERSIONS = frozenset({"версия", "гипотеза", "предположение"})
_OPENS = frozenset({"что", "будто"})


def detect_conclusions(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, frozenset({"взять", "брать"})):
        yield from _owned_up(page, s, i)
    for s, i in verbs(page, frozenset(CONCLUDING) | NOT_DENYING.keys()):
        lemma = s.tokens[i].lemma
        not_denied = lemma in NOT_DENYING
        if not usable(page, s, i, negated=not_denied):
            continue
        clause = _clause(s, i) if not_denied else _concluded(s, i, CONCLUDING[lemma])
        if clause is None and not not_denied:
            clause = _of_a_version(s, i)
        span = content_span(s, clause) if clause is not None else None
        speaker = speaker_of(page, s, i)
        if clause is None or span is None or speaker is None:
            continue
        draft = reported(s, span, s.tokens[i].text, speaker, (clause,), "conclusion")
        yield replace(
            draft,
            implied=speaker,
            stance=NOT_DENYING.get(lemma, Stance.ASSERT),
            hedged=lemma.startswith("исключ"),
        )


def _owned_up(page: Page, s: Sentence, i: int) -> Iterator[Draft]:
    """ "Взяла на себя ответственность за взрыв"."""
    taken, speaker, span = grammar.child(s, i, "obj"), speaker_of(page, s, i), clause_of(s, i)
    upon = any(s.tokens[c].lemma == "себя" for c in s.children[i])
    if taken is None or speaker is None or span is None or not (upon and usable(page, s, i)):
        return
    for_what = grammar.with_preposition(s, taken, "за")
    for_what = grammar.with_preposition(s, i, "за") if for_what is None else for_what
    if s.tokens[taken].lemma in {"ответственность", "вина"} and for_what is not None:
        yield replace(reported(s, span, s.tokens[i].text, speaker, (i,), "conclusion"), implied=speaker)


def _concluded(s: Sentence, i: int, nouns: frozenset[str]) -> int | None:
    """The clause behind one of the nouns that the verb takes."""
    if s.tokens[i].lemma in _INCLINING:
        nouns |= {"тот"}
    noun = next((c for c in s.children[i] if s.tokens[c].lemma in nouns), None)
    if noun is None:
        return None
    told = _clause(s, noun)
    if told is None:
        pointer = next((c for c in s.children[noun] if s.tokens[c].lemma in {"то", "тот"}), None)
        told = _clause(s, pointer) if pointer is not None else None
    return told if told is not None else _clause(s, i)


def _of_a_version(s: Sentence, i: int) -> int | None:
    """ "Придерживается версии о протечке"."""
    version = next((c for c in s.children[i] if s.tokens[c].lemma in _VERSIONS and c > i), None)
    about = grammar.with_preposition(s, version, "о", "об") if version is not None else None
    return version if about is not None else None


def _clause(s: Sentence, i: int) -> int | None:
    for c in s.children[i]:
        opened = any(s.tokens[g].lemma in _OPENS and s.tokens[g].dep == "mark" for g in s.children[c])
        if c > i and s.tokens[c].dep in _CLAUSES and opened:
            return c
    return None
