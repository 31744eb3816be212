"""Large files and questions to services, through the same egress as feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from monitor.errors import FetchReason
from monitor.feeds import headers as header
from monitor.feeds.answers import Answered, Opened
from monitor.feeds.egress import MOST_REDIRECTS, Egress
from monitor.feeds.failures import from_status, refused, timed_out
from monitor.feeds.web_urls import check_url, next_target

_REDIRECTS = (301, 302, 303, 307, 308)
# As it lies on the server: a checksum is of these bytes.
_UNPACKED = {"Accept": "*/*", "Accept-Encoding": "identity"}


async def download(
    egress: Egress,
    url: str,
    *,
    start: int,
    begin: Callable[[int, int | None], None],
    write: Callable[[bytes], None],
    patience: float,
) -> None:
    """The file behind a URL, piece by piece, from byte `start` on.

    `begin` is told once where the pieces start (0 where the server sends the whole file all the same) and
    the size of the whole file, where the server says it. `patience`: seconds without a byte. Redirects are
    followed. Raises FetchError, and whatever `begin` and `write` raise.
    """
    asked = dict(_UNPACKED) | ({"Range": f"bytes={start}-"} if start else {})
    here = url
    try:
        for _ in range(MOST_REDIRECTS + 1):
            async with asyncio.timeout(patience) as limit, egress.open("GET", here, asked) as answer:
                if answer.status in _REDIRECTS and "location" in answer.headers:
                    here = str(next_target(url, check_url(here), answer.headers["location"]))
                    continue
                if answer.status == 416 and start:
                    # There is nothing after what we have: the file ends here.
                    begin(start, start)
                    return
                if answer.status not in (200, 206):
                    wait = header.retry_after_s(answer.headers, now=_now())
                    raise from_status(url, answer.status, wait)
                begin(*_extent(url, answer, start))
                async for piece in answer.pieces:
                    write(piece)
                    limit.reschedule(asyncio.get_running_loop().time() + patience)
                return
    except TimeoutError as error:
        raise timed_out(url, patience) from error
    raise refused(url, FetchReason.TOO_MANY_REDIRECTS, f"more than {MOST_REDIRECTS} redirects, to {here}")


def _extent(url: str, answer: Opened, start: int) -> tuple[int, int | None]:
    """Where the body starts in the file, and how long the file is."""
    if answer.status == 200:
        length = answer.headers.get("content-length", "")
        return 0, int(length) if length.isdecimal() and len(length) < 20 else None
    unit, _, rest = answer.headers.get("content-range", "").partition(" ")
    first, _, size = rest.partition("/")
    begins = first.partition("-")[0]
    if unit != "bytes" or begins != str(start):
        raise refused(url, FetchReason.PROTOCOL, f"asked for byte {start} on, the server sends {rest[:60]!r}")
    return start, int(size) if size.isdecimal() and len(size) < 20 else None


async def ask(
    egress: Egress,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float,  # whole time of the exchange, as for `Egress.post`
    most_bytes: int,
) -> Answered:
    """What a service answers to `body`, whatever the status; redirects are not followed.

    Paths and headers may be secrets: errors name the host alone. Raises FetchError where no answer of at
    most `most_bytes` comes in time.
    """
    try:
        async with (
            asyncio.timeout(timeout),
            egress.open(
                "POST", url, {"Accept-Encoding": "identity"} | dict(headers), body, secret=True
            ) as answer,
        ):
            content = bytearray()
            async for piece in answer.pieces:
                content += piece
                if len(content) > most_bytes:
                    raise refused(_host(url), FetchReason.TOO_LARGE, f"more than {most_bytes:,} bytes")
            wait = header.retry_after_s(answer.headers, now=_now())
            return Answered(status=answer.status, body=bytes(content), retry_after_s=wait)
    except TimeoutError as error:
        raise timed_out(_host(url), timeout) from error


def _host(url: str) -> str:
    target = check_url(url, secret=True)
    return f"{target.scheme}://{target.netloc.decode('ascii', 'replace')}"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # dates in headers count from the moment of the answer
