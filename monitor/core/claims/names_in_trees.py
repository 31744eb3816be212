"""The name that ends at a token of a parsed sentence, without titles and with what it goes on with."""

from __future__ import annotations

from monitor.core.claims.names import (
    FIRM_TITLES,
    MONTHS,
    ORG_WORDS,
    PARTICLES,
    is_address,
    is_title,
    names_person,
)
from monitor.core.claims.parsed import Sentence
from monitor.core.wording import word_set

#: What the names of bodies begin with, before "of": "Ministry of Defence", "Bank of England".
_BODIES = word_set(
    """
    academy agency army association corps bank bar board bureau cabinet centre center chamber church college
    commission committee confederation congress council court department directorate embassy federation
    fund guard guild house institute institution justice league library ministry movement museum office
    order organisation organization parliament party port republic school secretariat senate service
    society state supreme union university
    """
)

#: What bodies are whose names may begin with a title: "General Staff".
_BEGUN_BY_TITLES = ORG_WORDS | {"staff", "office"}


def name_of(s: Sentence, i: int) -> str:
    """The name that ends at or around this token, titles cut off: 'Prime Minister Ana Ruiz' → 'Ana Ruiz'.

    A body's name goes on after "of": 'Ministry of Defence'.
    """
    first = last = i
    while first > 0 and (before := _name_before(s, first, i)) is not None:
        first = before
    joined = _joined_before(s, first, i)
    if joined != first:
        return s.text[s.tokens[joined].start : s.tokens[last].end]
    while last + 1 < len(s.tokens) and s.tokens[last + 1].pos == "PROPN" and s.tokens[last + 1].dep == "flat":
        last += 1
    if s.tokens[last].text.casefold() in _BODIES or (first == last and _is_first_of_several(s, i)):
        last = _end_of_body(s, last)
    while first < last and (
        (_is_title(s.tokens[first].text, last - first) and not _begins_body(s, first, last))
        or _is_said_of(s, first)
        or _has_small_word(s, first, last)
        or s.tokens[first].text in {"-", "‑"}
        or _is_date(s, first)
    ):
        first += 1
    return s.text[s.tokens[first].start : s.tokens[last].end]


def _is_first_of_several(s: Sentence, i: int) -> bool:
    """'Dawn of the Valley', 'Families of Brask': one word before "of" that is nobody's title or trade."""
    token = s.tokens[i]
    alone = token.text[:1].isupper() and token.tag.startswith("NNP") and token.entity_type != "DATE"
    role = _is_title(token.text, 2) or names_person(token.lemma) or names_person(token.text.casefold())
    return alone and not role and i + 2 < len(s.tokens) and s.tokens[i + 1].lemma == "of"


def _joined_before(s: Sentence, first: int, i: int) -> int:
    """Where 'Food and Drug Administration' begins: the names of bodies may join words."""
    joined = s.tokens[first - 1] if first > 2 else None
    if joined is None or joined.pos != "PROPN" or joined.dep != "conj" or joined.head > first - 3:
        return first
    at = joined.head
    between = {t.lemma for t in s.tokens[at + 1 : first - 1] if t.pos != "PROPN"}
    if between != {"and"} or s.tokens[at].head != i or s.tokens[at].pos != "PROPN":
        return first
    while at > 0 and s.tokens[at - 1].pos == "PROPN" and s.tokens[at - 1].head in range(at, i + 1):
        at -= 1
    return at


def _is_said_of(s: Sentence, first: int) -> bool:
    """'matron Ana Ruiz', 'Swiss-based Vantor': words before a name that are none of it."""
    token = s.tokens[first]
    joined = token.text in {"-", "‑"} or s.tokens[first + 1].text in {"-", "‑"}
    if joined:
        below = first + (1 if token.text in {"-", "‑"} else 2)
        return below + 1 < len(s.tokens) and s.tokens[below].text[:1].islower()
    return token.text[:1].islower() and token.text.casefold() not in PARTICLES.split("|")


def _has_small_word(s: Sentence, first: int, last: int) -> bool:
    """'Harbour bigwig Ana Ruiz': a word further on is none of the name, however the parse takes it."""
    small = (n for n in range(first + 1, last) if s.tokens[n].pos == "PROPN" and len(s.tokens[n].text) > 3)
    return any(_is_said_of(s, n) for n in small)


def _is_date(s: Sentence, first: int) -> bool:
    """'On 4 November Ana Ruiz', 'last May Ana Ruiz': the month is none of her names."""
    low, before = s.tokens[first].text, s.tokens[first - 1] if first else None
    if low in {"Last", "Next", "This"}:
        return s.tokens[first + 1].text in MONTHS
    told = before is not None and (before.pos == "NUM" or before.lemma in {"in", "last", "next", "this"})
    return low in MONTHS and told


def _begins_body(s: Sentence, first: int, last: int) -> bool:
    """'General Staff': a title, and the first word of a body's name."""
    return last == first + 1 and s.tokens[last].text.casefold() in _BEGUN_BY_TITLES


def _is_title(word: str, following: int) -> bool:
    """'Minister', and before a full name what somebody does: 'Engineer Maria Volk'."""
    return is_title(word) or (following > 1 and (is_address(word) or word.casefold() in FIRM_TITLES))


def _name_before(s: Sentence, first: int, i: int) -> int | None:
    """The token of the same name before this one; a hyphen within a name is not its end."""
    before = s.tokens[first - 1]
    if before.text in {"-", "‑", "–"} and first > 1 and before.end == s.tokens[first].start:
        if s.tokens[first - 2].end == before.start and s.tokens[first - 2].text[:1].isupper():
            return first - 2
        return None
    return first - 1 if before.pos == "PROPN" and before.head in range(first, i + 1) else None


def _end_of_body(s: Sentence, last: int) -> int:
    """'Bank' → the last token of 'Bank of England'; the token itself where no name follows."""
    at = last + 1
    if at >= len(s.tokens) or s.tokens[at].lemma not in {"of", "for"}:
        return last
    at += 1
    if at < len(s.tokens) and s.tokens[at].lemma == "the":
        at += 1
    end = last
    while at < len(s.tokens) and (
        s.tokens[at].text[:1].isupper()
        or (end > last and s.tokens[at].lemma in {"and", "of"} and _upper_at(s, at + 1))
    ):
        end, at = at, at + 1
    return end


def _upper_at(s: Sentence, i: int) -> bool:
    return i < len(s.tokens) and s.tokens[i].text[:1].isupper()
