"""Simple markup into plain text without a parser of HTML: what nearly all feeds carry.

Taken are texts of which HTML's rules leave no doubt what a parser would make: known tags, blocks that are
closed in the order in which they were opened, ordinary attributes, few kinds of references. All else is
declined, and nh3 reads it. `tests/feeds/test_plain_tags.py` holds both against each other.
"""

from __future__ import annotations

import re

#: They change nothing in the lines of a text.
_INLINE = ("a", "abbr", "b", "cite", "em", "i", "small", "span", "strong", "sub", "sup", "u")
#: They have to be closed in order.
_BLOCKS = ("div", "blockquote", "section", "article", "figure", "ul", "ol")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol")
_LINE, _PARAGRAPH = "\n", "\n\n"

#: A tag as it is written → what it opens or closes (with a slash), and the gap that it makes.
_TAGS = {
    **{f"{slash}{name}": ("", "") for name in _INLINE for slash in ("", "/")},
    # With attributes; without them paragraphs are parted before.
    "p": ("", _PARAGRAPH),
    **{
        f"{slash}{name}": (f"{slash}{name}", _PARAGRAPH)
        for name in _BLOCKS + _HEADINGS
        for slash in ("", "/")
    },
    **{f"{slash}li": (f"{slash}li", _LINE) for slash in ("", "/")},
    **{f"br{end}": ("", _LINE) for end in ("", "/", " /")},
    **{f"hr{end}": ("", _PARAGRAPH) for end in ("", "/", " /")},
}
_WITH_ATTRIBUTES = re.compile(
    r"([a-z][a-z0-9]{0,9})(?: +[a-z-]{1,40}=(?:\"[^\"<>&]{0,2000}\"|'[^'<>&]{0,2000}')){1,20} ?(/?)"
)
#: What HTML and `html.unescape` read alike, and what is no white space: the spaces are nh3's to judge.
_ODD_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|nbsp|[lr][sd]quo|[nm]dash|hellip|#39|#821[1267]|#822[01]|#8230);|[ ])"
)


def lines_of(flat: str) -> str | None:
    """The text of markup without line ends and control characters, references unread; None: declined."""
    if "&" in flat and _ODD_REFERENCE.search(flat):
        return None
    # Wherever a paragraph begins or ends, or HTML ends it unasked, there is a gap already.
    parts = flat.replace("</p>", "<p>").split("<p>")
    text = _PARAGRAPH.join([bare for part in parts if (bare := part.strip())])
    if "<" not in text:
        return text
    opened = [""]
    paragraphs = [_paragraph(part, opened) if "<" in part else part.strip() for part in parts]
    return None if None in paragraphs else _PARAGRAPH.join(filter(None, paragraphs))


def _paragraph(part: str, opened: list[str]) -> str | None:
    """The lines between two tags of paragraphs; None: declined. `opened` is kept up to date."""
    line, *pieces = part.split("<")
    texts: list[str] = []
    gap = ""
    for piece in pieces:
        tag, end, text = piece.partition(">")
        known = _TAGS.get(tag) or _with_attributes(tag)
        if known is None or not end:
            return None
        name, its_gap = known
        if name and not _fits(name, opened):
            return None
        if not its_gap:
            line += text
            continue
        line = line.strip()
        if line:
            texts += ("\n\n"[: len(gap)], line) if texts else (line,)
            gap = ""
        gap += its_gap
        line = text
    line = line.strip()
    if line:
        texts += ("\n\n"[: len(gap)], line) if texts else (line,)
    return "".join(texts)


def _with_attributes(tag: str) -> tuple[str, str] | None:
    found = _WITH_ATTRIBUTES.fullmatch(tag)
    if found is None:
        return None
    if found[1] == "img":
        return "", ""
    return None if found[2] else _TAGS.get(found[1])


def _fits(name: str, opened: list[str]) -> bool:
    """Whether a block may begin or end here without moving another; `opened` is kept up to date."""
    inner = opened[-1]
    if name[0] == "/":
        if name[1:] != inner:
            return False
        opened.pop()
        return True
    # A heading ends another one that it stands in.
    if (name == "li") is not (inner in _LISTS) or inner in _HEADINGS:
        return False
    opened.append(name)
    return True
