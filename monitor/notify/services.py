"""What chats and pagers share: each is a body that its own file makes, posted to the address in its URL.

Their table is `channels.SERVICES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.errors import DeliveryReason
from monitor.notify import incidents, posting
from monitor.notify.card import Card, card
from monitor.notify.delivered import Delivered
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress

# The card is what the notification shows; the options are those of the URL.
Body = Callable[[Card, TakenNotification, Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    body: Body
    # How its URLs look, without the channel in front.
    example: str
    # Options of the URL's query that are ours to use, not sent as a query: it does not work without these …
    options: tuple[str, ...] = ()
    # … and it does without these.
    optional: tuple[str, ...] = ()
    # Of the first the one that goes as a header, and the header's value with {} for it.
    header: tuple[str, str, str] | None = None
    # It keeps incidents, and wants to hear that one is over.
    resolves: bool = False
    # The path behind the address where that is told, with {} for the incident's key, and its query.
    close: tuple[str, str] | None = None
    # Statuses that do not mean what they mean everywhere else.
    answers: Mapping[int, DeliveryReason] = field(default_factory=dict)


def check(name: str, service: Service, url: str) -> str:
    """What is wrong with the URL of a service of this name, in words; empty: nothing."""
    example = f"{name}+{service.example}"
    complaint = posting.check_address(url, example=example)
    if complaint:
        return complaint
    _, options = _options(service, urlsplit(url).query)
    missing = [option for option in service.options if not options.get(option)]
    return f"the address needs {missing[0]}=…: {example}" if missing else ""


async def send(service: Service, taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    """Post what the service makes of it. Raises DeliveryError where it is not accepted."""
    address, credentials = posting.http_address(url)
    parts = urlsplit(address)
    query, options = _options(service, parts.query)
    headers = posting.plain_headers(taken) | credentials
    if service.header is not None:
        option, header, value = service.header
        headers[header] = value.format(options.pop(option))
    if service.close is not None and incidents.is_resolved(taken):
        path, more = service.close
        parts = parts._replace(path=parts.path.rstrip("/") + path.format(incidents.dedup_key(taken)))
        query = "&".join(filter(None, (query, more)))
    body = json.dumps(service.body(card(taken), taken, options), ensure_ascii=True).encode()
    address = urlunsplit(parts._replace(query=query))
    return await posting.post(egress, address, body, headers, answers=service.answers)


def _options(service: Service, query: str) -> tuple[str, dict[str, str]]:
    """What stays in the query, and our options out of it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    ours = {*service.options, *service.optional}
    options = {name: value for name, value in pairs if name in ours}
    rest = [(name, value) for name, value in pairs if name not in ours]
    return (urlencode(rest) if options else query), options
