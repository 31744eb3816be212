"""How often a written form stands in an article: a guess, to choose what a rule is reached by.

No list of counts is shipped. A word that any report has (`common_words`) counts for half the articles;
of the others, the longer is taken for the rarer, and a phrase for as rare as all its words together.
A wrong guess costs time and never an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from monitor.core.operators import ANYTHING, Need
from monitor.core.rules.common_words import common_in
from monitor.core.text import normalise

#: The share of articles for a word that any report has.
COMMON = 0.5
# More letters make no difference any more.
_MOST_LETTERS = 24


@lru_cache(maxsize=16_384)
def share_of(form: str) -> float:
    """The share of articles in which a written form may stand, in 0–1."""
    words = normalise(form.rstrip("*")).split()
    rare = sum(len(word) for word in words if not common_in(word))
    return 2.0 ** -min(rare, _MOST_LETTERS) if rare else COMMON ** max(len(words), 1)


def guesser(names: Mapping[str, Iterable[str]]) -> Callable[[Need], float]:
    """Guesses for needs; an entity, by its id among `names`, stands wherever one of its forms does."""
    entities: dict[str, float] = {}

    def often(need: Need) -> float:
        if need == ANYTHING:
            return 1000.0
        if not need.entity:
            return share_of(need.form or need.literal)
        if need.entity not in entities:
            entities[need.entity] = sum(map(share_of, names.get(need.entity, ())))
        return entities[need.entity]

    return often
