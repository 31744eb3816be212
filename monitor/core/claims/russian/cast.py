"""Who speaks in a Russian text: names and roles in the nominative, one canonical name for each.

The order of evidence is that of the English cast: an entity of the rule files, an entity's role, a fuller
name in the article, a role that the article gave to a name, a pronoun's nearest antecedent; else as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import ClassVar

from monitor.core.claims.hearing import Hearing, Known
from monitor.core.claims.known_names import known_names
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.alike import ends_in, may_be, one_person
from monitor.core.claims.russian.cues import (
    ANY_ORG,
    ANYBODY,
    COUNTED,
    GO_BY_NAME,
    MOUTHPIECES,
    OF_MATTERS,
    OFFICES,
    ORG_WORDS,
    PERSON_NOUNS,
)
from monitor.core.claims.russian.drafts import is_body
from monitor.core.claims.russian.names import gender_of, gender_of_surname, same_name
from monitor.core.claims.russian.phrases import in_marks, is_body_word, name_words, nominative_phrase
from monitor.core.types import ArticleField, EntityType, Speaker
from monitor.core.wording import word_set

_PRONOUNS = {
    "он": "он", "его": "он", "она": "она", "ее": "она", "они": "они", "их": "они", "оно": "оно",
    "сам": "он",
}  # fmt: skip
_WRITER = word_set("я мы вы ты")
_NOBODY = word_set("никто кто-то кто все всякий некто что-то ничто что который это то")
_SPOKESPEOPLE = word_set("представитель представительница пресс-служба")
_FORMER = word_set("бывший экс- заместитель замглавы помощник советник вице- соратник и.о.")
_MINISTRY = re.compile(r"(?i)(?:\w+ский )?(?:мин[а-я]{3,}|мид|мвд|мчс)\b")
# Two capitals; ahead of where it looks, since the first word of a sentence may be no name.
_NAME = re.compile(r"\b(?=([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)?)\b)")


@dataclass(slots=True)
class RussianCast(Hearing):
    """Everybody whom one article names; asked in the order of the text."""

    # Full names in the nominative, in the order of the text.
    full_names: list[str] = field(default_factory=list)
    # Full name → dictionary forms of the words for what they are.
    roles: dict[str, set[str]] = field(default_factory=dict)
    # Full name → "Masc" or "Fem".
    genders: dict[str, str] = field(default_factory=dict)
    # Word for a body → names of such bodies in the nominative.
    bodies: dict[str, set[str]] = field(default_factory=dict)
    # Names of firms between marks: "завод «Волна»".
    marked: list[str] = field(default_factory=list)

    subjects: ClassVar[frozenset[str]] = frozenset({"nsubj", "nsubj:pass"})

    def __post_init__(self) -> None:
        for s in self.page.parsed:
            for i, token in enumerate(s.tokens):
                if token.pos == "PROPN" and token.dep != "flat:name" and not token.text.isupper():
                    self._learn_name(s, i)
                elif token.pos in {"NOUN", "PROPN"} and token.lemma in ORG_WORDS:
                    name = nominative_phrase(s, i)
                    marked = in_marks(self.page, s, i) if token.lemma in GO_BY_NAME else ""
                    if marked:
                        self.marked.append(marked)
                        self.bodies.setdefault(token.lemma, set()).add(marked)
                    elif len(name.split()) > 1 and (" по " not in name or token.lemma in OF_MATTERS):
                        self.bodies.setdefault(name.casefold().split()[0], set()).add(name)

        # Sentences without a tree name people too: where a first name shows that it stands in the nominative.
        for found in _NAME.finditer(self.page.article.text):
            words = found[1].split()
            if gender_of(words[0]) and not any(one_person(words, n.split()) for n in self.full_names):
                self.full_names.append(" ".join(words))
                self.genders[" ".join(words)] = gender_of(words[0])
            role = self.page.article.text[: found.start()].rpartition("\n")[2].split()[-1:]
            if " ".join(words) in self.full_names and role and role[0].casefold() in PERSON_NOUNS:
                # "Губернатор Виктор Лосев": the nominative shows in both.
                self.roles.setdefault(" ".join(words), set()).add(role[0].casefold())

    def _learn_name(self, s: Sentence, i: int) -> None:
        words = name_words(s, i)
        if len(words) < 2:
            return
        name = " ".join(words)
        known = next((n for n in self.full_names if one_person(words, n.split())), "")
        if not known:
            self.full_names.append(name)
        name = known or name
        role = s.tokens[i].head
        top = role if s.tokens[i].dep in {"appos", "nmod"} else i
        first = gender_of(name.split()[0]) or gender_of_surname(name.split()[-1])
        first = first or grammar.gender_of_deed(s, top)
        if first:
            self.genders.setdefault(name, first)
        if s.tokens[i].dep == "appos" and (
            s.tokens[role].pos == "NOUN" or s.tokens[role].lemma in PERSON_NOUNS
        ):
            phrase = grammar.noun_phrase(s, role)
            self.roles.setdefault(name, set()).update(s.tokens[n].lemma for n in phrase)
            side = self._side_in(s, phrase, but=i)
            if side:
                self.sides.setdefault(name, side)

    # ------------------------------------------------------------ answering

    def speaker_at(self, s: Sentence, i: int) -> Speaker | None:
        """Who this token of a sentence names; None where nobody can be told. Remembers the answer."""
        token = s.tokens[i]
        if token.lemma in {"тот", "последний"} and grammar.feature(s, i, "Number") == "Sing":
            return self._last_of_two(s, i)
        if token.lemma in _NOBODY or token.lemma in _WRITER:
            return None
        if token.pos in {"PRON", "DET"}:
            return self._of_pronoun(s, i)
        known = self._there(s, i) if token.lemma == "там" else self._named(s, i)
        if known is None:
            return None
        self.heard.append((s.start + token.start, known))
        return known.speaker

    def speaker_of_words(self, start: int, end: int) -> Speaker:
        """Who a stretch of the title names."""
        surface = self.page.article.title[start:end]
        mentions = self.page.mentions_in(ArticleField.TITLE, start, end)
        for s in self.page.parsed:
            if s.field is ArticleField.TITLE:
                tops = [
                    n for n, t in enumerate(s.tokens) if start <= s.start + t.start < end and t.pos != "ADP"
                ]
                top = next((n for n in tops if s.tokens[n].head not in tops or s.tokens[n].head == n), None)
                # "Адвокат: Орлова пытали": the parse may join both sides of the colon.
                whole = top is not None and {*grammar.noun_phrase(s, top)} <= {*tops}
                if top is not None and whole and s.tokens[top].pos in {"NOUN", "PROPN"}:
                    return replace(self._named(s, top).speaker, surface=surface)
        if mentions and mentions[-1].end >= end:
            return self.entity(mentions[-1].entity, surface)
        first = next(
            (s.tokens[0] for s in self.page.parsed if s.field is ArticleField.TITLE and s.tokens), None
        )
        common = start == 0 and first is not None and first.lemma in PERSON_NOUNS | ORG_WORDS
        name = surface[:1].lower() + surface[1:] if common else surface
        return Speaker(name=name, surface=surface, entity=self.entity_by_name(surface))

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small, as lemmas; empty where it has none."""
        return frozenset({*self.roles.get(speaker.name, ()), *speaker.surface.casefold().split()})

    def named_in_words(self, s: Sentence) -> tuple[int, Known] | None:
        """The first full name in a sentence without a tree."""
        for found in _NAME.finditer(s.text):
            words = found[1].split()
            name = next((n for n in self.full_names if one_person(words, n.split())), "")
            gender = gender_of(words[0])
            if name or gender:
                speaker = self.named(name or " ".join(words), found[1])
                return s.start + found.start(), Known(speaker, True, False, gender)
        return None

    # ------------------------------------------------------------ naming

    def _named(self, s: Sentence, i: int) -> Known:
        token = s.tokens[i]
        surface = s.words(grammar.noun_phrase(s, i))
        if token.lemma in MOUTHPIECES | _SPOKESPEOPLE:
            owner = grammar.owner(s, i)
            named = token.lemma in _SPOKESPEOPLE and grammar.beside(s, i) is not None
            speaks = token.lemma in MOUTHPIECES or (owner is not None and is_body(s, owner))
            if owner is not None and s.tokens[owner].pos in {"NOUN", "PROPN"} and speaks and not named:
                return self._named(s, owner).as_written(surface)
        if token.lemma == "один" and (several := self._one_of(s, i)) is not None:
            return several.as_written(surface)
        entity = self.entity_at(s, i)
        plural = grammar.feature(s, i, "Number") == "Plur"
        if entity:
            known = self.entities.get(entity)
            return Known(
                self.entity(entity, surface), known is not None and known.type is EntityType.PERSON, False
            )
        name = grammar.beside(s, i)
        if name is not None and (token.pos == "NOUN" or grammar.child(s, name, "flat:name") is not None):
            return self._named(s, name).as_written(surface)
        marked = in_marks(self.page, s, i) if token.lemma in GO_BY_NAME else ""
        if marked:
            return Known(self.named(marked, surface), False, False, grammar.feature(s, i, "Gender"))
        office = token.lemma in PERSON_NOUNS and grammar.child(s, i, "flat:name") is None
        if token.pos == "PROPN" and not office and not is_body_word(s, i):
            return self._of_name(s, i, surface)
        phrase = nominative_phrase(s, i)
        beside = next((c for c in s.children[i] if s.tokens[c].dep == "appos" and c > i), None)
        if (
            beside is not None
            and s.tokens[beside].lemma in GO_BY_NAME
            and (firm := in_marks(self.page, s, beside))
        ):
            # "Его владелец — компания «Волна»".
            return Known(self.named(firm, surface), False, False)
        role = self._entity_of_role(phrase)
        if role:
            return Known(self.entity(role, surface), True, False)
        holder = self._holder(s, i) if not plural else ""
        if holder:
            return Known(self.named(holder, surface), True, False, self.genders.get(holder, ""))
        if token.lemma == "пресс-служба" and phrase.casefold() == "пресс-служба" and not plural:
            floor = min(
                x.start for x in self.page.sentences if x.paragraph == s.paragraph and x.field is s.field
            )
            bodies = [
                (at, k)
                for at, k in self.heard
                if floor <= at < s.start + token.start and k.is_person is False
            ]
            if bodies:
                return max(bodies, key=lambda pair: pair[0])[1].as_written(surface)
        again = self._body_again(s, i, phrase) or self._person_again(s, i, phrase)
        if again is not None:
            return again.as_written(surface)
        side = self._side_in(s, grammar.noun_phrase(s, i), but=i)
        by_name = self.entity_by_name(phrase)
        person = (
            True
            if token.lemma in PERSON_NOUNS
            else False
            if is_body(s, i) or grammar.preposition(s, i) == "в"
            else None
        )
        speaker = (
            self.entity(by_name, surface) if by_name else Speaker(name=phrase, surface=surface, side=side)
        )
        gender = grammar.feature(s, i, "Gender")
        if person:
            # "Врач" may be either, "медсестра" is not.
            gender = grammar.gender_of_deed(s, i) or ("Fem" if gender == "Fem" else "")
        return Known(speaker, person, plural, gender)

    def _there(self, s: Sentence, i: int) -> Known | None:
        """ "Там добавили": the body that spoke last."""
        bodies = (k for k in self.latest(s.start + s.tokens[i].start) if k.is_person is False)
        known = next(bodies, None)
        return known.as_written(s.tokens[i].text) if known is not None else None

    def _last_of_two(self, s: Sentence, i: int) -> Speaker | None:
        """ "Тот", "последний": of those in the sentence before whoever was named last."""
        word = "она" if grammar.feature(s, i, "Gender") == "Fem" else "он"
        place = s.start + s.tokens[i].start
        known = next((k for k in self.latest(place) if k.is_person and may_be(word, k)), None)
        if known is None:
            return None
        self.heard.append((place, known))
        return replace(known.speaker, surface=s.tokens[i].text)

    def _one_of(self, s: Sentence, i: int) -> Known | None:
        """ "Один из них": the several who were named last; None: nobody is known, or others speak too."""
        whom = next((c for c in s.children[i] if s.tokens[c].lemma == "они"), None)
        if whom is None or grammar.preposition(s, whom) != "из" or "друг" in s.text.casefold():
            return None
        return next((k for k in self.latest(s.start + s.tokens[i].start) if k.is_plural), None)

    def _of_name(self, s: Sentence, i: int, surface: str) -> Known:
        words = name_words(s, i)
        if not words:
            return Known(Speaker(name=surface, surface=surface), None, False)
        fitting = [
            n
            for n in self.full_names
            if (len(words) == 1 and same_name(words[0], n.split()[-1])) or one_person(words, n.split())
        ]
        known = self._of_family(s, i, words, fitting)
        if known:
            gender = self.genders.get(known, "") or grammar.gender_of_deed(s, i)
            # The parser takes names that it does not know for men's.
            gender = gender or grammar.feature(s, i, "Gender").replace("Neut", "").replace("Masc", "")
            return Known(self.named(known, surface), True, False, gender)
        name = " ".join(words) if len(words) > 1 else nominative_phrase(s, i).strip("«»")
        entity = self.entity_by_name(name)
        if entity:
            return Known(self.entity(entity, surface), None, False)
        return Known(Speaker(name=name, surface=surface, side=self.sides.get(name, "")), None, False)

    def _of_family(self, s: Sentence, i: int, words: list[str], fitting: list[str]) -> str:
        """Of several with one last name ("Ганиев", "Ганиева") whoever fits its form and was heard last."""
        if len(fitting) < 2:
            return fitting[0] if fitting else ""
        told = grammar.gender_of_deed(s, i) or grammar.feature(s, i, "Gender")
        told = "Fem" if s.tokens[i].text.endswith(("ой", "ую")) else told
        fits = [n for n in fitting if self.genders.get(n, told) == told] or fitting
        fits = [n for n in fits if n.split()[-1] == words[-1]] or fits
        recent = (k.speaker.name for k in self.latest(s.start + s.tokens[i].start))
        return next((n for n in recent if n in fits), fits[0])

    def _holder(self, s: Sentence, i: int) -> str:
        """The one name that the article gave this role: "министр", after "министр экологии Иван Ли"."""
        if s.tokens[i].lemma not in PERSON_NOUNS:
            return ""
        wanted = {
            s.tokens[n].lemma
            for n in grammar.noun_phrase(s, i)
            if s.tokens[n].pos in {"NOUN", "PROPN", "ADJ"} and s.tokens[n].lemma != "сам"
        }
        office = OFFICES.get(nominative_phrase(s, i).casefold())
        wanted = {office} if office else wanted
        holders = [name for name, words in self.roles.items() if wanted <= words]
        if not holders and len(wanted) == 1:
            # "Врач", of a "главврач".
            (word,) = wanted
            holders = [n for n, words in self.roles.items() if any(ends_in(told, word) for told in words)]
        if len(holders) > 1:
            recent = [k.speaker.name for _, k in sorted(self.heard, key=lambda pair: pair[0])]
            holders = [next((n for n in reversed(recent) if n in holders), "")]
        return holders[0] if len(holders) == 1 else ""

    def _body_again(self, s: Sentence, i: int, phrase: str) -> Known | None:
        """ "Ведомство", "компания": the body named last; "министерство" of a fuller name in the article."""
        token = s.tokens[i]
        if len(phrase.split()) > 1 or grammar.feature(s, i, "Number") == "Plur":
            return None
        if token.lemma in ANY_ORG:
            for known in self.latest(s.start + token.start):
                entity = self.entities.get(known.speaker.entity)
                is_org = entity.type is EntityType.ORG if entity is not None else known.is_person is False
                fits = (
                    token.lemma in {"ведомство", "организация"}
                    or token.lemma in known.speaker.name.casefold()
                    or (token.lemma == "министерство" and _MINISTRY.match(known.speaker.name) is not None)
                )
                if is_org and (fits or entity is not None) and known.speaker.name.casefold() != token.lemma:
                    return known
            if token.lemma in GO_BY_NAME and len(set(self.marked)) == 1:
                return Known(self.named(self.marked[0], phrase), False, False)
        if token.lemma in ORG_WORDS:
            fuller = self.bodies.get(phrase.casefold(), set())
            if len(fuller) == 1 and i:
                return Known(self.named(next(iter(fuller)), phrase), False, False)
        return None

    def _person_again(self, s: Sentence, i: int, phrase: str) -> Known | None:
        """ "Чиновник", "собеседник": whoever spoke last in the same paragraph."""
        if phrase.casefold() not in ANYBODY:
            return None
        near = self.spoke_near(s, s.start + s.tokens[i].start)
        if any(s.tokens[c].lemma == "сам" for c in s.children[i]):
            # "Сама спортсменка": of whom others spoke.
            told = grammar.feature(s, i, "Gender")
            place = s.start + s.tokens[i].start
            silent = [
                k for at, k in sorted(self.heard, key=lambda p: -p[0]) if at < place and at not in self.spoke
            ]
            near = next((k for k in silent if k.is_person and k.gender == told), near)
        return near if near is not None and near.is_person is not False and not near.is_plural else None

    def _of_pronoun(self, s: Sentence, i: int) -> Speaker | None:
        low = s.tokens[i].text.casefold().replace("ё", "е")
        word = _PRONOUNS.get(low) or _PRONOUNS.get(s.tokens[i].lemma, "")
        if not word:
            return None
        surface = s.tokens[i].text
        # "Орлова поддержала Анна Ли: по её словам": of this very sentence.
        for n in range(i):
            somebody = s.tokens[n].pos == "PROPN" or s.tokens[n].lemma in PERSON_NOUNS
            if (
                somebody
                and self.acts(s, n)
                and self.page.quoted(s.field, s.start + s.tokens[n].start) is None
            ):
                self.speaker_at(s, n)
        counts = s.tokens[s.tokens[i].head].lemma in COUNTED
        fitting = [k for k in self.nearest(s, i) if may_be(word, k, bodies=counts)]
        person = word in {"он", "она"} and not counts
        known = self.who_may_be(fitting) if person else next(iter(fitting), None)
        if known is None:
            return Speaker(name=surface, surface=surface)
        if word in {"он", "она"} and known.is_person:
            self.genders.setdefault(known.speaker.name, {"он": "Masc", "она": "Fem"}[word])
        return replace(known.speaker, surface=surface)

    # ------------------------------------------------------------ entities

    def _entity_of_role(self, phrase: str) -> str:
        words = phrase.casefold().split()
        if not words or any(w.startswith(tuple(_FORMER)) for w in words):
            return ""
        return known_names(self.entities).roles.get(" ".join(words), "")

    def _side_in(self, s: Sentence, phrase: list[int], *, but: int) -> str:
        """The side of an organisation or country named beside the head: "представитель Кремля"."""
        for n in phrase:
            entity = self.entities.get(self.entity_at(s, n)) if n != but else None
            if entity is not None:
                return entity.side or entity.id
        return ""
