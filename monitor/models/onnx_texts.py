"""Texts through an ONNX model on the CPU: encoded by its own tokenizer.json, in batches of one length.

Nothing is padded where the model allows it: a batch holds texts of the same number of tokens, so that what
comes out for a text does not depend on its neighbours. One thread: workers are processes, and threads do not
survive a fork.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError
from monitor.models.folders import sha256_of

#: Tokens of a text, or of a pair; what is longer is cut.
MAX_TOKENS = 256
_BATCH = 16
#: Hexadecimal digits of the checksum that name a version.
_VERSION_DIGITS = 12
REMEDY = "`claimwatch models check` examines it; docs/models.md says what a folder must hold"
INSTALL = "install Claimwatch with its extra: pip install 'claimwatch[models]'"

Text = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class OnnxTexts:
    """A loaded model; `version` is the beginning of the checksum of its weights."""

    session: Any
    tokenizer: Any
    version: str
    # Tokens that every text is filled up to; None: as many as it has.
    length: int | None
    # Texts at once.
    batch: int

    def run(self, texts: Sequence[Text]) -> Iterator[tuple[list[int], Any, Any]]:
        """(places, first output, attention mask) of each batch; each text's place is in one batch."""
        import numpy as np

        encoded = self.tokenizer.encode_batch([_shortened(text) for text in texts])
        by_length: dict[int, list[int]] = {}
        for place, one in enumerate(encoded):
            by_length.setdefault(len(one.ids), []).append(place)
        for places in by_length.values():
            for start in range(0, len(places), self.batch):
                some = places[start : start + self.batch]
                feed = {
                    "input_ids": [encoded[place].ids for place in some],
                    "attention_mask": [encoded[place].attention_mask for place in some],
                    "token_type_ids": [encoded[place].type_ids for place in some],
                }
                filled = {name: self._filled(np.array(rows, dtype=np.int64)) for name, rows in feed.items()}
                wanted = {one.name for one in self.session.get_inputs()}
                answer = self.session.run(None, {name: filled[name] for name in filled if name in wanted})
                yield some, answer[0], filled["attention_mask"]

    def _filled(self, rows: Any) -> Any:
        import numpy as np

        if self.length is None:
            return rows
        return np.pad(rows, ((0, 0), (0, self.length - rows.shape[1])))


def _shortened(text: Text) -> Text:
    """No text is so long that encoding it takes noticeable time before it is cut."""
    most = MAX_TOKENS * 16
    return text[:most] if isinstance(text, str) else (text[0][:most], text[1][:most])


def load_onnx(weights: Path, tokenizer: Path) -> OnnxTexts:
    """The model of these two files. Raises ConfigError: not installed, missing, damaged, not of this kind."""
    # Read when the library loads: it would report its use to its makers, and leave a file for that behind.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ConfigError(f"{error.name or 'onnxruntime'} is not installed", remedy=INSTALL) from error
    for file in (weights, tokenizer):
        if not file.is_file():
            raise ConfigError(f"model file {file} is missing", remedy=REMEDY)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        encoder = Tokenizer.from_file(str(tokenizer))
        version = sha256_of(weights)[:_VERSION_DIGITS]
    except Exception as error:  # both libraries raise their own, and bare ones
        raise ConfigError(
            f"the model at {weights.parent} cannot be loaded: {error}", remedy=REMEDY
        ) from error
    inputs = {one.name: one.shape for one in session.get_inputs()}
    if "input_ids" not in inputs or inputs.keys() - {"input_ids", "attention_mask", "token_type_ids"}:
        named = ", ".join(inputs)
        raise ConfigError(
            f"the model at {weights.parent} wants other inputs than ours: {named}", remedy=REMEDY
        )
    fixed = inputs["input_ids"][-1]
    length = fixed if isinstance(fixed, int) else None
    encoder.no_padding()
    encoder.enable_truncation(length or MAX_TOKENS, strategy="longest_first")
    return OnnxTexts(session, encoder, version, length, _batch_of(weights, inputs["input_ids"][0]))


def _batch_of(weights: Path, declared: object) -> int:
    """How many texts at once: one where the model says so, or where it measures each batch to quantise it,
    because a text's neighbours would then change what comes out for it.
    """
    if isinstance(declared, int):
        return 1
    with weights.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return 1 if content.find(b"DynamicQuantize") >= 0 else _BATCH
