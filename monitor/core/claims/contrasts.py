"""'Making for Norvik, not for Harrow': what a phrase names only to say that it was not that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from monitor.core.claims.draft import Draft
from monitor.core.claims.evoking import Evoked, Filler
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ContradictionKind, Frame, FrameUse

# What says no right before a noun, and how many words may stand between.
_NOT = frozenset({"not", "не", "instead"})
_REACH = 3
_NOUNS = frozenset({"NOUN", "PROPN", "X"})
_BETWEEN = frozenset({"ADP", "DET", "ADJ", "PART"})


def with_contrasts(
    evoked: Sequence[Evoked], draft: Draft, frames: Mapping[str, Frame], fill: Filler
) -> tuple[Evoked, ...]:
    """The uses of frames about places; what stands after "not" is denied in a use of its own."""
    if not any(frames[e.use.frame].kind is ContradictionKind.PLACE for e in evoked):
        return tuple(evoked)
    s = draft.content
    ruled_out = {f for i in _after_not(draft) for f in fill(s, i, False)}
    if not ruled_out:
        return tuple(evoked)
    found: list[Evoked] = []
    for e in evoked:
        frame = frames[e.use.frame]
        if frame.kind is not ContradictionKind.PLACE or not frame.exclusive:
            found.append(e)
            continue
        kept = tuple((r, f) for r, f in e.use.roles if r not in frame.exclusive or f not in ruled_out)
        if any(r in frame.exclusive for r, _ in kept):
            found.append(replace(e, use=replace(e.use, roles=kept)))
            others = tuple((r, f) for r, f in e.use.roles if r not in frame.exclusive)
            denied = (*others, *((frame.exclusive[0], f) for f in ruled_out))
            use = FrameUse(frame=frame.id, affirmed=not e.use.affirmed, roles=tuple(sorted(set(denied))))
            found.append(replace(e, use=use))
        else:
            found.append(e)
    return tuple(found)


def _after_not(draft: Draft) -> Iterator[int]:
    """The nouns that a "not" of their own stands before: 'not Harrow', 'а не в Харроу'."""
    s = draft.content
    for i, token in enumerate(s.tokens):
        inside = draft.start <= s.start + token.start < draft.end
        if not inside or token.lemma not in _NOT or _is_of_a_verb(s, i):
            continue
        for n in range(i + 1, min(i + 1 + _REACH, len(s.tokens))):
            if s.tokens[n].pos in _NOUNS:
                yield n
                break
            if s.tokens[n].pos not in _BETWEEN:
                break


def _is_of_a_verb(s: Sentence, i: int) -> bool:
    """'Did not go': the word before is an auxiliary, or a verb comes next."""
    before = s.tokens[i - 1] if i else None
    return before is not None and before.pos == "AUX"
