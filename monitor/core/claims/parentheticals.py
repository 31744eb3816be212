"""Parenthetical attributions: 'The road was open, the port said on Monday, and two lanes had been cleared'.

What stands between the commas is read on its own and the sentence without it, because both are simple and the
whole is where a parser errs most: it takes the first noun for who speaks, or the clause behind for a list.
The trees are joined again, so that everybody else sees one sentence with all its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.core.claims.cues import DENYING, REPORTING, VOICED
from monitor.core.claims.parsed import Token

_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "write": "wrote",
    "think": "thought",
    "swear": "swore",
    "hold": "held",
    "hear": "heard",
    "find": "found",
    "begin": "began",
}
# Verbs that are two words, and the verb that they mean.
_PHRASES = {
    r"went on|goes on|go on|carried on": "continue",
    r"shot back|shoots back|hit back|hits back": "retort",
    r"pointed out|points out|point out": "point",
}
_NEVER = frozenset({"begin", "read", "finish", "show", "hear", "find", "describe", "ask", "question", "doubt"})
# Said of things as well: "added the salt". Behind these a name or a person is wanted.
_BARE = frozenset({"say", "insist", "reply", "respond", "argue", "complain", "continue", "retort"})
_TOLD = r"(?:told|tells|tell|informed|assured)"
_WORD = r"[\w’'&/-]+(?:\.\w+)*(?:(?<=\b\w)\.|(?<=\b(?:Dr|Mr|Ms|St|Lt))\.|(?<=\b(?:Mrs|Gen|Col|Sgt|Rev))\.)?"
# Who speaks, up to the verb: a name, a pronoun, or a noun with what may stand before it.
_FIRST = (
    r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Ss]ome|"
    r"[Mm]any|[Aa]nother|[Ss]he|[Hh]e|[Tt]hey|[Ii]t|[Bb]oth|[Aa]ll|police|people|officials|witnesses|residents|"
    r"doctors|sources|investigators|prosecutors|relatives|neighbours|neighbors|lawyers|[A-ZÀ-ÖØ-ÞČŠŽĀĒĪŪŁ][\w’'.-]*)"
)
# After the verb: no pronoun, because "said it was safe" says what, not who.
_WHOM = _FIRST.replace("[Ss]he|[Hh]e|[Tt]hey|[Ii]t|", "")
# Words that tell of a clause: "said the trail led to them".
_TELLING = (
    r"(?!(?:[a-z]+ed|led|held|came|went|took|gave|fell|left|made|began|ran|lay|stood|sat|kept|lost|met|paid|"
    r"put|set|saw|sent|shot|spent|won|knew|got|fled|found|brought|bought|broke|drew|grew|rose|sank|struck|"
    r"does|do|must|might|should|cannot|never)\b)"
)
_NO_NAME = (
    r"(?:who|whom|whose|which|that|when|where|if|because|after|before|while|as|was|were|had|has|have|would|will|"
    r"is|are|did|could|can|may|to|and|or|but|not)"
)
_WHO = rf"{_FIRST}(?:\s(?!{_NO_NAME}\b){_WORD}){{0,11}}?"
_WHO_AFTER = rf"{_WHOM}(?:\s(?!{_NO_NAME}\b){_TELLING}{_WORD}){{0,11}}?"
# "A spokeswoman, Ana Ruiz, wrote": a name between commas of its own.
_NAMED = rf"(?:,\s[A-ZÀ-ÖØ-ÞČŠŽ][\w’'.-]*(?:\s(?!{_NO_NAME}\b){_WORD}){{0,4}},)?"
# "Jan Opal, then head of data, told": who he is, between commas of its own.
_TITLED = r"(?:,\s(?:an?|the|then|its|head|chief|director|mayor|chairman|chairwoman)\b[^,:;“”\"]{2,80},)?"
# "Said a person who knows him.": to the end of the sentence.
_WHO_DOES = r"(?:\s(?:who|whose|that|which)\b[^,:;“”\"]*(?=[.?!]?$))?"
# When, where and how it was said: nothing that could be what was said.
_FINITE = r"(?:that|was|were|is|are|had|has|have|would|will|could|did|who|which)"
_LATER = (
    r"(?:on|in|at|to|during|by|via|from|through|over|for|with|later|earlier|again|afterwards|yesterday|today|"
    r"this|last|early|late|then|through|outside|before|after|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\w+ly)"
)
_WHEN = rf"(?:\s{_LATER}(?:\s(?!{_FINITE}\b){_WORD}){{0,11}})?"
_TO_WHOM = rf"\s(?!{_NO_NAME}\b){_WORD}(?:\s(?!{_NO_NAME}\b){_WORD}){{0,9}}"
# Ends the attribution; a colon has what was said behind it.
_END = r"(?=\s*[,.:;?!](?:\s|$)|$)"
# What comes after a name and is still about it: "said its head, Ana Ruiz", "said Ana Ruiz, the harbour master".
_ABOUT_WHOM = (
    r"(?:,\s[A-ZÀ-ÖØ-ÞČŠŽ][\w’'.-]*(?:\s[A-ZÀ-ÖØ-ÞČŠŽ][\w’'-]*){0,3}(?=[,.]))?"
    r"(?:,\s(?:an?|the|then|head|chief|director|mayor|chairman|chairwoman)\b[^,:;“”\"]*)?"
)
# What goes on with the speaker, and not with what was said: "…, he said, adding that", ", who noted that".
_GOES_ON = re.compile(
    r",\s(?:adding|saying|noting|insisting|calling|citing|accusing|denying|dismissing|rejecting|blaming|"
    r"describing|warning|stressing|claiming|arguing|suggesting|pointing|referring|quoting|refusing|declining|"
    r"who\b|whose\b|\w+ of whose\b)"
)
_WHICH = re.compile(r",\s(?:\w+ of )?which\b")
_PRONOUN = re.compile(r",\s(?:he|she|it|they)\s")
# The clause that was begun goes on: "He knew, he said, that…".
_SAME_CLAUSE = re.compile(r",\s(?:that|to|than|as)\b")
_JOINING = re.compile(r"[,:]|\b(?:and|but|while|whereas|although|though|yet|so)\b")
_LONGEST_JOINT = len(", although ")
_COLON = re.compile(r":\s")
# Begins a clause with a subject of its own.
_ANEW = re.compile(
    rf":\s|,\s(?:and|but|while|whereas|although|though|yet|so)\s(?=(?:{_FIRST}|there|what|no|none|nobody|nothing|not)\s)"
)
_CLOSING = "”»\"’"
_AUXILIARY = re.compile(
    r"\s*(?:was|were|is|are|had|has|have|did|does|would|will|could|can|may|might|must|should|never|"
    r"and|or|but|\w+ed|came|went|took|gave|fell|left|made|began|ran|lay|stood|sat|held|kept)\b|\s*[:.?!]"
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
# Clauses that are part of another one.
_BELOW = frozenset({"csubj", "csubjpass", "advcl", "relcl", "acl", "xcomp", "pcomp"})
# What may name somebody, the likeliest first.
_NOUNS = (frozenset({"NOUN", "PROPN", "PRON"}), frozenset({"ADJ", "NUM"}))


def _finite(lemma: str) -> str:
    """The finite forms of a regular verb, and what it is without an ending."""
    if lemma in _IRREGULAR:
        return rf"{_IRREGULAR[lemma]}|{lemma}s?"
    if lemma.endswith("y") and lemma[-2] not in "aeou":
        return rf"{lemma[:-1]}(?:ied|ies)|{lemma}"
    if lemma.endswith("e"):
        return rf"{lemma}[ds]?"
    doubled = rf"|{lemma}{lemma[-1]}ed" if lemma[-1] in "tpbmr" else ""
    return rf"{lemma}(?:ed|s|es)?{doubled}"


_LEMMAS = sorted((frozenset(REPORTING) | VOICED) - DENYING - _NEVER - {"tell", "inform", "assure"})
_VERB = "|".join([*_PHRASES, *map(_finite, _LEMMAS)])
_BARE_VERB = "|".join([*_PHRASES, *map(_finite, sorted(_BARE))])
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # ", the port said on Monday,"
        rf",\s(?P<who>{_WHO}(?:{_NAMED}|{_TITLED}))\s(?P<verb>{_VERB}){_WHEN}{_END}",
        # ", the port told reporters,"
        rf",\s(?P<who>{_WHO}(?:{_NAMED}|{_TITLED}))\s(?P<verb>{_TOLD}){_TO_WHOM}{_END}",
        # ", said Ana Ruiz of the port,"
        rf",\s(?P<verb>{_BARE_VERB})\s(?P<who>{_WHO_AFTER}{_WHO_DOES}){_WHEN}{_ABOUT_WHOM}{_END}",
        rf",\s(?P<verb>{_VERB})\s(?P<who>(?:[Tt]he\s)?[A-ZÀ-ÖØ-Þ][\w’'.-]*(?:\s(?!{_NO_NAME}\b){_TELLING}{_WORD}){{0,11}}?)"
        rf"{_WHEN}{_ABOUT_WHOM}{_END}",
        # ", according to the port,"
        rf",\s(?P<verb>according)\sto\s(?P<who>{_WORD}(?:\s(?!{_FINITE}\b){_WORD}){{0,14}}{_WHO_DOES}){_ABOUT_WHOM}{_END}",
    )
)
_LEMMA_OF = {
    form: lemma
    for lemma in (*_LEMMAS, "tell", "inform", "assure")
    for form in (
        {lemma, _IRREGULAR.get(lemma, ""), f"{lemma}s", f"{lemma}es", f"{lemma}d", f"{lemma}ed"}
        | {f"{lemma}{lemma[-1]}ed"}
        | ({f"{lemma[:-1]}ied", f"{lemma[:-1]}ies"} if lemma.endswith("y") else set())
    )
}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
    found = tuple(_found(text, quoted))
    if not found:
        return None
    kept: list[list[tuple[int, int]]] = [[]]
    at = 0
    for one in found:
        kept[-1].append((at, one.start))
        after = text[one.end :]
        anew = _ANEW.match(after)
        # One comma stays where what follows begins a clause.
        drops = after.startswith(",") and _AUXILIARY.match(after[1:])
        at = one.end + (anew.end() if anew else 1 if drops else 0)
        if anew:
            kept.append([])
    kept[-1].append((at, len(text)))
    return Pieces(text, found, tuple(piece for part in kept for piece in _at_colons(text, part, quoted)))


def _at_colons(
    text: str, part: Sequence[tuple[int, int]], quoted: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], ...]]:
    """The stretches of one part, parted where a colon stands in them."""
    piece: list[tuple[int, int]] = []
    for start, end in part:
        for colon in _COLON.finditer(text, start + 1, end):
            if not any(a <= colon.start() < b for a, b in quoted):
                yield (*piece, (start, colon.start()))
                piece, start = [], colon.start()
        piece.append((start, end))
    yield tuple(piece)


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
        if _SAME_CLAUSE.match(text, end):
            continue
        about = _GOES_ON.match(text, end) or (not _PRONOUN.match(text, begin) and _WHICH.match(text, end))
        if about:
            end = len(text.rstrip().rstrip(".?!"))
        at = end
        yield Parenthetical(begin, end, hit.start("verb"), hit.start("verb") < hit.start("who"))


# ---------------------------------------------------------------- the trees, joined again


def put_together(pieces: Pieces, trees: Sequence[tuple[Token, ...]]) -> tuple[Token, ...] | None:
    """The tree of the whole sentence from those of `pieces.texts`, in the same order.

    None: the trees show that it was wrong to take it apart.
    """
    parts = [
        [_moved(token, _original(stretches, token.start)) for token in tree]
        for stretches, tree in zip(pieces.kept, trees, strict=False)
    ]
    left = _in_one(parts)
    if not any(token.pos in {"VERB", "AUX", "NUM"} and token.start < pieces.found[0].start for token in left):
        # "Ana Ruiz, the harbour master, said the road was open": nothing was said before it.
        return None
    attributions = []
    for one, tree in zip(pieces.found, trees[len(parts) :], strict=True):
        begin = one.end - len(pieces.text[one.start + 1 : one.end].lstrip())
        moved = [_moved(token, token.start + begin) for token in tree]
        verb = next((n for n, token in enumerate(moved) if token.start == one.verb), None)
        if verb is None or _is_noun(moved[verb], one):
            # "The theft of some notes".
            return None
        attributions.append((_as_attribution(moved, verb, one), verb))
    whole = list(left)
    for one, before, (tokens, verb) in zip(
        pieces.found, (0, *(one.end for one in pieces.found)), attributions, strict=False
    ):
        colon = max((hit.end() for hit in _COLON.finditer(pieces.text, before, one.start)), default=before)
        above = _clause_before(left, colon, one.start)
        if above is None:
            return None
        dep = "prep" if tokens[verb].text.casefold() == "according" else "parataxis"
        first = len(whole)
        whole += [replace(token, head=token.head + first) for token in tokens]
        whole[first + verb] = replace(whole[first + verb], head=above, dep=dep)
    top = next(n for n, token in enumerate(left) if token.head == n)
    # Commas, and what joins one clause to the next, were parsed with neither.
    there = {token.start for token in whole}
    for one in pieces.found:
        for hit in _JOINING.finditer(pieces.text, one.start, one.end + _LONGEST_JOINT):
            if hit.start() not in there and (hit.start() == one.start or hit.start() >= one.end):
                whole.append(_joint(hit, top))
    order = sorted(range(len(whole)), key=lambda n: whole[n].start)
    place = {n: index for index, n in enumerate(order)}
    return tuple(replace(whole[n], head=place[whole[n].head]) for n in order)


def _is_noun(token: Token, one: Parenthetical) -> bool:
    form = token.text.casefold()
    either = form.endswith("s") or form == _LEMMA_OF.get(form)
    return token.pos not in {"VERB", "AUX"} and either and not one.inverted


def _in_one(parts: Sequence[Sequence[Token]]) -> list[Token]:
    """Several trees one after the other, the later ones beside the first."""
    joined: list[Token] = []
    for tokens in parts:
        first = len(joined)
        for n, token in enumerate(tokens):
            beside = first > 0 and token.head == n and token.pos != "PUNCT"
            top = next((m for m, t in enumerate(joined[:first]) if t.head == m), 0)
            joined.append(
                replace(token, head=top, dep="parataxis") if beside else replace(token, head=token.head + first)
            )
    return joined


def _clause_before(left: Sequence[Token], start: int, end: int) -> int | None:
    """The top of the clause that stands in a stretch, or that begins there; None: nothing stands there."""
    within = [n for n, token in enumerate(left) if start <= token.start < end and token.pos != "PUNCT"]
    tops = [n for n in within if left[n].head not in within or left[n].head == n]
    if not tops:
        return None
    at = next((n for n in tops if left[n].pos in {"VERB", "AUX"}), tops[0])
    # "What they took, he said, was little": of the whole, and not of what they took.
    while (left[at].pos not in {"VERB", "AUX"} or left[at].dep in _BELOW) and left[at].head != at:
        at = left[at].head
    return at


def _as_attribution(tokens: list[Token], verb: int, one: Parenthetical) -> list[Token]:
    """The tokens with the verb on top and a noun that speaks."""
    for n, token in enumerate(tokens):
        if n > 0 and n != verb and token.head == n and token.pos == "PROPN" and tokens[n - 1].pos == "NOUN":
            # "The security firm Nightwatch".
            tokens[n] = replace(token, head=n - 1, dep="appos")
    if tokens[verb].text.casefold() == "according":
        return tokens
    top = next((n for n, token in enumerate(tokens) if token.head == n), verb)
    beside = range(verb + 1, len(tokens)) if one.inverted else range(verb)
    if top != verb:
        tokens[top] = replace(tokens[top], head=verb, dep="nsubj" if top in beside else "dep")
    speaker = next((n for n in beside if tokens[n].head == verb and tokens[n].dep in _SUBJECTS), None)
    if speaker is None:
        beneath = [n for n in beside if tokens[n].head == verb]
        speaker = next((n for kinds in _NOUNS for n in beneath if tokens[n].pos in kinds), None)
    if speaker is not None:
        tokens[speaker] = replace(tokens[speaker], dep="nsubj")
    said = tokens[verb]
    form = said.text.casefold()
    phrase = " ".join(token.text.casefold() for token in tokens[verb : verb + 2])
    lemma = next((meant for words, meant in _PHRASES.items() if phrase in words.split("|")), _LEMMA_OF.get(form))
    tag = "VBZ" if form.endswith("s") else "VBD" if form.endswith(("d", "t", "e")) else "VBP"
    tokens[verb] = replace(said, head=verb, dep="ROOT", pos="VERB", tag=tag, lemma=lemma or said.lemma)
    return tokens


def _original(kept: Sequence[tuple[int, int]], at: int) -> int:
    """Where an offset of the sentence without its attributions stands in the whole."""
    for start, end in kept:
        if at < end - start:
            return start + at
        at -= end - start
    return kept[-1][1] + at


def _moved(token: Token, start: int) -> Token:
    return replace(token, start=start, end=start + token.end - token.start)


def _joint(hit: re.Match[str], head: int) -> Token:
    """A comma or colon, or a word that joins two clauses."""
    text = hit.group()
    pos, tag, dep = ("CCONJ", "CC", "cc") if text.isalpha() else ("PUNCT", text, "punct")
    return Token(
        start=hit.start(), end=hit.end(), text=text, lemma=text, pos=pos, tag=tag, dep=dep, head=head
    )
