"""Attributions in the middle of what they attribute: 'The convoy, two drivers said on Monday, came under
fire'.

The parser often takes the first noun for who speaks, and the speaker for another name of it. Commas on both
sides and a verb right behind the second tell what is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.claims.parsed import Token

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_NAMES = frozenset({"NOUN", "PROPN", "PRON"})
# Tokens from the first comma to the second; more is no aside.
_LONGEST = 18


def set_aside(tokens: Sequence[Token], speech: frozenset[str]) -> list[Token]:
    """The same tokens; where a verb of speaking (lemmas) stands aside, what it interrupts is made whole."""
    mended = list(tokens)
    for cue, token in enumerate(tokens):
        if token.lemma in speech and token.tag in _FINITE:
            _set_one_aside(mended, cue)
    return mended


def _set_one_aside(tokens: list[Token], cue: int) -> None:
    bounds = _commas(tokens, cue)
    if bounds is not None:
        _to_its_left(tokens, cue)
    verb = _verb_after(tokens, bounds[1]) if bounds is not None else None
    if bounds is None or verb is None:
        return
    speaker = _speaker(tokens, bounds, cue)
    subject = _subject_before(tokens, bounds[0], cue, verb)
    if speaker is None or subject is None or _has_own_subject(tokens, verb, bounds):
        return
    if cue in _above(tokens, verb):
        # The verb that goes on takes the place of the one that it was hung on.
        above = tokens[cue].head if tokens[cue].head != cue else verb
        tokens[verb] = replace(tokens[verb], head=above, dep=tokens[cue].dep)
    tokens[cue] = replace(tokens[cue], head=verb, dep="parataxis")
    passive = any(t.head == verb and t.dep == "auxpass" for t in tokens)
    tokens[subject] = replace(tokens[subject], head=verb, dep="nsubjpass" if passive else "nsubj")
    tokens[speaker] = replace(tokens[speaker], head=cue, dep="nsubj")


def _to_its_left(tokens: list[Token], cue: int) -> None:
    """'It hid them, the court says, a claim that…': not of the claim, but of what stands before."""
    above = tokens[cue].head
    if tokens[cue].dep == "parataxis" and above > cue and tokens[above].pos == "NOUN":
        verb = tokens[above].head
        if verb < cue and tokens[verb].pos in {"VERB", "AUX"}:
            tokens[cue] = replace(tokens[cue], head=verb)


def _commas(tokens: Sequence[Token], cue: int) -> tuple[int, int] | None:
    """The commas around the attribution; None: it is none, or holds another clause."""
    first = next((n for n in range(cue - 1, 0, -1) if tokens[n].text == ","), None)
    second = next((n for n in range(cue + 1, len(tokens)) if tokens[n].text in {",", ";", ":"}), None)
    if first is None or second is None or second - first > _LONGEST or tokens[second].text != ",":
        return None
    inside = (n for n in range(first + 1, second) if n != cue)
    if any(tokens[n].tag in _FINITE | {"MD"} or tokens[n].dep == "mark" for n in inside):
        return None
    return first, second


def _verb_after(tokens: Sequence[Token], comma: int) -> int | None:
    """The verb that goes on right behind the second comma: ', had caught', ', never asked'."""
    n = comma + 1
    while n < len(tokens) and tokens[n].pos == "ADV":
        n += 1
    if n >= len(tokens) or tokens[n].tag not in _FINITE | {"MD"}:
        return None
    helps = tokens[n].dep in {"aux", "auxpass"} and tokens[n].head > n
    return tokens[n].head if helps else n


def _speaker(tokens: Sequence[Token], bounds: tuple[int, int], cue: int) -> int | None:
    """The top of the name between the commas: before the verb, or behind it ('said Ana Ruiz')."""
    inverted = cue == bounds[0] + 1
    inside = range(cue + 1, bounds[1]) if inverted else range(bounds[0] + 1, cue)
    tops = [
        n for n in inside if tokens[n].pos in _NAMES and (tokens[n].head not in inside or tokens[n].head == n)
    ]
    # "Said on Monday Ana Ruiz": what hangs on a preposition speaks for nobody.
    tops = [n for n in tops if tokens[n].dep not in {"pobj", "npadvmod"}]
    return tops[0] if tops else None


def _subject_before(tokens: Sequence[Token], comma: int, cue: int, verb: int) -> int | None:
    """What the parse takes for the subject of either verb, before the first comma."""
    return next(
        (n for n in range(comma - 1, -1, -1) if tokens[n].dep in _SUBJECTS and tokens[n].head in {cue, verb}),
        None,
    )


def _has_own_subject(tokens: Sequence[Token], verb: int, bounds: tuple[int, int]) -> bool:
    """Behind the second comma: then another clause begins there."""
    return any(t.dep in _SUBJECTS and t.head == verb and n > bounds[1] for n, t in enumerate(tokens))


def _above(tokens: Sequence[Token], i: int) -> set[int]:
    seen: set[int] = set()
    while tokens[i].head != i and tokens[i].head not in seen:
        i = tokens[i].head
        seen.add(i)
    return seen
