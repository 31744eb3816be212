"""How Russian words call somebody: full names, phrases and names between marks, in the nominative."""

from __future__ import annotations

import re

from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.russian import grammar
from monitor.core.claims.russian.cues import ORG_WORDS, PERSON_NOUNS, is_org_word
from monitor.core.claims.russian.drafts import is_body
from monitor.core.claims.russian.names import gender_of, is_common, nominative
from monitor.core.wording import word_set

_POINTING = word_set("этот тот сам свой весь самый")
# Small words inside names: "Йос ван дер Берг".
_PARTICLES = word_set("ван дер ден де ла ди да дю фон цу бин ибн аль эль бен оглы оглу кызы дос тер тен")
_OUTLETS = word_set("агентство издание газета сайт телеканал портал журнал редакция")
# "Розу Ланову".
_HERS = ("ову", "еву", "ёву", "ину", "ыну", "скую", "цкую")
# How many words a name between marks has.
_MAX_NAME = 4
_OPENING = frozenset({"«", '"', "„", "“"})


def name_words(s: Sentence, i: int) -> list[str]:
    """The name that begins at this token, in the nominative."""
    parts = [i, *(c for c in s.children[i] if c > i and _goes_with(s, i, c))]
    for c in list(parts[1:]):
        parts += [g for g in s.children[c] if s.tokens[g].dep == "flat:name"]
    role = s.tokens[i].head
    beside = s.tokens[role].pos == "NOUN" and grammar.beside(s, role) == i
    # "Убийцей журналиста Ивана Ли": the noun right before tells the case best.
    told = i and s.tokens[i - 1].lemma in PERSON_NOUNS and grammar.feature(s, i, "Case") != "Nom"
    near = i - 1 if told else role if beside else i
    case = grammar.feature(s, near, "Case")
    gender = gender_of(s.tokens[i].text) or grammar.feature(s, i, "Gender")
    words: list[str] = []
    for n in sorted(set(parts)):
        token = s.tokens[n]
        particle = token.text in _PARTICLES
        if not particle and not token.text[:1].isupper():
            continue
        word = token.text
        declined = gender == "Fem" and word.endswith(_HERS)
        if not particle and (declined or not (words and case != "Dat" and word.endswith(("у", "ю")))):
            # "Виорела Чобану": a last name with one form for all cases.
            word = nominative(word, case, "Sing", gender, person=True)
        if n > 1 and s.tokens[n - 1].text in {"'", "’"} and s.tokens[n - 1].end == token.start:
            # "О'Брайен" is three tokens.
            word = s.text[s.tokens[n - 2].start : token.start] + word
            words = words[:-1] if words[-1:] == [s.tokens[n - 2].text] else words
        words.append(word)
    while words and words[-1] in _PARTICLES:
        words.pop()
    return words


def nominative_phrase(s: Sentence, i: int) -> str:
    """The noun and what agrees with it in the nominative; what depends on it stays."""
    case, number = grammar.feature(s, i, "Case"), grammar.feature(s, i, "Number") or "Sing"
    gender = grammar.feature(s, i, "Gender")
    if any(s.tokens[c].dep.startswith("nummod") for c in s.children[i]):
        # "Два источника": counted nouns have a form of their own.
        return s.words([n for n in grammar.noun_phrase(s, i) if n <= i])
    words, at = [], None
    for n in _with_prepositions(s, i):
        token = s.tokens[n]
        if n < i and token.dep in {"cc", "case"}:
            continue
        if token.dep in {"det", "amod"} and token.lemma in _POINTING:
            continue
        agrees = n == i or (s.tokens[n].head == i and token.dep in {"amod", "det"})
        word = nominative(token.text, case, number, gender) if agrees else token.text
        if at is not None and token.start > at:
            words.append(" ")
        words.append(word)
        at = token.end
    name = "".join(words).strip()
    if s.tokens[i].pos == "NOUN" and name[1:2].islower() and grammar.noun_phrase(s, i)[0] == 0:
        common = s.tokens[i].lemma in PERSON_NOUNS | ORG_WORDS or is_common(s.tokens[i].text)
        name = name[:1].lower() + name[1:] if common else name
    return name


