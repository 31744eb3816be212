"""How an English article introduces people and bodies: full names, what they are, and titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.core.claims import grammar
from monitor.core.claims.acronyms import acronyms_in
from monitor.core.claims.first_names import pronoun_of
from monitor.core.claims.names import (
    ANY_ORG,
    FIRM_WORDS,
    ORG_WORDS,
    Written,
    family_of,
    is_address,
    is_role,
    is_title,
    names_in,
    names_person,
    without_article,
    without_postnominals,
)
from monitor.core.claims.names_in_trees import name_of
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField
from monitor.core.wording import word_set

# So many characters before a name are looked through for what its bearer is.
_BEFORE_CHARS = 40
# Sentence, phrase, token left out → side.
SideIn = Callable[[Sentence, list[int], int], str]
# ", who heads the branch": what somebody does says what they are.
_HEADING = word_set("head lead run chair manage direct")
# Words for one office; whoever has one of a row may be called by another of it.
_OFFICES = {
    word: row[0]
    for row in (
        ("head", "chief", "boss", "director", "leader", "manager"),
        ("chairman", "chairwoman", "chair", "chairperson"),
        ("lawyer", "attorney", "solicitor", "barrister", "counsel", "advocate"),
        ("lawmaker", "legislator", "mp", "parliamentarian"),
        ("doctor", "physician", "medic"),
        ("priest", "preacher", "pastor", "reverend"),
        ("finance", "financial"),
    )
    for word in row
}
SHORT_OFFICES = {
    "ceo": ("chief", "executive"),
    "coo": ("chief", "operating"),
    "cfo": ("chief", "financial"),
    "cto": ("chief", "technology"),
    "pm": ("prime", "minister"),
}
# Not the office itself, but somebody beside it.
_BESIDE_OFFICE = word_set("deputy vice former ex acting assistant aide adviser advisor spokesman spokeswoman")
# "Vantor, a unit of Norvik".
_PARTS = word_set("unit subsidiary arm division affiliate startup start-up conglomerate fund")
# What is said of bodies, and of nobody.
_OF_BODIES = ANY_ORG | ORG_WORDS | _PARTS
_AGE = re.compile(r",\s+(?:aged\s+)?(\d{1,3})\b(?!\s+[^\W\d_]*s\b)")
_YEARS = re.compile(r"[Tt]he (\d{1,3})-year-old\b")
# "Committee for National Security", "Office of Human Rights and Democracy".
_OF_WHAT = re.compile(r" (?:for|of)(?: the)? [A-Z][\w\-]+(?:(?: and| of)? [A-Z][\w\-]+)*")
# Words with a capital that stand together.
_CAPITALS = re.compile(r"[^\W\d_a-zа-я][\w\-]+(?: [^\W\d_a-zа-я][\w\-]+)*")
# What begins a sentence in a capital without being a name.
_NAME_TAGS = ("NN", "JJ", "FW", "CD")


@lru_cache(maxsize=10_000)  # asked of the same few names for every noun that may mean them
def _has_body(name: str) -> bool:
    return any(is_body(word) for word in name.split())


def singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_body(word: str) -> bool:
    """Whether names of organisations end with this word: "ministry", "Lines"."""
    small = word.casefold()
    return small in ORG_WORDS or singular(small) in ORG_WORDS


def is_public(name: str) -> bool:
    """Whether its words make a name that of a public body, and of no firm."""
    return any(is_body(word) and singular(word.casefold()) not in FIRM_WORDS for word in name.split())


@dataclass(slots=True)
class Introductions:
    """Who is who, as far as one article says."""

    # Last name → fullest name.
    full_names: dict[str, str] = field(default_factory=dict)
    # Last name → all who bear it, in the order of the text: "Marek Toom", "Kadri Toom".
    families: dict[str, list[str]] = field(default_factory=dict)
    # Canonical name → words for what they are; and the side these words give.
    roles: dict[str, set[str]] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    # Names of bodies that the text gives, in lower case → as written.
    bodies: dict[str, str] = field(default_factory=dict)
    # Canonical name → all the words beside it, small: {"french", "president"}.
    titles: dict[str, set[str]] = field(default_factory=dict)
    # Short form → full name, where the text explains it: "FCA".
    acronyms: dict[str, str] = field(default_factory=dict)
    # Names in the text, in order: start, end, name.
    places: list[tuple[int, int, str]] = field(default_factory=list)
    # Names that something shows to be of a person: a title, an age, a first name.
    people: set[str] = field(default_factory=set)
    # Age → who the text says is of it.
    ages: dict[str, set[str]] = field(default_factory=dict)
    # Names that have officers: "Nimbus Air chief executive Ana Ruiz".
    firms: set[str] = field(default_factory=set)
    # Names that come again by their first word.
    groups: set[str] = field(default_factory=set)

    def learn(self, page: Page, side_in: SideIn) -> None:
        """Read the whole article."""
        text = page.article.text
        self.acronyms = {short: without_article(full) for short, full in acronyms_in(text).items()}
        no_names = set(_no_names(page))
        last: Written | None = None
        every = list(names_in(text))
        # Of somebody with a first name "Skipper Ruiz" is no other full name.
        named = {w.words[-1] for w in every if len(w.words) > 1 and not is_address(w.words[-2])}
        for written in every:
            if len(written.words) > 1 and is_address(written.words[-2]) and written.words[-1] in named:
                written = written.last_alone()
            if last is not None and _is_officer(text[last.end : written.start]):
                self.firms.add(last.name)
            last = written
            if written.start in no_names and not written.lead:
                written = written.without_first(text)
            if written.words:
                self._learn_name(text, written)
        for s in page.parsed:
            if s.field is ArticleField.TEXT:
                self._learn_roles(s, side_in)
        self._learn_by_short_names(text)

    # ------------------------------------------------------------ asked

    def canonical(self, written: str) -> str:
        """The fullest name of whoever is written so; of several bearers the one with the longest."""
        bearers = self.bearers(written)
        return max(bearers, key=len) if bearers else self.acronyms.get(written, written)

    def bearers(self, written: str) -> list[str]:
        """Everybody in the article who may be written so, in the order of the text; empty: nobody."""
        words = without_postnominals(written.split())
        for first in [0, *(n + 1 for n, w in enumerate(words[:-1]) if is_address(w))]:
            found = self._bearers(words[first:])
            if found:
                return found
        return []

    def _bearers(self, words: list[str]) -> list[str]:
        family = self.families.get(family_of(words[-1]), []) if words else []
        if len(words) > 1:
            return [name for name in family if _holds(name, words[0])]
        if family or not words:
            return family
        # "Sir Clive", "Kim", "Walker" of Jaime Walker Prieto; "Vantor" of Vantor Metals: of one name only.
        low = words[0].casefold()
        others = [
            name
            for names in self.families.values()
            for name in names
            if low in name.casefold() and self._goes_by(name, words[0])
        ]
        return others if len(others) == 1 else []

    def _goes_by(self, name: str, word: str) -> bool:
        """Whether this one word may stand for the name."""
        if name in self.people:
            return _holds(name, word)
        if self.is_person(name) and name.split()[0] == word:
            # "Li" of Li Wenjun, a professor.
            return True
        return name.split()[0] == word and self.is_person(name) is False and not is_public(name)

    def of_age(self, words: str) -> str:
        """Whom 'the 19-year-old skipper' means: the only one of that age; empty: nobody, or several."""
        told = _YEARS.match(words)
        names = {self.canonical(name) for name in self.ages.get(told[1], ())} if told is not None else set()
        return names.pop() if len(names) == 1 else ""

    def in_full(self, name: str) -> list[str]:
        """The bodies whose names go on after this one: 'Oskavian Ministry' of the one of Trade."""
        low = name.casefold()
        if not is_public(name) or not is_body(name.split()[-1]) or low in self.bodies:
            return []
        return [
            full for small, full in self.bodies.items() if small.startswith((f"{low} of ", f"{low} for "))
        ]

    def named_at(self, place: int) -> str:
        """The name that stands at this offset of the text; empty: none of two words."""
        return next((name for start, end, name in self.places if start <= place < end), "")

    def is_person(self, name: str) -> bool | None:
        """Whether somebody bears this name, or a body does; None: nothing tells."""
        roles: Set[str] = self.roles.get(name, set())
        if name in self.people or any(names_person(role) for role in roles):
            return True
        if name in self.acronyms.values() or _has_body(name):
            return False
        if name in self.firms or name in self.groups or not _OF_BODIES.isdisjoint(roles):
            return False
        return None

    def holders(self, wanted: set[str]) -> list[str]:
        """The names that the article gave all these words for what somebody is; empty: none.

        Only where none has the very words, other words for the same office count.
        """
        wanted = {word for each in wanted for word in SHORT_OFFICES.get(each, (each,))}
        found = {self.canonical(name): 0 for name, words in self.roles.items() if wanted <= words}
        if not found and len(wanted) > 1 and not wanted & _BESIDE_OFFICE:
            offices = {_OFFICES.get(word, word) for each in wanted for word in self._spelt_out(each)}
            found = {
                self.canonical(name): 0
                for name, words in self.roles.items()
                if offices <= {_OFFICES.get(word, word) for word in words} and not words & _BESIDE_OFFICE
            }
        return list(found)

    def _spelt_out(self, word: str) -> list[str]:
        full = next((name for short, name in self.acronyms.items() if short.casefold() == word), word)
        return [part for part in full.casefold().split() if part not in {"of", "the", "for", "and"}]

    # ------------------------------------------------------------ learnt

    def _learn_name(self, text: str, written: Written) -> None:
        name = written.name
        role = written.role(text[max(0, written.start - _BEFORE_CHARS) : written.start])
        if len(written.words) > 1:
            self.places.append((written.start, written.end, name))
            name = self._of_family(name)
            self.titles.setdefault(name, set()).update([*written.lead, *role])
            if is_body(written.words[-1]):
                goes_on = _OF_WHAT.match(text, written.end)
                full = without_article(name + (goes_on.group() if goes_on is not None else ""))
                self.bodies[full.casefold()] = full
            elif (age := _AGE.match(text, written.end)) is not None or pronoun_of(written.words[0]):
                self.people.add(name)
                if age is not None:
                    self.ages.setdefault(age[1], set()).add(name)
            elif text.startswith(", which ", written.end):
                self.groups.add(name)
        if role or (written.lead and written.lead[-1] in {"mr", "mrs", "ms", "dr", "sir", "prof"}):
            self.people.add(name)
        if role:
            spelt = {part for word in role for part in SHORT_OFFICES.get(word, (word,))}
            self.roles.setdefault(name, set()).update(role | spelt)

    def _learn_by_short_names(self, text: str) -> None:
        """People come again by their last word, firms by their first: 'Ruiz' of Ana Ruiz, 'Vantor' of Vantor
        Metals.
        """
        together = (found.group().split() for found in _CAPITALS.finditer(text))
        # "Mr Ruiz" stands alone, too.
        alone = {
            words[-1] for words in together if len(words) == 1 or (len(words) == 2 and is_title(words[0]))
        }
        for name in (name for family in self.families.values() for name in family):
            first, *_, last = name.split()
            # "Al-Sadiq" is "Sadiq", too, wherever it stands.
            last = last[-len(family_of(last)) :]
            if self.is_person(name) is None and (first in alone) != (last in alone):
                (self.people if last in alone else self.groups).add(name)

    def _of_family(self, name: str) -> str:
        """The fullest form of this very person's name so far, after this one."""
        words = name.split()
        family = self.families.setdefault(family_of(words[-1]), [])
        for n, other in enumerate(family):
            if _holds(other, words[0]) or _holds(name, other.split()[0]):
                family[n] = max(other, name, key=len)
                if family[n] != other:
                    self._rename(other, family[n])
                break
        else:
            family.append(name)
        self.full_names[words[-1]] = max(family, key=len)
        return self.canonical(name)

    def _rename(self, old: str, new: str) -> None:
        for table in (self.roles, self.titles):
            if old in table:
                table.setdefault(new, set()).update(table.pop(old))
        if old in self.people:
            self.people.add(new)

    def _learn_roles(self, s: Sentence, side_in: SideIn) -> None:
        for i, token in enumerate(s.tokens):
            if token.pos != "PROPN" or token.dep == "compound":
                continue
            name = self.canonical(self.named_at(s.start + token.start) or name_of(s, i))
            phrase = grammar.noun_phrase(s, i)
            own = {s.tokens[n].lemma for n in phrase if s.tokens[n].pos == "NOUN"}
            for told in _told_of(s, i):
                beside = grammar.noun_phrase(s, told)
                phrase = [*phrase, *beside]
                own |= {s.tokens[n].lemma for n in beside if s.tokens[n].pos in {"NOUN", "PROPN", "ADJ"}}
            self.titles.setdefault(name, set()).update(s.tokens[n].text.casefold() for n in phrase)
            own |= _by_deed(s, i)
            if own:
                self.roles.setdefault(name, set()).update(own)
                side = side_in(s, phrase, i)
                if side:
                    self.sides.setdefault(name, side)


