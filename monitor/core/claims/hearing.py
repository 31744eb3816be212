"""What the casts of all languages have in common: entities named in the text, and who was heard so far."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from monitor.core.claims.known_names import known_names
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import Entity, EntityType, Speaker

# Parts of a government whose names are those of the government in the rules.
_PEOPLE = frozenset({"officials", "authorities"})
_ARMS = {
    "foreign ministry": "foreign ministry",
    "defence ministry": "defence ministry",
    "defense ministry": "defence ministry",
    "interior ministry": "interior ministry",
    "мид": "foreign ministry",
    "минобороны": "defence ministry",
    "officials": "officials",
    "authorities": "authorities",
}
_NOUNS = frozenset({"PROPN", "NOUN"})
# A pronoun means somebody of its own sentence or of so many before it, less one.
_REACH_SENTENCES = 6
# Places in a title stand so far before the text's: offsets of both count from 0.
_TITLE_BEFORE = 1_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom the text named, with what is known of them."""

    speaker: Speaker
    # None: it does not tell.
    is_person: bool | None
    is_plural: bool
    # As the language marks it; empty: it does not tell.
    gender: str = ""

    def as_written(self, surface: str) -> Known:
        """The same somebody, as written here."""
        return replace(self, speaker=replace(self.speaker, surface=surface))


def _has_full_name(known: Known) -> bool:
    first, *rest = known.speaker.name.split()
    return bool(rest) and first[0].isupper() and rest[-1][0].isupper()


