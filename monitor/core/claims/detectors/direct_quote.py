"""Direct speech: words between marks, each sentence of them, with the speaker that the nearest cue names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, DENYING, MANNER, NAMING, REPORTING, SAID_NOUNS, VOICED
from monitor.core.claims.detectors.according_to import of_words
from monitor.core.claims.draft import Draft, roots_within, speaker_of
from monitor.core.claims.names import names_person
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.quoted_by import can_speak, is_on_topic, named_behind, who_closes, whom_it_tells_of
from monitor.core.claims.quotes import Quotation
from monitor.core.claims.untrue import calls_untrue
from monitor.core.claims.voices import is_document, is_mere_thing
from monitor.core.types import ArticleField, ClaimKind, Stance
from monitor.core.wording import WORD

_MIN_WORDS = 3
# A cue further away than this many characters belongs to something else.
_REACH = 160
# Who was so before a colon answers behind it: "Ruiz, asked about it: “…”".
_ASKED = frozenset({"ask", "question", "press"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "VBN"})
# "And the price?"
_SHORT_QUESTION = 4
_ACTS = _FINITE | {"MD"}
_CUES = frozenset(REPORTING) | NAMING | VOICED
_CUES_OR_DENYING = _CUES | DENYING
_LOUD = MANNER - _CUES_OR_DENYING - ACCUSING
_ANY_CUES = _CUES_OR_DENYING | ACCUSING | MANNER
# Words between marks that are a whole utterance may be fewer: "“Nobody came.”"
_MIN_UTTERED = 2


def detect_direct_quotes(page: Page) -> Iterator[Draft]:
    for field, quotes in page.quotes.items():
        sentences = [s for s in page.sentences if s.field is field]
        last: tuple[Sentence, int, int, int] | None = None
        for quote in quotes:
            inside = [s for s in sentences if s.start < quote.end and quote.start < s.end]
            if not inside:
                continue
            found = _cue(page, sentences, inside, quote) or _before_colon(page, inside, quote)
            if found is None:
                found = who_closes(page, inside, quote) or _sentence_before(page, sentences, inside, quote)
            if found is None and last is not None and is_on_topic(page, inside, quote, last[3]):
                found = (last[0], last[1], last[2])
            if found is None and last is not None and _goes_on(page, inside, quote, last):
                found = (last[0], last[1], last[2])
            if found is None:
                found = whom_it_tells_of(page, inside, quote)
            if found is None:
                # "“…,” he beamed. “…”": whoever that is, nobody before goes on.
                last = None
                continue
            last = (found[0], found[1], found[2], inside[-1].paragraph)
            yield from _drafts(inside, quote, *found)


def _drafts(
    inside: list[Sentence], quote: Quotation, at: Sentence, cue: int, speaker: int
) -> Iterator[Draft]:
    lemma = at.tokens[cue].lemma
    for s in inside:
        start, end = max(s.start, quote.start), min(s.end, quote.end)
        words = s.text[start - s.start : end - s.start]
        trimmed = words.strip(' "“”«»‘,')
        named = _named_thing(at, cue, start) if lemma in NAMING and at is s else None
        # “Nonsense,” says all.
        if len(trimmed.split()) < _least(s, quote, named is not None) and not calls_untrue(trimmed):
            continue
        start += words.index(trimmed)
        end = start + len(trimmed)
        stance = REPORTING.get(lemma, Stance.ASSERT)
        if trimmed.endswith("?"):
            stance = Stance.QUESTION
        elif stance is Stance.DENY or stance is Stance.QUESTION:
            # The words themselves say no: '"We did not," he denied' must not turn round.
            stance = Stance.ASSERT
        yield Draft(
            sentence=at,
            start=start if named is None else named[0],
            end=end,
            cue_token=cue if lemma in NAMING else None,
            proposition="" if named is None else f"{named[1]} is {trimmed}",
            kind=ClaimKind.DIRECT,
            stance=stance,
            cue=at.tokens[cue].text,
            speaker=speaker,
            content=s,
            heads=roots_within(s, start, end),
            detector="direct_quote",
        )


def _least(s: Sentence, quote: Quotation, named: bool) -> int:
    """How many words say something: one where it is what something is called, else two of an utterance."""
    if named:
        return 1
    opens = s.text[: max(0, quote.start - s.start)].strip(" \"“”«»„‘'") in {""} or quote.start < s.start
    before = s.text[: max(0, quote.start - s.start)].rstrip(" \"“«„‘'")
    ends = s.text[max(0, quote.end - s.start) :][:2]
    whole = quote.end > s.end or any(
        mark in ends + s.text[quote.end - s.start - 1 : quote.end - s.start] for mark in ",.!?"
    )
    return _MIN_UTTERED if whole and (opens or before.endswith((":", ".", "?", "!", ","))) else _MIN_WORDS


def _named_thing(s: Sentence, cue: int, before: int) -> tuple[int, str] | None:
    """What 'called the report "a fabrication"' is about."""
    for n in (grammar.undergoer(s, cue), *s.subtree(cue)):
        if (
            n is None
            or n <= cue
            or s.start + s.tokens[n].end > before
            or s.tokens[n].pos not in {"NOUN", "PROPN", "PRON"}
        ):
            continue
        phrase = [t for t in grammar.noun_phrase(s, n) if t > cue and s.start + s.tokens[t].end <= before]
        return (s.span(phrase)[0], s.words(phrase)) if phrase else None
    return None


def _cue(
    page: Page, sentences: list[Sentence], inside: list[Sentence], quote: Quotation
) -> tuple[Sentence, int, int] | None:
    """The nearest attributing verb outside marks that has a subject: in the sentences of the quotation,
    or just
    before it ('The mayor spoke. He said: "…"')."""
    near = list(inside)
    first = sentences.index(inside[0])
    if first > 0 and page.article.field(quote_field(inside)).startswith(":", sentences[first - 1].end - 1):
        near.append(sentences[first - 1])
    last = sentences.index(inside[-1])
    if last + 1 < len(sentences) and sentences[last + 1].paragraph == inside[-1].paragraph:
        following = sentences[last + 1]
        goes_on = following.text[:1] in "\"”»'’" or following.text[:1].islower()
        asked = page.article.field(following.field)[: quote.end].rstrip("’'")[-1:] in {"?", "!"} and not any(
            following.start <= q.start < following.end for q in page.quotes[following.field]
        )
        if goes_on or asked:
            near.append(following)
    best: tuple[int, Sentence, int, int] | None = None
    for s in near:
        for i, token in enumerate(s.tokens):
            if token.lemma not in _ANY_CUES or token.pos not in {"VERB", "AUX"}:
                continue
            if token.lemma == "go" and s.tokens[min(i + 1, len(s.tokens) - 1)].text != "on":
                # "Had gone home", and nothing said.
                continue
            place = s.start + token.start
            # "In a statement posted online": nobody posts it here.
            if page.quoted(s.field, place) is not None or grammar.is_negated(s, i) or _is_participle(s, i):
                continue
            speaker = _speaker(page, s, i)
            distance = quote.start - place if place < quote.start else place - quote.end
            if _governs(s, i, quote) or _leads_up(s, i, quote):
                distance = 0
            if speaker is None or distance > _REACH or (distance > 0 and token.lemma in _LOUD):
                # "“…,” she brayed", and no wind that raged near by.
                continue
            if best is None or distance < best[0]:
                best = (distance, s, i, speaker)
    return best[1:] if best else None


def _leads_up(s: Sentence, i: int, quote: Quotation) -> bool:
    """'When a guard shouted, “…,” she laughed': the verb that stands right before the marks."""
    between = s.text[s.tokens[i].end : max(s.tokens[i].end, quote.start - s.start)]
    return (
        s.tokens[i].lemma not in NAMING
        and s.start + s.tokens[i].end < quote.start
        and not WORD.search(between)
    )


def _is_participle(s: Sentence, i: int) -> bool:
    """'A statement posted online', with nobody named who did; 'would call it a sham': nobody does."""
    token = s.tokens[i]
    if token.lemma in NAMING and any(s.tokens[c].tag == "MD" for c in s.children[i]):
        return True
    # "The so-called tape".
    so = i > 1 and s.tokens[i - 1].text == "-"
    return so or (token.tag == "VBN" and token.dep == "acl" and grammar.child(s, i, "agent") is None)


def _before_colon(page: Page, inside: list[Sentence], quote: Quotation) -> tuple[Sentence, int, int] | None:
    """'His colleague shakes his head: “…”': who does something right before a colon says what follows it."""
    s = inside[0]
    lead = page.article.field(s.field)[s.start : quote.start].rstrip(" \"“«„‘'")
    if not lead.endswith(":") or page.quoted(s.field, s.start) is not None:
        return None
    verbs = [i for i, t in enumerate(s.tokens) if t.pos == "VERB" and t.end <= len(lead)]
    within = [i for i, t in enumerate(s.tokens) if t.pos == "AUX" and t.end <= len(lead)]
    tops = (i for i in within if s.tokens[i].head == i or s.tokens[s.tokens[i].head].start >= len(lead))
    top = next(tops, None)
    if top is not None and grammar.child(s, top, "acomp") is not None:
        # "He was plain about this so-called tape: “…”".
        verbs = [top, *(i for i in verbs if s.tokens[i].dep != "amod")]
    # "He scoffed at reports that the mill was dry: “…”": the main verb before those of other clauses.
    for i in sorted(verbs, key=lambda i: (_is_beside(s, i), -i)):
        speaker = _speaker(page, s, i) if grammar.child(s, i, "nsubj") is not None else None
        if speaker is not None and can_speak(s, speaker):
            return s, i, speaker
    for i, token in enumerate(s.tokens):
        # "No storm was forecast, in his telling: “…”".
        told = of_words(s, i) if token.end <= len(lead) else None
        if told is not None and told.speaker is not None:
            return s, i, told.speaker
    name = _name_alone(page, s, lead, verbs)
    if name is not None:
        # "Councillor Ana Ruiz on local radio: “…”".
        return s, name, name
    paper = None if verbs else _from_paper(s, lead)
    if paper is not None:
        return s, paper, paper
    for i, token in enumerate(s.tokens):
        # "The ministry's answer: “…”"
        whose = grammar.child(s, i, "poss") if token.lemma in SAID_NOUNS and token.end <= len(lead) else None
        if whose is not None and not verbs:
            return s, i, whose
    return None


def _name_alone(page: Page, s: Sentence, lead: str, verbs: list[int]) -> int | None:
    """The person who heads what stands before a colon: 'Councillor Ana Ruiz on local radio', 'The minister',
    'Ruiz, asked about it'.
    """
    within = [i for i, t in enumerate(s.tokens) if t.end <= len(lead) and t.pos != "PUNCT"]
    tops = [i for i in within if s.tokens[i].head not in within or s.tokens[i].head == i]
    if len(tops) != 1 or (verbs and s.tokens[verbs[0]].lemma not in _ASKED):
        return None
    token = s.tokens[tops[0]]
    if token.pos == "PROPN":
        return tops[0]
    # The tagger takes "Ruiz: “…”" for a noun; elsewhere the text has the name behind other words.
    named = token.text[:1].isupper() and re.search(rf"\w,? {re.escape(token.text)}\b", page.article.text)
    return tops[0] if token.pos == "NOUN" and (named or names_person(token.lemma)) else None


def _from_paper(s: Sentence, lead: str) -> int | None:
    """'From the report: “…”'."""
    for i, token in enumerate(s.tokens):
        paper = grammar.child(s, i, "pobj") if token.lemma == "from" and token.end <= len(lead) else None
        if paper is not None and s.tokens[paper].end <= len(lead) and is_document(s, paper):
            return paper
    return None


def _sentence_before(
    page: Page, sentences: list[Sentence], inside: list[Sentence], quote: Quotation
) -> tuple[Sentence, int, int] | None:
    """'It was too early to tell, the mayor said. “Nobody knows.”': whoever spoke in the sentence right before
    goes on between marks, where nothing outside them says otherwise.
    """
    first = sentences.index(inside[0])
    text = page.article.field(quote_field(inside))
    alone = not text[inside[0].start : quote.start].strip(" \"“«„‘'") and not text[
        quote.end : inside[-1].end
    ].strip(" \"”»’'.,!?…")
    if first == 0 or not alone or sentences[first - 1].paragraph != inside[0].paragraph:
        return None
    s = sentences[first - 1]
    if first > 1 and _is_short_question(page, s) and sentences[first - 2].paragraph == s.paragraph:
        # "They sat in the kitchen, she said. Why? “To frighten us.”"
        s = sentences[first - 2]
    # The last to speak in the main clauses; "after the letter had been read to him" comes after all of them.
    for i in sorted(range(len(s.tokens)), key=lambda i: (_is_beside(s, i), -i)):
        if s.tokens[i].lemma not in _CUES_OR_DENYING or s.tokens[i].pos not in {"VERB", "AUX"}:
            continue
        if page.quoted(s.field, s.start + s.tokens[i].start) is not None or s.tokens[i].tag not in _FINITE:
            continue
        speaker = _speaker(page, s, i)
        if speaker is not None and not is_mere_thing(s, speaker):
            return s, i, speaker
    return _gesture(page, s)


def _is_short_question(page: Page, s: Sentence) -> bool:
    words = len(s.text.split())
    return s.text.rstrip().endswith("?") and words <= _SHORT_QUESTION and not page.quotations_in(s)


def _gesture(page: Page, s: Sentence) -> tuple[Sentence, int, int] | None:
    """'The mayor shook her head. “Nobody knows.”', 'The general was plain. “…”': who did so goes on."""
    tops = (i for i, t in enumerate(s.tokens) if t.head == i)
    # "Would have no talk of it."
    top = next((i for i in tops if any(s.tokens[n].tag in _ACTS for n in (i, *_helpers(s, i)))), None)
    who = grammar.child(s, top, "nsubj") if top is not None else None
    if (
        top is None
        or who is None
        or page.quotations_in(s)
        or (s.tokens[top].tag == "VBN" and not [*_helpers(s, top)])
    ):
        return None
    token = s.tokens[who]
    person = token.lemma in {"he", "she"} or (token.pos == "NOUN" and names_person(token.lemma))
    return (s, top, who) if (person and token.tag != "NNS") or token.pos == "PROPN" else None


def _helpers(s: Sentence, i: int) -> Iterator[int]:
    return (c for c in s.children[i] if s.tokens[c].dep == "aux")


def _is_beside(s: Sentence, i: int) -> bool:
    """Whether a verb stands in a clause that only says when, why or of whom."""
    return any(s.tokens[n].dep in {"advcl", "relcl", "acl"} for n in (i, *s.ancestors(i)))


def _governs(s: Sentence, i: int, quote: Quotation) -> bool:
    """'called the report "a fabrication" and left': the verb above the quoted words, not the nearest one."""
    tops = roots_within(s, quote.start, quote.end)
    return any(next(s.ancestors(t), None) == i for t in tops)


def quote_field(inside: list[Sentence]) -> ArticleField:
    return inside[0].field


def _speaker(page: Page, s: Sentence, i: int) -> int | None:
    """The verb's subject outside marks; where the parse has none, the name that touches the verb."""
    for found in (speaker_of(s, i), grammar.subject(s, i)):
        if found is not None and page.quoted(s.field, s.start + s.tokens[found].start) is None:
            return None if grammar.is_question_word(s, found) else found
    for n in (*_before(s, i), *named_behind(s, i)):
        token = s.tokens[n]
        if page.quoted(s.field, s.start + token.start) is not None or token.tag in {"WP", "WDT"}:
            return None
        return n
    return None


