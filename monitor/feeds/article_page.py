"""The page of an article: its text, found by trafilatura; runs in the parse child only.

Of trafilatura's settings the one that prefers leaving out to taking too much agrees best with people
(docs/feeds.md has the scores): what is no article would be matched, quoted and alerted as one.
"""

from __future__ import annotations

from typing import Any

import trafilatura

from monitor.feeds import language, plain
from monitor.feeds.drafts import LONGEST_TEXT, LONGEST_TITLE
from monitor.feeds.page_tree import tree_of


def read(body: bytes, *, content_type: str, lang: str) -> dict[str, str] | None:
    """{"title", "text", "lang"} of the article in a page; None where this is no page, or none is found.

    Paragraphs are one line each, with an empty line between them, as in the texts of feeds.
    `lang` is what is known of its language already; the text decides.
    """
    root = tree_of(body, content_type)
    if root is None:
        return None
    title = _title(root)
    found = trafilatura.extract(root, include_comments=False, favor_precision=True) or ""
    lines = [line for line in found.split("\n") if line.strip()]
    if lines and plain.one_line(lines[0]).casefold() == title.casefold():
        del lines[0]  # the headline is no part of the text
    text = plain.clean("\n\n".join(lines))[:LONGEST_TEXT]
    if not text:
        return None
    return {"title": title, "text": text, "lang": language.of_text(f"{title}\n{text}", lang)}


def _title(root: Any) -> str:
    for path in ("//meta[@property='og:title']/@content", "//h1", "//title"):
        for found in root.xpath(path)[:1]:
            words = plain.one_line(found if isinstance(found, str) else found.text_content())
            if words:
                return words[:LONGEST_TITLE].rstrip()
    return ""
