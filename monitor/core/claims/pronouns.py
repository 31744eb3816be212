"""Whom an English pronoun means: the nearest who fits in number and gender and, where it speaks, spoke."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import DOCUMENTS, SAID_NOUNS
from monitor.core.claims.first_names import pronoun_of, pronoun_of_last, pronoun_of_role
from monitor.core.claims.hearing import Hearing, Known
from monitor.core.claims.introductions import Introductions, is_body, singular
from monitor.core.claims.names import (
    ANY_ORG,
    STATE_WORDS,
    family_of,
    looks_like_person,
    names_person,
    without_article,
)
from monitor.core.claims.names_in_trees import name_of
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.voices import BODIES
from monitor.core.claims.whose import answers_in, antecedent_of_whose, who_has_thing, whole_word
from monitor.core.types import ArticleField, EntityType, Speaker
from monitor.core.wording import word_set

# Bodies in a word of their own.
_ALSO_SPEAK = word_set(
    "people staff regulator watchdog developer contractor exporter importer wing side camp family"
)
#: Speak for somebody else.
SPOKESPEOPLE = word_set("spokesman spokeswoman spokesperson spox")
_TO_READ = word_set(
    """
    letter statement note memo message e-mail email application complaint petition leaflet indictment report
    document communique post tweet notice text card postcard sign banner answer reply response
    """
)
_PRONOUNS = {
    "him": "he", "her": "she", "them": "they", "his": "he", "hers": "she", "their": "they", "its": "it",
}  # fmt: skip
_KIN = word_set("son daughter brother sister husband wife father mother widow widower")
_HERS = word_set("daughter sister wife mother widow")
# Tell he from she besides.
_TELLING = word_set("spokesman spokeswoman chairman chairwoman actor actress businessman businesswoman")
# So many tokens at most.
_SHORT = 14
_WRITER = frozenset({"i", "we", "you", "me", "us"})
# "His ministry" says what the minister says.
_OFFICES_OF = word_set("ministry department")
_OF_PERSON = word_set("his her")
# So do those who work for somebody in person.
_STAFF = word_set("office secretariat team campaign")
# Speak for whose they are: "its report", "his reading of the log", "her voice".
_OWN = (
    DOCUMENTS
    | SAID_NOUNS.keys()
    | word_set("reading telling recollection memory view word finger voice hand eye lip face smile")
)
_OWNER = re.compile(r"['’]s? ")
_OWNS = re.compile(r"['’]s?\b")
_CAPITAL = re.compile(r"[^\W\d_a-zа-я][\w\-]+(?:['’]\w{2,})?")
# What papers do.
_OF_PAPERS = word_set("state add note record list conclude find say go show contain give put report read")
# "She denies it": what somebody else said.
_ANSWERING = word_set("deny reject dispute dismiss")
_SAID = word_set("it this that claim charge allegation accusation suggestion")
# "It says in the police book": what it is written in.
_WRITTEN = word_set("say read state write stand")


@dataclass(slots=True)
class Pronouns(Hearing):
    """Everybody whom one article names, and whom its pronouns mean; asked in the order of the text."""

    who: Introductions = field(default_factory=Introductions)
    # Canonical name → "he" or "she", once a pronoun has told.
    genders: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------ what a cast says

    def name(self, s: Sentence, i: int, surface: str) -> Known:
        """Whom a noun or name means, as it is written."""
        raise NotImplementedError

    # ------------------------------------------------------------ answering

    def of_pronoun(self, s: Sentence, i: int) -> Speaker | None:
        """Whom this pronoun names; as written where nobody fits, None where the writer speaks."""
        surface = s.tokens[i].text
        word = _PRONOUNS.get(surface.casefold(), surface.casefold())
        if word in _WRITER:
            # Outside quotation marks that is the writer.
            return None
        inside = _written_in(s, i) if word == "it" else None
        if inside is not None:
            return self.speaker_at(s, inside)
        if any(t.text == ":" for t in s.tokens[:i]):
            # "The mayor, Ivo Lund, gave a reason: “It was dark,” he said."
            self.listen_until(s, i)
            self.listen_to_people(s, i)
        elif word in {"he", "she"} and not self._spoke_here(s, i, word):
            # "Ana Ruiz, who read it, has met the crews, she says", where nobody spoke before her.
            self.listen_until(s, i)
            self.listen_to_opening(s, i)
        elif word == "it" and _is_about_thing(s, i):
            self.listen_to_bodies(s, i)
            if (whose := who_has_thing(s, i)) is not None and self.who.is_person(
                name_of(s, whose)
            ) is not True:
                # "Red Tide has put out a song which, it says, …".
                return replace(self.name(s, *whole_word(s, whose)).speaker, surface=surface)
        if word == "it" and s.tokens[s.tokens[i].head].lemma == "read":
            before = [x for x in self.page.parsed if x.field is s.field and x.start < s.start][-1:]
            for x in before:
                paper = _to_be_read(x)
                if paper is not None and self.page.quoted(x.field, x.start + x.tokens[paper].start) is None:
                    # "It was shown a letter. “We ask for him,” it reads."
                    by = answers_in(x, paper)
                    paper = paper if by is None else by
                    return replace(self.name(x, *whole_word(x, paper)).speaker, surface=surface)
        fitting = self._fitting(s, i, word)
        if not fitting:
            # "The port has sued a firm that it accuses of…": named only in this sentence.
            self.listen_until(s, i)
            fitting = self._fitting(s, i, word)
        if not fitting and word in {"he", "she"}:
            fitting = [*self._named_near(s, i, word)]
        if not fitting:
            # "A weaver speaks of the fumes that she says killed him."
            self.listen_to_people(s, i)
            fitting = self._fitting(s, i, word)
        if word in {"he", "she"} and _answers(s, i):
            fitting = self._of_answer(s, fitting)
        # Whoever is known to be several goes before what only may be.
        several = [known for known in fitting if known.is_plural] if word == "they" else []
        known = self.who_may_be(fitting) if word in {"he", "she"} else next(iter([*several, *fitting]), None)
        if known is None:
            return Speaker(name=surface, surface=surface)
        if word in {"he", "she"}:
            self.genders.setdefault(known.speaker.name, word)
        place = s.start + s.tokens[i].start
        if place in self.spoke:
            # "He denied that a guard was hurt. “He slipped,” he said": whoever spoke goes on.
            self.heard.append((place, known))
        return replace(known.speaker, surface=surface)

    def owner_again(self, s: Sentence, i: int, owner: int, surface: str) -> Known | None:
        """'Its notice', 'his ministry', 'according to whose own tally': who was named before; None: they are
        somebody else, as 'his wife' is, or nobody.
        """
        token, said = s.tokens[i], s.tokens[owner].text.casefold()
        if said == "its" and token.lemma in _OFFICES_OF:
            beside = owner > 1 and s.tokens[owner - 1].text == "," and s.tokens[owner - 2].pos == "PROPN"
            # "Oskavia, its foreign ministry says, knows of none."
            state = self.speaker_at(s, owner - 2) if beside else self.of_pronoun(s, owner)
            office = re.sub(r"(?i)^its\s+", "", surface)
            entity = state.entity if state is not None else ""
            its = self.entity(entity, office) if entity else Speaker(name=office, surface=surface)
            return Known(replace(its, surface=surface), False, False)
        works_for = token.lemma in _OFFICES_OF | _STAFF and said in _OF_PERSON | {"whose"}
        speaks_for = token.lemma in SPOKESPEOPLE and said in {"its", "whose"}
        if token.lemma not in _OWN and not works_for and not speaks_for:
            return None
        if said == "whose":
            whom = antecedent_of_whose(s, owner)
            return self.name(s, *whole_word(s, whom)).as_written(surface) if whom is not None else None
        speaker = self.of_pronoun(s, owner)
        if speaker is None or speaker.name.casefold() == said:
            return None
        if token.lemma in _OFFICES_OF and not self._is_of_state(speaker):
            # "The report was forged, his ministry said": no pathologist has one.
            fitting = self._fitting(s, owner, _PRONOUNS.get(said, said))
            others = (known.speaker for known in fitting if self._is_of_state(known.speaker))
            speaker = next(others, None)
            if speaker is None:
                return None
        return Known(replace(speaker, surface=surface), said in _OF_PERSON or None, said == "their")

    def _is_of_state(self, speaker: Speaker) -> bool:
        holds = {*self.who.titles.get(speaker.name, ()), *self.who.roles.get(speaker.name, ())}
        return not holds.isdisjoint(STATE_WORDS)

    def relative(self, s: Sentence, i: int, owner: int | None, beside: int) -> Known | None:
        """'Her mother, Grace', of Faith Achola: Grace Achola; None: nobody's relative, or named in full."""
        first = s.tokens[beside].text
        alone = [n for n in grammar.noun_phrase(s, beside) if n <= beside] == [beside]
        if owner is None or s.tokens[i].lemma not in _KIN or not alone:
            return None
        if not first[:1].isupper() or self.who.bearers(first):
            return None
        if s.tokens[owner].tag == "PRP$":
            word = _PRONOUNS.get(s.tokens[owner].lemma, s.tokens[owner].lemma)
            fitting = {known.speaker.name: known for known in self._fitting(s, owner, word)}
            # "His", where two men were told of, may be of either.
            near = {known.speaker.name for known in self._named_near(s, owner, word)}
            of = next(iter(fitting.values())).speaker if len({*fitting} | near) == 1 and fitting else None
        else:
            of = self.speaker_at(s, owner)
        if of is None or not looks_like_person(of.name):
            return None
        name = f"{first} {of.name.split()[-1]}"
        self.who.families.setdefault(family_of(of.name.split()[-1]), []).append(name)
        self.who.people.add(name)
        self.genders[name] = "she" if s.tokens[i].lemma in _HERS else "he"
        return Known(self.named(name, s.words([i, beside])), True, False)

    def listen_until(self, s: Sentence, i: int) -> None:
        """Remember the names of who acts in this sentence before this token."""
        heard = {at for at, _ in self.heard}
        for n, token in enumerate(s.tokens[:i]):
            place = s.start + token.start
            named = token.pos == "PROPN" or grammar.given_name(s, n) is not None
            if named and token.dep == "nsubj" and place not in heard and not self.page.quoted(s.field, place):
                self.heard.append((place, self.name(s, *whole_word(s, n))))

    def listen_to_bodies(self, s: Sentence, i: int) -> None:
        """Remember whichever bodies act in this sentence before this token: 'the coast guard'."""
        for n, token in enumerate(s.tokens[:i]):
            body = token.pos in {"NOUN", "PROPN"} and (is_body(token.text) or token.lemma in BODIES)
            body = body or (token.pos == "PROPN" and token.text.isupper())
            if body and token.dep in self.subjects and not self.page.quoted(s.field, s.start + token.start):
                self.heard.append((s.start + token.start, self.name(s, *whole_word(s, n))))

    def listen_to_people(self, s: Sentence, i: int) -> None:
        """Remember whoever acts in this sentence before this token and has no name: 'a nurse'."""
        for n, token in enumerate(s.tokens[:i]):
            person = token.pos == "NOUN" and (names_person(token.lemma) or token.tag == "NNS")
            if person and token.dep in self.subjects and not self.page.quoted(s.field, s.start + token.start):
                self.heard.append((s.start + token.start, self.name(s, *whole_word(s, n))))

    def listen(self, s: Sentence) -> None:
        """Remember who acts in this sentence, or by whose name it opens."""
        Hearing.listen(self, s)
        self.listen_to_opening(s, len(s.tokens))
        self._listen_to_only_one(s)

    def _listen_to_only_one(self, s: Sentence) -> None:
        """Remember the one person whom a short sentence names in which nobody acts: 'It was hard to
        swallow for Ruiz.', '14.02 Dr Ruiz: no new cases'.
        """
        if len(s.tokens) > _SHORT or any(s.start <= at < s.end for at, _ in self.heard):
            return
        found: dict[str, int] = {}
        for word in _CAPITAL.finditer(self.page.article.field(s.field), s.start, s.end):
            bearers = self.who.bearers(self.who.named_at(word.start()) or word.group())
            name = bearers[0] if len(bearers) == 1 else ""
            whole = name and self.who.is_person(name) and not _OWNS.match(s.text, word.end() - s.start)
            if whole and self.page.quoted(s.field, word.start()) is None:
                found.setdefault(name, word.start())
        if len(found) == 1:
            name, place = next(iter(found.items()))
            self.heard.append((place, Known(self.named(name, name), True, False)))

    def listen_to_opening(self, s: Sentence, i: int) -> None:
        """Remember the first person named before this token and before the verb, where the parse knows of
        nobody who acts there: 'To Ana Ruiz, the party leader, it is a gift', 'On May 4 Ana Ruiz, …'.
        """
        verb = next((n for n, t in enumerate(s.tokens[:i]) if t.pos in {"VERB", "AUX"}), i)
        if s.field is not ArticleField.TEXT or not verb or verb >= len(s.tokens):
            return
        end = s.start + s.tokens[verb].start
        if any(s.start <= at < s.end and known.is_person for at, known in self.heard):
            return
        for found in _CAPITAL.finditer(self.page.article.text, s.start, end):
            bearers = self.who.bearers(self.who.named_at(found.start()) or found.group())
            name = bearers[0] if len(bearers) == 1 else ""
            whole = name and self.who.is_person(name) and not _OWNS.match(s.text, found.end() - s.start)
            if whole and self.page.quoted(s.field, found.start()) is None:
                self.heard.append((found.start(), Known(self.named(name, name), True, False)))
                return

    def _fitting(self, s: Sentence, i: int, word: str) -> list[Known]:
        likely = self.nearest(s, i, lambda known: self.pronoun(known.speaker.name) == word)
        verb = s.tokens[s.tokens[i].head].lemma
        # "The report of Dr Moen says nothing of it. It adds…": the report, though he speaks.
        paper = word == "it" and verb in _OF_PAPERS
        fitting = [k for k in likely if self._may_be(word, k) or (paper and _is_paper(k))]
        if word in {"it", "they"} and s.start + s.tokens[i].start in self.spoke:
            # "The pump had failed", and says nothing.
            return [known for known in fitting if can_speak(known)] or fitting
        return fitting

    def _of_answer(self, s: Sentence, fitting: list[Known]) -> list[Known]:
        """'The flames began at Ruiz's, a neighbour says. She denies it': whoever is told of, not who told."""
        before = max(
            (x.start for x in self.page.sentences if x.start < s.start and x.field is s.field), default=0
        )
        told = {k.speaker.name for at, k in self.heard if before <= at < s.start and at in self.spoke}
        others = [known for known in fitting if known.is_person and known.speaker.name not in told]
        return others or fitting

    def _spoke_here(self, s: Sentence, i: int, pronoun: str) -> bool:
        """Whether somebody whom the pronoun may mean spoke before it in its paragraph."""
        place = s.start + s.tokens[i].start
        floor = self.paragraph_start(s)
        return any(
            floor <= at < place and at in self.spoke and self._may_be(pronoun, known)
            for at, known in self.heard
        )

    def _may_be(self, pronoun: str, known: Known) -> bool:
        """Whether the pronoun can stand for them, as far as number and what is known of them tell."""
        if known.speaker.name == self.page.article.publisher:
            # "The Star has seen the letter. It says…": the letter does.
            return False
        if pronoun in {"he", "she"}:
            entity = self.entities.get(known.speaker.entity)
            if entity is not None and entity.type is not EntityType.PERSON:
                return False
            told = self.pronoun(known.speaker.name)
            # "The spokesman of the ministry" speaks for the ministry, and is "he".
            a_person = known.is_person is not False or pronoun_of_role(known.speaker.surface) == pronoun
            return a_person and not known.is_plural and told in {"", pronoun}
        if pronoun == "it":
            return known.is_person is not True and not known.is_plural
        return pronoun == "they" and (known.is_plural or known.is_person is not True)

    def _named_near(self, s: Sentence, i: int, pronoun: str) -> Iterator[Known]:
        """The people who are only spoken of before a pronoun, in its paragraph and the sentence before: 'The
        board has dismissed Ana Ruiz. She said…'; the last one first.
        """
        place, text = s.start + s.tokens[i].start, self.page.article.field(s.field)
        before = [x for x in self.page.sentences if x.field is s.field and x.start < s.start]
        # A byline names nobody who is told of.
        last = [x.start for x in before[-1:] if not x.text.startswith("By ")]
        near = [x.start for x in before if x.paragraph == s.paragraph] + last
        for found in reversed(list(_CAPITAL.finditer(text, min(near, default=s.start), place))):
            bearers = self.who.bearers(found.group())
            name = bearers[0] if len(bearers) == 1 else ""
            fits = self.who.is_person(name) and self.pronoun(name) in {"", pronoun} if name else False
            if fits and self.page.quoted(s.field, found.start()) is None:
                yield Known(self.named(name, name), True, False)

    def pronoun(self, name: str) -> str:
        """ "he" or "she", as a pronoun before, a role or a first name tells; empty: nothing does."""
        told = self.genders.get(name) or pronoun_of_role(name)
        # "Her son Bakir", "company spokeswoman Thuli Lowe".
        titles = self.who.titles.get(name, set())
        told = told or pronoun_of_role(" ".join(sorted(_KIN & titles or _TELLING & titles)))
        if told or not looks_like_person(name):
            return told
        return pronoun_of(name.split()[0]) or pronoun_of_last(name.split()[-1])


