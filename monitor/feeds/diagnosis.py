"""What is wrong with a feed, in words: what a reader of it, and its publisher, can do better.

One function for each thing to look at, one table. A fault loses something or is about to; advice costs time,
traffic or certainty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.pages import SUMMARY_LETTERS
from monitor.core.polling import entry_identities
from monitor.core.types import Entry, FeedSnapshot
from monitor.feeds.answers import Fetched

#: A feed whose newest entry is older has probably been given up.
STALE_AFTER = timedelta(days=30)
#: A body that is sent in full at each poll, and larger than this, is worth a word to the publisher.
LARGE_BYTES = 1_000_000

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,64})", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,64})")
# UTF-8 that was read as Latin-1 or windows-1252 and written again
_MANGLED = re.compile(
    r"[ÂÃ][\u0080-\u00bf]|â€[\u0080-\u009f™œ\u2018-\u201e\u00a6]|Ð[\u0080-\u00bf°-¿]Ñ|Ã¢â‚¬"
)


class Level(StrEnum):
    """How much a finding matters."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or could be better."""

    # Stable, for programs: "no-dates", "mutable-guids"…
    code: str
    level: Level
    what: str
    # What can be done about it.
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A feed, fetched and read once, and asked a second time at once."""

    url: str
    fetched: Fetched
    snapshot: FeedSnapshot
    # The second answer; 304 where the server keeps to its validators; None: there was none.
    again: Fetched | None
    # The second body, read; None where it is the first, or could not be read.
    read_again: FeedSnapshot | None
    now: datetime
    # Whether feeds.yml, or somebody, gave selectors for it.
    is_page: bool = False


Finder = Callable[[Look], Iterator[Finding]]


def diagnose(look: Look) -> tuple[Finding, ...]:
    """All that is wrong, faults first; empty: nothing."""
    found = [finding for finder in _FINDERS for finding in finder(look)]
    return tuple(sorted(found, key=lambda one: one.level is not Level.FAULT))


def _fault(code: str, what: str, remedy: str) -> Finding:
    return Finding(code=code, level=Level.FAULT, what=what, remedy=remedy)


def _advice(code: str, what: str, remedy: str) -> Finding:
    return Finding(code=code, level=Level.ADVICE, what=what, remedy=remedy)


def _those(count: int, entries: Sequence[Entry], which: str, none: str) -> str:
    return none if count == len(entries) else f"{count} of {len(entries)} entries {which}"


# ---------------------------------------------------------------- the document


def _document(look: Look) -> Iterator[Finding]:
    if look.snapshot.complaint:
        remedy = "tell the publisher; what can be read is read all the same"
        yield _fault("faulty-document", look.snapshot.complaint, remedy)
    for reason in look.snapshot.dropped:
        yield _fault("left-out", f"left out: {reason}", "tell the publisher, if it should be there")


def _moved(look: Look) -> Iterator[Finding]:
    fetched = look.fetched
    if fetched.permanent_url != look.url:
        what = f"the address has moved for good to {fetched.permanent_url}"
        yield _advice("moved", what, "write the new address into feeds.yml; the old one may end one day")
    elif fetched.url != look.url:
        what = f"each request is sent on to {fetched.url}, for now"
        yield _advice("redirected", what, "nothing, unless that one is the address that is meant to last")


def _content_type(look: Look) -> Iterator[Finding]:
    kind = look.fetched.content_type.partition(";")[0].strip().lower()
    if look.is_page or not kind or kind.endswith(("xml", "json", "octet-stream", "gzip")):
        return
    what = f"it is served as {kind}, which is no type of a feed"
    yield _advice("content-type", what, "harmless here; other readers may refuse it, so tell the publisher")


def _encoding(look: Look) -> Iterator[Finding]:
    said, declared = _CHARSET.search(look.fetched.content_type), _DECLARED.match(look.fetched.body[:512])
    names = [said[1].lower() if said else "", declared[1].decode("latin-1").lower() if declared else ""]
    if all(names) and names[0] != names[1]:
        what = f"the server says that it is written in {names[0]}, the document says {names[1]}"
        yield _advice("two-encodings", what, "are the letters below right? tell the publisher")
    texts = [f"{entry.title} {entry.summary}" for entry in look.snapshot.entries]
    broken = sum("\ufffd" in text for text in texts)
    mangled = sum(_MANGLED.search(text) is not None for text in texts)
    if broken or mangled:
        what = f"{max(broken, mangled)} entries have broken letters: their encoding is not what it claims"
        yield _fault("broken-letters", what, "the publisher has to mend it; such words match nothing")


def _language(look: Look) -> Iterator[Finding]:
    counted = Counter(entry.lang for entry in look.snapshot.entries if entry.lang)
    if not counted or not look.snapshot.lang:
        return
    lang, count = counted.most_common(1)[0]
    if lang != look.snapshot.lang and 2 * count > len(look.snapshot.entries):
        what = f"it says that its language is {look.snapshot.lang}, but most entries are in {lang}"
        yield _advice(
            "other-language", what, f"harmless: the texts decide; lang: {lang} in feeds.yml says it"
        )


# ---------------------------------------------------------------- the entries


def _how_many(look: Look) -> Iterator[Finding]:
    if not look.snapshot.entries and not look.snapshot.dropped:
        yield _advice("no-entries", "it is a feed, but has no entries", "look again in a day")


def _dates(look: Look) -> Iterator[Finding]:
    entries = look.snapshot.entries
    undated = sum(entry.published_at is None for entry in entries)
    if undated:
        none = "no entry says when it was published"
        what = _those(undated, entries, "do not say when they were published", none)
        yield _advice("no-dates", what, "they count as published when they are first seen")
    dated = [entry.published_at for entry in entries if entry.published_at]
    if sum(at > look.now for at in dated):
        what = f"{sum(at > look.now for at in dated)} entries are dated ahead of the clock"
        yield _advice("future-dates", what, "they are taken as of now; is this machine's clock right?")
    if dated and max(dated) < look.now - STALE_AFTER:
        what = f"the newest entry is {(look.now - max(dated)).days} days old"
        yield _advice("stale", what, "has the publisher another feed by now?")


def _identities(look: Look) -> Iterator[Finding]:
    entries = look.snapshot.entries
    unlinked = sum(not entry.url for entry in entries)
    if unlinked:
        what = _those(unlinked, entries, "have no link", "no entry has a link")
        yield _advice("no-links", what, "alerts cannot lead to the article, and its page cannot be read")
    repeated = len(entries) - len({entry_identities("", entry)[0] for entry in entries})
    if repeated:
        what = f"{repeated} entries have the guid or address of another one in the document"
        yield _advice("listed-twice", what, "of each the one that was changed last counts")
    nameless = sum(not (entry.url or entry.guid) for entry in entries)
    if nameless:
        what = f"{nameless} entries have neither guid nor link: any edit makes another article of them"
        yield _fault("no-identity", what, "the publisher has to give each entry a guid that stays")
    shared = [url for url, count in Counter(entry.url for entry in entries if entry.url).items() if count > 1]
    if shared:
        what = f"{len(shared)} addresses belong to several entries, such as {shared[0]}"
        yield _advice("shared-links", what, "harmless where each has a guid of its own")


def _mutable(look: Look) -> Iterator[Finding]:
    if look.read_again is None:
        return
    before = {entry.url: entry.guid for entry in look.snapshot.entries if entry.url and entry.guid}
    after = {entry.url: entry.guid for entry in look.read_again.entries if entry.url and entry.guid}
    changed = [url for url in before.keys() & after.keys() if before[url] != after[url]]
    if changed:
        what = f"{len(changed)} entries had another guid when asked again, such as {min(changed)}"
        remedy = "each poll makes new articles of them; the publisher has to give guids that stay"
        yield _fault("mutable-guids", what, remedy)


def _texts(look: Look) -> Iterator[Finding]:
    entries = look.snapshot.entries
    if not entries or look.snapshot.format == "sitemap-index":
        return
    untitled = sum(not entry.title for entry in entries)
    if untitled:
        what = _those(untitled, entries, "have no title", "no entry has a title")
        yield _advice("no-titles", what, "rules on titles pass them by")
    lengths = sorted(len(entry.text) for entry in entries)
    middle = lengths[len(lengths) // 2]
    if not middle:
        what = "most entries are a title and nothing else"
        yield _advice("titles-only", what, "full_text: always in feeds.yml reads the pages of the articles")
    elif middle < SUMMARY_LETTERS:
        what = f"most entries are summaries (half have {middle} letters or fewer)"
        remedy = "full_text: when-summary-only in feeds.yml reads the pages of the articles"
        yield _advice("summaries-only", what, remedy)


# ---------------------------------------------------------------- the server


def _validators(look: Look) -> Iterator[Finding]:
    first, again = look.fetched.validators, look.again
    size = f"{len(look.fetched.body) / 1000:.0f} kB"
    if not (first.etag or first.last_modified):
        what = f"the server gives no ETag and no Last-Modified, so each poll transfers {size}"
        yield _advice("no-validators", what, "tell the publisher; a longer interval is kind meanwhile")
    elif again is not None and again.status != 304 and again.body == look.fetched.body:
        what = f"the server gives validators and ignores them: it sent the same {size} again"
        yield _advice("ignored-validators", what, "tell the publisher; a longer interval is kind meanwhile")


def _caching(look: Look) -> Iterator[Finding]:
    wait = look.fetched.cache_for
    if wait is not None and wait > timedelta(minutes=5):
        minutes = int(wait.total_seconds() // 60)
        what = f"the publisher says that an answer stays fresh for {minutes} min"
        yield _advice("caching", what, "it is asked no sooner, whatever interval feeds.yml has")


def _size(look: Look) -> Iterator[Finding]:
    if len(look.fetched.body) > LARGE_BYTES:
        what = f"it has {len(look.fetched.body) / 1e6:.1f} MB"
        yield _advice("large", what, "has the publisher a smaller feed?")


#: In the order in which they are told.
_FINDERS: tuple[Finder, ...] = (
    _document,
    _encoding,
    _identities,
    _mutable,
    _how_many,
    _dates,
    _texts,
    _language,
    _moved,
    _content_type,
    _validators,
    _caching,
    _size,
)
