"""Counts of one thing that cannot both hold; a toll that grew since is an update."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

from monitor.core.contradictions.camps import is_survey
from monitor.core.contradictions.pairs import Finding, says_something
from monitor.core.contradictions.subjects import Frames, other_time
from monitor.core.contradictions.unlike import is_nationwide
from monitor.core.name_sounds import one_name
from monitor.core.types import (
    ArticleField,
    Claim,
    ClaimKind,
    ContradictionKind,
    Frame,
    Grade,
    Quantity,
    Relation,
    Stance,
)
from monitor.core.wording import content_words, count_key, is_cyrillic, jaccard, stem, stem_set, word_set

_NAME = re.compile(r"\b[^\W\d_a-zа-я][\w’'\-]{2,}")
_NOT = re.compile(
    r"(?i)\b(?:is|are|was|were|did|does|do|has|have|had|will|would|could|can)(?: not|n['’]t)\b|\bnever\b"
)
# Said within this time of each other, two counts speak of one moment.
_SAME_TIME_S = 12 * 3_600
_ONE_TOLL_S = 72 * 3_600
_NO_MORE = re.compile(
    r"(?i)\b(?:only|merely|just|in all|in total|no more|not (?:a single )?(?:one )?more|nobody else|"
    r"лишь|только|всего|не более|не больше|больше никто)\b"
)
# What is over for so long is another event.
_WEEKS = timedelta(days=21)
# "Rescuers had at first counted two": that is no longer their count.
_NO_LONGER = re.compile(
    r"(?i)\b(?:had|has) (?:earlier|previously|at first|initially|first)\b|"
    r"\b(?:ранее|сначала|поначалу|первоначально) (?:сообщал|называл|говорил)\w*"
)
# Rounding: values closer than this share of the larger are no conflict.
_TOLERANCE = 0.1
_MIN_SHARED_WORDS = 2
# Of what no frame counts: money and metres are measured of many things.
_MIN_JACCARD = 0.3
_MIN_JACCARD_ACROSS = 0.5
# "Feb. 2" counts nothing, and "between 2 and 5" has two ends.
_DATES = word_set("jan feb mar apr may jun jul aug sep sept oct nov dec")
_RANGE = re.compile(r"(?i)\bbetween\s+\S*\d\S*\s+and\s+\S*\d|\bот\s+\d\S*\s+до\s+\d")
_MIN_JACCARD_OF_SHARES = 0.4
# "Five gunmen", "two armed guards", "three dead Norvik soldiers".
_AFTER_NUMBER = r"(?: [\w-]+){0,3}? ([a-z-]+(?:[^s]s|men)|children)\b"
# "The number of injured cooks at nine".
_BEFORE_NUMBER = r"\bnumber of (?:[a-z-]+ )?([a-z-]+(?:[^s]s|men)|children) (?:at|to|as|is|was) "
# Some among those who are counted, or beside them.
_OF_A_KIND = stem_set(
    """
    soldiers servicemen troops police policemen officers guards gendarmes children women girls boys medics
    firefighters rescuers gunmen attackers fighters militants rebels foreigners drivers pilots journalists
    солдат военных полицейских детей женщин спасателей боевиков нападавших журналистов
    """
)
_ANYBODY = stem_set("people persons others souls lives bodies victims deaths casualties times")
_SHARES = frozenset(["percent", "point"])


def compare_numbers(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where both claims count the same thing and no number satisfies both."""
    if (
        not (says_something(a) and says_something(b))
        or a.hedged
        or b.hedged
        or Stance.DENY in {a.stance, b.stance}
        or not (a.quantities and b.quantities)
        or _tells_no_figure(a.quote)
        or _tells_no_figure(b.quote)
    ):
        return None
    for p in a.quantities:
        for q in b.quantities:
            if (
                p.unit == q.unit
                # "9,300, of whom 3,100 here" agrees with 3,100.
                and not _figures_of(a, p.unit) & _figures_of(b, p.unit)
                and p.unit.rstrip(".") not in _DATES
                and _incompatible(p, q)
                and _about_one_thing(a, b, p, known)
                and not _is_old_news(a, b, p, q, known)
                and not _are_others(a, b, p, q, known)
            ):
                return _finding(a, b, p, q, known)
    return None


@lru_cache(maxsize=10_000)  # each claim is compared with many
def _tells_no_figure(quote: str) -> bool:
    """'Is not taking in 40,000' says of no number that it is so; 'between 2 and 5' has two ends."""
    return _NOT.search(quote) is not None or _RANGE.search(quote) is not None


def _figures_of(claim: Claim, unit: str) -> set[float]:
    return {quantity.value for quantity in claim.quantities if quantity.unit == unit}


def _incompatible(p: Quantity, q: Quantity) -> bool:
    low, high = (p, q) if p.value <= q.value else (q, p)
    if high.value - low.value <= _TOLERANCE * high.value and "about" in {p.bound, q.bound}:
        return False
    if high.value == low.value:
        return False
    return low.bound in {"exactly", "at_most", "less_than", "about"} and high.bound in {
        "exactly",
        "at_least",
        "more_than",
        "about",
    }


def _is_old_news(a: Claim, b: Claim, p: Quantity, q: Quantity, known: Frames) -> bool:
    """Whether an outlet still has the toll of before: a later article counts fewer in its own voice."""
    frame = _counting_frame(p.unit, known)
    own = b.kind is ClaimKind.OWN_VOICE or b.field is ArticleField.TITLE
    return frame is not None and frame.grows and own and a.article_id != b.article_id and q.value < p.value


