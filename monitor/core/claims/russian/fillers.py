"""What fills a frame's role in a Russian text, in a form that articles in other languages share: an
entity's id, a full name, or dictionary forms.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.core.claims.filling import identity
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cast import RussianCast
from monitor.core.claims.russian.cues import PERSON_NOUNS
from monitor.core.types import Speaker
from monitor.core.wording import word_set

_OWN = word_set("мы я наш мой свой себя")
_AGAIN = word_set("он она они его ее их")
# Bodies that act for the one whose name they carry: "украинские спецслужбы", "силы Хорна".
_ARMS = word_set(
    """
    спецслужба разведка правительство власть армия сила войско военный агент сторона режим министерство
    руководство администрация флот полиция диверсант пограничник боевик солдат компания фирма служба
    """
)
_KEEP = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM", "X"})
_SKIP = word_set("этот тот такой весь свой последний новый предполагаемый один другой самый который")
_MAX_WORDS = 6
_NOT_BELOW = frozenset(
    {"acl", "acl:relcl", "advcl", "conj", "cc", "parataxis", "punct", "ccomp", "nsubj", "cop"}
)


@dataclass(frozen=True, slots=True)
class RussianFillers:
    """Answers evoking for the content of one claim."""

    cast: RussianCast
    speaker: Speaker

    def __call__(self, s: Sentence, i: int, acts: bool) -> tuple[str, ...]:
        together = [
            i,
            *(c for c in s.children[i] if s.tokens[c].dep == "conj" and s.tokens[c].pos in {"NOUN", "PROPN"}),
        ]
        return tuple(f for n in together if (f := self._one(s, n, acts)))

    def _one(self, s: Sentence, i: int, acts: bool) -> str:
        token = s.tokens[i]
        if token.lemma in _OWN:
            return identity(self.speaker)
        if token.pos in {"PRON", "DET"}:
            if acts and token.lemma in _AGAIN and self.speaker.surface == self.cast.page.article.publisher:
                # The outlet does not speak of itself as "he".
                who = self.cast.speaker_at(s, i)
                return "" if who is None or who.name == who.surface else identity(who)
            return identity(self.speaker) if acts and token.lemma in _AGAIN else ""
        entity = self.cast.entity_at(s, i)
        if entity:
            return entity
        if token.lemma in _ARMS:
            for n in grammar.noun_phrase(s, i):
                owner = self.cast.entity_at(s, n)
                if owner and n != i:
                    return owner
        if token.pos == "PROPN" or grammar.beside(s, i) is not None or token.lemma in PERSON_NOUNS:
            found = self.cast.speaker_at(s, i)
            if found is not None and (
                found.entity or token.lemma not in PERSON_NOUNS or found.name[:1].isupper()
            ):
                return found.entity or found.name
        return self._words(s, i)

    def _words(self, s: Sentence, i: int) -> str:
        """Dictionary forms in order, an entity's id in place of its name."""
        words: list[str] = []
        skip = frozenset(n for at in s.subtree(i) for n in s.children[at] if s.tokens[n].dep in _NOT_BELOW)
        for n in sorted(s.subtree(i, without=skip)):
            token = s.tokens[n]
            entity = self.cast.entity_at(s, n)
            word = entity or (token.lemma if token.pos in _KEEP else "")
            if word and word not in words and word not in _SKIP:
                words.append(word.replace(" ", "_"))
        return " ".join(words[:_MAX_WORDS])
