"""Chats and pagers by URL: `slack+https://…` and the like post what `chats` and `pagers` make."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.notify import chats, pagers, posting
from monitor.notify.card import Card, card
from monitor.notify.delivered import Delivered
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress

Body = Callable[[Card, TakenNotification, dict[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    body: Body
    # How its URLs look, without the channel in front.
    example: str
    # Options of the URL's query that are ours to use, all of them required, and not sent as a query.
    options: tuple[str, ...] = ()
    # Of these the one that goes as a header, and the header's value with {} for it.
    header: tuple[str, str, str] | None = None
    # It keeps incidents, and wants to hear that one is over.
    resolves: bool = False
    # The path behind the address where that is told, with {} for the incident's key, and its query.
    close: tuple[str, str] | None = None


def _chat(made: Callable[[Card, dict[str, str]], dict[str, Any]]) -> Body:
    return lambda shown, _, options: made(shown, options)


#: To add one: its body in `chats` or `pagers`, a row here, rows in tests/notify, a row in docs/alerts.md.
SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        "slack": Service(body=_chat(chats.slack), example="https://hooks.slack.example/services/T0/B0/x"),
        "mattermost": Service(body=_chat(chats.mattermost), example="https://chat.example.org/hooks/x"),
        "discord": Service(body=_chat(chats.discord), example="https://discord.example/api/webhooks/1/x"),
        "teams": Service(body=_chat(chats.teams), example="https://flow.example.org/hooks/x"),
        "telegram": Service(
            body=_chat(chats.telegram),
            example="https://api.telegram.example/botTOKEN/sendMessage?chat_id=-100",
            options=("chat_id",),
        ),
        "pagerduty": Service(
            body=pagers.pagerduty,
            example="https://events.pagerduty.example/v2/enqueue?routing_key=x",
            options=("routing_key",),
            resolves=True,
        ),
        "opsgenie": Service(
            body=pagers.opsgenie,
            example="https://api.opsgenie.example/v2/alerts?key=x",
            options=("key",),
            header=("key", "Authorization", "GenieKey {}"),
            resolves=True,
            close=("/{}/close", "identifierType=alias"),
        ),
    }
)


def checking(name: str) -> Callable[[str], str]:
    """The check of the URLs of a service."""
    return partial(_check, name)


def sending(name: str) -> Callable[[TakenNotification, str, Egress], Any]:
    """What sends to a service."""
    return partial(_send, name)


def _check(name: str, url: str) -> str:
    service = SERVICES[name]
    example = f"{name}+{service.example}"
    complaint = posting.check_address(url, example=example)
    if complaint:
        return complaint
    _, options = _options(service, urlsplit(url).query)
    missing = [option for option in service.options if not options.get(option)]
    return f"the address needs {missing[0]}=…: {example}" if missing else ""


async def _send(name: str, taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    service = SERVICES[name]
    address, credentials = posting.http_address(url)
    parts = urlsplit(address)
    query, options = _options(service, parts.query)
    headers = posting.plain_headers(taken) | credentials
    if service.header is not None:
        option, header, value = service.header
        headers[header] = value.format(options.pop(option))
    if service.close is not None and pagers.is_resolved(taken):
        path, more = service.close
        parts = parts._replace(path=parts.path.rstrip("/") + path.format(pagers.dedup_key(taken)))
        query = "&".join(filter(None, (query, more)))
    body = json.dumps(service.body(card(taken), taken, options), ensure_ascii=True).encode()
    return await posting.post(egress, urlunsplit(parts._replace(query=query)), body, headers)


def _options(service: Service, query: str) -> tuple[str, dict[str, str]]:
    """What stays in the query, and our options out of it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    options = {name: value for name, value in pairs if name in service.options}
    rest = [(name, value) for name, value in pairs if name not in service.options]
    return (urlencode(rest) if options else query), options
