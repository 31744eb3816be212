"""Calling untrue what was just said, and nothing more: “That is a lie,” 'this never happened', «это не так».

Such words name nothing that they deny, and are said in few ways: they are read as letters, without a parse.
"""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.core.claims.draft import Draft
from monitor.core.types import ClaimKind, Stance

# What only words are called: "absurd" and "wrong" are said of deeds as well.
_UNTRUE = (
    r"(?:untrue|false|fals[ei]hoods?|lies?|fabrications?|fabricated|inventions?|invented|made up|fictions?|"
    r"fantas(?:y|ies)|fairy tales?|nonsense|rubbish|garbage|hogwash|baloney|bunk|poppycock|myths?|hoax|"
    r"fake|slander|libel|disinformation|incorrect|inaccurate|baseless|unfounded|groundless)"
)
_SO = (
    r"(?:true|so|correct|accurate|the case|the truth|what happened|"
    r"how (?:it|things) (?:was|were|happened|went))"
)
_THIS = r"(?:that|this|it|these|those|all (?:of )?(?:that|this|it))"
_IS = r"(?:['’]s|['’]re| is| was| are| were)"
_IS_NOT = rf"(?:{_IS}(?: \w+)? not|(?: is| was| are| were)n['’]t)"
_HOW = r"(?: (?!not\b|no\b|never\b)[\w-]+){0,3}?"
_DID_NOT = r"(?:never|did not|didn['’]t)"
_HAPPEN = r"(?:happen(?:ed)?|occur(?:red)?|take place|took place|taken place|exist(?:ed)?)"
# "From beginning to end", "and he knows it"; with "that the pumps were off" it would name what it denies.
_REST = r"(?!\s+(?:that|to|if|of|for|about)\b)(?:[\s,].{0,40})?\W*"
_UNTRUE_RU = r"(?:ложь|неправда|вымысел|выдумк[аи]|чушь|бред|ерунда|клевета|фейк|фантазии)"
_ALL_OF_IT = tuple(
    re.compile(rf"(?i)\W*(?:(?:but|and|well|no|но|нет),? )?{shape}")
    for shape in (
        rf"{_THIS}{_IS}{_HOW} (?:an? |the )?{_UNTRUE}{_REST}",
        rf"{_THIS}{_IS_NOT}{_HOW} {_SO}{_REST}",
        rf"{_THIS} (?:simply |just )?{_DID_NOT} {_HAPPEN}{_REST}",
        rf"there{_IS}(?: \w+)? (?:no|not (?:an?|one) \w+ of) truth (?:in|to) \w+(?: \w+)?\W*",
        r"not an? (?:single )?word (?:of (?:it|that|this) )?(?:is|was) true\W*",
        r"(?:nothing of the (?:kind|sort)|no such thing)\b.{0,40}",
        rf"(?:\w+ )?{_UNTRUE}\W*",
        rf"(?:вс[её] )?это (?:\w+ )?{_UNTRUE_RU}\b.{{0,40}}",
        r"(?:вс[её] )?это (?:не так|не соответствует действительности)\W*",
        r"(?:ничего подобного|такого)(?: \w+)? не (?:было|происходило|случалось)\W*",
        rf"(?:ничего подобного|(?:\w+ )?{_UNTRUE_RU})\W*",
    )
)
_LIES = re.compile(
    r"(?i)\W*(?P<who>(?:(?:mr|mrs|ms|dr)\.? )?[^\W\d_]+)(?:['’]s| is| was)?(?: \w+)? "
    r"(?:lying|mistaken|a liar|not telling the truth|making (?:it|this|that) up|лж[её]т|вр[её]т|ошибается)\W*"
)


def calls_untrue(words: str) -> bool:
    """Whether these words, a clause or less, do nothing but call untrue what was said right before."""
    return any(shape.fullmatch(words) for shape in _ALL_OF_IT)


def who_lies(words: str) -> str:
    """Whom these words, and nothing else in them, give the lie: "she", "Ruiz"; empty: nobody."""
    found = _LIES.fullmatch(words)
    return found["who"].rpartition(" ")[2] if found is not None else ""


def given_the_lie(d: Draft, words: str) -> Draft:
    """The draft with these words as a denial of what was said before, where it calls that untrue; else as
    it is.
    """
    if d.stance is not Stance.ASSERT or d.kind is ClaimKind.OWN_VOICE:
        return d
    if not (calls_untrue(words) or who_lies(words)):
        return d
    return replace(d, stance=Stance.DENY, heads=(), cue_token=None, implied=None, points_back=True)