def _are_others(a: Claim, b: Claim, p: Quantity, q: Quantity, known: Frames) -> bool:
    """Whether they count other people: "five gunmen were killed", "six miners died"."""
    frame = _counting_frame(p.unit, known)
    if frame is None:
        return False
    of_the_unit = {stem(word) for row in frame.same for word in row}
    x, y = (_whom(claim, counted) - of_the_unit for claim, counted in ((a, p), (b, q)))
    if not (x and y):
        # "Two soldiers were killed": two of the eleven, or others.
        fewer = x if p.value < q.value else y
        return "victim" in frame.roles and bool(fewer & _OF_A_KIND)
    return x != y


def _whom(claim: Claim, counted: Quantity) -> frozenset[str]:
    """The stem of the word for those who are counted; empty: none that tells."""
    figure = rf"\b{re.escape(counted.surface)}"
    behind = re.search(rf"(?i){figure}{_AFTER_NUMBER}", claim.quote)
    found = behind or re.search(rf"(?i){_BEFORE_NUMBER}{figure}", claim.quote)
    return frozenset({stem(found[1])} - _ANYBODY) if found is not None else frozenset()


def _about_one_thing(a: Claim, b: Claim, p: Quantity, known: Frames) -> bool:
    if count_key(a.fingerprint) in b.keys or count_key(b.fingerprint) in a.keys:
        # "Seven have died since 2022. The prison admits to two."
        return True
    prefix = f"q|{p.unit}|"
    shared = {k.removeprefix(prefix) for k in a.keys if k.startswith(prefix) and k in set(b.keys)}
    if not shared or known.elsewhere(a, b, prefix, shared) or _other_places(a, b):
        return False
    if other_time(a, b) or _long_ago(a) != _long_ago(b):
        return False
    if is_nationwide(a) != is_nationwide(b):
        return False
    if _counting_frame(p.unit, known) is not None:
        return True
    if a.kind is ClaimKind.OWN_VOICE and b.kind is ClaimKind.OWN_VOICE:
        # Two outlets count many things in their own voice, seldom the same one.
        return False
    left, right = content_words(a.proposition), content_words(b.proposition)
    if p.unit in _SHARES:
        # A share is a share of something: nearly all else must agree. Each poll asks other people.
        polled = any(is_survey(claim) for claim in (a, b))
        return not polled and jaccard(left, right) >= _MIN_JACCARD_OF_SHARES
    # Across articles the same words count many things: "delegates" of every state.
    least = _MIN_JACCARD if a.article_id == b.article_id else _MIN_JACCARD_ACROSS
    return len(left & right) >= _MIN_SHARED_WORDS + 1 and jaccard(left, right) >= least


def _long_ago(claim: Claim) -> bool:
    """Whether all times it names are over for weeks: "in June, when a raid killed five"."""
    told = [when for when in claim.times if when.bound in {"at", "about"}]
    return bool(told) and all(claim.said_at - when.ends_at > _WEEKS for when in told)


def _other_places(a: Claim, b: Claim) -> bool:
    """Each names a place or body of its own in what it counts: 'Rēzekne reported 12 cases'."""
    left, right = ({n.casefold() for n in _NAME.findall(c.quote[1:])} for c in (a, b))
    first_a, first_b = (c.quote.split()[0].casefold() for c in (a, b))
    if is_cyrillic(a.quote) != is_cyrillic(b.quote):
        # Names in other letters cannot be told apart.
        return False
    return bool(left and right and not left & right and first_a not in right and first_b not in left)


def _counting_frame(unit: str, known: Frames) -> Frame | None:
    for frame in known.frames.values():
        if frame.kind is ContradictionKind.NUMERIC and any(row and row[0] == unit for row in frame.same):
            return frame
    return None


def _finding(a: Claim, b: Claim, p: Quantity, q: Quantity, known: Frames) -> Finding:
    frame = _counting_frame(p.unit, known)
    grows = frame is not None and frame.grows
    apart = abs((b.said_at - a.said_at).total_seconds())
    one_voice = one_name(a.speaker.name, b.speaker.name)
    # How many were aboard does not change any more, whenever somebody says it.
    stays = frame is not None and not grows
    # "Three, and not one more", after somebody's nine, is no later count of what grows.
    lower = grows and q.value < p.value and apart <= _ONE_TOLL_S and _NO_MORE.search(b.quote) is not None
    no_longer = any(_NO_LONGER.search(c.quote) for c in (a, b))
    update = (
        one_voice
        or no_longer
        or (
            not stays
            and not lower
            and (apart > _SAME_TIME_S or (grows and q.value > p.value and a.article_id != b.article_id))
        )
    )
    shared = sorted(k.rsplit("|", 1)[-1] for k in set(a.keys) & set(b.keys) if k.startswith(f"q|{p.unit}|"))
    where = next((known.entities[t].name for t in shared if t in known.entities), "")
    disputed = f"how many were {p.unit}" if grows else f"the number of {p.unit}"
    return Finding(
        kind=ContradictionKind.NUMERIC,
        grade=Grade.MEDIUM,
        score=0.6,
        reason=f"{a.speaker.name} says {_words(p)}, {b.speaker.name} says {_words(q)} ({p.unit}).",
        about=f"numeric|{p.unit}|{shared[0] if shared else ''}",
        disputed=disputed + (f" ({where})" if where else ""),
        relation=Relation.UPDATE if update else Relation.CONTRADICTION,
    )


def _words(q: Quantity) -> str:
    bound = "" if q.bound == "exactly" else q.bound.replace("_", " ") + " "
    return bound + q.surface
