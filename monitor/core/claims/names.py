"""Names in running text: where they stand, which words before them are titles, what looks like a person."""

from __future__ import annotations

import re

from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

NAME = re.compile(
    r"(?:[^\W\d_a-zа-я][\w'’\-]*|[^\W\d_a-zа-я]\w{0,2}\.)(?:\s+(?:(?:van|von|der|den|de|da|di|la|al|bin|ibn|el|ter)\s+)*"
    r"[^\W\d_a-zа-я][\w'’\-]+){1,3}"
)
TITLES = word_set(
    """
    mr mrs ms miss dr prof professor sir lord lady dame president prime minister foreign defence
    defense interior health finance transport vice premier chancellor king queen prince princess
    general colonel major captain lieutenant sergeant admiral commander senator governor mayor judge
    justice rev father bishop archbishop chief director secretary ambassador spokesman spokeswoman
    spokesperson the a an on in at but and after former when while as for if then monday tuesday
    wednesday thursday friday saturday sunday deputy acting chairman chairwoman chief executive
    officer commissioner inspector superintendent sheriff coach despite amid like unlike since with
    because although though while both so yet only even according during before
    """
)
PERSON_NOUNS = word_set(
    """
    official spokesman spokeswoman spokesperson minister president chief head director leader mayor
    governor officer commander captain analyst expert lawyer prosecutor judge witness resident
    secretary chairman chairwoman ceo manager doctor engineer senator lawmaker activist source king
    queen ambassador envoy critic boss coach founder member owner pilot researcher scientist veteran
    worker man woman mother father aide adviser advisor deputy diplomat investigator inspector
    professor economist executive politician candidate driver farmer nurse premier chancellor
    general colonel skipper foreman auditor minister negotiator suspect defendant victim
    """
)
ORG_WORDS = word_set(
    """
    ministry agency authority party union council committee group company airline bank court
    university institute service corporation inc ltd plc association federation government office
    bureau department commission police army navy force forces news times post team hospital board
    """
)


# Who speaks for a country when its name stands beside them; and who does not, even so.
STATE_WORDS = word_set(
    """
    official authority authorities government ministry minister president presidency premier chancellor
    king queen emir sultan monarch crown regime junta leader leadership cabinet administration parliament
    state military army navy force forces troop troops soldier guard coastguard police intelligence security
    agency service spokesman spokeswoman spokesperson ambassador embassy envoy diplomat consulate delegation
    negotiator mission secretary chief commander general admiral colonel marshal prosecutor investigator
    investigators foreign defence defense interior treasury side aide
    """
)
AGAINST_STATE = word_set(
    """
    opposition dissident rebel exile exiled activist former ex jailed separatist protester critic
    independent
    """
)


def role_before(before: str, titles: list[str]) -> set[str]:
    """The words for what somebody is, right before the name: 'union leader Ivo Lund'."""
    words = [*re.split(r"[.!?,;:\n]", before)[-1].split(), *titles]
    if not words or words[-1].casefold() not in PERSON_NOUNS:
        return set()
    role = {words[-1].casefold()}
    for word in reversed(words[:-1]):
        if word.casefold() in TITLES - PERSON_NOUNS or len(role) > 2:
            break
        role.add(word.casefold())
    return role


def name_of(s: Sentence, i: int) -> str:
    """The name that ends at or around this token, titles cut off: 'Prime Minister Ana Ruiz' → 'Ana Ruiz'."""
    first = last = i
    while (
        first > 0 and s.tokens[first - 1].pos == "PROPN" and s.tokens[first - 1].head in range(first, i + 1)
    ):
        first -= 1
    while last + 1 < len(s.tokens) and s.tokens[last + 1].pos == "PROPN" and s.tokens[last + 1].dep == "flat":
        last += 1
    while first < last and s.tokens[first].text.casefold().rstrip(".") in TITLES:
        first += 1
    return s.text[s.tokens[first].start : s.tokens[last].end]


def looks_like_person(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and not any(w.casefold() in ORG_WORDS or w.isupper() for w in words)


def without_article(surface: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", surface.strip(' ,"“”'), flags=re.IGNORECASE)
