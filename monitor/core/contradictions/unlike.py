"""What tells two facts or claims apart though their words are alike: another one of the kind, another place,
another time."""

from __future__ import annotations

import re

from monitor.core.facts import KIND_MARK, STATE_MARK, TELLING_APART, Fact, kind
from monitor.core.types import Claim
from monitor.core.wording import WORD, stem, word_set

_IN = frozenset({"in", "at", "near", "outside", "off"})
# What was so until then, or is so again, was not so at the other time.
_TURNS = word_set(
    "until till longer again anymore formerly initially originally eventually now currently then"
)
_ORDERED = word_set("first second third fourth fifth other another next last previous earlier later ago")
_ORDERED_RU = frozenset(map(stem, word_set("первый второй третий другой следующий прошлый соседний")))
# Of a whole country: no town's count.
_NATIONWIDE = re.compile(
    r"(?i)\b(?:nationwide|countrywide|worldwide|nationally|(?:across|throughout) the country|"
    r"по (?:всей )?стране|по республике|во всём мире|во всем мире)\b"
)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


def told_apart(x: Fact, y: Fact) -> bool:
    """Whether one is called another one, the first, the northern, and the other is not."""
    return _marks(x) != _marks(y)


def _marks(fact: Fact) -> frozenset[str]:
    return (fact.kinds | fact.whose) & TELLING_APART


def other_when(a: Claim, b: Claim, *, turns: bool = True) -> bool:
    """Whether they speak of other times: named ones that do not meet, or (`turns`) a turn that only one tells
    of.
    """
    if a.times and b.times:
        met = any(x.meets(y) for x in a.times for y in b.times if {x.bound, y.bound} <= {"at", "about"})
        if not met:
            return True
    return _when_words(a, turns) != _when_words(b, turns)


def no_time_in_common(a: Claim, b: Claim) -> bool:
    """Each names a time, and none in common: nobody was hurt on Monday, and two in May."""
    return bool(a.times and b.times) and not any(x.meets(y) for x in a.times for y in b.times)


def _when_words(claim: Claim, turns: bool) -> frozenset[str]:
    words = {word.casefold() for word in WORD.findall(claim.quote)}
    russian = {stem(word) for word in words} & _ORDERED_RU
    telling = _ORDERED | _TURNS if turns else _ORDERED
    return frozenset(words & telling) | frozenset(russian) | frozenset(_YEARS.findall(claim.quote))


def is_nationwide(claim: Claim) -> bool:
    """Whether it counts in a whole country: no town's count is held against that."""
    return _NATIONWIDE.search(claim.quote) is not None


def other_place(a: Claim, b: Claim) -> bool:
    """Each says where, and they name no place in common."""
    left, right = _where(a), _where(b)
    if left and right:
        return not left & right
    # "In Varn six were arrested": no word of Varn in the other's report.
    return any(name[:1].isupper() and _unheard(name, other) for name, other in (*_named(a, b), *_named(b, a)))


def _named(a: Claim, b: Claim) -> list[tuple[str, Claim]]:
    return [(p.name, b) for p in a.places if p.relation in _IN]


def _unheard(name: str, claim: Claim) -> bool:
    """Whether no topic of the claim's article has the name."""
    return not {kind(word) for word in name.split()} & topics_of(claim)


def topics_of(claim: Claim) -> frozenset[str]:
    """The words of the topics by which the claim's facts are met: stems."""
    topics = {key.split("|")[2] for key in claim.keys if key.startswith((STATE_MARK, KIND_MARK))}
    return frozenset(kind(word) for topic in topics for word in topic.split())


def leads_there(a: Claim, b: Claim) -> bool:
    """One is at a place, the other only on the way to it or from it."""
    return any(
        here.relation in _IN
        and here.name.casefold() in _ways(there)
        and here.name.casefold() not in {p.name.casefold() for p in there.places if p.relation in _IN}
        for here, there in ((p, other) for claim, other in ((a, b), (b, a)) for p in claim.places)
    )


def _ways(claim: Claim) -> frozenset[str]:
    return frozenset(p.name.casefold() for p in claim.places if p.relation not in _IN)


def _where(claim: Claim) -> frozenset[str]:
    return frozenset((p.entity or p.name).casefold() for p in claim.places if p.relation in _IN)
