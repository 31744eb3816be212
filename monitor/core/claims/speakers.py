"""Who speaks in an English article: one canonical name for the ways it has of calling somebody.

Order of evidence: an entity of the rule files named there, an entity's role, a fuller name in the article,
a role that the article gave to a name, a pronoun's nearest fitting antecedent; otherwise as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from monitor.core.claims import grammar
from monitor.core.claims.again import (
    body_again,
    is_native,
    is_new_noun,
    may_go_far_back,
    may_mean_again,
    organisation_again,
    paper_again,
    person_again,
)
from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.first_names import pronoun_of_role
from monitor.core.claims.hearing import Known
from monitor.core.claims.holders import Holders
from monitor.core.claims.introductions import is_body
from monitor.core.claims.names import (
    ANY_ORG,
    NAME,
    ORG_WORDS,
    PERSON_NOUNS,
    looks_like_person,
    names_in,
    names_person,
    without_article,
    without_titles,
)
from monitor.core.claims.names_in_trees import name_of
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.pronouns import SPOKESPEOPLE, can_speak
from monitor.core.claims.whose import (
    author,
    brought_in,
    is_at,
    is_of_town,
    is_spoken_of,
    is_who,
    of_whom,
    plainly,
    side_beside,
    spoken_for,
    told_apart,
    whole_word,
    without_place,
)
from monitor.core.types import ArticleField, EntityType, Speaker
from monitor.core.wording import word_set

_NOBODY = word_set(
    """
    any anybody anyone nobody none everybody everyone somebody someone something nothing
    nonsense rubbish poppycock bunkum baloney twaddle piffle claptrap hogwash balderdash tosh
    """
)
# Of several who say different things.
_OTHERS = re.compile(r"(?i)\b(?:an)?other\b")
# "This article was changed": the outlet's own.
_OWN_TEXTS = word_set("article story report newspaper paper page")
_NOUNS = frozenset({"NOUN", "PROPN"})
#: ", the driver Ivo Lund,": a name between commas, with a role before it.
_BESIDE = re.compile(
    rf",\s+(?:(?:the|an?|its|her|his|their)\s+)?(?:[a-z][\w'’\-]*\s+){{0,4}}(?P<name>{NAME.pattern}),"
)


def _is_nobody(s: Sentence, i: int) -> bool:
    """'Before anybody claimed it', 'no consul has been let in': nobody is named who may speak."""
    return s.tokens[i].lemma in _NOBODY or any(s.tokens[c].lemma == "no" for c in s.children[i])


@dataclass(slots=True)
class Cast(Holders):
    """Everybody whom one article names; asked in the order of the text."""

    subjects: ClassVar[frozenset[str]] = grammar.SUBJECTS | grammar.PASSIVE_SUBJECTS

    def __post_init__(self) -> None:
        self.who.learn(self.page, lambda s, phrase, but: self._side_in(s, phrase, but=but))
        self.sides = self.who.sides

    # ------------------------------------------------------------ answering

    def speaker_at(self, s: Sentence, i: int) -> Speaker | None:
        """Who this token of a sentence names; None where nobody can be told. Remembers the answer."""
        token = s.tokens[i]
        if _is_nobody(s, i):
            return None
        if token.text.endswith(("self", "selves")) and i and s.tokens[i - 1].pos in _NOUNS:
            # "As the divers themselves have said".
            return self.speaker_at(s, i - 1)
        if token.lemma != "one" and (token.pos == "PRON" or token.tag in {"PRP", "PRP$"}):
            return self.of_pronoun(s, i)
        if token.pos == "VERB" and (who := grammar.child(s, i, "nsubj")) is not None and who < i:
            # "Survivors brought ashore told the paper": no main verb, though the parse takes it for one.
            if s.start + token.start in self.spoke:
                self.spoke.add(s.start + s.tokens[who].start)
            return self.speaker_at(s, who)
        known = self.name(s, *whole_word(s, i))
        self.heard.append((s.start + token.start, known))
        return known.speaker

    def speaker_of_words(self, field: ArticleField, start: int, end: int) -> Speaker:
        """Who a stretch of the article names, by its words alone."""
        surface = self.page.article.field(field)[start:end]
        mentions = self.page.mentions_in(field, start, end)
        if mentions and not is_of_town(surface, self.entities.get(mentions[-1].entity)):
            return self.entity(mentions[-1].entity, surface)
        holder = self._office_holder(surface)
        if holder is not None:
            return holder
        name = self.who.canonical(plainly(without_article(surface)))
        return Speaker(name=name, surface=surface, side=self.sides.get(name, ""))

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small: "its", "spokesman"; empty where it has none."""
        said = {*self.who.titles.get(speaker.name, ()), *self.who.roles.get(speaker.name, ())}
        return frozenset({*said, *speaker.surface.casefold().split()})

    def named_in_words(self, s: Sentence) -> tuple[int, Known] | None:
        """The first name of a person in a sentence without a tree: a full one, or the last word of one."""
        if s.text.startswith("By "):
            return None
        for written in names_in(s.text):
            name = next((n for n in self.who.bearers(written.name) if n.endswith(written.words[-1])), "")
            known = self.entities.get(self.entity_by_name(name)) if name else None
            # "In La Paz, the minister, Ana Ruiz, …".
            is_somebody = known is None or known.type is EntityType.PERSON
            if looks_like_person(name) and is_somebody and "in" not in written.lead[-1:]:
                return s.start + written.start, Known(self.named(name, name), True, False)
        first = re.match(r"[^\W\d_][\w\-]+(?=,? )", s.text)
        bearers = self.who.bearers(first.group()) if first is not None else []
        if len(bearers) == 1 and self.who.is_person(bearers[0]):
            return s.start, Known(self.named(bearers[0], bearers[0]), True, False)
        return None

    def bare(self, surface: str) -> str:
        return without_article(surface)

    def acts(self, s: Sentence, i: int) -> bool:
        """Whoever does something, by whom it is done, and what comes with a word on what it is."""
        token = s.tokens[i]
        # "The 54-year-old".
        aged = token.lemma == "old" and i > 3 and s.tokens[i - 2].lemma == "year"
        if (token.pos not in _NOUNS and not aged) or _is_nobody(s, i):
            return False
        by = token.dep == "pobj" and s.tokens[token.head].dep == "agent"
        if token.lemma in _OWN_TEXTS and any(s.tokens[c].lemma == "this" for c in s.children[i]):
            return False
        if any(s.tokens[c].tag == "WP$" for c in s.children[i]):
            # "A baker whose daughter won": it is the baker who is told of.
            return False
        new = token.dep in {"pobj", "dobj"} and (brought_in(s, i) or is_spoken_of(s, i))
        new = new and not is_at(s, i)
        # "A deckhand who was aboard, vouched for it": however the parse takes who heads the sentence.
        top = token.dep == "ROOT" and token.pos == "NOUN" and is_who(s, i)
        return token.dep in self.subjects or by or new or top

    # ------------------------------------------------------------ naming

    def name(self, s: Sentence, i: int, surface: str) -> Known:
        token = s.tokens[i]
        owner = grammar.child(s, i, "poss")
        if owner is not None and s.tokens[owner].tag in {"PRP$", "WP$"}:
            named = token.lemma in SPOKESPEOPLE and (grammar.given_name(s, i) or self._name_beside(s, i))
            whose = self.owner_again(s, i, owner, surface) if not named else None
            if whose is not None:
                return whose
        if told := self._named_behind_body(s, i) or self.who.of_age(surface):
            return Known(self.named(told, surface), True, False)
        if token.lemma in DOCUMENTS or token.lemma in SPOKESPEOPLE:
            whose = self._behind(s, i, surface)
            if whose is not None:
                return whose
        entity = self.entity_at(s, i) or self._people_of(s, i)
        if is_native(s, i, self.entities.get(entity)):
            # "The Italian", of who spoke right before.
            near = self.spoke_near(s, s.start + token.start)
            if near is not None and not near.is_plural and near.speaker.name[:1].isupper():
                return replace(near.as_written(surface), is_person=True)
        if entity:
            kind = self.entities[entity].type if entity in self.entities else EntityType.OTHER
            return Known(self.entity(entity, surface), kind is EntityType.PERSON, False)
        beside = grammar.given_name(s, i)
        one = token.pos in {"NOUN", "NUM"} or token.lemma in PERSON_NOUNS
        if one and beside is not None and s.tokens[beside].pos == "PROPN":
            known = self.relative(s, i, owner, beside) or self.name(s, beside, surface)
            # "The operator, Carris Norte": two capitals, and nobody.
            org = token.lemma in ANY_ORG or token.lemma in ORG_WORDS
            return replace(known, is_person=False) if org else known
        office = self._office_holder(surface)
        if office is not None:
            return Known(office, True, False)
        if (member := self._one_of(s, i, surface)) is not None:
            return member
        if token.pos == "NOUN" and token.lemma not in DOCUMENTS and (told := self._name_beside(s, i)):
            return Known(self.named(self.who.canonical(told), surface), True, False)
        if not may_mean_again(s, i) and (
            token.pos == "PROPN" or (token.text[:1].isupper() and token.text in self.who.full_names)
        ):
            return self._of_name(s, i, surface)
        body = self._organisation(s, i, surface)
        if body is not None:
            return body
        holder, before = self._holder(s, i), s.start + token.start
        near = self.spoke_near(s, before)
        if near is None and may_go_far_back(s, i):
            near = self._last_person(surface, before)
        called = self.who.titles.get(near.speaker.name, ()) if near is not None else ()
        is_new = SPOKESPEOPLE.isdisjoint(called) and is_new_noun(self.page.article.text, s, i)
        trade = near is not None and any(map(names_person, self.who.roles.get(near.speaker.name, ())))
        again = person_again(s, i, self.latest(before), near, holder, may_be_new=is_new, has_trade=trade)
        if holder and again is None:
            return Known(self.named(holder, surface), True, False)
        return again or self._as_written(s, i, surface)

    def _people_of(self, s: Sentence, i: int) -> str:
        """'The Oskavians say': the country, which has the word for one of them; empty: nobody's people."""
        token = s.tokens[i]
        alone = len(s.children[i]) == 1 and s.tokens[s.children[i][0]].lemma == "the"
        if token.tag != "NNPS" or not alone or not token.text.endswith("s"):
            return ""
        found = self.entity_by_name(token.text[:-1])
        return found if found and self.entities[found].type is EntityType.PLACE else ""

    def _last_person(self, surface: str, before: int) -> Known | None:
        """Somebody named who spoke last before this place, and may be called so; None: it is nobody."""
        last, called = self.spoke_last(before), pronoun_of_role(surface)
        if last is None or not last.is_person or not looks_like_person(last.speaker.name):
            return None
        known = self.pronoun(last.speaker.name)
        return last if not known or called in {"", known} else None

    def _one_of(self, s: Sentence, i: int, surface: str) -> Known | None:
        """'One of them', 'one of the people': the several who were named before, unless others of them speak
        in the same sentence; None: nobody is known.
        """
        of = grammar.child(s, i, "prep") if s.tokens[i].lemma == "one" else None
        whom = grammar.child(s, of, "pobj") if of is not None and s.tokens[of].lemma == "of" else None
        alone = s.tokens[i].lemma == "one" and not s.children[i]
        if (whom is None and not alone) or _OTHERS.search(s.text):
            return None
        told = grammar.child(s, i, "appos")
        if told is not None and s.tokens[told].pos == "NOUN" and names_person(s.tokens[told].lemma):
            # "One of them, a baker, said".
            return self.name(s, *whole_word(s, told))
        if whom is None or s.tokens[whom].lemma == "they":
            place = s.start + s.tokens[i].start
            several = [(at, k) for at, k in self.heard if at < place and k.is_plural and can_speak(k)]
            floor = self.paragraph_start(s)
            # Those of this paragraph first; whoever spoke goes before who only acted.
            found = max(
                several, key=lambda pair: (pair[0] >= floor, pair[0] in self.spoke, pair[0]), default=None
            )
            return found[1].as_written(surface) if found is not None else None
        again = self.name(s, whom, s.words(grammar.noun_phrase(s, whom)))
        return again.as_written(surface) if again.is_plural and again.speaker.name.count(" ") else None

    def _organisation(self, s: Sentence, i: int, surface: str) -> Known | None:
        """The organisation that 'the company', 'the coast guard' means again."""
        before = s.start + s.tokens[i].start
        if s.tokens[i].lemma in ANY_ORG:
            # "Vantor expects less, the company said": named only now.
            self.listen_until(s, i)
        again = organisation_again(s, i, self.latest(before), self.who, self.entities, self.page.article)
        return again or body_again(surface, self.latest(before), self.who, self.named)

    def _as_written(self, s: Sentence, i: int, surface: str) -> Known:
        token = s.tokens[i]
        plural = token.tag in {"NNS", "NNPS"} or token.lemma == "police"
        text = self.page.article.text
        name = plainly(without_place(s, i, without_article(told_apart(s, i, surface)), text))
        first = name.split()[0] if name else ""
        if token.pos == "NOUN" and first[:1].isupper() and not first.isupper() and i == 0:
            # "Viktor" is nobody's trade, though the parse may think so.
            a_name = " " not in name and re.search(rf"[a-z,] {re.escape(first)}\b", text)
            name = name if a_name else name[0].lower() + name[1:]
        side = self._side_in(s, grammar.noun_phrase(s, i), but=i)
        person = names_person(token.lemma) or is_who(s, i) if not plural else None
        if token.lemma == "guard" and grammar.child(s, i, "compound", "amod") is not None:
            # "The coast guard" is nobody, "a prison guard" may be.
            person = None
        return Known(Speaker(name=name, surface=surface, side=side), person, plural)

    def _behind(self, s: Sentence, i: int, surface: str) -> Known | None:
        """Whose statement, whose spokesman: the ministry itself; None where it is nobody's, or a person's."""
        token = s.tokens[i]
        if token.lemma in SPOKESPEOPLE:
            if grammar.given_name(s, i) is not None or self._name_beside(s, i):
                return None
            owner = spoken_for(s, i)
            if owner is None or not self._is_organisation(s, owner):
                return None
            phrase = grammar.noun_phrase(s, owner)
            if s.tokens[owner].dep == "compound":
                # "An Oskavian army spokesman": what stands before belongs to the army.
                phrase = [n for n in grammar.noun_phrase(s, i) if n <= owner]
            behind = self.name(s, owner, of_whom(s.words(phrase)))
            side = behind.speaker.side or self._side_in(s, phrase, but=i)
            behind = replace(behind, speaker=replace(behind.speaker, side=side))
            return None if behind.is_person else behind.as_written(surface)
        owner = author(s, i)
        # Never in a circle: "a statement" that owns a statement is taken as written.
        if owner is not None and s.tokens[owner].lemma not in DOCUMENTS and s.tokens[owner].pos != "PRON":
            if not self._can_write(s, owner):
                return None
            whose = self.name(s, owner, of_whom(s.words(grammar.noun_phrase(s, owner))))
            self.heard.append((s.start + token.start, whose.as_written(surface)))
            return whose
        again = paper_again(s, i, self.latest(s.start + token.start)) if owner is None else None
        if again is not None:
            return again.as_written(surface)
        if owner is None and token.lemma == "statement":
            again = self.spoke_last(s.start + token.start)
            return again.as_written(surface) if again is not None and can_speak(again) else None
        return None

    def _is_organisation(self, s: Sentence, i: int) -> bool:
        known = self.entities.get(self.entity_at(s, i))
        if known is not None:
            return known.type is not EntityType.PERSON
        token = s.tokens[i]
        return is_body(token.text) or token.lemma in ANY_ORG or token.pos == "PROPN"

    def _can_write(self, s: Sentence, i: int) -> bool:
        """The ship's log is nobody's word."""
        token = s.tokens[i]
        named = grammar.given_name(s, i) is not None
        return (
            named
            or token.lemma in PERSON_NOUNS
            or token.tag in {"NNS", "NNPS"}
            or self._is_organisation(s, i)
        )

    def _name_beside(self, s: Sentence, i: int) -> str:
        """'another survivor, the driver Ivo Lund, said': the name that the parse hung elsewhere."""
        end = s.tokens[grammar.noun_phrase(s, i)[-1]].end
        found = _BESIDE.match(s.text, end)
        name = self.who.canonical(" ".join(without_titles(found["name"].split()))) if found else ""
        return name if looks_like_person(name) else ""

    def _named_behind_body(self, s: Sentence, i: int) -> str:
        """'The head of the Department of Inner Waters Ivo Lund': Ivo Lund; empty: no such phrase."""
        token, last = s.tokens[i], grammar.noun_phrase(s, i)[-1]
        if s.field is not ArticleField.TEXT or last < i + 3 or not names_person(token.lemma):
            return ""
        name = self.who.named_at(s.start + s.tokens[last].start)
        before = s.text[token.start : s.tokens[last].end].removesuffix(name).split() if name else []
        behind = before and before[-1][0].isupper() and before[-1].isalpha()
        return self.who.canonical(name) if behind and looks_like_person(name) else ""

    def _of_name(self, s: Sentence, i: int, surface: str) -> Known:
        place = s.start + s.tokens[i].start
        written, longer = name_of(s, i), self.who.named_at(place) if s.field is ArticleField.TEXT else ""
        in_front = written.removesuffix(f" {longer}")
        if longer and (longer not in written or (in_front != written and " and" not in in_front)):
            # What the parse takes for two names is one: "Pieter van der Laan"; and it takes what stands
            # before one for its beginning: "head of the Agency for Public Safety Ana Ruiz".
            written = longer
        if self._is_own_name(s, i, written):
            return Known(replace(self.publisher(), surface=surface), False, False)
        office = is_body(written) and grammar.child(s, i, "poss") is not None
        if office or written == written.casefold():
            # "The General Prosecutor's Office" is no Office, "the department of ecology" is no name.
            written = without_article(surface)
        name = self._of_bearers(written, surface, place)
        name = self._heard_last(self.who.in_full(name), place) or self._with_its_s(s, i, name)
        entity = self.entity_by_name(name)
        if entity:
            return Known(self.entity(entity, surface), True, False)
        person = self.who.is_person(name)
        if name.islower():
            # "The van", for all that the parse takes it for a name.
            person = names_person(name.split()[-1])
        elif person is None and looks_like_person(name):
            person = True
        side = self.sides.get(name, "") or self._side_in(s, grammar.noun_phrase(s, i), but=i)
        return Known(Speaker(name=name, surface=surface, side=side), person, False)

    def _is_own_name(self, s: Sentence, i: int, written: str) -> bool:
        """'The Star can reveal', in the Brask Star."""
        own = without_article(self.page.article.publisher).casefold().split()
        words = without_article(written).casefold().split()
        the = grammar.child(s, i, "det") is not None
        return bool(words) and own[-len(words) :] == words and (the or len(words) > 1)

    def _side_in(self, s: Sentence, phrase: list[int], *, but: int) -> str:
        return side_beside(s, phrase, but, lambda n: self.entities.get(self.entity_at(s, n)))
