"""Text as matching sees it: one normal form, the way back to the stored text, words and sentences.

The normal form is NFKC and case folding, with ё as е, typographic apostrophes and hyphens as plain ones,
invisible characters (soft hyphen, zero width, direction marks) removed and white space folded to one space;
and without what writers leave out at will: the dot of i, Greek accents, Arabic vowels, Cyrillic stress marks.
Every span that leaves this package lies in the stored text, so a `Normalised` can map back.

Touching text is what costs in Python: the hot path asks `in` and calls `.replace`, never `str.translate`
(ten times slower on text that is not ASCII), and the way back is worked out only for text that needs it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from nupunkt import sent_spans

#: A stretch of text: start and end, half-open, in code points.
Span = tuple[int, int]

# Soft hyphen, combining grapheme joiner, Arabic letter mark, zero width, direction marks, word joiner, BOM.
_INVISIBLE = "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_INVISIBLE += "\u2066\u2067\u2068\u2069"
# Right and left single quotes, reversed quote, modifier letter apostrophe and turned comma (Uzbek),
# prime, acute and grave accent typed for one.
_APOSTROPHES = "\u2019\u2018\u201b\u02bc\u02bb\u2032\u00b4`"
_HYPHENS = "\u2010\u2011"
_WHITE = "\n\t\r\v\f\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"

# Characters whose normal form is one character, whatever stands before them: most of any news text.
_PLAIN = r"!-~«»–—“”‘’À-ÖØ-Þà-öø-ÿЀ-ѯ"
_PLAIN_RUN = re.compile(f"[{_PLAIN}]+(?: [{_PLAIN}]+)*")

# Scripts that write no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Vowel and doubling marks, and the stretch that only justifies a line.
_ARABIC_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"
# Greek in capitals has no accents.
_GREEK_ACCENTS = dict(zip("άέήίόύώΐΰ", "αεηιουωϊϋ", strict=True))
# Acute and grave upon a Cyrillic letter mark the stress; what composes with its letter (й, ќ) is no stress.
_CYRILLIC_STRESS = re.compile("(?<=[\u0400-\u04ff])[\u0300\u0301]+")

# "and", "so", "in", "as", "to" are written on to the next word in Arabic; Hebrew does the same.
_CLITICS = {"\u0600": "وفبكل", "\u0590": "והבלמשכ"}
# Those that may stand before another one.
_CONJUNCTIONS = "وفוש"
# Particles are written on to the word before them in Korean, of whatever script: case, then topic or stress.
_PARTICLES = re.compile(
    "(?:(?:에서|에게|에게서|한테|께서|으로|로|에|까지|부터|보다|처럼|이나|나|와|과)(?:은|는|도|만|의)?"
    "|은|는|이|가|을|를|의|도|만|이다|이라고|라고|이라는|라는)(?!\\w)"
)
# Signs that stack the next letter under this one: Khmer and Burmese.
_STACKERS = "\u17d2\u1039"

_DOTTED_I = re.compile("i\u0307+")
# A second diaeresis would make the е a ё again.
_YO_WITH_MARKS = re.compile("[ёЁ][\u0300-\u036f]+")

# Normalising takes quadratic time in the marks upon one letter: no script needs more than a few
# (UAX #15 lets processes stop at 30), and a flood of them must not hold up a worker.
_MOST_MARKS = 64
_MARK_RUN = re.compile(rf"[^\w\x00-\x7f]{{{_MOST_MARKS + 1},}}")

_WORD = re.compile(rf"{_NO_SPACES.pattern}|\w+")
_PARAGRAPH = re.compile("[^\n\r\u2028\u2029]+")


# ---------------------------------------------------------------- the normal form


def normalise(text: str) -> str:
    """The normal form of a text; applying it twice changes nothing more."""
    return _normalise(text, fold_case=True)


def normalise_keeping_case(text: str) -> str:
    """The normal form with capitals kept: what aliases with exact case are compared in."""
    return _normalise(text, fold_case=False)


def _normalise(text: str, *, fold_case: bool) -> str:
    if text.isascii():
        return _fold_white((text.lower() if fold_case else text).replace("`", "'"))
    text = _replace_each(text, _INVISIBLE, "")
    text = _replace_each(text, _APOSTROPHES, "'")
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
    text = _fold_letters(text)
    text = _replace_each(text, _HYPHENS, "-")
    return _fold_white(text)


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
    text = _replace_each(text, _WHITE, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


# ---------------------------------------------------------------- the way back


class Normalised:
    """A stored text with its normal form, and the way from the second back to the first."""

    __slots__ = ("_direct", "_pieces", "stored", "text")

    def __init__(self, stored: str) -> None:
        self.stored = stored
        self.text = normalise(stored)
        # ASCII of unchanged length has lost nothing: every place is its own.
        self._direct = stored.isascii() and len(stored) == len(self.text)
        self._pieces: tuple[list[int], list[int], list[bool]] | None = None

    def stored_span(self, start: int, end: int) -> Span:
        """Where a non-empty stretch of the normal form stands in the stored text.

        A character of the stored text is never cut: half a ligature is the whole ligature.
        """
        if self._direct:
            return start, end
        if self._pieces is None:
            self._pieces = _pieces_of(self.stored)
        normal, stored, plain = self._pieces
        first = bisect_right(normal, start) - 1
        last = bisect_right(normal, end - 1) - 1
        return (
            stored[first] + (start - normal[first] if plain[first] else 0),
            stored[last] + (end - normal[last]) if plain[last] else stored[last + 1],
        )


def _pieces_of(stored: str) -> tuple[list[int], list[int], list[bool]]:
    """Where each piece starts in the normal form and in the stored text, and at last where both end.

    Pieces are normalised each on its own with the same outcome as the whole text.
    The third list says which are plain: each character stands for itself.
    """
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


# ---------------------------------------------------------------- words


def is_word_character(character: str) -> bool:
    """A letter, a digit, or a mark that sits on one, of any script."""
    return character.isalnum() or (not character.isascii() and _is_mark(character))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Does the stretch of normal form neither begin nor end inside a word?"""
    return starts_word(text, start) and ends_word(text, end)


