"""Texts become unit vectors, the same text always the same one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_models import write_embedder, write_scorer

from monitor.config import Settings
from monitor.core.language_models import cosine
from monitor.errors import ConfigError
from monitor.models import embedder, load_embedder
from monitor.models.embedder import folder_embedder

TEXTS = ["the crane fell", "the crane stood", "minister resigned", "the crane fell", "", "незнакомо"]


def test_vectors_have_length_one_and_the_order_of_the_texts(tmp_path: Path) -> None:
    model = folder_embedder(write_embedder(tmp_path / "small"), "small")
    fell, stood, resigned, again, *empty = model.embed(TEXTS)
    assert cosine(fell, fell) == pytest.approx(1)
    assert fell == again
    assert cosine(fell, stood) == pytest.approx(2 / 3)
    assert cosine(fell, resigned) == pytest.approx(0)
    # Nothing is known of these: no direction, like nothing.
    assert [cosine(one, one) for one in empty] == [0, 0]


def test_neighbours_in_a_batch_change_nothing(tmp_path: Path) -> None:
    many = TEXTS * 9
    alone = folder_embedder(write_embedder(tmp_path / "small"), "small")
    together = folder_embedder(tmp_path / "small", "small")
    assert together.embed(many) == tuple(alone.embed([text])[0] for text in many)


def test_what_is_kept_is_bounded_and_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedder, "KEPT", 2)
    model = folder_embedder(write_embedder(tmp_path / "small"), "small")
    computed: list[str] = []
    compute = model._compute
    monkeypatch.setattr(model, "_compute", lambda texts: computed.extend(texts) or compute(texts))
    model.embed(["crane", "wind", "rope"])
    model.embed(["rope", "wind", "crane"])
    assert computed == ["crane", "wind", "rope", "crane"]


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="vector"):
        folder_embedder(write_scorer(tmp_path / "small"), "small")


def test_the_settings_choose_a_folder_or_none(tmp_path: Path) -> None:
    write_embedder(tmp_path / "models" / "small")
    chosen = load_embedder(Settings(data_dir=tmp_path, embedder="small"))
    assert chosen is not None
    assert chosen.name == "small"
    assert load_embedder(Settings(data_dir=tmp_path, embedder="off")) is None
    with pytest.raises(ConfigError, match="absent"):
        load_embedder(Settings(data_dir=tmp_path, embedder="absent"))


def test_auto_takes_the_installed_one_and_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        embedder, "PACKAGED_WEIGHTS", embedder.PackagedFile(package="none", path="", sha256="")
    )
    assert load_embedder(Settings()) is None


def test_another_file_than_the_expected_one_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "otherweights").mkdir()
    (tmp_path / "otherweights" / "__init__.py").touch()
    (tmp_path / "otherweights" / "model.onnx").write_bytes(b"other")
    monkeypatch.syspath_prepend(tmp_path)
    other = embedder.PackagedFile(package="otherweights", path="model.onnx", sha256="0" * 64)
    monkeypatch.setattr(embedder, "PACKAGED_WEIGHTS", other)
    monkeypatch.setattr(embedder, "PACKAGED_TOKENIZER", other)
    assert load_embedder(Settings()) is None
    with pytest.raises(ConfigError, match=r"model\.onnx") as caught:
        embedder.packaged_embedder()
    assert "CLAIMWATCH_EMBEDDER=off" in caught.value.remedy


def test_the_installed_model_puts_other_words_for_one_thing_nearer_than_another_thing() -> None:
    model = load_embedder(Settings())
    if model is None:
        pytest.skip("the packages of the extra `models` are not installed")
    said, again, other = model.embed(
        ["The ferry sank after the fire.", "The ship went down following a blaze.", "Taxes rise in May."]
    )
    assert model.version == embedder.PACKAGED_WEIGHTS.sha256[:12]
    assert cosine(said, again) > cosine(said, other) + 0.3


def test_a_model_reports_its_use_to_nobody(tmp_path: Path) -> None:
    """The library would: to its makers' server, and it leaves a file for that in the temporary folder."""
    code = "from monitor.models.embedder import packaged_embedder as p; e = p(); print(len(e.embed(['a b'])))"
    if embedder.packaged_embedder() is None:
        pytest.skip("the embedding model is not installed")
    env = os.environ | {"TMPDIR": str(tmp_path)}
    env.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr
    assert list(tmp_path.iterdir()) == []
