"""What keeps a notification back when it would go out: decided here, looked up elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.core.alerting.inhibition import AlertOut, inhibited
from monitor.core.alerting.lifecycle import Acknowledgement
from monitor.core.alerting.own import TEST
from monitor.core.alerting.silences import Silence, holding
from monitor.core.types import Inhibition, Restraint, Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Why it does not go out."""

    reason: Suppression
    detail: str
    # It is looked at again then; None: never, unless somebody lets go of it.
    until: datetime | None = None
    silence_id: int | None = None


def stops_when_acknowledged(asked: Restraint) -> bool:
    """Is it a repeat or an escalation? A first telling goes out whoever has acknowledged the alert."""
    return asked.escalate_after is not None or asked.not_before is not None


def kept_back(
    *,
    alert_id: int,
    labels: Mapping[str, str],
    receiver: str,
    asked: Restraint,
    acknowledged: Acknowledgement | None,
    silences: Iterable[Silence],
    inhibitions: Iterable[Inhibition],
    out: Sequence[AlertOut],
    now: datetime,
) -> Kept | None:
    """What keeps back a notification of this alert for this receiver; None: nothing does.

    A silence comes before an inhibition, and that before an acknowledgement: the first says most about why.
    """
    by = holding(silences, dict(labels) | {"receiver": receiver}, now)
    if by is not None:
        return Kept(reason=Suppression.SILENCE, detail=_words(by), silence_id=by.id)
    if TEST not in labels:
        needless = inhibited(alert_id, labels, inhibitions, out, now)
        if needless is not None:
            return Kept(reason=Suppression.INHIBITED, detail=needless.said)
    if acknowledged is not None and stops_when_acknowledged(asked):
        until = acknowledged.expires_at
        said = f"{acknowledged.said}, until {_shown(until)}" if until else acknowledged.said
        return Kept(reason=Suppression.ACKNOWLEDGED, detail=said, until=until)
    return None


def _words(by: Silence) -> str:
    who = f" by {by.author}" if by.author else ""
    why = f": {by.comment}" if by.comment else ""
    return f"silence {by.id}{who}, until {_shown(by.ends_at)}{why}"


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
