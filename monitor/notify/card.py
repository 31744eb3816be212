"""A message as people read it in a chat, in parts that each channel sets in its own markup.

Everything here is plain text from strangers: a channel escapes every part before it goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from monitor.core.lines import shorten, unquoted
from monitor.core.terminal import clean
from monitor.notify.edits import edited
from monitor.notify.message import summary
from monitor.notify.text import STANCES
from monitor.store.notifications import TakenNotification
from monitor.store.queries import AlertRecord, ClaimRecord

#: Code points of a quote in a chat; the alert itself has all of it.
QUOTE_LIMIT = 500
#: A message of several alerts shows so many of them.
LINES = 10

#: By severity: 24-bit colours, as channels mark messages with.
COLOURS = {"low": 0x6B7280, "medium": 0x2563EB, "high": 0xD97706, "critical": 0xDC2626}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One claim: who, in which words, and where."""

    # "A" or "B"; empty where it stands alone.
    letter: str
    # "Ada Brook says, in Valley News, 2024-03-26 10:00 UTC"
    who: str
    quote: str
    # http or https, safe to put into a link; empty: none.
    url: str
    # The host of the link, which is what readers see.
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    severity: str
    kind: str
    title: str
    reason: str
    sides: tuple[Side, ...]
    # Of several alerts a line each; with the number of those left out.
    lines: tuple[str, ...]
    foot: str

    @property
    def colour(self) -> int:
        return COLOURS.get(self.severity, COLOURS["medium"])

    @property
    def heading(self) -> str:
        return f"[{self.severity.upper()}] {self.kind}"


def card(taken: TakenNotification) -> Card:
    """The message; of several alerts their summary and a line for each of the first ten."""
    alert = taken.alert
    if taken.written:
        title, *lines = taken.written.splitlines()
        return Card(
            severity=alert.severity,
            kind=alert.kind.replace("_", " ") if taken.count == 1 else taken.kind,
            title=title,
            reason="",
            sides=(),
            lines=tuple(line for line in lines if line),
            foot=_foot(alert) if taken.count == 1 else f"{taken.count:,} alerts",
        )
    if taken.count == 1:
        letters = ("A", "B") if len(alert.claims) == 2 else ("",) * len(alert.claims)
        return Card(
            severity=alert.severity,
            kind=alert.kind.replace("_", " "),
            title=clean(alert.headline),
            reason=_why(alert),
            sides=tuple(_side(letter, claim) for letter, claim in zip(letters, alert.claims, strict=True)),
            lines=(),
            foot=_foot(alert) + (f" · {taken.note}" if taken.note else ""),
        )
    shown = (alert, *taken.others)[:LINES]
    lines = [f"[{one.severity.upper()}] {clean(one.headline)} (alert {one.id})" for one in shown]
    if taken.count > len(shown):
        lines.append(f"… and {taken.count - len(shown):,} more")
    return Card(
        severity=alert.severity,
        kind=taken.kind,
        title=summary(taken),
        reason="",
        sides=(),
        lines=tuple(lines),
        foot=f"{taken.count:,} alerts" + (f" · {taken.note}" if taken.note else ""),
    )


def safe_url(url: str) -> str:
    """The URL where it opens a web page, every character that markup might obey percent-encoded."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return quote(url, safe=":/?#&=%+,;~.-_") if usable and len(url) <= 1500 else ""


def _side(letter: str, claim: ClaimRecord) -> Side:
    article = claim.article
    publisher, speaker = clean(article.publisher) or "?", clean(claim.speaker.name)
    if claim.kind == "own_voice":
        who = f"{publisher}, in its own words"
    else:
        manner = "" if claim.kind == "direct" else ", as the publisher puts it"
        who = f"{speaker} {STANCES.get(claim.stance, claim.stance)}{manner}, in {publisher}"
    url = safe_url(article.url)
    return Side(
        letter=letter,
        who=f"{shorten(who, 200)}, {_time(article.published_at or claim.first_seen_at)}",
        quote=shorten(unquoted(clean(claim.quote)), QUOTE_LIMIT),
        url=url,
        host=(urlsplit(url).hostname or "") if url else "",
    )


def _why(alert: AlertRecord) -> str:
    edit = edited(alert)
    return " ".join(filter(None, (clean(alert.reason), f"Edit: {edit}" if edit else "")))


def _foot(alert: AlertRecord) -> str:
    rules = ", ".join(map(clean, alert.rules)) or "–"
    return f"rules: {shorten(rules, 200)} · alert {alert.id} · {_time(alert.created_at)}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