def starts_word(text: str, start: int) -> bool:
    """May a word begin here? Also after an Arabic or Hebrew clitic, and a conjunction before that one."""
    if _is_boundary(text, start):
        return True
    if not any(
        text[start - 1] in clitics and block <= text[start] < chr(ord(block) + 0x100)
        for block, clitics in _CLITICS.items()
    ):
        return False
    if _is_boundary(text, start - 1):
        return True
    return text[start - 2] in _CONJUNCTIONS and _is_boundary(text, start - 2)


def ends_word(text: str, end: int) -> bool:
    """May a word end here? Also before a Korean particle."""
    if _is_boundary(text, end):
        return True
    return "\uac00" <= text[end] <= "\ud7a3" and _PARTICLES.match(text, end) is not None


def _is_boundary(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if not is_word_character(before) or not is_word_character(after):
        return True
    if before < "\u0e00" and after < "\u0e00":
        return False
    # A letter is never cut from its vowel signs, nor from the one stacked under it.
    if before in _STACKERS or _is_mark(after):
        return False
    return bool(_NO_SPACES.match(before) or _NO_SPACES.match(after))


def word_end(text: str, at: int) -> int:
    """Where the word that goes on at this place ends; the place itself where none does."""
    while at < len(text) and not _is_boundary(text, at):
        at += 1
    return at


def word_starts(text: str) -> tuple[int, ...]:
    """Where each word starts; each character is a word in scripts that write no spaces."""
    starts = tuple(word.start() for word in _WORD.finditer(text))
    if text.isascii():
        return starts
    return tuple(at for at in starts if not _goes_on(text, at))


def _goes_on(text: str, at: int) -> bool:
    """Is this no new word? To `re` signs upon letters are no letters, and would cut a Hindi word."""
    before = text[at - 1] if at else " "
    if before >= "\u0300" and _is_mark(before) and not _NO_SPACES.match(before):
        return not _NO_SPACES.match(text, at)
    return _is_mark(text[at])


# ---------------------------------------------------------------- sentences


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The sentences of a stored text, in order, without the white space around them.

    A line break always ends one, as paragraphs of news do. Empty where the text is blank.
    Boundaries inside a line are nupunkt's, which knows abbreviations and initials.
    """
    spans: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        offset = paragraph.start()
        line = paragraph.group()
        for start, end in sent_spans(line):
            sentence = line[start:end]
            left = offset + start + len(sentence) - len(sentence.lstrip())
            right = offset + start + len(sentence.rstrip())
            if left < right:
                spans.append((left, right))
    return tuple(spans)
