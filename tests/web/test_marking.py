"""Changing something through the web: the buttons, the API, and who is refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import HOSTILE, STORY, Site, fill, ledger, settings, site
from starlette.datastructures import Headers
from test_pages import Page

from monitor.web.guard import MAX_BODY, from_our_page

PAIR = "/contradictions/1"
API = "/api/v1/contradictions/1/feedback"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    """A newsroom of one's own, to change things in."""
    with ledger(tmp_path) as db:
        fill(db, *STORY, HOSTILE)
        with site(db, settings(tmp_path)) as served:
            yield served


def press(fresh: Site, button: str, **headers: str) -> Any:
    """Press a button of the contradiction page, as a browser would."""
    shown = Page(fresh.get(PAIR).text)
    (form,) = [given for given, text in shown.all("form") if text == button]
    assert form["method"] == "post"
    return fresh.client.post(form["action"], headers={"Sec-Fetch-Site": "same-origin"} | headers)


def pressed(fresh: Site) -> list[str]:
    return [
        text
        for given, text in Page(fresh.get(PAIR).text).all("button")
        if given.get("aria-pressed") == "true"
    ]


def test_a_button_marks_the_contradiction_and_shows_the_page_again(fresh: Site) -> None:
    assert pressed(fresh) == []
    answer = press(fresh, "Noise")
    assert (answer.status_code, answer.headers["location"]) == (303, PAIR)
    assert pressed(fresh) == ["Noise"]
    assert "Marked as noise" in Page(fresh.get(PAIR).text).text
    (word,) = fresh.get("/api/v1/feedback").json()["feedback"]
    assert (word["word"], word["by"], word["name"]) == ("noise", "web page", "contradiction:1")
    press(fresh, "Real")
    assert pressed(fresh) == ["Real"]
    press(fresh, "Undo")
    press(fresh, "Undo")
    assert pressed(fresh) == []


def test_undo_with_nothing_to_undo_says_so(fresh: Site) -> None:
    answer = fresh.client.post(PAIR + "/feedback/undo")
    assert answer.status_code == 409
    assert "nothing to undo" in Page(answer.text).text


@pytest.mark.parametrize(
    "path",
    ["/contradictions/99/feedback/noise", PAIR + "/feedback/maybe", "/contradictions/x/feedback/noise"],
)
def test_a_button_that_does_not_exist_changes_nothing(fresh: Site, path: str) -> None:
    assert fresh.client.post(path).status_code == 404
    assert fresh.get("/api/v1/feedback").json() == {"feedback": []}


def test_the_page_of_a_hostile_feed_can_be_marked_too(fresh: Site) -> None:
    shown = Page(fresh.get("/contradictions/3").text)
    assert len(shown.all("form")) == 3
    assert not shown.all("script")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_a_page_elsewhere_cannot_press_our_buttons(fresh: Site, headers: dict[str, str]) -> None:
    for path in (PAIR + "/feedback/noise", API):
        assert fresh.client.post(path, headers=headers, json={"word": "noise"}).status_code == 403
        assert fresh.client.delete(path, headers=headers).status_code == 403
    assert fresh.get("/api/v1/feedback").json() == {"feedback": []}


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"origin": "http://localhost:8420", "host": "localhost:8420"}, True),
        ({"origin": "http://LOCALHOST:8420", "host": "localhost:8420"}, True),
        ({"origin": "", "host": "localhost:8420"}, False),
        ({"origin": "localhost:8420", "host": "localhost:8420"}, False),
    ],
)
def test_our_pages_and_programs_may_change_something(headers: dict[str, str], may: bool) -> None:
    assert from_our_page(Headers(headers)) is may


def test_a_request_of_another_host_is_refused_before_anything_is_read(fresh: Site) -> None:
    assert fresh.client.post(API, headers={"Host": "evil.example"}, json={"word": "noise"}).status_code == 421


def test_the_page_with_buttons_lets_old_browsers_say_where_they_come_from(fresh: Site) -> None:
    assert fresh.get(PAIR).headers["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in fresh.get(PAIR).headers["content-security-policy"]


# ---------------------------------------------------------------- the API


def test_a_program_says_something_and_takes_it_back(fresh: Site) -> None:
    said = fresh.client.post(API, json={"word": "noise", "by": "eva", "note": "two dams"})
    assert said.status_code == 200
    told = said.json()
    assert (told["id"], told["before"], told["pairs"]) == ("contradiction:1", None, 1)
    assert (told["standing"]["by"], told["standing"]["note"]) == ("eva", "two dams")
    listed = fresh.get("/api/v1/contradictions").json()["contradictions"]
    assert 1 not in [pair["id"] for pair in listed]
    for status, there in (("noise", True), ("any", True), ("open", False), ("real", False)):
        pairs = fresh.get(f"/api/v1/contradictions?status={status}").json()["contradictions"]
        assert (1 in [pair["id"] for pair in pairs]) is there
    assert fresh.client.delete(API).json()["standing"] is None
    assert fresh.client.delete(API).status_code == 409
    history = fresh.get("/api/v1/feedback?history=true").json()["feedback"]
    assert [word["state"] for word in history] == ["undone"]


def test_matches_and_threads_take_words_too(fresh: Site) -> None:
    assert fresh.client.post("/api/v1/matches/1/feedback", json={"word": "real"}).json()["id"] == "match:1"
    assert (
        fresh.client.post("/api/v1/threads/thread-engineer/feedback", json={"word": "outdated"}).json()[
            "pairs"
        ]
        >= 1
    )
    assert fresh.get("/api/v1/matches/1").json()["status"] == "real"
    assert fresh.get("/api/v1/claims/1").json()["status"] == "outdated"
    assert len(fresh.get("/api/v1/feedback?kind=match&word=real&rule=dam-claims").json()["feedback"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (API, {"word": "maybe"}, 422),
        (API, {"word": "open"}, 422),
        (API, {"word": "noise", "who": "eva"}, 422),
        (API, {"word": "noise", "by": "x" * 121}, 422),
        (API, {"word": "noise", "note": "x" * 2001}, 422),
        (API, ["noise"], 422),
        (API + "?force=1", {"word": "noise"}, 422),
        ("/api/v1/contradictions/99/feedback", {"word": "noise"}, 404),
        ("/api/v1/contradictions/x/feedback", {"word": "noise"}, 404),
        ("/api/v1/threads/nobody/feedback", {"word": "noise"}, 404),
        ("/api/v1/articles/1/feedback", {"word": "noise"}, 422),
    ],
)
def test_what_cannot_be_read_or_found_is_a_problem_and_changes_nothing(
    fresh: Site, path: str, body: object, status: int
) -> None:
    answer = fresh.client.post(path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert fresh.get("/api/v1/feedback").json() == {"feedback": []}


def test_a_request_that_is_too_large_or_endless_is_refused_unread(fresh: Site) -> None:
    large = {"word": "noise", "note": "x" * MAX_BODY}
    assert fresh.client.post(API, json=large).status_code == 413

    def endless() -> Iterator[bytes]:
        yield b'{"word": "noise"}'

    assert fresh.client.post(API, content=endless()).status_code == 413
    address = fresh.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), timeout=10) as wire:
        head = f"POST {API} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n"
        wire.sendall(head.encode())
        assert b" 413 " in wire.recv(100)


@pytest.mark.parametrize("query", ["kind=claim", "word=open", "since=yesterday", "limit=0", "rulez=x"])
def test_a_list_of_words_refuses_filters_that_it_does_not_know(fresh: Site, query: str) -> None:
    assert fresh.get(f"/api/v1/feedback?{query}").status_code == 422
