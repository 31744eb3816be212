"""What pagers share: one incident for each conflict, by a key that its alerts share."""

from __future__ import annotations

from hashlib import blake2b

from monitor.core.alerting.health import RESOLVED
from monitor.notify.card import Card
from monitor.notify.markup import plain
from monitor.store.notifications import TakenNotification


def dedup_key(taken: TakenNotification) -> str:
    """The same for all alerts of a conflict; what belongs to none has its own."""
    alert = taken.alert
    if taken.count > 1:
        own = f"message:{taken.idempotency_key}"
    elif alert.group:
        own = f"group:{alert.group}"
    else:
        own = f"alert:{alert.labels.get(RESOLVED, alert.id)}"
    return f"claimwatch-{blake2b(own.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def is_resolved(taken: TakenNotification) -> bool:
    """Does it only say that an incident is over?"""
    return taken.count == 1 and RESOLVED in taken.alert.labels


def details(card: Card) -> dict[str, str]:
    """All that an incident shows beside its title, by name."""
    told = {"why": plain(card.reason)} | {
        one.letter or "claim": f"{plain(one.who)}: “{plain(one.quote)}” {one.url}".strip()
        for one in card.sides
    }
    told |= {f"alert {number}": plain(line) for number, line in enumerate(card.lines, 1)}
    return {name: value for name, value in (told | {"about": plain(card.foot)}).items() if value}
