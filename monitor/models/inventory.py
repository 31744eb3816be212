"""Which models are here, and whether they are what they should be."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from monitor.config import Settings
from monitor.core.language_models import Embedder, Scorer, cosine
from monitor.errors import ClaimwatchError, UsageError
from monitor.models.catalog import KNOWN, MANIFEST, ModelPin, PinnedFile, fetched, manifest_of, pinned
from monitor.models.embedder import (
    PACKAGED_NAME,
    PACKAGED_WEIGHTS,
    folder_embedder,
    packaged_embedder,
)
from monitor.models.folders import sha256_of
from monitor.models.scorer import folder_scorer

#: A pair that every model must find more contradictory than the other, and more different.
_SAID = "The minister resigned."
_DENIED = "The minister has not resigned."
_REPEATED = "The minister resigned on Monday."
_OTHER = "The crane fell because of the wind."


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A model, for `models list`."""

    name: str
    # "parser" | "embedder" | "scorer"
    kind: str
    licence: str
    # In words: "installed, in use", "fetched", "pinned", "known".
    state: str
    about: str = ""
    in_use: bool = False
    # Of a package, or of the weights; empty: not here.
    version: str = ""
    origin: str = ""
    revision: str = ""
    # In bytes; 0: not known.
    size: int = 0
    files: Mapping[str, PinnedFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What `models check` found out about one model."""

    name: str
    ok: bool
    words: str
    remedy: str = ""


def listed(settings: Settings) -> tuple[Listed, ...]:
    """Parsers, then the packaged embedder, then what was fetched, pinned, and is known; each name once.

    Loads nothing. Raises InputError where the user's pins cannot be read.
    """
    found = [*_packages(settings)]
    here = {folder.name: folder for folder in fetched(settings)}
    for name, folder in here.items():
        found.append(_fetched(settings, name, folder))
    for name, pin in pinned(settings).items():
        if name not in here:
            found.append(_from_pin(pin, state="pinned", about=f"fetch it: claimwatch models pull {name}"))
    names = {one.name for one in found}
    for known in KNOWN:
        if known.name not in names:
            found.append(
                Listed(
                    name=known.name,
                    kind=known.kind,
                    licence=known.licence,
                    state="known",
                    about=f"{known.about}; to fetch it, give --revision",
                    origin=known.repository,
                )
            )
    return tuple(found)


def _packages(settings: Settings) -> Iterator[Listed]:
    for module, licence, about in (
        (settings.spacy_model, "", "English"),
        ("natasha", "MIT", "Russian"),
    ):
        version = version_of(module)
        yield Listed(
            name=module,
            kind="parser",
            licence=licence or _licence_of(module),
            state="installed, in use" if version else "missing",
            about=about,
            in_use=bool(version),
            version=version,
        )
    weights = PACKAGED_WEIGHTS.find()
    in_use = settings.embedder == "auto" and weights is not None
    yield Listed(
        name=PACKAGED_NAME,
        kind="embedder",
        licence="Apache-2.0",
        state=("installed, in use" if in_use else "installed" if weights else "not installed"),
        about="English" if weights else "English; it comes with the extra `models` of Claimwatch",
        in_use=in_use,
        version=PACKAGED_WEIGHTS.sha256[:12] if weights else "",
        size=weights.stat().st_size if weights else 0,
        files={"model.onnx": PinnedFile(path=PACKAGED_WEIGHTS.path, sha256=PACKAGED_WEIGHTS.sha256)},
    )


def version_of(module: str) -> str:
    """The version of an installed package; empty: it is not installed."""
    if find_spec(module) is None:
        return ""
    try:
        return metadata.version(module.replace("_", "-"))
    except metadata.PackageNotFoundError:
        return "?"


def _licence_of(module: str) -> str:
    try:
        about = metadata.metadata(module.replace("_", "-"))
    except metadata.PackageNotFoundError:
        return ""
    stated = [about[name] for name in ("License-Expression", "License") if name in about]
    return str(stated[0]) if stated else ""


def _fetched(settings: Settings, name: str, folder: Path) -> Listed:
    in_use = name in (settings.scorer, settings.embedder)
    state = "fetched, in use" if in_use else "fetched"
    if not (folder / MANIFEST).exists():
        return Listed(
            name=name,
            kind=_kind_by_hand(folder),
            licence="",
            state="put there by hand, in use" if in_use else "put there by hand",
            in_use=in_use,
            about=str(folder),
        )
    try:
        pin = manifest_of(folder)
    except ClaimwatchError as error:
        return Listed(name=name, kind="?", licence="", state="broken", about=str(error))
    return _from_pin(pin, state=state, in_use=in_use, about=str(folder))


def _kind_by_hand(folder: Path) -> str:
    """What a folder without a pin is taken for: scorers have labels."""
    return "scorer" if (folder / "config.json").is_file() else "embedder"


def _from_pin(pin: ModelPin, *, state: str, about: str, in_use: bool = False) -> Listed:
    return Listed(
        name=pin.name,
        kind=pin.kind,
        licence=pin.licence,
        state=state,
        about=about,
        in_use=in_use,
        version=pin.files["model.onnx"].sha256[:12],
        origin=pin.origin,
        revision=pin.revision,
        size=sum(file.size for file in pin.files.values()),
        files=pin.files,
    )


def examined(settings: Settings, name: str = "") -> Iterator[Examined]:
    """Every model that was fetched, that the settings name by a path, and the packaged one where it is
    installed; or one of them by its name.

    Raises UsageError where there is none of this name.
    """
    folders = {folder.name: folder for folder in fetched(settings)}
    for wanted in (settings.scorer, settings.embedder):
        # One that the settings name by its path.
        if "/" in wanted:
            folders.setdefault(wanted, Path(wanted))
    packaged = PACKAGED_WEIGHTS.find() is not None
    if name and name not in folders and not (packaged and name == PACKAGED_NAME):
        raise UsageError(
            f"there is no model {name!r} here", remedy="`claimwatch models list` shows what there is"
        )
    if packaged and name in ("", PACKAGED_NAME):
        yield _examined(PACKAGED_NAME, None)
    for known, folder in folders.items():
        if name in ("", known):
            yield _examined(known, folder)


def _examined(name: str, folder: Path | None) -> Examined:
    try:
        if folder is None:
            embedder = packaged_embedder()
            if embedder is None:
                words = "its weights are installed, and what runs them or its tokenizer is not"
                return Examined(
                    name=name, ok=False, words=words, remedy="install Claimwatch's extra `models`"
                )
            return _tried_embedder(name, embedder)
        kind = _kind_by_hand(folder)
        if (folder / MANIFEST).exists():
            pin = manifest_of(folder)
            kind = pin.kind
            for local, file in pin.files.items():
                if not (folder / local).is_file() or sha256_of(folder / local) != file.sha256:
                    remedy = f"fetch it again: claimwatch models pull {name}"
                    return Examined(
                        name=name, ok=False, words=f"{local} is not the pinned file", remedy=remedy
                    )
        if kind == "embedder":
            return _tried_embedder(name, folder_embedder(folder, name))
        return _tried_scorer(name, folder_scorer(folder, name))
    except ClaimwatchError as error:
        return Examined(name=name, ok=False, words=str(error), remedy=error.remedy)


def _tried_scorer(name: str, scorer: Scorer) -> Examined:
    begun = time.process_time()
    against, alike = scorer.score([(_SAID, _DENIED), (_SAID, _REPEATED)])
    spent = 1000 * (time.process_time() - begun) / 2
    if against is None or alike is None or against <= alike:
        words = f"it does not see that {_SAID!r} and {_DENIED!r} contradict each other"
        return Examined(
            name=name,
            ok=False,
            words=words,
            remedy="do the labels in its config.json stand in the right order?",
        )
    words = f"scorer, version {scorer.version}: {against:.2f} for a denial, {alike:.2f} for a repetition, "
    return Examined(name=name, ok=True, words=f"{words}{spent:.0f} ms a pair")


def _tried_embedder(name: str, embedder: Embedder) -> Examined:
    begun = time.process_time()
    said, repeated, other = embedder.embed([_SAID, _REPEATED, _OTHER])
    spent = 1000 * (time.process_time() - begun) / 3
    near, far = cosine(said, repeated), cosine(said, other)
    if near <= far:
        return Examined(
            name=name,
            ok=False,
            words=f"{_SAID!r} is not nearer to {_REPEATED!r} than to {_OTHER!r}",
            remedy="is it a model of sentence embeddings, with the mean of all tokens as its vector?",
        )
    words = (
        f"embedder, version {embedder.version}: cosine {near:.2f} for a repetition, {far:.2f} for another "
    )
    return Examined(name=name, ok=True, words=f"{words}thing, {spent:.0f} ms a text")
