"""Nothing of a kind against one of it: 'no shots were fired' against 'officers fired several shots'."""

from __future__ import annotations

import re

from monitor.core.contradictions.juxtaposed import neighbours
from monitor.core.contradictions.pairs import Finding, says_something, shown, whether
from monitor.core.contradictions.subjects import Frames, other_time
from monitor.core.contradictions.unlike import leads_there, other_place, other_when, topics_of
from monitor.core.facts import (
    ACTOR,
    KIND_MARK,
    NOTHING,
    OF_SPEAKER,
    OPTIONAL,
    Fact,
    facts_of,
    kind,
    kinds_met,
)
from monitor.core.types import Claim, ClaimKind, ContradictionKind, Grade, Relation, Stance
from monitor.core.wording import WORD, denies, is_cyrillic

# What has not been yet may come, and what is not may be later: a later word replaces it.
_SOON_S = 3 * 3_600
_CHANGES_AFTER_S = 12 * 3_600
_MARKS = frozenset({OPTIONAL, OF_SPEAKER, ACTOR})
_PASSIVE = re.compile(
    r"(?i)\b(?:was|were|been|being)\s+(?:\w+\s+)?\w+(?:ed|en|wn|ne|ut|id|ht|lt)\b|\bбыл[аои]?\b"
)
# "The threat was invented", "the bells stayed silent": then there was none.
_NEVER_WAS = re.compile(
    r"(?i)\b(?:stay|remain|f[ae]ll|was|were|been)\w* (?:\w+ )?(?:silent|mute|quiet|dumb)\b|\bмолча\w+|"
    r"\b(?:invented|fabricated|made up|fictitious|imaginary|fiction)\b|"
    r"\ban? (?:\w+ )?(?:invention|hoax|fake)\b|"
    r"\bвыдум\w+|\bвымы\w+|\bсфабрик\w+"
)
_SO_FAR = re.compile(r"(?i)\b(?:so far|yet|as of|at this (?:time|point|stage)|пока|ещё|еще)\b")


def compare_nothing(a: Claim, b: Claim, known: Frames) -> Finding | None:
    """A finding where one says that there was nothing of a kind and the other tells of one."""
    if not (says_something(a) and says_something(b)) or a.hedged or b.hedged:
        return None
    for no, yes in ((a, b), (b, a)):
        none = [fact for fact in facts_of(no) if fact.aspect == NOTHING]
        met = kinds_met(a, b, KIND_MARK) if none else {}
        for fact in none:
            if fact.subject in met and _is_one(no, yes, fact):
                return _finding(no, yes, fact, met[fact.subject])
    return None


def _is_one(no: Claim, yes: Claim, fact: Fact) -> bool:
    """Whether what the other tells of is one of the kind, with all that was said of it."""
    if yes.stance is Stance.DENY or any(f.aspect == NOTHING for f in facts_of(yes)) or denies(yes):
        return False
    if (
        other_time(no, yes)
        or other_when(no, yes, turns=False)
        or other_place(no, yes)
        or leads_there(no, yes)
    ):
        return False
    if _NEVER_WAS.search(yes.quote) or _of_others(no, yes, fact):
        return False
    told = set(_words(f"{yes.quote} {yes.speaker.name} {yes.speaker.surface}"))
    # "Beaten" is a form of "beat": the keys have dictionary forms.
    told |= {key.split("|")[1] for key in yes.keys if key.startswith(KIND_MARK)}
    topics = topics_of(no) & topics_of(yes)
    needed = {word for word in fact.kinds | fact.whose | fact.around if word[:1] not in _MARKS}
    if not _PASSIVE.search(yes.quote):
        needed |= _actors(no, fact)
    own = needed - topics
    done = {word.removeprefix(OPTIONAL) for word in fact.around if word.startswith(OPTIONAL)}
    if not own and (fact.share == "doing" or not _are_said(done, told)):
        # "Nobody looked": at what, and who else did? "No shots were fired": "shots" alone may be others.
        # 'It had offered a tenth, the port said. "We were offered nothing," …': one answers the other.
        return fact.share == "doing" and neighbours(no, yes)
    if needed and not own and not done and not needed & told:
        # "No request to the capital": that both speak of the capital elsewhere is not enough.
        return False
    return _are_said(needed - topics, told)


def _of_others(no: Claim, yes: Claim, fact: Fact) -> bool:
    """'No Oskavian soldier fell': three Norvik soldiers are none of them."""
    named = {kind(word) for word in WORD.findall(no.quote)[1:] if word[:1].isupper()} & fact.kinds
    others = {kind(word) for word in WORD.findall(yes.quote)[1:] if word[:1].isupper()}
    return bool(named and others) and not named & others


def _are_said(words: set[str], told: set[str]) -> bool:
    """Whether all are among what is told; Russian stems where their beginnings are."""
    return all(
        word in told or (is_cyrillic(word) and any(other.startswith(_beginning(word)) for other in told))
        for word in words
    )


def _beginning(word: str) -> str:
    return word[: max(3, min(5, len(word) - 2))]


def _actors(no: Claim, fact: Fact) -> set[str]:
    """Who is said not to have done it."""
    if OF_SPEAKER in fact.around:
        return set(_words(no.speaker.name)[-1:])
    return {word.removeprefix(ACTOR) for word in fact.around if word.startswith(ACTOR)}


def _words(text: str) -> list[str]:
    return [kind(word) for word in WORD.findall(text)]


def _finding(no: Claim, yes: Claim, fact: Fact, met_by: str) -> Finding:
    later = (yes.said_at - no.said_at).total_seconds()
    yet = fact.share != "doing" and (fact.tense == "perfect" or _SO_FAR.search(no.quote) is not None)
    came = later > (_SOON_S if yet else _CHANGES_AFTER_S) and (yet or fact.tense == "present")
    told = bool(fact.around) and ClaimKind.OWN_VOICE not in {no.kind, yes.kind}
    return Finding(
        kind=ContradictionKind.DENIAL,
        grade=Grade.STRONG if told else Grade.MEDIUM,
        score=0.8 if told else 0.7,
        reason=f"{no.speaker.name} says that there was none, {shown(no)}, {yes.speaker.name} tells of one: "
        f"{shown(yes)}.",
        about=f"{NOTHING}|{met_by}",
        disputed=whether(yes),
        relation=Relation.UPDATE if came else Relation.CONTRADICTION,
    )
