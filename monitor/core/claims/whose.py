"""Whose a document is and for whom a spokesman speaks, in the grammar of an English phrase."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.core.claims import grammar
from monitor.core.claims.cues import ACCUSING, DENYING, DOCUMENTS, REPORTING
from monitor.core.claims.introductions import is_body
from monitor.core.claims.names import (
    AGAINST_STATE,
    ANY_ORG,
    FEELINGS,
    MONTHS,
    STATE_WORDS,
    WEEKDAYS,
    names_person,
)
from monitor.core.claims.parsed import Sentence
from monitor.core.types import Entity, EntityType
from monitor.core.wording import word_set

# Whoever reads a document does not own it: "papers seen by this newspaper".
_READING = word_set("see obtain review read view hear examine publish leak")

# Who does this with a document speaks in it: "issued a statement saying".
_ISSUING = word_set("issue release publish put send circulate distribute post")
# A body's own word where the body stands before it; whose a "police report" is, is not told.
_ISSUED = word_set("statement release communique bulletin letter message announcement")
_VOICING = word_set("say state claim insist")

# More than one of them, and no word for one person of its own.
_CROWDS = word_set("family neighbour neighbor police rescuer worshipper bystander medic other staff crew")
# Says nothing alone: what follows tells who it is ("a person briefed on the talks").
_VAGUE = word_set("person people source man woman")


def told_apart(s: Sentence, i: int, surface: str) -> str:
    """'A person briefed on the talks', 'the man who opened it': the words that tell one of many from others
    belong to the name.
    """
    # "Three who were there".
    vague = s.tokens[i].lemma in _VAGUE or s.tokens[i].pos == "NUM"
    if not vague or len(surface.split()) > 2:
        return surface
    below = next((c for c in s.children[i] if _tells_apart(s, i, c)), None)
    if below is None:
        return surface
    # "Members who came to a session that went on until dawn": what tells of the session is left out.
    inner = frozenset(c for n in s.subtree(below) if n != below for c in s.children[n] if _tells_more(s, c))
    words = [n for n in s.subtree(below, without=inner) if n > i]
    last = next((n for n in words if s.tokens[n].text in {",", ";"}), words[-1] + 1) - 1
    return without_when(s.words([*grammar.noun_phrase(s, i), last]))


def _tells_more(s: Sentence, c: int) -> bool:
    return s.tokens[c].dep == "relcl" and s.tokens[c].head < c


def _tells_apart(s: Sentence, i: int, c: int) -> bool:
    """No comma before it."""
    token = s.tokens[c]
    who = token.dep == "relcl" and s.tokens[i + 1].tag in {"WP", "WDT"}
    return who or (token.dep == "acl" and c == i + 1)


# "Officials in Brask" may be of another state than "officials in Karst".
_OF_PLACE = word_set(
    "official authority source people person man woman laboratory lab chief head spokesman spokeswoman"
)
_AT_PLACE = frozenset({"in", "near", "outside", "across", "around", "at", "with", "behind"})
_AT_NAME = re.compile(r" at (?:the )?[A-Z]")
_BESIDE = "|".join(sorted(_AT_PLACE))


# What every town has, and no town is.
_OF_TOWNS = word_set("police court hospital airport university residents firefighters mayor zoo")


def is_of_town(words: str, known: Entity | None) -> bool:
    """'Oslo police': not the town that they are of."""
    last = words.split()[-1].casefold() if words.split() else ""
    return known is not None and known.type is EntityType.PLACE and last in _OF_TOWNS


def without_place(s: Sentence, i: int, name: str, text: str) -> str:
    """'Police in the town of Brask', 'the ministry in Karst', 'a former welder with the yard': police, the
    ministry, a former welder; as it is where the article tells them from others.
    """
    token = s.tokens[i]
    if token.lemma in _OF_PLACE or _AT_PLACE.isdisjoint(name.lower().split()):
        return name
    if not (token.lemma in _CROWDS or names_person(token.lemma) or _is_body_of(s, i)):
        return name
    word = re.escape(token.text)
    found = re.search(rf"(?i)(.*?\b{word}) (?:{_BESIDE}) (?!which\b|charge\b)", name)
    if found is None or (token.lemma == "ministry" and " " in found[1]):
        # "The mining ministry in Karst": whose it is, the place tells.
        return name
    if _AT_NAME.match(name, found.end(1)):
        # "Analysts at Keppel & Roos".
        return name
    where = re.finditer(rf"(?i)\b{word} (?:{_BESIDE}) (?:the |an? )?([\w'’-]+)", text)
    return found[1] if len({m[1] for m in where}) < 2 else name


# Say nothing of who somebody is: "anxious relatives", "one source", "the same source".
_BESIDE_NAMES = FEELINGS | {"one", "same"}
# "A statement of 3 May", "the page for that week".
_OF_PAPER = re.compile(
    rf"^((?:[\w'’-]+ )*?(?:{'|'.join(sorted(DOCUMENTS))})s?)"
    rf" (?:(?:of|from|dated) (?:\d{{1,2}} )?(?:{'|'.join(sorted(MONTHS))})\b|(?:by|for|on|about|into) ).*$",
    re.IGNORECASE,
)
# "A 30-page report".
_PAGES = re.compile(r"^\d+-page ")
# "A cook from a nearby inn": which one is not told.
_OF_SOME_PLACE = re.compile(r"([\w'’-]+) (?:from|in|at|near) an? ")


# "Villagers at Kello in eastern Norland": one place is enough.
_AT_IN = re.compile(r"^([A-Za-z][\w'’-]+ (?:at|in|near) [A-Z][\w'’-]+) in .+$")

# "Even her own firm", "its presidency": whose it is stands elsewhere.
_WHOSE = re.compile(r"(?i)^(?:even\s+)?(its|his|her|their|whose)\s+(?:own\s+)?(?=\w)")
_COLLEAGUE = re.compile(r"(?i)(?:colleague|counterpart)s? (?:at|in|from) the ([^,]+)$")
# "His own office" is his, "her own party" many people's.
_IN_PERSON = word_set("office staff team campaign service agency")
# Of ships and works, whatever word stands for them: "her owners".
_HOLDERS = word_set("owner owners operator operators employer employers maker insurer insurers")


def without_whose(name: str) -> str:
    """'Her own company', 'its energy minister', 'whose candidate': the company, the energy minister, the
    candidate. "His wife", "its chief" and "her lawyer" stay as they are: nobody would call them by that word.
    """
    found = _WHOSE.match(name)
    if found is None:
        return name
    rest = name[found.end() :]
    first, *others = rest.split()
    if first.casefold() in FEELINGS and others:
        # "His heartbroken widow".
        rest = " ".join(others)
        name = f"{found[1]} {rest}"
    told_by = _COLLEAGUE.match(rest)
    if told_by is not None and is_body(rest.split()[-1]):
        # "Her colleague at the Harbour Ministry" speaks for that.
        return told_by[1]
    head = re.split(r" (?:at|in|of|from|for) ", rest)[0].split()[-1].casefold()
    body = (is_body(head) or head in ANY_ORG or head == "presidency") and head not in _IN_PERSON
    told = found[1].casefold() == "its" and len(rest.split()) > 1 and names_person(head)
    return rest if body or told or head in _HOLDERS or found[1].casefold() == "whose" else name


def plainly(name: str) -> str:
    """A name without what is said of it in passing."""
    name = _PAGES.sub("", _OF_PAPER.sub(r"\1", without_whose(name)))
    name = _AT_IN.sub(r"\1", name)
    place = _OF_SOME_PLACE.search(name)
    if place is not None and names_person(place[1].casefold()):
        name = name[: place.end(1)]
    first, _, rest = name.partition(" ")
    return rest if first.casefold() in _BESIDE_NAMES and rest and not rest.startswith("of ") else name


# What the parse hangs on a name: "the army's press wing on Saturday night".
_WHEN = re.compile(
    r"(?i),?\s+(?:(?:late|early|shortly)\s+)?(?:on|at|in|by|since|until|before|after|around|during)\s+"
    r"(?:[\w:.'’]+\s+){0,4}?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*$"
    r"|,?\s+(?:(?:late|early)\s+)?(?:on|at|in|by|around)\s+(?:the\s+)?(?:\w+\s+)?"
    r"(?:morning|afternoon|evening|night|noon|midnight)\b.*$"
    r"|,?\s+(?:yesterday|today|tonight)$"
)


def without_when(surface: str) -> str:
    """A name without the day or hour that stands behind it; as it is where nothing would be left."""
    return _WHEN.sub("", surface) or surface


def of_whom(surface: str) -> str:
    """'The union's' without its ending."""
    return re.sub(r"['’]s?$", "", surface.strip())


