"""What fills a frame's role, in a form that two articles share: an entity's id, a full name, or plain
lemmas.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.core.claims import grammar
from monitor.core.claims.names import looks_like_person, names_person
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.speakers import Cast
from monitor.core.types import EntityType, Speaker
from monitor.core.wording import STOP_WORDS, word_set

_OWN = frozenset({"we", "i", "us", "me", "our", "my"})
_ONE_OTHER = frozenset({"he", "she", "his", "her", "him"})
_HERS = frozenset({"she", "her"})
_SPEAKER_AGAIN = frozenset({"it", "they", "he", "she", "its", "their", "his", "her", "him", "them"})
# Bodies that act for the one whose name they carry: "Norvik's management", "Danish forces".
_ARMS = word_set(
    """
    service intelligence government authority army force military troop official agent side regime
    ministry leadership management administration navy police hacker operative special services
    security state board soldier spy agency company firm airline
    """
)
_KEEP = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM"})
_SKIP_LEMMAS = word_set(
    """
    alleged such same recent latest deadly fatal own other many several
    """
)
_MAX_WORDS = 6


def identity(speaker: Speaker) -> str:
    """A speaker as a filler."""
    return speaker.entity or speaker.side or speaker.name


@dataclass(frozen=True, slots=True)
class Fillers:
    """Answers evoking for the content of one claim."""

    cast: Cast
    speaker: Speaker
    # Between marks the speaker is "I", never "he".
    in_own_words: bool = False
    # What was answered: the phrases of a claim ask of the same few words.
    told: dict[tuple[int, int, bool], tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, s: Sentence, i: int, acts: bool) -> tuple[str, ...]:
        asked = id(s), i, acts
        if asked not in self.told:
            self.told[asked] = self._fillers(s, i, acts)
        return self.told[asked]

    def _fillers(self, s: Sentence, i: int, acts: bool) -> tuple[str, ...]:
        together = [i]
        for n in together:
            together += [
                c for c in s.children[n] if s.tokens[c].dep == "conj" and s.tokens[c].pos in {"NOUN", "PROPN"}
            ]
        return tuple(f for n in together if (f := self._one(s, n, acts)))

    def _one(self, s: Sentence, i: int, acts: bool) -> str:
        token = s.tokens[i]
        low = token.text.casefold()
        if low in _OWN:
            return identity(self.speaker)
        if low == "it" and any(
            s.tokens[c].dep in {"ccomp", "csubj", "xcomp"} for c in s.children[token.head]
        ):
            # "It is not true that…" stands for nothing.
            return ""
        if token.pos == "PRON" or token.tag in {"PRP", "PRP$", "DT", "WDT", "WP"}:
            return self._again(low) if acts and low in _SPEAKER_AGAIN else ""
        entity = self.cast.entity_at(s, i)
        if entity:
            return entity
        return self._somebody(s, i) or self._words(s, i)

    def _again(self, pronoun: str) -> str:
        """A pronoun that acts inside what somebody says is, most often, that somebody."""
        if pronoun == "them" and self.in_own_words:
            return ""
        if pronoun in _ONE_OTHER and (self.in_own_words or not self._is_called(pronoun)):
            return ""
        known = self.cast.entities.get(self.speaker.entity)
        if pronoun in {"it", "its"} and known is not None and known.type is EntityType.PERSON:
            return self.speaker.side
        return identity(self.speaker)

    def _is_called(self, pronoun: str) -> bool:
        """Whether the speaker is a "he", or a "she", as far as the name tells: the clinic is neither ('the
        clinic said he had been looked after'), nor is his sister a "he".
        """
        name = self.speaker.name
        called = self.cast.pronoun(name)
        if not name.strip():
            # An outlet without a name.
            return False
        if called:
            return called == ("she" if pronoun in _HERS else "he")
        if self.speaker.entity or names_person(name.split()[-1].casefold()):
            return True
        return name.istitle() and (looks_like_person(name) or " " not in name) and name[:4] != "The "

    def _somebody(self, s: Sentence, i: int) -> str:
        token = s.tokens[i]
        if token.pos == "PROPN":
            speaker = self.cast.speaker_at(s, i)
            return (speaker.entity or speaker.name) if speaker is not None else ""
        beside = grammar.given_name(s, i)
        if beside is not None and token.tag == "NN":
            return self._one(s, beside, True)
        if token.lemma in _ARMS:
            if len(grammar.noun_phrase(s, i)) <= 2 and self.speaker.side and not self.speaker.entity:
                # "the company", from somebody who speaks for one.
                return self.speaker.side
            for n in grammar.noun_phrase(s, i):
                owner = self.cast.entity_at(s, n)
                if owner and n != i:
                    return owner
        own = next((c for c in s.children[i] if s.tokens[c].dep == "poss"), None)
        if own is not None and token.lemma in _ARMS:
            whose = s.tokens[own].text.casefold()
            if whose in _OWN:
                return identity(self.speaker)
            if whose in _SPEAKER_AGAIN:
                return self._again(whose)
        return ""

    def _words(self, s: Sentence, i: int) -> str:
        """Lemmas in order, an entity's id in place of its name."""
        words: list[str] = []
        for n in sorted(s.subtree(i, without=_clauses(s, i))):
            token = s.tokens[n]
            entity = self.cast.entity_at(s, n)
            word = entity or (token.lemma if token.pos in _KEEP else "")
            if word and word not in words and word not in STOP_WORDS and word not in _SKIP_LEMMAS:
                words.append(word.replace(" ", "_"))
        return " ".join(words[:_MAX_WORDS])


def _clauses(s: Sentence, i: int) -> frozenset[int]:
    skip = {"relcl", "advcl", "conj", "cc", "punct", "appos", "parataxis", "npadvmod"}
    return frozenset(n for n in s.subtree(i) for n in s.children[n] if s.tokens[n].dep in skip)
