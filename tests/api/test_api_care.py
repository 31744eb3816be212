"""Acknowledgements and silences over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import STORY, Site, alive, fill, ledger, settings, site


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Site]:
    with ledger(tmp_path) as db:
        fill(db, *STORY)
        alive(db)
        with site(db, settings(tmp_path)) as served:
            yield served


def test_an_alert_is_acknowledged_over_http_and_taken_back(api: Site) -> None:
    alerts = api.get("/api/v1/alerts").json()["alerts"]
    alert = next(one for one in alerts if one["kind"] == "contradiction")
    path = f"/api/v1/alerts/{alert['id']}/care"
    said = api.client.put(path, json={"status": "acknowledged", "by": "Ada", "lasts_s": 600})
    assert said.status_code == 200, said.text
    assert (said.json()["before"], said.json()["acknowledgement"]["owner"]) == ("new", "Ada")
    assert api.get(f"/api/v1/alerts/{alert['id']}").json()["status"] == "acknowledged"
    assert "acknowledged by Ada" in api.get("/").text
    assert "acknowledged by Ada" in api.get(f"/alerts/{alert['id']}").text
    assert api.client.delete(path).json()["status"] == "new"
    assert api.client.delete(path).status_code == 409
    assert api.client.put("/api/v1/alerts/999/care", json={"status": "resolved"}).status_code == 404
    assert api.client.delete("/api/v1/alerts/999/care").status_code == 404
    assert api.client.put(path, json={"status": "new"}).status_code == 422


def test_a_silence_is_added_listed_and_ended_over_http(api: Site) -> None:
    asked = {"matchers": ["kind = contradiction"], "comment": "drill", "by": "Ada", "lasts_s": 3600}
    added = api.client.post("/api/v1/silences", json=asked)
    assert added.status_code == 201, added.text
    assert set(added.json()["would_hold"]) == {"contradiction"}
    (listed,) = api.get("/api/v1/silences").json()["silences"]
    assert listed["comment"] == "drill"
    page = api.get("/silences")
    assert page.status_code == 200
    assert "kind = contradiction" in page.text
    assert api.client.delete(f"/api/v1/silences/{listed['id']}").json()["state"] == "expired"
    assert api.client.delete(f"/api/v1/silences/{listed['id']}").status_code == 409
    assert api.client.delete("/api/v1/silences/99").status_code == 404
    assert api.get("/api/v1/silences").json()["silences"] == []
    assert len(api.get("/api/v1/silences?expired=true").json()["silences"]) == 1
    assert api.get("/api/v1/silences?expird=true").status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"matchers": ["kind"]},
        {"matchers": []},
        {"lasts_s": 0},
        {"starts_at": "1999-01-01T00:00:00"},
        {"x": 1},
    ],
)
def test_a_silence_that_makes_no_sense_is_refused_over_http(api: Site, changes: dict[str, object]) -> None:
    asked = {"matchers": ["kind = match"], "comment": "drill", "lasts_s": 60} | changes
    assert api.client.post("/api/v1/silences", json=asked).status_code == 422
