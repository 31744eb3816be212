"""Where quotation marks open and close in an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CLOSING = {"“": "”", "«": "»", "„": "“”", '"': '"', "‘": "’", "'": "'", "”": "”", "‟": "”"}
_MARK = re.compile(f"[{''.join(_CLOSING)}]")
_SINGLE = {"‘", "'"}
# Two single marks for a double one: "''It is not small,'' she said."
_TWICE = "''"
# A quotation longer than this lost its closing mark.
_MAX_CHARS = 3_000
# A stop before an opening mark; not that of "Mr." or an initial.
_STOP = re.compile(r"(?:\w{3,}|\d|[)”’»\"'])[.!?…][”’»\"']?\s+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words between marks; offsets into the field, marks left out."""

    start: int
    end: int
    # The closing mark is missing: the speaker goes on in the next paragraph.
    runs_on: bool = False


def quotations(text: str) -> tuple[Quotation, ...]:
    """The outermost quotations in order. Marks pair within one line; a line may end inside one."""
    found: list[Quotation] = []
    offset = 0
    for line in text.split("\n"):
        found.extend(_of_line(line, offset))
        offset += len(line) + 1
    return tuple(found)


def split_before_speech(
    text: str, spans: Sequence[tuple[int, int]], quotes: Sequence[Quotation]
) -> Iterator[tuple[int, int]]:
    """The sentences, cut where one ends and words between marks begin: 'He shrugged. “It was dark,” he
    said.'
    """
    for start, end in spans:
        at = start
        for quote in quotes:
            mark = quote.start - 1
            if at < mark < end and _STOP.search(text, at, mark):
                begin = len(text[:mark].rstrip())
                yield at, begin
                at = mark
        yield at, end


def _of_line(line: str, offset: int) -> list[Quotation]:
    found, at = [], 0
    while (next_mark := _MARK.search(line, at)) is not None:
        at, mark = next_mark.start(), next_mark.group()
        if not _opens(line, at):
            at += 1
            continue
        twice = line.find(_TWICE, at + 2) if line.startswith(_TWICE, at) else -1
        if twice > 0:
            found.append(_trimmed(line, at + 2, twice, offset, runs_on=False))
            at = twice + 2
            continue
        end = _closing(line, at)
        if end is None:
            if mark not in _SINGLE and len(line) - at <= _MAX_CHARS and line[at + 1 :].strip():
                found.append(_trimmed(line, at + 1, len(line), offset, runs_on=True))
            if mark in _SINGLE:
                at += 1
                continue
            break
        if line[at + 1 : end].strip():
            found.append(_trimmed(line, at + 1, end, offset, runs_on=False))
        at = end + 1
    return found


def _trimmed(line: str, start: int, end: int, offset: int, *, runs_on: bool) -> Quotation:
    while end > start and line[end - 1] in " \t,;:":
        end -= 1
    while start < end and line[start] in " \t…":
        start += 1
    return Quotation(start=offset + start, end=offset + end, runs_on=runs_on)


def _opens(line: str, at: int) -> bool:
    mark = line[at]
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    if mark in {"«", "„"}:
        return True
    if mark in {"“", "‟"}:
        return bool(after.strip())
    if not after.strip():
        return False
    return not before or not (before.isalnum() or before in ".,!?")


def _closing(line: str, at: int) -> int | None:
    mark = line[at]
    if mark == '"' and (end := _mixed(line, at, "”")) is not None:
        return end
    depth = 1
    for i in range(at + 1, min(len(line), at + _MAX_CHARS)):
        char = line[i]
        if char in _CLOSING[mark] or (char == mark == "“" and depth == 1 and _stands_behind(line, i)):
            if mark in _SINGLE and not _closes_single(line, i):
                continue
            depth -= 1
            if depth == 0:
                return i
        elif char == mark and mark in {"“", "«"}:
            depth += 1
    return _mixed(line, at, '"') if mark == "“" else None


def _mixed(line: str, at: int, closing: str) -> int | None:
    """Where a closing mark of another kind ends it: '"It is over,” she said', '“It is over," she said'."""
    end = line.find(closing, at + 1, at + _MAX_CHARS)
    opened = re.search('["“]', line[at + 1 : max(end, at + 1)])
    return end if end > 0 and opened is None and _stands_behind(line, end) else None


def _stands_behind(line: str, at: int) -> bool:
    """Whether a mark touches the word before it and not the one after it."""
    return not line[at - 1].isspace() and not line[at + 1 : at + 2].isalnum()


def _closes_single(line: str, at: int) -> bool:
    """Told from an apostrophe by what stands around it."""
    before, after = line[at - 1], line[at + 1 : at + 2]
    if after.isalnum():
        return False
    # "the workers' union": a plural's apostrophe, unless a stop or comma says otherwise.
    return not (
        before == "s" and after == " " and line[at + 2 : at + 3].islower() and "," not in line[at - 2 : at]
    )
