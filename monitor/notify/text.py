"""A message as people read it in plain text: both sides, with speaker, publisher, time, words and link."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.core.terminal import clean
from monitor.notify.edits import edited
from monitor.notify.message import summary
from monitor.store.notifications import TakenNotification
from monitor.store.queries import AlertRecord, ClaimRecord

#: How a stance reads between a name and what was said.
STANCES = {
    "assert": "says",
    "deny": "denies",
    "accuse": "accuses",
    "confirm": "confirms",
    "retract": "takes back",
    "question": "asks",
}


#: A message of more alerts gives each a line, not a paragraph.
_PARAGRAPHS = 5


def text(taken: TakenNotification) -> str:
    """Several lines, no line break at the end. Quotes stand whole; control characters are gone.

    Of several alerts a line that sums them up, then each: whole where they are few, else in a line.
    """
    if taken.written:
        return taken.written
    built_in = _built_in(taken)
    return f"{built_in}\n  note: {clean(taken.note)}" if taken.note else built_in


def _built_in(taken: TakenNotification) -> str:
    shown = (taken.alert, *taken.others)
    if taken.count == 1:
        return alert_text(taken.alert)
    lines = [f"[{taken.alert.severity.upper()}] {summary(taken)}"]
    if taken.count <= _PARAGRAPHS:
        lines += [alert_text(alert) for alert in shown]
    else:
        lines += [f"  {_line(alert)}" for alert in shown]
    if taken.count > len(shown):
        lines.append(f"  … and {taken.count - len(shown):,} more; `claimwatch alerts list` has all")
    return "\n".join(lines)


def _line(alert: AlertRecord) -> str:
    kind = alert.kind.replace("_", " ")
    return f"[{alert.severity.upper()}] {kind}: {clean(alert.headline)} (alert {alert.id})"


def alert_text(alert: AlertRecord) -> str:
    """One alert."""
    kind = alert.kind.replace("_", " ")
    lines = [f"[{alert.severity.upper()}] {kind}: {clean(alert.headline)}"]
    if alert.reason:
        lines.append(f"  why: {clean(alert.reason)}")
    if edit := edited(alert):
        lines.append(f"  edit: {edit}")
    marks = ("A", "B") if len(alert.claims) == 2 else tuple("•" * len(alert.claims))
    for mark, claim in zip(marks, alert.claims, strict=True):
        lines += _claim(mark, claim)
    rules = ", ".join(map(clean, alert.rules)) or "–"
    lines.append(f"  rules: {rules} · alert {alert.id} · {_time(alert.created_at)}")
    return "\n".join(lines)


def _claim(mark: str, claim: ClaimRecord) -> list[str]:
    article = claim.article
    publisher, speaker = clean(article.publisher), clean(claim.speaker.name)
    if claim.kind == "own_voice":
        who = f"{publisher or speaker}, in its own words"
    else:
        hedge = ", hedged" if claim.hedged else ""
        words = "" if claim.kind == "direct" else ", as the publisher puts it"
        who = f"{speaker} ({STANCES.get(claim.stance, claim.stance)}{hedge}{words}), in {publisher or '?'}"
    lines = [
        f"  {mark}  {who}, {_time(article.published_at or claim.first_seen_at)}",
        f"     “{clean(claim.quote)}”",
    ]
    if article.url:
        lines.append(f"     {clean(article.url)}")
    return lines


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
