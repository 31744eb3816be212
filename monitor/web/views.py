"""Records → what a page shows: every string already chosen, nothing left to decide for the templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.lines import unquoted
from monitor.core.terminal import clean
from monitor.store.queries import AlertRecord, ArticleRecord, ArticleRef, ClaimRecord, ContradictionRecord
from monitor.store.records import SilenceRecord

# The article version that a claim stands in; None where it is gone.
Articles = Callable[[ArticleRef], ArticleRecord | None]

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+")
_CONTEXT_SENTENCES = 2
_CONTEXT_CHARACTERS = 500

STANCES = {
    "assert": "says",
    "deny": "denies",
    "accuse": "accuses",
    "confirm": "confirms",
    "retract": "takes back",
    "question": "questions",
}
_NOT_SENT = {
    "backfill": "not sent: from an archive",
    "too_old": "not sent: the article is too old for the rule",
    "draft_rule": "not sent: only draft rules ask for it",
    "no_route": "not sent: no route takes it",
    "duplicate": "not sent: told by another alert",
    "silence": "not sent: silenced",
    "dismissed": "not sent: marked as noise or outdated",
    "waiting_for_origins": "not sent yet: too few independent origins",
    "acknowledged": "not sent: somebody has acknowledged it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time for people, and exactly."""

    # "3 min ago"
    ago: str
    # RFC 3339, for <time datetime>.
    exact: str
    # "26 Mar 2024, 10:00 UTC"
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One claim as a page shows it."""

    # "A" or "B"; empty where it stands alone.
    letter: str
    claim_id: int
    # The page of the article version that it stands in.
    kept: str
    quote: str
    # The quote without quotation marks of its own, for where the page sets them.
    words: str
    # BCP 47; empty: unknown (HTML says so too).
    lang: str
    speaker: str
    # "says", "denies"…
    stance: str
    # How the words reach us: "in direct quotes", "as the publisher puts it"…
    manner: str
    publisher: str
    at: Moment
    title: str
    # http(s) only; empty: none that is safe to follow.
    url: str
    # Text around the quote; empty where the quote is the headline.
    before: str = ""
    after: str = ""
    appearances: int = 1
    origins: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCard:
    id: int
    kind: str
    severity: str
    headline: str
    lang: str
    reason: str
    sides: tuple[Side, ...]
    rules: tuple[str, ...]
    at: Moment
    # "acknowledged by Ada", "resolved"; empty: nobody has said anything.
    care: str
    # What became of it: ("ok" | "waiting" | "held" | "failed", words) each.
    deliveries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceCard:
    state: str
    matchers: str
    author: str
    comment: str
    ends: Moment
    held: int
    would_hold: int | None


def silence_card(one: SilenceRecord, now: datetime) -> SilenceCard:
    return SilenceCard(
        state=one.state,
        matchers=clean("; ".join(one.matchers)),
        author=clean(one.author),
        comment=clean(one.comment),
        ends=moment(one.ends_at, now),
        held=one.held,
        would_hold=one.would_hold,
    )


def moment(at: datetime, now: datetime) -> Moment:
    """A time as seen from `now`."""
    at = at.astimezone(UTC)
    return Moment(
        ago=ago(now - at),
        exact=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        written=f"{at.day} {at.strftime('%b %Y, %H:%M')} UTC",
    )


def ago(passed: timedelta) -> str:
    """A length of time in the one unit that matters; what lies ahead is "just now"."""
    seconds = passed.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return f"{int(seconds)} s ago" if seconds >= 1 else "just now"


def safe_link(url: str) -> str:
    """The URL where following it opens a web page; empty for anything else (javascript:, data:, nonsense)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def side(
    claim: ClaimRecord, articles: Articles, now: datetime, *, letter: str = "", context: bool = False
) -> Side:
    """One claim; with `context`, the sentences around it as well."""
    article = articles(claim.article)
    before, after = surroundings(article.text, claim) if article is not None and context else ("", "")
    return Side(
        letter=letter,
        claim_id=claim.id,
        kept=f"/articles/{claim.article.id}?version={claim.article.version}",
        quote=clean(claim.quote),
        words=unquoted(clean(claim.quote)),
        lang=article.lang if article is not None else "",
        speaker=clean(claim.speaker.name),
        stance=STANCES.get(claim.stance, claim.stance) + (", hedged" if claim.hedged else ""),
        manner=_manner(claim),
        publisher=clean(claim.article.publisher) or "unknown publisher",
        at=moment(claim.article.published_at or claim.first_seen_at, now),
        title=clean(claim.article.title) or "untitled",
        url=safe_link(claim.article.url),
        before=before,
        after=after,
        appearances=claim.appearances,
        origins=claim.origins,
    )