def _holds(name: str, word: str) -> bool:
    low, whole = word.casefold(), name.casefold()
    return low in whole and (low in whole.split() or low in whole.replace("-", " ").split())


def _told_of(s: Sentence, i: int) -> Iterator[int]:
    """The nouns beside a name that say what its bearer is: 'Ana Ruiz, 38, skipper of the trawler'."""
    if s.tokens[i].dep == "appos" and s.tokens[s.tokens[i].head].pos == "NOUN":
        yield s.tokens[i].head
    beside = [c for c in s.children[i] if s.tokens[c].dep == "appos"]
    for c in beside:
        beside += [g for g in s.children[c] if s.tokens[g].dep == "appos"]
        if s.tokens[c].pos == "NOUN":
            yield c


def _by_deed(s: Sentence, i: int) -> set[str]:
    """'Ana Ruiz, who heads the branch': head, branch."""
    for c in s.children[i]:
        by_whom = s.tokens[c].dep == "relcl" and all(s.tokens[n].lemma != "which" for n in s.children[c])
        if by_whom and s.tokens[c].lemma in _HEADING:
            thing = grammar.child(s, c, "dobj")
            if thing is not None and s.tokens[thing].pos in {"NOUN", "PROPN"}:
                words = grammar.noun_phrase(s, thing)
                return {"head", *(s.tokens[n].lemma for n in words if s.tokens[n].pos in {"NOUN", "PROPN"})}
    return set()


def _is_officer(between: str) -> bool:
    """'Nimbus Air chief operating officer Ana Ruiz': small words between two names, the last one a role."""
    words = between.split()
    small = 0 < len(words) < 5 and all(word.isalpha() and word.islower() for word in words)
    return small and is_role(words[-1])


def _no_names(page: Page) -> Iterator[int]:
    """Where sentences begin with a word that is no name, whatever its capital: 'Afterward Ruiz said'."""
    for s in page.parsed:
        if s.field is ArticleField.TEXT:
            first = next((t for t in s.tokens if t.pos not in {"PUNCT", "SPACE"}), None)
            if first is None or first.start > 1:
                continue
            if first.dep == "advmod" or not first.tag.startswith(_NAME_TAGS):
                yield s.start + first.start