def whole_word(s: Sentence, i: int) -> tuple[int, str]:
    """The token that heads a word with a hyphen ('the ex-manager'), and the phrase as written."""
    at = i
    while (
        at + 2 < len(s.tokens) and s.tokens[at + 1].text == "-" and s.tokens[at].end == s.tokens[at + 1].start
    ):
        at += 2
    tokens = grammar.noun_phrase(s, i)
    first = i
    while (
        first > 1 and s.tokens[first - 1].text == "-" and s.tokens[first - 2].end == s.tokens[first - 1].start
    ):
        first -= 2
    if first != i and s.tokens[i].pos == "NOUN":
        # "The ex-manager", where the parse takes each part for a word of its own.
        tokens = [*grammar.noun_phrase(s, first), *tokens]
    surface = s.words([*tokens, at] if at != i else tokens)
    # "A son-in-law, Ivo": the name hangs on the first part.
    whole = s.tokens[at].pos in {"NOUN", "PROPN"} and grammar.given_name(s, i) is None
    return (at if whole else i), without_when(of_whom(surface))


def spoken_for(s: Sentence, i: int) -> int | None:
    """'A spokesman for the ministry', 'the ministry's spokesman', 'a ministry spokesman'."""
    own = grammar.child(s, i, "poss")
    if own is not None:
        return own if s.tokens[own].pos != "PRON" else None
    for c in s.children[i]:
        if s.tokens[c].dep == "prep" and s.tokens[c].lemma in {"for", "of", "at", "from"}:
            return grammar.child(s, c, "pobj")
    return grammar.child(s, i, "compound")


