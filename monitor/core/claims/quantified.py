"""Of how many something is said: all of a kind, these, some, or none."""

from __future__ import annotations

from monitor.core.claims import grammar
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

_ALL = word_set("all every each both entire whole")
_SOME = word_set(
    """
    some several many few most a an another any half dozen hundred thousand million majority minority
    number part couple lot score least
    """
)
_NOBODY = word_set("nobody no-one none nothing")
# "Two of the gates", "none of them": what is counted comes after "of".
_COUNTING = _ALL | _SOME | _NOBODY | {"one", "two", "three"}


def bare_noun(s: Sentence, i: int) -> int | None:
    """The noun that is meant: the gates of "two of the gates"; None for "nobody" and "nothing"."""
    token = s.tokens[i]
    if token.lemma in _NOBODY | _COUNTING or token.pos == "NUM":
        of = next((c for c in s.children[i] if s.tokens[c].lemma == "of"), None)
        inner = grammar.child(s, of, "pobj") if of is not None else None
        if inner is not None:
            return bare_noun(s, inner)
        if token.lemma in _NOBODY or token.pos in {"NUM", "PRON", "DET"} or _is_no_one(s, i):
            return None
    return i


def is_none(s: Sentence, i: int) -> bool:
    """'No gate', 'none of the gates', 'not a single gate', 'nobody'."""
    token = s.tokens[i]
    if token.lemma in _NOBODY or _is_no_one(s, i):
        return True
    tokens = [s.tokens[n] for n in grammar.noun_phrase(s, i)][:4]
    phrase = [t.text.casefold() for t in tokens]
    if phrase[:1] == ["neither"]:
        # "Neither driver", but "neither the minister nor her office" are two that are known.
        return tokens[1:2] != [] and tokens[1].tag not in {"DT", "PRP$", "NNP"}
    if phrase[:1] in (["no"], ["zero"]):
        return True
    return phrase[:2] == ["not", "one"] or phrase[:3] in (["not", "a", "single"], ["not", "a", "one"])


def _is_no_one(s: Sentence, i: int) -> bool:
    return s.tokens[i].lemma == "one" and any(s.tokens[c].lemma == "no" for c in s.children[i])


def share_of(s: Sentence, i: int) -> str:
    """ "all", "not all", "these", "the" or "some"; a name is "the"."""
    token = s.tokens[i]
    if token.pos == "PROPN" or token.tag == "PRP":
        return "these" if token.lemma in {"they", "them"} else "the"
    phrase = grammar.noun_phrase(s, i)
    words = [s.tokens[n].text.casefold() for n in phrase if n <= i] or [token.text.casefold()]
    if token.lemma in _COUNTING or token.pos == "NUM":
        words = [token.text.casefold(), *words]
    if words[0] == "not" and len(words) > 1 and words[1] in _ALL:
        return "not all"
    if words[0] in _ALL:
        return "all" if _before(s, phrase) != "not" else "not all"
    if any(w in _SOME for w in words) or token.pos == "NUM" or token.lemma == "one":
        return "some"
    if any(s.tokens[c].pos == "NUM" for c in s.children[i]):
        # "The two gates" are these two; "two gates" are some.
        return "these" if words[0] in {"the", "these", "those"} else "some"
    definite = words[0] in {"the", "this", "that", "these", "those"} or any(
        s.tokens[c].dep == "poss" for c in s.children[i]
    )
    if not definite:
        return "some"
    return "these" if token.tag in {"NNS", "NNPS"} else "the"


def _before(s: Sentence, phrase: list[int]) -> str:
    first = phrase[0]
    return s.tokens[first - 1].text.casefold() if first else ""
