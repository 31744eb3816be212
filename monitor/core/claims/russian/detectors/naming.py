"""What somebody calls something or puts it down to: «назвал снимок „музейным экспонатом“», «счёл снос
неизбежным», «объяснил взрыв ошибкой», «связал пожар с проводкой».
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import NAMING
from monitor.core.claims.russian.drafts import SPEECH, cleaned, speaker_of, usable, verbs
from monitor.core.types import ClaimKind, Stance

# Verb → its preposition; empty: the instrumental alone.
_LINKING = {
    "связать": "с",
    "связывать": "с",
    "увязать": "с",
    "сравнить": "с",
    "объяснить": "",
    "объяснять": "",
}
# "Суд признал его виновным", "объявил перерыв": acts.
_CALLING = NAMING - {"признать", "объявить"}
_SAYING_WHAT = frozenset({"NOUN", "ADJ", "VERB"})


def detect_naming(page: Page) -> Iterator[Draft]:
    for s, i in verbs(page, _CALLING | _LINKING.keys()):
        speaker = speaker_of(page, s, i) if usable(page, s, i) else None
        thing = grammar.child(s, i, "obj")
        called = _called(s, i, thing) if thing is not None else None
        if speaker is None or called is None or thing is None or not _speaks(s, i, speaker):
            continue
        quote = page.quoted(s.field, s.start + s.tokens[called].start)
        if quote is not None and quote.end <= s.end:
            start, end = min(s.span(grammar.noun_phrase(s, thing))[0], quote.start), quote.end
            words = s.text[quote.start - s.start : quote.end - s.start]
        else:
            span = cleaned(s, sorted({*s.subtree(thing), i, *s.subtree(called)}))
            if span is None:
                continue
            (start, end), words = span, s.words(s.subtree(called))
        yield Draft(
            sentence=s,
            start=start,
            end=end,
            kind=ClaimKind.DIRECT if quote is not None else ClaimKind.INDIRECT,
            stance=Stance.ASSERT,
            cue=s.tokens[i].text,
            speaker=speaker,
            content=s,
            heads=(called,),
            cue_token=i,
            proposition=f"{s.words(grammar.noun_phrase(s, thing))} — {words}",
            detector="naming",
        )


def _speaks(s: Sentence, i: int, speaker: int) -> bool:
    """Not "Погибли трое, причиной назвали хлор": those who died called nothing anything."""
    above = s.tokens[s.tokens[i].head]
    return s.tokens[i].dep != "conj" or s.tokens[speaker].head != s.tokens[i].head or above.lemma in SPEECH


def _called(s: Sentence, i: int, thing: int) -> int | None:
    """What it is called, or put down to."""
    preposition = _LINKING.get(s.tokens[i].lemma)
    if preposition:
        # The parse may hang "с ошибкой" on what is put down to it.
        found = grammar.with_preposition(s, i, preposition, preposition + "о")
        return (
            found if found is not None else grammar.with_preposition(s, thing, preposition, preposition + "о")
        )
    below = (*s.children[i], *s.children[thing])
    return next((c for c in below if (c > i or s.tokens[c].dep == "xcomp") and _says_what(s, c, thing)), None)


def _says_what(s: Sentence, c: int, thing: int) -> bool:
    """ "Назвал снос неизбежным", "взрыв ошибкой"; no name ("назвал сына Иваном")."""
    token = s.tokens[c]
    if grammar.feature(s, c, "Case") != "Ins" or grammar.preposition(s, c) or token.pos not in _SAYING_WHAT:
        return False
    return token.head != thing or (c > thing and token.pos != "NOUN")
