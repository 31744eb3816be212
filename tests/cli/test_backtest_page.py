"""docs/backtest.md: its rules load, and its transcript has the lines that the command really writes."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_process import ROOT, Run

PAGE = (ROOT / "docs" / "backtest.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL))
TRANSCRIPT = re.search(r"^```\n\$ claimwatch (.*?)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def shape(report: str) -> set[str]:
    """The lines, without what follows from the articles and the clock."""
    lines = re.sub(r"[+=-]?\d[\d,.]*", "N", report).splitlines()
    unbarred = (re.sub(r"N-?\s.*", "N", line) if line.startswith("  N") else line for line in lines)
    samples = (re.sub(r"^(  [+-]) .*", r"\1", line) for line in unbarred)
    return {re.sub(r"\d+ process(es)?|N process(es)?", "N processes", line) for line in samples}


def test_the_transcript_has_the_lines_that_the_command_writes(
    claimwatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from stored_articles import fill, planned_articles

    url = f"sqlite:///{tmp_path / 'articles.db'}"
    fill(url, list(planned_articles(1500, until=datetime.now(UTC))))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert set(FILES) == {"before/coast.yml", "after/coast.yml"}
    assert TRANSCRIPT is not None
    command, report = TRANSCRIPT.groups()
    done = claimwatch(
        *command.split(), env={"CLAIMWATCH_DATABASE_URL": url, "CLAIMWATCH_RULES": "before"}, timeout=120
    )
    assert (done.code, done.err) == (0, "")
    assert shape(done.out) == shape(report)
    sys.modules.pop("stored_articles")


def test_articles_for_measurements_are_the_same_for_everybody() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from stored_articles import planned_articles
    finally:
        sys.path.pop(0)
    until = datetime(2024, 3, 23, tzinfo=UTC)
    one, other = (list(planned_articles(50, until=until)) for _ in range(2))
    assert one == other
    assert {version.entry.lang for version in one} == {"en", "ru", "uk"}
    assert one != list(planned_articles(50, until=until, seed=2))
