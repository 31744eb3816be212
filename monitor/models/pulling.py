"""Fetch a model's files, check them, and put them in place all at once.

Nothing is visible under the model's name before every checksum is right. What was fetched stays when the
connection breaks, and the next call goes on from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from monitor.config import Settings
from monitor.errors import ClaimwatchError, FetchError, FetchReason, ModelError, UsageError
from monitor.models.catalog import MANIFEST, ModelPin, PinnedFile
from monitor.models.folders import sha256_of
from monitor.models.loading import MODELS

#: Largest file, in bytes: weights, and everything else.
MOST_BYTES = {"model.onnx": 4 << 30}
MOST_OTHER = 64 << 20
#: Left free on the disk, in bytes.
_SPARE = 64 << 20
_UNFINISHED = ".unfinished"
#: Another try can succeed.
_AWAY = frozenset(
    {
        FetchReason.DNS,
        FetchReason.CONNECT,
        FetchReason.TIMEOUT,
        FetchReason.PROTOCOL,
        FetchReason.RATE_LIMITED,
    }
)


class Fetch(Protocol):
    """The way out: the file at `url` from byte `start` on. Raises FetchError."""

    def __call__(
        self,
        url: str,
        start: int,
        begin: Callable[[int, int | None], None],
        write: Callable[[bytes], None],
    ) -> None: ...


def pull(
    pin: ModelPin, settings: Settings, fetch: Fetch, show: Callable[[str, int, int | None], None]
) -> Path:
    """The folder of the model, with the pinned files in it and the checksums of those that had none.

    `show` is told (file, bytes so far, bytes in all or None). Raises ModelError; then whatever was in place
    before still is.
    """
    home = settings.data_dir / MODELS
    with _alone(home, pin) as unfinished:
        files: dict[str, PinnedFile] = {}
        for name, wanted in pin.files.items():
            url = pin.url_of(name, settings.models_hub)
            part = _Part(unfinished / name, name, wanted, show)
            part.fetch(pin, url, fetch)
            files[name] = part.verified(pin)
        whole = replace(pin, files=files)
        _write(unfinished / MANIFEST, json.dumps(asdict(whole), indent=1).encode())
        return _put_in_place(unfinished, home / pin.name)


class _Part:
    """A file on its way."""

    def __init__(
        self, path: Path, name: str, wanted: PinnedFile, show: Callable[[str, int, int | None], None]
    ) -> None:
        self._path = path
        self._name = name
        self._wanted = wanted
        self._show = show
        self._most = MOST_BYTES.get(name, MOST_OTHER)
        self._stream: BinaryIO | None = None
        self._size: int | None = None
        self._have = 0

    def fetch(self, pin: ModelPin, url: str, fetch: Fetch) -> None:
        self._have = self._path.stat().st_size if self._path.exists() else 0
        if self._have and self._wanted.sha256 and sha256_of(self._path) == self._wanted.sha256:
            return
        try:
            fetch(url, self._have, self._begin, self._write)
        except FetchError as error:
            raise _in_words(pin, self._name, error) from error
        except OSError as error:
            raise _disk(self._path, error) from error
        finally:
            if self._stream is not None:
                self._stream.close()
        if self._size is not None and self._have != self._size:
            raise ModelError(
                f"{pin.name}: {self._name} ends after {self._have:,} of {self._size:,} bytes",
                remedy="the same command goes on from there",
                away=True,
            )

    def verified(self, pin: ModelPin) -> PinnedFile:
        found = sha256_of(self._path) if self._path.exists() else hashlib.sha256(b"").hexdigest()
        if self._wanted.sha256 and found != self._wanted.sha256:
            self._path.unlink(missing_ok=True)
            raise ModelError(
                f"{pin.name}: {self._name} is not the pinned file: its checksum is {found}, "
                f"pinned is {self._wanted.sha256}",
                remedy="nothing was installed and the file was thrown away; is the revision the one that the "
                "checksum was computed for? If it is, do not trust the server",
            )
        return replace(self._wanted, sha256=found, size=self._have)

    def _begin(self, start: int, size: int | None) -> None:
        if size is not None and size > self._most:
            raise self._too_large(size)
        missing = (size or 0) - start
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(self._path.parent).free
        if missing + _SPARE > free:
            raise ModelError(
                f"{self._name}: {missing >> 20:,} MB to fetch, {free >> 20:,} MB free at {self._path.parent}",
                remedy="make room, or put CLAIMWATCH_DATA_DIR elsewhere",
            )
        self._stream = self._path.open("r+b" if start else "wb")
        self._stream.seek(start)
        self._stream.truncate()
        self._have, self._size = start, size
        self._show(self._name, start, size)

    def _write(self, piece: bytes) -> None:
        assert self._stream is not None
        self._have += len(piece)
        if self._have > self._most:
            raise self._too_large(self._have)
        try:
            self._stream.write(piece)
        except OSError as error:
            raise _disk(self._path, error) from error
        self._show(self._name, self._have, self._size)

    def _too_large(self, size: int) -> ModelError:
        return ModelError(
            f"{self._name}: {size:,} bytes; at most {self._most:,} are taken",
            remedy="is it the right file? --file names another one of the repository",
        )


def _in_words(pin: ModelPin, name: str, error: FetchError) -> ClaimwatchError:
    """A failed transfer, for somebody who fetches a model and not a feed."""
    if error.reason in (FetchReason.FORBIDDEN_ADDRESS, FetchReason.BAD_URL):
        return UsageError(f"{pin.name}: {name}: {error.detail} ({error.url})", remedy=error.remedy)
    away = error.reason in _AWAY
    if error.status in (401, 403):
        remedy = (
            "the repository wants a login or an agreement; fetch the files by hand and set CLAIMWATCH_SCORER"
        )
    elif error.status == 404:
        remedy = f"is the revision right? --file {name}=PATH names another file of the repository"
    elif away or (error.status or 0) >= 500:
        away = True
        remedy = (
            "the same command goes on where it stopped; without a way out, set CLAIMWATCH_MODELS_HUB to a "
            "mirror, or put the files into a folder by hand. Everything works without the model"
        )
    else:
        remedy = error.remedy
    return ModelError(f"{pin.name}: {name}: {error.detail} ({error.url})", remedy=remedy, away=away)


def _disk(path: Path, error: OSError) -> ModelError:
    return ModelError(
        f"{path} cannot be written: {error.strerror or error}",
        remedy="make room or mend the permissions, then call the same command again",
    )


@contextmanager
def _alone(home: Path, pin: ModelPin) -> Iterator[Path]:
    """The folder of what is on its way, with nobody else in it. What was begun from another revision or
    place is thrown away: its bytes would be continued with strange ones.
    """
    name = pin.name
    place = "|".join((pin.origin, pin.revision, *(file.path for file in pin.files.values())))
    ours = home / _UNFINISHED / name
    unfinished = ours / hashlib.sha256(place.encode()).hexdigest()[:12]
    try:
        ours.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (home / _UNFINISHED / f"{name}.lock").open("wb")
    except OSError as error:
        raise _disk(unfinished, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ModelError(
                f"{name} is being fetched by another process", remedy="wait for it", away=True
            ) from error
        for begun in ours.iterdir():
            if begun != unfinished:
                shutil.rmtree(begun, ignore_errors=True)
        unfinished.mkdir(exist_ok=True)
        yield unfinished


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise _disk(file, error) from error


def _put_in_place(unfinished: Path, folder: Path) -> Path:
    """Rename, so that a process that loads the model sees the old files or the new ones, never a mixture."""
    old = unfinished.with_name(unfinished.name + ".old")
    try:
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        unfinished.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise _disk(folder, error) from error
    return folder
