"""Text from strangers, made safe to show: what a feed wrote must never steer a terminal or a log viewer.

Taken out: whole escape sequences (ECMA-48 CSI, OSC, DCS and the two-letter ones, 7 and 8 bit), every
other control character (C0, DEL, C1), and the Unicode characters that reorder or hide what is read
(bidirectional embeddings, overrides and isolates; Unicode TR 36 §3.5; interlinear and tag characters).
Joiners stay: Persian and many Indian words need them.
"""

from __future__ import annotations

import re

_SEQUENCES = re.compile(
    # OSC, DCS, SOS, PM, APC: up to their terminator, or to the end of the line where it is missing
    "(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\\\|\x9c)?"
    # CSI: parameters, intermediates, one final
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"
    # the others: intermediates, one final
    "|\x1b[ -/]*[0-~]?"
)

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_REORDERING = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
_HIDDEN = "\ufff9-\ufffb\ufeff\ud800-\udfff\U000e0000-\U000e007f"
_UNSAFE_CHARACTERS = re.compile(f"[{_CONTROLS}{_REORDERING}{_HIDDEN}]")
_SPACES = re.compile(r"\s+")


def clean_block(text: str) -> str:
    """The text without anything that a terminal obeys; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return _UNSAFE_CHARACTERS.sub("", _SEQUENCES.sub("", text))


def clean(text: str) -> str:
    """The text as one line that is safe to show: as `clean_block`, with white space folded and trimmed."""
    if text.isprintable():  # nearly all is: no white space but spaces, and nothing of what is taken out
        return " ".join(text.split())
    return _SPACES.sub(" ", clean_block(text.replace("\r", " "))).strip()


def escape_json(document: str) -> str:
    """A JSON document, its unsafe characters written as \\uXXXX: the same value, safe to show.

    Expects what `json.dumps` gives: no line breaks or tabs outside strings, none raw inside.
    """
    return _UNSAFE_CHARACTERS.sub(_as_escape, document)


def _as_escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
