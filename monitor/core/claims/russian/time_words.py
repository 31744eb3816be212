"""How Russian says when (times.py of claims)."""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.core.claims.times import TimeWords

_ORDINALS = "перв втор треть четверт пят шест седьм восьм девят десят одиннадцат двенадцат"
_COUNTED = {
    1: "час часа одного одну один", 2: "два двух две", 3: "три трех трёх", 4: "четыре четырех четырёх",
    5: "пять пяти", 6: "шесть шести", 7: "семь семи", 8: "восемь восьми", 9: "девять девяти",
    10: "десять десяти", 11: "одиннадцать одиннадцати", 12: "двенадцать двенадцати", 20: "двадцать двадцати",
    15: "четверти пятнадцати",
}  # fmt: skip
_NUMBERS = {word: n for n, words in _COUNTED.items() for word in words.split()}
_NUMBERS |= {f"{stem}ого": n for n, stem in enumerate(_ORDINALS.split(), start=1)}
_NUMBERS |= {"третьего": 3, "полдень": 12, "полночь": 0, "полудня": 12, "полуночи": 0}
# "Десятого мая", "двадцать первого мая".
_TENS = {"двадцать": 20, "тридцать": 30}
_NUMBERS |= {
    "тринадцатого": 13, "четырнадцатого": 14, "пятнадцатого": 15, "шестнадцатого": 16, "семнадцатого": 17,
    "восемнадцатого": 18, "девятнадцатого": 19, "двадцатого": 20, "тридцатого": 30,
}  # fmt: skip
_UNITS = "первого второго третьего четвертого четвёртого пятого шестого седьмого восьмого девятого"
_NUMBERS |= {"четвёртого": 4}
_NUMBERS |= {
    f"{tens} {unit}": n + _NUMBERS[unit]
    for tens, n in _TENS.items()
    for unit in _UNITS.split()
    if n + _NUMBERS[unit] <= 31
}
_DAYS = "|".join(sorted((w for w in _NUMBERS if w.endswith("ого")), key=len, reverse=True))
_MONTH = (
    r"(?P<month>январ[яье]\w*|феврал[яье]\w*|марта?е?|апрел[яье]\w*|ма[йяе]|июн[яье]\w*|июл[яье]\w*|августа?е?"
    r"|сентябр[яье]\w*|октябр[яье]\w*|ноябр[яье]\w*|декабр[яье]\w*)\b"
)
_WEEKDAY = r"(?P<weekday>понедельник\w*|вторник\w*|сред[ыуе]|четверг\w*|пятниц\w*|суббот\w*|воскресень\w*)\b"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?=\s*(?:год|г\.|гг))(?:\s*(?:года|году|год|г\.))?"
_HOUR_WORDS = "|".join(
    w for n, words in _COUNTED.items() if n <= 12 for w in words.split() if w not in {"один", "одну"}
)
_NOON = r"(?:\s+(?P<noon>утра|дня|вечера|ночи))"
_PART = "утром|утра|днем|днём|вечером|вечера|ночью|на рассвете|на закате|ранним утром|поздним вечером"


def _compiled(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]:
    # Words are inflected: what must stand there is not told.
    return tuple((kind, re.compile(pattern, re.IGNORECASE), frozenset()) for kind, pattern in rows)


