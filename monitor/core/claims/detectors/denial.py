"""Denials: 'denied that…', 'denied sabotaging it', 'rejected reports that…', 'dismissed any link with…'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import (
    ANAPHORIC_NOUNS,
    BATTING_OFF,
    CLAIM_NOUNS,
    DENYING,
    FALSE_WORDS,
    NAMING,
    REFUSED_NOUNS,
    SLAMMING,
    SPEECH_WORDS,
    WAVED_AWAY,
    WAVING_AWAY,
)
from monitor.core.claims.detectors.nominal import whose_word
from monitor.core.claims.draft import Draft, clause_span, content_span, in_passing, roots_within, speaker_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import is_told, usable_cue
from monitor.core.claims.things import as_what
from monitor.core.types import ClaimKind, Stance

# "As for the film, he dismissed it": it is the film.
_TOPIC = re.compile(r"(?i)\W*(?:as (?:for|to)|regarding|concerning)\b")
# "Dismissed the findings", "his statement"; not "any finding of guilt".
_SUMMED_UP = frozenset(
    ["statement", "finding", "conclusion", "description", "version", "explanation", "narrative", "theory"]
)
_THAT_ONE = frozenset({"the", "this", "that", "these", "those"})
# "That any such meeting was held", "anything of the kind"; not "this kind of pump", "tools such as pumps".
_SUCH = re.compile(r"(?i)\bsuch (?!as\b)|\bof the (?:kind|sort)\b(?! of\b)")
_OF = frozenset({"of", "about"})
_CLAUSES = frozenset({"ccomp", "xcomp", "acl", "relcl", "pcomp"})
_CUES = NAMING | DENYING | BATTING_OFF | WAVING_AWAY.keys() | {"rule", "have"}


def detect_denials(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        if _CUES.isdisjoint(s.forms):
            continue
        for i, token in enumerate(s.tokens):
            if token.lemma in NAMING:
                dismissal = _dismissal(page, s, i)
                if dismissal is not None:
                    yield dismissal
                elif token.lemma in SLAMMING:
                    yield from _slammed(page, s, i)
                continue
            # "Is having none of it" says no itself.
            told = is_told(s, i) if token.lemma == "have" else usable_cue(s, i)
            if not _denies(s, i) or not told or _confirms_nor_denies(s, i):
                continue
            if page.quoted(s.field, s.start + token.start) is not None:
                continue
            if (fronted := _fronted(s, i)) is not None and in_passing(s, i) is None:
                yield fronted
                continue
            speaker = speaker_of(s, i)
            if speaker is None or grammar.is_question_word(s, speaker):
                continue
            first = in_passing(s, i)
            if first is not None:
                yield _denied_in_passing(s, i, speaker, first, i)
                continue
            for head, points_back in _denied(s, i):
                draft = _draft(s, i, speaker, head, points_back)
                if draft is not None:
                    yield draft


def _denies(s: Sentence, i: int) -> bool:
    """A denying verb; 'ruled out' is one of two words."""
    if s.tokens[i].lemma == "rule":
        return any(s.tokens[c].dep == "prt" and s.tokens[c].lemma == "out" for c in s.children[i])
    return s.tokens[i].lemma in DENYING or _waves_away(s, i)


def _slammed(page: Page, s: Sentence, i: int) -> Iterator[Draft]:
    """'Slammed claims that nobody was asked': what somebody said, told in a clause."""
    thing = grammar.undergoer(s, i)
    speaker = speaker_of(s, i) if usable_cue(s, i) else None
    if thing is None or speaker is None or page.quoted(s.field, s.start + s.tokens[i].start) is not None:
        return
    clause = grammar.child(s, thing, "acl", "ccomp")
    if s.tokens[thing].lemma in WAVED_AWAY and clause is not None and _has_that(s, clause):
        draft = _draft(s, i, speaker, clause, False)
        if draft is not None and not grammar.is_question_word(s, speaker):
            yield draft


def _waves_away(s: Sentence, i: int) -> bool:
    """'Laughed off', 'poured scorn on'."""
    if s.tokens[i].lemma in BATTING_OFF:
        return True
    if s.tokens[i].lemma == "have":
        return _none_of(s, i) is not None
    small = WAVING_AWAY.get(s.tokens[i].lemma)
    return small is not None and any(
        s.tokens[c].lemma in small and c > i and s.tokens[c].dep in {"prt", "advmod", "dobj"}
        for c in s.children[i]
    )


def _dismissal(page: Page, s: Sentence, i: int) -> Draft | None:
    """'called the accusation "absurd"': a denial of what somebody else said."""
    if not usable_cue(s, i) or page.quoted(s.field, s.start + s.tokens[i].start) is not None:
        return None
    fronted = _fronted(s, i)
    if fronted is not None:
        return fronted
    speaker = speaker_of(s, i)
    near = range(i + 1, min(i + 14, len(s.tokens)))
    noun = next((n for n in near if s.tokens[n].lemma in ANAPHORIC_NOUNS or _is_that(s, i, n)), None)
    first = in_passing(s, i)
    false = next(
        (
            n
            for n in near
            if s.tokens[n].lemma in FALSE_WORDS and (first is not None or (noun is not None and n > noun))
        ),
        None,
    )
    if speaker is None or false is None or grammar.is_question_word(s, speaker):
        return None
    if first is not None:
        return _denied_in_passing(s, i, speaker, first, false)
    if noun is None:
        return None
    draft = _draft(s, i, speaker, noun, points_back=True)
    if draft is None:
        return None
    # "The story of the crates" says itself what it is about.
    about = next((c for c in s.children[noun] if s.tokens[c].lemma in {"about", "of", "on"}), None)
    matter = s.words([t for t in s.subtree(about) if t != about]) if about is not None else ""
    words = s.words([t for t in s.subtree(noun) if i < t <= noun] + [false])
    end = s.span([false])[1]
    quoted = page.quoted(s.field, end - 1)
    if quoted is not None:
        # The whole of what it is called.
        end = min(quoted.end, s.end)
    return replace(draft, end=max(draft.end, end), heads=(noun,), proposition=words, matter=matter)


def _fronted(s: Sentence, i: int) -> Draft | None:
    """'The idea that his men had sold it he described as an absurdity.'"""
    subjects = [c for c in s.children[i] if s.tokens[c].dep in {"nsubj", "nsubjpass"} and c < i]
    speaker, what = subjects[-1] if subjects else None, as_what(s, i) or grammar.child(s, i, "oprd")
    # "The idea that he fled it waved away": taken for a subject, too.
    above = subjects[0] if len(subjects) > 1 else None
    top = above if above is not None else next((a for a in s.ancestors(i) if s.tokens[a].head == a), None)
    untrue = what is not None and (s.tokens[what].lemma in FALSE_WORDS or s.tokens[i].lemma not in NAMING)
    if speaker is None or what is None or top is None or not untrue:
        return None
    clause = next((c for c in s.children[top] if s.tokens[c].dep in {"acl", "prep"} and _tells(s, c)), None)
    if s.tokens[top].lemma not in CLAIM_NOUNS or clause is None or not clause < speaker < i:
        return None
    told = [n for n in s.subtree(clause) if n < speaker]
    start, end = s.span([*told, *s.subtree(what)])
    return Draft(
        sentence=s,
        start=min(start, s.span(s.subtree(top))[0]),
        end=end,
        proposition=s.words([n for n in told if s.tokens[n].dep != "mark"]),
        kind=ClaimKind.INDIRECT,
        stance=Stance.DENY,
        cue=s.tokens[i].text,
        speaker=speaker,
        content=s,
        heads=(clause,),
        detector="denial",
    )


def _tells(s: Sentence, c: int) -> bool:
    """'That his men had sold it', 'of a sale'."""
    return s.tokens[c].lemma == "of" if s.tokens[c].dep == "prep" else _has_that(s, c)


def _is_that(s: Sentence, cue: int, n: int) -> bool:
    """'calls that enemy propaganda', 'dismissed it as nonsense': right after the verb."""
    return n == cue + 1 and s.tokens[n].text.casefold() in {"that", "this", "it", "them", "these", "those"}


def _denied_in_passing(s: Sentence, i: int, speaker: int, first: int, last: int) -> Draft:
    """'He sold it, a charge that his lawyers deny': what the sentence says, or what it says somebody said."""
    start, end = s.span(range(first, last + 1))
    told = any(t.lemma in SPEECH_WORDS and t.pos == "VERB" for t in s.tokens[:first])
    before = () if told else roots_within(s, s.start, start)
    return Draft(
        sentence=s,
        # Where nobody is said to have said it, the denial is of the report's own words.
        start=start if told else s.start,
        end=end,
        proposition="" if told else s.words(range(first)).rstrip(" ,–—"),
        kind=ClaimKind.INDIRECT,
        stance=Stance.DENY,
        cue=s.tokens[i].text,
        speaker=speaker,
        content=s,
        heads=before,
        points_back=True,
        detector="denial",
    )


def _draft(s: Sentence, i: int, speaker: int, head: int, points_back: bool) -> Draft | None:
    span = content_span(s, head, without=(i,) if i in s.subtree(head) else ())
    if span is None and s.tokens[head].pos in {"NOUN", "PROPN", "VERB", "PRON", "SCONJ", "DET"}:
        span = s.span([head])
    if span is None:
        return None
    words = s.text[span[0] - s.start : span[1] - s.start]
    is_thing = (
        s.tokens[head].pos in {"NOUN", "PROPN", "PRON", "SCONJ", "DET"} and s.tokens[head].dep not in _CLAUSES
    )
    noun = s.tokens[head].head
    if (
        s.tokens[noun].pos == "NOUN"
        and s.tokens[noun].lemma in CLAIM_NOUNS
        and whose_word(s, noun) is not None
    ):
        # "Rejected the guild's claim that…": both sides in one sentence, and this one is more than its that.
        span = clause_span(s, speaker, i, span)
    elif is_thing or (s.tokens[head].tag == "VBG" and grammar.child(s, head, "nsubj", "nsubjpass") is None):
        span = clause_span(s, speaker, i, span)
        behind = [c for c in s.children[i] if s.tokens[c].dep in {"prt", "advmod"} and c == head + 1]
        # "Brushed the claim aside".
        span = span[0], max(span[1], s.span([head, *behind])[1])
        what = as_what(s, i) if grammar.undergoer(s, i) == head else None
        if what is not None:
            # "Dismissed it as a clumsy copy".
            span = span[0], max(span[1], (content_span(s, what) or s.span([what]))[1])
    return Draft(
        sentence=s,
        start=span[0],
        end=span[1],
        proposition=_bare(words) if is_thing else "",
        words=words,
        kind=ClaimKind.INDIRECT,
        stance=Stance.QUESTION if grammar.is_conditional(s, head) else Stance.DENY,
        cue=s.tokens[i].text,
        speaker=speaker,
        content=s,
        heads=(head,),
        implied=speaker,
        points_back=points_back,
        # "Rejected his story of neglect".
        matter=words if points_back and is_thing and s.tokens[s.tokens[head].head].lemma in _OF else "",
        detector="denial",
    )


def _is_somebodys_word(s: Sentence, noun: int) -> bool:
    """'The guild's claim', 'a report by two guards'."""
    of_saying = s.tokens[noun].pos == "NOUN" and s.tokens[noun].lemma in CLAIM_NOUNS
    return of_saying and whose_word(s, noun) is not None


