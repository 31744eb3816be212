"""Where somebody is quoted in a Russian text: words between marks and after dashes, without the author's.

«Мы знали, — сказал он. — Все знали» is two quotations with the author's words between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.claims.quotes import Quotation, quotations
from monitor.core.claims.russian.cues import CUE

# ", — сказал он. — ", "! — воскликнул он, — "; at the end of a line of dialogue also ", — сказал он."
_AUTHOR = re.compile(
    r"(?<=[,.!?…])[»”\"]?\s[—–-]\s(?P<words>[а-яё](?:[^«»„“”\"—–]|«[^«»—–]{1,60}»){2,140}?)(?:(?P<on>[.,;:]\s[—–-]\s)|[.!?]?\s*$)"
)
_DIALOGUE = re.compile(r"^\s*[—–-]\s+(?=\S)")
# "— Печать в сейфе, — сердится Гуляев. — Спросите сторожа": no verb of saying, but who does it.
_DOES = re.compile(r"^[а-яё]+(?:ла?|ло|ли|[её]т|ит|[уюая]т)(?:с[яь])? (?:он|она|они|[А-ЯЁ])")
_EDGES = " \t,;:—–-"


def spoken(text: str) -> tuple[Quotation, ...]:
    """The outermost quotations in order, each without the words of the author inside it."""
    found: list[Quotation] = []
    for q in quotations(text):
        found += _without_author(text, q)
    found += [q for line in _dialogue(text) for q in line if not any(_overlap(q, other) for other in found)]
    return tuple(sorted(found, key=lambda q: q.start))


def _without_author(text: str, q: Quotation) -> Iterator[Quotation]:
    words = text[q.start : q.end]
    at, cut = 0, False
    for match in _AUTHOR.finditer(words):
        if not match["on"] and not q.runs_on:
            continue
        if match["on"] is None and not CUE.search(match["words"]):
            continue
        yield from _trimmed(words, at, match.start(), q)
        at, cut = match.end(), True
    if at < len(words):
        if cut:
            yield from _trimmed(words, at, len(words), q)
        else:
            yield q


def _trimmed(words: str, start: int, end: int, q: Quotation) -> Iterator[Quotation]:
    while end > start and words[end - 1] in _EDGES:
        end -= 1
    while start < end and words[start] in _EDGES:
        start += 1
    if start < end:
        yield Quotation(start=q.start + start, end=q.start + end, runs_on=q.runs_on)


def _dialogue(text: str) -> Iterator[list[Quotation]]:
    """Lines that begin with a dash and name their speaker: "— Мы знали, — сказал он."."""
    offset = 0
    for line in text.split("\n"):
        opened = _DIALOGUE.match(line)
        if opened and any(_tells_who(m) for m in _AUTHOR.finditer(line)):
            whole = Quotation(start=offset + opened.end(), end=offset + len(line), runs_on=True)
            yield [q for q in _without_author(text, whole) if q.end > q.start]
        offset += len(line) + 1


def _tells_who(author: re.Match[str]) -> bool:
    return bool(CUE.search(author["words"]) or (author["on"] and _DOES.match(author["words"])))


def _overlap(a: Quotation, b: Quotation) -> bool:
    return a.start < b.end and b.start < a.end
