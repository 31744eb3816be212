"""The figures in a text, each with what it measures or counts: 'two hours and five minutes', '£2.4 million',
'60 km/h', '12 barges', '17'.

Read off the words alone, so that 'counts three nights' and 'had returned within a week' can be held against
each other whatever the parser makes of either. Clocks, dates, ages, labels ("hold 2") and votes ("five to
two") are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.core.numerals import LARGE, SMALL, bound_of, number
from monitor.core.wording import stem, word_set

#: Kinds of what is measured, beside money ("money dollar") and what is counted (the stem of its noun).
LENGTH_OF_TIME, YEAR = "duration", "year"
_HOUR, _DAY = 3_600.0, 86_400.0
# How a unit looks, what it measures, and what one of it is worth.
_UNITS: tuple[tuple[str, str, float], ...] = (
    (r"kilomet(?:re|er)s? (?:an|per) hour|km/h|kmh|kph", "speed", 1.0),
    (r"miles? (?:an|per) hour|mph", "speed", 1.609),
    (r"knots?", "speed", 1.852),
    (r"seconds?|secs?", LENGTH_OF_TIME, 1.0),
    (r"minutes?|mins?", LENGTH_OF_TIME, 60.0),
    (r"hours?|hrs?", LENGTH_OF_TIME, _HOUR),
    (r"days?|nights?", LENGTH_OF_TIME, _DAY),
    (r"weeks?", LENGTH_OF_TIME, 7 * _DAY),
    (r"fortnights?", LENGTH_OF_TIME, 14 * _DAY),
    (r"months?", LENGTH_OF_TIME, 30.4 * _DAY),
    (r"years?", LENGTH_OF_TIME, 365 * _DAY),
    (r"degrees?|°[CF]?", "temperature", 1.0),
    (r"per ?cent|percent|pc|%", "percent", 1.0),
    (r"(?:percentage )?points?", "point", 1.0),
    (r"nautical miles?", "distance", 1_852.0),
    (r"kilomet(?:re|er)s?|km", "distance", 1_000.0),
    (r"miles?", "distance", 1_609.0),
    (r"cent[io]met(?:re|er)s?|cm", "distance", 0.01),
    (r"met(?:re|er)s?|m", "distance", 1.0),
    (r"yards?", "distance", 0.914),
    (r"feet|foot|ft", "distance", 0.305),
    (r"kilogram(?:me)?s?|kilos?|kg", "weight", 1.0),
    (r"tonnes?|tons?", "weight", 1_000.0),
    (r"grams?|grammes?", "weight", 0.001),
    (r"litres?|liters?", "volume", 1.0),
    (r"barrels?", "barrel", 1.0),
    (r"hectares?", "area", 1.0),
    (r"acres?", "area", 0.405),
)
_COINS = word_set(
    """
    dollar euro pound rouble ruble rupee yen yuan franc rand krona krone kronor kroner shilling peso real
    reais dinar dirham lira lari naira zloty hryvnia tenge cedi birr riyal som sol soles ringgit baht won
    forint leu lei lev manat bitcoin
    """
)
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₽": "rouble", "₹": "rupee"}
_WORD = "|".join(sorted({*SMALL, *(w for w in LARGE if len(w) > 2), "dozen"}, key=len, reverse=True))
_TIMES = r"hundred|thousand|million|billion|trillion"
_SIGN = r"(?P<sign>(?:US|[A-Z]{1,2})?[$€£¥₽₹]|(?<![A-Za-z])(?:SKr|NKr|DKr|Rs\.?|R)(?=\s?\d))\s?"
_FIGURE = re.compile(
    rf"(?i:(?<![\w.,:/\-–]))(?:{_SIGN})?"
    rf"(?P<figure>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:\s?(?i:{_TIMES})\b|(?i:bn|tr)\b|"
    rf"(?<=\d)(?:m|k|M|K)\b)?|"
    rf"(?i:(?:{_WORD})(?:(?:\s|-)(?:and\s)?(?:{_WORD}))*)\b)"
)
_UNIT = re.compile(
    r"(?i)(?:\s|-|(?=[a-z°%/]))(?:(?:long|whole|full|straight|good)\s)?(?:"
    + "|".join(f"(?P<u{n}>{look})" for n, (look, _, _) in enumerate(_UNITS))
    + r")(?![\w])"
)
# "Within a week", "took an hour": "a" alone counts nothing.
_ONE_UNIT = re.compile(
    r"(?i)(?:^|\b(?:within|for|took|taken|takes?|lasted|than|about|nearly|almost|under|half|after|only|counts)\s)"
    r"(?P<one>an?)(?=\s\w)"
)
_AND_A_HALF = re.compile(r"(?i)\s+and a half\b")
# What may not stand before: "hold 2", "page three", "aged 40"; "May 2", "2 May".
_LABEL = re.compile(
    r"(?i)(?:\b(?:no|nos|number|page|pages|article|section|chapter|district|room|unit|flight|lot|gate|holds?|"
    r"runway|grade|class|platform|line|route|level|ward|phase|category|type|figure|group|"
    r"reactor|block|house|aged?|clause|law|channel|road|highway|motorway|bus|tram|form|version|round|"
    r"act|annex|appendix|exhibit|table|item|paragraph|box|lane|pier|berth|tower|sector|zone|floor|day|week|"
    r"year|count to|votes to)\.?|#)\s*$"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_DATE_BEFORE = re.compile(rf"(?i)\b{_MONTH}\.?,?\s*$")
_DATE_AFTER = re.compile(rf"(?i)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\s+(?:be|have|not)\b)")
_AGE = re.compile(r"(?:^|[^\W\d_]),\s*$")
_YEAR_FIGURE = re.compile(r"(?:1[5-9]|20)\d\d")
_YEAR_BEFORE = re.compile(r"(?i)\b(?:in|since|until|till|by|from|of|year|to|before|after|and|early|late)\s*$")
# "At 4.50", "half past nine", "nine o'clock", "two in the morning", "five to two".
_CLOCK_BEFORE = re.compile(
    r"(?i)\b(?:past|quarter to|ten to|five to|twenty to|at|since|until|till|shortly after|just after|shortly "
    r"before|just before|from|by)\s*(?:about|around|nearly|almost)?\s*$"
)
_CLOCK_AFTER = re.compile(
    r"(?i)(?:[:.][0-5]\d)?\s*(?:[ap]\.?m\b|o['’]clock|(?:in the|at) (?:early )?(?:morning|afternoon|evening|"
    r"night)\b|past\b|hours gmt)|:[0-5]\d"
)
_DOTTED_BEFORE = re.compile(r"(?i)\b(?:at|by|from|until|before|after)\s*$")
_PUT_AT = re.compile(r"(?i)\b(?:put|puts|putting|placed?|places|stood|stands|arrived? at|arrives at)\b")
_OF_AN_HOUR = re.compile(
    r"(?i)\b(?:start|beginning|outbreak|time|departure|arrival|end|moment|onset|call|hour)\b"
)
_TOLD_LATER = re.compile(r"(?i)\s+(?:ago|later|earlier|before|after|old|of age|into)\b|-old\b")
_SHARE_OF = re.compile(
    r"(?i)\s+(?:in|out of)\s+(?:\d|ten|five|four|three)|\s*/\s*\d|[\s-]thirds?\b|-(?:quarters|fold)"
)
_VOTE = re.compile(rf"(?i)\s*(?:to|-|–|:)\s*(?:\d|(?:{_WORD})\b)")
_VOTE_BEFORE = re.compile(rf"(?i)(?:\d|\b(?:{_WORD}))\s*(?:to|-|–|:)\s*$")
_PART = re.compile(r"(?i)\s+(?:\w+\s+)?of (?:the|them|those|these|its|his|her|their|our|whom|which)\b")
_PART_BEFORE = re.compile(
    r"(?i)\b(?:another|a further|an extra|an additional|the other|other|the first|the last|the next|the "
    r"remaining|these|those|of them|of whom|among them|of the|including|besides|except|every|each|per|first|"
    r"last|next)\s*,?\s*$"
)
_MORE = re.compile(
    r"(?i)\s+(?:more|other|others|extra|further|additional|apiece|each|times|fewer|less)\b(?! than)"
)
_NEVER = re.compile(r"(?i)\b(?:never|no|not|nor|nobody|none|nothing|hardly)\b|n['’]t\b")
_NO_MORE = re.compile(r"(?i)\bno (?:more|fewer|less) than\s*$")
_NEGATED = re.compile(r"(?i)\b(?:not|and not|rather than|instead of|nor)\s+(?:the\s+|at\s+)?$")
_TURNED = {"at_least": "at_most", "more_than": "at_most", "at_most": "at_least", "less_than": "at_least"}
_WITHIN = re.compile(r"(?i)\b(?:within|inside|in under|in less than)\s*(?:just\s*)?$")
_NEAR = re.compile(r"(?i)\b(?:closer to|nearer|more like|barely|hardly|something like|north of)\s*$")
# What stands behind a number that counts nothing by itself: no noun.
_NO_NOUN = re.compile(
    r"(?i)[^\w\s-]|\s*$|\s+(?:as|at|by|in|on|of|for|from|with|and|or|but|when|while|who|whom|which|that|is|was|"
    r"were|are|had|has|have|did|do|does|said|says|it|he|she|they|we|i|the|an?|according|only|not|instead|if|"
    r"because|to|than|would|will|could|can|may|might|must|before|after|since|until|inside|aboard|below|here|"
    r"there|now|then|so|altogether|came|went|left|got|took|in all|all|though|yet|up|down)\b"
)
_NOUN = re.compile(
    r"\s+(?:(?!and\b|or\b|of\b|in\b|at\b)[a-z][\w’'-]*\s+){0,2}?"
    r"(?P<noun>[a-z][a-z’'-]*(?:[^s\W]s|men)|people|men|women|children|dead|killed|injured|wounded|missing|hurt|ill|sick)\b"
)
_AND_ALSO = re.compile(r"(?i)(?:,?\s+and)?\s+")
_NEXT_WORD = re.compile(r"\s+(?P<word>[^\W\d_]+)")
_RANGE_JOIN = re.compile(r"(?i)\s*(?:,?\s*(?:maybe|perhaps|or maybe|or perhaps|or|if not|and|to)\s+|[–-])")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a text."""

    # "duration", "speed", "money euro"…, the stem of the noun that is counted ("girl"); "": a bare number.
    kind: str
    # In seconds, metres, km/h, kilograms…; the same unless the text gives a range.
    low: float
    high: float
    # "exactly" | "at_least" | "at_most" | "more_than" | "less_than" | "about"
    bound: str
    start: int
    end: int
    # Where only the number itself is.
    digits: str
    # "Six of the dead", "another 20": not all that there were.
    part: bool = False
    # "12, not 21": said not to be so.
    negated: bool = False

    def span(self) -> tuple[float, float]:
        """Between which two values it lies, as it is said."""
        if self.bound in {"at_least", "more_than"}:
            return self.low, float("inf")
        if self.bound in {"at_most", "less_than"}:
            return 0.0, self.high
        near = 0.1 if self.bound == "about" else 0.0
        return self.low * (1 - near), self.high * (1 + near)


