"""The child process that reads feed documents: the only place that calls feedparser.

Documents are hostile until proven otherwise, and feedparser can be made to run for minutes, to raise
where nobody expects it and to open a file whose name is the document. So it gets bytes in memory,
never a name, in a process that may not open files outside Python's own, connect, or start programs,
that has limits, and that the parent kills.

Frames on the pipes: from the parent two 4-byte lengths (big-endian), a JSON object and the document;
back a 4-byte length and an object (`monitor.feeds.child_frames`): {"snapshot": …}, {"article": …} or
{"links": …}, as "kind" asked, or {"reason", "detail", "remedy"}, with "last" where the child ends after it.
An empty object is sent once everything is loaded.
"""

from __future__ import annotations

import calendar
import codecs
import gc
import io
import json
import math
import os
import re
import resource
import signal
import struct
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, BinaryIO

import feedparser

from monitor.core.types import PageSelectors
from monitor.errors import FetchReason
from monitor.feeds import child_frames, json_feed, language, quick_reader, sitemaps
from monitor.feeds.drafts import Draft, DraftFeed, Words, finish
from monitor.feeds.not_a_feed import explain
from monitor.feeds.plain import looks_like_markup, one_line

_ENCODING = re.compile(rb"^[\xef\xbb\xbf\s]{0,64}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,64})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,64})", re.IGNORECASE)
#: Python knows them, but no feed is written in them: they smuggle markup past checks, or are slow to decode.
_REFUSED_ENCODINGS = frozenset(
    {
        "utf-7",
        "punycode",
        "idna",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "oem",
        "palmos",
    }
)

#: References to half a character, on which feedparser fails with the whole document.
_SURROGATE = re.compile(
    rb"&#(?:[xX]0{0,9}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,9}(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));"
)


