"""What somebody calls something, between marks: «назвал снимок „музейным экспонатом“»."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import NAMING
from monitor.core.claims.russian.drafts import speaker_of, usable, verbs
from monitor.core.types import ClaimKind, Stance


def detect_naming(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, NAMING):
        speaker = speaker_of(page, s, i) if usable(page, s, i) else None
        called = next((c for c in s.children[i] if c > i and grammar.feature(s, c, "Case") == "Ins"), None)
        thing = grammar.child(s, i, "obj")
        if speaker is None or called is None or thing is None or s.tokens[called].pos not in {"NOUN", "ADJ"}:
            continue
        quote = page.quoted(s.field, s.start + s.tokens[called].start)
        if quote is None or quote.end > s.end:
            continue
        first = s.span(grammar.noun_phrase(s, thing))[0]
        words = s.text[quote.start - s.start : quote.end - s.start]
        yield Draft(
            sentence=s,
            start=min(first, quote.start),
            end=quote.end,
            kind=ClaimKind.DIRECT,
            stance=Stance.ASSERT,
            cue=s.tokens[i].text,
            speaker=speaker,
            content=s,
            heads=(called,),
            cue_token=i,
            proposition=f"{s.words(grammar.noun_phrase(s, thing))} — {words}",
            detector="naming",
        )
