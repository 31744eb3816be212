"""What a claim says of a thing, small enough to be kept among its keys: "all doors … open", "no arrests".

Comparators have no trees. So extraction writes what it read as a key of its own, which begins with FACT_MARK
and says the whole fact; claims meet by other keys (claims/facts.py), and here they are read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.types import Claim
from monitor.core.wording import stem, stem_set, word_set

#: Begins a key that says a fact.
FACT_MARK = "=|"
#: Begins a key by which claims that say something of one thing meet.
STATE_MARK = "s|"
#: Begins a key by which what is said not to be meets what is said to be.
KIND_MARK = "h|"
#: The aspect of a fact that says that there was nothing of a kind.
NOTHING = "nothing"
#: The subject of a fact that is only pointed at ("it", "the thing").
IT = "it"

# Words that news uses for one thing when it tells what became of it; stems are compared.
_ALIKE = (
    "door exit gate entrance doorway hatch дверь выход ворота",
    "file record document",
    "plane aircraft jet airliner airplane",
    "ship vessel boat ferry",
    "car vehicle",
    "protester demonstrator marcher",
    "child kid",
    "shot shoot gunfire shooting",
    "fire blaze flame inferno",
    "arrest detain detention custody",
    "death die dead kill",
    "complaint complain",
    "payment pay paid bonus",
    "decision decide",
    "theft steal stolen",
    "meeting meet sit convene assemble session",
    "warning warn",
    "sale sell sold",
    "choice choose",
    "flight fly flew",
    "change alter alteration modify tamper",
    "tell told inform notify notification",
    "inspection inspect examination examine",
    "order command instruct instruction",
    "tape footage video film",
    "request ask",
    "talk negotiation negotiate",
    "soldier troop serviceman",
    "worker employee",
    "resident villager inhabitant",
    "dismiss sack oust dismissal",
    "disappear vanish",
    "call telephone",
    "explosion explode blast detonate detonation",
    "attack assault",
    "purchase buy bought",
    "signature sign",
    "injury injure injured wound",
    "пострадавший пострадать ранить раненый",
    "погибший погибнуть гибель",
    "арест арестовать задержать задержание",
    "предупреждение предупредить предупреждать",
    "жалоба жаловаться пожаловаться",
    "встреча встретиться встречаться",
    "выстрел стрелять выстрелить",
    "нарушение нарушить нарушать",
    "взрыв взорваться взорвать",
    "угроза угрожать",
)
_FIRST_OF = {stem(word): stem(row.split()[0]) for row in _ALIKE for word in row.split()}


@lru_cache(maxsize=50_000)
def kind(word: str) -> str:
    """The stem that stands for a word and those that name the same: "exits" → "door"."""
    cut = stem(word)
    return _FIRST_OF.get(cut, cut)


# What a verb and a noun with it come to: "lost their lives" is a death.
_IN_OTHER_WORDS = {
    "arrest": "lead+van lead+handcuff lead+away put+handcuff take+custody drag+van put+van take+cell",
    "death": "lose+life claim+life take+life",
    "injury": "take+hospital carry+stretcher bring+hospital",
    "shot": "open+fire pull+trigger",
    "payment": "hand+envelope hand+cash be+payroll put+payroll wire+money transfer+money take+money",
    "meeting": "hold+talk sit+together",
    "warning": "raise+alarm sound+alarm give+notice",
    "complaint": "file+grievance lodge+grievance",
}

_PAIRS = {name: word_set(pairs) for name, pairs in _IN_OTHER_WORDS.items()}
_VERBS = frozenset(pair.split("+")[0] for pairs in _PAIRS.values() for pair in pairs)


def in_other_words(verb: str, nouns: Iterable[str]) -> Iterator[str]:
    """What the verb with one of these nouns comes to, as a kind."""
    if verb not in _VERBS:
        return
    said = [f"{verb}+{noun}" for noun in nouns]
    for name, pairs in _PAIRS.items():
        if not pairs.isdisjoint(said):
            yield kind(name)


#: Stands before a stem of `around` that need not be said where another word is shared.
OPTIONAL = "~"
#: Stands before who acts; a passive may leave it out.
ACTOR = "!"
#: Stands for who makes the claim: a pronoun inside what somebody says is, most often, that somebody.
OF_SPEAKER = "@"

#: Tell one of a kind from another, or one time from another.
TELLING_APART = stem_set(
    """
    first second third fourth fifth other another next neighbouring neighboring nearby adjacent former
    previous new old last north south east west northern southern eastern western left right upper lower
    inner outer front back rear main side central opposite separate similar different remaining rest
    january february march april may june july august september october november december
    spring summer autumn winter earlier later ago again formerly initially originally eventually
    backup spare reserve emergency
    первый второй третий другой соседний бывший прошлый новый старый последний северный южный восточный
    западный левый правый верхний нижний запасной главный следующий ранее раньше позже снова
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing said of one subject."""

    # The row of OPPOSITES, the stem of what is said where no row has it, or NOTHING.
    aspect: str
    # Whom or what it is said of: a stem (kind), a name or an entity's id.
    subject: str
    # The first side of the row, or said to be so; False: the other side, or said not to be so.
    holds: bool
    # "all" of them, "these" several, "the" one, or "some"; "doing" where nobody is said to have done it.
    share: str
    # "past", "present" or "perfect"; empty: not told.
    tense: str
    # Stems: what kind of thing it is ("fire" door), and whose or where ("captain of the tug").
    kinds: frozenset[str] = frozenset()
    whose: frozenset[str] = frozenset()
    # Stems of the rest of its clause.
    around: frozenset[str] = frozenset()
    # What is said, as written: "had been locked".
    said: str = ""

    @property
    def key(self) -> str:
        """The fact as a key."""
        lists = (",".join(sorted(words)) for words in (self.kinds, self.whose, self.around))
        return FACT_MARK + "|".join(
            (self.aspect, self.subject, "+" if self.holds else "-", self.share, self.tense, *lists, self.said)
        )


def facts_of(claim: Claim) -> tuple[Fact, ...]:
    """The facts that extraction found in a claim, in their order."""
    return _facts_among(claim.keys)


@lru_cache(maxsize=10_000)  # each claim is compared with many
def _facts_among(keys: tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(_read(key) for key in keys if key.startswith(FACT_MARK))


def _read(key: str) -> Fact:
    aspect, subject, holds, share, tense, kinds, whose, around, said = key[len(FACT_MARK) :].split("|", 8)
    return Fact(
        aspect=aspect,
        subject=subject,
        holds=holds == "+",
        share=share,
        tense=tense,
        kinds=_set(kinds),
        whose=_set(whose),
        around=_set(around),
        said=said,
    )


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split(",")) - {""}


def kinds_met(a: Claim, b: Claim, mark: str) -> dict[str, str]:
    """The kinds by which two claims of one story meet behind this mark, each with one of the keys that they
    share: "door" with "s|door|tarvik".
    """
    theirs = set(b.keys)
    shared = sorted(key for key in a.keys if key.startswith(mark) and key in theirs)
    return {key.split("|")[1]: key for key in reversed(shared)}
