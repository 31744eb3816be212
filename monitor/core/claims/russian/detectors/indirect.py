"""Reported speech: «заявил, что…», «…, сообщили в полиции», «как отметил X, …», «подтвердил гибель…»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import (
    ABOUT,
    ANAPHORIC_NOUNS,
    CLAUSE_ONLY,
    DENYING,
    FOLLOWING,
    HEDGING_CUES,
    MANNER,
    REPORTING,
    SHOWS,
    TAKES_NOUN,
    TAKING_SIDES,
)
from monitor.core.claims.russian.drafts import (
    author_clause,
    clause_of,
    cleaned,
    content_span,
    is_cut,
    opens_speech,
    rejoined,
    roots_within,
    speaker_of,
    usable,
    verbs,
)
from monitor.core.types import ClaimKind, Stance
from monitor.core.wording import word_set

_ASKS = word_set("кто что чей какой где куда откуда когда почему зачем сколько")

#: A stretch of the field, the tokens at its top, and whether it is a thing rather than a clause.
Content = tuple[tuple[int, int], tuple[int, ...], bool]


def detect_indirect_speech(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, frozenset(REPORTING) | FOLLOWING):
        if s.tokens[i].lemma in DENYING or not usable(page, s, i):
            continue
        speaker = speaker_of(page, s, i)
        if speaker is None:
            continue
        for span, heads, is_thing in _contents(page, s, i, speaker):
            stance = REPORTING.get(s.tokens[i].lemma, Stance.ASSERT)
            if any(grammar.is_conditional(s, h) and grammar.child(s, h, "mark") is None for h in heads):
                stance = Stance.QUESTION
            yield Draft(
                sentence=s,
                start=span[0],
                end=span[1],
                kind=ClaimKind.INDIRECT,
                stance=stance,
                cue=s.tokens[i].text,
                speaker=speaker,
                content=s,
                heads=heads,
                implied=speaker,
                cue_token=i if is_thing else None,
                hedged=s.tokens[i].lemma in HEDGING_CUES,
                proposition=_without_cue(s, i, span) if not is_thing else "",
                detector="indirect",
            )


def _without_cue(s: Sentence, i: int, span: tuple[int, int]) -> str:
    """What is said on both sides of an attribution, without it; empty: it stands outside."""
    inside = [n for n in range(len(s.tokens)) if span[0] <= s.start + s.tokens[n].start < span[1]]
    if i not in inside:
        return ""
    author = author_clause(s, i)
    first = author[0] - (s.tokens[author[0] - 1].lemma == "как")
    return rejoined(s, [n for n in inside if n < first], [n for n in inside if n > author[-1]])


def _contents(page: Page, s: Sentence, i: int, speaker: int) -> Iterator[Content]:
    lemma = s.tokens[i].lemma
    clause = _clause(s, i)
    if clause is not None:
        for head, others in _split(s, clause):
            span = content_span(s, head, others)
            # "Сказал, что «устал и хочет домой»": no dash or colon makes it direct.
            opened = grammar.child(s, head, "mark") is not None
            if span is not None and (opened or not _all_quoted(page, s, span)):
                yield span, (head,), False
        return
    aside = list(_around(page, s, i, speaker))
    if aside:
        yield from aside
        return
    thing = _thing(s, i) if lemma not in CLAUSE_ONLY else None
    if thing is not None:
        span = clause_of(s, i)
        if span is not None:
            yield span, (thing,), True


def _clause(s: Sentence, i: int) -> int | None:
    """The clause that the verb takes: with "что", with "о том, что", or after a colon."""
    clauses = [c for c in s.children[i] if s.tokens[c].dep == "ccomp"]
    # "Сторож, который всё отрицал, уверяет, что спал": the one that "что" opens.
    opened = (c for c in clauses if grammar.child(s, c, "mark") is not None)
    own = next(opened, clauses[0] if clauses else None)
    if own is not None and grammar.child(s, own, "mark") is not None:
        mark = s.tokens[grammar.child(s, own, "mark") or own]
        return None if mark.lemma in {"если", "чтобы"} else own
    for c in s.children[i]:
        if s.tokens[c].lemma in {"то", "тот", "это"} and grammar.preposition(s, c) in {"о", "об", "в", "на"}:
            told = grammar.child(s, c, "acl", "ccomp", "acl:relcl")
            if told is not None:
                return told
    if own is not None and own > i:
        return own
    # "Заверила газету, что пропусков не выдавали": the parse joins the clause to the verb.
    joined = (c for c in s.children[i] if c > i and s.tokens[c].dep == "conj" and _opened(s, c))
    return next(joined, None) if own is None else None


def _opened(s: Sentence, clause: int) -> bool:
    mark = grammar.child(s, clause, "mark")
    return mark is not None and s.tokens[mark].lemma == "что"


def _split(s: Sentence, clause: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """ "сообщил, что A и что B" says two things."""
    others = tuple(
        c
        for c in s.children[clause]
        if s.tokens[c].dep == "conj"
        and s.tokens[c].pos in {"VERB", "ADJ"}
        and grammar.child(s, c, "nsubj", "nsubj:pass") is not None
        and c > clause
    )
    yield clause, others
    for other in others:
        yield other, ()


def _around(page: Page, s: Sentence, i: int, speaker: int) -> Iterator[Content]:
    """What stands around an attribution set off by commas: "…, сообщили в полиции, …", or after its colon."""
    if s.tokens[i].dep in {"acl", "acl:relcl", "amod"}:
        # "пленные, о которых говорили пограничники": only told apart from others.
        return
    if any(s.tokens[c].dep == "mark" and s.tokens[c].lemma != "как" for c in s.children[i]):
        # "Он напомнил, что совет обещал выкуп": what "он" did is nothing that the council said.
        return
    if s.tokens[i].lemma in SHOWS and grammar.child(s, i, "obj", "iobj") is not None:
        return
    author = author_clause(s, i)
    first, last = author[0], author[-1]
    if s.tokens[first].lemma == "как":
        first += 1
    as_told = first > 0 and s.tokens[first - 1].lemma == "как"
    noun = _relative(s, first - 1 if as_told else first)
    if noun is not None:
        # "Два счёта, по которым, как говорят пекари, никто не платил".
        span = cleaned(s, range(grammar.noun_phrase(s, noun)[0], len(s.tokens)))
        heads = roots_within(s, s.start + s.tokens[last].end, s.end)
        if span is not None and heads:
            yield span, heads, False
        return
    colon = next((n for n in range(last + 1, min(last + 2, len(s.tokens))) if s.tokens[n].text == ":"), None)
    if colon is not None and not _quoted_after(page, s, colon):
        yield from _stretch(s, list(range(colon + 1, len(s.tokens))))
        return
    before = list(range(first - 1 if as_told else first))
    after = list(range(last + 1, len(s.tokens)))
    while after and s.tokens[after[0]].text in {"»", "”", "“"}:
        after.pop(0)
    set_off = first > 0 and (s.tokens[first - 1].text in {",", "—"} or as_told)
    if not before or (as_told and first == 1):
        if as_told and after and s.tokens[after[0]].text == ",":
            yield from _stretch(s, after)
        return
    if not set_off or speaker in before:
        return
    below = [s.tokens[n] for n in s.children[i]]
    if s.tokens[before[0]].lemma in _ASKS and any(t.dep == "ccomp" or t.lemma in MANNER for t in below):
        # "Чей это сад, соседи говорят по-разному".
        return
    marks = [n for n in before if opens_speech(s, n) and not _quoted_after(page, s, n)]
    told = before[before.index(marks[-1]) + 1 :] if marks else before
    if after and s.tokens[after[0]].text == "," and is_cut(s, told, after):
        # "Поводом, как полагает следствие, стал кредит".
        for span, heads, _ in _stretch(s, [*told, *after]):
            yield span, tuple(h for h in heads if h not in author) or heads, False
        return
    lead = before[: before.index(marks[-1])] if marks else []
    if any(s.tokens[n].lemma in TAKING_SIDES or s.tokens[n].lemma in REPORTING for n in lead):
        # "Портовики спорят: кран цел, сказал мастер": what they do is nothing that he said.
        lead = []
    for side in (lead, told, after if after and s.tokens[after[0]].text in {",", ";"} else []):
        for span, heads, _ in _stretch(s, side):
            if not _all_quoted(page, s, span) and _says_something(s, heads):
                yield span, heads, False


def _relative(s: Sentence, first: int) -> int | None:
    """The noun that a relative clause tells of, where an attribution beginning at `first` cuts the clause
    right behind its "который"; None: it does not.
    """
    which = first - 2
    if which < 2 or s.tokens[first - 1].text != "," or s.tokens[which].lemma != "который":
        return None
    comma = which - 1 if s.tokens[which - 1].text == "," else which - 2
    if s.tokens[comma].text != ",":
        return None
    return next((n for n in range(comma - 1, -1, -1) if s.tokens[n].pos in {"NOUN", "PROPN"}), None)


def _stretch(s: Sentence, tokens: list[int]) -> Iterator[Content]:
    span = cleaned(s, tokens) if tokens else None
    if span is not None:
        yield span, roots_within(s, *span), False


def _says_something(s: Sentence, heads: tuple[int, ...]) -> bool:
    """A clause, not a stray phrase or what only describes the speaker."""
    return any(
        (s.tokens[n].pos == "VERB" or grammar.child(s, n, "nsubj", "nsubj:pass", "csubj", "cop") is not None)
        and s.tokens[n].dep not in {"acl", "acl:relcl", "advcl", "amod"}
        for h in heads
        for n in (h, *s.children[h])
    )


def _quoted_after(page: Page, s: Sentence, i: int) -> bool:
    return i + 1 < len(s.tokens) and page.quoted(s.field, s.start + s.tokens[i + 1].end) is not None


def _all_quoted(page: Page, s: Sentence, span: tuple[int, int]) -> bool:
    """Direct speech, which has its own detector: the whole stretch lies between marks."""
    start, end = page.quoted(s.field, span[0] + 1), page.quoted(s.field, span[1] - 1)
    return start is not None and end is not None


def _thing(s: Sentence, i: int) -> int | None:
    """ "сообщили о гибели", "подтвердил задержание"."""
    lemma = s.tokens[i].lemma
    if lemma in TAKES_NOUN:
        thing = grammar.child(s, i, "obj", "xcomp")
        # "Суд признал его виновным": an act, not words.
        decides = lemma in {"признать", "признавать"} and any(
            grammar.feature(s, c, "Case") == "Ins" and not grammar.preposition(s, c) for c in s.children[i]
        )
        told = thing is not None and (
            s.tokens[thing].pos in {"NOUN", "PROPN"} or s.tokens[thing].lemma == "это"
        )
        if told and not decides:
            return thing
        return None
    if any(s.tokens[c].lemma in MANNER for c in s.children[i]):
        # "О брате она говорит неохотно".
        return None
    about = grammar.with_preposition(s, i, *ABOUT.get(lemma, ("о", "об")))
    told = about is not None and s.tokens[about].pos in {"NOUN", "NUM"}
    return about if told and about is not None and s.tokens[about].lemma not in ANAPHORIC_NOUNS else None
