"""Models are fetched from a hub on loopback: whole, cut off, changed, too large, or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import resource
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from loopback import Hub

from monitor.config import Settings
from monitor.errors import EXIT_FINDINGS, EXIT_UNAVAILABLE, InputError, ModelError, UsageError
from monitor.feeds.egress import Egress
from monitor.feeds.transfers import download
from monitor.models import pulling
from monitor.models.catalog import KNOWN, ModelPin, fetched, make_pin, manifest_of, pinned
from monitor.models.pulling import pull

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = bytes(range(256)) * 4096
FILES = {"onnx/model.onnx": WEIGHTS, "tokenizer.json": b"{}", "config.json": b'{"id2label":{}}'}
LOCAL = {"model.onnx": "onnx/model.onnx", "tokenizer.json": "tokenizer.json", "config.json": "config.json"}

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
# Loading the certificates takes longer than all the rest.
TLS = ssl.create_default_context()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def hub() -> Iterator[Hub]:
    served = Hub({f"/makers/nli/resolve/{COMMIT}/{path}": body for path, body in FILES.items()})
    yield served
    served.close()


@dataclass
class Way:
    """The egress as the command line hands it over, and what is shown of the progress."""

    shown: list[tuple[str, int, int | None]] = field(default_factory=list)
    patience: float = 5.0

    def __call__(
        self, url: str, start: int, begin: Callable[[int, int | None], None], write: Callable[[bytes], None]
    ) -> None:
        asyncio.run(self._fetch(url, start, begin, write))

    async def _fetch(
        self, url: str, start: int, begin: Callable[[int, int | None], None], write: Callable[[bytes], None]
    ) -> None:
        async with Egress(allow_networks=LOOPBACK, tls=TLS) as egress:
            await download(egress, url, start=start, begin=begin, write=write, patience=self.patience)

    def show(self, name: str, done: int, total: int | None) -> None:
        self.shown.append((name, done, total))


def settings_of(tmp_path: Path, hub: Hub) -> Settings:
    return Settings(data_dir=tmp_path, models_hub=hub.url)


def pin_of(**sums: str) -> ModelPin:
    files = {name: ("", sums.get(name.partition(".")[0], "")) for name in LOCAL}
    return make_pin("nli", origin="makers/nli", revision=COMMIT, licence="MIT", files=files)


def visible(tmp_path: Path) -> list[str]:
    return [folder.name for folder in fetched(Settings(data_dir=tmp_path))]


def test_a_model_is_fetched_checked_and_keeps_its_checksums(tmp_path: Path, hub: Hub) -> None:
    way = Way()
    folder = pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    assert folder == tmp_path / "models" / "nli"
    assert {name: (folder / name).read_bytes() for name in LOCAL} == {
        name: FILES[path] for name, path in LOCAL.items()
    }
    kept = manifest_of(folder)
    assert {name: file.sha256 for name, file in kept.files.items()} == {
        name: digest(FILES[path]) for name, path in LOCAL.items()
    }
    assert (kept.revision, kept.licence, kept.files["model.onnx"].size) == (COMMIT, "MIT", len(WEIGHTS))
    assert way.shown[-1][1] == way.shown[-1][2]
    assert visible(tmp_path) == ["nli"]


def test_what_was_cut_off_goes_on_where_it_stopped(tmp_path: Path, hub: Hub) -> None:
    hub.breaks_after = 300_000
    way = Way()
    with pytest.raises(ModelError, match=r"model\.onnx") as caught:
        pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    assert caught.value.exit_code == EXIT_UNAVAILABLE
    assert "goes on" in caught.value.remedy
    assert visible(tmp_path) == []
    pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    assert hub.asked[1] == (hub.asked[0][0], 300_000)
    assert (tmp_path / "models" / "nli" / "model.onnx").read_bytes() == WEIGHTS


def test_a_server_that_cannot_go_on_sends_all_of_it_again(tmp_path: Path, hub: Hub) -> None:
    hub.breaks_after, hub.whole_only = 300_000, True
    way = Way()
    with pytest.raises(ModelError):
        pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    folder = pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    assert (folder / "model.onnx").read_bytes() == WEIGHTS


def test_what_was_begun_from_another_revision_is_not_continued(tmp_path: Path, hub: Hub) -> None:
    hub.breaks_after = 300_000
    way = Way()
    with pytest.raises(ModelError):
        pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    other = make_pin("nli", origin="makers/nli", revision=COMMIT[::-1])
    newer = WEIGHTS[::-1]
    for path, body in (FILES | {"onnx/model.onnx": newer}).items():
        hub.files[f"/makers/nli/resolve/{COMMIT[::-1]}/{path}"] = body
    folder = pull(other, settings_of(tmp_path, hub), way, way.show)
    assert (folder / "model.onnx").read_bytes() == newer


def test_a_file_that_is_there_already_is_not_fetched_again(tmp_path: Path, hub: Hub) -> None:
    way = Way()
    gone = hub.files.pop(f"/makers/nli/resolve/{COMMIT}/config.json")
    with pytest.raises(ModelError, match=r"config\.json"):
        pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    hub.files[f"/makers/nli/resolve/{COMMIT}/config.json"] = gone
    # One without a pinned checksum is asked for what follows after its end.
    pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    assert [first for path, first in hub.asked if path.endswith("model.onnx")] == [0]
    assert [first for path, first in hub.asked if path.endswith("tokenizer.json")] == [0, 2]


def test_a_wrong_checksum_installs_nothing_and_leaves_the_old_model(tmp_path: Path, hub: Hub) -> None:
    way = Way()
    pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    hub.files[f"/makers/nli/resolve/{COMMIT}/onnx/model.onnx"] = b"something else"
    with pytest.raises(ModelError, match=digest(WEIGHTS)) as caught:
        pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    assert caught.value.exit_code == EXIT_FINDINGS
    assert not caught.value.retryable
    assert (tmp_path / "models" / "nli" / "model.onnx").read_bytes() == WEIGHTS
    # Nothing of the wrong file is left to go on from.
    hub.files[f"/makers/nli/resolve/{COMMIT}/onnx/model.onnx"] = WEIGHTS
    pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)


def test_a_hub_may_send_us_to_its_storage(tmp_path: Path, hub: Hub) -> None:
    path = f"/makers/nli/resolve/{COMMIT}/onnx/model.onnx"
    hub.moved[path] = "/storage/abc?signed=1"
    hub.files["/storage/abc?signed=1"] = hub.files.pop(path)
    way = Way()
    folder = pull(pin_of(model=digest(WEIGHTS)), settings_of(tmp_path, hub), way, way.show)
    assert (folder / "model.onnx").read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    ("status", "words", "remedy", "code"),
    [
        (404, "404", "--file", EXIT_FINDINGS),
        (401, "401", "by hand", EXIT_FINDINGS),
        (429, "429", "goes on", EXIT_UNAVAILABLE),
        (503, "503", "mirror", EXIT_UNAVAILABLE),
    ],
)
def test_a_refusal_says_what_to_do(
    tmp_path: Path, hub: Hub, status: int, words: str, remedy: str, code: int
) -> None:
    hub.status = status
    way = Way()
    with pytest.raises(ModelError, match=words) as caught:
        pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == code


def test_nobody_there_says_so_and_that_all_works_without(tmp_path: Path, hub: Hub) -> None:
    hub.close()
    way = Way()
    with pytest.raises(ModelError, match="no connection") as caught:
        pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    assert caught.value.exit_code == EXIT_UNAVAILABLE
    assert "works without" in caught.value.remedy


def test_a_file_over_the_limit_is_not_taken(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pulling.MOST_BYTES, "model.onnx", 1000)
    way = Way()
    with pytest.raises(ModelError, match="at most 1,000"):
        pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    assert list((tmp_path / "models" / ".unfinished").rglob("model.onnx")) == []


def test_a_full_disk_is_told_before_and_while_writing(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way()
    with monkeypatch.context() as patch:
        patch.setattr(pulling, "_SPARE", 1 << 60)
        with pytest.raises(ModelError, match="free at") as caught:
            pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    assert "CLAIMWATCH_DATA_DIR" in caught.value.remedy

    # The kernel refuses to let a file of this process grow any further, as on a full disk.
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(ModelError, match="cannot be written") as caught:
            pull(pin_of(), settings_of(tmp_path, hub), way, way.show)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "make room" in caught.value.remedy
    assert visible(tmp_path) == []


def test_two_do_not_fetch_one_model_at_once(tmp_path: Path, hub: Hub) -> None:
    settings = settings_of(tmp_path, hub)
    with pulling._alone(tmp_path / "models", pin_of()), pytest.raises(ModelError, match="another process"):
        pull(pin_of(), settings, Way(), Way().show)


# ---------------------------------------------------------------- pins


REFUSED = {
    "no revision": ({"name": "nli-deberta-v3-small"}, "which revision"),
    "a branch": ({"name": "nli-deberta-v3-small", "revision": "main"}, "which revision"),
    "nobody knows where": ({"name": "mine"}, "where does it come from"),
    "a path as a name": ({"name": "../up", "origin": "a/b", "revision": COMMIT}, "no name"),
    "an address without checksums": ({"name": "mine", "origin": "https://models.example/x"}, "no checksum"),
    "another kind": ({"name": "mine", "kind": "parser", "origin": "a/b", "revision": COMMIT}, "kind"),
    "a file it does not have": (
        {"name": "mine", "origin": "a/b", "revision": COMMIT, "files": {"x.py": ("", "")}},
        "no file",
    ),
    "a path that climbs": (
        {
            "name": "mine",
            "origin": "a/b",
            "revision": COMMIT,
            "files": {"model.onnx": ("../../etc/passwd", "")},
        },
        "no path",
    ),
    "half a checksum": (
        {"name": "mine", "origin": "a/b", "revision": COMMIT, "files": {"model.onnx": ("", "abc")}},
        "64",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_pin_that_pins_nothing_is_refused(case: str) -> None:
    written, words = REFUSED[case]
    with pytest.raises(UsageError, match=words) as caught:
        make_pin(**written)  # type: ignore[arg-type]  # a table of all kinds of arguments
    assert caught.value.remedy


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.name)
def test_a_known_model_needs_only_its_revision(known: object) -> None:
    pin = make_pin(known.name, revision=COMMIT)  # type: ignore[attr-defined]  # the table's rows
    assert pin.licence in {"Apache-2.0", "MIT"}
    assert pin.url_of("model.onnx", "https://hub.example/").endswith(f"/resolve/{COMMIT}/onnx/model.onnx")


def test_pins_of_the_data_folder_are_read_and_mistakes_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert pinned(settings) == {}
    file = tmp_path / "models.toml"
    file.write_text(
        f'[mine]\nfrom = "makers/nli"\nrevision = "{COMMIT}"\nlicence = "MIT"\n[mine.files]\n'
        f'"model.onnx" = {{path = "onnx/small.onnx", sha256 = "{"a" * 64}"}}\n',
        encoding="utf-8",
    )
    pin = pinned(settings)["mine"]
    assert pin.files["model.onnx"].path == "onnx/small.onnx"
    assert pin.files["tokenizer.json"].sha256 == ""
    for text, words in (
        ("[mine", "models.toml"),
        ("mine = 3", "table"),
        ('[mine]\nfrm = "a/b"', "frm"),
        ('[mine]\nfrom = "a/b"', "revision"),
        ('[mine]\nfiles = "x"', "files"),
        (f'["UP"]\nfrom = "a/b"\nrevision = "{COMMIT}"', "no name"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            pinned(settings)


def test_a_manifest_that_somebody_changed_says_to_fetch_again(tmp_path: Path) -> None:
    for content in ("{}", "[]", "nothing", json.dumps({"name": "x", "files": {"a": {"b": 1}}})):
        (tmp_path / "claimwatch.json").write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"claimwatch\.json") as caught:
            manifest_of(tmp_path)
        assert "models pull" in caught.value.remedy
