"""`claimwatch models`, as people run it, against a hub on loopback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_process import Run
from loopback import Hub

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    from small_models import write_scorer

    folder = write_scorer(tmp_path / "made")
    served = Hub()
    for name, path in (
        ("model.onnx", "onnx/model.onnx"),
        ("tokenizer.json", "tokenizer.json"),
        ("config.json",) * 2,
    ):
        served.files[f"/makers/nli/resolve/{COMMIT}/{path}"] = (folder / name).read_bytes()
    yield served
    served.close()


def test_a_model_is_fetched_listed_examined_and_found_broken(
    claimwatch: Run, hub: Hub, tmp_path: Path
) -> None:
    env = {
        "CLAIMWATCH_MODELS_HUB": hub.url,
        "CLAIMWATCH_ALLOW_NETWORKS": "127.0.0.0/8",
        "CLAIMWATCH_SCORER": "mine",
        "CLAIMWATCH_EMBEDDER": "off",
    }
    arguments = ("--from", "makers/nli", "--revision", COMMIT, "--licence", "MIT")
    pulled = claimwatch("models", "pull", "mine", *arguments, env=env)
    assert (pulled.code, pulled.err) == (0, "")
    # What it prints pins the same model elsewhere.
    pins = pulled.out[pulled.out.index("[mine]") : pulled.out.index("to use it")]
    (tmp_path / "data" / "models.toml").write_text(pins, encoding="utf-8")
    assert claimwatch("models", "pull", "mine", env=env).code == 0
    (mine,) = [
        one for one in claimwatch("models", "list", "--json", env=env).objects if one["name"] == "mine"
    ]
    assert (mine["kind"], mine["licence"], mine["state"]) == ("scorer", "MIT", "fetched, in use")
    assert mine["version"] == mine["files"]["model.onnx"][:12]
    good = claimwatch("models", "check", "mine", env=env)
    assert good.code == 0
    assert good.out.startswith("ok     mine: scorer, version")
    with (tmp_path / "data" / "models" / "mine" / "model.onnx").open("ab") as weights:
        weights.write(b"!")
    bad = claimwatch("models", "check", "--json", env=env)
    assert bad.code == 1
    (broken,) = [one for one in bad.objects if one["name"] == "mine"]
    assert "model.onnx is not the pinned file" in broken["words"]
    assert "models pull mine" in broken["remedy"]


def test_models_put_there_by_hand_are_examined_without_checksums(claimwatch: Run, tmp_path: Path) -> None:
    from small_models import write_embedder, write_scorer

    write_embedder(tmp_path / "data" / "models" / "near")
    elsewhere = write_scorer(tmp_path / "elsewhere" / "small")
    env = {"CLAIMWATCH_SCORER": str(elsewhere), "CLAIMWATCH_EMBEDDER": "near"}
    near = [one for one in claimwatch("models", "list", "--json", env=env).objects if one["name"] == "near"]
    assert [(one["kind"], one["state"]) for one in near] == [("embedder", "put there by hand, in use")]
    checked = {one["name"]: one for one in claimwatch("models", "check", "--json", env=env).objects}
    assert checked["near"]["ok"]
    assert checked[str(elsewhere)]["ok"]
    (elsewhere / "model.onnx").unlink()
    broken = claimwatch("models", "check", str(elsewhere), env=env)
    assert broken.code == 1
    assert "model.onnx is missing" in broken.out


def test_an_address_that_is_not_allowed_is_a_setting_to_change(claimwatch: Run) -> None:
    env = {"CLAIMWATCH_MODELS_HUB": "http://127.0.0.1:9"}
    refused = claimwatch("models", "pull", "nli-deberta-v3-small", "--revision", COMMIT, env=env)
    assert refused.code == 2
    assert "CLAIMWATCH_ALLOW_NETWORKS" in refused.err


def test_without_anything_the_list_shows_what_there_could_be(claimwatch: Run) -> None:
    listed = claimwatch("models", "list", "--json")
    assert listed.code == 0
    kinds = {one["kind"] for one in listed.objects}
    assert kinds == {"parser", "embedder", "scorer"}
    assert all(one["licence"] for one in listed.objects)


def test_doctor_says_which_models_are_in_use_and_never_the_key(claimwatch: Run, tmp_path: Path) -> None:
    env = {
        "CLAIMWATCH_SCORER": "absent",
        "CLAIMWATCH_EMBEDDER": "off",
        "CLAIMWATCH_OPINION_URL": "https://llm.example.org/v1/secret-path",
        "CLAIMWATCH_OPINION_MODEL": "judge-1",
        "CLAIMWATCH_OPINION_KEY": "sk-of-the-desk",
    }
    examined = claimwatch("doctor", "--json", env=env)
    found = {one["subject"]: one for one in examined.objects}
    assert found["English parser"]["ok"]
    assert found["Russian parser"]["ok"]
    assert found["embedder"]["state"] == "none: switched off"
    assert not found["scorer"]["ok"]
    assert "models pull absent" in found["scorer"]["remedy"]
    assert found["second opinions"]["state"].startswith("judge-1 at llm.example.org, with a key")
    assert "sk-of-the-desk" not in examined.out + examined.err
    assert "secret-path" not in examined.out + examined.err
    assert examined.code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pull", "nli-deberta-v3-small"), "which revision"),
        (("pull", "../x", "--from", "a/b", "--revision", COMMIT), "no name"),
        (("pull", "mine", "--from", "a/b", "--revision", COMMIT, "--sha256", "abc"), "--sha256"),
        (("check", "absent"), "absent"),
    ],
)
def test_what_makes_no_sense_is_said_in_words(
    claimwatch: Run, arguments: tuple[str, ...], words: str
) -> None:
    refused = claimwatch("models", *arguments)
    assert refused.code == 2
    assert words in refused.err
    assert "help:" in refused.err
    assert "Traceback" not in refused.err
