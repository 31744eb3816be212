"""Accusations: «обвинил X в Y», «возложил вину на X», «X обвиняют в Y»; passives too."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft, reported
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ACCUSING, BLAME, POINTS_AT, PUTS_BLAME
from monitor.core.claims.russian.drafts import clause_of, speaker_of, usable, verbs
from monitor.core.types import ClaimKind, Stance

# "Справка, на которую он ссылается", "ссылаясь на справку".
_ASIDE = frozenset({"acl", "acl:relcl", "advcl", "amod"})


def detect_accusations(page: Page) -> Iterator[Draft]:
    yield from _pointing(page)
    for s, i in verbs(page, ACCUSING | PUTS_BLAME):
        if not usable(page, s, i) or _is_ones_own(s, i):
            continue
        speaker, accused = speaker_of(page, s, i), _accused(s, i)
        span = clause_of(s, i)
        if speaker is None or accused is None or span is None:
            continue
        deed = grammar.with_preposition(s, i, "в", "за", "во")
        # The parse may hang it on the accused.
        told = deed or grammar.with_preposition(s, accused, "в", "за", "во")
        if told is None and grammar.feature(s, i, "VerbForm") == "Inf":
            # «Поспешил обвинить Киев»: the outlet says what somebody is about, and not of what.
            continue
        yield Draft(
            sentence=s,
            start=span[0],
            end=_before_quotation(page, s, span),
            kind=ClaimKind.INDIRECT,
            stance=Stance.ACCUSE,
            cue=s.tokens[i].text,
            speaker=speaker,
            content=s,
            heads=(i,) if deed is None else (i, deed),
            implied=accused,
            hedged=s.tokens[i].lemma in {"подозревать", "заподозрить", "подозреваться"},
            detector="accusation",
        )


def _pointing(page: Page) -> Iterator[Draft]:
    """ "Грешит на насос", "указал на трещину в ковше"."""
    for s, i in verbs(page, POINTS_AT):
        thing = grammar.with_preposition(s, i, "на")
        told = thing is not None and s.tokens[thing].pos in {"NOUN", "PROPN"}
        if not told or not usable(page, s, i) or s.tokens[i].dep in _ASIDE:
            continue
        speaker, span = speaker_of(page, s, i), clause_of(s, i)
        if speaker is not None and span is not None:
            # A cause is named, and nobody is charged.
            yield reported(s, span, s.tokens[i].text, speaker, (i,), "accusation")


def _accused(s: Sentence, i: int) -> int | None:
    if s.tokens[i].lemma not in PUTS_BLAME:
        return grammar.undergoer(s, i)
    thing = grammar.undergoer(s, i)
    if thing is None or s.tokens[thing].lemma not in BLAME:
        return None
    # "Вину за взрыв на завод": the parse may hang it on what the blame is for.
    return next((on for at in (i, *s.subtree(thing)) if (on := grammar.with_preposition(s, at, "на"))), None)


def _is_ones_own(s: Sentence, i: int) -> bool:
    """An infinitive or a participle: blaming that is only spoken of."""
    return grammar.feature(s, i, "VerbForm") == "Part" and s.tokens[i].dep in {"acl", "amod"}


def _before_quotation(page: Page, s: Sentence, span: tuple[int, int]) -> int:
    """The end of the stretch, or where words in quotation marks follow its colon."""
    for quote in page.quotes[s.field]:
        before = page.article.field(s.field)[span[0] : quote.start]
        if span[0] < quote.start < span[1] and before.rstrip(' «"„“').endswith(":"):
            return span[0] + len(before.rstrip(' «"„“:'))
    return span[1]
