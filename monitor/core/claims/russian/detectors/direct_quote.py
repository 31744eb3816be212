"""Words between marks or after a dash, each sentence of them on its own: «…», — сказал X; X сказал: «…»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.quotes import Quotation
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ANSWERS, PERSON_NOUNS, REPORTING, TAKING_SIDES
from monitor.core.claims.russian.detectors.according_to import phrase_speaker
from monitor.core.claims.russian.drafts import is_body, roots_within, speaker_of, usable
from monitor.core.types import ArticleField, ClaimKind, Stance

_MIN_WORDS = 2
# Between the words and the verb that attributes them: "», — ", the author's "он ".
_REACH = 60
_INSIDE = frozenset("([")

#: Sentence, cue and speaker.
Author = tuple[Sentence, int, int]


def detect_direct_quotes(page: Page) -> Iterator[Draft]:
    for field in (ArticleField.TITLE, ArticleField.TEXT):
        last: tuple[Author, int] | None = None
        for quote in page.quotes[field]:
            inside = [
                s for s in page.parsed if s.field is field and s.start < quote.end and quote.start < s.end
            ]
            if not inside:
                continue
            author = _author(page, quote, inside) if _is_speech(page, field, quote) else None
            if author is None and last is not None and _goes_on(page, field, last[1], quote):
                author = last[0]
            if author is None:
                author = _before(page, field, quote)
            if author is None:
                continue
            last = author, quote.end
            yield from _drafts(author, quote, inside)


def _drafts(author: Author, quote: Quotation, inside: list[Sentence]) -> Iterator[Draft]:
    at, cue, speaker = author
    for s in inside:
        start, end = max(s.start, quote.start), min(s.end, quote.end)
        words = s.text[start - s.start : end - s.start]
        trimmed = words.strip(' "“”«»„,—–.') + ("?" if words.rstrip(' "»”').endswith("?") else "")
        trimmed = trimmed if trimmed in words else trimmed.rstrip("?")
        if len(trimmed.split()) < _MIN_WORDS:
            continue
        start += words.index(trimmed)
        end = start + len(trimmed)
        stance = REPORTING.get(at.tokens[cue].lemma, Stance.ASSERT)
        if stance in {Stance.QUESTION, Stance.CONFIRM, Stance.RETRACT}:
            # The words themselves are said: only a question mark makes them a question.
            stance = Stance.ASSERT
        yield Draft(
            sentence=at,
            start=start,
            end=end,
            kind=ClaimKind.DIRECT,
            stance=Stance.QUESTION if trimmed.endswith("?") else stance,
            cue=at.tokens[cue].text,
            speaker=speaker,
            content=s,
            heads=roots_within(s, start, end),
            detector="direct_quote",
        )


def _is_speech(page: Page, field: ArticleField, quote: Quotation) -> bool:
    """Attributed by dash or colon: «Волна» and other names in marks are not."""
    text = page.article.field(field)
    after = text[quote.end : quote.end + 6].lstrip('»”“"!?,.… ')
    before = text[max(0, quote.start - 4) : quote.start].rstrip('«„“" —–')
    if field is ArticleField.TITLE and quote.start <= 1 and after[:1] == ":":
        # «Это ложь»: в порту ответили на обвинения.
        return True
    return after[:1] in {"—", "–", "-"} or before.endswith((":", ".", "\n")) or quote.runs_on


def _author(page: Page, quote: Quotation, inside: list[Sentence]) -> Author | None:
    """The nearest verb outside marks that somebody does: after the words, or before their colon."""
    sentences = list(page.parsed)
    first, last = sentences.index(inside[0]), sentences.index(inside[-1])
    near = list(inside)
    if inside[0].field is ArticleField.TITLE:
        near += [s for s in sentences if s.field is ArticleField.TITLE and s not in near]
    if first > 0 and sentences[first - 1].text.rstrip().endswith(":"):
        near.append(sentences[first - 1])
    if last + 1 < len(sentences) and sentences[last + 1].text[:1] in {"—", "–", "»", "”"}:
        near.append(sentences[last + 1])
    best: tuple[int, Author] | None = None
    for s in near:
        for i, token in enumerate(s.tokens):
            place = s.start + token.start
            side = token.pos == "ADJ" and token.lemma in TAKING_SIDES
            if (token.pos != "VERB" and not side) or page.quoted(s.field, place) is not None:
                continue
            short = grammar.feature(s, i, "Variant") == "Short"
            if grammar.feature(s, i, "VerbForm") in {"Part", "Inf", "Conv"} and not short:
                continue
            before = place < quote.start
            distance = quote.start - place if before else place - quote.end
            reports = token.lemma in REPORTING
            colon = before and ":" in page.article.field(s.field)[place : quote.start]
            if distance > (_REACH * 4 if colon else _REACH) or (before and not reports and not colon):
                continue
            # "Возмущён директор".
            speaker = grammar.child(s, i, "nsubj:pass", "nsubj") if short else speaker_of(page, s, i)
            if speaker is None or (not reports and grammar.preposition(s, speaker)):
                # "На острове спорят" says of nobody that he spoke.
                continue
            # What stands after the words attributes them rather than what stands before.
            rank = distance + (0 if colon or not before else _REACH) - (_REACH if reports else 0)
            if best is None or rank < best[0]:
                best = rank, (s, i, speaker)
    if best is None or best[1][0].tokens[best[1][1]].lemma not in REPORTING:
        best = _by_phrase(page, quote, near) or best
    return best[1] if best else _answer(page, quote, near) or _named_after(quote, near)


def _by_phrase(page: Page, quote: Quotation, near: list[Sentence]) -> tuple[int, Author] | None:
    """ "Он, по её словам, не пил: «Мы бы знали»": hers, too."""
    if not page.article.field(near[0].field)[: quote.start].rstrip(' «"„“').endswith(":"):
        return None
    for s in near:
        for n, token in enumerate(s.tokens):
            who = phrase_speaker(s, n) if s.start + token.start < quote.start else None
            if who is not None:
                return 0, (s, n, who)
    return None


def _named_after(quote: Quotation, near: list[Sentence]) -> Author | None:
    """«Нас не слышат»: жители посёлка о стройке — in a headline whoever stands behind the colon."""
    for s in near if near[0].field is ArticleField.TITLE else ():
        for n, token in enumerate(s.tokens):
            behind = s.start + token.start > quote.end and grammar.feature(s, n, "Case") == "Nom"
            if behind and token.pos in {"NOUN", "PROPN"} and (token.lemma in PERSON_NOUNS or is_body(s, n)):
                return s, n, n
    return None


def _answer(page: Page, quote: Quotation, near: list[Sentence]) -> Author | None:
    """ "Ответ порта был короток: «…»": a noun for what is said, in the clause before the colon."""
    if not page.article.field(near[0].field)[: quote.start].rstrip(' «"„“').endswith(":"):
        return None
    for s in near:
        before = [n for n, token in enumerate(s.tokens) if s.start + token.start < quote.start]
        nouns = (n for n in before if s.tokens[n].lemma in ANSWERS and grammar.feature(s, n, "Case") == "Nom")
        for noun in nouns:
            whose = grammar.owner(s, noun)
            if whose is not None:
                return s, noun, whose
    return None


def _before(page: Page, field: ArticleField, quote: Quotation) -> Author | None:
    """A quotation that is a sentence of its own: whoever spoke in the sentence right before it."""
    text = page.article.field(field)
    lead, rest = text[: quote.start].rstrip(' «"„“'), text[quote.end : quote.end + 4].lstrip('»”“"')
    if not lead.endswith((".", "…", "»", '"')) or "\n" in text[len(lead) : quote.start]:
        return None
    ends = not rest or rest.startswith((".", "!", "?", "\n"))
    if not ends or rest.lstrip(" .!?…")[:1] in {"—", "–", "-", ","}:
        return None
    before = [s for s in page.sentences if s.field is field and s.end <= quote.start]
    s = before[-1] if before else None
    if s is None or not s.tokens or s.end < len(lead):
        return None
    told = (i for i, t in enumerate(s.tokens) if t.lemma in REPORTING and usable(page, s, i))
    spoke = ((s, i, speaker) for i in told if (speaker := speaker_of(page, s, i)) is not None)
    return next(spoke, None)


def _goes_on(page: Page, field: ArticleField, since: int, quote: Quotation) -> bool:
    """Only the author's words stand between: the same person speaks on."""
    text = page.article.field(field)
    between = text[since : quote.start]
    if between.rstrip(' «"„“')[-1:].isalpha() and text[quote.start : quote.start + 1].isupper():
        # "Подрядчик, фирма «Норд Лайн», сорвал сроки": the name of a firm.
        return False
    return (
        len(between) < 160
        # "…, — сказала депутат Ли («Наш дом»)".
        and between.rstrip(' «"„“')[-1:] not in _INSIDE
        and "\n" not in between
        and ("—" in between or "–" in between or not between.strip(' »«"'))
    )
