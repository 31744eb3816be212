"""Bodies of answers, counted on the wire and while they are unpacked.

HTTP libraries bound neither: 275 bytes can unpack to gigabytes in one step.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.errors import FetchReason
from monitor.feeds.unpacking import ACCEPTED, ERRORS, UNPACKERS, BodyError

__all__ = ["BodyError", "BoundedBody", "too_large"]

#: Most bytes on the wire, and most once unpacked.
WIRE_BYTES = 8 << 20
DECODED_BYTES = 16 << 20
#: Beyond the first megabyte, most bytes out of one byte in.
MOST_RATIO = 200
_RATIO_FROM = 1 << 20


class BoundedBody:
    """Takes a body in pieces, gives it whole; never holds more than the limits.

    `content_encoding` is the header: one coding of `monitor.feeds.unpacking`, identity or empty.
    Raises BodyError from every method.
    """

    def __init__(
        self, content_encoding: str, *, wire_bytes: int = WIRE_BYTES, decoded_bytes: int = DECODED_BYTES
    ) -> None:
        codings = [part.strip().lower() for part in content_encoding.split(",")]
        codings = [part for part in codings if part not in ("", "identity")]
        if len(codings) > 1 or (codings and codings[0] not in UNPACKERS):
            raise BodyError(
                FetchReason.BAD_ENCODING,
                f"the answer is packed as {', '.join(codings)[:80]!r}; we asked for one of {ACCEPTED}",
            )
        self._wire_bytes = wire_bytes
        self._decoded_bytes = decoded_bytes
        self._out = bytearray()
        self._wire = 0
        self._unpacker = UNPACKERS[codings[0]]() if codings else None

    def feed(self, piece: bytes) -> None:
        """The next bytes from the wire."""
        self._wire += len(piece)
        if self._wire > self._wire_bytes:
            raise too_large(self._wire_bytes, "on the wire")
        self._take((piece,) if self._unpacker is None else self._unpacker.steps(piece))

    def finish(self) -> bytes:
        """The whole body."""
        if self._unpacker is not None and self._wire:
            self._take(self._unpacker.last())
            if not self._unpacker.ended:
                raise BodyError(FetchReason.BAD_ENCODING, "the packed answer ends early")
        return bytes(self._out)

    def _take(self, unpacked: Iterable[bytes]) -> None:
        try:
            for step in unpacked:
                self._out += step
                self._check_size()
        except ERRORS as error:
            raise BodyError(
                FetchReason.BAD_ENCODING, f"the answer does not unpack: {str(error)[:120]}"
            ) from error

    def _check_size(self) -> None:
        size = len(self._out)
        if size > self._decoded_bytes:
            raise too_large(self._decoded_bytes, "unpacked")
        if self._unpacker is not None and size > _RATIO_FROM and size > MOST_RATIO * self._wire:
            raise BodyError(
                FetchReason.TOO_LARGE,
                f"{self._wire:,} bytes unpack to more than {MOST_RATIO} times as much: a compression bomb",
            )


def unpacked_file(body: bytes) -> bytes:
    """What is in a gzip file, as sitemaps often are (sitemap.xml.gz); any other body as it is.

    Raises BodyError, by the same limits as for packed answers.
    """
    if not is_packed_file(body):
        return body
    file = BoundedBody("gzip")
    file.feed(body)
    return file.finish()


def is_packed_file(body: bytes) -> bool:
    """Whether a body begins as a gzip file does."""
    return body.startswith(b"\x1f\x8b")


def too_large(limit: int, where: str) -> BodyError:
    """What is said of a body over `limit` bytes."""
    return BodyError(FetchReason.TOO_LARGE, f"the answer is larger than {limit >> 20} MB {where}")