def _bare(words: str) -> str:
    return words.removeprefix("any ").removeprefix("Any ")


def _denied(s: Sentence, i: int) -> Iterator[tuple[int, bool]]:
    """The tops of what is denied, and whether it only points at a claim made elsewhere."""
    clause = grammar.child(s, i, "ccomp", "xcomp")
    if clause is not None and not _waves_away(s, i):
        yield clause, _SUCH.search(s.words(s.subtree(clause))) is not None
        return
    thing = grammar.undergoer(s, i)
    if s.tokens[i].lemma in {"pour", "heap", "hit"}:
        thing = _scorned(s, i)
    elif s.tokens[i].lemma == "have":
        thing = _none_of(s, i)
    if thing is None or grammar.child(s, i, "dative") is not None:
        return
    if _waves_away(s, i) and s.tokens[thing].lemma not in WAVED_AWAY and as_what(s, i) is None:
        return
    for noun in (thing, *(c for c in s.children[thing] if s.tokens[c].dep == "conj")):
        yield from _of_noun(s, i, noun)


def _of_noun(s: Sentence, i: int, noun: int) -> Iterator[tuple[int, bool]]:
    lemma = s.tokens[noun].lemma
    if lemma in REFUSED_NOUNS:
        return
    if (
        s.tokens[i].lemma in {"reject", "dismiss", "dispute"}
        and lemma not in CLAIM_NOUNS
        and lemma
        not in {
            "it",
            "this",
            "that",
            "them",
            "these",
            "those",
            "attempt",
            "talk",
        }
    ):
        return
    inner = next(
        (
            c
            for c in s.children[noun]
            if (s.tokens[c].dep in {"acl", "ccomp"} and _has_that(s, c)) or _tells_what(s, c)
        ),
        None,
    )
    if inner is not None:
        yield inner, False
        return
    # "Rumours in the market about cut cables": the parser hangs it on the market, or on the verb.
    behind = (*(c for c in s.subtree(noun) if c > noun), *(c for c in s.children[i] if c > noun))
    # "Rejected the story as the work of a liar": of nothing.
    called = as_what(s, i)
    of = next((c for c in behind if s.tokens[c].lemma in _OF and called not in {*s.ancestors(c)}), None)
    if (lemma in ANAPHORIC_NOUNS or lemma == "talk") and of is not None:
        told = grammar.child(s, of, "pobj", "pcomp")
        if told is not None:
            yield told, True
            return
    pointing = lemma in {"it", "this", "that", "them", "these"} and not _TOPIC.match(s.text)
    known = {s.tokens[c].lemma for c in s.children[noun] if s.tokens[c].dep in {"det", "amod", "predet"}}
    that_one = bool(known & _THAT_ONE) or grammar.child(s, noun, "poss") is not None
    summed_up = lemma in _SUMMED_UP and that_one and of is None
    yield noun, lemma in ANAPHORIC_NOUNS or pointing or summed_up or "such" in known


