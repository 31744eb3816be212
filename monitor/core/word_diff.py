"""What an edit changed, word by word.

The longest common runs of words (Ratcliff and Obershelp, as in Python's difflib), after what is equal at both
ends has been set aside, as most edits touch a sentence of a long text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

#: Words with the white space after them, so that the pieces joined are the text again.
_WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
#: Between longer unequal middles no common words are looked for: one is shown as taken out, one as put in.
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    # "same" | "removed" | "added"
    kind: str
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order; neighbours differ in kind, and none is empty.

    "same" and "removed" joined are `before`, "same" and "added" joined are `after`, but for white space of
    pieces that are the same (`after`'s is given).
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    keys_old, keys_new = [word.rstrip() for word in old], [word.rstrip() for word in new]
    head = _equal(keys_old, keys_new)
    tail = _equal(keys_old[head:][::-1], keys_new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [
        ("same", new[:head]),
        *_middle(middle_old, middle_new),
        ("same", new[len(new) - tail :]),
    ]
    return tuple(_joined(found))


def excerpt(pieces: Sequence[Piece], words: int = 8) -> tuple[Piece, ...]:
    """The same, with unchanged pieces cut to so many words beside each change; "…" stands for the rest."""
    shown = []
    for number, piece in enumerate(pieces):
        if piece.kind != "same":
            shown.append(piece)
            continue
        told = _WORD.findall(piece.text)
        first = told[:words] if number else []
        last = told[-words:] if number < len(pieces) - 1 else []
        if len(first) + len(last) < len(told):
            text = "".join(first).rstrip() + (" … " if first and last else "…") + "".join(last)
            piece = Piece(kind="same", text=text)
        shown.append(piece)
    return tuple(shown)


def marked(pieces: Sequence[Piece]) -> str:
    """For eyes without colour, as `git diff --word-diff` marks it: [-taken out-] and {+put in+}."""
    marks = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    told = []
    for piece in pieces:
        left, right = marks[piece.kind]
        words = piece.text.rstrip()
        told.append(left + words + right + piece.text[len(words) :])
    return "".join(told)


def _equal(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (("removed", old), ("added", new))
        return
    matcher = SequenceMatcher(None, [word.rstrip() for word in old], [word.rstrip() for word in new])
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield "same", new[k:m]
        else:
            yield from (("removed", old[i:j]), ("added", new[k:m]))


def _joined(found: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Piece]:
    kind, text = "", ""
    for next_kind, words in found:
        if not words:
            continue
        if next_kind != kind and text:
            yield Piece(kind=kind, text=text)
            text = ""
        kind, text = next_kind, text + "".join(words)
    if text:
        yield Piece(kind=kind, text=text)
