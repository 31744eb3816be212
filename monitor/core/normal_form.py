"""One normal form for all texts that are compared, and the way back to the stored text.

The normal form is NFKC and case folding, with ё as е, typographic apostrophes, quotation marks and hyphens
as plain ones, dashes as ~ (they are no hyphens), invisible characters (soft hyphen, zero width, direction
marks) removed and white space folded to one space; and without what writers leave out at will: the dot of
i, Greek accents, Arabic vowels, Cyrillic stress marks.
Every span that leaves the core lies in the stored text, so a `Normalised` can map back.

Touching text is what costs in Python. An article has four thousand characters but only a few different
ones beyond ASCII, so the hot path looks at each of those once and calls `str.replace` for those that change;
then most English texts are ASCII, which is the cheapest to fold and to scan.
The way back is worked out only for texts that need it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

#: A stretch of text: start and end, half-open, in code points.
Span = tuple[int, int]

# Soft hyphen, combining grapheme joiner, Arabic letter mark, zero width, direction marks, word joiner, BOM.
_INVISIBLE = "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_INVISIBLE += "\u2066\u2067\u2068\u2069"
# What typesetters use for a sign of the keyboard; accents, primes and modifier letters are typed for an
# apostrophe. Dashes have no sign of their own there, and a hyphen would join what they part.
_TYPOGRAPHIC = {"'": "‘’‚‛‹›ʼʻ′´`", '"': "“”„‟«»", "-": "‐‑", "~": "‒–—―"}
_WHITE = "\n\t\r\v\f\x1c\x1d\x1e\x1f"
# White space that NFKC leaves alone, and all of it.
_STUBBORN_WHITE = "\x85\u1680\u2028\u2029"
_ALL_WHITE = (
    _WHITE + _STUBBORN_WHITE + "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
_ALL_WHITE += "\u202f\u205f\u3000"
_SPACES = re.compile("  +")
# Without Ё, which is Е here.
_PLAIN_CYRILLIC = re.compile("[А-ЯІЇЄҐЎа-яіїєґў]+")
_ASCII = bytes(range(128))
# The normal form of each ASCII character, by its code.
_ASCII_FOLDED = (
    bytes(range(256)).lower().translate(bytes.maketrans(f"`{_WHITE}".encode(), b"'" + b" " * len(_WHITE)))
)

# Characters whose normal form is one character, whatever stands before them: most of any news text.
_PLAIN = r"!-~«»–—“”‘’À-ÖØ-Þà-öø-ÿЀ-ѯ"
_PLAIN_RUN = re.compile(f"[{_PLAIN}]+(?: [{_PLAIN}]+)*")

# Vowel and doubling marks, and the stretch that only justifies a line.
_ARABIC_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"
# Greek in capitals has no accents.
_GREEK_ACCENTS = dict(zip("άέήίόύώΐΰ", "αεηιουωϊϋ", strict=True))
# Acute and grave upon a Cyrillic letter mark the stress; what composes with its letter (й, ќ) is no stress.
_CYRILLIC_STRESS = re.compile("(?<=[\u0400-\u04ff])[\u0300\u0301]+")

_DOTTED_I = re.compile("i\u0307+")
# A second diaeresis would make the е a ё again.
_YO_WITH_MARKS = re.compile("[ёЁ][\u0300-\u036f]+")

# Normalising takes quadratic time in the marks upon one letter: no script needs more than a few
# (UAX #15 lets processes stop at 30), and a flood of them must not hold up a worker.
_MOST_MARKS = 64
_MARK_RUN = re.compile(rf"[^\w\x00-\x7f]{{{_MOST_MARKS + 1},}}")


# ---------------------------------------------------------------- the normal form


def normalise(text: str) -> str:
    """The normal form of a text; applying it twice changes nothing more."""
    return _fold(text)[0]


def normalise_keeping_case(text: str) -> str:
    """The normal form with capitals kept: what aliases with exact case are compared in."""
    return _fold_white(_plain_signs(text) if text.isascii() else _thoroughly(text, fold_case=False))


def _fold(text: str) -> tuple[str, str | None]:
    """The normal form, and the characters that become several there.

    None instead of the characters: what the others become depends on their neighbours, or some vanish.
    """
    folded, grown, vanished = text, "", False
    for character in () if text.isascii() else uncommon(text):
        alone = _alone(character)
        if alone is None:
            return _fold_white(_thoroughly(text, fold_case=True)), None
        if alone != character:
            folded = folded.replace(character, alone)
            vanished = vanished or not alone
            grown += character if len(alone) > 1 else ""
    if folded.isascii():
        folded = _fold_spaces(folded.encode().translate(_ASCII_FOLDED).decode())
    else:
        folded = _fold_white(folded.casefold().replace("`", "'"))
    return folded, None if vanished else grown


def uncommon(text: str) -> set[str]:
    """The different characters beyond ASCII and the plain letters of Cyrillic, which fold by themselves.

    By way of bytes: ten times faster than looking at each.
    """
    encoded = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return set(_PLAIN_CYRILLIC.sub("", encoded.decode("utf-8", "surrogatepass")))


@lru_cache(maxsize=16_384)
def _alone(character: str) -> str | None:
    """What to write for a character before the case of the text is folded; None where neighbours matter."""
    if character in _INVISIBLE:
        return ""
    if _joins(character):
        return None
    normal = _thoroughly(character, fold_case=True)
    # Folding would take what is composed apart again; a space that comes of a letter may meet another.
    if normal.casefold() != normal or (" " in normal and character not in _ALL_WHITE):
        return None
    return character if len(normal) == 1 and normal == character.casefold() else normal


def _thoroughly(text: str, *, fold_case: bool) -> str:
    """The normal form but for its white space, of any text."""
    text = _replace_each(text, _INVISIBLE, "")
    text = _replace_each(text, _STUBBORN_WHITE, " ")
    text = _plain_signs(text)
    # A longer run of marks has one of them at some multiple of its length.
    if any(map(unicodedata.combining, text[::_MOST_MARKS])):
        text = _MARK_RUN.sub(_cut_marks, text)
    text = _compose(text)
    # Abroad ı is written i, and a capital I does not say which it is.
    text = text.replace("ı", "i")
    if fold_case:
        text = text.casefold()
        # Case folding leaves the Turkish İ as i with a dot above.
        if "i\u0307" in text:
            text = _DOTTED_I.sub("i", text)
        text = _compose(text)
    # Again, as some signs stand inside others: ŉ, ﹘.
    text = _plain_signs(_fold_letters(text))
    # A vowel sign that is gone may have kept the dot from its i.
    return _thoroughly(text, fold_case=True) if fold_case and "i\u0307" in text else text


def _plain_signs(text: str) -> str:
    for plain, signs in _TYPOGRAPHIC.items():
        text = _replace_each(text, signs, plain)
    return text


def _fold_letters(text: str) -> str:
    """Without the marks that writers set or leave out at will."""
    folded = _replace_each(text, _ARABIC_MARKS, "")
    for accented, plain in _GREEK_ACCENTS.items():
        if accented in folded:
            folded = folded.replace(accented, plain)
    if "\u0308" in folded:
        folded = _YO_WITH_MARKS.sub(lambda found: found[0].replace("\u0308", ""), folded)
    folded = folded.replace("ё", "е").replace("Ё", "Е")
    if "\u0301" in folded or "\u0300" in folded:
        folded = _CYRILLIC_STRESS.sub("", folded)
    # A mark that is gone may have kept another one from its letter; each round takes one away.
    return text if folded == text else _fold_letters(_compose(folded))


def _cut_marks(found: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _compose(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _replace_each(text: str, characters: str, replacement: str) -> str:
    for character in characters:
        if character in text:
            text = text.replace(character, replacement)
    return text


def _fold_white(text: str) -> str:
    """White space folded to one space, also at the edges; what is not ASCII has become spaces before."""
    return _fold_spaces(_replace_each(text, _WHITE, " "))


def _fold_spaces(text: str) -> str:
    pieces = text.split("  ")
    if len(pieces) == 1:
        return text
    first, *between, last = pieces
    return " ".join([first, *filter(None, map(str.lstrip, between)), last.lstrip()])


# ---------------------------------------------------------------- the way back


class Normalised:
    """A stored text with its normal form, and the way from the second back to the first."""

    __slots__ = ("_direct", "_grown", "_pieces", "stored", "text")

    def __init__(self, stored: str) -> None:
        self.stored = stored
        self.text, self._grown = _fold(stored)
        # Each character stands for itself, and no white space was folded: every place is its own.
        self._direct = self._grown == "" and len(stored) == len(self.text)
        self._pieces: Pieces | None = None

    def stored_span(self, start: int, end: int) -> Span:
        """Where a non-empty stretch of the normal form stands in the stored text.

        A character of the stored text is never cut: half a ligature is the whole ligature.
        """
        if self._direct:
            return start, end
        if self._pieces is None:
            self._pieces = (
                _pieces_of(self.stored) if self._grown is None else _pieces_between(self.stored, self._grown)
            )
        normal, stored, plain = self._pieces
        first = bisect_right(normal, start) - 1
        if plain[first] and end <= normal[first + 1]:
            shift = stored[first] - normal[first]
            return start + shift, end + shift
        last = bisect_right(normal, end - 1) - 1
        return (
            stored[first] + (start - normal[first] if plain[first] else 0),
            stored[last] + (end - normal[last]) if plain[last] else stored[last + 1],
        )


#: Where each piece starts in the normal form and in the stored text, and at last where both end.
#: The third list says which are plain: each character stands for itself.
Pieces = tuple[list[int], list[int], list[bool]]


def _pieces_between(stored: str, grown: str) -> Pieces:
    """The pieces of a text in which only runs of white space and `grown` change the length."""
    white = _replace_each(stored, _WHITE if stored.isascii() else _ALL_WHITE, " ")
    cuts = [(start, end, 1) for start, end in _runs_of_spaces(white)]
    for character in grown:
        length = len(normalise(character))
        cuts += [(at, at + 1, length) for at in _places(stored, character)]
    normal_starts: list[int] = []
    stored_starts: list[int] = []
    plain: list[bool] = []
    at, length = 0, 0
    for start, end, cut_length in sorted(cuts):
        if at < start:
            normal_starts.append(length)
            stored_starts.append(at)
            plain.append(True)
            length += start - at
        normal_starts.append(length)
        stored_starts.append(start)
        plain.append(False)
        at, length = end, length + cut_length
    normal_starts += [length, length + len(stored) - at]
    stored_starts += [at, len(stored)]
    return normal_starts, stored_starts, [*plain, True]


def _runs_of_spaces(text: str) -> Iterator[Span]:
    return (run.span() for run in _SPACES.finditer(text))


def _places(text: str, character: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)


def _pieces_of(stored: str) -> Pieces:
    """The pieces of any text, each normalised on its own with the same outcome as the whole text."""
    normal_starts: list[int] = []
    stored_starts: list[int] = []
    plain: list[bool] = []
    at, length, ends_white = 0, 0, False
    while at < len(stored):
        end, is_plain = _piece_end(stored, at)
        piece = normalise(stored[at:end])
        if ends_white and piece.startswith(" "):
            piece = piece[1:]
        # A piece that vanishes belongs to its neighbour on the left.
        if piece:
            normal_starts.append(length)
            stored_starts.append(at)
            plain.append(is_plain)
            length += len(piece)
            ends_white = piece.endswith(" ")
        at = end
    normal_starts.append(length)
    stored_starts.append(len(stored))
    return normal_starts, stored_starts, plain


def _piece_end(stored: str, at: int) -> tuple[int, bool]:
    run = _PLAIN_RUN.match(stored, at)
    if run is not None:
        end = run.end()
        if end == len(stored) or not _joins(stored[end]):
            return end, True
        # The last character of the run carries a mark: a piece of its own.
        if end - 1 > at:
            return end - 1, True
    end = at + 1
    white = stored[at].isspace()
    while end < len(stored) and (_joins(stored[end]) or (white and stored[end].isspace())):
        end += 1
    return end, False


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """May this character change, or vanish into, the one before it?"""
    if character in _INVISIBLE or character in _ARABIC_MARKS:
        return True
    first = unicodedata.normalize("NFKD", character)[0]
    # Marks, and the vowels and final consonants of Hangul, compose with what stands before them.
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"