@lru_cache(maxsize=10_000)  # each claim is compared with many
def measures_in(text: str) -> tuple[Measure, ...]:
    """The figures of the text in its order."""
    return tuple(_joined(list(_read(text)), text))


def _read(text: str) -> Iterator[Measure]:
    found = [(m.start(), m.end(), m["figure"], m["sign"] or "") for m in _FIGURE.finditer(text)]
    found += [(*m.span("one"), "1", "") for m in _ONE_UNIT.finditer(text) if _UNIT.match(text, m.end())]
    for start, end, figure, sign in sorted(found):
        measure = _measure(text, start, end, figure, sign)
        if measure is not None:
            yield measure


def _measure(text: str, start: int, end: int, figure: str, sign: str) -> Measure | None:
    before, after = text[:start], text[end:]
    value = _value(figure, sign)
    told = _what(text, start, end, figure, sign) if value is not None else None
    if value is None or told is None:
        return None
    kind, worth, stop = told
    half = _AND_A_HALF.match(text, stop) if kind == LENGTH_OF_TIME else None
    if half is not None:
        value, stop = value + 0.5, half.end()
    elif kind == LENGTH_OF_TIME and before.casefold().endswith("half "):
        value = 0.5
    return Measure(
        kind=kind,
        low=value * worth,
        high=value * worth,
        bound=_bound(before, kind),
        start=start,
        end=stop,
        digits=figure,
        part=bool(_PART_BEFORE.search(before) or _MORE.match(after) or _PART.match(after)),
        negated=_NEGATED.search(before) is not None,
    )


