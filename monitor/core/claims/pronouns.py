"""Whom an English pronoun means: the nearest who fits in number and gender and, where it speaks, spoke."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from monitor.core.claims.first_names import pronoun_of, pronoun_of_role
from monitor.core.claims.hearing import Hearing, Known
from monitor.core.claims.introductions import Introductions
from monitor.core.claims.names import looks_like_person
from monitor.core.claims.parsed import Sentence
from monitor.core.types import EntityType, Speaker

_PRONOUNS = {
    "him": "he", "her": "she", "them": "they", "his": "he", "hers": "she", "their": "they", "its": "it",
}  # fmt: skip
_WRITER = frozenset({"i", "we", "you", "me", "us"})


@dataclass(slots=True)
class Pronouns(Hearing):
    """Everybody whom one article names, and whom its pronouns mean; asked in the order of the text."""

    who: Introductions = field(default_factory=Introductions)
    # Canonical name → "he" or "she", once a pronoun has told.
    genders: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------ what a cast says

    def listen_until(self, s: Sentence, i: int) -> None:
        """Remember the names of who acts in this sentence before this token."""
        raise NotImplementedError

    # ------------------------------------------------------------ answering

    def of_pronoun(self, s: Sentence, i: int) -> Speaker | None:
        """Whom this pronoun names; as written where nobody fits, None where the writer speaks."""
        surface = s.tokens[i].text
        word = _PRONOUNS.get(surface.casefold(), surface.casefold())
        if word in _WRITER:
            # Outside quotation marks that is the writer.
            return None
        if any(t.text == ":" for t in s.tokens[:i]):
            # "The mayor, Ivo Lund, gave a reason: “It was dark,” he said."
            self.listen_until(s, i)
        fitting = self._fitting(s, i, word)
        if not fitting:
            # "The port has sued a firm that it accuses of…": named only in this sentence.
            self.listen_until(s, i)
            fitting = self._fitting(s, i, word)
        # Whoever is known to be several goes before what only may be.
        several = [known for known in fitting if known.is_plural] if word == "they" else []
        known = self.who_may_be(fitting) if word in {"he", "she"} else next(iter([*several, *fitting]), None)
        if known is None:
            return Speaker(name=surface, surface=surface)
        if word in {"he", "she"}:
            self.genders.setdefault(known.speaker.name, word)
        return replace(known.speaker, surface=surface)

    def _fitting(self, s: Sentence, i: int, word: str) -> list[Known]:
        likely = self.nearest(s, i, lambda known: self.pronoun(known.speaker.name) == word)
        return [known for known in likely if self._may_be(word, known)]

    def _may_be(self, pronoun: str, known: Known) -> bool:
        """Whether the pronoun can stand for them, as far as number and what is known of them tell."""
        if pronoun in {"he", "she"}:
            entity = self.entities.get(known.speaker.entity)
            if entity is not None and entity.type is not EntityType.PERSON:
                return False
            told = self.pronoun(known.speaker.name)
            return known.is_person is not False and not known.is_plural and told in {"", pronoun}
        if pronoun == "it":
            return known.is_person is not True and not known.is_plural
        return pronoun == "they" and (known.is_plural or known.is_person is not True)

    def pronoun(self, name: str) -> str:
        """ "he" or "she", as a pronoun before, a role or a first name tells; empty: nothing does."""
        told = self.genders.get(name) or pronoun_of_role(name)
        return told or (pronoun_of(name.split()[0]) if looks_like_person(name) else "")
