"""Is it one thing that two claims place in time or space? One name, or one kind of thing in one story."""

from __future__ import annotations

import re
from enum import IntEnum

from monitor.core.contradictions.subjects import Frames
from monitor.core.types import Claim, ClaimKind, EntityType, Frame, FrameUse
from monitor.core.wording import NAME_MARK, PLACE_MARK, content_words, is_cyrillic, jaccard, word_set


class Same(IntEnum):
    """How surely two fillers are one thing."""

    NO = 0
    # One of them is only "they", or "the ship" where the other has a name.
    PERHAPS = 1
    # One kind of thing, and nothing said of the one that is not of the other.
    KIND = 2
    NAME = 3


# The first of several is not the second, nor is "another" the one that was spoken of.
_ORDINALS = word_set(
    """
    first second third fourth last another next new previous earlier later both several other
    первый второй третий последний другой следующий новый
    """
)
# Of things, two are not one; of men on the run the one account counts and the other does not.
_NUMBERS = word_set("two three four five six seven eight nine ten два три двое трое")
# "Another boat": the filler does not tell.
_ANOTHER = re.compile(r"(?i)\b(?:another|a (?:different|second|third)|друг(?:ой|ая|ое)|ещё один|еще один)\b")
FIRST = word_set("first первый")
# Say nothing of which one it is.
_ANY = word_set(
    """
    armed suspected alleged masked unknown main initial emergency powerful big huge major deadly single
    special elite whole entire one four five six seven eight nine ten thirty forty fifty dozen hundred
    вооруженный подозреваемый неизвестный мощный трое четверо один четыре пять
    """
)
_CALENDAR = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december
    """
)
_OF_PEOPLE = frozenset({"attacker", "people"})
_SELF = re.compile(r"(?i)\b(?:i|we|my|our|us|me|я|мы|мой|наш\w*)\b")
_OTHERS = re.compile(r"(?i)\b(?:they|them|their|he|she|him|her|his|они|он|она|их|его|её|ее)\b")
_SEVERAL = re.compile(r"(?i)\b(?:they|them|their|они|их)\b")
# A first and a last name.
_PERSON = re.compile(r"[^\W\d_a-zа-яё][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*)*? [^\W\d_a-zа-яё][\w'’\-]+")
_NAME = re.compile(r"(?<=[^\W.!?] )[^\W\d_a-zа-яё][\w'’\-]{2,}")
#: How surely two claims of one article are about one story.
ONE_ARTICLE = 9
# Of what makes two articles one story, a place or event counts for more than a name.
_WEIGHTS = {EntityType.EVENT: 3, EntityType.PLACE: 2}


def told_of(claim: Claim, use: FrameUse, roles: tuple[str, ...]) -> frozenset[str]:
    """The fillers of these roles; empty where a pronoun stands for somebody who is not the speaker.

    Of those who speak only people with a name speak of themselves as "he" and "she".
    """
    fillers = frozenset(filler for role, filler in use.roles if role in roles and filler)
    speaker = claim.speaker
    mine = {speaker.entity, speaker.side, speaker.name} - {""}
    if not fillers & mine or not _OTHERS.search(claim.quote) or _SELF.search(claim.quote):
        return fillers
    # "They fled", said the minister; "she is at home", said her lawyer; police said he had left.
    himself = claim.kind is not ClaimKind.DIRECT and _PERSON.fullmatch(speaker.name) is not None
    return fillers if himself and not _SEVERAL.search(claim.quote) else fillers - mine


def is_another(a: Claim, b: Claim) -> bool:
    """One of them says that it speaks of another one: 'a second boat sank'."""
    return (_ANOTHER.search(a.quote) is None) != (_ANOTHER.search(b.quote) is None)


def same_thing(
    left: frozenset[str], right: frozenset[str], frame: Frame, known: Frames, *, but_first: bool = False
) -> Same:
    """How surely one of the left is one of the right; nothing on a side is whoever was spoken of.

    `but_first`: "the first call" may be "the call".
    """
    if not left or not right:
        return Same.PERHAPS
    return max(_same(p, q, frame, known, but_first) for p in left for q in right)


def is_first(fillers: frozenset[str]) -> bool:
    return any(not FIRST.isdisjoint(f.casefold().split()) for f in fillers)


def kinds_of(fillers: frozenset[str], frame: Frame) -> frozenset[str]:
    """The first words of the rows of `same` that they are of: "attacker" for "four gunmen"."""
    first_of = {word: row[0] for row in frame.same for word in row if row}
    return frozenset(first_of[w] for f in fillers for w in f.casefold().split() if w in first_of)


def is_named(filler: str, known: Frames) -> bool:
    return (
        filler in known.entities
        or (filler[:1].isupper() and " " not in filler.casefold().strip())
        or (filler[:1].isupper() and all(word[:1].isupper() for word in filler.split()))
    )


def _same(p: str, q: str, frame: Frame, known: Frames, but_first: bool) -> Same:
    if p.casefold() == q.casefold() and is_named(p, known):
        return Same.NAME
    first_of = {word: row[0] for row in frame.same for word in row if row}
    left, right = set(p.casefold().split()), set(q.casefold().split())
    if is_named(p, known) and is_named(q, known):
        whole = (left <= right or right <= left) and not {p, q} & known.entities.keys()
        return Same.NAME if whole else Same.NO
    kinds_p, kinds_q = ({first_of[w] for w in words if w in first_of} for words in (left, right))
    if is_named(p, known) or is_named(q, known):
        return Same.PERHAPS if kinds_p | kinds_q else Same.NO
    odd = (left & _ORDINALS) ^ (right & _ORDINALS)
    if not (kinds_p | kinds_q) & _OF_PEOPLE:
        odd |= (left & _NUMBERS) ^ (right & _NUMBERS)
    if odd and not (but_first and odd <= FIRST):
        return Same.NO
    rest_p, rest_q = (
        {w for w in ws if w not in first_of} - _ANY - _ORDINALS - _NUMBERS for ws in (left, right)
    )
    apart = bool(rest_p and rest_q and not rest_p & rest_q) and is_cyrillic(p) == is_cyrillic(q)
    if apart:
        return Same.NO
    if kinds_p and kinds_q:
        if kinds_p & kinds_q:
            return Same.KIND
        return Same.PERHAPS if "people" in kinds_p | kinds_q and "attacker" in kinds_p | kinds_q else Same.NO
    if kinds_p or kinds_q:
        return Same.NO
    return Same.KIND if jaccard(content_words(p), content_words(q)) >= 0.5 else Same.NO


def story_of(a: Claim, b: Claim, frame: Frame, known: Frames) -> int:
    """How surely both are about one story: ONE_ARTICLE, else what their topics weigh, from 0."""
    if a.version_id == b.version_id and a.article_id == b.article_id:
        return ONE_ARTICLE
    told = _own_words(a, frame) | _own_words(b, frame)
    total, a_term = 0, False
    for topic in known.shared_topics(a, b, frame):
        entity = known.entities.get(topic)
        if entity is not None:
            # A country is too large to make two events one.
            total += 1 if entity.side else _WEIGHTS.get(entity.type, 1)
        elif topic.startswith(PLACE_MARK):
            total += 2
        elif topic.startswith(NAME_MARK):
            total += 1
        else:
            # A word of the rules that both articles have, and not what the claims themselves are keyed by.
            a_term = a_term or topic not in told
    # A name that both say themselves is of the matter, and not only of their articles.
    total += a_term + 2 * bool(_names_in(a) & _names_in(b))
    return min(total, ONE_ARTICLE - 1)


def countries_of(a: Claim, b: Claim, frame: Frame, known: Frames) -> bool:
    """Whether both articles are about a country that one of the claims says somebody went to."""
    prefix = f"f|{frame.id}|"
    shared = (key.removeprefix(prefix) for key in set(a.keys) & set(b.keys) if key.startswith(prefix))
    counted = known.shared_topics(a, b, frame)
    return bool(counted) and any(topic in known.entities and topic not in counted for topic in shared)


def _own_words(claim: Claim, frame: Frame) -> frozenset[str]:
    first_of = {word: row[0] for row in frame.same for word in row if row}
    words = {w for use in claim.frames for _, f in use.roles for w in f.casefold().split()}
    return frozenset(words | {first_of[w] for w in words if w in first_of})


def _names_in(claim: Claim) -> frozenset[str]:
    return frozenset(n.casefold() for n in _NAME.findall(claim.quote)) - _CALENDAR
