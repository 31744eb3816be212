"""What somebody says that something is: 'described the list as a forgery made by a rival'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import NAMING
from monitor.core.claims.draft import Draft, content_span
from monitor.core.claims.page import Page
from monitor.core.claims.things import as_what, cues, told_thing
from monitor.core.claims.voices import is_document, is_person, may_speak
from monitor.core.wording import word_set

_VERBS = NAMING | word_set(
    "declare pronounce dismiss condemn portray characterise characterize depict hail consider deem"
)
_PRONOUNS = word_set("it this that these those")


def detect_naming(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, _VERBS):
        thing, what = grammar.undergoer(s, i), as_what(s, i)
        if thing is None or what is None or not (may_speak(s, speaker) or is_document(s, speaker)):
            continue
        is_thing = s.tokens[thing].pos == "NOUN" and not is_person(s, thing)
        told_more = grammar.child(s, what, "prep", "acl", "relcl") is not None
        is_participle = s.tokens[i].tag == "VBN" and grammar.child(s, i, "aux", "auxpass", "agent") is None
        if (
            thing in {speaker, what}
            or is_participle
            or not (is_thing or told_more or s.tokens[thing].lemma in _PRONOUNS)
        ):
            # "Neighbours describe Weber as quiet."
            continue
        phrase = grammar.noun_phrase(s, thing)
        complement = content_span(s, what) or s.span([what])
        start, end = s.span(phrase)
        words = s.text[complement[0] - s.start : complement[1] - s.start]
        yield told_thing(
            s,
            i,
            speaker,
            what,
            span=(min(start, complement[0]), max(end, complement[1])),
            proposition=f"{s.words(phrase)} is {words}",
            detector="naming",
        )
