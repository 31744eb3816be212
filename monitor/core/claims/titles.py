"""Headlines say several things at once, parted by marks and by "as": 'Guards say pickets threw eggs,
neighbours say they prayed; one hurt', 'Mayor resigns as bridge closes'. Each part is read on its own, since a
parser that has to read them together goes wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.core.claims.names import ORG_WORDS, names_person
from monitor.core.claims.quotes import Quotation

_SAYS = (
    r"(?:says?|claims?|den(?:y|ies)|insists?|warns?|admits?|confirms?|rejects?|calls?|blames?|accuses?|"
    r"hits?|demands?|vows?|finds?|shows?|speaks?|points?|disowns?|disputes?|counters?|repl(?:y|ies)|cr(?:y|ies)|"
    r"denounces?|slams?|hails?|suspects?|alleges?|maintains?|concedes?|pledges?|urges?|rebuffs?|trashes|rebuts?)"
)
# Say something with one word behind them.
_ONE_OBJECT = r"(?:blames?|accuses?|den(?:y|ies)|rejects?|disputes?|suspects?|doubts?)"
# "…, operator says after crash hurts 19": what was said stands before.
_THEN = r"(?:after|as|amid|before|following|during)\b"
_JOINTS = re.compile(
    r"\s*;\s+|(?<=\w):\s+(?=\w)|\s+[–—]\s+(?=\w)"
    # ", neighbours say they prayed", ", chief still says"
    rf"|,\s+(?:(?:and|but|while|as)\s+)?(?!(?:and|but|while|as)\s)(?=(?:[^\s,;:]+\s+){{1,4}}?{_SAYS}\s+(?!{_THEN})\S+\s)"
    # ", builder blames ferry"
    rf"|,\s+(?=(?:[^\s,;:]+\s+){{1,3}}?{_ONE_OBJECT}\s+\S+$)"
    # ", and says it never signed", and not ", says Ana Ruiz"
    rf"|,\s+(?:(?:and|but)\s+)?(?={_SAYS}\s+(?:[a-z‘'“\d][^\s,]*\s+){{2}}\S)"
    rf"|\s+(?:but|while)\s+(?=(?:[^\s,;:]+\s+){{1,3}}?{_SAYS}\s+\S)"
    # "as police clear square"
    r"|,?\s+(?:as|while)\s+(?=(?:(?:[\w’'-]+\s){1,3}?(?:is|are|was|were|has|have|[a-z]{2,}ed|[a-z]+[^s\s]s)\s+\w|"
    r"(?:[\w’'-]+\s)?(?:police|[a-z]+[^s\s]s)\s+\w+\s+\w|"
    r"(?:[\w’'-]+\s){1,3}?[a-z]+[^s\s]s$|(?:[\w’'-]+\s)?[a-z]+[^s\s]s\s[a-z]+$))"
)
_SPEAKER_BEHIND = re.compile(rf"{_SAYS}\s+(?:[^\s,;:]+\s+){{0,4}}[^\s,;:]+$")
_MIN_WORDS = 2
_MARKS = "\"“”«»„‘’'"


def names_somebody(word: str) -> bool:
    """Whether a word, at the end of a headline, is for a person or a body."""
    low = word.casefold()
    return names_person(low) or names_person(low.removesuffix("s")) or low in ORG_WORDS or low == "police"


def parts_of_title(
    title: str, spans: Sequence[tuple[int, int]], quotes: Sequence[Quotation]
) -> Iterator[tuple[int, int]]:
    """The stretches of a title that say one thing each; `spans` are its sentences."""
    for start, end in spans:
        at = start
        for joint in _JOINTS.finditer(title, start, end):
            if any(q.start < joint.end() and joint.start() < q.end for q in quotes):
                continue
            if _SPEAKER_BEHIND.match(title, joint.end(), end) and names_somebody(title[:end].split()[-1]):
                # "…, says coast guard chief".
                continue
            before, behind = title[at : joint.start()], title[joint.end() : end]
            label = joint.group().startswith(":")
            short = (len(before.split()) < _MIN_WORDS and not label) or len(behind.split()) < _MIN_WORDS
            # A quotation needs what stands beside it: it says who speaks.
            quoted = before.rstrip()[-1:] in _MARKS or behind.lstrip()[:1] in _MARKS
            if (short or quoted) and ";" not in joint.group():
                continue
            yield at, joint.start()
            at = joint.end()
        yield at, end
