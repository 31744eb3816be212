"""The webhook channel against real receivers on loopback, through the real way out."""

from __future__ import annotations

import json
import socket

import pytest
from receivers import LOOPBACK, Networks, Receiver, answer, receiver, send, taken

from monitor.errors import DeliveryError, DeliveryReason
from monitor.notify import posting, retryable
from monitor.notify.message import message

OF = DeliveryReason


def refusal(url: str, networks: Networks = LOOPBACK) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(url, networks=networks)
    return caught.value


# ---------------------------------------------------------------- answer × outcome


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Fine"])
def test_only_an_answer_of_2xx_counts_as_sent(status: str) -> None:
    with receiver(answer(status)) as one:
        assert send(one.url).status == int(status[:3])
        assert len(one.requests) == 1


# (what the receiver answers, the outcome, is it worth another try, how long it asks us to wait)
ANSWERS = [
    (answer("301 Moved", "Location: http://127.0.0.1:9/x"), OF.REDIRECTED, False, None),
    (answer("302 Found", "Location: /elsewhere"), OF.REDIRECTED, False, None),
    (answer("307 Temporary Redirect", "Location: /elsewhere"), OF.REDIRECTED, False, None),
    (answer("304 Not Modified"), OF.REDIRECTED, False, None),
    (answer("400 Bad Request"), OF.REFUSED, False, None),
    (answer("401 Unauthorized"), OF.REFUSED, False, None),
    (answer("403 Forbidden"), OF.REFUSED, False, None),
    (answer("404 Not Found"), OF.REFUSED, False, None),
    (answer("410 Gone"), OF.REFUSED, False, None),
    (answer("413 Content Too Large"), OF.REFUSED, False, None),
    (answer("408 Request Timeout"), OF.RECEIVER_FAILED, True, None),
    (answer("425 Too Early"), OF.RECEIVER_FAILED, True, None),
    (answer("429 Too Many Requests"), OF.RATE_LIMITED, True, None),
    (answer("429 Too Many Requests", "Retry-After: 17"), OF.RATE_LIMITED, True, 17.0),
    (answer("429 Too Many Requests", "Retry-After: 999999999"), OF.RATE_LIMITED, True, 21_600.0),
    (answer("429 Too Many Requests", "Retry-After: soon"), OF.RATE_LIMITED, True, None),
    (answer("500 Internal Server Error"), OF.RECEIVER_FAILED, True, None),
    (answer("502 Bad Gateway"), OF.RECEIVER_FAILED, True, None),
    (answer("503 Service Unavailable", "Retry-After: 30"), OF.RECEIVER_FAILED, True, 30.0),
    (answer("504 Gateway Timeout"), OF.RECEIVER_FAILED, True, None),
    (b"", OF.CONNECT, True, None),
    (b"HTTP/1.1 20", OF.CONNECT, True, None),
    (b"no http at all\r\n\r\n", OF.CONNECT, True, None),
]


@pytest.mark.parametrize(
    ("given", "reason", "again", "wait"), ANSWERS, ids=[str(row[0][9:30], "ascii") for row in ANSWERS]
)
def test_every_other_answer_has_its_outcome(
    given: bytes, reason: DeliveryReason, again: bool, wait: float | None
) -> None:
    with receiver(given) as one:
        error = refusal(one.url)
        assert len(one.requests) == 1
    assert (error.reason, retryable(error.reason), error.retry_after_s) == (reason, again, wait)
    if given.startswith(b"HTTP/1.1 ") and b"\r\n" in given:
        assert error.status == int(given[9:12])


def test_a_receiver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT_S", 0.3)
    with receiver(None) as one:
        error = refusal(one.url)
    assert (error.reason, retryable(error.reason)) == (OF.TIMEOUT, True)


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    with receiver(head, flood=b"x" * 65_536) as one:
        delivered = send(one.url)
    assert delivered.status == 200
    assert len(delivered.detail) <= 200


def test_where_nobody_listens_another_try_is_worth_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = refusal(f"webhook+http://127.0.0.1:{port}/")
    assert (error.reason, retryable(error.reason)) == (OF.CONNECT, True)


def test_a_private_network_must_be_allowed_first() -> None:
    with receiver(answer("200 OK")) as one:
        error = refusal(one.url, networks=())
        assert one.requests == []
    assert (error.reason, retryable(error.reason)) == (OF.FORBIDDEN_ADDRESS, False)


# ---------------------------------------------------------------- what is sent


def received(one: Receiver) -> tuple[str, dict[str, str], bytes]:
    send(one.url)
    return one.requests[0]


def test_the_request_carries_the_payload_and_its_headers() -> None:
    with receiver(answer("200 OK")) as one:
        first, headers, body = received(one)
    assert first == "POST /hook HTTP/1.1"
    assert json.loads(body) == message(taken().alert)
    wanted = {
        "content-type": "application/json",
        "idempotency-key": "key-5",
        "claimwatch-alert-kind": "contradiction",
        "claimwatch-payload-version": "1",
        "claimwatch-attempt": "2",
    }
    assert {name: headers.get(name) for name in wanted} == wanted
    assert headers["user-agent"].startswith("claimwatch/")


def test_the_key_is_the_same_at_every_attempt() -> None:
    with receiver(answer("503 Service Unavailable")) as one:
        refusal(one.url)
        refusal(one.url)
        keys = [headers["idempotency-key"] for _, headers, _ in one.requests]
    assert keys == ["key-5", "key-5"]


def test_user_and_password_become_a_header_and_stand_nowhere_else() -> None:
    with receiver(answer("200 OK")) as one:
        send(f"webhook+http://ops:open%20sesame@127.0.0.1:{one.port}/hook")
        first, headers, _ = one.requests[0]
    assert headers["authorization"] == "Basic b3BzOm9wZW4gc2VzYW1l"
    assert headers["host"] == f"127.0.0.1:{one.port}"
    assert "sesame" not in first


# ---------------------------------------------------------------- secrets


@pytest.mark.parametrize(
    "given",
    [
        answer("403 Forbidden", body=b"no such hook /T0KENT0KEN/xyzzy-secret?key=query-secret"),
        answer("200 OK", body=b"thanks for xyzzy-secret and pass-secret"),
        answer("302 Found", "Location: http://127.0.0.1/T0KENT0KEN/xyzzy-secret"),
        b"",
    ],
)
def test_no_secret_of_the_url_comes_back_in_words(given: bytes) -> None:
    with receiver(given) as one:
        url = f"webhook+http://user:pass-secret@127.0.0.1:{one.port}/T0KENT0KEN/xyzzy-secret?key=query-secret"
        try:
            said = send(url).detail
        except DeliveryError as error:
            said = f"{error} {error.detail} {error.__cause__}"
    assert said
    for secret in ("pass-secret", "xyzzy-secret", "T0KENT0KEN", "query-secret"):
        assert secret not in said


def test_control_characters_of_an_answer_are_not_kept() -> None:
    with receiver(answer("400 Bad Request", body=b"no\x1b[2J\r\nway")) as one:
        detail = refusal(one.url).detail
    assert detail.startswith("the receiver answered 400: no")
    assert detail.isprintable()
