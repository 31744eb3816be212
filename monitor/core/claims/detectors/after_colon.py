"""Unquoted speech after a colon: 'the guard is sure of the hour: the bell rang twice', 'her deputy has it
differently: nobody was asked', 'the skipper maintained that it was no leak: the tank was new'.

What stands before the colon must say that somebody speaks or takes a side. Other colons are the outlet's own,
which explains and lists: 'the village has three shops: one of them is closed'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, DENYING, DOCUMENTS, NAMING, REPORTING, SAID_NOUNS, SIDING
from monitor.core.claims.detectors.according_to import of_words
from monitor.core.claims.detectors.conviction import convinced
from monitor.core.claims.detectors.standing import stance_of
from monitor.core.claims.draft import Draft, reported, roots_within, speaker_of
from monitor.core.claims.introductions import is_body
from monitor.core.claims.names import names_person
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.claims.voices import is_office
from monitor.core.types import ArticleField
from monitor.core.wording import word_set

_COLON = re.compile(r":\s+(?=\w)")
# A label at the beginning, behind a bullet or an hour.
_LABEL = re.compile(
    r"(?:[-–—•*]\s*)?(?:\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\.?)?\s*[-–—|]?\s*)?(?P<who>[A-Z][^,:;.“”\"]{2,50}):\s+(?=\w)"
)
_MIN_WORDS = 3
_LONG = 5
_SPEECH = REPORTING.keys() | DENYING | ACCUSING | NAMING
# With these words of a verb's own: "has it differently", "shakes his head", "goes further".
_DOING = {
    "have": word_set(
        "it this story version account explanation theory answer memory recollection view reason different"
    ),
    "see": word_set("it"),
    "put": word_set("it"),
    "tell": word_set("it"),
    "give": word_set("version account explanation reason answer assurance ground way"),
    **dict.fromkeys(
        ("publish", "release", "present", "unveil"),
        word_set("finding conclusion result verdict report version account"),
    ),
    "offer": word_set("version account explanation reason answer assurance"),
    "shake": word_set("head"),
    "shrug": word_set("shoulder"),
    "take": word_set("side task exception issue view stand"),
    "go": word_set("further far"),
    "issue": word_set("correction statement clarification denial apology warning"),
    "beg": word_set("differ disagree"),
    "brook": word_set("doubt"),
    "reach": word_set("understanding agreement"),
    "stick": word_set("version story account"),
    "cling": word_set("version story account sum figure number toll"),
    "stand": word_set("by account version"),
}
# "Was more outspoken: …"
_BEING_OPEN = word_set(
    """
    outspoken blunt blunter clearer precise specific explicit frank franker harsher direct firm firmer
    unequivocal dismissive scathing scornful categorical adamant emphatic terse
    """
)
# "Nobody, says the guard: …"
_NOBODY = word_set("nobody none nothing")
_FIRMLY = word_set("stand hold remain stay")
_FIRM = word_set("firm unmoved unrepentant defiant unbowed adamant")
# "Has not moved: …"
_YIELDING = word_set("move budge yield waver shift flinch")
# "Her version is different: …", "his verdict is short: …"
_THEIRS = SAID_NOUNS.keys() | word_set("recollection memory reasoning defence defense view message line")


def detect_after_colon(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        if s.field is ArticleField.TEXT and s.tokens:
            yield from _labelled(page, s)
            for colon in _COLON.finditer(s.text):
                if page.quoted(s.field, s.start + colon.start()) is None:
                    yield from _behind(page, s, colon)


def _labelled(page: Page, s: Sentence) -> Iterator[Draft]:
    """'10:30 - Mayor Ana Ruiz: nobody else is missing', '• The port: the crane was sound'."""
    found = _LABEL.match(s.text)
    start, end = s.start + (found.end() if found else 0), s.start + len(s.text.rstrip(" .…"))
    if found is None or page.quoted(s.field, start) is not None:
        return
    # "Coach drivers' guild: 900 by noon."
    counted = any(t.pos == "NUM" and t.start + s.start == start for t in s.tokens)
    if not (counted or grammar.is_clause(s, start, end)):
        return
    first, behind = found.span("who")
    inside = [i for i, t in enumerate(s.tokens) if first <= t.start and t.end <= behind]
    verb = any(s.tokens[i].pos in {"VERB", "AUX", "ADP"} for i in inside)
    if not inside or verb or s.text.rstrip().endswith("?"):
        return
    last = inside[-1]
    named = sum(s.tokens[i].pos == "PROPN" for i in inside) > 1
    if named or (s.tokens[last].pos == "NOUN" and (names_person(s.tokens[last].lemma) or is_office(s, last))):
        yield reported(s, (start, end), ":", last, roots_within(s, start, end), "after_colon")


def _behind(page: Page, s: Sentence, colon: re.Match[str]) -> Iterator[Draft]:
    start, end = s.start + colon.end(), s.start + len(s.text.rstrip(" .…”"))
    words = s.text[colon.end() :].split()
    # "Repeated its count: nine dead."
    counted = len(words) == _MIN_WORDS - 1 and any(t.pos == "NUM" for t in s.tokens if t.start >= colon.end())
    if (
        (len(words) < _MIN_WORDS and not counted)
        or s.text.rstrip().endswith("?")
        or page.quoted(s.field, start) is not None
    ):
        return
    if any(q.start >= start and (q.end - q.start) * 2 > end - start for q in page.quotations_in(s)):
        return
    found = _who(s, s.start + colon.start())
    if found is None or not (
        grammar.is_clause(s, start, end) or counted or convinced(s, found[0]) is not None
    ):
        # "He is sure of the room: the pantry behind the stairs".
        return
    if page.quoted(s.field, s.start + s.tokens[found[0]].start) is not None:
        return
    cue, speaker = found
    yield reported(s, (start, end), s.tokens[cue].text, speaker, roots_within(s, start, end), "after_colon")


def _who(s: Sentence, colon: int) -> tuple[int, int] | None:
    """The verb before the colon that lets somebody speak, and who speaks."""
    heads = roots_within(s, s.start, colon)
    whose = grammar.child(s, heads[0], "poss") if len(heads) == 1 else None
    if whose is not None and s.tokens[heads[0]].lemma in _THEIRS:
        # "The general's answer: …".
        return heads[0], whose
    tops = [i for i in heads if s.tokens[i].pos in {"VERB", "AUX"} or s.tokens[i].lemma in _NOBODY]
    for top in tops:
        for c in s.children[top]:
            # "In his view the reason is simple: …".
            own_words = of_words(s, c) if s.tokens[c].dep == "prep" else None
            if own_words is not None and own_words.speaker is not None:
                return c, own_words.speaker
        # "He confirmed it, she added: …": she goes on.
        asides = (c for c in s.children[top] if s.tokens[c].dep == "parataxis")
        for i in (*asides, top):
            stays = s.tokens[i].lemma in _YIELDING and grammar.is_negated(s, i)
            if s.start + s.tokens[i].start > colon or not (usable_cue(s, i) or stays):
                continue
            speaker = speaker_of(s, i)
            if speaker is None or grammar.is_question_word(s, speaker):
                continue
            own = grammar.child(s, speaker, "poss")
            if own is not None and s.tokens[speaker].lemma in _THEIRS:
                return i, own
            if s.tokens[i].lemma in _SPEECH and s.tokens[speaker].dep != "expl":
                return i, speaker
            if (stays or _takes_a_side(s, i)) and _can_speak(s, speaker):
                return i, speaker
    return None


def _takes_a_side(s: Sentence, i: int) -> bool:
    lemma = s.tokens[i].lemma
    if lemma in SIDING or convinced(s, i) is not None or stance_of(s, i) is not None:
        return True
    if lemma in _FIRMLY and any(s.tokens[c].lemma in _FIRM for c in s.children[i]):
        # "Stood firm: …"
        return True
    if lemma == "be":
        return any(s.tokens[c].lemma in _BEING_OPEN and s.tokens[c].dep == "acomp" for c in s.children[i])
    wanted = _DOING.get(lemma, frozenset())
    return any(s.tokens[n].lemma in wanted for c in s.children[i] if c > i for n in (c, *s.children[c]))


def _can_speak(s: Sentence, i: int) -> bool:
    token = s.tokens[i]
    low = token.lemma
    # "A crane driver": most nouns so made are people where they take sides.
    made = token.pos == "NOUN" and low.endswith(("er", "or")) and len(low) > _LONG
    someone = token.pos == "PROPN" or made or low in {"he", "she", "they", "it", "defence", "defense"}
    return someone or names_person(low) or is_body(low) or low in DOCUMENTS
