"""Small questions about the words of a sentence, shared by claims, threads and contradictions.

English and Russian, no dictionary: endings are cut, so that "denied involvement" and "denies being involved"
meet. Nothing here decides alone; it measures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from monitor.core.types import Claim, ClaimTime, Stance


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
    и в во на с со к ко по о об от до из за у что как это то а но или же бы ли его ее её их он она они мы
    вы я при для был была было были быть есть уже ещё еще так тоже также все всё этот эта эти этого этой
    том тем который которая которые только после перед между под над где когда если чтобы свой своей
    """
)
#: Stands before a place that an article names, among the topics of its claims.
PLACE_MARK = "@"
#: Stands before another name that an article repeats, among the topics of its claims.
NAME_MARK = "#"
#: Begins the key that a claim shares with the claims that are said against it.
REBUTTAL_MARK = "r|"
#: Begins the key that a claim shares with those that count again what it counts: "the hospital says nine".
COUNT_MARK = "n|"
#: Stands before a time as a filler that something else had, which came before: "ill after eating on Monday".
AFTER = ">"
#: Stands before a distance in metres as a filler, where another place has its relation.
AWAY = "away"
NEGATIONS = word_set(
    """
    not no never none nobody nothing neither nor nowhere without cannot n't deny denies denied
    denying не нет ни никто ничего никогда никакой никаких никакого нельзя без отрицает отрицают
    """
)
# Words that only make it firmer: nothing is denied.
_FIRM = re.compile(
    r"(?i)\b(?:no|without|without any) (?:doubt|question)\b|\b(?:nobody|no one|nothing|none) else\b|"
    r"\b(?:and|but|,) (?:no|not (?:a single )?(?:one )?) ?(?:more|fewer|less)\b"
)
_ENDINGS = (
    "ations", "ation", "ements", "ement", "ments", "ment", "ingly", "edly", "ings", "ions", "ing", "ies",
    "ied", "ion", "ers", "er", "est", "ed", "es", "ly", "al", "s", "e", "y",
)  # fmt: skip


def rebuttal_key(fingerprint: str) -> str:
    """The key that links claims against the one with this fingerprint to it."""
    return REBUTTAL_MARK + fingerprint


def count_key(fingerprint: str) -> str:
    """The key that links claims which count again what the one with this fingerprint counts to it."""
    return COUNT_MARK + fingerprint


def stamp(when: ClaimTime) -> str:
    """A time as a filler: "2031-05-05" for a day and longer, "2031-05-05T21:40" for less."""
    is_long = when.ends_at - when.begins_at >= timedelta(days=1)
    begin = when.begins_at.replace(tzinfo=None)
    return begin.date().isoformat() if is_long else begin.isoformat(timespec="minutes")


# Of nouns, adjectives and verbs, longest first.
_RUSSIAN_ENDINGS = tuple(
    sorted(
        word_set(
            """
            ами ями ого его ому ему ыми ими иях ией иям ость ости остью ение ения ению ением ать ять ить еть
            ешь ают яют ает яет ала ила али или ыла ыли ов ев ей ой ий ый ая яя ое ее ые ие ую юю ом ем ам ям
            ах ях ых их ым им ет ит ут ют ат ят ал ил ел ла ло ли на но ны ен а я о е у ю ы и ь й
            """
        ),
        key=lambda ending: (-len(ending), ending),
    )
)


# No ending: "letter" is no form of "let", and "order" one of "ordered".
_ENDS_IN_ER = word_set(
    """
    alter answer banner batter better bitter bother center chapter cluster consider corner counter cover
    deliver differ dinner discover encounter enter filter flower folder foster gather hammer hinder launder
    letter litter matter member monster murder muster number offer order partner power proper quarter recover
    register remember river shelter shower slander soldier suffer summer surrender tender theater tower
    transfer trigger water weather winter wonder
    """
)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its ending, casefolded; at least three letters stay."""
    low = word.casefold().replace("’", "'").removesuffix("'s")
    if "а" <= low[:1] <= "ё":
        low = low.replace("ё", "е")
        ending = next((e for e in _RUSSIAN_ENDINGS if low.endswith(e) and len(low) - len(e) >= 3), "")
        return low[: len(low) - len(ending)]
    if low.removesuffix("s") in _ENDS_IN_ER:
        return low.removesuffix("s")
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            cut = low[: -len(ending)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "aeiouls" else cut
    return low


def stem_set(words: str) -> frozenset[str]:
    """A table of stems, written as one text."""
    return frozenset(stem(word) for word in word_set(words))


@lru_cache(maxsize=20_000)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry content; empty for pronouns and function words only."""
    words = (w for w in WORD.findall(text.casefold()))
    return frozenset(
        stem(w)
        for w in words
        if w.replace("’", "'").removesuffix("'s") not in STOP_WORDS and not is_negation(w)
    )


_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)


def is_cyrillic(text: str) -> bool:
    """Whether any of its letters is Russian or Ukrainian: words of two scripts share no letters."""
    return _CYRILLIC.search(text) is not None


def is_negation(word: str) -> bool:
    """Whether the word turns a sentence into its opposite."""
    low = word.casefold().replace("’", "'")
    return low in NEGATIONS or low.endswith("n't")


@lru_cache(maxsize=20_000)
def negations(text: str) -> int:
    """How many negating words the text has."""
    return sum(is_negation(w) for w in WORD.findall(_FIRM.sub(" ", text)))


def denies(claim: Claim) -> bool:
    """Whether the claim says that something is not so: an odd number of negations, a denial being one."""
    return (negations(claim.proposition) + (claim.stance is Stance.DENY)) % 2 == 1


def jaccard(left: Iterable[str], right: Iterable[str]) -> float:
    """Shared over all; 0 where both are empty."""
    a, b = frozenset(left), frozenset(right)
    return len(a & b) / len(a | b) if a | b else 0.0


def containment(left: Iterable[str], right: Iterable[str]) -> float:
    """Shared over the smaller; 0 where one is empty."""
    a, b = frozenset(left), frozenset(right)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
