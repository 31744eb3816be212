"""Which hub a feed offers (W3C WebSub §4), and asking it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode, urljoin

from monitor.core.types import NO_HUB, Hub
from monitor.core.websub import WANTED_LEASE
from monitor.errors import FetchError, FetchReason
from monitor.feeds.egress import Egress
from monitor.feeds.failures import refused
from monitor.feeds.web_urls import check_url, next_target
from monitor.feeds.wishes import frame_of

#: Seconds for one request to a hub, and redirects in a row.
HUB_SECONDS = 15.0
MOST_REDIRECTS = 3
#: Only these keep the method and the body.
_REDIRECTS = (307, 308)

_LINK_HEADER = re.compile(r"<([^<>]{1,2048})>((?:\s*;[^,<>\"]{0,200}(?:\"[^\"]{0,500}\")?){1,10})")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
# Found by an expression in half the time that `in` takes.
_HUB = re.compile(rb"hub")
_LINK_TAG = re.compile(rb"<(?:\w{1,20}:)?link\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w:])([\w:]{1,40})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)')")


def offered(link_header: str, body: bytes, url: str) -> Hub:
    """The hub and the topic of a feed that came from `url`; NO_HUB: it offers none that can be asked.

    What the headers say goes before the document; without `rel=self` the topic is the address itself.
    """
    in_headers = {rel: href for href, rels in _of_headers(link_header) for rel in reversed(rels)}
    in_document = {rel: href for href, rels in _of_document(body) for rel in reversed(rels)}
    found = in_document | in_headers
    return checked(Hub(found.get("hub", ""), found.get("self", "")), url)


def checked(named: Hub, url: str) -> Hub:
    """A hub as the document at `url` names it, made absolute; NO_HUB: it cannot be asked."""
    if not named.url:
        return NO_HUB
    try:
        return Hub(str(check_url(urljoin(url, named.url))), str(check_url(urljoin(url, named.topic or url))))
    except (FetchError, ValueError):
        return NO_HUB


def _of_headers(header: str) -> list[tuple[str, list[str]]]:
    """(address, relations) of each link, last first, so that the first one wins."""
    links = []
    for found in _LINK_HEADER.finditer(header):
        rel = _REL.search(found[2])
        links.append((found[1], (rel[1] or rel[2] or "").lower().split() if rel else []))
    return links[::-1]


def _of_document(body: bytes) -> list[tuple[str, list[str]]]:
    if _HUB.search(body) is None:  # most feeds
        return []
    links = []
    for found in _LINK_TAG.finditer(frame_of(body)):
        written = found[1].decode("utf-8", "replace")
        given = {name.lower(): unescape(one or other) for name, one, other in _ATTRIBUTE.findall(written)}
        links.append((given.get("href", "").strip(), given.get("rel", "").lower().split()))
    return [link for link in links[::-1] if link[0]]


async def ask_hub(egress: Egress, hub: Hub, *, mode: str, callback: str, secret: str) -> None:
    """Send a request to subscribe or unsubscribe. Raises FetchError, with the host only, where it is refused.

    The hub's address is checked and pinned like any other, and so is where it redirects to.
    """
    asked = {"hub.callback": callback, "hub.mode": mode, "hub.topic": hub.topic}
    if mode == "subscribe":
        asked |= {"hub.lease_seconds": f"{WANTED_LEASE.total_seconds():.0f}", "hub.secret": secret}
    body = urlencode(asked).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    target = check_url(hub.url)
    for _ in range(MOST_REDIRECTS + 1):
        answer = await egress.post(str(target), body, headers, timeout=HUB_SECONDS)
        if answer.status in _REDIRECTS and "location" in answer.headers:
            target = next_target(hub.url, target, answer.headers["location"])
            continue
        if not 200 <= answer.status < 300:
            # Not a word of its answer: it may hold the secret that we sent.
            detail = f"the hub answers HTTP {answer.status}"
            raise refused(hub.url, FetchReason.HTTP_STATUS, detail, status=answer.status)
        return
    raise refused(hub.url, FetchReason.TOO_MANY_REDIRECTS, f"more than {MOST_REDIRECTS} redirects")
