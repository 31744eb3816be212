"""/metrics: what Prometheus reads, also while the database is away."""

from __future__ import annotations

import re
from pathlib import Path

from newsroom import Site, ledger, rules_folder, settings, site
from prometheus_client.parser import text_string_to_metric_families

from monitor.store.health import beat
from monitor.store.rules_in_use import tell_rules
from monitor.web.metrics import METRICS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def samples(served: Site) -> dict[str, float]:
    """Name and labels, as written → value."""
    answer = served.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name
        + "".join(f"[{name}={value}]" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_counts_come_from_the_ledger(story_site: Site) -> None:
    found = samples(story_site)
    assert found["claimwatch_database_up"] == 1
    assert found["claimwatch_rules_folder_broken"] == 0
    assert found["claimwatch_articles_waiting"] == 0
    assert found["claimwatch_notifications_waiting"] >= 1
    assert {"claimwatch_feeds[state=fine]", "claimwatch_feeds[state=failing]"} <= set(found)


def test_processes_heard_of_just_now_are_counted_by_role(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        beat(db, role="poller", process="a:1")
        assert samples(served)["claimwatch_processes[role=poller]"] == 1


def test_the_rules_of_each_role_are_counted_by_version(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        for process, version, problem in (("a:1", "one", ""), ("a:2", "one", "broken"), ("b:1", "two", "")):
            tell_rules(
                db, role="worker", process=process, folder="/r", version=version, rules=7, problem=problem
            )
        found = samples(served)
    assert found["claimwatch_rules_processes[role=worker][version=one]"] == 2
    assert found["claimwatch_rules_processes[role=worker][version=two]"] == 1
    assert found["claimwatch_rules_broken_processes[role=worker]"] == 1
    assert found["claimwatch_rules_in_use[version=one]"] == 7
    assert found["claimwatch_rules_loaded_timestamp_seconds[version=two]"] > 1_700_000_000


def test_rules_that_are_broken_from_the_start_are_told_by_the_web_process_too(tmp_path: Path) -> None:
    configured = settings(tmp_path)
    rules_folder(tmp_path, "rules: [unclosed")
    with ledger(tmp_path) as db, site(db, configured) as served:
        assert samples(served)["claimwatch_rules_folder_broken"] == 1


def test_without_a_database_only_that_is_told(tmp_path: Path) -> None:
    with site(None, settings(tmp_path)) as served:
        found = samples(served)
    assert found["claimwatch_database_up"] == 0
    assert "claimwatch_articles_waiting" not in found


def test_every_metric_is_documented_with_its_labels_and_nothing_else_is() -> None:
    rows = re.findall(r"^\| `(claimwatch_[a-z_]+)` \|([^|]*)\|", PAGE.read_text("utf-8"), re.MULTILINE)
    documented = {name: tuple(re.findall(r"`([a-z]+)`", labels)) for name, labels in rows}
    assert documented == {name: metric.labels for name, metric in METRICS.items()}
