"""How many of what: 'at least 137 people were killed' → 137, at least, killed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.core.claims import grammar
from monitor.core.claims.parsed import Sentence
from monitor.core.types import Quantity
from monitor.core.wording import word_set

_SMALL = {
    w: n
    for n, w in enumerate(
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
    w: 20 + 10 * n
    for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_LARGE = {
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
_BOUNDS = (
    (re.compile(r"(?:at least|no fewer than|no less than|a minimum of|as many as)\s*$", re.I), "at_least"),
    (re.compile(r"(?:more than|over|above|exceed\w*|upwards of)\s*$", re.I), "more_than"),
    (re.compile(r"(?:less than|fewer than|under|below|nearly|almost)\s*$", re.I), "less_than"),
    (re.compile(r"(?:at most|up to|no more than|a maximum of)\s*$", re.I), "at_most"),
    (re.compile(r"(?:about|around|roughly|some|approximately|an estimated|close to)\s*$", re.I), "about"),
)
_CURRENCY = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "rouble": "RUB",
}
_PEOPLE = word_set(
    """
    people person man woman child civilian worker passenger soldier civilian resident employee
    student crew police officer patient victim other migrant tourist boy girl sailor miner fisherman
    protester one pupil firefighter visitor
    """
)


def quantities(s: Sentence, indices: list[int], units: Mapping[str, str]) -> tuple[Quantity, ...]:
    """The counts and amounts among these tokens. `units` maps a lemma to the name of what is counted."""
    found, used = [], set[int]()
    inside = set(indices)
    for i in indices:
        if i in used or s.tokens[i].pos != "NUM":
            continue
        group = [i]
        while (following := _number_goes_on(s, group[-1])) is not None and following in inside:
            group.append(following)
        used.update(group)
        value = number(s.words(group))
        unit = _unit(s, group[-1], units) if value is not None else ""
        if value is None or not unit:
            continue
        found.append(Quantity(value=value, bound=_bound(s, i), unit=unit, surface=s.words(group)))
    return tuple(found)


def _number_goes_on(s: Sentence, i: int) -> int | None:
    """The next token of one number: 'two million', 'twenty-one'."""
    following = i + 1
    if following < len(s.tokens) and s.tokens[following].text == "-":
        following += 1
    return following if following < len(s.tokens) and s.tokens[following].pos == "NUM" else None


def number(words: str) -> float | None:
    """What a number in figures or words is worth; None where it is no number."""
    total, current, any_word = 0.0, 0.0, False
    for word in re.split(r"[\s\-]+", words.casefold()):
        digits = _DIGITS.match(word)
        if digits:
            current += float(digits["value"].replace(",", "") + (digits["rest"] or ""))
            current *= _LARGE.get(digits["times"] or "", 1.0)
        elif word in _SMALL:
            current += _SMALL[word]
        elif word in _LARGE:
            current = (current or 1.0) * _LARGE[word]
            if _LARGE[word] >= 1_000:
                total, current = total + current, 0.0
        elif word not in {"and", "$", "€", "£"}:
            return None
        any_word = True
    return total + current if any_word else None


def _bound(s: Sentence, i: int) -> str:
    before = s.text[: s.tokens[i].start].rstrip("$€£ ") + " "
    return next((name for pattern, name in _BOUNDS if pattern.search(before[-24:])), "exactly")


def _unit(s: Sentence, i: int, units: Mapping[str, str]) -> str:
    token = s.tokens[i]
    if i > 0 and s.tokens[i - 1].text in _CURRENCY:
        return _CURRENCY[s.tokens[i - 1].text]
    if i + 1 < len(s.tokens) and s.tokens[i + 1].text in {"%", "percent"}:
        return "percent"
    head = token.head
    if token.dep in {"nummod", "compound", "quantmod"} and head != i:
        noun = head
        while s.tokens[noun].pos == "NUM" and s.tokens[noun].head != noun:
            noun = s.tokens[noun].head
    elif s.tokens[i + 1 : i + 2] and s.tokens[i + 1].lemma in units:
        return units[s.tokens[i + 1].lemma]
    else:
        noun = i
    lemma = s.tokens[noun].lemma
    if lemma in units and s.tokens[noun].pos != "NUM":
        return units[lemma]
    if lemma in _CURRENCY:
        return _CURRENCY[lemma]
    act = _act(s, noun)
    if act in units:
        return units[act]
    toll = next(
        (s.tokens[a] for a in s.subtree(_top(s, noun)) if s.tokens[a].lemma in {"toll", "count"}), None
    )
    if noun == i or lemma in {"people", "person"}:
        return (
            units.get("death", "")
            if toll is not None and toll.lemma == "toll"
            else (act if lemma in _PEOPLE else "")
        )
    return f"{lemma} {act}".strip() if act and act not in {"be", "have", "say"} else lemma


def _act(s: Sentence, noun: int) -> str:
    """What happened to the counted: the participle beside it or the verb that it stands with."""
    beside = grammar.child(s, noun, "acl", "amod")
    if beside is not None and s.tokens[beside].pos in {"VERB", "ADJ"}:
        return s.tokens[beside].lemma
    token = s.tokens[noun]
    above = s.tokens[token.head]
    if token.dep in {"nsubjpass", "dobj", "nsubj"} and above.pos in {"VERB", "ADJ", "AUX"}:
        told = grammar.child(s, token.head, "acomp")
        if above.lemma == "be" and told is not None:
            return s.tokens[told].lemma
        return above.lemma
    return ""


def _top(s: Sentence, i: int) -> int:
    return next((a for a in s.ancestors(i) if s.tokens[a].pos in {"VERB", "AUX"}), i)
