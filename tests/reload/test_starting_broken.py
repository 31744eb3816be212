"""Real processes that start while the rules folder is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from claimwatch_processes import claimwatch, environment

RULE = """version: 1
rules:
  - id: storm
    title: Storm
    match: {any: [{keyword: storm}]}
"""


@pytest.mark.parametrize("ledger", ["sqlite_url", "postgres_url"])
def test_once_works_on_with_the_last_good_rules_until_the_folder_is_mended(
    tmp_path: Path, request: pytest.FixtureRequest, ledger: str
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.yml").write_text(RULE)
    settings = {
        "database_url": str(request.getfixturevalue(ledger)),
        "rules": str(rules),
        "data_dir": str(tmp_path / "data"),
    }
    env = environment(tmp_path, settings)
    archive = tmp_path / "one.jsonl"

    def imported(number: int) -> tuple[int, str]:
        article = {"url": f"https://wire.example/{number}", "title": "A storm", "text": "", "publisher": "P"}
        archive.write_text(json.dumps(article) + "\n")
        done = claimwatch(("import", str(archive)), env=env, cwd=tmp_path)
        return done.returncode, done.stderr

    def matches() -> int:
        return len(claimwatch(("matches", "list", "--json"), env=env, cwd=tmp_path).stdout.splitlines())

    (rules / "a.yml").write_text(RULE.replace("match", "macth"))
    code, said = imported(0)
    assert code == 1, "nothing is kept yet"
    assert "1 error" in said or "2 errors" in said
    (rules / "a.yml").write_text(RULE)
    assert imported(1)[0] == 0
    assert matches() == 1

    (rules / "a.yml").write_text(RULE.replace("match", "macth"))
    code, said = imported(2)
    assert code == 4
    assert "rules.started_with_last_good" in said
    assert "the last good ones were used" in said
    assert matches() == 2
    status = claimwatch(("rules", "status"), env=env, cwd=tmp_path)
    assert status.returncode == 1
    assert "a process that starts now uses the last good rules: version " in status.stdout
    told = json.loads(claimwatch(("rules", "status", "--json"), env=env, cwd=tmp_path).stdout)
    assert told["last_good"]["version"]
    (rules / "a.yml").write_text(RULE)
    assert imported(3)[0] == 0
    assert claimwatch(("rules", "status"), env=env, cwd=tmp_path).returncode == 0