def _what(text: str, start: int, end: int, figure: str, sign: str) -> tuple[str, float, int] | None:
    """What is measured or counted, what one of it is worth, and where its words end; None: nothing is."""
    if sign:
        return f"money {_SIGNS.get(sign[-1], sign.casefold())}", 1.0, end
    before, after = text[:start], text[end:]
    if _YEAR_FIGURE.fullmatch(figure) is not None and _YEAR_BEFORE.search(before) is not None:
        return YEAR, 1.0, end
    unit = _UNIT.match(text, end)
    if unit is not None:
        kind, worth = next(row[1:] for n, row in enumerate(_UNITS) if unit[f"u{n}"])
        return None if _TOLD_LATER.match(text, unit.end()) else (kind, worth, unit.end())
    if _is_no_amount(before, after, figure):
        return None
    if _NO_NOUN.match(after):
        return None if figure.casefold() == "one" else ("", 1.0, end)
    word = _NEXT_WORD.match(after)
    coin = word["word"].casefold() if word is not None else ""
    coin = coin if coin in _COINS else coin.removesuffix("s")
    if word is not None and coin in _COINS:
        return f"money {coin}", 1.0, end + word.end()
    noun = _NOUN.match(after)
    return (stem(noun["noun"].casefold()), 1.0, end + noun.end()) if noun is not None else None