def author(s: Sentence, i: int) -> int | None:
    """Whose a document is: 'the union's report', 'a letter from X', 'a statement issued by X'."""
    poss = grammar.child(s, i, "poss")
    if poss is not None:
        return poss
    for c in s.children[i]:
        token = s.tokens[c]
        if token.dep == "prep" and token.lemma in {"from", "by", "of"}:
            whose = grammar.child(s, c, "pobj")
            if whose is not None and not _is_when(s, whose):
                return whose
        if token.dep == "acl" and token.lemma in _READING:
            return None
        if token.dep == "acl" and (owner := grammar.subject(s, c)) not in {None, i}:
            return owner
        if token.dep == "relcl" and (owner := grammar.child(s, c, "nsubj")) is not None:
            if not grammar.is_question_word(s, owner):
                return owner
            # "A company letter, which said so", is the company's still.
            break
        if token.dep == "acl" and token.lemma not in _VOICING:
            return next((n for n in s.subtree(c) if s.tokens[n].dep == "poss"), None)
    before = grammar.child(s, i, "compound")
    if before == i - 1 and s.tokens[i].lemma in _ISSUED and _is_body_of(s, before):
        # "A ministry statement", "the bank's letter".
        return before
    issuing = s.tokens[i].head
    if s.tokens[i].dep == "dobj" and s.tokens[issuing].lemma in _ISSUING:
        # "The agency issued a statement to say".
        return grammar.subject(s, issuing)
    return None


def answers_in(s: Sentence, paper: int) -> int | None:
    """'The port has denied it in a letter': the port; None: the paper is nobody's here."""
    into = s.tokens[paper].head
    new = any(s.tokens[c].lemma in {"a", "an"} for c in s.children[paper])
    if s.tokens[into].lemma not in {"in", "by"} or not new or author(s, paper) is not None:
        return None
    verb = s.tokens[into].head
    told = s.tokens[verb].lemma in REPORTING.keys() | DENYING | ACCUSING
    return grammar.child(s, verb, "nsubj") if told else None


