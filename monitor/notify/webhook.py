"""`webhook+http(s)://…` posts each message as JSON, signed where the URL has keys. Sent means: 2xx."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.notify import posting
from monitor.notify.delivered import Delivered
from monitor.notify.message import VERSION, payload
from monitor.notify.signing import read_keys, signature_headers
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress


def check(url: str) -> str:
    complaint = posting.check_address(url, example="webhook+https://alerts.example.org/hook", fragment=True)
    if complaint:
        return complaint
    try:
        read_keys(urlsplit(url).fragment)
    except ValueError as error:
        return str(error)
    return ""


async def send(taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    address, credentials = posting.http_address(url)
    body = json.dumps(payload(taken), ensure_ascii=False, separators=(",", ":")).encode()
    signed = signature_headers(read_keys(urlsplit(url).fragment), taken.attempted_at, body)
    headers = posting.plain_headers(taken) | {
        "Claimwatch-Alert-Kind": taken.alert.kind if taken.count == 1 else taken.kind,
        "Claimwatch-Payload-Version": str(VERSION),
        "Claimwatch-Attempt": str(taken.attempt),
    }
    return await posting.post(egress, address, body, headers | credentials | signed)
