"""Whom a Russian text means by a word for somebody named before: "ведомство", "чиновник", "там"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from monitor.core.claims.hearing import Hearing, Known
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ANY_ORG, ANYBODY, GO_BY_NAME, ORG_WORDS
from monitor.core.claims.russian.roles import Roles
from monitor.core.types import EntityType
from monitor.core.wording import word_set

_MINISTRY = re.compile(r"(?i)(?:\w+ский )?(?:мин[а-я]{3,}|мид|мвд|мчс)\b")
# What somebody is once and for all, as "свидетель" and "врач" of a passage are not.
_CALLINGS = word_set("капитан президент министр мэр губернатор посол прокурор директор глава генерал тренер")
_FIRMS = word_set("компания фирма предприятие холдинг корпорация")
_FIRM = re.compile(r"(?i)\b(?:компани|фирм|завод|холдинг|перевозчик|подрядчик|застройщик|судовладел)")
# "Глава Norvik Stal Иван Лунд": a firm in Latin letters, after what somebody is of it.
_HEADS = re.compile(
    r"(?i:глава|директор|президент|представитель\w*|основатель|владелец|пресс-секретарь)"
    r" ([A-Z][\w’'\-]*(?: [A-Z][\w’'\-]*)*)(?= [А-ЯЁ]|$)"
)
_SHORT = re.compile(r"\b[А-ЯЁ]{2,6}\b")


@dataclass(slots=True)
class Again(Hearing):
    """Those whom one article has named, and which of them a word without a name means."""

    # Full names in the nominative, in the order of the text.
    full_names: list[str] = field(default_factory=list)
    roles: Roles = field(default_factory=Roles)
    # Word for a body → names of such bodies in the nominative.
    bodies: dict[str, set[str]] = field(default_factory=dict)
    # Names of firms between marks: "завод «Волна»".
    marked: list[str] = field(default_factory=list)

    def _there(self, s: Sentence, i: int) -> Known | None:
        """ "Там добавили": the body that spoke last."""
        bodies = (k for k in self.latest(s.start + s.tokens[i].start) if k.is_person is False)
        known = next(bodies, None)
        return known.as_written(s.tokens[i].text) if known is not None else None

    def _body_near(self, s: Sentence, i: int) -> Known | None:
        """The body named last before this token in its paragraph."""
        floor, place = self.paragraph_start(s), s.start + s.tokens[i].start
        near = [(at, k) for at, k in self.heard if floor <= at < place and k.is_person is False]
        return max(near, key=lambda pair: pair[0])[1] if near else None

    def _body_again(self, s: Sentence, i: int, phrase: str) -> Known | None:
        """ "Ведомство", "компания": the body named last; "министерство" of a fuller name in the article."""
        token = s.tokens[i]
        if len(phrase.split()) > 1 or grammar.feature(s, i, "Number") == "Plur":
            return None
        own = self.bodies.get(phrase.casefold(), set()) if i and token.lemma not in GO_BY_NAME else set()
        if len(own) == 1:
            # "Департамент", after the МИД: the one that the article names.
            return Known(self.named(next(iter(own)), phrase), False, False)
        if token.lemma in ANY_ORG:
            if token.lemma in _FIRMS and (of := self._firm_of_speaker(s, i)):
                return Known(self.named(of, phrase), False, False)
            for known in self.latest(s.start + token.start):
                entity = self.entities.get(known.speaker.entity)
                is_org = entity.type is EntityType.ORG if entity is not None else known.is_person is False
                fits = (
                    token.lemma in {"ведомство", "организация"}
                    or token.lemma in known.speaker.name.casefold()
                    or (token.lemma == "министерство" and _MINISTRY.match(known.speaker.name) is not None)
                )
                if token.lemma == "ведомство" and _FIRM.search(known.speaker.surface):
                    # A firm is none.
                    continue
                if is_org and (fits or entity is not None) and known.speaker.name.casefold() != token.lemma:
                    return known
            if token.lemma in GO_BY_NAME and len(set(self.marked)) == 1:
                return Known(self.named(self.marked[0], phrase), False, False)
        if token.lemma in ORG_WORDS:
            fuller = self.bodies.get(phrase.casefold(), set())
            if len(fuller) == 1 and i:
                return Known(self.named(next(iter(fuller)), phrase), False, False)
            # "Минздрав" is no МВД, however it begins.
            if not fuller and not token.text.isupper() and not (i and token.text[:1].isupper()):
                return self._by_letters(s, i)
        return None

    def _firm_of_speaker(self, s: Sentence, i: int) -> str:
        """ "«…», — заявил глава Norvik Stal Иван Лунд. По данным компании": Norvik Stal; empty: not told."""
        near = self.spoke_near(s, s.start + s.tokens[i].start)
        found = _HEADS.search(near.speaker.surface) if near is not None and near.is_person else None
        return found[1] if found is not None else ""

    def _by_letters(self, s: Sentence, i: int) -> Known | None:
        """ "Служба", after the "ФСБ": the last body whose abbreviation has the word's letter."""
        letter = s.tokens[i].lemma.removeprefix("спец")[:1].upper()
        for known in self.latest(s.start + s.tokens[i].start):
            short = _SHORT.search(known.speaker.name) or _SHORT.search(known.speaker.surface)
            if known.is_person is False and short is not None and letter in short[0]:
                return known
        return None

    def _one_of(self, s: Sentence, i: int) -> Known | None:
        """ "Один из них": the several who were named last; None: nobody is known, or others speak too."""
        whom = next((c for c in s.children[i] if s.tokens[c].lemma == "они"), None)
        if whom is None or grammar.preposition(s, whom) != "из" or "друг" in s.text.casefold():
            return None
        return next((k for k in self.latest(s.start + s.tokens[i].start) if k.is_plural), None)

    def _person_again(self, s: Sentence, i: int, phrase: str) -> Known | None:
        """ "Чиновник", "собеседник": whoever spoke last in the same paragraph."""
        if phrase.casefold() not in ANYBODY:
            return None
        near = self.spoke_near(s, s.start + s.tokens[i].start)
        if s.tokens[i].lemma in {"собеседник", "источник"} and phrase != s.words(grammar.noun_phrase(s, i)):
            # "Собеседник агентства" is whoever has no name.
            return near if near is not None and near.speaker.name[:1].islower() else None
        if any(s.tokens[c].lemma == "сам" for c in s.children[i]):
            # "Сама спортсменка": of whom others spoke.
            told = grammar.feature(s, i, "Gender")
            place = s.start + s.tokens[i].start
            silent = [
                k for at, k in sorted(self.heard, key=lambda p: -p[0]) if at < place and at not in self.spoke
            ]
            near = next((k for k in silent if k.is_person and k.gender == told), near)
        return near if near is not None and near.is_person is not False and not near.is_plural else None

    def _silent_actor(self, s: Sentence, i: int, phrase: str) -> Known | None:
        """ "Сам Лунин позвонил в газету. «…», — говорит тренер": who acted in the sentence before, where the
        article never says what he is; None: there is nobody.
        """
        if s.tokens[i].lemma not in _CALLINGS or len(phrase.split()) > 1 or not self.page.quotations_in(s):
            return None
        place, floor = s.start + s.tokens[i].start, self.paragraph_start(s)
        last = next((k for at, k in sorted(self.heard, key=lambda p: -p[0]) if floor <= at < place), None)
        named = last is not None and last.is_person and last.speaker.name in self.full_names
        if last is None or not named or last.speaker.name in self.roles.words:
            return None
        told = grammar.gender_of_deed(s, i)
        return last if not told or last.gender in {"", told} else None
