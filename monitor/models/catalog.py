"""Models by name: those worth knowing, those that somebody pinned, and those that are here.

A *pin* says where each file of a model comes from and what it must hold. This release pins none: nobody here
could fetch the files and compute their checksums, and a checksum that was not computed is worth nothing.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from monitor.config import Settings
from monitor.errors import InputError, UsageError
from monitor.models.loading import MODELS

#: The user's pins, in the data folder.
PINS = "models.toml"
#: What lies beside the files of a fetched model: its pin.
MANIFEST = "claimwatch.json"
KINDS = ("scorer", "embedder")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REPOSITORY = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}", re.ASCII)
_PATH = re.compile(r"[\w.+-]{1,128}(?:/[\w.+-]{1,128}){0,7}", re.ASCII)

_FILES = {
    "scorer": {
        "model.onnx": "onnx/model.onnx",
        "tokenizer.json": "tokenizer.json",
        "config.json": "config.json",
    },
    "embedder": {"model.onnx": "onnx/model.onnx", "tokenizer.json": "tokenizer.json"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedFile:
    """One file of a model."""

    # Inside the repository, or below the address.
    path: str
    # Empty: not known yet; it is kept when the file is fetched for the first time.
    sha256: str = ""
    # In bytes; 0: not known.
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPin:
    """Where a model comes from, and what it must hold."""

    name: str
    # "scorer" | "embedder"
    kind: str
    # "owner/name" on the hub, or the address of a folder.
    origin: str
    # Of the hub's repository, 40 hexadecimal digits; empty for a folder, whose files have checksums.
    revision: str = ""
    # As its makers state it; empty: nobody wrote it down.
    licence: str = ""
    # Name here → file there.
    files: Mapping[str, PinnedFile] = field(default_factory=dict)

    def url_of(self, file: str, hub: str) -> str:
        """The address of one of its files."""
        path = self.files[file].path
        if _is_repository(self.origin):
            return f"{hub.rstrip('/')}/{self.origin}/resolve/{self.revision}/{path}"
        return f"{self.origin.rstrip('/')}/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A model that is worth trying, as its page describes it; to be fetched it needs a revision."""

    name: str
    kind: str
    repository: str
    licence: str
    about: str


#: From their makers' pages, read and not tried: what they reach on news claims has to be measured by `eval`.
KNOWN: tuple[KnownModel, ...] = (
    KnownModel(
        name="nli-deberta-v3-xsmall",
        kind="scorer",
        repository="cross-encoder/nli-deberta-v3-xsmall",
        licence="Apache-2.0",
        about="English; the smallest and fastest of its family",
    ),
    KnownModel(
        name="nli-deberta-v3-small",
        kind="scorer",
        repository="cross-encoder/nli-deberta-v3-small",
        licence="Apache-2.0",
        about="English",
    ),
    KnownModel(
        name="nli-deberta-v3-base",
        kind="scorer",
        repository="cross-encoder/nli-deberta-v3-base",
        licence="Apache-2.0",
        about="English; several times the cost of xsmall",
    ),
    KnownModel(
        name="mdeberta-v3-base-mnli-xnli",
        kind="scorer",
        repository="MoritzLaurer/mDeBERTa-v3-base-mnli-xnli",
        licence="MIT",
        about="fifteen languages, Russian among them",
    ),
)