def surroundings(text: str, claim: ClaimRecord) -> tuple[str, str]:
    """Up to two sentences on each side of the quote; empty for a quote from a headline, or one that moved."""
    if claim.field != "text" or text[claim.start : claim.end] != claim.quote:
        return "", ""
    before = text[max(0, claim.start - _CONTEXT_CHARACTERS) : claim.start]
    after = text[claim.end : claim.end + _CONTEXT_CHARACTERS]
    starts = [end.end() for end in _SENTENCE_END.finditer(before)]
    if len(starts) >= _CONTEXT_SENTENCES + 1:
        before = before[starts[-_CONTEXT_SENTENCES - 1] :]
    elif claim.start > _CONTEXT_CHARACTERS:
        before = "… " + before.partition(" ")[2]
    ends = [end.end() for end in _SENTENCE_END.finditer(after)]
    if len(ends) >= _CONTEXT_SENTENCES + 1:
        after = after[: ends[_CONTEXT_SENTENCES]]
    elif claim.end + _CONTEXT_CHARACTERS < len(text):
        after = after.rpartition(" ")[0] + " …"
    return _kept_spaces(before), _kept_spaces(after)


def alert_card(alert: AlertRecord, articles: Articles, now: datetime, *, context: bool = False) -> AlertCard:
    letters = ("A", "B") if len(alert.claims) == 2 else ("",) * len(alert.claims)
    return AlertCard(
        id=alert.id,
        kind=alert.kind.replace("_", " "),
        severity=alert.severity,
        headline=clean(alert.headline),
        lang=alert.labels.get("lang", ""),
        reason=clean(alert.reason),
        sides=tuple(
            side(claim, articles, now, letter=letter, context=context)
            for letter, claim in zip(letters, alert.claims, strict=True)
        ),
        rules=tuple(map(clean, alert.rules)),
        at=moment(alert.created_at, now),
        care=_care(alert),
        deliveries=deliveries(alert),
    )


def _care(alert: AlertRecord) -> str:
    known = alert.acknowledgement
    if known is None:
        return ""
    return f"{known.status} by {clean(known.owner)}" if known.owner else known.status


def pair_sides(pair: ContradictionRecord, articles: Articles, now: datetime) -> tuple[Side, Side]:
    """Both claims of a contradiction, with their surroundings."""
    return (
        side(pair.left, articles, now, letter="A", context=True),
        side(pair.right, articles, now, letter="B", context=True),
    )


def told_elsewhere(alert: AlertRecord) -> bool:
    """Is it only the record that another alert told the same? The first page leaves these out."""
    return bool(alert.notifications) and all(
        one.state == "suppressed" and one.reason == "duplicate" for one in alert.notifications
    )


def deliveries(alert: AlertRecord) -> tuple[tuple[str, str], ...]:
    """What became of an alert, for each receiver; receivers that were spared for one reason together."""
    told: dict[tuple[str, str], None] = {}
    for one in alert.notifications:
        receiver = clean(one.receiver)
        match one.state:
            case "sent":
                told["ok", f"sent to {receiver}"] = None
            case "suppressed":
                told["held", _NOT_SENT.get(one.reason or "", f"not sent: {one.reason}")] = None
            case "dead":
                told["failed", f"{receiver} did not get it: {(one.reason or '').replace('_', ' ')}"] = None
            case "joined":
                told["waiting", f"waiting for {receiver}, in one message with others"] = None
            case _ if one.reason and not one.attempts:
                told["waiting", f"waiting for {receiver}: {clean(one.detail)}"] = None
            case _:
                tries = f" after {one.attempts} tries ({one.reason})" if one.attempts and one.reason else ""
                told["waiting", f"waiting for {receiver}{tries.replace('_', ' ')}"] = None
    return tuple(told)


def _manner(claim: ClaimRecord) -> str:
    if claim.kind == "direct":
        return "in direct quotes"
    return "in the publisher's own voice" if claim.kind == "own_voice" else "as the publisher puts it"


def _kept_spaces(text: str) -> str:
    """Cleaned, but with the space that separates it from the quote."""
    lead, trail = text[:1].isspace(), text[-1:].isspace()
    cleaned = clean(text)
    return f"{' ' if lead else ''}{cleaned}{' ' if trail and cleaned else ''}"