@dataclass(slots=True)
class Hearing:
    """Everybody whom one article names; a language says how."""

    page: Page
    entities: Mapping[str, Entity]
    # Who was named so far, by place in the text.
    heard: list[tuple[int, Known]] = field(default_factory=list)
    # Places of `heard` where somebody spoke, and not only acted.
    spoke: set[int] = field(default_factory=set)
    # Canonical name → the side that the words beside it give.
    sides: dict[str, str] = field(default_factory=dict)

    #: The relations of who acts.
    subjects: ClassVar[frozenset[str]] = frozenset()

    # ------------------------------------------------------------ what a language says

    def speaker_at(self, s: Sentence, i: int) -> Speaker | None:
        """Who this token of a sentence names; None where nobody can be told. Remembers the answer."""
        raise NotImplementedError

    def named_in_words(self, s: Sentence) -> tuple[int, Known] | None:
        """The first full name in a sentence without a tree, and its place in the field."""
        raise NotImplementedError

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small; empty where it has none."""
        raise NotImplementedError

    def acts(self, s: Sentence, i: int) -> bool:
        """Whether this token names somebody who acts: a pronoun further on may mean them."""
        return s.tokens[i].dep in self.subjects and s.tokens[i].pos in _NOUNS

    def bare(self, surface: str) -> str:
        """The words without their article."""
        return surface

    # ------------------------------------------------------------ what all have in common

    def publisher(self) -> Speaker:
        """The outlet, for what it says itself."""
        name = self.page.article.publisher
        return Speaker(name=name, surface=name, entity=self.entity_by_name(name))

    def listen(self, s: Sentence) -> None:
        """Remember who acts in this sentence: pronouns further on may mean them."""
        if not s.tokens:
            first = self._entity_in_words(s) or self.named_in_words(s)
            if first is not None:
                self.heard.append(first)
            return
        for i, token in enumerate(s.tokens):
            if self.acts(s, i) and self.page.quoted(s.field, s.start + token.start) is None:
                self.speaker_at(s, i)

    def leave_title(self) -> None:
        """The title is read: whoever was named in it was named before all of the text."""
        self.heard = [(at - _TITLE_BEFORE, known) for at, known in self.heard]
        self.spoke = {at - _TITLE_BEFORE for at in self.spoke}

    def heard_from(self, s: Sentence, i: int) -> Speaker | None:
        """As `speaker_at`, of somebody who speaks here."""
        self.spoke.add(s.start + s.tokens[i].start)
        return self.speaker_at(s, i)

    def spoke_last(self, before: int) -> Known | None:
        """Who spoke last before this place; where nobody did, who acted last."""
        spoken = [(at, known) for at, known in self.heard if at < before and at in self.spoke]
        return max(spoken, key=lambda pair: pair[0])[1] if spoken else next(self.latest(before), None)

    def spoke_near(self, s: Sentence, before: int) -> Known | None:
        """Who spoke last before this place in the same paragraph, else who acted; None: nobody."""
        floor = self.paragraph_start(s)
        near = [(at, known) for at, known in self.heard if floor <= at < before]
        near = [pair for pair in near if pair[1].is_person is not False]
        spoken = [pair for pair in near if pair[0] in self.spoke] or [p for p in near if p[1].is_person]
        return max(spoken, key=lambda pair: pair[0])[1] if spoken else None

    def paragraph_start(self, s: Sentence) -> int:
        """Where the paragraph of this sentence begins."""
        return min(x.start for x in self.page.sentences if (x.field, x.paragraph) == (s.field, s.paragraph))

    def _entity_in_words(self, s: Sentence) -> tuple[int, Known] | None:
        """The first person or organisation of the rules in a sentence without a tree."""
        for m in self.page.mentions_in(s.field, s.start, s.end):
            entity = self.entities.get(m.entity)
            if entity is not None and entity.type in {EntityType.PERSON, EntityType.ORG}:
                surface = self.page.article.field(s.field)[m.start : m.end]
                is_person = entity.type is EntityType.PERSON
                return m.start, Known(self.entity(m.entity, surface), is_person, False)
        return None

    def who_may_be(self, fitting: Iterable[Known]) -> Known | None:
        """Whom a pronoun for a person means, of those who fit, nearest first: one known for a person, or who
        spoke and may be one; else the nearest. None: there is nobody.
        """
        spoke = {id(known) for at, known in self.heard if at in self.spoke}
        last = list(fitting)
        sure = (k for k in last if k.is_person or (k.is_person is None and id(k) in spoke))
        return next(sure, last[0] if last else None)

    def nearest(
        self, s: Sentence, i: int, likely: Callable[[Known], bool] = lambda known: False
    ) -> Iterator[Known]:
        """Whom a pronoun may mean: those of the nearest sentence first, in it whoever is likely, for a
        pronoun that speaks whoever spoke, and then whoever was named first, since who acted there goes on
        acting.
        """
        place, floor = s.start + s.tokens[i].start, self._floor(s)
        starts = [x.start for x in self.page.sentences if x.field is s.field]
        speaks = place in self.spoke
        near = [(at, known) for at, known in self.heard if floor <= at < place]
        # Sentence → where it first names somebody likely.
        first: dict[int, int] = {}
        for at in sorted(at for at, known in near if likely(known)):
            first.setdefault(bisect_right(starts, at), at)

        def rank(pair: tuple[int, Known]) -> tuple[int, bool, bool, int]:
            at, known = pair
            sentence, spoke = bisect_right(starts, at), at in self.spoke
            # "Sandor Kolb says that Peter lost his post", when "he" goes on: known for a man or not.
            goes_on = speaks and spoke and known.is_person and _has_full_name(known)
            fits = likely(known) or (goes_on and at < first.get(sentence, place))
            return -sentence, not fits, speaks and not spoke, at

        for _, known in sorted(near, key=rank):
            yield known

    def latest(self, before: int) -> Iterator[Known]:
        """Who was named before this place, the last one first."""
        for at, known in sorted(self.heard, key=lambda pair: -pair[0]):
            if at < before:
                yield known

    def _floor(self, s: Sentence) -> int:
        before = [x.start for x in self.page.sentences if x.field is s.field and x.start <= s.start]
        return before[-_REACH_SENTENCES] if len(before) >= _REACH_SENTENCES else 0

    def entity_at(self, s: Sentence, i: int) -> str:
        """The rule entity that this very token (not only its modifiers) names; empty: none."""
        start, end = s.start + s.tokens[i].start, s.start + s.tokens[i].end
        for first, last, entity in self.page.named.get(s.field, ()):
            if first <= start and end <= last:
                return entity
        return ""

    def entity_by_name(self, name: str) -> str:
        """The entity that has exactly this name or one of its written forms; empty: none."""
        found = known_names(self.entities).entity_named(name)
        if found and " " not in name and self.entities[found].type is EntityType.PERSON:
            # "Petro", a fisherman: one word means them only where the article names them.
            return found if any(m.entity == found for m in self.page.reading.mentions) else ""
        return found

    def entity(self, entity_id: str, surface: str) -> Speaker:
        """The entity as a speaker."""
        known = self.entities.get(entity_id)
        if known is None:
            return Speaker(name=self.bare(surface), surface=surface, entity=entity_id)
        name = self._arm(known, surface) or known.name
        return Speaker(name=name, surface=surface, entity=known.id, side=known.side)

    def _arm(self, known: Entity, surface: str) -> str:
        """What a government's ministry or officials are called: they speak for it under a name of their own,
        the same in every language. Empty: it is the government itself.
        """
        low = f" {surface.casefold()} "
        arm = next((name for word, name in _ARMS.items() if f" {word} " in low), "")
        if not arm or known.type is not EntityType.ORG or arm in known.name.casefold():
            return ""
        if arm in _PEOPLE:
            return self.bare(surface)
        aliases = [a.text for a in known.aliases if a.text.casefold().endswith(f" {arm}")]
        return min(aliases, key=lambda text: ("'" in text, len(text)), default="")

    def named(self, name: str, surface: str) -> Speaker:
        """Somebody of this canonical name, an entity where the rules know the name."""
        found = self.entity_by_name(name)
        if found:
            return self.entity(found, surface)
        return Speaker(name=name, surface=surface, side=self.sides.get(name, ""))
