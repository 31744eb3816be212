"""What people type to find something: all these words, these phrases, and not those; and the words found.

Texts are compared in their normal form (`normal_form`), so that case, accents left out at will and the dress
of quotation marks do not matter. A word is found inside longer ones too: «Бортников» finds «Бортникова».
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from monitor.core.normal_form import Normalised, Span, normalise
from monitor.errors import QueryError

#: Code points of a snippet at most, and of those that lead up to its first word.
LONGEST_SNIPPET, LEAD = 240, 60
#: Snippets of one thing at most.
MOST_SNIPPETS = 3
#: Places of one word that are looked at in one text.
_MOST_PLACES = 50

_QUOTES = '"“”„‟«»'
_PIECE = re.compile(
    rf"(?P<minus>-?)(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}]?)|(?P<word>[^\s{_QUOTES}]*))"
)
_REMEDY = 'words that must all stand there, "phrases in quotation marks", and -words that must not'


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What must stand in a text, and what must not, all in normal form."""

    wanted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A stretch of a text with the words that were looked for."""

    # Which text of the thing found: "title", "quote"…
    field: str
    # Exactly the field's text from `start` to `end`, in code points.
    text: str
    start: int
    end: int
    # Where the words stand, counted from the start of `text`.
    marks: tuple[Span, ...]


def read_query(written: str) -> Query:
    """What was typed, read. Empty: anything fits. Raises QueryError with the place that cannot be read."""
    wanted: list[str] = []
    refused: list[str] = []
    at = 0
    while at < len(written):
        if written[at].isspace():
            at += 1
            continue
        piece = _PIECE.match(written, at)
        assert piece is not None, "the word may be empty"
        if piece["phrase"] is not None and not piece["closed"]:
            raise _misread(f"the quotation mark at character {piece.end('minus') + 1} is never closed", piece)
        meant = normalise(piece["phrase"] if piece["phrase"] is not None else piece["word"]).strip()
        if not meant:
            what = "the quotation marks hold" if piece["phrase"] is not None else "there stands"
            raise _misread(f"{what} nothing to look for at character {at + 1}", piece)
        (refused if piece["minus"] else wanted).append(meant)
        at = piece.end()
    return Query(wanted=tuple(dict.fromkeys(wanted)), refused=tuple(dict.fromkeys(refused)))


def _misread(why: str, piece: re.Match[str]) -> QueryError:
    return QueryError(f"the query cannot be read: {why}", position=piece.start() + 1, remedy=_REMEDY)


def fits(query: Query, texts: Iterable[str]) -> bool:
    """Does all that is wanted stand in these texts taken together, and nothing that is refused?"""
    # A line break parts the texts: no phrase reaches from one into the next.
    shown = "\n".join(map(normalise, texts))
    return all(word in shown for word in query.wanted) and not any(word in shown for word in query.refused)


def snippets(query: Query, fields: Mapping[str, str], shown: Collection[str] = ()) -> tuple[Snippet, ...]:
    """One stretch of each of the texts to be `shown`, and the fewest more that show the words wanted.

    In the order of the fields, no field twice; at least one, unless all texts are empty. Words that stand in
    none of the texts have no marks.
    """
    found = {name: _snippet(name, text, query.wanted) for name, text in fields.items() if text}
    chosen = {name for name in shown if name in found}
    while len(chosen) < MOST_SNIPPETS:
        left = set(query.wanted).difference(*(found[name][1] for name in chosen))
        best = max(found, key=lambda name: len(found[name][1] & left), default=None)
        if best is None or not found[best][1] & left:
            break
        chosen.add(best)
    return tuple(one for name, (one, _) in found.items() if name in (chosen or list(found)[:1]))


def marked(snippet: Snippet, *, opened: str = "[", closed: str = "]") -> str:
    """The snippet with its words in brackets, readable without colour."""
    pieces, at = [], 0
    for start, end in snippet.marks:
        pieces += [snippet.text[at:start], opened, snippet.text[start:end], closed]
        at = end
    return "".join([*pieces, snippet.text[at:]])


def _snippet(name: str, text: str, words: Iterable[str]) -> tuple[Snippet, frozenset[str]]:
    """The stretch of a text that shows most of the words, the first of several, and which words those are."""
    normal = Normalised(text)
    places = [(*normal.stored_span(*place), word) for word in words for place in _places(normal.text, word)]
    places.sort()
    start, end = _window(text, 0)
    shown: frozenset[str] = frozenset()
    for first, _, _ in places:
        tried = _window(text, max(0, first - LEAD))
        inside = frozenset(word for at, until, word in places if tried[0] <= at and until <= tried[1])
        if len(inside) > len(shown):
            (start, end), shown = tried, inside
    marks = _joined((at - start, until - start) for at, until, _ in places if start <= at and until <= end)
    return Snippet(field=name, text=text[start:end], start=start, end=end, marks=marks), shown


def _places(text: str, word: str) -> Iterable[Span]:
    at = text.find(word)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at, at + len(word)
        at = text.find(word, at + len(word))


def _window(text: str, start: int) -> Span:
    """Up to `LONGEST_SNIPPET` code points from about here on, cut between words where there are any."""
    if len(text) <= LONGEST_SNIPPET:
        return 0, len(text)
    start = max(0, min(start, len(text) - LONGEST_SNIPPET))
    if start and (space := re.search(r"\s", text[start - 1 : start + LEAD // 2])):
        start += space.end() - 1
    end = min(len(text), start + LONGEST_SNIPPET)
    if end < len(text) and (cut := re.search(r"\s\S*$", text[end - LEAD : end + 1])):
        end = end - LEAD + cut.start()
    return start, end


def _joined(marks: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order; those that overlap are one."""
    joined: list[Span] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)
