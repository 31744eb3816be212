"""Who holds an office, and who of several bears a name: 'the minister', 'Mr Ruiz', 'the Ministry'."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.core.claims import grammar
from monitor.core.claims.first_names import pronoun_of, pronoun_of_role
from monitor.core.claims.introductions import SHORT_OFFICES
from monitor.core.claims.known_names import known_names
from monitor.core.claims.names import looks_like_person, names_person, without_article
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.pronouns import SPOKESPEOPLE, Pronouns
from monitor.core.types import Speaker
from monitor.core.wording import word_set

_NOUNS = frozenset({"NOUN", "PROPN"})
_NOT_THE_ROLE = SPOKESPEOPLE | word_set("former ex deputy vice acting ex- aide ally")
# Before somebody who was not spoken of before.
_NOT_THE = word_set("a an another one some no every each any")


# Of ministers one has one.
_PORTFOLIOS = word_set(
    "foreign interior defence defense health finance energy oil justice trade transport environment culture"
    " education agriculture labour labor prime mining harbour"
)


@dataclass(slots=True)
class Holders(Pronouns):
    """Everybody whom one article names, by their offices and last names."""

    def _of_bearers(self, written: str, surface: str, place: int) -> str:
        """The name of who is written so; of several of one family whoever fits "Mr" or "Ms" and was heard
        last.
        """
        bearers = self.who.bearers(written)
        if len(bearers) > 1:
            called = pronoun_of_role(surface)
            fit = [n for n in bearers if not called or self.pronoun(n) in {"", called}]
            known = self._heard_last(fit, place)
            if known:
                return known
        called = pronoun_of_role(surface)
        if len(bearers) == 1 and called and pronoun_of(bearers[0].split()[0]) not in {"", called}:
            # "Mr Ruiz", where only Ana Ruiz is named in full.
            return written
        return self.who.canonical(written)

    def _with_its_s(self, s: Sentence, i: int, name: str) -> str:
        """'St Anne's confirms it': the ending belongs to the name."""
        ending = s.tokens[i + 1] if i + 1 < len(s.tokens) else s.tokens[i]
        if ending.dep != "case" or ending.text not in {"'s", "’s"} or s.tokens[i].dep == "poss":
            return name
        # "Her lawyer, Ana Ruiz's" is a person.
        person = self.who.is_person(name) or looks_like_person(name)
        return name if person and not name.startswith("St ") else name + ending.text

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

    def _holder(self, s: Sentence, i: int) -> str:
        """Who the article says is this: 'the minister', after 'transport minister Ana Ruiz'; of several
        whoever was heard last. Empty: nobody.
        """
        token = s.tokens[i]
        if token.tag not in {"NN", "NNP"} or any(s.tokens[c].lemma in _NOT_THE for c in s.children[i]):
            return ""
        if not names_person(token.lemma) and token.text.casefold() not in SHORT_OFFICES:
            return ""
        # "The chief executive of Norvik": what stands after the role is whose it is.
        words = [n for n in grammar.noun_phrase(s, i) if n <= i]
        nouns = {s.tokens[n].lemma for n in words if s.tokens[n].pos in {"NOUN", "PROPN"}}
        told = nouns | {s.tokens[n].lemma for n in words if s.tokens[n].pos == "ADJ"}
        holders = self.who.holders(told) or self.who.holders(nouns)
        if token.lemma == "minister" and told & _PORTFOLIOS:
            # A mining minister is not the harbour minister.
            others = _PORTFOLIOS - told
            holders = [n for n in holders if not others & (self.who.roles[n] | self.who.titles.get(n, set()))]
        after = {s.tokens[n].lemma for n in grammar.noun_phrase(s, i) if n > i and s.tokens[n].pos in _NOUNS}
        if len(holders) > 1 and after:
            # "The head of government", where several head something.
            holders = self.who.holders(nouns | after)
        if not holders and any(s.tokens[n].pos == "PROPN" for n in words if n != i):
            # "The Labour MP": of what the article has not said, only if it is of who spoke right before.
            near = self.spoke_near(s, s.start + token.start)
            role = token.text.casefold()
            holders = [n for n in self.who.holders({role}) if near is not None and n == near.speaker.name]
        return self._heard_last(holders, s.start + token.start)

    def _heard_last(self, names: list[str], before: int) -> str:
        """Of these names the one heard last; the only one needs not have been; empty: none was."""
        if len(names) == 1:
            return names[0]
        return next((k.speaker.name for k in self.latest(before) if k.speaker.name in names), "")