def _answers(s: Sentence, i: int) -> bool:
    """'He denies it', 'she rejected the claim', and nothing more of what."""
    verb = s.tokens[i].head
    what = grammar.child(s, verb, "dobj")
    short = len(s.tokens) <= _SHORT and grammar.child(s, verb, "ccomp", "xcomp") is None
    return s.tokens[verb].lemma in _ANSWERING and what is not None and s.tokens[what].lemma in _SAID and short


def _is_about_thing(s: Sentence, i: int) -> bool:
    """'A tape on which, it said, …': whoever acts in the clause above says it."""
    before = i - 2 if i > 1 and s.tokens[i - 1].text == "," else i - 1
    return before > 0 and s.tokens[before].tag in {"WDT", "WP"}


def _is_paper(known: Known) -> bool:
    return head_of(without_article(known.speaker.surface)) in DOCUMENTS


def head_of(name: str) -> str:
    """The word that says what it is: "chief" of "police chief of the town", small."""
    before = re.split(r" (?:of|in|at|for|from|on|by|with|to|who|that|which) ", name.casefold())[0]
    return before.split()[-1] if before else ""


def can_speak(known: Known) -> bool:
    """Whether somebody may speak, as far as the words tell: people, bodies, documents, any name."""
    # "Skarv Air's flight" is no name.
    name = _OWNER.split(known.speaker.name)[-1]
    if known.speaker.entity or known.is_person or name[:1].isupper():
        return True
    head = head_of(known.speaker.name)
    people = names_person(head) or names_person(singular(head))
    return people or is_body(head) or head in BODIES or head in ANY_ORG | DOCUMENTS | _ALSO_SPEAK


def _to_be_read(s: Sentence) -> int | None:
    """The letter or message that a sentence tells of; the last one, None: there is none."""
    wanted = (i for i, t in enumerate(s.tokens) if t.tag == "NN" and t.lemma in _TO_READ)
    return max(wanted, default=None)


def _written_in(s: Sentence, i: int) -> int | None:
    """'It says in the police book': the book; None: it is somebody or something before."""
    verb = s.tokens[i].head
    if s.tokens[verb].lemma not in _WRITTEN or s.tokens[verb].tag not in {"VBZ", "VBP"}:
        return None
    into = next((c for c in s.children[verb] if c > verb and s.tokens[c].dep == "prep"), None)
    if into is None or into != verb + 1 or s.tokens[into].lemma not in {"in", "on"}:
        return None
    what = grammar.child(s, into, "pobj")
    return what if what is not None and s.tokens[what].pos == "NOUN" else None
