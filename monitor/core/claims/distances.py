"""How far from somewhere: '12 nautical miles off the cape', 'a mile out'; in metres."""

from __future__ import annotations

import re
from collections.abc import Iterator

_METRES = {
    "nautical mile": 1_852, "mile": 1_609, "kilomet": 1_000, "km": 1_000, "met": 1, "yard": 0.9,
    "километр": 1_000, "км": 1_000, "мил": 1_852, "метр": 1,
}  # fmt: skip
_COUNTS = {
    word: n
    for n, words in enumerate(
        (
            "",
            "a one один одном одной",
            "two два двух",
            "three три трех трёх",
            "four четыре четырех четырёх",
            "five пять пяти",
            "six шесть шести",
            "seven семь семи",
            "eight восемь восьми",
            "nine девять девяти",
            "ten десять десяти",
        )
    )
    for word in words.split()
} | {"half": 0.5, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_AWAY = (
    r"(?:off|from|away|outside|out|(?:to the )?(?:north|south|east|west)\w*|short|"
    r"от|к|севернее|южнее|западнее|восточнее)"
)
_DISTANCE = re.compile(
    rf"(?i)\b(?P<count>\d{{1,4}}(?:[.,]\d+)?|{'|'.join(_COUNTS)})(?:\s+an?)?(?P<hundred>\s+hundred)?\s*"
    r"(?P<unit>nautical miles?|miles?|kilomet(?:re|er)s?|km|met(?:re|er)s?|yards?|километр\w*|км|"
    rf"миль\w*|мил[яьи]|метр\w*)\s+{_AWAY}\b"
)


def distances_in(text: str) -> Iterator[tuple[int, int]]:
    """Where each distance starts in the text, and its metres."""
    for found in _DISTANCE.finditer(text):
        said = found["count"].casefold()
        count = float(said.replace(",", ".")) if said[0].isdigit() else _COUNTS[said]
        unit = found["unit"].casefold()
        length = next(metres for name, metres in _METRES.items() if unit.startswith(name))
        yield found.start(), round(count * length * (100 if found["hundred"] else 1))
