"""/healthz, and the service while its database is away."""

from __future__ import annotations

from pathlib import Path

from newsroom import Site, alive, beating, ledger, rules_folder, settings, site

from monitor.store.database import open_database
from monitor.store.migrations import upgrade


def test_a_service_that_works_says_so(story_site: Site) -> None:
    assert story_site.db is not None
    beating(story_site.db)
    answer = story_site.get("/healthz")
    told = answer.json()
    assert answer.status_code == 200
    assert told["status"] == "ok"
    assert told["database"] == {"status": "ok", "kind": "sqlite", "schema": "current"}
    assert (told["rules"]["in_force"], told["rules"]["problem"]) == (1, "")
    assert told["outstanding"]["articles"] == 0
    assert told["outstanding"]["notifications"] >= 1
    assert told["processes"]["poller"]["alive"] == 1
    assert 0 <= told["processes"]["worker"]["last_seconds_ago"] < 60
    assert story_site.client.head("/healthz").status_code == 200


def test_the_web_process_counts_itself(story_site: Site) -> None:
    assert story_site.get("/healthz").json()["processes"]["web"]["alive"] == 1


def test_a_service_without_its_processes_is_degraded_not_dead(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        answer = served.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["processes"]["poller"] == {"alive": 0, "silent": 0, "last_seconds_ago": None}


def test_rule_files_that_never_loaded_are_named(tmp_path: Path) -> None:
    configured = settings(tmp_path)
    rules_folder(tmp_path, "rules: [unclosed")
    with ledger(tmp_path) as db:
        alive(db)
        with site(db, configured) as served:
            told = served.get("/healthz").json()
    assert told["status"] == "degraded"
    assert told["rules"]["in_force"] == 0
    assert "dam.yml" in told["rules"]["problem"]


def test_without_a_database_every_door_says_what_helps(tmp_path: Path) -> None:
    with site(None, settings(tmp_path)) as served:
        health, listed, page = (served.get(path) for path in ("/healthz", "/api/v1/claims", "/"))
        assert [answer.status_code for answer in (health, listed, page)] == [503, 503, 503]
        assert health.json()["database"]["status"] == "unavailable"
        assert "claimwatch up" in health.json()["database"]["remedy"]
        assert listed.headers["content-type"] == "application/problem+json"
        assert "claimwatch up" in listed.json()["remedy"]
        assert "What helps:" in page.text
    assert not (tmp_path / "claimwatch.db").exists(), "looking at it must not make an empty database"


def test_a_database_without_our_tables_is_unavailable_until_it_is_upgraded(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'claimwatch.db'}")
    with site(None, settings(tmp_path)) as served:
        answer = served.get("/healthz")
        assert answer.status_code == 503
        assert "claimwatch db upgrade" in answer.json()["database"]["remedy"]
        assert served.get("/").status_code == 503
        upgrade(db)
        assert served.get("/healthz").status_code == 200
    db.close()


def test_a_postgres_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://claimwatch:hunter22@127.0.0.1:1/claimwatch"
    with site(None, settings(tmp_path, database_url=url)) as served:
        answer = served.get("/healthz")
    assert answer.status_code == 503
    assert "127.0.0.1" in answer.text
    assert "hunter22" not in answer.text
