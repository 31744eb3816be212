"""Articles and rules for `benchmarks/matching.py`, the same ones in every run.

Articles are cut from the news texts of PolNeAR where ../shared/data has them, else made up by a seed:
words of a made-up vocabulary, as often as words of a language are (Zipf), with the signs of news.

Rules look like those of analysts: one to five terms; 35 % of the terms are words, 45 % two words, 20 % three;
half are rare words of articles that are not measured, half made-up names; 60 % of the rules ask for any of
their terms, 25 % for all of some and any of the others, 15 % for any but one. About 0.1 % match an article.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.core.types import Condition, Rule

POLNEAR = Path(__file__).resolve().parents[2] / "shared" / "data" / "polnear"
#: Characters of an article.
LENGTH = 3900
MEASURED = 300

_SYLLABLES = (
    "ka",
    "ro",
    "mi",
    "ve",
    "lo",
    "sta",
    "bre",
    "tu",
    "nor",
    "del",
    "ash",
    "kin",
    "ber",
    "ov",
    "sky",
    "man",
    "ger",
    "li",
    "za",
    "por",
    "ten",
    "mar",
    "gu",
    "fi",
)
_WORD = re.compile("[a-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A rule as every engine can have it: at least one of `any`, all of `all`, none of `none`."""

    id: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def rule(self) -> Rule:
        children = [_keyword((term,)) for term in self.all]
        children += [_keyword(self.any)] if self.any else []
        children += [Condition(operator="none", children=(_keyword(self.none),))] if self.none else []
        return Rule(
            id=self.id,
            version=self.id,
            title="",
            condition=Condition(operator="all", children=tuple(children)),
        )


def _keyword(terms: tuple[str, ...]) -> Condition:
    return Condition(operator="keyword", terms=terms)


@cache
def _texts() -> tuple[str, list[str]]:
    chance = random.Random(1)
    files = [POLNEAR / "train.jsonl", POLNEAR / "dev.jsonl"]
    if all(file.exists() for file in files):
        lines = [line for file in files for line in file.read_text().splitlines()]
        words = "\n\n".join(json.loads(line)["text"] for line in lines)
        pieces = [words[at : at + LENGTH] for at in range(0, len(words) - LENGTH, LENGTH)]
        chance.shuffle(pieces)
        return f"{len(pieces)} pieces of PolNeAR's news texts", pieces
    return "1,000 texts made up by a seed", [_made_up(random.Random(number)) for number in range(1000)]


def _made_up(chance: random.Random) -> str:
    vocabulary, weights = _vocabulary()
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < LENGTH:
        sentences = []
        for _ in range(chance.randint(2, 4)):
            words = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(8, 25))
            words[0] = words[0].capitalize()
            words[len(words) // 2] += chance.choice([",", ",", "’s", " —", ""])
            sentence = " ".join(words) + "."
            sentences.append(f"“{sentence}”" if chance.random() < 0.2 else sentence)
        paragraphs.append(" ".join(sentences))
    return "\n\n".join(paragraphs)[:LENGTH]


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    chance = random.Random(0)
    words = sorted({_name(chance, 1, 3) for _ in range(30_000)})
    chance.shuffle(words)
    weights, total = [], 0.0
    for rank in range(len(words)):
        total += 1 / (rank + 2.7)
        weights.append(total)
    return words, weights


def _name(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(least, most)))


def origin() -> str:
    """Where the articles come from, in words."""
    return _texts()[0]


def articles(count: int = MEASURED) -> list[str]:
    """Texts to be matched, at most 300."""
    return _texts()[1][: min(count, MEASURED)]


def specs(count: int) -> list[Spec]:
    """The first rules of one endless list."""
    held_out = [_WORD.findall(text.lower()) for text in _texts()[1][MEASURED:]]
    frequency = Counter(word for words in held_out for word in set(words))
    chance = random.Random(2)
    return [_spec(f"r{number:06}", chance, held_out, frequency) for number in range(count)]


def _spec(id: str, chance: random.Random, held_out: Sequence[Sequence[str]], frequency: Counter[str]) -> Spec:
    terms = [_term(chance, held_out, frequency) for _ in range(chance.randint(1, 5))]
    kind = chance.random()
    if kind < 0.6:
        return Spec(id=id, any=tuple(terms))
    if kind < 0.85:
        needed = chance.randint(1, 2)
        return Spec(id=id, all=tuple(terms[:needed]), any=tuple(terms[needed:]))
    return Spec(id=id, any=tuple(terms), none=(_term(chance, held_out, frequency),))


def _term(chance: random.Random, held_out: Sequence[Sequence[str]], frequency: Counter[str]) -> str:
    (length,) = chance.choices((1, 2, 3), (35, 45, 20))
    if chance.random() < 0.5:
        return " ".join(_name(chance, 2, 4) for _ in range(length))
    while True:
        words = chance.choice(held_out)
        at = chance.randrange(len(words) - 3)
        # No analyst asks for what stands in every report: one rare word at least.
        if min(frequency[word] for word in words[at : at + length]) <= (2 if length == 1 else 12):
            return " ".join(words[at : at + length])
