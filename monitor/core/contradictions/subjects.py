"""Are two claims about one thing? Events, dates and actors compared: most false alarms are the same words
about another event, person or date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter

from monitor.core.contradictions.left_open import leaves_open, may_be_one, one_of_a_kind
from monitor.core.contradictions.likeness import Likeness
from monitor.core.types import Claim, ContradictionKind, Entity, EntityType, Frame, FrameUse
from monitor.core.wording import NAME_MARK, PLACE_MARK, is_cyrillic, word_set

# Name an event without saying which.
_ANY_EVENT = word_set(
    """
    incident event tragedy disaster act crime accident this it affair matter case attack
    """
)
# Name something said without saying what.
_ANY_SPEECH = word_set(
    """
    statement claim remark comment word assertion allegation accusation report story account answer
    заявление слово утверждение обвинение сообщение ответ
    """
)
# More words than whose it is.
_SAID_MORE = 2
_MONTHS = word_set(
    """
    january february march april may june july august september october november december
    """
)


_DAY = re.compile(
    rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th)?\s+)?\b({'|'.join(sorted(_MONTHS))})\b(?:\s+(\d{{1,2}})\b)?"
)


#: What has comparators of its own: where and when a thing was (places.py, timings.py).
PLACED = frozenset({ContradictionKind.PLACE, ContradictionKind.TIME})

_YEAR = re.compile(
    rf"(?i)\b(?:in|of|since|from|until|by|(?:{'|'.join(sorted(_MONTHS))}),?)\s+((?:19|20)\d\d)\b"
)
_RUSSIAN_YEAR = re.compile(r"(?i)\b((?:19|20)\d\d)(?=\s*(?:год|г\.|гг\.))")
# "No diver drowned then", after a sentence on an older event.
_THAT_TIME = re.compile(r"(?i)\b(?:then|that time|on that occasion|в тот раз|тогда)\W*$")
_LAST_YEAR = re.compile(r"(?i)\b(?:last|a|the previous) year(?: ago)?\b")


@dataclass(frozen=True, slots=True)
class Frames:
    """The rules' frames and entities, and what a model says of the claims, as comparators ask for them."""

    frames: Mapping[str, Frame]
    entities: Mapping[str, Entity]
    likeness: Likeness = field(default_factory=Likeness)
    # Ids of the articles that tell of the event of the judged one, its own among them.
    one_story: frozenset[int] = frozenset()

    def told_together(self, a: Claim, b: Claim) -> bool:
        """Whether both stand in one article, or in two of one story."""
        return a.article_id == b.article_id or {a.article_id, b.article_id} <= self.one_story

    def disputed_roles(self, frame: Frame) -> tuple[str, ...]:
        """The roles in the frame's question: what the dispute is about, and must be one thing."""
        return tuple(name for _, name, _, _ in Formatter().parse(frame.question) if name)

    def actor_roles(self, frame: Frame) -> tuple[str, ...]:
        return tuple(role for role in frame.roles if role not in self.disputed_roles(frame))

    def fillers(self, use: FrameUse, roles: tuple[str, ...]) -> frozenset[str]:
        return frozenset(filler for role, filler in use.roles if role in roles and filler)

    def identities(self, fillers: frozenset[str]) -> frozenset[str]:
        """The fillers with the sides that they are on."""
        found = set(fillers)
        for filler in fillers:
            entity = self.entities.get(filler)
            if entity is not None and entity.side:
                found.add(entity.side)
            # "Oskavian divers" act for Oskavia, as far as a headline goes.
            found.update(word for word in filler.split() if word in self.entities)
        return frozenset(found)

    def names(self, fillers: frozenset[str]) -> str:
        return " and ".join(
            self.entities[f].name if f in self.entities else f.replace("_", " ") for f in sorted(fillers)
        )

    # ------------------------------------------------------------ one event?

    def one_thing(self, a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame) -> bool:
        """Whether what is disputed is the same in both."""
        if _other_day(a.proposition, b.proposition) or other_time(a, b):
            return False
        roles = self.disputed_roles(frame)
        left, right = self.fillers(x, roles), self.fillers(y, roles)
        topics = self.shared_topics(a, b, frame)
        one_event = self.told_together(a, b) or bool(topics)
        # Two articles may both name a state and tell of two attacks.
        together = self.told_together(a, b) or any(self._is_event(topic) for topic in topics)
        if frame.open and any(leaves_open(c, u, frame) for c, u in ((a, x), (b, y))):
            return together and may_be_one(a, b, x, y, frame)
        if frame.open and together and one_of_a_kind(x, y, frame):
            return True
        if not left or not right:
            # One of them only says "it" or "the allegations": their articles must be about one thing.
            named = {w for f in left | right for w in f.casefold().split()}
            kinds = {w for row in frame.same for w in row} | self.entities.keys()
            known_kind = not named or not frame.same or bool(named & kinds)
            # "It was Berg", "it was not Berg": of somebody else it may be another event.
            actors = self.actor_roles(frame)
            one_actor = bool(self.fillers(x, actors) & self.fillers(y, actors))
            return known_kind and (together or (one_event and one_actor)) and bool(actors)
        # "The attack" is that of the story; "the plan" is one of many, but for one article.
        vague_too = together and (bool(frame.same) or a.article_id == b.article_id)
        return self._role_by_role(x, y, roles, frame, one_event, vague_too)

    def _role_by_role(
        self,
        x: FrameUse,
        y: FrameUse,
        roles: tuple[str, ...],
        frame: Frame,
        shared_topic: bool,
        vague_too: bool,
    ) -> bool:
        """Whether all that both say of what is disputed is one: "backs Berg" and "backs nobody else" are not.

        Whoever fills a role in one may fill another in the other: A met B, B met A.
        """
        pairs = ((x, y), (y, x))
        filled = [bool(self.fillers(use, (role,))) for role in roles for use in (x, y)]
        if not vague_too and not all(filled):
            # "He supports it", "she opposes that": of two articles nobody knows what.
            return False
        both = [role for role in roles if all(self.fillers(use, (role,)) for use in (x, y))]
        return all(
            any(
                self._compatible(p, q, frame, shared_topic, vague_too)
                for p in self.fillers(one, (role,))
                for q in self.fillers(other, roles)
            )
            for role in both or roles
            for one, other in pairs
            if self.fillers(one, (role,))
        )

    def _compatible(self, a: str, b: str, frame: Frame, shared_topic: bool, vague_too: bool) -> bool:
        first_of = {word: row[0] for row in frame.same for word in row if row}
        left, right = set(a.casefold().split()), set(b.casefold().split())
        if _dates_clash(left, right):
            return False
        kinds_a, kinds_b = ({first_of[w] for w in words if w in first_of} for words in (left, right))
        rest_a, rest_b = ({w for w in words if w not in first_of} for words in (left, right))
        vague = not (left - _ANY_EVENT) or not (right - _ANY_EVENT)
        if not frame.same or not (kinds_a and kinds_b):
            shared = left & right
            said = not vague_too and (left | right) & _ANY_SPEECH
            if said and len(shared - _ANY_SPEECH) < _SAID_MORE:
                # Whoever speaks every day makes many statements: whose it is does not tell which.
                return False
            # "The ministry" and "the ministry's statement on the dam" are one thing in one article only.
            of = min(len(left), len(right)) if vague_too else max(len(left), len(right))
            same_words = bool(shared) and len(shared) * 2 >= of
            return same_words or (vague and vague_too)
        if rest_a and rest_b and is_cyrillic(a) == is_cyrillic(b):
            return bool(rest_a & rest_b)
        return shared_topic and (vague or bool(kinds_a & kinds_b))

    def _is_event(self, topic: str) -> bool:
        return topic in self.entities and self.entities[topic].type is EntityType.EVENT

    def shared_topics(self, a: Claim, b: Claim, frame: Frame) -> tuple[str, ...]:
        """Topics of their articles that both claims carry as keys, in the order of the first claim."""
        actors = self.actor_roles(frame)
        acting = {
            word for c in (a, b) for u in c.frames for r, f in u.roles if r in actors for word in f.split()
        }
        prefix = f"f|{frame.id}|"
        theirs = set(b.keys)
        shared = tuple(
            key.removeprefix(prefix)
            for key in a.keys
            if key.startswith(prefix) and key in theirs and key.removeprefix(prefix) not in acting
        )
        if self.told_together(a, b):
            return shared
        return () if self.elsewhere(a, b, prefix, shared) else shared

    def elsewhere(self, a: Claim, b: Claim, prefix: str, shared: Iterable[str]) -> bool:
        """Both articles name places, none in common, and no event of the rules joins them."""
        if sum(topic.startswith(NAME_MARK) for topic in shared) > 1:
            return False
        kinds = {EntityType.EVENT, EntityType.PLACE}
        known = [self.entities[t] for t in shared if t in self.entities]
        if any(e.type in kinds and not e.side for e in known):
            # A country is too large to make two events one.
            return False
        here, there = ({k for k in claim.keys if k.startswith(prefix + PLACE_MARK)} for claim in (a, b))
        return bool(here and there and not here & there)

    def thing(self, a: Claim, b: Claim, x: FrameUse, y: FrameUse, frame: Frame) -> tuple[str, str]:
        """What is disputed: an identity that all pairs of one conflict share, and words for people."""
        roles = self.disputed_roles(frame)
        about = self.shared_topics(a, b, frame)
        places = sorted((t for t in about if t in self.entities), key=self._vagueness)
        first_of = {word: row[0] for row in frame.same for word in row if row}
        named = sorted(
            self.fillers(x, roles) | self.fillers(y, roles),
            # What is known to be an event names it better than an act that led to it.
            key=lambda f: (first_of.keys().isdisjoint(f.split()), -len(f.split()), f),
        )
        told = [w for f in named for w in f.split() if w in self.entities]
        identity = (
            told or places or sorted({first_of.get(w, w) for w in (named[0].split() if named else about)})
        )[:1]
        words = self._in_words(named[0], places) if named else ""
        if not words:
            words = f"the events: {self.entities[places[0]].name}" if places else "this"
        return (identity[0] if identity else ""), frame.question.format_map(dict.fromkeys(roles, words))

    def _vagueness(self, topic: str) -> int:
        """Events name a dispute best, countries and people worst."""
        order = (EntityType.EVENT, EntityType.PLACE)
        kind = self.entities[topic].type
        return (order.index(kind) if kind in order else len(order)) + 2 * bool(self.entities[topic].side)

    def _in_words(self, filler: str, places: list[str]) -> str:
        if filler in self.entities:
            return self.entities[filler].name
        parts = filler.split()
        plain = " ".join(p.replace("_", " ") for p in parts if p not in self.entities)
        where = [self.entities[p].name for p in parts if p in self.entities]
        where = where or [self.entities[p].name for p in places[:1]]
        if filler[:1].isupper():
            return filler
        return f"the {plain}" + (f" ({', '.join(where)})" if where else "")