def _scorned(s: Sentence, i: int) -> int | None:
    """What scorn is poured on, what somebody hits back at."""
    below = (c for at in (i, *s.children[i]) for c in s.children[at])
    on = next((c for c in below if s.tokens[c].lemma in {"on", "at"} and c > i), None)
    return grammar.child(s, on, "pobj") if on is not None else None


def _none_of(s: Sentence, i: int) -> int | None:
    """'Is having none of the sabotage theory'."""
    none = grammar.child(s, i, "dobj")
    if none is None or s.tokens[none].lemma != "none" or s.tokens[i].tag != "VBG":
        return None
    of = grammar.child(s, none, "prep")
    return grammar.child(s, of, "pobj") if of is not None else None


def _tells_what(s: Sentence, clause: int) -> bool:
    """'A report in the press that the firm means to shut the mill': the parser takes "that" for the object of
    a verb which has one, as in "the report that the firm wrote".
    """
    first = min(s.subtree(clause))
    verb = s.tokens[first].head
    objects = [c for c in s.children[verb] if s.tokens[c].dep == "dobj"]
    return s.tokens[clause].dep == "relcl" and s.tokens[first].text == "that" and len(objects) > 1


def _has_that(s: Sentence, i: int) -> bool:
    return any(s.tokens[c].dep == "mark" for c in s.children[i]) or grammar.child(s, i, "nsubj") is not None


def _confirms_nor_denies(s: Sentence, i: int) -> bool:
    """'neither confirmed nor denied', 'would not deny'."""
    near = [s.tokens[n].lemma for n in range(max(0, i - 4), i)]
    return "nor" in near or "neither" in near or "refuse" in near or "decline" in near
