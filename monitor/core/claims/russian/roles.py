"""What a Russian article says that people are, and whom a bare role ("министр") means by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.alike import ends_in
from monitor.core.claims.russian.cues import OFFICES, PERSON_NOUNS
from monitor.core.claims.russian.phrases import nominative_phrase


@dataclass(slots=True)
class Roles:
    """The roles of everybody with a full name, as dictionary forms."""

    # Full name → all words for what they are.
    words: dict[str, set[str]] = field(default_factory=dict)
    # Full name → the nouns that say what they are: an "адвокат капитана" is no captain.
    nouns: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, noun: str, words: Sequence[str] = ()) -> None:
        """Learn that the article calls this person `noun`, with these further words."""
        self.words.setdefault(name, set()).update({noun, *words})
        self.nouns.setdefault(name, set()).add(noun)

    def holders(self, s: Sentence, i: int) -> list[str]:
        """The names of those whom the article gave the role at this token."""
        noun = s.tokens[i].lemma
        if noun not in PERSON_NOUNS:
            return []
        wanted = {
            s.tokens[n].lemma
            for n in grammar.noun_phrase(s, i)
            if s.tokens[n].pos in {"NOUN", "PROPN", "ADJ"} and s.tokens[n].lemma != "сам"
        }
        office = OFFICES.get(nominative_phrase(s, i).casefold())
        if office:
            noun, wanted = office, {office}
        found = [name for name, words in self.words.items() if wanted <= words and self._is(name, noun)]
        if not found and len(wanted) == 1:
            # "Врач", of a "главврач".
            found = [n for n, nouns in self.nouns.items() if any(ends_in(told, noun) for told in nouns)]
        return found

    def _is(self, name: str, noun: str) -> bool:
        nouns = self.nouns[name]
        # "Глава МИД" is a minister, and the other way round.
        return noun in nouns or (noun in OFFICES.values() and "глава" in nouns)


def latest_of(names: Sequence[str], recent: Mapping[str, int]) -> str:
    """Of several the one heard last; empty: none of them was heard."""
    heard = [n for n in names if n in recent]
    return max(heard, key=lambda n: recent[n], default="")
