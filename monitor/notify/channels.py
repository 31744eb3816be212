"""The table of channels by URL scheme, and the one door through which every notification leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitor.errors import DeliveryError, DeliveryReason
from monitor.notify import (
    apprise,
    discord,
    file,
    mail,
    mattermost,
    opsgenie,
    pagerduty,
    services,
    slack,
    stdout,
    teams,
    telegram,
    webhook,
)
from monitor.notify.delivered import Delivered
from monitor.notify.secrets import scrub
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress

Send = Callable[[TakenNotification, str, "Egress"], Awaitable[Delivered]]
# The complaint about a receiver's URL, in words; empty: none. Looks at the URL alone.
Check = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way out."""

    send: Send
    check: Check
    # How its URLs look, for error messages.
    example: str
    # It keeps incidents, and wants to hear that one is over.
    resolves: bool = False


#: Chats and pagers by name, each over https and, in one's own network, http.
#: To add one: its file, a row here, rows in tests/notify, a row in docs/alerts.md.
SERVICES: Mapping[str, services.Service] = MappingProxyType(
    {
        "slack": slack.SERVICE,
        "mattermost": mattermost.SERVICE,
        "discord": discord.SERVICE,
        "teams": teams.SERVICE,
        "telegram": telegram.SERVICE,
        "pagerduty": pagerduty.SERVICE,
        "opsgenie": opsgenie.SERVICE,
        "apprise": apprise.SERVICE,
    }
)

#: URL scheme → channel. To add one: its file, a row here, rows in tests/notify, a row in docs/alerts.md.
CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {
        "stdout": Channel(send=stdout.send, check=stdout.check, example="stdout: or stdout:?format=json"),
        "file": Channel(send=file.send, check=file.check, example="file:/var/log/claimwatch/alerts.jsonl"),
        "webhook+https": Channel(
            send=webhook.send, check=webhook.check, example="webhook+https://alerts.example.org/hook"
        ),
        "webhook+http": Channel(
            send=webhook.send, check=webhook.check, example="webhook+http://127.0.0.1:9000/hook"
        ),
    }
    | {
        scheme: Channel(
            send=mail.send,
            check=mail.check,
            example=f"{scheme}://mail.example.org/?from=claimwatch@example.org&to=desk@example.org",
        )
        for scheme in ("smtp", "smtps")
    }
    | {
        f"{name}+{scheme}": Channel(
            send=partial(services.send, service),
            check=partial(services.check, name, service),
            example=f"{name}+{service.example}".replace("+https:", f"+{scheme}:"),
            resolves=service.resolves,
        )
        for name, service in SERVICES.items()
        # Plain http is for one's own network: the egress allows it only there.
        for scheme in ("https", "http")
    }
)


async def deliver(taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    """Send one notification to the receiver at this URL; comes back only when the receiver accepted it.

    Raises DeliveryError with a reason from the closed list; `retryable(reason)` says whether to try again.
    Neither the answer's detail nor the error holds secrets of the URL.
    """
    complaint = check_receiver_url(url)
    if complaint:
        raise DeliveryError(DeliveryReason.BAD_RECEIVER, f"receiver {taken.receiver!r}: {complaint}")
    try:
        delivered = await CHANNELS[_scheme(url)].send(taken, url, egress)
    except DeliveryError as error:
        raise DeliveryError(
            error.reason, scrub(error.detail, url), status=error.status, retry_after_s=error.retry_after_s
        ) from None  # the cause may quote the URL
    return Delivered(status=delivered.status, detail=scrub(delivered.detail, url))


def resolves(url: str) -> bool:
    """Does the channel of this URL want to hear that an alert is resolved?"""
    channel = CHANNELS.get(_scheme(url))
    return channel is not None and channel.resolves


def check_receiver_url(url: str) -> str:
    """What is wrong with a receiver's URL, in words, without its secrets; empty: nothing. Pure."""
    scheme = _scheme(url)
    channel = CHANNELS.get(scheme)
    if channel is not None:
        return channel.check(url)
    known = ", ".join(sorted(f"{name}:" for name in CHANNELS))
    if scheme in ("http", "https"):
        return f"{scheme}: is not a channel; write webhook+{scheme}: (known: {known})"
    named = f"unknown channel {scheme}:" if scheme else "the URL has no scheme"
    return f"{named} (known: {known})"


def _scheme(url: str) -> str:
    scheme, colon, _ = url.partition(":")
    usable = colon and scheme.isascii() and all(part.isalnum() for part in scheme.split("+"))
    return scheme.lower() if usable else ""
