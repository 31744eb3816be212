"""Short names that a text explains itself: 'the Financial Conduct Authority (FCA)'."""

from __future__ import annotations

import re

from monitor.core.wording import word_set

# "ESIB", "КЧС", "PiS"; one in mixed case needs two capitals.
_IN_BRACKETS = re.compile(r"\((?:the )?([^\W\d_][^\W_]{1,9})\)")
_WORD = re.compile(r"[^\W\d_][\w’'\-]*")
# Words of a name that give its short form no letter.
_SMALL = word_set("of the for and on in to de la le les des du d и по в на за с о об при для")
_MOST_WORDS = 9


def acronyms_in(text: str) -> dict[str, str]:
    """Short form → the name before it whose words begin with its letters, as written, without an article.

    Empty: the text explains none. What is in brackets for another reason ("(PARIS)") fits no words.
    """
    found: dict[str, str] = {}
    for bracket in _IN_BRACKETS.finditer(text):
        short = bracket[1]
        if sum(letter.isupper() for letter in short) < 2:
            continue
        line = text.rfind("\n", 0, bracket.start()) + 1
        words = list(_WORD.finditer(text, line, bracket.start()))[-_MOST_WORDS:]
        start = _start(short.casefold(), [w.group().casefold() for w in words])
        if start is not None and text[words[-1].end() : bracket.start()].strip() == "":
            found.setdefault(short, text[words[start].start() : words[-1].end()])
    return found


def _start(letters: str, words: list[str]) -> int | None:
    """The word at which a name with these initials starts; None: the words are no such name."""
    at, left = len(words), list(letters)
    while left and at > 0:
        at -= 1
        # "Минобороны и безопасности", "Anti-Corruption": parts of a word may give letters of their own.
        initials = [part[:1] for part in words[at].split("-") if part]
        if initials == left[-len(initials) :]:
            left = left[: -len(initials)]
        elif words[at][:1] == left[-1]:
            left.pop()
        elif words[at] not in _SMALL:
            return None
    return at if not left and at < len(words) - 1 else None
