"""A web page as a tree; runs in the parse child only, because pages are hostile until proven otherwise.

libxml2's HTML parser is lenient, caps depth and entities by itself, and fetches nothing.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree, html

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,64})", re.IGNORECASE)


def tree_of(body: bytes, content_type: str) -> Any | None:
    """The root element (lxml), or None where there is nothing that could be a page."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body, content_type = body.decode("utf-16", "replace").encode("utf-8", "replace"), "charset=utf-8"
    if not body.strip():
        return None
    parser = html.HTMLParser(
        encoding=_encoding(body, content_type), no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        # NUL ends a document for libxml2
        return html.document_fromstring(body.replace(b"\x00", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _encoding(body: bytes, content_type: str) -> str | None:
    """None: as the page says itself, in the way of old browsers.

    What is UTF-8 to the last byte, and not ASCII alone, is UTF-8, whatever server and page say.
    """
    if not body.isascii():
        try:
            body.decode("utf-8")
            return "utf-8"
        except UnicodeDecodeError:
            pass
    said = _CHARSET.search(content_type)
    try:
        return codecs.lookup(said[1]).name if said else None
    except LookupError:
        return None
