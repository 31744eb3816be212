"""Settings of a poller in a test, with rules of its own."""

from __future__ import annotations

from pathlib import Path

from monitor.config import Settings

RULE = "version: 1\nrules:\n  - {id: storm, title: Storm, match: {any: [{keyword: [storm]}]}}\n"


def poller_settings(folder: Path, *, fetch_timeout: float = 5, networks: str = "127.0.0.0/8") -> Settings:
    rules = folder / "rules"
    (rules / "topics").mkdir(parents=True)
    (rules / "topics" / "storm.yml").write_text(RULE)
    return Settings(
        rules=rules,
        data_dir=folder,
        allow_networks=networks,  # type: ignore[arg-type]  # read as from the environment
        fetch_timeout=fetch_timeout,
    )