def check_name(name: str) -> None:
    """Raises UsageError for what cannot be the name of a model's folder."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:80]!r} is no name for a model",
            remedy="lower-case letters, digits, dots, hyphens and underscores, at most 64, beginning with a "
            "letter or a digit",
        )


def pinned(settings: Settings) -> dict[str, ModelPin]:
    """The user's pins by name, in the order of the file; empty where there is no file.

    Raises InputError that names the entry and what is wrong with it.
    """
    file = settings.data_dir / PINS
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file}: {error}", remedy="it must be TOML; docs/models.md has an example"
        ) from error
    try:
        return {name: _pin(name, entry) for name, entry in written.items()}
    except UsageError as error:
        raise InputError(f"{file}: {error}", remedy=error.remedy) from error


def _pin(name: str, entry: object) -> ModelPin:
    if not isinstance(entry, dict):
        raise UsageError(f"{name}: a model is a table", remedy=f"begin it with [{name}]")
    unknown = entry.keys() - {"kind", "from", "revision", "licence", "files"}
    if unknown:
        raise UsageError(
            f"{name}: unknown key {sorted(unknown)[0]!r}",
            remedy="one of kind, from, revision, licence, files",
        )
    files = entry.get("files", {})
    if not isinstance(files, dict) or not all(isinstance(one, dict) for one in files.values()):
        raise UsageError(f"{name}: files are tables", remedy='"model.onnx" = {path = "…", sha256 = "…"}')
    wanted = {local: (str(one.get("path", "")), str(one.get("sha256", ""))) for local, one in files.items()}
    return make_pin(
        name,
        kind=str(entry.get("kind", "scorer")),
        origin=str(entry.get("from", "")),
        revision=str(entry.get("revision", "")),
        licence=str(entry.get("licence", "")),
        files=wanted,
    )


def make_pin(
    name: str,
    *,
    kind: str = "",
    origin: str = "",
    revision: str = "",
    licence: str = "",
    files: Mapping[str, tuple[str, str]] | None = None,
) -> ModelPin:
    """A pin from what somebody wrote; what they left out comes from the known models and the usual layout.

    `files`: name here → (path there or empty, checksum or empty). Raises UsageError.
    """
    check_name(name)
    known = next((model for model in KNOWN if model.name == name), None)
    if known is not None and not origin:
        origin, kind, licence = known.repository, kind or known.kind, licence or known.licence
    kind = kind or "scorer"
    if kind not in KINDS:
        raise UsageError(f"{name}: there is no kind {kind!r}", remedy=f"one of {', '.join(KINDS)}")
    usual = {local: PinnedFile(path=path) for local, path in _FILES[kind].items()}
    for local, (path, sha256) in (files or {}).items():
        if local not in usual:
            raise UsageError(
                f"{name}: a {kind} has no file {local!r}", remedy=f"its files are {', '.join(usual)}"
            )
        usual[local] = replace(usual[local], path=path or usual[local].path, sha256=sha256.lower())
    pin = ModelPin(name=name, kind=kind, origin=origin, revision=revision, licence=licence, files=usual)
    _check(pin)
    return pin


def _check(pin: ModelPin) -> None:
    for local, file in pin.files.items():
        if not _PATH.fullmatch(file.path) or ".." in file.path.split("/"):
            raise UsageError(f"{pin.name}: {file.path[:80]!r} is no path of a file", remedy=f"for {local}")
        if file.sha256 and not _SHA256.fullmatch(file.sha256):
            raise UsageError(
                f"{pin.name}: {local}: a SHA-256 checksum has 64 hexadecimal digits",
                remedy=f"`sha256sum {local}` prints it",
            )
    if _is_repository(pin.origin):
        if not _COMMIT.fullmatch(pin.revision):
            raise UsageError(
                f"{pin.name}: which revision of {pin.origin}?",
                remedy="give --revision with the 40 digits of a commit, from the page of the repository's "
                "history; a branch such as main moves, so what it holds tomorrow is anybody's guess",
            )
    elif not pin.origin.startswith(("http://", "https://")):
        raise UsageError(
            f"{pin.name}: where does it come from?",
            remedy="give --from with owner/name on the hub, or an http(s) address; `claimwatch models list` "
            "shows the names that are known",
        )
    elif not all(file.sha256 for file in pin.files.values()):
        missing = ", ".join(local for local, file in pin.files.items() if not file.sha256)
        raise UsageError(
            f"{pin.name}: no checksum for {missing}",
            remedy="files behind a plain address need one each: --sha256 FILE=DIGITS",
        )


def _is_repository(origin: str) -> bool:
    return _REPOSITORY.fullmatch(origin) is not None


def manifest_of(folder: Path) -> ModelPin:
    """The pin that a fetched model lies under. Raises InputError where it cannot be read."""
    file = folder / MANIFEST
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        files = {name: PinnedFile(**one) for name, one in content.pop("files").items()}
        return ModelPin(**content, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"{file} cannot be read: {error}",
            remedy=f"fetch the model again: claimwatch models pull {folder.name}",
        ) from error


def fetched(settings: Settings) -> tuple[Path, ...]:
    """The folders of the models that were fetched, in order of their names."""
    home = settings.data_dir / MODELS
    if not home.is_dir():
        return ()
    return tuple(sorted(one for one in home.iterdir() if one.is_dir() and _NAME.fullmatch(one.name)))