def in_marks(page: Page, s: Sentence, i: int) -> str:
    """The name of "завод «Волна»", as written between its marks; "компания Nord Lines" without them."""
    for c in s.children[i]:
        if (
            c == i + 1
            and s.tokens[c].dep == "appos"
            and s.tokens[c].pos == "X"
            and s.tokens[c].text[:1].isupper()
        ):
            return s.words([c, *(n for n in s.children[c] if s.tokens[n].dep == "flat:foreign")])
        if s.tokens[c].dep == "appos" and c > i + 1:
            first = min((n for n in s.subtree(c) if n > i and s.tokens[n].pos != "PUNCT"), default=c)
            if s.tokens[first - 1].text not in _OPENING:
                return ""
            quote = page.quoted(s.field, s.start + s.tokens[first].start)
            return page.article.field(s.field)[quote.start : quote.end] if quote is not None else ""
    return ""


def name_in_marks(page: Page, s: Sentence, i: int) -> str:
    """The name of "в «Норд Банке» сказали", which no noun introduces, in the nominative; empty: none."""
    quote = page.quoted(s.field, s.start + s.tokens[i].start)
    if quote is None or not s.start <= quote.start < quote.end <= s.end:
        return ""
    inside = [n for n, t in enumerate(s.tokens) if quote.start <= s.start + t.start < quote.end]
    if not 0 < len(inside) <= _MAX_NAME or any(s.tokens[n].pos in {"VERB", "PUNCT"} for n in inside):
        return ""
    words = [s.tokens[n].text for n in inside]
    case = "Loc" if grammar.preposition(s, i) == "в" else grammar.feature(s, i, "Case")
    if case and case != "Nom":
        words[-1] = nominative(words[-1], case, "Sing", grammar.feature(s, inside[-1], "Gender"))
    return " ".join(words)


def without_outlet(page: Page, s: Sentence, i: int, phrase: str) -> str:
    """ "Источник РИА в порту", "собеседник «Вестника»": the source without the outlet that it told."""
    if s.tokens[i].lemma not in {"источник", "собеседник", "собеседница"}:
        return phrase
    whose = next((c for c in s.children[i] if c in {i + 1, i + 2} and s.tokens[c].pos != "ADP"), None)
    if whose is None or s.tokens[whose].pos not in {"NOUN", "PROPN", "X"} or grammar.preposition(s, whose):
        return phrase
    named = [n for n in grammar.noun_phrase(s, whose) if n <= whose or not grammar.preposition(s, n)]
    words = s.words(s.stretch(named, whose, before=1, after=1))
    known = words.strip('«»"').casefold()[:4] in page.article.publisher.casefold()
    marked = s.tokens[whose - 1].text in _OPENING
    if not (s.tokens[whose].lemma in _OUTLETS or marked or known or s.tokens[whose].text.isupper()):
        return phrase
    return " ".join(re.sub(r"[«\"]\s*[»\"]", "", phrase.replace(words, "")).split())


def is_body_word(s: Sentence, i: int) -> bool:
    """A body by its noun or its abbreviation, not by its capital alone."""
    token = s.tokens[i]
    return is_org_word(token.lemma) or (token.text.isupper() and len(token.text) > 1)


def _with_prepositions(s: Sentence, i: int) -> list[int]:
    """The tokens of the noun's phrase with the prepositions inside it: "комитет по делам семьи"."""
    phrase = grammar.noun_phrase(s, i)
    last = phrase[-1] + 1
    if last + 1 < len(s.tokens) and s.tokens[last].text.casefold() == "по" and is_body(s, i):
        # The parse may hang "по делам семьи" on the verb.
        noun = s.tokens[last].head
        if noun > last and s.tokens[i].lemma in ORG_WORDS and grammar.feature(s, noun, "Case") == "Dat":
            phrase += [n for n in grammar.noun_phrase(s, noun) if n > last]
    inside = range(phrase[0], phrase[-1])
    return sorted({*phrase, *(n for n in inside if s.tokens[n].dep == "case" and s.tokens[n].head in phrase)})


def _goes_with(s: Sentence, i: int, c: int) -> bool:
    """A further word of the name; a last name right behind may hang on the first as a thing beside it."""
    token = s.tokens[c]
    beside = token.dep == "appos" and c == i + 1 and token.pos == "PROPN" and not token.text.isupper()
    return token.dep in {"flat:name", "flat:foreign"} or (beside and bool(gender_of(s.tokens[i].text)))
