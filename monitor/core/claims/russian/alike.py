"""Whether two Russian words may mean one person."""

from __future__ import annotations

from monitor.core.claims.hearing import Known
from monitor.core.claims.russian.names import same_name


def one_person(words: list[str], known: list[str]) -> bool:
    """Both are full names of one person, whatever their case."""
    return len(words) > 1 and same_name(words[-1], known[-1]) and same_name(words[0], known[0])


def may_be(pronoun: str, known: Known, *, bodies: bool = False) -> bool:
    """Whether the pronoun can stand for them, as far as number, gender and what is known of them tell;
    "he" and "she" for bodies only where `bodies` are asked for.
    """
    if pronoun == "они":
        return known.is_plural or known.is_person is False
    if known.is_plural:
        return False
    told = known.gender
    if bodies and known.is_person is False:
        return told in {"", {"он": "Masc", "она": "Fem"}.get(pronoun, "Neut")}
    if pronoun == "он":
        return known.is_person is not False and told in {"", "Masc"}
    if pronoun == "она":
        return known.is_person is not False and told in {"", "Fem"}
    return known.is_person is False


def ends_in(compound: str, word: str) -> bool:
    return compound != word and compound.endswith(word) and "-" not in compound