def other_time(a: Claim, b: Claim) -> bool:
    """One of them tells of an earlier year, and the other does not tell of that year: an older event."""
    if (_THAT_TIME.search(a.quote) is None) != (_THAT_TIME.search(b.quote) is None):
        return True
    left, right = _years(a), _years(b)
    return not left & right


def _years(claim: Claim) -> frozenset[int]:
    """The years a claim names; the year it was said in where it names none."""
    named, last = _years_in(claim.quote)
    if last:
        return named | {claim.said_at.year - 1}
    return named or frozenset({claim.said_at.year})


@lru_cache(maxsize=10_000)  # each claim is compared with many
def _years_in(quote: str) -> tuple[frozenset[int], bool]:
    """The years that the words name, and whether they speak of last year."""
    named = frozenset(int(year) for year in (*_YEAR.findall(quote), *_RUSSIAN_YEAR.findall(quote)))
    return named, _LAST_YEAR.search(quote) is not None


def _other_day(a: str, b: str) -> bool:
    """Both name days of the year, and none in common."""
    left, right = _days(a), _days(b)
    return bool(left and right and not left & right)


def _days(text: str) -> set[tuple[str, str]]:
    found = set()
    for before, month, after in _DAY.findall(text.casefold()):
        if before or after:
            found.add((before or after, month))
    return found


def _dates_clash(a: set[str], b: set[str]) -> bool:
    months_a, months_b = a & _MONTHS, b & _MONTHS
    numbers_a, numbers_b = {w for w in a if w.isdigit()}, {w for w in b if w.isdigit()}
    return bool(months_a and months_b and not months_a & months_b) or bool(
        numbers_a and numbers_b and not numbers_a & numbers_b
    )
