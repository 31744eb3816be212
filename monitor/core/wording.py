"""Small questions about the words of a sentence, shared by claims, threads and contradictions.

English only, no dictionary: endings are cut, so that "denied involvement" and "denies being involved"
meet. Nothing here decides alone; it measures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def word_set(words: str) -> frozenset[str]:
    """The words of a text that lists them, as a set."""
    return frozenset(words.split())


WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")

STOP_WORDS = word_set(
    """
    a about above after again against all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each ever few for from further
    had has have having he her here hers him his how i if in into is it its itself just may me might
    more most must my no nor not now of off on once only or other our out over own said same say
    says shall she should so some such than that the their them then there these they this those
    through to too under until up upon us very was we were what when where which while who whom why
    will with would you your yet still even much many mr mrs ms dr never none neither cannot monday
    tuesday wednesday thursday friday saturday sunday today yesterday tomorrow
    """
)
#: Stands before a place that an article names, among the topics of its claims.
PLACE_MARK = "@"
#: Stands before another name that an article repeats, among the topics of its claims.
NAME_MARK = "#"
#: Begins the key that a claim shares with the claims that are said against it.
REBUTTAL_MARK = "r|"
NEGATIONS = word_set(
    """
    not no never none nobody nothing neither nor nowhere without cannot n't deny denies denied
    denying
    """
)
# Words that only make it firmer: nothing is denied.
_FIRM = re.compile(
    r"(?i)\b(?:no|without|without any) (?:doubt|question)\b|\b(?:nobody|no one|nothing|none) else\b"
)
_ENDINGS = (
    "ations", "ation", "ements", "ement", "ments", "ment", "ingly", "edly", "ings", "ions", "ing", "ies",
    "ied", "ion", "ers", "er", "est", "ed", "es", "ly", "al", "s", "e", "y",
)  # fmt: skip


def rebuttal_key(fingerprint: str) -> str:
    """The key that links claims against the one with this fingerprint to it."""
    return REBUTTAL_MARK + fingerprint


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its ending, casefolded; at least three letters stay."""
    low = word.casefold().replace("’", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            cut = low[: -len(ending)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "aeiouls" else cut
    return low


@lru_cache(maxsize=20_000)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry content; empty for pronouns and function words only."""
    words = (w for w in WORD.findall(text.casefold()))
    return frozenset(
        stem(w)
        for w in words
        if w.replace("’", "'").removesuffix("'s") not in STOP_WORDS and not is_negation(w)
    )


def is_negation(word: str) -> bool:
    """Whether the word turns a sentence into its opposite."""
    low = word.casefold().replace("’", "'")
    return low in NEGATIONS or low.endswith("n't")


@lru_cache(maxsize=20_000)
def negations(text: str) -> int:
    """How many negating words the text has."""
    return sum(is_negation(w) for w in WORD.findall(_FIRM.sub(" ", text)))


def jaccard(left: Iterable[str], right: Iterable[str]) -> float:
    """Shared over all; 0 where both are empty."""
    a, b = frozenset(left), frozenset(right)
    return len(a & b) / len(a | b) if a | b else 0.0


def containment(left: Iterable[str], right: Iterable[str]) -> float:
    """Shared over the smaller; 0 where one is empty."""
    a, b = frozenset(left), frozenset(right)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