def _before(s: Sentence, i: int) -> Iterator[int]:
    """'the mayor, Ana Ruiz, told reporters': the name or noun right before the verb."""
    n = i - 1
    while n >= 0 and (s.tokens[n].text == "," or s.tokens[n].pos in {"ADV", "AUX"}):
        n -= 1
    if n >= 0 and s.tokens[n].pos in {"PROPN", "PRON", "NOUN"}:
        # "A driver who knew Ana Ruiz laughed."
        yield grammar.told_of_before(s, n)


def _speaks_after(s: Sentence, quote: Quotation) -> bool:
    """'“…,” she sniffed': a pronoun and its verb right behind the marks."""
    behind = [i for i, t in enumerate(s.tokens) if s.start + t.start >= quote.end and t.pos != "PUNCT"][:2]
    if len(behind) < 2 or s.tokens[behind[0]].lemma not in {"he", "she", "they"}:
        return False
    return s.tokens[behind[1]].pos == "VERB" and s.tokens[behind[0]].dep == "nsubj"


def _goes_on(
    page: Page, inside: list[Sentence], quote: Quotation, last: tuple[Sentence, int, int, int]
) -> bool:
    """A paragraph that is all quotation, right after one of the same speaker, goes on; so does the same
    sentence.
    """
    if inside[0].paragraph == last[3] and inside[0].start <= last[0].end and inside[0].end >= last[0].start:
        return True
    gap = inside[0].paragraph - last[3]
    if gap == 0 and _speaks_after(inside[-1], quote):
        # "“We pulled.” The mayor saw it otherwise. “With one hand,” she sniffed": hers.
        return False
    opens = inside[0].text.lstrip()[:1] in "\"“«„‘'"
    closes = inside[-1].text.rstrip()[-1:] in "\"”»’'"
    text = page.article.field(inside[0].field)
    # "Ruiz had two. “A hundred each.”" is hers.
    alone = not text[text.rfind("\n", 0, quote.start) + 1 : quote.start].strip(" \"“«„‘'")
    return opens and (gap == 0 or (0 < gap <= 2 and closes and alone))
