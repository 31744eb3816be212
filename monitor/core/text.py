"""Text as matching sees it: the normal form with its way back (`normal_form`), words and sentences."""

from __future__ import annotations

import re
import unicodedata

from nupunkt import sent_spans

from monitor.core.normal_form import Normalised, Span, normalise, normalise_keeping_case, uncommon

__all__ = [
    "Normalised",
    "Span",
    "ends_word",
    "is_whole_word",
    "is_word_character",
    "normalise",
    "normalise_keeping_case",
    "paragraph_break",
    "sentence_spans",
    "set_apart",
    "starts_word",
    "word_end",
    "word_starts",
]

# Scripts that write no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_NO_SPACES = re.compile(f"[{_SPACELESS}]")
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

# The ASCII characters that words are made of, and the others.
_LETTERS = frozenset(character for character in map(chr, range(128)) if character.isalnum())
_SIGNS = frozenset(map(chr, range(128))) - _LETTERS

_ASCII_WORD = re.compile(r"\w+")
# A word of letters ends before a sign that is a word by itself.
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")
_PARAGRAPH = re.compile("[^\n\r\u2028\u2029]+")


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
    if text[start] < "\u0590" or not any(
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
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    # Sets of ASCII first: they settle most places, and this runs for everything that a scan finds.
    if before in _SIGNS or after in _SIGNS:
        return True
    if before in _LETTERS and after in _LETTERS:
        return False
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
    if text.isascii():
        return tuple(word.start() for word in _ASCII_WORD.finditer(text))
    return tuple(at for word in _WORD.finditer(text) if not _goes_on(text, at := word.start()))


def _goes_on(text: str, at: int) -> bool:
    """Is this no new word? To `re` signs upon letters are no letters, and would cut a Hindi word."""
    before = text[at - 1] if at else " "
    if before >= "\u0300" and _is_mark(before) and not _NO_SPACES.match(before):
        return not _NO_SPACES.match(text, at)
    return _is_mark(text[at])


# ---------------------------------------------------------------- words set apart

# Letters next to which a word may begin or end though another letter stands there.
_CLOSE = re.compile(f"{_NO_SPACES.pattern}|[\u0590-\u06ff\uac00-\ud7a3]")
# For bytes of UTF-8: a space for each sign of ASCII.
_SIGNS_TO_SPACES = bytes(ord(" ") if byte < 128 and not chr(byte).isalnum() else byte for byte in range(256))


class _Apart(dict[int, str]):
    """What stands for a character where words are set apart, found out when it is first asked for."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if not is_word_character(character):
            apart = " "
        else:
            apart = f" {character} " if _CLOSE.match(character) else character
        self[code] = apart
        return apart


_APART = _Apart()


def set_apart(normal: str) -> str:
    """The words of a normal form with a space on either side of each; every sign is a space.

    What stands in a text as a whole word is then also found by its letters with their spaces, and nothing
    inside another word is. Each character keeps its place, plus one; only where the text has scripts without
    spaces, or with words written on to others, the letters of these stand alone and it gets longer.
    """
    spaced = normal.encode("utf-8", "surrogatepass").translate(_SIGNS_TO_SPACES)
    apart = spaced.decode("utf-8", "surrogatepass")
    if not normal.isascii():
        for character in uncommon(normal):
            alone = _APART[ord(character)]
            if len(alone) > 1:
                apart = normal.translate(_APART)
                break
            if alone != character:
                apart = apart.replace(character, alone)
    return f" {apart} "


# ---------------------------------------------------------------- sentences


def paragraph_break(text: str) -> str:
    """What parts the paragraphs of this text: blank lines where it has any, else the ends of lines."""
    return "\n\n" if "\n\n" in text else "\n"


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
