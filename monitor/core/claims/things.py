"""What somebody tells in a noun and without a clause: 'spoke of a boat', 'the log shows no departure'."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import CLAIM_NOUNS, NAMING
from monitor.core.claims.draft import SPEECH, Draft, clause_span, content_span, speaker_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import is_told
from monitor.core.types import ClaimKind, Stance

#: What a noun may stand for.
NOUNS = frozenset({"NOUN", "PROPN"})
_WHEN = frozenset({"before", "after", "while", "when", "as"})
_TAIL = frozenset({"prep", "advmod", "npadvmod", "dative"})


def cues(
    page: Page, lemmas: frozenset[str], *, negated: bool | None = False
) -> Iterator[tuple[Sentence, int, int]]:
    """Each verb (lemmas) outside marks that tells something, and who tells it; `negated` as the verb shall
    be, None: either way.
    """
    for s in page.parsed:
        if lemmas.isdisjoint(s.forms):
            continue
        for i, token in enumerate(s.tokens):
            if token.lemma not in lemmas or token.pos not in {"VERB", "AUX"} or not is_told(s, i):
                continue
            if negated is not None and grammar.is_negated(s, i) is not negated:
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            if _is_of_another(s, i):
                continue
            speaker = speaker_of(s, i)
            if speaker is None or grammar.is_question_word(s, speaker) or s.tokens[speaker].dep == "expl":
                continue
            yield s, i, speaker


def _is_of_another(s: Sentence, i: int) -> bool:
    """'The port said it had no record of it': the port says it all; what others tell there is second-hand."""
    return any(
        s.tokens[n].dep == "ccomp" and s.tokens[s.tokens[n].head].lemma in SPEECH
        for n in (i, *s.ancestors(i))
    )


def told_thing(
    s: Sentence,
    i: int,
    speaker: int,
    head: int,
    *,
    detector: str,
    stance: Stance = Stance.ASSERT,
    span: tuple[int, int] | None = None,
    proposition: str = "",
    hedged: bool = False,
    points_back: bool = False,
) -> Draft:
    """What the verb `i` tells of the noun `head`.

    `span` is where that stands (None: the noun with all that belongs to it, and its verb).
    """
    own = content_span(s, head) or s.span([head])
    own = own[0], max(own[1], s.span(with_tail(s, i, head))[1])
    start, end = span or clause_span(s, speaker, i, own)
    return Draft(
        sentence=s,
        start=start,
        end=end,
        kind=ClaimKind.INDIRECT,
        stance=stance,
        cue=s.tokens[i].text,
        speaker=speaker,
        content=s,
        heads=(head,),
        cue_token=i,
        implied=speaker,
        hedged=hedged,
        in_a_noun=stance is Stance.ASSERT,
        points_back=points_back,
        proposition=proposition or s.text[own[0] - s.start : own[1] - s.start],
        detector=detector,
    )


def with_tail(s: Sentence, i: int, thing: int) -> list[int]:
    """The tokens of a noun with what the parse hangs on the verb and stands right behind: 'heard four shots
    shortly after dawn'.
    """
    tokens = s.subtree(thing)
    for c in s.children[i]:
        below = s.subtree(c)
        is_when = s.tokens[c].dep == "advcl" and s.tokens[below[0]].lemma in _WHEN
        if (s.tokens[c].dep in _TAIL or is_when) and below[0] == tokens[-1] + 1:
            tokens += below
    return tokens


def governed(s: Sentence, i: int, *words: str, listeners: frozenset[str] = frozenset()) -> int | None:
    """What one of these prepositions governs, on the verb or on a listener: 'told the court of a boat'.

    Nothing where the verb has an object that is no listener: 'told a story of courage'.
    """
    thing = grammar.child(s, i, "dobj", "dative")
    listens = thing is None or s.tokens[thing].lemma in listeners or s.tokens[thing].pos in {"PROPN", "PRON"}
    # "Spoke on Tuesday of a van".
    days = (
        d
        for c in s.children[i]
        for d in s.children[c]
        if s.tokens[c].lemma == "on" and s.tokens[d].pos == "PROPN"
    )
    for at in (i, thing, *days) if listens else ():
        for c in s.children[at] if at is not None else ():
            if s.tokens[c].lemma in words and s.tokens[c].dep in {"prep", "agent", "prt"} and c > i:
                found = grammar.child(s, c, "pobj", "pcomp")
                if found is not None:
                    return found
    return None


def _calls_so(s: Sentence, i: int, named: int) -> bool:
    """'Called its samples clean'; 'called the story mean' is somebody's else."""
    thing = grammar.undergoer(s, i)
    told = thing is not None and s.tokens[thing].lemma in CLAIM_NOUNS
    return (
        s.tokens[i].lemma in {"call", "declare", "pronounce", "consider", "deem"}
        and s.tokens[named].pos == "ADJ"
        and not told
    )


def as_what(s: Sentence, i: int) -> int | None:
    """What something is called behind this verb: 'as a forgery', 'as baseless', 'a triumph'."""
    thing = grammar.undergoer(s, i)
    named = grammar.child(s, i, "oprd") if thing is not None else None
    things = [c for c in s.children[i] if s.tokens[c].dep == "dobj"]
    if s.tokens[i].lemma in NAMING and len(things) > 1:
        # "Branded the budget a fraud".
        return things[-1]
    if named is not None and named > i and (s.tokens[named].pos == "NOUN" or _calls_so(s, i, named)):
        # "Called the deal a triumph", "called its samples clean".
        return named
    for at in (i, thing):
        for c in s.children[at] if at is not None else ():
            token = s.tokens[c]
            if c < i:
                continue
            if token.lemma == "as" and token.dep == "prep":
                found = grammar.child(s, c, "pobj", "pcomp", "amod")
                if found is not None:
                    return found
            led = any(s.tokens[g].lemma == "as" and g < c for g in s.children[c])
            if token.dep in {"advcl", "oprd", "amod"} and token.pos in NOUNS | {"ADJ"} and led:
                return c
    return None
