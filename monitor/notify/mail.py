"""`smtp://` and `smtps://` send e-mail, in plain text and HTML, in one thread for each conflict.

`smtp://user:password@host:587/?from=claimwatch@example.org&to=desk@example.org,duty@example.org` asks for
STARTTLS and goes no further without it, unless `tls=none` says so; `smtps://` begins with TLS.
Sent means: the server took the message for all who are named (RFC 5321); one that refuses one of them gets
nothing, so that nobody hears twice.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import blake2b
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from monitor.core.lines import shorten
from monitor.errors import DeliveryError, FetchError
from monitor.errors import DeliveryReason as Reason
from monitor.notify import posting
from monitor.notify.card import Card, card
from monitor.notify.delivered import Delivered
from monitor.notify.outcomes import outcome_of_failure
from monitor.notify.text import text
from monitor.store.notifications import TakenNotification

if TYPE_CHECKING:
    from monitor.feeds.egress import Egress, Line

#: The part of addresses behind the @ of our own message ids (RFC 6761: it never exists).
_ID_HOST = "claimwatch.invalid"
_PORTS = {"smtp": 587, "smtps": 465}
_LONGEST_REPLY = 64 * 1024
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    host: str
    port: int
    # From the first byte on.
    tls: bool
    # STARTTLS before anything is said.
    upgrade: bool
    user: str
    password: str
    sender: str
    to: tuple[str, ...]


def check(url: str) -> str:
    try:
        _server(url)
    except ValueError as error:
        return str(error)
    return ""


async def send(taken: TakenNotification, url: str, egress: Egress) -> Delivered:
    server = _server(url)
    body = _message(taken, server).as_bytes(policy=SMTP)
    try:
        async with asyncio.timeout(posting.TIMEOUT_S), egress.connect(server.host, server.port) as line:
            said = await _Talk(line).hand_over(server, body)
    except TimeoutError:
        raise DeliveryError(Reason.TIMEOUT, f"no answer within {posting.TIMEOUT_S:.0f} s") from None
    except FetchError as error:
        raise DeliveryError(outcome_of_failure(error.reason), error.detail) from error
    return Delivered(status=250, detail=shorten(said, 200))


# ---------------------------------------------------------------- the receiver's URL


def _server(url: str) -> _Server:
    """Raises ValueError, in words without secrets."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("the mail server's address is malformed") from None
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = sorted(set(options) - {"from", "to", "tls"})
    if not host or port == 0:
        raise ValueError("smtp: needs a host: smtp://mail.example.org/?from=a@example.org&to=b@example.org")
    if unknown or parts.path not in ("", "/") or parts.fragment:
        raise ValueError("smtp: takes from, to and tls, and nothing else behind the host")
    if options.get("tls", "") not in ("", "none"):
        raise ValueError("smtp: tls=none is the only other way; without it STARTTLS is asked for")
    to = tuple(one.strip() for one in options.get("to", "").split(",") if one.strip())
    addresses = [options.get("from", ""), *to]
    if not to or not all(_ADDRESS.fullmatch(one) for one in addresses):
        raise ValueError("smtp: needs from=ADDRESS and to=ADDRESS,ADDRESS")
    return _Server(
        host=host,
        port=port or _PORTS[parts.scheme.lower()],
        tls=parts.scheme.lower() == "smtps",
        upgrade=parts.scheme.lower() == "smtp" and options.get("tls") != "none",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=addresses[0],
        to=to,
    )


# ---------------------------------------------------------------- the message


def _message(taken: TakenNotification, server: _Server) -> EmailMessage:
    shown = card(taken)
    made = EmailMessage(policy=SMTP)
    made["Subject"] = shorten(f"{shown.heading}: {shown.title}", 200)
    made["From"] = f"Claimwatch <{parseaddr(server.sender)[1]}>"
    made["To"] = ", ".join(server.to)
    made["Date"] = format_datetime(taken.attempted_at)
    # The same at every attempt, so that a mailbox can tell a repeat.
    made["Message-ID"] = f"<{taken.idempotency_key}@{_ID_HOST}>"
    thread = _thread(taken)
    if thread:
        made["References"] = made["In-Reply-To"] = thread
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text(taken) + "\n")
    made.add_alternative(_html(shown), subtype="html")
    return made


