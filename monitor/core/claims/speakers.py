"""Who speaks in an English article: one canonical name for the ways it has of calling somebody.

Order of evidence: an entity of the rule files named there, an entity's role, a fuller name in the article,
a role that the article gave to a name, a pronoun's nearest fitting antecedent; otherwise as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import ClassVar

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.hearing import Hearing, Known
from monitor.core.claims.introductions import Introductions, is_body, singular
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
    without_article,
)
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.whose import author, of_whom, spoken_for, whole_word
from monitor.core.types import ArticleField, EntityType, Speaker
from monitor.core.wording import word_set

_SPOKESPEOPLE = word_set("spokesman spokeswoman spokesperson spox")
_NOT_THE_ROLE = _SPOKESPEOPLE | word_set("former ex deputy vice acting ex- aide ally")
_ANY_ORG = word_set(
    """
    company firm group organisation organization carrier airline operator manufacturer maker bank club utility
    charity broadcaster retailer supplier builder refinery
    """
)
# What names of firms hold, among the words for bodies.
_FIRM_WORDS = word_set(
    """
    company airline bank group corporation inc ltd plc holding industrie energy motor system partner capital
    technologie telecom railway shipping steel pharma food line
    """
)
_PRONOUNS = {
    "him": "he",
    "her": "she",
    "them": "they",
    "his": "he",
    "hers": "she",
    "their": "they",
    "its": "it",
}
# "Before anybody claimed it": nobody speaks.
_NOBODY = word_set("anybody anyone nobody none everybody everyone somebody someone something nothing")
_WRITER = frozenset({"i", "we", "you", "me", "us"})
# Says nothing alone: what follows tells who it is ("a person briefed on the talks").
_VAGUE = word_set("person people source man woman")
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


def _gender_of(name: str) -> str:
    """The pronoun that a role calls for: 'his wife', 'a spokeswoman'; empty: it does not tell."""
    words = set(name.casefold().split())
    return "she" if words & (_FEMALE - {"her"}) else "he" if words & (_MALE - {"his"}) else ""


@dataclass(slots=True)
class Cast(Hearing):
    """Everybody whom one article names; asked in the order of the text."""

    who: Introductions = field(default_factory=Introductions)
    # Canonical name → "he" or "she", once a pronoun has told.
    genders: dict[str, str] = field(default_factory=dict)

    subjects: ClassVar[frozenset[str]] = grammar.SUBJECTS | grammar.PASSIVE_SUBJECTS

    def __post_init__(self) -> None:
        self.who.learn(self.page, lambda s, phrase, but: self._side_in(s, phrase, but=but))
        self.sides = self.who.sides

    # ------------------------------------------------------------ answering

    def speaker_at(self, s: Sentence, i: int) -> Speaker | None:
        """Who this token of a sentence names; None where nobody can be told. Remembers the answer."""
        token = s.tokens[i]
        if token.lemma in _NOBODY:
            return None
        if token.pos == "PRON" or token.tag in {"PRP", "PRP$"}:
            return self._of_pronoun(s, i)
        known = self._named(s, *whole_word(s, i))
        self.heard.append((s.start + token.start, known))
        return known.speaker

    def speaker_of_words(self, start: int, end: int) -> Speaker:
        """Who a stretch of the title names."""
        surface = self.page.article.title[start:end]
        mentions = self.page.mentions_in(ArticleField.TITLE, start, end)
        if mentions:
            return self.entity(mentions[-1].entity, surface)
        holder = self._office_holder(surface)
        if holder is not None:
            return holder
        name = self.who.canonical(without_article(surface))
        return Speaker(name=name, surface=surface, side=self.sides.get(name, ""))

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small: "its", "spokesman"; empty where it has none."""
        said = {*self.who.titles.get(speaker.name, ()), *self.who.roles.get(speaker.name, ())}
        return frozenset({*said, *speaker.surface.casefold().split()})

    def named_in_words(self, s: Sentence) -> tuple[int, Known] | None:
        """The first full name of a person in a sentence without a tree."""
        for found in NAME.finditer(s.text):
            words = found.group().split()
            name = self.who.full_names.get(words[-1], "")
            if name and name.endswith(" ".join(words[-2:])) and looks_like_person(name):
                return s.start + found.start(), Known(self.named(name, name), True, False)
        return None

    def bare(self, surface: str) -> str:
        return without_article(surface)

    # ------------------------------------------------------------ pronouns

    def _of_pronoun(self, s: Sentence, i: int) -> Speaker | None:
        surface = s.tokens[i].text
        word = _PRONOUNS.get(surface.casefold(), surface.casefold())
        if word in _WRITER:
            # Outside quotation marks that is the writer.
            return None
        fitting = [known for known in self.nearest(s, i) if self._may_be(word, known)]
        # Whoever is known to be a person, or to be several, goes before what only may be.
        sure = [known for known in fitting if known.is_person] if word in {"he", "she"} else []
        several = [known for known in fitting if known.is_plural] if word == "they" else []
        for known in [*sure, *several, *fitting]:
            if word in {"he", "she"}:
                self.genders.setdefault(known.speaker.name, word)
            return replace(known.speaker, surface=surface)
        return Speaker(name=surface, surface=surface)

    def _may_be(self, pronoun: str, known: Known) -> bool:
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

    # ------------------------------------------------------------ naming

    def _named(self, s: Sentence, i: int, surface: str) -> Known:
        token = s.tokens[i]
        if token.lemma in DOCUMENTS or token.lemma in _SPOKESPEOPLE:
            whose = self._behind(s, i, surface)
            if whose is not None:
                return whose
        entity = self.entity_at(s, i)
        if entity:
            kind = self.entities[entity].type if entity in self.entities else EntityType.OTHER
            return Known(self.entity(entity, surface), kind is EntityType.PERSON, False)
        beside = grammar.given_name(s, i)
        if token.pos == "NOUN" and beside is not None and s.tokens[beside].pos == "PROPN":
            known = self._named(s, beside, surface)
            # "The operator, Carris Norte": two capitals, and nobody.
            org = token.lemma in _ANY_ORG or token.lemma in ORG_WORDS
            return replace(known, is_person=False) if org else known
        office = self._office_holder(surface)
        if office is not None:
            return Known(office, True, False)
        if token.pos == "NOUN" and (told := self._name_beside(s, i)):
            return Known(self.named(self.who.canonical(told), surface), True, False)
        if token.pos == "PROPN" or token.text in self.who.full_names:
            return self._of_name(s, i, surface)
        again = self._organisation_again(s, i) or self._body_again(s, i, surface)
        if again is not None:
            return again
        holder = self._holder(s, i)
        if holder:
            return Known(self.named(holder, surface), True, False)
        return self._as_written(s, i, surface)

    def _as_written(self, s: Sentence, i: int, surface: str) -> Known:
        token = s.tokens[i]
        plural = token.tag in {"NNS", "NNPS"}
        name = without_article(self._told_apart(s, i, surface))
        if token.pos == "NOUN" and name[:1].isupper() and not name.split()[0].isupper() and i == 0:
            name = name[0].lower() + name[1:]
        side = self._side_in(s, grammar.noun_phrase(s, i), but=i)
        person = token.lemma in PERSON_NOUNS if not plural else None
        return Known(Speaker(name=name, surface=surface, side=side), person, plural)

    def _told_apart(self, s: Sentence, i: int, surface: str) -> str:
        """'A person briefed on the talks': the words that tell one of many from others belong to the name."""
        if s.tokens[i].lemma not in _VAGUE or len(surface.split()) > 2:
            return surface
        below = next((c for c in s.children[i] if s.tokens[c].dep == "acl" and c == i + 1), None)
        if below is None:
            return surface
        words = s.subtree(below)
        last = next((n for n in words if s.tokens[n].text in {",", ";"}), words[-1] + 1) - 1
        return s.words([*grammar.noun_phrase(s, i), last])

    def _behind(self, s: Sentence, i: int, surface: str) -> Known | None:
        """Whose statement, whose spokesman: the ministry itself; None where it is nobody's, or a person's."""
        token = s.tokens[i]
        if token.lemma in _SPOKESPEOPLE:
            if grammar.given_name(s, i) is not None or self._name_beside(s, i):
                return None
            owner = spoken_for(s, i)
            if owner is None or not self._is_organisation(s, owner):
                return None
            phrase = grammar.noun_phrase(s, owner)
            if s.tokens[owner].dep == "compound":
                # "An Oskavian army spokesman": what stands before belongs to the army.
                phrase = [n for n in grammar.noun_phrase(s, i) if n <= owner]
            behind = self._named(s, owner, of_whom(s.words(phrase)))
            side = behind.speaker.side or self._side_in(s, phrase, but=i)
            behind = replace(behind, speaker=replace(behind.speaker, side=side))
            return None if behind.is_person else behind.as_written(surface)
        owner = author(s, i)
        # Never in a circle: "a statement" that owns a statement is taken as written.
        if owner is not None and s.tokens[owner].lemma not in DOCUMENTS and s.tokens[owner].pos != "PRON":
            if not self._can_write(s, owner):
                return None
            return self._named(s, owner, of_whom(s.words(grammar.noun_phrase(s, owner))))
        if owner is None and token.lemma == "statement":
            again = self.spoke_last(s.start + token.start)
            return again.as_written(surface) if again is not None else None
        return None

    def _is_organisation(self, s: Sentence, i: int) -> bool:
        known = self.entities.get(self.entity_at(s, i))
        if known is not None:
            return known.type is not EntityType.PERSON
        token = s.tokens[i]
        return is_body(token.text) or token.lemma in _ANY_ORG or token.pos == "PROPN"

    def _can_write(self, s: Sentence, i: int) -> bool:
        """The ship's log is nobody's word."""
        token = s.tokens[i]
        return token.lemma in PERSON_NOUNS or token.tag in {"NNS", "NNPS"} or self._is_organisation(s, i)

    def _name_beside(self, s: Sentence, i: int) -> str:
        """'another survivor, the driver Ivo Lund, said': the name that the parse hung elsewhere."""
        end = s.tokens[grammar.noun_phrase(s, i)[-1]].end
        found = _BESIDE.match(s.text, end)
        name = self.who.canonical(" ".join(_without_titles(found["name"].split()))) if found else ""
        return name if looks_like_person(name) else ""

    def _of_name(self, s: Sentence, i: int, surface: str) -> Known:
        written = name_of(s, i)
        if written == written.casefold():
            # "the regional department of ecology": no name, however the model tags it.
            written = without_article(surface)
        name = self.who.canonical(written)
        entity = self.entity_by_name(name)
        if entity:
            return Known(self.entity(entity, surface), True, False)
        person = looks_like_person(name) or bool(self.who.roles.get(name, set()) & PERSON_NOUNS)
        org = any(w.casefold() in ORG_WORDS for w in name.split())
        side = self.sides.get(name, "") or self._side_in(s, grammar.noun_phrase(s, i), but=i)
        speaker = Speaker(name=name, surface=surface, side=side)
        return Known(speaker, None if not person and not org else person and not org, False)

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
        called = [name for name, words in self.who.titles.items() if wanted <= words]
        if len(called) == 1 and not self.entity_by_name(called[0]):
            return Speaker(name=called[0], surface=surface, side=self.entities[role].side)
        return self.entity(role, surface)

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

    # ------------------------------------------------------------ named before

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
        return self.who.bearer(wanted) if token.lemma in PERSON_NOUNS else ""

    def _organisation_again(self, s: Sentence, i: int) -> Known | None:
        """'The company', said of the one named last; another noun only where the name carries it."""
        tokens = grammar.noun_phrase(s, i)
        phrase = [s.tokens[n].lemma for n in tokens]
        if len(phrase) != 2 or phrase[0] != "the" or s.tokens[i].tag != "NN" or phrase[1] in PERSON_NOUNS:
            return None
        surface = s.words(tokens)
        named = [k for k in self.latest(s.start + s.tokens[i].start) if not k.is_person and not k.is_plural]
        for known in named:
            entity = self.entities.get(known.speaker.entity)
            is_org = entity is not None and entity.type is EntityType.ORG
            name = known.speaker.name.casefold()
            carries = phrase[1] in name.split() or (len(phrase[1]) > 3 and name.endswith(phrase[1]))
            if name != phrase[1] and (carries or (is_org and phrase[1] in _ANY_ORG)):
                return Known(replace(known.speaker, surface=surface), False, False)
        firms = {k.speaker.name: k for k in named if self._may_be_a_firm(k)}
        if phrase[1] in _ANY_ORG and len(firms) == 1:
            return Known(replace(next(iter(firms.values())).speaker, surface=surface), False, False)
        return None

    def _may_be_a_firm(self, known: Known) -> bool:
        """A name that the article repeats, of no person, no place and no public body: 'Vantor'."""
        name = known.speaker.name
        if known.speaker.entity or not name[:1].isupper() or looks_like_person(name):
            return False
        public = any(is_body(word) and singular(word.casefold()) not in _FIRM_WORDS for word in name.split())
        return not public and self.page.article.text.count(name) > 1

    def _body_again(self, s: Sentence, i: int, surface: str) -> Known | None:
        """The body of the text whose name ends with these words: 'the coast guard', 'the ministry'."""
        words = [singular(w) for w in without_article(surface).casefold().split()]
        if not words or not surface[:4].casefold().startswith("the ") or not is_body(words[-1]):
            return None

        def ends_so(name: str) -> bool:
            parts = [singular(w) for w in name.casefold().split()]
            return len(parts) > len(words) and parts[-len(words) :] == words

        # Of several the one that spoke last; of bodies only read of the one that there is.
        for known in self.latest(s.start + s.tokens[i].start):
            if known.is_person is not True and ends_so(known.speaker.name):
                return known.as_written(surface)
        bodies = [name for name in self.who.bodies.values() if ends_so(name)]
        return Known(self.named(bodies[0], surface), False, False) if len(bodies) == 1 else None
