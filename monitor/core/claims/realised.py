"""Is it told as something that was or is? Nobody says so of what somebody should or will do."""

from __future__ import annotations

from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

_WILL = word_set("will shall must would should can ought 'll ’ll")
# "Helped to start it", "is believed to lead it": after these an infinitive tells of what was or is.
_BRINGS_ABOUT = word_set(
    """
    allege appear assume begin believe claim come confirm continue estimate find force get happen help
    judge know lead make manage presume proceed prove report rumour say seem show start suppose suspect
    think turn understand use
    """
)


def is_wanted(s: Sentence, i: int) -> bool:
    """'Should resign': nobody says that it is so."""
    aux = {s.tokens[c].lemma for c in s.children[i] if s.tokens[c].dep == "aux"}
    return bool(aux & {"should", "ought"}) and "have" not in aux


def not_yet(s: Sentence, i: int) -> bool:
    """'will do it', 'ought to stop it', 'called on them to', 'Bomb them!': no account of what happened."""
    token, aux = s.tokens[i], [s.tokens[c] for c in s.children[i]]
    if any(a.lemma == "have" for a in aux):
        # "Must have done it" tells of what was.
        return False
    if any(a.lemma in _WILL for a in aux):
        return True
    if token.tag != "VB":
        return False
    head = s.tokens[token.head]
    if token.dep == "conj":
        # "Must stop the raids and strike back": what holds of the first verb holds of the second.
        return not_yet(s, token.head)
    if any(a.lemma == "to" for a in aux):
        if head.lemma == "have" and head.tag == "VBD":
            # "Had to wait at the gate": they did.
            return False
        return head.lemma not in _BRINGS_ABOUT
    return token.dep == "ROOT" and not any(a.dep in {"nsubj", "nsubjpass", "aux"} for a in aux)
