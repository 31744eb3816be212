"""Who speaks: one canonical name for the ways an article has of calling somebody.

Order of evidence: an entity of the rule files named there, an entity's role, a fuller name in the article,
a role that the article gave to a name, a pronoun's nearest fitting antecedent; otherwise as written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.core.claims import grammar
from monitor.core.claims.known_names import known_names
from monitor.core.claims.names import (
    AGAINST_STATE,
    NAME,
    ORG_WORDS,
    PERSON_NOUNS,
    STATE_WORDS,
    TITLES,
    looks_like_person,
    name_of,
    role_before,
    without_article,
)
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField, Entity, EntityType, Speaker
from monitor.core.wording import word_set

_MOUTHPIECES = word_set(
    """
    statement report post letter release communique document message memo tweet filing bulletin
    tally count register manifest record figure list survey study note email announcement log
    """
)
_NOT_THE_ROLE = word_set(
    """
    former ex deputy vice acting ex- spokesman spokeswoman spokesperson aide ally
    """
)
_ANY_ORG = word_set(
    """
    company firm group organisation organization carrier airline operator manufacturer
    """
)
# "Before anybody claimed it": nobody speaks.
_PRONOUNS = {"him": "he", "her": "she", "them": "they", "his": "he", "hers": "she", "their": "they"}
_NOBODY = word_set("anybody anyone nobody none everybody everyone somebody someone something nothing")
_REACH_SENTENCES = 6


#: ", the driver Ivo Lund,": a name between commas, with a role before it.
_BESIDE = re.compile(
    rf",\s+(?:(?:the|an?|its|her|his|their)\s+)?(?:[a-z][\w'’\-]*\s+){{0,4}}(?P<name>{NAME.pattern}),"
)
_FEMALE = word_set(
    "she her mrs ms miss wife mother woman widow daughter sister spokeswoman chairwoman actress"
)
_MALE = word_set("he his mr husband father man widower son brother spokesman chairman actor")


def _without_titles(words: list[str]) -> list[str]:
    while len(words) > 2 and words[0].casefold().rstrip(".") in TITLES:
        words = words[1:]
    return words


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_body(word: str) -> bool:
    return _singular(word.casefold()) in ORG_WORDS or word.casefold() in ORG_WORDS


def _gender_of(name: str) -> str:
    """The pronoun that a role calls for: 'his wife', 'a spokeswoman'; empty: it does not tell."""
    words = set(name.casefold().split())
    return "she" if words & (_FEMALE - {"her"}) else "he" if words & (_MALE - {"his"}) else ""


def _of_whom(surface: str) -> str:
    return re.sub(r"['’]s?$", "", surface.strip())


@dataclass(slots=True)
class _Known:
    speaker: Speaker
    is_person: bool | None
    is_plural: bool


@dataclass(slots=True)
class Cast:
    """Everybody whom one article names; asked in the order of the text."""

    page: Page
    entities: Mapping[str, Entity]
    # Last name → fullest name.
    full_names: dict[str, str] = field(default_factory=dict)
    # Canonical name → words for what they are; and the side these words give.
    roles: dict[str, set[str]] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    # Names of bodies that the text gives, in lower case → as written.
    bodies: dict[str, str] = field(default_factory=dict)
    # Canonical name → "he" or "she", once a pronoun has told.
    genders: dict[str, str] = field(default_factory=dict)
    # Canonical name → all the words beside it, small: {"french", "president"}.
    titles: dict[str, set[str]] = field(default_factory=dict)
    # Who was named so far, by place in the text.
    heard: list[tuple[int, _Known]] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = self.page.article.text
        for found in NAME.finditer(text):
            self._learn_name(found.group(), text[max(0, found.start() - 40) : found.start()])
            self._learn_body(found.group())
        for s in self.page.parsed:
            if s.field is ArticleField.TEXT:
                self._learn_roles(s)

    # ------------------------------------------------------------ learning

    def _learn_name(self, raw: str, before: str) -> None:
        # "Norway's Skarv Energi" are two names.
        words = re.split(r"['’]s\s+", raw)[-1].removesuffix("’s").removesuffix("'s").split()
        titles = []
        while words and words[0].casefold().rstrip(".") in TITLES:
            titles.append(words.pop(0).casefold())
        prefix = []
        # "French President Marie Dupont" is called Marie Dupont.
        while len(words) > 2 and words[1].casefold().rstrip(".") in TITLES:
            prefix += [words.pop(0).casefold(), words.pop(0).casefold()]
        while prefix and len(words) > 1 and words[0].casefold().rstrip(".") in TITLES:
            prefix.append(words.pop(0).casefold())
        if len(words) < 2:
            return
        self.titles.setdefault(" ".join(words), set()).update([*prefix, *role_before(before, titles)])
        role = role_before(before, titles) | (set(prefix) & PERSON_NOUNS)
        if role:
            self.roles.setdefault(" ".join(words), set()).update(role)
        last = words[-1]
        full = " ".join(words)
        if len(full) > len(self.full_names.get(last, "")):
            self.full_names[last] = full

    def _learn_body(self, raw: str) -> None:
        """'Visaya Star Lines' may come again as 'the line', 'Philippine Coast Guard' as 'the coast guard'."""
        name = re.split(r"['’]s\s+", raw)[-1].removesuffix("’s").removesuffix("'s")
        words = name.split()
        while words and words[0].casefold() in {"the", "a", "an"}:
            words.pop(0)
        if len(words) > 1 and _is_body(words[-1]):
            self.bodies[" ".join(words).casefold()] = " ".join(words)

    def _learn_roles(self, s: Sentence) -> None:
        for i, token in enumerate(s.tokens):
            if token.pos != "PROPN" or token.dep == "compound":
                continue
            name = self._canonical(name_of(s, i))
            phrase = grammar.noun_phrase(s, i)
            own = {s.tokens[n].lemma for n in phrase if s.tokens[n].pos == "NOUN"}
            told = grammar.child(s, i, "appos")
            if told is None and token.dep == "appos":
                told = token.head
            if told is not None and s.tokens[told].pos == "NOUN":
                phrase = [*phrase, *grammar.noun_phrase(s, told)]
                own |= {
                    s.tokens[n].lemma
                    for n in grammar.noun_phrase(s, told)
                    if s.tokens[n].pos in {"NOUN", "PROPN"}
                }
            self.titles.setdefault(name, set()).update(s.tokens[n].text.casefold() for n in phrase)
            if own:
                self.roles.setdefault(name, set()).update(own)
                side = self._side_in(s, phrase, but=i)
                if side:
                    self.sides.setdefault(name, side)

    # ------------------------------------------------------------ answering

    def speaker_at(self, s: Sentence, i: int) -> Speaker | None:
        """Who this token of a sentence names; None where nobody can be told. Remembers the answer."""
        token = s.tokens[i]
        if token.lemma in _NOBODY:
            return None
        surface = s.words(grammar.noun_phrase(s, i))
        if token.pos == "PRON" or token.tag in {"PRP", "PRP$"}:
            return self._of_pronoun(s, i)
        known = self._named(s, i, surface)
        if known is not None:
            self.heard.append((s.start + token.start, known))
            return known.speaker
        return None

    def publisher(self) -> Speaker:
        """The outlet, for what it says itself."""
        name = self.page.article.publisher
        return Speaker(name=name, surface=name, entity=self._entity_by_name(name))

    def speaker_of_words(self, start: int, end: int) -> Speaker:
        """Who a stretch of the title names."""
        surface = self.page.article.title[start:end]
        mentions = self.page.mentions_in(ArticleField.TITLE, start, end)
        if mentions:
            return self._entity(mentions[-1].entity, surface)
        holder = self._office_holder(surface)
        if holder is not None:
            return holder
        name = self._canonical(without_article(surface))
        return Speaker(name=name, surface=surface, side=self.sides.get(name, ""))

    def listen(self, s: Sentence) -> None:
        """Remember the names that act in this sentence: pronouns further on may mean them."""
        if not s.tokens:
            self._listen_to_words(s)
            return
        for i, token in enumerate(s.tokens):
            acts = token.dep in grammar.SUBJECTS | grammar.PASSIVE_SUBJECTS and token.pos in {"PROPN", "NOUN"}
            if acts and self.page.quoted(s.field, s.start + token.start) is None:
                self.speaker_at(s, i)

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small: "its", "spokesman"; empty where it has none."""
        said = {*self.titles.get(speaker.name, ()), *self.roles.get(speaker.name, ())}
        return frozenset({*said, *speaker.surface.casefold().split()})

    def _listen_to_words(self, s: Sentence) -> None:
        """A sentence without a tree: the first entity or full name in it."""
        for m in self.page.mentions_in(s.field, s.start, s.end):
            entity = self.entities.get(m.entity)
            if entity is not None and entity.type in {EntityType.PERSON, EntityType.ORG}:
                surface = self.page.article.field(s.field)[m.start : m.end]
                known = _Known(self._entity(m.entity, surface), entity.type is EntityType.PERSON, False)
                self.heard.append((m.start, known))
                return
        for found in NAME.finditer(s.text):
            words = found.group().split()
            name = self.full_names.get(words[-1], "")
            if name and name.endswith(" ".join(words[-2:])) and looks_like_person(name):
                self.heard.append((s.start + found.start(), _Known(self._person(name, name), True, False)))
                return

    def _of_pronoun(self, s: Sentence, i: int) -> Speaker | None:
        word = s.tokens[i].text.casefold()
        word = _PRONOUNS.get(word, word)
        if word in {"i", "we", "you", "me", "us"}:
            # Outside quotation marks that is the writer.
            return None
        place = s.start + s.tokens[i].start
        surface = s.tokens[i].text
        floor = self._floor(s)
        starts = [x.start for x in self.page.sentences if x.field is s.field]
        # The nearest sentence, and in it whoever was named first: who acted there goes on acting.
        near = sorted(
            ((at, k) for at, k in self.heard if floor <= at < place),
            key=lambda pair: (-bisect_right(starts, pair[0]), pair[0]),
        )
        fitting = [known for _, known in near if self._may_be(word, known)]
        # Whoever is known to be a person goes before what only may be one.
        sure = [known for known in fitting if known.is_person] if word in {"he", "she"} else []
        for known in [*sure, *fitting]:
            if word in {"he", "she"}:
                self.genders.setdefault(known.speaker.name, word)
            return replace(known.speaker, surface=surface)
        return Speaker(name=surface, surface=surface)

    def _may_be(self, pronoun: str, known: _Known) -> bool:
        """Whether the pronoun can stand for them, as far as number and what is known of them tell."""
        if pronoun in {"he", "she"}:
            entity = self.entities.get(known.speaker.entity)
            if entity is not None and entity.type is not EntityType.PERSON:
                return False
            told = self.genders.get(known.speaker.name) or _gender_of(known.speaker.name)
            return known.is_person is not False and not known.is_plural and told in {"", pronoun}
        if pronoun == "it":
            return known.is_person is not True and not known.is_plural
        return pronoun == "they" and (known.is_plural or known.is_person is not True)

    def _floor(self, s: Sentence) -> int:
        before = [x.start for x in self.page.sentences if x.field is s.field and x.start <= s.start]
        return before[-_REACH_SENTENCES] if len(before) >= _REACH_SENTENCES else 0

    def _named(self, s: Sentence, i: int, surface: str) -> _Known | None:
        token = s.tokens[i]
        if token.lemma in _MOUTHPIECES:
            owner = self._owner(s, i)
            # Never in a circle: "a statement" that owns a statement is taken as written.
            if (
                owner is not None
                and s.tokens[owner].lemma not in _MOUTHPIECES
                and s.tokens[owner].pos != "PRON"
            ):
                return self._named(s, owner, _of_whom(s.words(grammar.noun_phrase(s, owner))))
            again = self._spoke_last(s.start + token.start)
            if again is not None and owner is None:
                return replace(again, speaker=replace(again.speaker, surface=surface))
        plural = token.tag in {"NNS", "NNPS"}
        entity = self.entity_at(s, i)
        if entity:
            kind = self.entities[entity].type if entity in self.entities else EntityType.OTHER
            return _Known(self._entity(entity, surface), kind is EntityType.PERSON, False)
        beside = grammar.given_name(s, i)
        if token.pos == "NOUN" and beside is not None and s.tokens[beside].pos == "PROPN":
            return self._named(s, beside, surface)
        office = self._office_holder(surface)
        if office is not None:
            return _Known(office, True, False)
        if token.pos == "NOUN" and (told := self._name_beside(s, i)):
            return _Known(self._person(self._canonical(told), surface), True, False)
        if token.pos == "PROPN" or token.text in self.full_names:
            return self._of_name(s, i, surface)
        again = self._organisation_again(s, i) or self._body_again(surface)
        if again is not None:
            return again
        holder = self._holder(s, i)
        if holder:
            return _Known(self._person(holder, surface), True, False)
        name = without_article(surface)
        if token.pos == "NOUN" and name[:1].isupper() and not name.split()[0].isupper() and i == 0:
            name = name[0].lower() + name[1:]
        side = self._side_in(s, grammar.noun_phrase(s, i), but=i)
        person = token.lemma in PERSON_NOUNS if not plural else None
        return _Known(Speaker(name=name, surface=surface, side=side), person, plural)

    def _name_beside(self, s: Sentence, i: int) -> str:
        """'another survivor, the driver Ivo Lund, said': the name that the parse hung elsewhere."""
        end = s.tokens[grammar.noun_phrase(s, i)[-1]].end
        found = _BESIDE.match(s.text, end)
        name = self._canonical(" ".join(_without_titles(found["name"].split()))) if found else ""
        return name if looks_like_person(name) else ""

    def _spoke_last(self, before: int) -> _Known | None:
        """Whoever was named last in the reach of a pronoun: a statement without an owner is theirs."""
        near = [(at, k) for at, k in self.heard if at < before]
        return max(near, key=lambda pair: pair[0])[1] if near else None

    def _of_name(self, s: Sentence, i: int, surface: str) -> _Known:
        written = name_of(s, i)
        if written == written.casefold():
            # "the regional department of ecology": no name, however the model tags it.
            written = without_article(surface)
        name = self._canonical(written)
        entity = self._entity_by_name(name)
        if entity:
            return _Known(self._entity(entity, surface), True, False)
        person = looks_like_person(name) or bool(self.roles.get(name, set()) & PERSON_NOUNS)
        org = any(w.casefold() in ORG_WORDS for w in name.split())
        side = self.sides.get(name, "") or self._side_in(s, grammar.noun_phrase(s, i), but=i)
        speaker = Speaker(name=name, surface=surface, side=side)
        return _Known(speaker, None if not person and not org else person and not org, False)

    def _person(self, name: str, surface: str) -> Speaker:
        entity = self._entity_by_name(name)
        if entity:
            return self._entity(entity, surface)
        return Speaker(name=name, surface=surface, side=self.sides.get(name, ""))

    def _canonical(self, written: str) -> str:
        words = written.split()
        full = self.full_names.get(words[-1], "") if words else ""
        if not full or (len(words) > 1 and words[0] not in full.split()):
            return written
        return full

    def entity_at(self, s: Sentence, i: int) -> str:
        """The rule entity that this very token (not only its modifiers) names; empty: none."""
        token = s.tokens[i]
        start, end = s.start + token.start, s.start + token.end
        for m in self.page.reading.mentions:
            if m.field is s.field and m.start <= start and end <= m.end:
                return m.entity
        return ""

    def _entity_by_name(self, name: str) -> str:
        return known_names(self.entities).entity_named(name)

    def _entity_of_role(self, surface: str) -> str:
        words = without_article(surface).casefold().replace("’", "'").split()
        if not words or _NOT_THE_ROLE & set(words):
            return ""
        return known_names(self.entities).entity_in_role(words)

    def _office_holder(self, surface: str) -> Speaker | None:
        """Who holds an office that the rules know: whom the article calls so, else whom the rules name.

        People in office change sooner than rule files. None where it is no office of the rules.
        """
        role = self._entity_of_role(surface)
        if not role:
            return None
        wanted = set(without_article(surface).casefold().replace("’", "'").split())
        called = [name for name, words in self.titles.items() if wanted <= words]
        if len(called) == 1 and not self._entity_by_name(called[0]):
            return Speaker(name=called[0], surface=surface, side=self.entities[role].side)
        return self._entity(role, surface)

    def _entity(self, entity_id: str, surface: str) -> Speaker:
        entity = self.entities.get(entity_id)
        if entity is None:
            return Speaker(name=without_article(surface), surface=surface, entity=entity_id)
        return Speaker(name=entity.name, surface=surface, entity=entity.id, side=entity.side)

    def _side_in(self, s: Sentence, phrase: list[int], *, but: int) -> str:
        """The side of an organisation or country named beside the head: 'Kremlin spokesman'.

        A country's only for those who speak for it: a Polish official, not a Polish tennis player.
        """
        words = {s.tokens[n].lemma for n in phrase}
        speaks_for_state = bool(words & STATE_WORDS) and not words & AGAINST_STATE
        for n in phrase:
            if n == but:
                continue
            entity = self.entities.get(self.entity_at(s, n))
            if entity is not None and (speaks_for_state or entity.type is not EntityType.PLACE):
                return entity.side or entity.id
        return ""

    def _holder(self, s: Sentence, i: int) -> str:
        """The one name that the article gave this role: 'the minister', after 'transport minister Ana
        Ruiz'.
        """
        token = s.tokens[i]
        if token.tag != "NN" or any(s.tokens[c].lemma in {"a", "an", "another"} for c in s.children[i]):
            return ""
        # "The chief executive of Norvik": what stands after the role is whose it is.
        wanted = {
            s.tokens[n].lemma
            for n in grammar.noun_phrase(s, i)
            if n <= i and s.tokens[n].pos in {"NOUN", "PROPN"}
        }
        holders = [name for name, words in self.roles.items() if wanted <= words]
        return holders[0] if len(holders) == 1 and token.lemma in PERSON_NOUNS else ""

    def _organisation_again(self, s: Sentence, i: int) -> _Known | None:
        """'The company', said of the one named last; another noun only where the name carries it."""
        phrase = [s.tokens[n].lemma for n in grammar.noun_phrase(s, i)]
        if len(phrase) != 2 or phrase[0] != "the" or s.tokens[i].tag != "NN" or phrase[1] in PERSON_NOUNS:
            return None
        for at, known in sorted(self.heard, key=lambda pair: -pair[0]):
            entity = self.entities.get(known.speaker.entity)
            if at >= s.start + s.tokens[i].start or known.is_person or known.is_plural:
                continue
            is_org = entity is not None and entity.type is EntityType.ORG
            if phrase[1] in known.speaker.name.casefold().split() or (is_org and phrase[1] in _ANY_ORG):
                again = Speaker(
                    name=known.speaker.name,
                    surface=s.words(grammar.noun_phrase(s, i)),
                    entity=known.speaker.entity,
                    side=known.speaker.side,
                )
                return _Known(again, False, False)
        return None

    def _body_again(self, surface: str) -> _Known | None:
        """The one body of the text whose name ends with these words: 'the coast guard'."""
        words = [_singular(w) for w in without_article(surface).casefold().split()]
        if not words or not surface[:4].casefold().startswith("the ") or not _is_body(words[-1]):
            return None
        known = [
            name
            for low, name in self.bodies.items()
            if [_singular(w) for w in low.split()][-len(words) :] == words
        ]
        if len(known) != 1:
            return None
        entity = self._entity_by_name(known[0])
        speaker = self._entity(entity, surface) if entity else Speaker(name=known[0], surface=surface)
        return _Known(speaker, False, False)

    def _owner(self, s: Sentence, i: int) -> int | None:
        poss = grammar.child(s, i, "poss")
        if poss is not None:
            return poss
        for c in s.children[i]:
            if s.tokens[c].dep == "prep" and s.tokens[c].lemma in {"from", "by", "of"}:
                return grammar.child(s, c, "pobj")
            if s.tokens[c].dep == "acl" and (owner := grammar.subject(s, c)) not in {None, i}:
                return owner
            if s.tokens[c].dep == "relcl" and (owner := grammar.child(s, c, "nsubj")) is not None:
                return owner if not grammar.is_question_word(s, owner) else None
            if s.tokens[c].dep == "acl":
                return next((n for n in s.subtree(c) if s.tokens[n].dep == "poss"), None)
        return None
