"""Markup into plain text.

What is simple is read without a parser (`monitor.feeds.plain_tags`). Of the rest nh3 parses the HTML as a
browser would and keeps the block elements alone, so that what is left of markup is regular and a few
replacements turn it into lines. Its parser is linear where the standard library's is not.
"""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

from monitor.core.edits import evened, is_printable
from monitor.feeds.plain_tags import lines_of

_LINE_TAGS = frozenset({"br", "li", "tr", "dt", "dd", "caption", "figcaption"})
_PARAGRAPH_TAGS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "aside", "main", "nav", "figure", "blockquote"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "hr", "form", "address"}
)
_SPACE_TAGS = frozenset({"td", "th"})
#: Their content is no text of the article.
_SILENT_TAGS = frozenset(
    {"script", "style", "template", "noscript", "noembed", "iframe", "object", "svg", "math", "title"}
    | {"textarea", "select", "button", "audio", "video", "canvas"}
)

_MANY_NEWLINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 but for tab and newline, lone surrogates, and what Unicode reserves as no characters.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


_TAG_TEXTS = {
    name: text
    for tags, text in ((_PARAGRAPH_TAGS, "\n\n"), (_LINE_TAGS, "\n"), (_SPACE_TAGS, " "))
    for tag in tags
    for name in (tag, f"/{tag}")
}
_CLEANER = nh3.Cleaner(
    tags=set(_LINE_TAGS | _PARAGRAPH_TAGS | _SPACE_TAGS),
    clean_content_tags=set(_SILENT_TAGS),
    attributes={"*": set()},  # else it keeps "title" and "lang"
    link_rel=None,
)


def from_html(markup: str) -> str:
    """The text that a reader sees: block elements become lines, scripts and styles nothing."""
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    flat = markup.replace("\n", " ")
    if is_printable(flat):
        lines = lines_of(flat)
        if lines is not None:
            return clean(html.unescape(lines)) if "&" in lines else _settled(lines)
    return _by_parser(markup)


def _by_parser(markup: str) -> str:
    kept = _CLEANER.clean(markup.replace("\x00", ""))
    flat = kept.replace("\n", " ")
    is_tidy = is_printable(flat)
    if not is_tidy:
        flat = " ".join(kept.split())
    start, *pieces = flat.split("<")
    # What is left of markup is regular: a tag of ours, then text without a "<".
    texts, gap = [start.strip()], ""
    for piece in pieces:
        tag, _, text = piece.partition(">")
        gap += _TAG_TEXTS[tag]
        text = text.strip()
        if text:
            texts += ("\n\n"[: gap.count("\n")] or " ", text)
            gap = ""
    joined = "".join(texts)
    if "&" in joined:
        return clean(html.unescape(joined))
    return _settled(joined) if is_tidy else clean(joined)


def clean(text: str) -> str:
    """NFC, no control characters or lone surrogates, spaces evened out, at most one empty line in a row."""
    # Nearly all texts are tidy, and this way of asking costs little.
    if not is_printable(text.replace("\n", " ").replace("\xa0", " ")):
        text = _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text))
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    elif "\xa0" in text or " \n" in text or "\n " in text:
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return _settled(text)


def _settled(text: str) -> str:
    """A text without other white space than spaces and line ends, these not side by side."""
    if "  " in text:
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    text = text.strip()
    if "\n\n\n" in text:
        text = _MANY_NEWLINES.sub("\n\n", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """As `clean`, in one line: for titles, names and identifiers."""
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # nearly all of them
    return evened(clean(text))


def looks_like_markup(text: str) -> bool:
    """Whether a text that should be plain holds tags or entities all the same, as RSS titles often do."""
    return _MARKUP.search(text) is not None


_MARKUP = re.compile(
    r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});"
    r"|</?(?:a|b|i|u|em|strong|span|p|br|div|font|sup|sub|img|small|h[1-6]|ul|li|blockquote)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
