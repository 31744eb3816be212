"""Which models the settings ask for, and whether they are there, without loading any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from monitor.config import Settings
from monitor.errors import ClaimwatchError
from monitor.models.embedder import PACKAGED_NAME, PACKAGED_WEIGHTS, runtime_is_installed
from monitor.models.endpoint import load_endpoint
from monitor.models.folders import sha256_of
from monitor.models.inventory import version_of
from monitor.models.loading import model_folder
from monitor.models.onnx_texts import INSTALL, REMEDY


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """What one kind of model is, by the settings, for `doctor`."""

    # "English parser", "embedder", …
    subject: str
    words: str
    ok: bool = True
    remedy: str = ""


def in_use(settings: Settings) -> tuple[InUse, ...]:
    """Which models the settings ask for, and whether they are there. Loads none of them."""
    return (
        _parser_in_use("English parser", settings.spacy_model),
        _parser_in_use("Russian parser", "natasha"),
        _embedder_in_use(settings),
        _scorer_in_use(settings),
        _endpoint_in_use(settings),
    )


def _parser_in_use(subject: str, module: str) -> InUse:
    version = version_of(module)
    if version:
        return InUse(subject=subject, words=f"{module} {version}")
    return InUse(subject=subject, words=f"{module} is missing", ok=False, remedy="install Claimwatch again")


def _embedder_in_use(settings: Settings) -> InUse:
    if settings.embedder == "off":
        return InUse(subject="embedder", words="none: switched off")
    if settings.embedder != "auto":
        return _folder_in_use("embedder", settings, settings.embedder)
    if PACKAGED_WEIGHTS.find() is None or not runtime_is_installed():
        words = "none: it comes with the extra `models`; all works without, and finds somewhat less"
        return InUse(subject="embedder", words=words)
    return InUse(subject="embedder", words=f"{PACKAGED_NAME} {PACKAGED_WEIGHTS.sha256[:12]}")


def _scorer_in_use(settings: Settings) -> InUse:
    if not settings.scorer:
        return InUse(subject="scorer", words="none")
    if not runtime_is_installed():
        words = f"{settings.scorer}: what runs it is not installed"
        return InUse(subject="scorer", words=words, ok=False, remedy=INSTALL)
    return _folder_in_use("scorer", settings, settings.scorer)


def _folder_in_use(subject: str, settings: Settings, wanted: str) -> InUse:
    try:
        folder = model_folder(settings, wanted)
        version = sha256_of(folder / "model.onnx")[:12]
    except ClaimwatchError as error:
        return InUse(subject=subject, words=str(error), ok=False, remedy=error.remedy)
    except OSError as error:
        words = f"{wanted}: model.onnx: {error.strerror}"
        return InUse(subject=subject, words=words, ok=False, remedy=REMEDY)
    return InUse(subject=subject, words=f"{folder.name} {version}")


def _endpoint_in_use(settings: Settings) -> InUse:
    subject = "second opinions"
    try:
        endpoint = load_endpoint(settings, _nobody)
    except ClaimwatchError as error:
        return InUse(subject=subject, words=str(error), ok=False, remedy=error.remedy)
    if endpoint is None:
        return InUse(subject=subject, words="none")
    host = urlsplit(settings.opinion_url).hostname or "?"
    key = "with a key" if settings.opinion_key else "without a key"
    words = (
        f"{endpoint.name} at {host}, {key}; at most {settings.opinion_calls_per_article} questions an "
        f"article and {settings.opinion_calls_per_hour} an hour"
    )
    return InUse(subject=subject, words=words)


def _nobody(*_: object) -> NoReturn:
    raise AssertionError("an endpoint that is only looked at asks nobody")
