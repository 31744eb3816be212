"""Attribution told by the words alone: '…, the minister, Ana Ruiz, said on Monday', and in headlines
'Minister says no…'.

For sentences that the parser takes apart wrongly, headlines above all: it speaks only where no other
detector found a speaker in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.claims import grammar
from monitor.core.claims.cues import DENYING, DOCUMENTS, HEDGING_CUES, MARKED, REPORTING
from monitor.core.claims.draft import Draft, reported, roots_within
from monitor.core.claims.page import Page
from monitor.core.claims.parsed import Sentence
from monitor.core.claims.reporting import usable_cue
from monitor.core.types import ArticleField, Stance
from monitor.core.wording import word_set

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
# "The mayor said the chart showed a reef", where the parse takes the chart for all she said.
_FORWARD = word_set(
    """
    say insist maintain claim argue contend swear allege assert warn state believe add complain admit concede
    """
)
_AND_THAT = re.compile(r",?\s+(?:and|but)\s+that\s+")
_SPOKEN = frozenset({"VBD", "VBZ", "VBP"})
# "Said a few words", "said goodbye to those who left".
_NO_CONTENT = word_set(
    """
    nothing something anything little much more so it this what word prayer thing lot goodbye farewell
    thank thanks mass grace hello sorry everything all yes no to
    """
)
_LEAST = 4
_LEMMAS = {"said": "say", "told": "tell", "wrote": "write"}


def detect_by_words(page: Page) -> Iterator[Draft]:
    for s in page.parsed:
        masked = _masked(page, s)
        if masked is not None:
            draft = _of_shape(s, masked.rstrip(" .!"))
            yield from [draft] if draft is not None else _forward(page, s)


def _of_shape(s: Sentence, text: str) -> Draft | None:
    """What an attribution at the end or in the middle tells, or one in a headline."""
    found = _TRAILING.fullmatch(text)
    if found is None and s.field is ArticleField.TITLE:
        found = _TURNED.fullmatch(text) or _LEADING.fullmatch(text)
    if found is None:
        found = _MEDIAL.fullmatch(text)
    if found is None or _NOBODY.search(found["who"]) or _has_verb(s, found, "who"):
        return None
    if s.field is ArticleField.TEXT and _has_object(s, found):
        # "They listened, and one of them, Ana Ruiz, found three cuts in it": that is what she found.
        return None
    if s.field is ArticleField.TEXT and not _has_verb(s, found, "what"):
        # "Its manager, a former soldier, said nothing": no content, but who says it.
        return None
    when = _WHEN.match(found["who"])
    who, told = found.start("who"), found.end("what")
    if when is not None:
        # "…, on 3 May, a seal in wax shows": the day belongs to what is told.
        who, told = who + when.end(), who + when.end("day")
    speaker = _speaker(s, who, found.end("who"))
    if speaker is None:
        return None
    lemma, span = _lemma(found["cue"]), (s.start + found.start("what"), s.start + told)
    stance = REPORTING.get(lemma, Stance.ASSERT) if lemma not in DENYING else Stance.ASSERT
    draft = reported(s, span, found["cue"], speaker, roots_within(s, *span), "by_words")
    return replace(draft, stance=stance, hedged=lemma in HEDGING_CUES)


def _forward(page: Page, s: Sentence) -> Iterator[Draft]:
    """What stands behind a verb of speaking to the end of the sentence, whatever the parse makes of it."""
    if s.field is not ArticleField.TEXT or s.text.rstrip().endswith("?") or page.quotations_in(s):
        return
    i = next((n for n, t in enumerate(s.tokens) if t.lemma in _FORWARD and t.tag in _SPOKEN), None)
    if i is None or not i or not usable_cue(s, i) or s.tokens[i].dep in {"relcl", "acl", "advcl"}:
        return
    if any(s.tokens[c].dep in grammar.SUBJECTS for c in s.children[i] if c > i):
        # "Wrong, says whoever was there".
        return
    behind = i + 2 if i + 1 < len(s.tokens) and s.tokens[i + 1].lemma == "that" else i + 1
    told = s.tokens[behind:]
    first = next((t.lemma for t in told if t.pos in {"NOUN", "PRON", "VERB", "PART"}), "")
    verb = any(t.tag in _SPOKEN | {"MD", "VBN"} for t in told[1:])
    if len(told) <= _LEAST or not verb or first in _NO_CONTENT or told[0].pos in {"PUNCT", "ADP", "PART"}:
        return
    own = [c for c in s.children[i] if c < i and s.tokens[c].dep == "nsubj"]
    speaker = own[0] if own else _speaker(s, 0, s.tokens[i].start)
    if speaker is None or grammar.is_question_word(s, speaker):
        return
    text = s.text.rstrip(" .!")
    cuts = [told[0].start, *(n for m in _AND_THAT.finditer(text, told[0].start) for n in m.span()), len(text)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        lemma = s.tokens[i].lemma
        span = s.start + start, s.start + end
        draft = reported(s, span, s.tokens[i].text, speaker, roots_within(s, *span), "by_words")
        yield replace(draft, stance=REPORTING.get(lemma, Stance.ASSERT), hedged=lemma in HEDGING_CUES)


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
