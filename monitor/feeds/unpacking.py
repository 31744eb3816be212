"""Packed bodies, unpacked in small steps: gzip, deflate, brotli, zstd (RFC 1952, 1951, 7932, 8878).

Each step gives a hundred kilobytes at most, whatever went in, so that whoever counts can stop in time.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

from monitor.errors import FetchReason

_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
brotli: Any = None
zstd: Any = None
with suppress(ImportError):  # no wheel for this machine: what is missing is not asked for
    brotli = import_module("brotli")
with suppress(ImportError):
    zstd = import_module(_ZSTD)

_STEP = 64 << 10
#: gzip and zstd allow several streams in a row; each costs us a new decompressor.
_MOST_MEMBERS = 16
#: RFC 9659: over HTTP, nobody has to hold more than 8 MB of what was unpacked before.
_ZSTD_WINDOW_LOG = 23
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class BodyError(Exception):
    """The body is too large or not packed as it says."""

    def __init__(self, reason: FetchReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Unpacker(Protocol):
    """One packed body; every method raises BodyError or the library's own error (`ERRORS`)."""

    def steps(self, piece: bytes) -> Iterator[bytes]:
        """What the next bytes from the wire unpack to, in small steps."""

    def last(self) -> Iterator[bytes]:
        """What was left inside, at the end of the body."""

    @property
    def ended(self) -> bool:
        """Whether a stream has come to its end; a body that stops before was cut off."""


class _Members:
    """Streams in a row, each by a new decompressor; what follows the last is padding, and ignored."""

    magic = b""
    name = ""

    def __init__(self) -> None:
        self._members = 1
        self._padding = False
        self._stream = self._begin()

    def _begin(self) -> Any:
        raise NotImplementedError

    def _step(self, piece: bytes) -> tuple[bytes, bytes, bool]:
        """(unpacked, not looked at yet, whether to go on although there is nothing left to look at)"""
        raise NotImplementedError

    def steps(self, piece: bytes) -> Iterator[bytes]:
        more = bool(piece)
        while more and not self._padding:
            if self._stream.eof:
                if not self.magic or not piece.startswith(self.magic[: len(piece)]):
                    self._padding = True
                    return
                if self._members >= _MOST_MEMBERS:
                    raise BodyError(
                        FetchReason.BAD_ENCODING, f"more than {_MOST_MEMBERS} {self.name} streams in a row"
                    )
                self._members += 1
                self._stream = self._begin()
            unpacked, piece, again = self._step(piece)
            yield unpacked
            more = bool(piece) or again

    def last(self) -> Iterator[bytes]:
        return iter(())

    @property
    def ended(self) -> bool:
        return bool(self._stream.eof)


class _Gzip(_Members):
    magic = b"\x1f"
    name = "gzip"

    def _begin(self) -> Any:
        return zlib.decompressobj(_GZIP)

    def _step(self, piece: bytes) -> tuple[bytes, bytes, bool]:
        unpacked = self._stream.decompress(piece, _STEP)
        return unpacked, self._stream.unused_data if self.ended else self._stream.unconsumed_tail, False


class _Deflate(_Gzip):
    """Servers have always disagreed on what "deflate" is (RFC 9110 §8.4.1.2); two bytes tell."""

    magic = b""
    name = "deflate"

    def __init__(self) -> None:
        super().__init__()
        self._head: bytes | None = b""

    def _begin(self) -> Any:
        return zlib.decompressobj(_ZLIB)

    def steps(self, piece: bytes) -> Iterator[bytes]:
        if self._head is not None:
            self._head += piece
            if len(self._head) < 2:
                return
            piece, self._head = self._head, None
            if not _looks_like_zlib(piece):
                self._stream = zlib.decompressobj(_RAW)
        yield from super().steps(piece)

    def last(self) -> Iterator[bytes]:
        # A raw stream can end inside zlib's own buffer: ask once more, for what no input is left.
        if not self.ended:
            yield self._stream.decompress(b"", _STEP)


class _Zstd(_Members):
    magic = b"\x28\xb5\x2f\xfd"
    name = "zstd"

    def _begin(self) -> Any:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})

    def _step(self, piece: bytes) -> tuple[bytes, bytes, bool]:
        unpacked = self._stream.decompress(piece, _STEP)
        if self.ended:
            return unpacked, self._stream.unused_data, False
        return unpacked, b"", not self._stream.needs_input


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def steps(self, piece: bytes) -> Iterator[bytes]:
        unpacked = self._stream.process(piece, output_buffer_limit=_STEP)
        # It can say that it takes more while there is more to be had: ask until nothing comes.
        while unpacked:
            yield unpacked
            if self.ended:
                return
            unpacked = self._stream.process(b"", output_buffer_limit=_STEP)

    def last(self) -> Iterator[bytes]:
        return iter(())

    @property
    def ended(self) -> bool:
        return bool(self._stream.is_finished())


#: By the name in Content-Encoding.
UNPACKERS: Mapping[str, Callable[[], Unpacker]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    **({"br": _Brotli} if brotli else {}),
    **({"zstd": _Zstd} if zstd else {}),
}
#: What the libraries raise for a body that does not unpack.
ERRORS: tuple[type[Exception], ...] = (
    zlib.error,
    *((brotli.error,) if brotli else ()),
    *((zstd.ZstdError, EOFError) if zstd else ()),
)
#: What we ask for: servers choose among these by their own liking.
ACCEPTED = ", ".join(name for name in ("gzip", "br", "zstd") if name in UNPACKERS)


def _looks_like_zlib(piece: bytes) -> bool:
    # RFC 1950 §2.2: method 8, and the first two bytes are a multiple of 31.
    return piece[0] & 15 == 8 and (piece[0] << 8 | piece[1]) % 31 == 0