RUSSIAN_TIMES = TimeWords(
    patterns=_compiled(
        ("iso", r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),
        ("iso", r"\b(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>(?:19|20)\d\d)\b"),
        ("night_to", rf"\bв ночь (?:с \w+ )?на {_WEEKDAY}"),
        ("night_to", rf"\bв ночь (?:с \w+ )?на (?P<day>\d{{1,2}}|{_DAYS})\s+{_MONTH}"),
        ("day_month", rf"\b(?P<day>\d{{1,2}}|{_DAYS})(?:-?го)?\s+{_MONTH}(?:\s+{_YEAR})?"),
        ("month", rf"\b(?:в|с|до|по|к|на|прошлого|этого)\s+{_MONTH}(?:\s+{_YEAR})?"),
        ("year", rf"\b{_YEAR}"),
        ("weekday", rf"\b(?:(?P<turn>прошл\w+|минувш\w+|следующ\w+|ближайш\w+|эт\w+)\s+)?{_WEEKDAY}"),
        (
            "period",
            r"\b(?P<turn>прошл\w+|минувш\w+|следующ\w+|будущ\w+|эт\w+)\s+"
            r"(?P<unit>недел\w+|месяц\w*|год\w*)\b",
        ),
        ("named_day", r"\b(?P<day>сегодня|вчера|завтра|позавчера|послезавтра|накануне)\b"),
        ("ago", r"\b(?P<count>\d{1,3}|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять)?\s*"
                r"\b(?P<unit>минут\w*|час\w*|день|дня|дней|недел\w+|месяц\w*|год|года|лет)\s+(?:тому\s+)?назад\b"),
        ("clock", rf"\b(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)\b(?!\.\d){_NOON}?"),
        ("clock", rf"\b(?P<half>половине|половины|половину)\s+(?P<hour>\w+ого){_NOON}?"),
        ("clock", rf"\bбез\s+(?P<to>десяти|двадцати|пяти|четверти)\s+(?P<hour>{_HOUR_WORDS}|\w+ь)\b{_NOON}?"),
        ("clock", rf"\b(?P<hour>\d{{1,2}}|{_HOUR_WORDS})\s+час(?:а|ов|ам|у)?\b(?!\s+назад){_NOON}?"),
        ("clock", rf"\b(?P<hour>\d{{1,2}}|{_HOUR_WORDS}){_NOON}"),
        ("clock", r"\b(?P<hour>полдень|полночь|полудня|полуночи)\b"),
        ("part", rf"\b(?P<part>{_PART})\b"),
    ),
    months={
        "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "мае": 5, "июн": 6, "июл": 7, "авг": 8,
        "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
    },
    weekdays={"пон": 0, "вто": 1, "сре": 2, "чет": 3, "пят": 4, "суб": 5, "вос": 6},
    days={"сегодня": 0, "вчера": -1, "накануне": -1, "позавчера": -2, "завтра": 1, "послезавтра": 2},
    parts={
        "утром": (5, 12), "утра": (5, 12), "ранним утром": (4, 8), "днем": (12, 18), "днём": (12, 18),
        "вечером": (17, 23), "вечера": (17, 23), "поздним вечером": (20, 24), "ночью": (0, 6),
        "на рассвете": (4, 8), "на закате": (17, 22),
    },
    numbers=_NUMBERS,
    turns={"прошл": -1, "минувш": -1, "следующ": 1, "будущ": 1, "ближайш": 1},
    units={
        "минут": timedelta(minutes=1), "час": timedelta(hours=1), "ден": timedelta(days=1),
        "дн": timedelta(days=1), "недел": timedelta(days=7), "месяц": timedelta(days=30),
        "год": timedelta(days=365), "лет": timedelta(days=365),
    },
    after_noon=re.compile(r"(?i)дня|вечера"),
    before_noon=re.compile(r"(?i)утра|ночи"),
    joins=re.compile(
        r"(?i)\s*,?\s*(?:(?:в|во|около|примерно|рано|поздно|на|с|до|по местному времени"
        r"|по московскому времени)\s+)*"
    ),
    forward=re.compile(r"(?i)\b(?:буд[уе]\w*|завтра|планиру\w+|намерен\w*|состо[яи]тся|должн\w+)\b"),
    bounds=(
        (re.compile(r"(?i)\b(?:около|примерно в|примерно|приблизительно)\s+$"), "about"),
        (re.compile(r"(?i)\b(?:до)\s+$"), "until"),
        (re.compile(r"(?i)\b(?:к)\s+$"), "before"),
        (re.compile(r"(?i)\b(?:после)\s+$"), "after"),
        (re.compile(r"(?i)\b(?:с|со|начиная с)\s+$"), "since"),
    ),
)  # fmt: skip
