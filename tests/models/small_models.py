"""Small real models, made on the spot: an ONNX graph and a tokenizer.json, as a hub would serve them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

# Whoever imports this is skipped, visibly, where one of them is missing.
pytest.importorskip("onnx", reason="no onnx here; requirements/dev.txt has it")
pytest.importorskip("onnxruntime", reason="no onnxruntime here; requirements/runtime.txt has it")
pytest.importorskip("tokenizers", reason="no tokenizers here; requirements/runtime.txt has it")

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

WORDS = tuple("the crane fell stood not minister resigned of mine opened closed because wind rope".split())  # noqa: SIM905  # as it is read
LABELS = ("entailment", "neutral", "contradiction")


def write_tokenizer(folder: Path) -> None:
    """Words of one list, lower case, with the marks of a BERT pair."""
    vocabulary = {word: n for n, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    # As many exports have it: our code must undo both.
    tokenizer.enable_padding(length=160)
    tokenizer.enable_truncation(160)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_scorer(
    folder: Path,
    *,
    labels: tuple[str, ...] = LABELS,
    length: int | None = None,
    dynamic: bool = False,
    turns_on: str = "not",
) -> Path:
    """A bag of words that says "contradiction" where one word stands in one of the two texts and not in both.

    `length`: the graph takes texts of exactly so many tokens. `dynamic`: a name in the graph says that it
    quantises what it is given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}), encoding="utf-8")
    table = np.zeros((len(WORDS) + 4, 1), np.float32)
    table[WORDS.index(turns_on) + 4] = 1
    # 1 for the first text, -1 for the second: what is left of the sum says in how many more of them it stands
    sides = np.array([[1.0], [-1.0]], np.float32)
    into = np.zeros((1, len(labels)), np.float32)
    base = np.full((1, len(labels)), 2.0, np.float32)
    into[0, labels.index("contradiction") if "contradiction" in labels else 0] = 8.0
    base[0, labels.index("contradiction") if "contradiction" in labels else 0] = 0.0
    tokens: int | str = length or "tokens"
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["negations"]),
        helper.make_node("Gather", ["sides", "token_type_ids"], ["signs"]),
        helper.make_node("Mul", ["negations", "signs"], ["signed"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"]),
        helper.make_node("Mul", ["signed", "mask3"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "tokens_axis"], ["sum"], keepdims=0),
        helper.make_node("Abs", ["sum"], ["one_sided"], name="DynamicQuantizeLinear" if dynamic else "abs"),
        helper.make_node("MatMul", ["one_sided", "into"], ["scaled"]),
        helper.make_node("Add", ["scaled", "base"], ["logits"]),
    ]
    tables = {
        "table": table,
        "sides": sides,
        "into": into,
        "base": base,
        "last": np.array([2], np.int64),
        "tokens_axis": np.array([1], np.int64),
    }
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    _save(folder, nodes, tables, inputs, tokens, ("logits", ["texts", len(labels)]))
    return folder


def write_embedder(folder: Path) -> Path:
    """A direction for each word; unknown words and marks have none."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder)
    table = np.zeros((len(WORDS) + 4, len(WORDS)), np.float32)
    table[4:] = np.eye(len(WORDS), dtype=np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["hidden"])]
    inputs = ("input_ids", "attention_mask")
    # An input that nothing needs would be dropped by no exporter; the mask is needed after the model.
    nodes.append(helper.make_node("Identity", ["attention_mask"], ["unused"]))
    _save(folder, nodes, {"table": table}, inputs, "tokens", ("hidden", ["texts", "tokens", len(WORDS)]))
    return folder


def _save(
    folder: Path,
    nodes: list[onnx.NodeProto],
    tables: dict[str, np.ndarray],
    inputs: tuple[str, ...],
    tokens: int | str,
    output: tuple[str, list[int | str]],
) -> None:
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", tokens]) for name in inputs],
        [helper.make_tensor_value_info(output[0], TensorProto.FLOAT, output[1])],
        [numpy_helper.from_array(values, name) for name, values in tables.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(folder / "model.onnx"))