def _is_body_of(s: Sentence, i: int) -> bool:
    low = s.tokens[i].lemma
    return low in ANY_ORG or is_body(low)


def _is_when(s: Sentence, i: int) -> bool:
    """'A note of 3 May', 'the letter of Monday': no month and no day writes."""
    return (
        s.tokens[i].text in MONTHS | WEEKDAYS or s.tokens[i].pos == "NUM" or s.tokens[i].entity_type == "DATE"
    )


def side_beside(s: Sentence, phrase: list[int], but: int, known: Callable[[int], Entity | None]) -> str:
    """The side of an organisation or country named beside the head: 'Kremlin spokesman'; empty: none.

    A country's only for those who speak for it: a Polish official, not a Polish tennis player.
    `known` gives the entity at a token.
    """
    words = {s.tokens[n].lemma for n in phrase}
    speaks_for_state = bool(words & STATE_WORDS) and not words & AGAINST_STATE
    for n in phrase:
        entity = known(n) if n != but else None
        if entity is not None and (speaks_for_state or entity.type is not EntityType.PLACE):
            return entity.side or entity.id
    return ""


def antecedent_of_whose(s: Sentence, i: int) -> int | None:
    """Whom "whose" means: 'Ana Ruiz, according to whose own tally'; None: nobody stands before it."""
    for n in s.ancestors(i):
        above = s.tokens[n].head
        if s.tokens[n].dep == "relcl" and above < i and s.tokens[above].pos in {"NOUN", "PROPN"}:
            return above
    return next((n for n in range(i - 1, -1, -1) if s.tokens[n].pos in {"NOUN", "PROPN"}), None)


def is_spoken_of(s: Sentence, i: int) -> bool:
    """What a sentence brings in for the next to speak: 'It fired two pilots'."""
    token = s.tokens[i]
    new = not any(s.tokens[c].dep in {"det", "poss"} for c in s.children[i])
    return new and token.tag == "NNS" and token.dep == "dobj" and names_person(token.lemma)


def is_at(s: Sentence, i: int) -> bool:
    """'A cook at the Norvik Inn, who asked': she asked, whatever the parse hangs the clause on."""
    at = s.tokens[i].head
    of = s.tokens[at].head
    person = s.tokens[of].pos == "NOUN" and names_person(s.tokens[of].lemma)
    return s.tokens[at].lemma in {"at", "in", "from"} and s.tokens[of].dep != "pobj" and person


def is_who(s: Sentence, i: int) -> bool:
    """'A stoker who was on duty': whatever the noun, a person."""
    does = [c for c in s.children[i] if s.tokens[c].dep == "relcl"]
    return any(s.tokens[c].lemma == "who" for verb in does for c in s.children[verb])


def brought_in(s: Sentence, i: int) -> bool:
    """Whether somebody comes with a word on who it is: 'Suspicion fell on Vantor, a maker of salts', 'Ask Ivo
    Lund, who owns it', 'It came from Ana Ruiz, its head, who left'; or with a name: 'It fired its head, Ivo
    Lund'.
    """
    if s.tokens[i].pos == "NOUN":
        new = any(s.tokens[c].lemma in {"a", "an"} for c in s.children[i])
        return grammar.given_name(s, i) is not None or (new and is_who(s, i))
    if is_who(s, i):
        return s.tokens[i].pos == "PROPN"
    told = grammar.child(s, i, "appos")
    return (
        s.tokens[i].pos == "PROPN"
        and told is not None
        and s.tokens[told].pos == "NOUN"
        and (s.tokens[told - 1].lemma in {"a", "an"} or is_who(s, told))
    )


def who_has_thing(s: Sentence, i: int) -> int | None:
    """The name that acts on the thing of which it says something."""
    clause = next((n for n in s.ancestors(i) if s.tokens[n].dep == "relcl"), None)
    thing = s.tokens[clause].head if clause is not None else i
    acts = grammar.child(s, s.tokens[thing].head, "nsubj") if s.tokens[thing].dep == "dobj" else None
    return acts if acts is not None and acts < i and s.tokens[acts].pos == "PROPN" else None
