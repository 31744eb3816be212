"""What English numbers are worth, in words and in figures, and how the words before them mean them."""

from __future__ import annotations

import re

#: Number word → its value.
SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * tens
    for tens, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
#: What a number is multiplied by: word → factor.
LARGE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "bn": 1e9,
    "k": 1e3,
}
_DIGITS = re.compile(r"^(?P<sign>[$€£])?(?P<value>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?(?P<times>m|bn|k)?$")
# The first that fits counts: "no more than" is not "more than".
_BOUND_WORDS = {
    "at_least": r"at least|no fewer than|no less than|a minimum of|as many as",
    "at_most": r"at most|up to|no more than|not more than|a maximum of",
    "more_than": r"more than|over|above|exceed\w*|upwards of",
    "less_than": r"less than|fewer than|under|below|nearly|almost",
    "about": r"about|around|roughly|some|approximately|an estimated|close to",
}
_BOUNDS = {name: re.compile(rf"\b(?:{words})\s*$", re.I) for name, words in _BOUND_WORDS.items()}
#: A pattern for what may stand before a number and say how it is meant: "at least", "only".
BOUND = rf"(?:{'|'.join(_BOUND_WORDS.values())}|only|just|merely|exactly)"
_WORDS = "|".join(sorted(SMALL, key=len, reverse=True))
#: A pattern for a number in figures or in a word or two, and for "half", "none": "38", "sixty-one".
NUMERAL = rf"(?:\d+(?:[.,]\d+)*|(?:{_WORDS})(?:-(?:{_WORDS}))?|hundreds|thousands|dozens|none|nil|half)"


def number(words: str) -> float | None:
    """What a number in figures or words is worth; None where it is no number."""
    total, current, any_word = 0.0, 0.0, False
    for word in re.split(r"[\s\-]+", words.casefold()):
        digits = _DIGITS.match(word)
        if digits:
            current += float(digits["value"].replace(",", "") + (digits["rest"] or ""))
            current *= LARGE.get(digits["times"] or "", 1.0)
        elif word in SMALL:
            current += SMALL[word]
        elif word in LARGE:
            current = (current or 1.0) * LARGE[word]
            if LARGE[word] >= 1_000:
                total, current = total + current, 0.0
        elif word not in {"and", "$", "€", "£"}:
            return None
        any_word = True
    return total + current if any_word else None


def bound_of(before: str) -> str:
    """What the words right before a number make of it: "at_least", "about"…, else "exactly"."""
    near = f"{before.rstrip('$€£ ')} "[-24:]
    return next((name for name, words in _BOUNDS.items() if words.search(near)), "exactly")
