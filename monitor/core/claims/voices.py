"""Who may give an account: people and bodies, told by the noun that names them."""

from __future__ import annotations

from monitor.core.claims.cues import DOCUMENTS
from monitor.core.claims.introductions import is_body
from monitor.core.claims.names import ANY_ORG, names_person
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

_PRONOUNS = word_set("he she they it")
#: Bodies that may speak, in a word of their own.
BODIES = ANY_ORG | word_set(
    """
    embassy consulate inspectorate directorate palace presidency regulator watchdog inquiry inquest medium
    newspaper
    paper station museum archive side media opposition prosecution defence defense treasury jury mission
    kremlin airport port radio television campaign camp secretariat tribunal command crew militia faction
    """
)


def may_speak(s: Sentence, i: int) -> bool:
    """Whether this token names somebody who may say something: a name, a person, a body, or one of them."""
    token = s.tokens[i]
    return token.pos == "PROPN" or token.lemma in _PRONOUNS or is_person(s, i) or is_office(s, i)


def is_person(s: Sentence, i: int) -> bool:
    """Whether a common noun says that somebody is a person: 'nurse', 'fishermen'."""
    token = s.tokens[i]
    return token.pos == "NOUN" and names_person(token.lemma)


def is_office(s: Sentence, i: int) -> bool:
    """Whether a token names a body: 'ministry', 'embassy'."""
    token = s.tokens[i]
    return token.lemma in BODIES or is_body(token.text)


def is_mere_thing(s: Sentence, i: int) -> bool:
    """Whether a noun names nobody who speaks and nothing to be read: 'the talk of a storm', 'a plate'."""
    token = s.tokens[i]
    voice = is_person(s, i) or is_office(s, i) or is_document(s, i)
    who = any(s.tokens[c].tag == "WP" for n in s.children[i] for c in s.children[n])
    return token.tag == "NN" and token.pos == "NOUN" and not voice and not who


def is_document(s: Sentence, i: int) -> bool:
    """Whether a token names what is read: 'the register'."""
    return s.tokens[i].lemma in DOCUMENTS and s.tokens[i].pos in {"NOUN", "PROPN"}
