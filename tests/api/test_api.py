"""/api/v1 as programs use it: the shapes, the filters, the errors."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from newsroom import ENGINEER, MINISTER, RUSSIAN, Site

NOUNS = ("articles", "matches", "claims", "contradictions", "alerts")


def listed(api: Site, path: str) -> list[dict[str, Any]]:
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    (noun,) = answer.json()
    assert noun == path.partition("?")[0]
    objects: list[dict[str, Any]] = answer.json()[noun]
    return objects


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert {"type", "title", "detail"} <= set(told)
    return told


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize("noun", NOUNS)
def test_each_object_of_a_list_has_an_address_of_its_own(api: Site, noun: str) -> None:
    objects = listed(api, noun)
    assert objects
    for one in objects:
        assert api.get(f"/api/v1/{noun}/{one['id']}").json() == one


@pytest.mark.parametrize("noun", NOUNS)
def test_a_client_that_accepts_ndjson_gets_one_object_a_line(api: Site, noun: str) -> None:
    answer = api.get(f"/api/v1/{noun}", Accept="application/x-ndjson")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert "Accept" in answer.headers["vary"]
    assert [json.loads(line) for line in answer.text.splitlines()] == listed(api, noun)
    refused = api.get(f"/api/v1/{noun}", Accept="application/json, application/x-ndjson;q=0")
    assert refused.headers["content-type"] == "application/json"


def test_a_contradiction_holds_both_claims_with_their_exact_words(api: Site) -> None:
    pairs = listed(api, "contradictions")
    assert {(one["left"]["quote"], one["right"]["quote"]) for one in pairs} == {
        (ENGINEER.quote, MINISTER.quote),
        (ENGINEER.quote, RUSSIAN.quote),
    }
    for one in pairs:
        for side in ("left", "right"):
            claim = one[side]
            article = api.get(f"/api/v1/articles/{claim['article']['id']}?version=1").json()
            assert article["text"][claim["start"] : claim["end"]] == claim["quote"]


def test_alerts_of_one_kind_are_asked_for(api: Site) -> None:
    every = [alert["id"] for alert in listed(api, "alerts") if alert["kind"] == "contradiction"]
    assert [alert["id"] for alert in listed(api, "alerts?kind=contradiction")] == every != []


def test_an_alert_tells_what_became_of_it(api: Site) -> None:
    told = next(one for one in listed(api, "alerts") if one["kind"] == "contradiction")
    assert len(told["claims"]) == 2
    assert told["notifications"][0]["receiver"] == "desk"


def test_a_thread_has_its_history_and_the_beginning_of_its_name_will_do(api: Site) -> None:
    for one in listed(api, "threads"):
        whole = api.get(f"/api/v1/threads/{one['id']}").json()
        assert {name: whole[name] for name in one} == one
        assert [said["quote"] for said in whole["history"]] == [one["claim"]["quote"]]
        assert api.get(f"/api/v1/threads/{one['id'][:10]}").json() == whole
    problem(api.get("/api/v1/threads/nothing"), 404)
    assert "several" in problem(api.get("/api/v1/threads/thread"), 409)["detail"]
    problem(api.get("/api/v1/threads?status=bad"), 422)


def test_a_search_gives_what_was_found_where_and_in_which_words(api: Site) -> None:
    found = api.get("/api/v1/search?query=crack+flood&kind=claim").json()["found"]
    (snippet,) = found[0]["snippets"]
    assert [one["id"] for one in found] == [listed(api, "claims?query=crack+flood")[0]["id"]]
    assert [snippet["text"][start:end] for start, end in snippet["marks"]] == ["crack", "flood"]
    lines = api.get("/api/v1/search?query=dam", Accept="application/x-ndjson").text.splitlines()
    assert {json.loads(line)["kind"] for line in lines} == {"article", "claim", "contradiction"}
    for query, detail in (("query=%22dam", "never closed"), ("", "empty"), ("query=dam&kind=x", "")):
        told = problem(api.get(f"/api/v1/search?{query}"), 422)
        assert detail in told["errors"][0]["detail"]


# ---------------------------------------------------------------- filters


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("claims?limit=1", 1),
        ("claims?speaker=Ada+Brook", 1),
        ("claims?publisher=River+Post", 1),
        ("claims?lang=ru", 1),
        ("claims?rule=dam-claims", 3),
        ("claims?rule=other", 0),
        ("claims?since=2020-01-01", 3),
        ("claims?until=2020-01-01", 0),
        ("claims?since=2020-01-01T00:00:00+02:00&until=2100-01-01T00:00:00Z", 3),
        ("claims?query=flood", 1),
        ("contradictions", 2),
        ("contradictions?relation=update", 0),
        ("contradictions?relation=any", 2),
        ("contradictions?status=noise", 0),
        ("threads?speaker=Ada+Brook", 1),
        ("threads?status=noise", 0),
        ("alerts?kind=revision", 0),
        ("articles?query=", 3),
    ],
)
def test_filters_are_those_of_the_command_line(api: Site, query: str, count: int) -> None:
    assert len(listed(api, query)) == count


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("claims?speeker=Ada", "speeker", "unknown parameter; there are entity, feed, lang"),
        ("claims?limit=0", "limit", "greater than or equal to 1"),
        ("claims?limit=1001", "limit", "less than or equal to 1000"),
        ("claims?limit=many", "limit", "integer"),
        ("claims?since=yesterday", "since", "is no time; write 2024-03-26"),
        ("claims?until=2024-13-01", "until", "is no time"),
        ("claims?speaker=%00", "speaker", "control characters"),
        ("claims?speaker=" + "x" * 301, "speaker", "300"),
        ("claims?speaker=a&speaker=b", "speaker", "given more than once"),
        ("claims?relation=update", "relation", "unknown parameter"),
        ("contradictions?relation=maybe", "relation", "update"),
        ("alerts?kind=quarrel", "kind", "'contradiction'"),
        ("claims?kind=match", "kind", "unknown parameter"),
        ("claims/1?limit=1", "limit", "this address takes none"),
        ("claims/one", "id", "integer"),
        ("claims/99999999999999999999", "id", "less than or equal"),
        ("articles/1?version=0", "version", "greater than or equal to 1"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(api: Site, query: str, parameter: str, says: str) -> None:
    told = problem(api.get(f"/api/v1/{query}"), 422)
    assert [error["parameter"] for error in told["errors"]] == [parameter]
    assert says in told["errors"][0]["detail"]


def test_every_wrong_time_is_named_at_once(api: Site) -> None:
    told = problem(api.get("/api/v1/claims?since=x&until=y"), 422)
    assert [error["parameter"] for error in told["errors"]] == ["since", "until"]


@pytest.mark.parametrize("noun", NOUNS)
def test_what_does_not_exist_is_a_404_that_names_it(api: Site, noun: str) -> None:
    told = problem(api.get(f"/api/v1/{noun}/4711"), 404)
    assert told["detail"].startswith("there is no ")
    assert told["detail"].endswith(" 4711")


def test_an_unknown_address_and_a_wrong_method_are_problems_too(api: Site) -> None:
    assert "/api/v1/nothing" in problem(api.get("/api/v1/nothing"), 404)["detail"]
    answer = api.client.post("/api/v1/claims", json={})
    assert "POST" in problem(answer, 405)["detail"]
    assert "GET" in answer.headers["allow"]


def test_the_api_describes_itself(api: Site) -> None:
    described = api.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {f"/api/v1/{noun}" for noun in NOUNS} < set(described["paths"])
    assert not [path for path in described["paths"] if not path.startswith("/api/v1/")]
    assert api.get("/docs").status_code == 404


# ---------------------------------------------------------------- evidence


def test_evidence_of_a_claim_and_of_a_pair_comes_in_steps(api: Site) -> None:
    for noun, one, steps in (
        ("claims", "claim", {"text", "attribution", "speaker", "thread", "feedback", "found by"}),
        ("contradictions", "contradiction", {"said first", "met by", "compared", "finding", "conflict"}),
    ):
        id = listed(api, noun)[0]["id"]
        answer = api.get(f"/api/v1/{noun}/{id}/evidence")
        assert answer.status_code == 200
        told = answer.json()
        assert told[one] == id
        assert {step["step"] for step in told["steps"]} >= steps
        assert all(step["says"] for step in told["steps"])
        problem(api.get(f"/api/v1/{noun}/999/evidence"), 404)
        problem(api.get(f"/api/v1/{noun}/{id}/evidence?rule=x"), 422)
