"""Contradiction scores by an ONNX NLI cross-encoder: any folder with model.onnx, tokenizer.json and
config.json whose labels name "contradiction".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from monitor.errors import ConfigError
from monitor.models.onnx_texts import REMEDY, OnnxTexts, load_onnx

_LABEL = "contradiction"


class OnnxScorer:
    """A loaded cross-encoder; single-threaded, nothing leaves this process."""

    is_local = True

    def __init__(self, model: OnnxTexts, name: str, label: int) -> None:
        self._model = model
        self._label = label
        self.name = name
        self.version = model.version

    def score(self, pairs: Sequence[tuple[str, str]]) -> tuple[float | None, ...]:
        """The probability of "contradiction" for each (premise, hypothesis), in the same order."""
        import numpy as np

        scores: list[float | None] = [None] * len(pairs)
        for places, logits, _ in self._model.run(pairs):
            odds = np.exp(logits - logits.max(axis=1, keepdims=True))
            shares = odds[:, self._label] / odds.sum(axis=1)
            for place, share in zip(places, shares, strict=True):
                # Broken weights give no number: better no opinion than a wrong one.
                scores[place] = round(float(share), 4) if np.isfinite(share) else None
        return tuple(scores)


def folder_scorer(folder: Path, name: str) -> OnnxScorer:
    """The cross-encoder in a folder. Raises ConfigError as load_onnx does, and where the labels do not say
    which of them is contradiction.
    """
    labels = labels_of(folder / "config.json")
    model = load_onnx(folder / "model.onnx", folder / "tokenizer.json")
    shape = model.session.get_outputs()[0].shape
    if len(shape) != 2 or (isinstance(shape[1], int) and shape[1] != len(labels)):
        raise ConfigError(
            f"the model at {folder} gives {shape} where one number for each of {len(labels)} labels is due",
            remedy=REMEDY,
        )
    return OnnxScorer(model, name, labels.index(_LABEL))


def labels_of(config: Path) -> tuple[str, ...]:
    """The labels of a config.json (`id2label`) in the order of the model's output, in lower case.

    Raises ConfigError where there are none, or none of them is "contradiction".
    """
    try:
        named = json.loads(config.read_text(encoding="utf-8"))["id2label"]
        labels = tuple(str(named[str(number)]).casefold() for number in range(len(named)))
    except OSError as error:
        raise ConfigError(f"{config}: {error.strerror}", remedy=REMEDY) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{config} does not list the model's labels (id2label)", remedy=REMEDY) from error
    if labels.count(_LABEL) != 1 or len(labels) < 2:
        raise ConfigError(
            f"{config}: none of the labels {', '.join(labels)} is {_LABEL!r}",
            remedy="take a model trained on natural language inference with three labels, or write its "
            "labels into id2label",
        )
    return labels
