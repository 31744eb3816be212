"""Accusations: 'accused X of…', 'blamed X for…', 'blamed it on X', and their passives with 'by'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING
from monitor.core.claims.draft import Draft, clause_span, content_span, reported, speaker_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.claims.voices import is_person
from monitor.core.types import ClaimKind, Stance

_LINKS = {
    "accuse": ("of",),
    "blame": ("for", "on"),
    "implicate": ("in",),
    "suspect": ("of",),
    "fault": ("for",),
}


# "Lays the blame on", "points the finger at".
_LAYING = {
    **dict.fromkeys(["put", "lay", "pin", "place"], "blame"),
    "point": "finger",
}
_JUDGES = frozenset({"court", "jury", "judge", "tribunal", "inquest"})
_AT = frozenset({"on", "upon", "at", "with"})


def detect_accusations(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        for i, token in enumerate(s.tokens):
            if token.lemma not in ACCUSING | _LAYING.keys() or not usable_cue(s, i):
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            draft = _of_cue(s, i) if token.lemma in ACCUSING else _of_idiom(s, i)
            if draft is not None:
                yield draft


def _of_cue(s: Sentence, i: int) -> Draft | None:
    cue = s.tokens[i]
    speaker, accused = speaker_of(s, i), grammar.undergoer(s, i)
    if accused is None and cue.lemma == "hold":
        # "Holds the yard responsible: …": taken for a clause.
        clause = grammar.child(s, i, "ccomp")
        accused = grammar.child(s, clause, "nsubj") if clause is not None else None
    if speaker is None or accused is None or speaker == accused or grammar.is_question_word(s, speaker):
        return None
    link = next((c for c in s.children[i] if s.tokens[c].lemma in _LINKS.get(cue.lemma, ())), None)
    if cue.lemma == "hold":
        link = grammar.child(s, i, "oprd", "acomp", "xcomp", "ccomp", "advcl")
        if link is None or s.tokens[link].lemma not in {"responsible", "accountable", "liable"}:
            return None
    if link is None and cue.lemma not in {"blame", "accuse"}:
        return None
    if link is None and cue.lemma == "accuse":
        # "Accused the cook whom she had hired of hiding it": whatever noun the parse hangs it on.
        link = next((c for c in s.subtree(accused) if _is_of_doing(s, c)), None)
    start, end = clause_span(s, speaker, i, _span(s, accused, link))
    further = grammar.child(s, i, "xcomp") if link is not None else None
    if further is not None and s.subtree(further)[0] == max(s.subtree(link or i)) + 1:
        # "Accused the guild of wanting to strike": what is planned.
        end = max(end, s.span(s.subtree(further))[1])
    act = grammar.child(s, link, "pcomp", "pobj") if link is not None else None
    return Draft(
        sentence=s,
        start=start,
        end=end,
        kind=ClaimKind.INDIRECT,
        stance=Stance.ACCUSE,
        cue=cue.text,
        speaker=speaker,
        content=s,
        heads=(act,) if act is not None and s.tokens[act].pos in {"VERB", "AUX"} else (),
        cue_token=i,
        implied=accused,
        hedged=cue.lemma == "suspect",
        proposition=_proposition(s, cue.lemma, accused, link, act),
        detector="accusation",
    )


def _of_idiom(s: Sentence, i: int) -> Draft | None:
    """'Lays the blame on rust', 'points the finger at him'."""
    what, speaker = grammar.child(s, i, "dobj"), speaker_of(s, i)
    if what is None or s.tokens[what].lemma != _LAYING[s.tokens[i].lemma] or speaker is None:
        return None
    if s.tokens[speaker].lemma in _JUDGES:
        # "A judge laid the blame on rust": decisions are told by the outlet.
        return None
    beside = (c for at in (i, what) for c in s.children[at] if s.tokens[c].lemma in _AT and c > what)
    link = next(beside, None)
    accused = grammar.child(s, link, "pobj") if link is not None else None
    if accused is None or grammar.is_question_word(s, speaker):
        return None
    span = clause_span(s, speaker, i, _span(s, accused, None))
    return replace(
        reported(s, span, s.words([i, what]), speaker, (), "accusation"),
        stance=Stance.ACCUSE,
        cue_token=i,
        implied=accused,
        proposition=_proposition(s, "blame", accused, None, None),
    )


def _is_of_doing(s: Sentence, c: int) -> bool:
    """'Of hiding it'."""
    doing = grammar.child(s, c, "pcomp") if s.tokens[c].lemma == "of" else None
    return doing is not None and s.tokens[doing].tag == "VBG"


def _span(s: Sentence, accused: int, link: int | None) -> tuple[int, int]:
    spans = [s.span(grammar.noun_phrase(s, accused))]
    if link is None and s.tokens[accused].pos == "NOUN" and not is_person(s, accused):
        # "Blamed the bolt that snapped": what was wrong with it is what is said.
        spans.append(content_span(s, accused) or spans[0])
    if link is not None:
        spans.append(content_span(s, link) or s.span([link]))
    return min(a for a, _ in spans), max(b for _, b in spans)


def _proposition(s: Sentence, cue: str, accused: int, link: int | None, act: int | None) -> str:
    """The accusation as a sentence of its own."""
    who = s.words(grammar.noun_phrase(s, accused))
    if link is None:
        return f"{who} is to blame"
    if act is None:
        return s.words(s.subtree(link))
    what = s.words(s.subtree(act))
    if cue == "blame" and s.tokens[link].lemma == "on":
        return f"{what} is responsible for {who}"
    if s.tokens[act].tag == "VBG":
        return (
            f"{who} had {what.removeprefix('having ')}" if what.startswith("having ") else f"{who} was {what}"
        )
    return f"{who} is responsible for {what}"
