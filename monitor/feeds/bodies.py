"""Bodies of answers, counted on the wire and while they are unpacked.

HTTP libraries bound neither: 275 bytes can unpack to gigabytes in one step.
"""

from __future__ import annotations

import zlib

from monitor.errors import FetchReason

#: Most bytes on the wire, and most once unpacked.
WIRE_BYTES = 8 << 20
DECODED_BYTES = 16 << 20
#: Beyond the first megabyte, most bytes out of one byte in.
MOST_RATIO = 200
_RATIO_FROM = 1 << 20
_STEP = 64 << 10
#: gzip allows several streams in a row (RFC 1952 §2.2); each costs us a new decompressor.
_MOST_MEMBERS = 16
_GZIP_FIRST_BYTE = 0x1F

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class BodyError(Exception):
    """The body is too large or not packed as it says."""

    def __init__(self, reason: FetchReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class BoundedBody:
    """Takes a body in pieces, gives it whole; never holds more than the limits.

    `content_encoding` is the header: gzip, deflate, identity or empty; one coding only.
    Raises BodyError from every method.
    """

    def __init__(
        self, content_encoding: str, *, wire_bytes: int = WIRE_BYTES, decoded_bytes: int = DECODED_BYTES
    ) -> None:
        codings = [part.strip().lower() for part in content_encoding.split(",")]
        codings = [part for part in codings if part not in ("", "identity")]
        if len(codings) > 1 or (codings and codings[0] not in ("gzip", "x-gzip", "deflate")):
            raise BodyError(
                FetchReason.BAD_ENCODING,
                f"the answer is packed as {', '.join(codings)[:80]!r}; we asked for gzip only",
            )
        self._wire_bytes = wire_bytes
        self._decoded_bytes = decoded_bytes
        self._out = bytearray()
        self._wire = 0
        self._members = 1
        self._padding = False
        self._deflate = bool(codings) and codings[0] == "deflate"
        self._head: bytes | None = b"" if self._deflate else None
        self._unpacker = zlib.decompressobj(_ZLIB if self._deflate else _GZIP) if codings else None

    def feed(self, piece: bytes) -> None:
        """The next bytes from the wire."""
        self._wire += len(piece)
        if self._wire > self._wire_bytes:
            raise too_large(self._wire_bytes, "on the wire")
        if self._unpacker is None:
            self._out += piece
            self._check_size()
            return
        if self._head is not None:
            # Servers have always disagreed on what "deflate" is (RFC 9110 §8.4.1.2); two bytes tell.
            piece = self._head + piece
            if len(piece) < 2:
                self._head = piece
                return
            self._head = None
            if not _looks_like_zlib(piece):
                self._unpacker = zlib.decompressobj(_RAW)
        self._unpack(piece)

    def finish(self) -> bytes:
        """The whole body."""
        if self._unpacker is not None and self._wire and not self._unpacker.eof:
            # A raw stream can end inside zlib's own buffer: ask once more, for what no input is left.
            self._out += self._decompress(self._unpacker, b"")
            self._check_size()
        if self._unpacker is not None and self._wire and not self._unpacker.eof:
            raise BodyError(FetchReason.BAD_ENCODING, "the packed answer ends early")
        return bytes(self._out)

    def _unpack(self, piece: bytes) -> None:
        while piece:
            assert self._unpacker is not None
            if self._unpacker.eof:
                # Another stream, or padding, which everybody ignores.
                if self._deflate or self._padding or piece[0] != _GZIP_FIRST_BYTE:
                    self._padding = True
                    return
                if self._members >= _MOST_MEMBERS:
                    raise BodyError(
                        FetchReason.BAD_ENCODING, f"more than {_MOST_MEMBERS} gzip streams in a row"
                    )
                self._members += 1
                self._unpacker = zlib.decompressobj(_GZIP)
            self._out += self._decompress(self._unpacker, piece)
            self._check_size()
            piece = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail

    def _decompress(self, unpacker: zlib._Decompress, piece: bytes) -> bytes:
        try:
            return unpacker.decompress(piece, _STEP)
        except zlib.error as error:
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
    if not body.startswith(b"\x1f\x8b"):
        return body
    file = BoundedBody("gzip")
    file.feed(body)
    return file.finish()


def too_large(limit: int, where: str) -> BodyError:
    """What is said of a body over `limit` bytes."""
    return BodyError(FetchReason.TOO_LARGE, f"the answer is larger than {limit >> 20} MB {where}")


def _looks_like_zlib(piece: bytes) -> bool:
    # RFC 1950 §2.2: method 8, and the first two bytes are a multiple of 31.
    return piece[0] & 15 == 8 and (piece[0] << 8 | piece[1]) % 31 == 0