def _thread(taken: TakenNotification) -> str:
    """What all mails about one conflict refer to; empty: it belongs to none."""
    group = taken.alert.group if taken.count == 1 else None
    if not group:
        return ""
    return f"<{blake2b(group.encode('utf-8', 'replace'), digest_size=16).hexdigest()}@{_ID_HOST}>"


def _html(shown: Card) -> str:
    def side(letter: str, who: str, quote: str, url: str, host: str) -> str:
        link = f'<p><a href="{escape(url)}">{escape(host)}</a></p>' if url else ""
        return (
            f'<td style="vertical-align:top;padding:8px;border:1px solid #ddd"><p><b>{escape(letter)}</b> '
            f"{escape(who)}</p><blockquote>{escape(quote)}</blockquote>{link}</td>"
        )

    sides = "".join(side(one.letter, one.who, one.quote, one.url, one.host) for one in shown.sides)
    lines = "".join(f"<li>{escape(line)}</li>" for line in shown.lines)
    return (
        f'<html><body><h3 style="color:#{shown.colour:06x}">{escape(shown.heading)}</h3>'
        f"<p>{escape(shown.title)}</p><p>{escape(shown.reason)}</p>"
        + (f"<table><tr>{sides}</tr></table>" if sides else "")
        + (f"<ul>{lines}</ul>" if lines else "")
        + f"<p><small>{escape(shown.foot)}</small></p></body></html>\n"
    )


# ---------------------------------------------------------------- the conversation


class _Talk:
    """As much of RFC 5321 as it takes to hand over one message."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._read = b""

    async def hand_over(self, server: _Server, body: bytes) -> str:
        """What the server said when it took the message. Raises DeliveryError where it does not."""
        if server.tls:
            await self._line.start_tls(server.host)
        await self._expect("", (220,))
        offered = await self._expect("EHLO claimwatch", (250,))
        if server.upgrade:
            if "STARTTLS" not in offered.upper():
                raise DeliveryError(Reason.REFUSED, "the server offers no STARTTLS; tls=none does without")
            await self._expect("STARTTLS", (220,))
            # What was sent before the handshake is not from the server we then know.
            self._read = b""
            await self._line.start_tls(server.host)
            await self._expect("EHLO claimwatch", (250,))
        if server.user:
            token = base64.b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
            await self._expect(f"AUTH PLAIN {token}", (235,), shown="AUTH")
        await self._expect(f"MAIL FROM:<{server.sender}>", (250,))
        for one in server.to:
            await self._expect(f"RCPT TO:<{one}>", (250, 251))
        await self._expect("DATA", (354,))
        # RFC 5321 §4.5.2: a line that begins with a dot gets another one.
        stuffed = re.sub(rb"(?m)^\.", b"..", body)
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        said = await self._answer(stuffed + end, (250,), "the message")
        return said

    async def _expect(self, command: str, wanted: Sequence[int], shown: str = "") -> str:
        sent = f"{command}\r\n".encode() if command else b""
        return await self._answer(sent, wanted, shown or command.partition(":")[0])

    async def _answer(self, sent: bytes, wanted: Sequence[int], asked: str) -> str:
        if sent:
            await self._line.write(sent)
        code, said = await self._reply()
        if code in wanted:
            return said
        reason = Reason.REFUSED if code >= 500 else Reason.RECEIVER_FAILED
        told = f"the server answered {code} to {asked or 'our call'}: {shorten(said, 200)}"
        raise DeliveryError(reason, told, status=code)

    async def _reply(self) -> tuple[int, str]:
        lines: list[str] = []
        while True:
            while b"\n" not in self._read:
                more = await self._line.read(4096)
                if not more or len(self._read) > _LONGEST_REPLY:
                    raise DeliveryError(Reason.CONNECT, "the mail server broke off")
                self._read += more
            line, _, self._read = self._read.partition(b"\n")
            shown = line.decode("utf-8", "replace").strip()
            if not re.match(r"[2-5]\d\d(?:[ -]|$)", shown) or len(lines) > 100:
                raise DeliveryError(Reason.CONNECT, "what answers there is no mail server")
            lines.append(shown[4:])
            if shown[3:4] != "-":
                return int(shown[:3]), " ".join(lines)
