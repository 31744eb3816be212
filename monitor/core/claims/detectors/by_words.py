"""Attribution told by the words alone: '…, the minister, Ana Ruiz, said on Monday', and in headlines
'Minister says no…'.

For sentences that the parser takes apart wrongly, headlines above all: it speaks only where no other
detector found a speaker in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims import grammar
from monitor.core.claims.cues import DENYING, DOCUMENTS, HEDGING_CUES, MARKED, REPORTING
from monitor.core.claims.draft import Draft, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.types import ArticleField, ClaimKind, Stance

_VERBS = (
    "said|says|say|told|tells|announced|announces|confirmed|confirms|added|adds|reported|reports|claimed|claims"
    "|insisted|insists|warned|warns|admitted|admits|conceded|concedes|stated|states|maintained|maintains|wrote"
    "|writes|argued|argues|recalled|recalls|believed|believes|estimated|estimates|reckons|reckoned|finds|found"
    "|shows|show|showed|concluded|concludes|testified|testifies|repeats|repeated|retorted|retorts|denounced"
    "|explained|explains|specified|specifies|suggested|suggests|noted|notes|advised|advises|reveals|reveal"
    "|believe|claim|insist|argue|maintain|reckon|estimate|warn|admit|fear|suspect|suspects"
    "|stresses|affirms|declares|alleges|vows|pledges|asserts|counters|predicts|let it be known"
)
_TRAILING = re.compile(
    rf"(?P<what>[^“”«»\"]{{12,}}?),\s+(?P<who>[^,;:“”«»\"]{{2,90}}(?:,\s+[^,;:“”«»\"]{{2,60}})?),?\s+"
    rf"(?:has\s+|have\s+|had\s+|later\s+|also\s+|now\s+)?(?P<cue>{_VERBS})\b(?P<rest>[^,;:“”«»\"]{{0,80}})"
    rf"(?:,\s+who\s[^;:“”«»\"]*)?$"
)
# ", two officials in the ministry said, hours after…"
_MEDIAL = re.compile(
    rf"(?P<what>[^“”«»\";:]{{12,}}?),\s+(?P<who>[^,;:“”«»\"]{{2,70}}(?:,\s+[^,;:“”«»\"]{{2,40}})?),?\s+"
    rf"(?P<cue>{_VERBS})(?:\s+(?:on|in|late|early|by|at|to|through)\s[^,;:“”«»\"]{{2,60}})?,\s+(?P<rest>[^;:“”«»\"]+)"
)
# "…, says spy agency head", "…, vows army".
_TURNED = re.compile(
    r"(?P<what>[^“”«»\";:]{12,}?),\s+(?P<cue>says|claims|insists|warns|vows|admits|reveals|confirms|alleges|pledges|pleads|stresses|"
    r"say|claim|insist|warn|vow|admit|reveal|confirm|allege|pledge)\s+(?P<who>[^,;:“”«»\"]{2,50})"
)
_WHEN = re.compile(r"(?P<day>(?:on|in|at|by|since|until)\s[^,]+),\s+(?=\S)")
_MARKS = re.compile(r"[“”«»\"]")
_NOBODY = re.compile(
    r"(?i)\b(?:was|were|is|are|been|be|being|that|which|who|what|whether|if)\b|"
    r"^(?:though|although|while|whereas|because|since|when|after|before|until|unless|as)\b|"
    # "The talk of the town".
    r"\b(?:of|the|an?|their|his|her|its|to|in|on|for|with|by|from|and|or)$"
)
_LEADING = re.compile(
    r"(?P<who>[^,;:“”«»\"‘’–—]{2,60}?)\s+(?P<cue>says|claims|confirms|admits|warns|insists|finds|believes)\s+"
    r"(?P<rest>(?:that\s+)?)(?P<what>[^“”«»\"]{8,}?)(?:\s+as\s[^,;]{8,})?"
)
_LEMMAS = {"said": "say", "told": "tell", "wrote": "write"}


def detect_by_words(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        masked = _masked(page, s)
        if masked is None:
            continue
        text = masked.rstrip(" .!")
        found = _TRAILING.fullmatch(text)
        if found is None and s.field is ArticleField.TITLE:
            found = _TURNED.fullmatch(text) or _LEADING.fullmatch(text)
        if found is None:
            found = _MEDIAL.fullmatch(text)
        if found is None or _NOBODY.search(found["who"]) or _has_verb(s, found, "who"):
            continue
        if s.field is ArticleField.TEXT and _has_object(s, found):
            # "They listened, and one of them, Ana Ruiz, found three cuts in it": that is what she found.
            continue
        if s.field is ArticleField.TEXT and not _has_verb(s, found, "what"):
            # "Its manager, a former soldier, said nothing": no content, but who says it.
            continue
        when = _WHEN.match(found["who"])
        who, told = found.start("who"), found.end("what")
        if when is not None:
            # "…, on 3 May, a seal in wax shows": the day belongs to what is told.
            who, told = who + when.end(), who + when.end("day")
        speaker = _speaker(s, who, found.end("who"))
        if speaker is None:
            continue
        start, end = s.start + found.start("what"), s.start + told
        lemma = _lemma(found["cue"])
        yield Draft(
            sentence=s,
            start=start,
            end=end,
            kind=ClaimKind.INDIRECT,
            stance=REPORTING.get(lemma, Stance.ASSERT) if lemma not in DENYING else Stance.ASSERT,
            cue=found["cue"],
            speaker=speaker,
            content=s,
            heads=roots_within(s, start, end),
            hedged=lemma in HEDGING_CUES,
            detector="by_words",
        )


def _has_verb(s: Sentence, found: re.Match[str], part: str) -> bool:
    """Whether this part of a match holds a finite verb: 'Homeland would have won, the list's clerk' is more
    than a name.
    """
    return any(
        t.tag in {"VBD", "VBZ", "VBP", "MD"} and found.start(part) <= t.start and t.end <= found.end(part)
        for t in s.tokens
    )


def _has_object(s: Sentence, found: re.Match[str]) -> bool:
    """Whether the verb has a content of its own behind it."""
    cue = next((i for i, t in enumerate(s.tokens) if t.start == found.start("cue")), None)
    thing = grammar.child(s, cue, "dobj") if cue is not None else None
    listens = found["cue"].startswith(("told", "tells", "warn", "advise", "remind"))
    return thing is not None and cue is not None and thing > cue and not listens


def _masked(page: Page, s: Sentence) -> str | None:
    """The sentence with its marks hidden, where they stand around a few words of it; None: it is direct
    speech.
    """
    quotes = page.quotations_in(s)
    if any((q.end - q.start) * 2 > s.end - s.start or q.start - s.start <= 1 for q in quotes):
        return None
    return _MARKS.sub("x", s.text) if quotes else s.text


def _speaker(s: Sentence, start: int, end: int) -> int | None:
    """The head of these words; where the tree has several, the last name, else the last noun."""
    inside = [i for i, t in enumerate(s.tokens) if start <= t.start and t.end <= end]
    below = next((n for n, i in enumerate(inside) if s.tokens[i].pos == "ADP" or s.tokens[i].tag == "VBN"), 0)
    first = inside[below - 1] if below else None
    if first is not None and s.tokens[first].pos == "NOUN" and s.tokens[first].lemma in DOCUMENTS | MARKED:
        # "A seal in wax", "records seen by the paper", wherever the parse hangs the rest.
        return first
    tops = [
        i for i in inside if s.tokens[i].head not in inside and s.tokens[i].pos in {"NOUN", "PROPN", "PRON"}
    ]
    if len(tops) == 1:
        return tops[0]
    names = [i for i in inside if s.tokens[i].pos == "PROPN"]
    nouns = [i for i in inside if s.tokens[i].pos in {"NOUN", "PRON"}]
    return max(names or nouns or inside, default=None)


def _lemma(cue: str) -> str:
    if cue in _LEMMAS:
        return _LEMMAS[cue]
    for ending in ("ied", "ed", "s", "d", ""):
        stem = cue.removesuffix(ending)
        for lemma in (stem, stem + "e", stem + "y", stem[:-1]):
            if lemma in REPORTING:
                return lemma
    return cue
