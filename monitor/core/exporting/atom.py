"""Atom (RFC 4287), written entry by entry.

Feed libraries collect all entries before they write the first; ours need no more than elements and escaping.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from monitor.core.exporting.kinds import KINDS, Object
from monitor.core.exporting.names import name_of
from monitor.core.terminal import clean, clean_block

# What XML 1.0 cannot hold, beside what `clean` takes out.
_NO_XML = re.compile("[\ufffe\uffff]")
_NOTHING_YET = "1970-01-01T00:00:00Z"


def atom(kind: str, objects: Iterable[Object]) -> Iterator[str]:
    """A feed of these records, newest first; its time is that of the first."""
    rest = iter(objects)
    first = next(rest, None)
    updated = _NOTHING_YET if first is None else KINDS[kind].at(first)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<id>urn:uuid:{name_of(['feed', kind])}</id>\n<title>Claimwatch: {kind}</title>\n"
    yield f"<updated>{updated}</updated>\n<author><name>Claimwatch</name></author>\n"
    if first is not None:
        yield _entry(kind, first)
        for one in rest:
            yield _entry(kind, one)
    yield "</feed>\n"


def _entry(kind: str, one: Object) -> str:
    row = KINDS[kind]
    links = dict.fromkeys(str(article["url"]) for article in row.articles(one))
    safe = [link for link in links if link.startswith(("http://", "https://"))]
    related = "".join(
        f'<link rel="{"related" if place else "alternate"}" href={quoteattr(_line(link))}/>\n'
        for place, link in enumerate(safe)
    )
    content = _NO_XML.sub("", clean_block(row.text(one)))
    return (
        f"<entry>\n<id>urn:uuid:{name_of(row.key(one))}</id>\n"
        f'<title type="text">{escape(_line(row.title(one)))}</title>\n'
        f"<updated>{row.at(one)}</updated>\n{related}"
        f'<content type="text">{escape(content)}</content>\n</entry>\n'
    )


def _line(text: str) -> str:
    return _NO_XML.sub("", clean(text))
