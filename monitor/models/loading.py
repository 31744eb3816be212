"""Which embedder and scorer the settings ask for."""

from __future__ import annotations

from pathlib import Path

import structlog

from monitor.config import Settings
from monitor.core.language_models import Embedder, Scorer
from monitor.errors import ConfigError
from monitor.models.embedder import folder_embedder, packaged_embedder
from monitor.models.scorer import folder_scorer

log = structlog.get_logger(__name__)

#: Folder of fetched models inside the data folder.
MODELS = "models"


def load_embedder(settings: Settings) -> Embedder | None:
    """The embedding model; None where it is switched off, or none is installed. Takes about a second.

    Raises ConfigError where the model that was asked for cannot be loaded; nobody asks for "auto".
    """
    if settings.embedder == "off":
        return None
    if settings.embedder == "auto":
        try:
            return packaged_embedder()
        except ConfigError as error:
            log.warning("model.unusable", error=str(error), remedy=error.remedy)
            return None
    folder = model_folder(settings, settings.embedder)
    return folder_embedder(folder, folder.name)


def load_scorer(settings: Settings) -> Scorer | None:
    """The model that scores contradictions; None where none is configured. Takes seconds.

    Raises ConfigError where the model that was asked for cannot be loaded.
    """
    if not settings.scorer:
        return None
    folder = model_folder(settings, settings.scorer)
    return folder_scorer(folder, folder.name)


def model_folder(settings: Settings, wanted: str) -> Path:
    """The folder of a model by its name in the data folder, or as a path. Raises ConfigError."""
    fetched = settings.data_dir / MODELS / wanted
    for folder in (fetched, Path(wanted)) if "/" not in wanted else (Path(wanted),):
        if folder.is_dir():
            return folder.resolve()
    raise ConfigError(
        f"there is no model {wanted!r}",
        remedy=f"`claimwatch models pull {wanted}` fetches one that `claimwatch models list` shows; a folder "
        "is written with a slash",
    )
