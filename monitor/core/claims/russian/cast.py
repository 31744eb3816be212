"""Who speaks in a Russian text: names and roles in the nominative, one canonical name for each.

The order of evidence is that of the English cast: an entity of the rule files, an entity's role, a fuller
name in the article, a role that the article gave to a name, a pronoun's nearest antecedent; else as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import ClassVar

from monitor.core.claims.hearing import Known
from monitor.core.claims.known_names import known_names
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.again import Again
from monitor.core.claims.russian.alike import may_be, one_person
from monitor.core.claims.russian.cues import (
    COUNTED,
    GO_BY_NAME,
    MOUTHPIECES,
    OF_MATTERS,
    ORG_WORDS,
    PERSON_NOUNS,
)
from monitor.core.claims.russian.drafts import SPEECH, is_body, opens_speech
from monitor.core.claims.russian.names import gender_of, gender_of_surname, same_name
from monitor.core.claims.russian.phrases import (
    in_marks,
    is_body_word,
    name_in_marks,
    name_words,
    nominative_phrase,
    without_outlet,
)
from monitor.core.claims.russian.roles import latest_of
from monitor.core.types import ArticleField, EntityType, Speaker
from monitor.core.wording import word_set

_PRONOUNS = {
    "он": "он", "его": "он", "она": "она", "ее": "она", "они": "они", "их": "они", "оно": "оно",
    "сам": "он",
}  # fmt: skip
_WRITER = word_set("я мы вы ты")
_NOBODY = word_set("никто кто-то кто все всякий некто что-то ничто что который это то")
_SAID = SPEECH | MOUTHPIECES
_SPOKESPEOPLE = word_set("представитель представительница пресс-служба пресс-секретарь")
_FORMER = word_set("бывший экс- заместитель замглавы помощник советник вице- соратник и.о.")
# Two capitals; ahead of where it looks, since the first word of a sentence may be no name.
_NAME = re.compile(r"\b(?=([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)?)\b)")


def _of_participle(s: Sentence, top: int) -> str:
    """The gender of a participle that hangs on a name or role: "побывавшая там"."""
    below = (c for c in s.children[top] if s.tokens[c].dep == "acl" and c > top)
    return next((grammar.feature(s, c, "Gender") for c in below), "")


@dataclass(slots=True)
class RussianCast(Again):
    """Everybody whom one article names; asked in the order of the text."""

    # Full name → "Masc" or "Fem".
    genders: dict[str, str] = field(default_factory=dict)
    # What was named that is alive in no sense: "плотина".
    things: set[str] = field(default_factory=set)

    subjects: ClassVar[frozenset[str]] = frozenset({"nsubj", "nsubj:pass"})

    def __post_init__(self) -> None:
        for s in self.page.parsed:
            for i, token in enumerate(s.tokens):
                if (
                    token.pos == "PROPN"
                    and token.dep != "flat:name"
                    and not (token.text.isupper() or token.lemma in ORG_WORDS)
                ):
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
                self.roles.add(" ".join(words), role[0].casefold())

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
        if "Fem" in {grammar.gender_of_deed(s, top), _of_participle(s, top)}:
            # "Представитель штаба Мишель Ли, побывавшая там": nobody calls a man so.
            first = "Fem"
        first = first or grammar.gender_of_deed(s, top)
        if first:
            self.genders.setdefault(name, first)
        if s.tokens[i].dep == "appos" and (
            s.tokens[role].pos == "NOUN" or s.tokens[role].lemma in PERSON_NOUNS
        ):
            phrase = grammar.noun_phrase(s, role)
            self.roles.add(name, s.tokens[role].lemma, [s.tokens[n].lemma for n in phrase])
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
        whose = grammar.owner(s, i) if token.lemma in MOUTHPIECES else None
        if whose is not None and s.tokens[whose].pos in {"PRON", "DET"} and whose < i:
            # "В его письме говорится".
            return self._of_pronoun(s, whose)
        known = self._there(s, i) if token.lemma == "там" else self._named(s, i)
        if known is None:
            return None
        self.heard.append((s.start + token.start, known))
        return known.speaker

    def speaker_of_words(self, field: ArticleField, start: int, end: int) -> Speaker:
        """Who a stretch of the article names."""
        surface = self.page.article.field(field)[start:end]
        mentions = self.page.mentions_in(field, start, end)
        for s in self.page.parsed:
            if s.field is field:
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
        first = next((s.tokens[0] for s in self.page.parsed if s.field is field and s.tokens), None)
        common = start == 0 and first is not None and first.lemma in PERSON_NOUNS | ORG_WORDS
        name = surface[:1].lower() + surface[1:] if common else surface
        return Speaker(name=name, surface=surface, entity=self.entity_by_name(surface))

    def called(self, speaker: Speaker) -> frozenset[str]:
        """The words that the article has for them, small, as lemmas; empty where it has none."""
        return frozenset({*self.roles.words.get(speaker.name, ()), *speaker.surface.casefold().split()})

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

    def acts(self, s: Sentence, i: int) -> bool:
        """Whoever is a subject, and the body that a plural stands for: "в мэрии возмущены"."""
        top = s.tokens[i].head
        body = grammar.preposition(s, i) == "в" and is_body(s, i) and s.tokens[top].head == top
        plural = body and grammar.feature(s, top, "Number") == "Plur" and grammar.subject(s, top) is None
        return plural or Again.acts(self, s, i)

    # ------------------------------------------------------------ naming

    def _named(self, s: Sentence, i: int) -> Known:
        token = s.tokens[i]
        surface = s.words(grammar.noun_phrase(s, i))
        if token.lemma in MOUTHPIECES | _SPOKESPEOPLE:
            owner = grammar.owner(s, i)
            named = token.lemma in _SPOKESPEOPLE and (
                grammar.beside(s, i) is not None or bool(self._holder(s, i))
            )
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
        titled = token.pos == "NOUN" or token.lemma in {"господин", "госпожа"}
        if name is not None and (titled or grammar.child(s, name, "flat:name") is not None):
            somebody = self._named(s, name).as_written(surface)
            return replace(somebody, is_person=True) if token.lemma in PERSON_NOUNS else somebody
        marked = in_marks(self.page, s, i) if token.lemma in GO_BY_NAME else ""
        if marked:
            return Known(self.named(marked, surface), False, False, grammar.feature(s, i, "Gender"))
        office = token.lemma in PERSON_NOUNS and grammar.child(s, i, "flat:name") is None
        if token.pos in {"PROPN", "X"} and (inside := name_in_marks(self.page, s, i)):
            return Known(self.named(inside, surface), False, False)
        if token.pos == "PROPN" and not office and not is_body_word(s, i):
            return self._of_name(s, i, surface)
        phrase = without_outlet(self.page, s, i, nominative_phrase(s, i))
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
            near = self._body_near(s, i)
            if near is not None:
                return near.as_written(surface)
        actor = self._silent_actor(s, i, phrase)
        if actor is not None:
            return actor.as_written(surface)
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
        if person is None and grammar.feature(s, i, "Animacy") == "Inan" and not by_name:
            self.things.add(phrase)
        if person:
            # "Врач" may be either, "медсестра" is not.
            gender = grammar.gender_of_deed(s, i) or ("Fem" if gender == "Fem" else "")
        return Known(speaker, person, plural, gender)

    def _last_of_two(self, s: Sentence, i: int) -> Speaker | None:
        """ "Тот", "последний": of those in the sentence before whoever was named last."""
        word = "она" if grammar.feature(s, i, "Gender") == "Fem" else "он"
        place = s.start + s.tokens[i].start
        known = next((k for k in self.latest(place) if k.is_person and may_be(word, k)), None)
        if known is None:
            return None
        self.heard.append((place, known))
        return replace(known.speaker, surface=s.tokens[i].text)

    def _of_name(self, s: Sentence, i: int, surface: str) -> Known:
        words = name_words(s, i)
        if not words:
            return Known(Speaker(name=surface, surface=surface), None, False)
        fitting = [
            n
            for n in self.full_names
            if (len(words) == 1 and same_name(words[0], n.split()[-1])) or one_person(words, n.split())
        ]
        known = self._of_family(s, i, words, fitting) or self._of_first_name(words)
        if known:
            gender = self.genders.get(known, "") or grammar.gender_of_deed(s, i)
            # The parser takes names that it does not know for men's.
            gender = gender or grammar.feature(s, i, "Gender").replace("Neut", "").replace("Masc", "")
            return Known(self.named(known, surface), True, False, gender)
        name = " ".join(words) if len(words) > 1 else nominative_phrase(s, i).strip("«»")
        entity = self.entity_by_name(name)
        if entity:
            return Known(self.entity(entity, surface), None, False)
        given = gender_of(words[0])
        return Known(
            Speaker(name=name, surface=surface, side=self.sides.get(name, "")),
            bool(given) or None,
            False,
            given,
        )

    def _of_first_name(self, words: list[str]) -> str:
        """ "Вера", where one person of the article has this first name."""
        if len(words) > 1 or not gender_of(words[0]):
            return ""
        found = [n for n in self.full_names if n.split()[0] == words[0]]
        return found[0] if len(found) == 1 else ""

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
        holders = self.roles.holders(s, i)
        if len(holders) > 1:
            heard = {k.speaker.name: at for at, k in sorted(self.heard, key=lambda pair: pair[0])}
            return latest_of(holders, heard)
        return next(iter(holders), "")

    def _of_pronoun(self, s: Sentence, i: int) -> Speaker | None:
        low = s.tokens[i].text.casefold().replace("ё", "е")
        word = _PRONOUNS.get(low) or _PRONOUNS.get(s.tokens[i].lemma, "")
        if not word:
            return None
        surface = s.tokens[i].text
        aside = s.tokens[s.tokens[i].head].lemma in SPEECH and s.tokens[i].head < i
        # "Орлова поддержала Анна Ли: по её словам": of this very sentence; "Ли ушла, сказала она" is not.
        told = max((n for n in range(i) if opens_speech(s, n)), default=0)
        # "Ли, по его собственным словам, спал": his own.
        his_own = i + 1 < len(s.tokens) and s.tokens[i + 1].lemma == "собственный"
        for n in range(told if aside else i):
            somebody = (
                s.tokens[n].lemma in PERSON_NOUNS
                or (s.tokens[n].pos == "PROPN" and grammar.feature(s, n, "Animacy") != "Inan")
                or grammar.beside(s, n) is not None
            )
            if (
                somebody
                # "Заказ, по его данным, оплачен": a verb further on tells of no speaker.
                and (s.tokens[n].head < i or his_own)
                and self.acts(s, n)
                and self.page.quoted(s.field, s.start + s.tokens[n].start) is None
            ):
                self.speaker_at(s, n)
        counts = s.tokens[s.tokens[i].head].lemma in COUNTED
        place = s.start + s.tokens[i].start
        dumb = set(self.things) if place in self.spoke else set()
        if aside:
            since = s.start + s.tokens[told].start
            dumb |= {k.speaker.name for at, k in self.heard if since <= at < place}
        fitting = [
            k for k in self.nearest(s, i) if may_be(word, k, bodies=counts) and k.speaker.name not in dumb
        ]
        person = word in {"он", "она"} and not counts
        known = self.who_may_be(fitting) if person else next(iter(fitting), None)
        if known is None and word in {"он", "она"} and s.tokens[s.tokens[i].head].lemma in _SAID:
            # "Прокуратура отмолчалась. Позже она сообщила": where no person may be meant.
            bodies = (k for k in self.nearest(s, i) if k.is_person is False and k.gender)
            known = next((k for k in bodies if may_be(word, k, bodies=True)), None)
        if known is None and i > 2 and s.tokens[0].pos == "PROPN" and s.tokens[1].lemma in {"это", "же"}:
            # "Громова это отрицает: по её мнению": the parse takes her for what is denied.
            known = self._named(s, 0)
        if known is None:
            return Speaker(name=surface, surface=surface)
        if word in {"он", "она"} and known.is_person:
            self.genders.setdefault(known.speaker.name, {"он": "Masc", "она": "Fem"}[word])
        if place in self.spoke:
            self.heard.append((place, known))
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
