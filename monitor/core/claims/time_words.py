"""How English says when (times.py)."""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.core.claims.times import DIGIT, TimeWords
from monitor.core.wording import word_set

_HOUR_NAMES = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: number for number, word in enumerate(_HOUR_NAMES.split(), start=1)}
_NUMBERS |= {"a": 1, "an": 1, "twenty": 20, "quarter": 15, "half": 30}
_NUMBERS |= {"noon": 12, "midday": 12, "midnight": 0}
_MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS.split())})\b\.?"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
_ANY_WEEKDAY = f"{_WEEKDAYS} {_WEEKDAYS.replace('day', 'days')}"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS.split())})s?\b"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_HOURS = "|".join(_HOUR_NAMES.split()) + "|noon|midday|midnight"
_HOUR = rf"(?P<hour>\d{{1,2}}|{_HOURS})\b"
_NOON = (
    r"(?:\s*(?P<noon>[ap]\.?m\b\.?|o['’]clock|in the (?:early )?(?:morning|afternoon|evening)"
    r"|at night|gmt|utc))"
)
_PERIODS = "week month year"
_PARTS = {
    "early morning": (4, 8), "small hours": (0, 5), "early hours": (0, 6), "late evening": (20, 24),
    "mid-morning": (9, 12), "midmorning": (9, 12), "mid-afternoon": (14, 17), "midafternoon": (14, 17),
    "morning": (5, 12), "afternoon": (12, 18), "evening": (17, 23), "night": (19, 30),
    "overnight": (-4, 8), "dawn": (4, 8), "daybreak": (4, 8), "sunrise": (4, 8), "dusk": (17, 22),
    "nightfall": (17, 22), "sunset": (17, 22), "lunchtime": (12, 14),
}  # fmt: skip
_PART = "|".join(_PARTS)
# "At six" is an hour, "six" alone is a number.
_BEFORE_HOURS = ("at", "by", "until", "till", "from", "since", "before", "after")
_AFTER = "(?:" + "|".join(f"(?<={word} )" for word in (*_BEFORE_HOURS, "at about", "at around")) + ")"
# "At 5.40", but "at 5.40 per cent"; nothing else begins with a nought: "02.10".
_DOTTED = rf"(?:(?<![$€£\d.,])0\d|{_AFTER}(?:1?\d|2[0-3]))"
_NO_DECIMAL = r"(?!\.?\d|\s*(?:%|per\b|percent|pc\b|p\b|m\b|km|[a-z]*met|mil|bil|tril|points?\b|degrees))"


def _compiled(*rows: tuple[str, str, str]) -> tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]:
    return tuple(
        (kind, re.compile(pattern, re.IGNORECASE), word_set(needed)) for kind, pattern, needed in rows
    )


ENGLISH_TIMES = TimeWords(
    patterns=_compiled(
        ("iso", r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", DIGIT),
        (
            "day_month",
            rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
            _MONTHS,
        ),
        ("day_month", rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+{_YEAR})?", _MONTHS),
        # May and March are words; a preposition or a year tells the month.
        (
            "month",
            r"\b(?:in|since|until|till|by|of|last|during|early|late|mid)[\s-]+"
            rf"{_MONTH}(?:,?\s+{_YEAR})?(?!\s+\d)",
            _MONTHS,
        ),
        ("month", rf"\b{_MONTH},?\s+{_YEAR}", _MONTHS),
        ("year", rf"(?:(?<=in )|(?<=since )|(?<=until )|(?<=of )|(?<=from )|(?<=year )){_YEAR}", DIGIT),
        ("weekday", rf"\b(?:(?P<turn>last|next|this|coming)\s+)?{_WEEKDAY}", _ANY_WEEKDAY),
        ("day_part", r"\b(?P<turn>last|this)\s+(?P<part>night|morning|afternoon|evening)\b", "last this"),
        ("period", r"\b(?P<turn>last|this|next|previous|coming)\s+(?P<unit>week|month|year)\b", _PERIODS),
        ("named_day", r"\b(?P<day>today|yesterday|tomorrow|tonight)\b", "today yesterday tomorrow tonight"),
        (
            "ago",
            r"\b(?P<count>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+"
            r"(?P<unit>minutes?|hours?|days?|weeks?|months?|years?)\s+(?:ago|earlier|before)\b",
            "ago earlier before",
        ),
        ("clock", rf"\b(?P<hour>\d{{1,2}})[:.](?P<minute>[0-5]\d){_NOON}", DIGIT),
        ("clock", r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)\b(?!:\d)", DIGIT),
        ("clock", rf"\b(?P<hour>\d{{1,2}}){_NOON}", DIGIT),
        ("clock", rf"\b(?P<hour>{_DOTTED})\.(?P<minute>[0-5]\d)\b{_NO_DECIMAL}", DIGIT),
        ("clock", rf"\b(?P<hour>{_HOURS}){_NOON}", _HOURS.replace("|", " ")),
        ("clock", rf"\b(?P<past>half|quarter|ten|twenty|five)\s+past\s+{_HOUR}{_NOON}?", "past"),
        ("clock", rf"\b(?P<to>quarter|ten|twenty|five)\s+to\s+{_HOUR}{_NOON}?", "quarter ten twenty five"),
        ("clock", rf"{_AFTER}(?P<hour>{_HOURS})\b(?!\s+[a-z]+s\b){_NOON}?", _HOURS.replace("|", " ")),
        ("clock", r"\b(?P<hour>noon|midday|midnight)\b", "noon midday midnight"),
        ("part", rf"\b(?P<part>{_PART})\b", _PART.replace("-", " ").replace("|", " ")),
    ),
    months={
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
        "nov": 11, "dec": 12,
    },
    weekdays={"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6},
    days={"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1},
    parts=_PARTS,
    numbers=_NUMBERS,
    turns={"last": -1, "previous": -1, "next": 1, "coming": 1},
    units={
        "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1),
        "week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365),
    },
    after_noon=re.compile(r"(?i)^p|afternoon|evening|at night"),
    before_noon=re.compile(r"(?i)^a|morning"),
    joins=re.compile(
        r"(?i)\s*,?\s*(?:(?:in|on|at|of|during|the|local time|gmt|utc|early|late|shortly|just|about|around)"
        r"\s*)*,?\s*"
    ),
    forward=re.compile(
        r"(?i)\b(?:will|shall|would|['’]ll|tomorrow|due to|to be|scheduled|plans? to|is to|are to)\b"
    ),
    bounds=(
        (re.compile(r"(?i)\b(?:about|around|approximately|roughly|circa|some)\s+(?:at\s+)?$"), "about"),
        (re.compile(r"(?i)\b(?:before|by|prior to)\s+(?:about\s+)?(?:the\s+)?$"), "before"),
        (re.compile(r"(?i)\b(?:after|later than|past)\s+(?:the\s+)?$"), "after"),
        (re.compile(r"(?i)\b(?:since|from|starting)\s+(?:the\s+)?$"), "since"),
        (re.compile(r"(?i)\b(?:until|till|up to)\s+(?:the\s+)?$"), "until"),
    ),
)  # fmt: skip
