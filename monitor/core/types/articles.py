"""From a feed to an article version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.types.closed_lists import ArticleField, FullText
from monitor.core.types.hubs import NO_HUB, Hub, Push
from monitor.core.types.rhythm import NO_RHYTHM, NO_WISHES, Move, Rhythm, Wishes
from monitor.errors import FetchReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSelectors:
    """Where a page that has no feed keeps its entries: CSS selectors, each but the first inside an entry.

    An empty one has a meaning of its own, said at its field.
    """

    # One element for each entry; those inside another one are not looked at.
    entry: str
    # Its link; empty: the entry itself where it is a link, else the first link in it.
    link: str = ""
    # Empty: the words of the link.
    title: str = ""
    # An element whose datetime, content or words are a date; empty: the first <time>.
    date: str = ""
    # Empty: there is none.
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed as somebody asks for it: a line of feeds.yml, `feeds add`, an OPML outline."""

    url: str
    # Who publishes it; empty: the feed's own title, once read.
    publisher: str = ""
    tags: tuple[str, ...] = ()
    # BCP 47 primary subtag; empty: as the feed or the text says.
    lang: str = ""
    interval: timedelta = timedelta(minutes=5)
    # Nobody named an interval: the feed is asked as often as it brings entries, within limits.
    learned: bool = False
    # When the pages of its entries are read for their text.
    full_text: FullText = FullText.NEVER
    # The address is that of a page, and these find the entries in it; None: it is a feed's.
    page: PageSelectors | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a publisher wants to see again to be able to answer 304 (RFC 9110 §8.8); verbatim, or empty."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as the ledger knows it."""

    id: int
    url: str
    publisher: str
    title: str
    tags: tuple[str, ...]
    lang: str
    interval: timedelta
    # "active"; "gone" when the publisher said so (410): never polled again; "paused" when feeds.yml
    # no longer lists it.
    state: str
    validators: Validators
    # blake2b of the last body that was read, hex; empty before the first.
    body_hash: str
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_success_at: datetime | None
    # Failures in a row; 0 after a success.
    failures: int
    last_status: int | None
    last_reason: FetchReason | None
    last_detail: str
    # Nobody named its interval: `rhythm.pace` counts once it is known.
    learned: bool = False
    rhythm: Rhythm = NO_RHYTHM
    # Of the last document that was read.
    wishes: Wishes = NO_WISHES
    # None: it is where we ask.
    move: Move | None = None
    full_text: FullText = FullText.NEVER
    page: PageSelectors | None = None
    # None: it has never offered a hub.
    push: Push | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing a feed lists (RFC 4287 §4.1.2), as plain text: no markup, no control characters, NFC."""

    # As given; empty where the feed has none.
    guid: str
    # Absolute, or empty.
    url: str
    title: str
    summary: str
    # The longest text the feed carries; equal to the summary where it carries no more.
    text: str
    author: str
    lang: str
    # None where the feed does not say or says nonsense; never later than the fetch by over five minutes.
    published_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """One line of a sitemap index."""

    url: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What of a document was left out, and why."""

    # Plural and in words: "entries without any words", "titles cut to 1,000 letters".
    what: str
    count: int

    def __str__(self) -> str:
        return f"{self.count:,} × {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSnapshot:
    """A feed's body, read."""

    # "rss20", "atom10", "json11"…: feedparser's names, and ours for JSON Feed; "sitemap", "sitemap-index"
    # and "page" (read by selectors).
    format: str
    title: str
    link: str
    lang: str
    # In document order, at most the reader's limit.
    entries: tuple[Entry, ...]
    # What was left out of it, or cut; empty: nothing.
    dropped: tuple[Dropped, ...] = ()
    # What was wrong with the document, in words, where it could be read all the same.
    complaint: str = ""
    # Of a sitemap index: the sitemaps to read, those changed last first; such a snapshot has no entries.
    sitemaps: tuple[Sitemap, ...] = ()
    # As a JSON Feed names it, unchecked; of all other documents it is read before they are.
    hub: Hub = NO_HUB


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What the ledger remembers of an entry that it has seen: enough to tell new, changed and same apart."""

    article_id: int
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVersion:
    """One article version to be stored: a new article (`article_id` None) or a new version of one."""

    article_id: int | None
    # Unique per article: "feed:<id>|guid:<guid>", "…|url:<url>" or "…|hash:<hash>", addresses folded since
    # folding is known; "import|…" for archives.
    identity: str
    version: int
    # Hash of what a reader would call the text (title, summary, text); decides what is a change.
    content_hash: str
    publisher: str
    entry: Entry
    # Its text was read on the page of the article and is not the publisher's edit; the hash is still that
    # of what the feed gave.
    from_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """What one successful poll changes: decided in the core, stored whole."""

    versions: tuple[PlannedVersion, ...]
    # Entries that were known already.
    unchanged: int
    next_poll_at: datetime
    validators: Validators
    body_hash: str
    feed_title: str
    # Where the feed is asked from now on.
    url: str
    # What the entries are recognised by, unread, the next time; empty: by nothing.
    digests: str = ""
    rhythm: Rhythm = NO_RHYTHM
    wishes: Wishes = NO_WISHES
    # A permanent redirect that is not yet believed.
    move: Move | None = None
    # Entries of the document that are another one of it again, under the same guid or address.
    repeated: int = 0
    # Of the document, as `FeedSnapshot` has them.
    dropped: tuple[Dropped, ...] = ()
    complaint: str = ""
    # What the document offers; empty: none.
    hub: Hub = NO_HUB


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of an article, as stored: what all judgement is about."""

    id: int
    version: int
    # Names this version alone; tasks, matches and claims refer to it.
    version_id: int
    # None: imported from an archive.
    feed_id: int | None
    url: str
    publisher: str
    # Tags of the feed it came from.
    tags: tuple[str, ...]
    title: str
    summary: str
    text: str
    lang: str
    published_at: datetime | None
    # When we saw this version.
    fetched_at: datetime
    # Recorded from an archive, or judged again: alerts are suppressed.
    backfill: bool = False
    # Address of its feed as somebody asked for it, also after a move; empty: imported from an archive.
    feed_url: str = ""

    def field(self, name: ArticleField) -> str:
        """The text of one part."""
        match name:
            case ArticleField.TITLE:
                return self.title
            case ArticleField.SUMMARY:
                return self.summary
            case ArticleField.TEXT:
                return self.text

    @property
    def at(self) -> datetime:
        """When it was published, or seen where the publisher does not say."""
        return self.published_at or self.fetched_at
