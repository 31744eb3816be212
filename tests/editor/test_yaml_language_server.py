"""What an editor shows in a rule file: the real yaml-language-server, by its standard input and output.

It is installed from the npm registry, as package-lock.json pins it, into a folder that later runs find again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

HERE = Path(__file__).parent
RULES = HERE.parents[1] / "rules"
MODELINE = "# yaml-language-server: $schema=../rules.schema.json\n"
PATIENCE = 60


def _installed() -> Path:
    """The server's program; skips where it cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no node and npm here: what editors show is not tested")
    lock = (HERE / "package-lock.json").read_bytes()
    name = f"claimwatch-editor-{os.getuid()}-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / name
    server = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if not server.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / file, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180)
        except subprocess.TimeoutExpired:
            pytest.skip("npm ci took over 3 minutes: what editors show is not tested")
        if done.returncode:
            pytest.skip(f"npm ci failed: what editors show is not tested: {done.stderr[-300:]}")
    return server


class Server:
    """One server process; requests by number, notifications by name."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._messages: Queue[dict[str, Any]] = Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def notify(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == self._number and "method" not in message)[
            "result"
        ]

    def wait(self, wanted: Any) -> dict[str, Any]:
        """The next message that is wanted; the server's own questions are answered on the way."""
        while True:
            try:
                message = self._messages.get(timeout=PATIENCE)
            except Empty:
                pytest.fail("the language server does not answer")
            if wanted(message):
                return message
            if "id" in message and "method" in message:
                asked = (
                    message["params"].get("items", [])
                    if message["method"] == "workspace/configuration"
                    else []
                )
                self._send({"id": message["id"], "result": [None for _ in asked]})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(_installed())
    try:
        completion = {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}}
        capabilities = {"textDocument": {"completion": completion, "publishDiagnostics": {}}}
        server.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        server.notify("initialized", {})
        settings = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
        server.notify("workspace/didChangeConfiguration", {"settings": {"yaml": settings}})
        yield server
    finally:
        server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(RULES / "rules.schema.json", tmp_path)
    (tmp_path / "topics").mkdir()
    return tmp_path


def opened(
    server: Server, folder: Path, text: str, name: str = "topics/a.yml"
) -> tuple[str, list[dict[str, Any]]]:
    """The file's address, and what the editor underlines in it."""
    uri = (folder / name).as_uri()
    server.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
    )
    shown = server.wait(
        lambda message: (
            message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
        )
    )
    return uri, shown["params"]["diagnostics"]


RULE = (
    MODELINE
    + "version: 1\nrules:\n  - id: a-rule\n    title: A\n    match:\n      any:\n        - keyword: ferry\n"
)


def labels(server: Server, uri: str, line: int, character: int) -> set[str]:
    place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    found = server.ask("textDocument/completion", place)
    return {offered["label"] for offered in (found["items"] if isinstance(found, dict) else found)}


def test_a_typo_is_underlined_at_its_place(server: Server, folder: Path) -> None:
    _, shown = opened(server, folder, RULE + "    severty: high\n")
    (problem,) = shown
    assert "severty" in problem["message"]
    assert problem["range"]["start"] == {"line": 8, "character": 4}


def test_a_wrong_value_and_an_unknown_operator_are_underlined(server: Server, folder: Path) -> None:
    text = RULE.replace("keyword:", "keywrod:") + "    severity: hihg\n"
    _, shown = opened(server, folder, text)
    assert {7, 8} <= {problem["range"]["start"]["line"] for problem in shown}


def test_keys_of_a_rule_and_their_values_are_offered(server: Server, folder: Path) -> None:
    uri, _ = opened(server, folder, RULE + "    \n    status: \n")
    assert {"severity", "where", "alert", "tests", "owner"} <= labels(server, uri, 8, 4)
    assert {"draft", "test", "stable", "deprecated"} <= labels(server, uri, 9, 12)


def test_operators_are_offered_inside_a_condition(server: Server, folder: Path) -> None:
    uri, _ = opened(server, folder, RULE + "        - \n")
    assert {"keyword", "phrase", "entity", "near", "same_sentence", "none"} <= labels(server, uri, 8, 10)


def test_a_key_is_explained_where_the_mouse_stands(server: Server, folder: Path) -> None:
    uri, _ = opened(server, folder, RULE)
    place = {"textDocument": {"uri": uri}, "position": {"line": 4, "character": 6}}
    assert "name for people" in json.dumps(server.ask("textDocument/hover", place))


SHIPPED = [path for path in sorted(RULES.rglob("*.yml")) if path.parent.name != "frames"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_nothing_is_underlined_in_a_shipped_file(server: Server, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    _, shown = opened(server, RULES, text, path.relative_to(RULES).as_posix())
    assert shown == []
