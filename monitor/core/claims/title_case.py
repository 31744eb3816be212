"""Headlines in capitals, or With a Capital on Every Word, as a sentence would have them: parsers take such
words for names. The text behind a headline shows which are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# A name stands in the text behind a small word or a comma; what begins a sentence may be anything.
_MIN_WORDS = 4
_SHORT = 3
# So many words of a headline may be small, of a hundred, where all others have a capital.
_SMALL = 20
_LOUD = 2


def as_sentence(title: str, text: str, named: Sequence[tuple[int, int]]) -> str:
    """The title, as long as it was, its words small where the text does not show them to be names.

    `named` are the stretches of the title that name something that the rules know.
    """
    words = list(_WORD.finditer(title))
    long = [w.group() for w in words if len(w.group()) > _SHORT]
    small = sum(w[:1].islower() for w in long)
    titled = len(words) >= _MIN_WORDS and small * 100 <= _SMALL * len(long)
    loud = {w.start() for w in _loud(words)}
    if not titled and not loud:
        return title
    letters = list(title)
    for n, word in enumerate(words):
        start, end = word.span()
        if not (titled and n) and start not in loud:
            continue
        for at, letter in zip(range(start, end), _calm(word.group(), text, n == 0), strict=True):
            if not any(a <= start and end <= b for a, b in named) or start in loud:
                letters[at] = letter
    return "".join(letters)


def _loud(words: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """Words in capitals of which at least two stand together: "WIDOW SPEAKS", and no "NATO"."""
    found = []
    for n, word in enumerate(words):
        near = [*words[max(0, n - 1) : n], *words[n + 1 : n + 2]]
        together = any(w.group().isupper() for w in near)
        if (
            word.group().isupper()
            and (len(word.group()) > 1 or together)
            and (together or len(words) < _LOUD)
        ):
            found.append(word)
    return found


def _calm(word: str, text: str, first: bool) -> str:
    """The word as the text writes it; small where it is not found there, or found small."""
    name = word[0].upper() + word[1:].lower()
    if re.search(rf"(?<=[\w,’'] ){re.escape(name)}\b", text) or re.search(
        rf"\b{re.escape(name)} [A-Z]", text
    ):
        return name
    if re.search(rf"\b{re.escape(word)}\b", text) and (word.isupper() or word != name):
        return word
    small = word.lower()
    return name if (first and len(small) == len(word)) else small if len(small) == len(word) else word
