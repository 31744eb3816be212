"""A noun for what is told: 'spoke of a boat that had rammed the tow', 'told listeners of a letter'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.draft import Draft
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.things import NOUNS, as_what, cues, governed, told_thing, with_tail
from monitor.core.claims.voices import is_document, may_speak
from monitor.core.wording import word_set

_VERBS = word_set("speak talk write tell complain warn boast brag describe recount point")
# With the thing for an object: "described two men in overalls".
_OBJECT = word_set("describe recount")
_PREPOSITIONS = {**dict.fromkeys(("complain", "boast", "brag"), ("of", "about")), "point": ("to",)}
# What somebody feels or wants, and tells nothing of what is so: "spoke of his pride".
_FEELINGS = word_set(
    """
    need hope pride importance desire love wish joy sadness grief relief shock anger sorrow dream regret
    admiration respect gratitude affection fear shame guilt delight frustration disappointment ambition
    willingness readiness determination wonder future past life childhood time possibility chance benefit
    virtue value danger risk consequence experience plan work way thing
    """
)
_LISTENERS = word_set(
    """
    reporter journalist listener viewer reader court judge jury police officer investigator inquest parliament
    committee lawmaker mp investor shareholder analyst colleague friend relative neighbour fan crowd diplomat
    us me him her them
    """
)
# "Spoke highly of his leadership."
_PRAISING = word_set("highly favourably favorably fondly warmly well ill proudly glowingly admiringly kindly")
_TELLING = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM"})
_ENOUGH_WORDS = 2


def detect_told_of(page: Page) -> Iterator[Draft]:
    for s, i, speaker in cues(page, _VERBS):
        if grammar.child(s, i, "ccomp") is not None or any(
            s.tokens[c].lemma in _PRAISING for c in s.children[i]
        ):
            continue
        thing = (
            _described(s, i)
            if s.tokens[i].lemma in _OBJECT
            else governed(s, i, *_PREPOSITIONS.get(s.tokens[i].lemma, ("of",)), listeners=_LISTENERS)
        )
        if (
            thing is None
            or not (may_speak(s, speaker) or is_document(s, speaker))
            or not _says(page, s, i, thing)
        ):
            continue
        yield told_thing(s, i, speaker, thing, span=s.span(with_tail(s, i, thing)), detector="told_of")


def _described(s: Sentence, i: int) -> int | None:
    """'A van without plates', 'two men in overalls': what nobody has spoken of, and no 'the talks as'."""
    thing = grammar.child(s, i, "dobj")
    if thing is None or thing < i or s.tokens[thing].pos != "NOUN" or as_what(s, i) is not None:
        return None
    first = grammar.child(s, thing, "det", "nummod", "poss")
    new = first is None or s.tokens[first].lemma in {"a", "an"} or s.tokens[first].dep == "nummod"
    return thing if new and len(with_tail(s, i, thing)) > 1 + (first is not None) else None


def _says(page: Page, s: Sentence, i: int, thing: int) -> bool:
    """Whether a noun says something of itself: 'a smell of burning plastic', and no 'his pride'."""
    token = s.tokens[thing]
    acts = token.tag == "VBG" or (token.tag == "VBN" and grammar.child(s, thing, "aux") is not None)
    if acts and token.dep == "pcomp" and grammar.child(s, thing, "dobj") is not None:
        # "Told of carrying two children out".
        return s.tokens[i].lemma in {"tell", "speak", "boast", "brag", "complain"}
    if page.quoted(s.field, s.start + token.start) is not None and token.pos in NOUNS:
        # "Spoke of “sparks”", "of “quiet relief”": the words are theirs.
        return True
    if token.pos not in NOUNS or token.lemma in _FEELINGS or token.pos == "PROPN":
        return False
    own = grammar.child(s, thing, "poss")
    if own is not None and s.tokens[own].pos == "PRON" and not _told_more(s, thing):
        return False
    words = [n for n in with_tail(s, i, thing) if s.tokens[n].pos in _TELLING or s.tokens[n].lemma == "alone"]
    return len(words) >= _ENOUGH_WORDS


def _told_more(s: Sentence, thing: int) -> bool:
    return grammar.child(s, thing, "relcl", "acl") is not None