class _RefusedError(Exception):
    def __init__(self, reason: FetchReason, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.remedy = reason, detail, remedy


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the parent says of a document."""

    content_type: str
    url: str
    now: datetime
    # "feed", "article" or "links"
    kind: str = "feed"
    # What our settings, or the feed, say of its language.
    lang: str = ""
    # The fields of PageSelectors, where the feed is a page.
    selectors: Mapping[str, str] | None = None
    keep_wordless: bool = False


def read_document(body: bytes, asked: Asked) -> dict[str, Any]:
    """The frame to answer with: what was asked for, or why not. Never raises but for MemoryError."""
    try:
        _check_encoding(body, asked.content_type)
        if asked.kind == "feed":
            return {"snapshot": _snapshot(body, asked)}
        return {asked.kind: _of_page(body, asked)}
    except _RefusedError as refusal:
        return {"reason": refusal.reason.value, "detail": refusal.detail, "remedy": refusal.remedy}
    except MemoryError:
        raise
    except Exception as error:  # the parser's own bugs are the document's fault here
        return {
            "reason": FetchReason.PARSER_FAILED.value,
            "detail": one_line(f"the parser failed on it: {type(error).__name__}: {error}")[:300],
            "remedy": "",
        }


def _of_page(body: bytes, asked: Asked) -> Any:
    # Only where somebody asks: most children never see a page, and lxml and trafilatura are large.
    if asked.kind == "article":
        from monitor.feeds import article_page

        found: Any = article_page.read(body, content_type=asked.content_type, lang=asked.lang)
    else:
        from monitor.feeds import page_links

        found = page_links.read(body, content_type=asked.content_type, url=asked.url)
    if found is None:
        detail = "no article is found in it" if asked.kind == "article" else "this is no web page"
        remedy = "open the address in a browser: is the text there, for everybody?"
        raise _RefusedError(FetchReason.NOT_A_FEED, detail, remedy)
    return found


def _snapshot(body: bytes, asked: Asked) -> dict[str, Any]:
    content_type, url = asked.content_type, asked.url
    feed: DraftFeed | None = None
    if asked.selectors is not None:
        feed = _by_selectors(body, asked, PageSelectors(**asked.selectors))
    elif json_feed.looks_like_json(body):
        try:
            feed = json_feed.read(body)
        except ValueError as error:
            detail = f"this starts like JSON, but is not: {error}"
            raise _RefusedError(FetchReason.NOT_A_FEED, detail, "the publisher has to mend it") from error
    elif sitemaps.looks_like_sitemap(body):
        feed = _sitemap(body)
    elif body.strip():
        feed = quick_reader.read(body.lstrip(), content_type=content_type, url=url)
        feed = feed or read_with_feedparser(body, content_type, url)
    if feed is None:
        raise _RefusedError(FetchReason.NOT_A_FEED, *explain(body, content_type, url))
    keep_wordless = asked.keep_wordless and feed.format == "sitemap"
    return finish(feed, url=url, now=asked.now, lang=asked.lang, keep_wordless=keep_wordless)


def _sitemap(body: bytes) -> DraftFeed:
    feed = sitemaps.read(body)
    entries = list(feed.entries)
    if feed.complaint and not entries and not feed.sitemaps:
        detail = f"this starts like a sitemap, but no address can be read: {one_line(feed.complaint)[:150]}"
        raise _RefusedError(FetchReason.NOT_A_FEED, detail, "the publisher has to mend it")
    return replace(feed, entries=iter(entries))


def _by_selectors(body: bytes, asked: Asked, selectors: PageSelectors) -> DraftFeed | None:
    from monitor.feeds import page_reader

    feed = page_reader.read(body, content_type=asked.content_type, selectors=selectors)
    entries = list(feed.entries) if feed else []
    if feed is None or not entries:
        # Said aloud: a page that was rebuilt must not pass for one on which nothing is new.
        detail = f"the page has no entry with a link where {selectors.entry!r} looks"
        raise _RefusedError(
            FetchReason.NOT_A_FEED, detail, "has the page been rebuilt? mend its selectors in feeds.yml"
        )
    return replace(feed, entries=iter(entries))


def _check_encoding(body: bytes, content_type: str) -> None:
    declared = _ENCODING.match(body[:512])
    charset = _CHARSET.search(content_type)
    for name in (declared[1].decode("latin-1") if declared else "", charset[1] if charset else ""):
        try:
            codec = codecs.lookup(name) if name else None
        except (LookupError, ValueError):
            continue  # feedparser guesses then
        if codec and (codec.name.replace("_", "-") in _REFUSED or not codec._is_text_encoding):
            raise _RefusedError(
                FetchReason.BAD_ENCODING,
                f"the document says that it is written in {name!r}, which no feed is",
                "the publisher has to serve it as UTF-8",
            )


_REFUSED = frozenset(name.replace("_", "-") for name in _REFUSED_ENCODINGS)


def read_with_feedparser(body: bytes, content_type: str, url: str) -> DraftFeed | None:
    stripped = body.lstrip()
    if stripped.startswith(b"<"):
        body = stripped  # white space before the XML declaration is a common fault, and harmless
    if stripped[:64].lower().startswith((b"<!doctype html", b"<html")):
        return None  # the parser would spend seconds on a large page, to find nothing
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    parsed = feedparser.parse(
        # Only ever a stream: given bytes or a string, feedparser opens the file or URL of that name.
        io.BytesIO(_SURROGATE.sub(b"&#xFFFD;", body)),
        response_headers=headers,
        # We show no markup, so there is nothing to sanitise or to resolve in it.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version, entries, about = (
        parsed.get("version") or "",
        parsed.get("entries") or [],
        parsed.get("feed") or {},
    )
    if not version and not entries:
        return None
    complaint = _complaint(parsed)
    if complaint and not entries:
        # Said aloud: a broken document must not pass for a feed in which nothing is new.
        detail = f"this starts like a feed, but no entry can be read: {one_line(complaint)[:150]}"
        raise _RefusedError(FetchReason.NOT_A_FEED, detail, "the publisher has to mend it")
    return DraftFeed(
        format=str(version) or "unknown",
        title=_words(about, "title", titles_are_html=version.startswith("rss")),
        link=_text(about, "link"),
        lang=_text(about, "language") or _text(about.get("title_detail") or {}, "language"),
        entries=(_draft(entry, version) for entry in entries),
        complaint=complaint,
    )


def _draft(entry: Mapping[str, Any], version: str) -> Draft:
    contents = [part for part in entry.get("content") or () if isinstance(part, Mapping)]
    details = [*contents, entry.get("summary_detail") or {}, entry.get("title_detail") or {}]
    updated_at = _date(entry, "updated_parsed")
    return Draft(
        guid=_text(entry, "id"),
        url=_text(entry, "link") or next(_alternates(entry), ""),
        title=_words(entry, "title", titles_are_html=version.startswith("rss")),
        summary=_words(entry, "summary"),
        texts=tuple(_typed(_text(part, "value"), _text(part, "type")) for part in contents),
        author=_text(entry, "author"),
        lang=next((lang for lang in (_text(detail, "language") for detail in details) if lang), ""),
        # RSS 1.0 and many Atom feeds give one date only, the last change: nearer the truth than our visit.
        published_at=_date(entry, "published_parsed") or _date(entry, "created_parsed") or updated_at,
        updated_at=updated_at,
    )


def _text(mapping: Mapping[str, Any], key: str) -> str:
    # dict.get: feedparser's own answers "updated" with "published" where there is none, and warns.
    value = dict.get(mapping, key) if isinstance(mapping, dict) else mapping.get(key)
    return value if isinstance(value, str) else ""


def _words(mapping: Mapping[str, Any], key: str, *, titles_are_html: bool = False) -> Words:
    words = _typed(_text(mapping, key), _text(mapping.get(f"{key}_detail") or {}, "type"))
    # RSS does not say whether a title is markup; many are escaped twice.
    return Words(words.text, words.is_html or (titles_are_html and looks_like_markup(words.text)))


def _typed(text: str, media_type: str) -> Words:
    return Words(text, media_type != "text/plain")


def _alternates(entry: Mapping[str, Any]) -> Iterator[str]:
    for link in entry.get("links") or ():
        if isinstance(link, Mapping) and link.get("rel") == "alternate":
            yield _text(link, "href")


def _date(entry: Mapping[str, Any], key: str) -> datetime | None:
    parsed = dict.get(entry, key) if isinstance(entry, dict) else None
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _complaint(parsed: Mapping[str, Any]) -> str:
    if not parsed.get("bozo"):
        return ""
    error = parsed.get("bozo_exception")
    # A charset or media type in the header that differs from the document's is everyday life.
    if isinstance(error, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType):
        return ""
    return f"not well-formed: {error}"


# ---------------------------------------------------------------- the process


def main(cpu_seconds: float, memory_bytes: int, *, of_articles: bool) -> None:
    """Read documents until the parent closes the pipe; `of_articles`: what reads pages is loaded at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who closes the pipe
    warnings.simplefilter("ignore")
    frames_in = os.fdopen(os.dup(0), "rb")
    frames_out = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # whatever a library prints must not get between the frames
    language.detect("The model is loaded before the doors are closed.")
    if of_articles:
        import_module("monitor.feeds.article_page")
    _close_doors(memory_bytes)
    # What is loaded now stays; a document leaves no cycles but feedparser's, and is soon forgotten.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    _answer(frames_out, {})
    while (lengths := frames_in.read(8)) and len(lengths) == 8:
        about_length, body_length = struct.unpack(">II", lengths)
        about, body = frames_in.read(about_length), frames_in.read(body_length)
        if len(about) + len(body) < about_length + body_length:
            return  # the parent is gone
        _allow_cpu(cpu_seconds)
        told = json.loads(about)
        try:
            answer = read_document(body, Asked(**told | {"now": datetime.fromisoformat(told["now"])}))
        except MemoryError:
            detail = f"reading it takes more than {memory_bytes >> 20} MB of memory"
            _answer(frames_out, {"reason": FetchReason.PARSER_FAILED.value, "detail": detail, "last": True})
            return  # what is left of this process is not worth keeping
        _answer(frames_out, answer)


def _answer(frames_out: BinaryIO, frame: Mapping[str, Any]) -> None:
    encoded = child_frames.packed(frame)
    frames_out.write(struct.pack(">I", len(encoded)) + encoded)
    frames_out.flush()


def _allow_cpu(seconds: float) -> None:
    """So many more seconds of processor time; then the kernel ends us (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _close_doors(memory_bytes: int) -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        hard = resource.getrlimit(kind)[1]
        lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (lowest, hard))
    sys.addaudithook(_refuse)


_REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "urllib.")
# Python loads codecs and modules when they are first needed.
_READABLE = tuple(
    os.path.join(os.path.realpath(folder), "")
    for folder in (
        os.path.dirname(os.path.dirname(__file__)),
        sys.prefix,
        sys.base_prefix,
        os.path.dirname(os.__file__),
        *(path for path in sys.path if path.endswith(("-packages", "lib-dynload", ".zip"))),
    )
)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path = arguments[0]
        if isinstance(path, str | bytes) and not os.path.realpath(os.fsdecode(path)).startswith(_READABLE):
            raise PermissionError("the parse child opens no files")
    elif event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"the parse child does not do {event}")


if __name__ == "__main__":
    main(cpu_seconds=float(sys.argv[1]), memory_bytes=int(sys.argv[2]), of_articles="articles" in sys.argv)
