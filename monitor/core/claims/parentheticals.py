"""Parenthetical attributions: 'The road was open, the port said on Monday, and two lanes had been cleared'.

What stands between the commas is read on its own and the sentence without it, because both are simple and the
whole is where a parser errs most: it takes the first noun for who speaks, or the clause behind for a list.
The trees are joined again (rejoined.py), so that everybody else sees one sentence with all its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.claims.cues import DENYING, MANNER, REPORTING, VOICED
from monitor.core.claims.names import PARTICLES, SHORTENED

#: Verbs of speaking and their past.
IRREGULAR = {
    "say": "said",
    "tell": "told",
    "write": "wrote",
    "think": "thought",
    "swear": "swore",
    "weep": "wept",
    "hold": "held",
}
#: What is more than one word, and the verb that it means.
PHRASES = {
    "went on": "continue",
    "goes on": "continue",
    "go on": "continue",
    "carried on": "continue",
    "shot back": "retort",
    "shoots back": "retort",
    "hit back": "retort",
    "hits back": "retort",
    "pointed out": "point",
    "points out": "point",
    "point out": "point",
    "had it": "maintain",
    "has it": "maintain",
    "made known": "announce",
    "makes known": "announce",
    "made clear": "stress",
    "makes clear": "stress",
    "is adamant": "maintain",
    "was adamant": "maintain",
    "is certain": "maintain",
    "is convinced": "maintain",
    "is sure": "maintain",
}
# What came, as in "came the reply from Ana Ruiz".
_CAME = r"(?:came|comes)\sthe\s(?:reply|answer|response|retort|denial)\sfrom"
_OTHERWISE = frozenset(
    {"begin", "read", "finish", "show", "hear", "find", "describe", "ask", "question", "doubt"}
)
_LISTENED = ("tell", "inform", "assure")
_LEMMAS = sorted((frozenset(REPORTING) | VOICED | MANNER) - DENYING - _OTHERWISE - {*_LISTENED})
# Said of nobody but people: behind others ("added the salt") a name is wanted.
_OF_PEOPLE = ("say", "insist", "reply", "respond", "argue", "complain", "continue", "retort")
_UPPER = "A-ZÀ-ÖØ-ÞČŠŽĀĒĪŪŁ"
_SHORTENED = "(?:" + "|".join(rf"(?<=\b{title})" for title in SHORTENED) + ")"
_WORD = (
    r"[\w’'&/-]+(?:\.\w+)*"
    rf"(?:(?<=\b\w)\.|{_SHORTENED}\.)?"
)
_CAPITAL = rf"[{_UPPER}][\w’'.-]*"
# Words that end a name, or begin something else.
_NO_NAME = (
    r"(?!(?:who|whom|whose|which|that|when|where|if|because|after|before|while|as|was|were|had|has|have|would|"
    r"will|is|are|did|could|can|may|to|and|or|but|not)\b)"
)
# Plural nouns speak without an article; these only look like some.
_NO_NOUN = (
    r"(?!(?:was|is|as|has|does|this|his|its|us|thus|yes|plus|less|unless|perhaps|always|sometimes|besides)\b)"
)
_NUMBERS = r"[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Ss]ome|[Mm]any|[Bb]oth|[Aa]ll|[Aa]nother"
_NOUN = (
    rf"[Tt]he|[Tt]hose|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|{_NUMBERS}|police|people|aid|"
    rf"{_NO_NOUN}[a-z]{{2,}}s|{_CAPITAL}"
)
_FIRST = rf"(?:{_NOUN}|[Ss]he|[Hh]e|[Tt]hey|[Ii]t)"
_MORE = rf"(?:\s{_NO_NAME}{_WORD})"
_WHO = rf"{_FIRST}{_MORE}{{0,11}}?(?:\sand\s[a-z]+s)?"
# "A spokeswoman, Ana Ruiz, wrote", "Jan Opal, then head of sales, told".
_ROLE = r"(?:an?|the|then|its|head|chief|director|mayor|chairman|chairwoman)"
_BESIDE = rf"(?:,\s{_CAPITAL}{_MORE}{{0,4}},|,\s{_ROLE}\b[^,:;“”\"]{{2,80}},)?"
# Behind the verb no pronoun stands for who speaks ("said it was safe"), and no clause does ("said the noise
# came from there").
_NO_VERB = (
    r"(?!(?:[a-z]+ed|led|held|came|went|took|gave|fell|left|made|began|ran|lay|stood|sat|kept|lost|met|paid|"
    r"put|set|saw|sent|shot|spent|won|knew|got|flew|fled|found|brought|bought|broke|drew|grew|rose|sank|struck|"
    r"does|do|must|might|should|cannot|never)\b)"
)
_BEHIND = rf"(?:\s{_NO_NAME}{_NO_VERB}{_WORD}){{0,11}}?"
# "Said a person who knows him.": to the end of the sentence.
_WHO_DOES = r"(?:\s(?:who|whose|that|which)\b[^,:;“”\"]*(?=[.?!]?$))?"
# "Said its head, Ana Ruiz", "said Ana Ruiz, the harbour master".
_FULL_NAME = rf"{_CAPITAL}(?:\s(?:(?:{PARTICLES})\s)?{_CAPITAL}){{0,4}}"
# Nothing that could be what was said: "the files are in the cellar".
_NO_CLAUSE = r"(?!(?:that|was|were|is|are|had|has|have|would|will|could|did|who|which)\b)"
_IN_OFFICE = rf"(?:,\s{_ROLE}(?:\s{_NO_CLAUSE}{_WORD})*(?:\s(?:who|whose|which|that)\b[^,:;“”\"]*)?)?"
_ABOUT_WHOM = rf"(?:,\s{_FULL_NAME}(?=[,.:;?!]|$))?(?:,\s\d\d(?=[,.:;?!]|$))?{_IN_OFFICE}"
# When, where and how it was said.
_LATER = (
    r"(?:on|in|at|to|during|by|via|from|through|over|for|with|later|earlier|again|afterwards|yesterday|today|"
    r"this|last|early|late|then|outside|before|after|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\w+ly)"
)
_WHEN = rf"(?:\s{_LATER}(?:\s{_NO_CLAUSE}{_WORD}){{0,11}})?"
# No end is the stop of "said Ms. Ruiz".
_END = rf"(?=\s*[,:;?!](?:\s|$)|(?!{_SHORTENED}\.\s)\s*\.(?:\s|$)|$)"
# A word of somebody's trade: "harbour boss".
_PLAIN = (
    r"(?!(?:in|on|at|to|of|for|from|with|by|as|the|an?|it|that|this|his|her|its|their|them|him|and|or|but|up|off)\b)"
    rf"{_NO_VERB}[a-z][a-z-]+"
)
_WORDS_OF = (
    r"(?:words|account|telling|view|version|estimate|count|reckoning|opinion|recollection|judge?ment|phrase|"
    r"assessment|reading|eyes|memory)"
)


def _finite(lemma: str) -> str:
    """The finite forms of a verb, and what it is without an ending."""
    if lemma in IRREGULAR:
        return rf"{IRREGULAR[lemma]}|{lemma}s?"
    if lemma.endswith("y") and lemma[-2] not in "aeou":
        return rf"{lemma[:-1]}(?:ied|ies)|{lemma}"
    if lemma.endswith("e"):
        return rf"{lemma}[ds]?"
    doubled = rf"|{lemma}{lemma[-1]}ed" if lemma[-1] in "tpbmr" else ""
    return rf"{lemma}(?:ed|s|es)?{doubled}"


_PHRASE = "|".join(PHRASES)
#: A verb of speaking in a finite form, as a pattern.
VERB = rf"(?:{_PHRASE}|{'|'.join(map(_finite, _LEMMAS))})"
_VERB_OF_PEOPLE = rf"(?:{_PHRASE}|{'|'.join(map(_finite, _OF_PEOPLE))})"
_PATTERNS = tuple(
    re.compile(rf",\s{pattern}{_END}")
    for pattern in (
        # ", the port said on Monday,"
        rf"(?P<who>{_WHO}{_BESIDE})\s(?P<verb>{VERB}){_WHEN}",
        # ", the port told reporters,"
        rf"(?P<who>{_WHO}{_BESIDE})\s(?P<verb>{'|'.join(map(_finite, _LISTENED))}){_MORE}{{1,10}}",
        # ", said Ana Ruiz of the port,", ", said the port,"
        rf"(?P<verb>{_VERB_OF_PEOPLE}|{_CAME})\s(?P<who>(?:{_NOUN}){_BEHIND}{_WHO_DOES}){_WHEN}{_ABOUT_WHOM}",
        rf"(?P<verb>{VERB})\s(?P<who>(?:[Tt]he\s)?{_CAPITAL}{_BEHIND}){_WHEN}{_ABOUT_WHOM}",
        # ", snorts harbour boss Ivo Lund:"
        rf"(?P<verb>{VERB})\s(?P<who>(?:{_PLAIN}\s){{1,5}}{_CAPITAL}\s{_CAPITAL}){_WHEN}{_ABOUT_WHOM}",
        # ", wrote the paper.", and no "added the salt, stirred it and left".
        rf"(?P<verb>{VERB})\s(?P<who>(?:the|an?)(?:\s{_NO_NAME}{_NO_VERB}{_WORD}){{1,7}}?{_WHO_DOES}){_WHEN}"
        r"(?=[.?!]?$|,\s(?:who|which)\b)",
        # ", according to the port,"
        rf"(?P<verb>according)\sto\s(?P<who>{_WORD}(?:\s{_NO_CLAUSE}{_WORD}){{0,14}}{_WHO_DOES}){_ABOUT_WHOM}",
        # ", in Ruiz's words,", ", by the port's own count,"
        rf"(?P<verb>in|by|on)\s(?P<who>{_FIRST}{_MORE}{{0,6}}?)\s(?:own\s)?{_WORDS_OF}",
        # ", in the view of the port,"
        rf"(?P<verb>in|by|on)\sthe\s{_WORDS_OF}\sof\s(?P<who>{_FIRST}{_MORE}{{0,8}}?)",
    )
)
# The clause that was begun goes on: "He knew, he said, that…".
_SAME_CLAUSE = re.compile(r",\s(?:that|to|than|as)\b")
# "A plan that, it says, was made in May".
_RELATIVE = re.compile(r"\b(?:that|which|who|whom|whose|when|where|if)$")
# What goes on with the speaker, and not with what was said: "…, he said, adding that", ", who noted that".
_OF_SPEAKER = re.compile(
    r",\s(?:adding|saying|noting|insisting|calling|citing|accusing|denying|dismissing|rejecting|blaming|"
    r"describing|warning|stressing|claiming|arguing|suggesting|pointing|referring|quoting|refusing|declining|"
    r"who\b|whose\b|\w+ of (?:whose|whom)\b|"
    # Of what was said, unless it does what speakers do.
    r"which (?:also |itself )?(?:puts?|says?|said|gives|gave|notes|noted|represents|oversees|monitors|"
    r"has (?:seen|read))\b)"
)
_COLON = re.compile(r":\s")
# Begins a clause with a subject of its own.
_ANEW = re.compile(
    r":\s|,\s(?:and|but|while|whereas|although|though|yet|so)\s"
    rf"(?=(?:{_FIRST}|there|what|no|none|nobody|nothing|not|(?:on|in|at|during|after|before|by)\s\w+)\s)"
)
# Goes on with the clause before, or joins one without a subject to it.
_VERB_NEXT = re.compile(
    r"\s*(?:was|were|is|are|had|has|have|did|does|would|will|could|can|may|might|must|should|never|"
    r"and|or|but|\w+ed|came|went|took|gave|fell|left|made|began|ran|lay|stood|sat|held|kept)\b|\s*[:.?!]"
)
# "The road had, the port said, been open": what follows ends the verb.
_VERB_BEGUN = re.compile(
    r"\b(?:was|were|is|are|had|has|have|been|would|will|could|can|may|might|must|should)$"
)
# More characters are markup without a full stop, and no sentence.
_LONGEST = 2_000
# So few words before an attribution say nothing yet.
_SHORT = 2
_CLOSING = '”»"’'


@dataclass(frozen=True, slots=True, kw_only=True)
class Parenthetical:
    """An attribution between commas: offsets into the sentence."""

    # The first comma.
    start: int
    # Behind the last word; what ends it stands there.
    end: int
    # Where the verb begins, or "according".
    verb: int
    # "said Ana Ruiz": the verb first.
    inverted: bool
    # The clause before goes on behind it with its verb: "The road, the port said, was open".
    interrupts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A sentence taken apart: what is said, and the attributions in it."""

    text: str
    found: tuple[Parenthetical, ...]
    # What is left: stretches of the text, one text for those that make a sentence without them.
    kept: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What is left of the sentence, then each attribution: to be parsed."""
        left = ("".join(self.text[a:b] for a, b in stretches) for stretches in self.kept)
        return *left, *(self.text[one.start + 1 : one.end].lstrip() for one in self.found)


def taken_apart(text: str, quoted: Sequence[tuple[int, int]]) -> Pieces | None:
    """The sentence in pieces; None: there is no attribution between commas in it.

    `quoted` are the stretches between quotation marks, where nothing is taken apart.
    """
    found = tuple(_found(text, quoted)) if len(text) <= _LONGEST else ()
    if not found:
        return None
    kept: list[list[tuple[int, int]]] = [[]]
    at = 0
    for one in found:
        kept[-1].append((at, one.start))
        anew = _ANEW.match(text, one.end)
        # One comma stays where what follows begins a clause.
        at = one.end + (len(anew.group()) if anew else int(one.interrupts or _is_cut_short(text, one)))
        if anew:
            kept.append([])
    kept[-1].append((at, len(text)))
    pieces = tuple(piece for part in kept for piece in _at_colons(text, part, quoted))
    return Pieces(text=text, found=found, kept=pieces)


def _is_cut_short(text: str, one: Parenthetical) -> bool:
    """'He loved, he says, the hour before dawn': what stands before is no clause without the rest."""
    return text[one.end : one.end + 1] == "," and len(text[: one.start].split()) <= _SHORT


def _found(text: str, quoted: Sequence[tuple[int, int]]) -> Iterator[Parenthetical]:
    at = 0
    while True:
        hits = [hit for pattern in _PATTERNS if (hit := pattern.search(text, at)) is not None]
        if not hits:
            return
        hit = min(hits, key=lambda one: (one.start(), -one.end()))
        at = hit.start() + 1
        begin, end = hit.span()
        if text[:begin].rstrip()[-1:] in _CLOSING or any(a < end and begin < b for a, b in quoted):
            continue
        if _SAME_CLAUSE.match(text, end) or _RELATIVE.search(text, 0, begin):
            continue
        if _OF_SPEAKER.match(text, end):
            end = len(text.rstrip(".?! "))
        at = end
        yield Parenthetical(
            start=begin,
            end=end,
            verb=hit.start("verb"),
            inverted=hit.start("verb") < hit.start("who"),
            interrupts=text[end : end + 1] == ","
            and (_VERB_NEXT.match(text, end + 1) or _VERB_BEGUN.search(text, 0, begin)) is not None,
        )


def _at_colons(
    text: str, part: Sequence[tuple[int, int]], quoted: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], ...]]:
    """The stretches of one part, parted where a colon stands in them."""
    piece: list[tuple[int, int]] = []
    for start, end in part:
        begin = start
        for colon in _COLON.finditer(text, start, end):
            if not any(a <= colon.start() < b for a, b in quoted):
                yield (*piece, (begin, colon.start()))
                piece, begin = [], colon.end()
        piece.append((begin, end))
    yield tuple(piece)