def _value(figure: str, sign: str) -> float | None:
    low = figure.casefold()
    if low.endswith("dozen"):
        several = number(low.removesuffix("dozen").strip(" -")) if low != "dozen" else 1.0
        return None if several is None else 12 * several
    if not sign and re.fullmatch(r"[\d.,]+m", low):
        # "900m back".
        return None
    return number(low)


def _is_no_amount(before: str, after: str, figure: str) -> bool:
    """Whether it is a date, an hour, an age, a label, a vote or a share of something."""
    if _LABEL.search(before) or _DATE_BEFORE.search(before) or _DATE_AFTER.match(after):
        return True
    if _CLOCK_AFTER.match(after) or _SHARE_OF.match(after) or _VOTE_BEFORE.search(before):
        return True
    if _VOTE.match(after) and not _NOUN.match(re.sub(r"^[^a-z]*\S+", "", after)):
        return True
    if after.startswith("-") or re.match(r"(?:st|nd|rd|th)\b", after):
        return True
    if _AGE.search(before) and re.match(r",|\.|$", after) and figure.isdigit() and int(figure) < 110:
        return True
    small = number(figure.casefold()) or 0
    if _CLOCK_BEFORE.search(before) and small <= 24 and _NO_NOUN.match(after):
        # "Put it at five" is a number, "began at five" and "put the start at five" are hours.
        return _PUT_AT.search(before) is None or _OF_AN_HOUR.search(before) is not None
    # "At 5.40", "the log gives 02.10".
    if re.fullmatch(r"0\d\.\d\d", figure):
        return True
    return re.fullmatch(r"\d{1,2}\.\d\d", figure) is not None and _DOTTED_BEFORE.search(before) is not None


def _bound(before: str, kind: str) -> str:
    bound = bound_of(before)
    if kind == LENGTH_OF_TIME and _WITHIN.search(before):
        bound = "at_most"
    elif bound == "exactly" and _NEAR.search(before):
        bound = "about"
    clause = re.split(r"[,;:—]", before)[-1]
    if bound in _TURNED and _NEVER.search(clause) and not _NO_MORE.search(before):
        return _TURNED[bound]
    return bound


def _joined(found: list[Measure], text: str) -> Iterator[Measure]:
    """Those of one length together ('two hours and five minutes'), and the two ends of a range."""
    n = 0
    while n < len(found):
        first = found[n]
        both = _together(first, found[n + 1], text) if n + 1 < len(found) else None
        yield first if both is None else both
        n += 1 if both is None else 2


def _together(first: Measure, second: Measure, text: str) -> Measure | None:
    gap = text[first.end : second.start]
    length = first.kind == second.kind == LENGTH_OF_TIME and second.high < first.low
    if length and _AND_ALSO.fullmatch(gap):
        total = first.low + second.low
        return replace(first, low=total, high=total, end=second.end)
    if first.kind not in {"", second.kind} or not _RANGE_JOIN.fullmatch(gap):
        return None
    if "and" in gap and not text[: first.start].casefold().endswith("between "):
        return None
    # "Six, perhaps seven hours": six hours.
    scale = 1.0 if first.kind else second.high / (number(second.digits.casefold()) or 1.0)
    low = first.low * scale
    return (
        replace(first, kind=second.kind, low=low, high=second.high, end=second.end)
        if low < second.high
        else None
    )
