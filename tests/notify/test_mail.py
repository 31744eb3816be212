"""E-mail against a real server on loopback: what it gets, and what each of its answers means."""

from __future__ import annotations

import email
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default

import pytest
from receivers import an_alert, claim, taken
from test_services import evil, send

from monitor.errors import DeliveryError
from monitor.errors import DeliveryReason as Of
from monitor.notify import check_receiver_url, posting, retryable
from monitor.notify.secrets import scrub

FINE: Mapping[str, bytes] = {
    "": b"220 ready\r\n",
    "EHLO": b"250-here\r\n250 AUTH PLAIN\r\n",
    "AUTH": b"235 yes\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    ".": b"250 2.0.0 queued as 77\r\n",
}


@dataclass
class MailServer:
    """Answers each command as told; None: not at all; b"": hangs up."""

    answers: Mapping[str, bytes | None]
    port: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, more: str = "", login: str = "") -> str:
        query = f"from=claimwatch@example.org&to=desk@example.org,duty@example.org&tls=none{more}"
        return f"smtp://{login}127.0.0.1:{self.port}/?{query}"

    def mail(self) -> EmailMessage:
        made = email.message_from_bytes(self.mails[-1], policy=default)
        assert isinstance(made, EmailMessage)
        return made


@contextmanager
def mail_server(**answers: bytes | None) -> Iterator[MailServer]:
    named = {name.replace("greeting", "").replace("end", "."): value for name, value in answers.items()}
    one = MailServer({**FINE, **named})
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    one.port = listening.getsockname()[1]
    thread = threading.Thread(target=_serve, args=(listening, one))
    thread.start()
    try:
        yield one
    finally:
        one.closing.set()
        thread.join()
        listening.close()


def _serve(listening: socket.socket, one: MailServer) -> None:
    while not one.closing.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        connection.settimeout(5)
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            _talk(connection, lines, one)


def _talk(connection: socket.socket, lines: object, one: MailServer) -> None:
    if not _answered(connection, one, ""):
        return
    for line in lines:  # type: ignore[attr-defined]  # a file
        word = line.decode().split(" ")[0].split(":")[0].strip().upper()
        one.commands.append(line.decode().strip())
        if not _answered(connection, one, word):
            return
        if word == "DATA" and one.answers["DATA"] == FINE["DATA"]:
            body = b""
            for part in lines:  # type: ignore[attr-defined]  # a file
                if part == b".\r\n":
                    break
                body += part.removeprefix(b".") if part.startswith(b"..") else part
            one.mails.append(body)
            if not _answered(connection, one, "."):
                return


def _answered(connection: socket.socket, one: MailServer, word: str) -> bool:
    said = one.answers.get(word, b"502 what?\r\n")
    if said is None:
        one.closing.wait(5)
        return False
    connection.sendall(said)
    return bool(said)


# ---------------------------------------------------------------- what is sent


def test_a_mail_has_both_sides_in_plain_text_and_in_html() -> None:
    with mail_server() as there:
        delivered = send(there.url())
    assert (delivered.status, delivered.detail) == (250, "2.0.0 queued as 77")
    mail = there.mail()
    assert mail["Subject"].startswith("[HIGH] contradiction: Ada Brook")
    assert (mail["From"], mail["To"]) == (
        "Claimwatch <claimwatch@example.org>",
        "desk@example.org, duty@example.org",
    )
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        for part in ("the dam was cracked", "it never was", "Carl Weir", "https://news.example/1"):
            assert part in body.get_content()
    assert "RCPT TO:<duty@example.org>" in there.commands


def test_mails_about_one_conflict_are_a_thread_and_a_repeat_has_the_same_id() -> None:
    with mail_server() as there:
        for one in (taken(an_alert(id=1)), taken(an_alert(id=2)), taken(an_alert(group=None))):
            send(there.url(), one)
        mails = [email.message_from_bytes(each, policy=default) for each in there.mails]
    assert mails[0]["References"] == mails[1]["References"]
    assert mails[2]["References"] is None
    assert {mail["Message-ID"] for mail in mails} == {"<key-5@claimwatch.invalid>"}


def test_a_feed_sets_no_header_and_no_markup_and_a_line_with_a_dot_stays() -> None:
    with mail_server() as there:
        send(there.url(), evil())
        mail = there.mail()
        assert mail["X-Header"] is None
        page = mail.get_body(("html",))
        assert page is not None
        assert "<a href='https://evil" not in page.get_content()
        assert "<b>x</b>" not in page.get_content()
        dotted = taken(an_alert(claims=(claim(3, "A", ".\r\n.QUIT", "P"),), kind="new_claim"))
        send(there.url(), dotted)
    assert len(there.mails) == 2
    assert not any(command.startswith("QUIT") for command in there.commands)


def test_user_and_password_are_used_and_never_said() -> None:
    with mail_server(AUTH=b"535 no, AHVzZXIAc2VjcmV0LXBhc3M= is wrong, secret-pass\r\n") as there:
        url = there.url(login="user:secret-pass@")
        with pytest.raises(DeliveryError) as caught:
            send(url)
    assert there.commands[1] == "AUTH PLAIN AHVzZXIAc2VjcmV0LXBhc3M="
    assert "secret-pass" not in str(caught.value)
    assert "secret-pass" not in scrub("secret-pass", url)


# ---------------------------------------------------------------- answers

ANSWERS: list[tuple[str, bytes | None, Of, bool]] = [
    ("greeting", b"421 too busy\r\n", Of.RECEIVER_FAILED, True),
    ("greeting", b"554 go away\r\n", Of.REFUSED, False),
    ("greeting", b"SSH-2.0-hello\r\n", Of.CONNECT, True),
    ("greeting", b"", Of.CONNECT, True),
    ("greeting", None, Of.TIMEOUT, True),
    ("greeting", b"220-" + b"x" * 200_000, Of.CONNECT, True),
    ("EHLO", b"500 what?\r\n", Of.REFUSED, False),
    ("MAIL", b"451 later\r\n", Of.RECEIVER_FAILED, True),
    ("RCPT", b"550 no such user\r\n", Of.REFUSED, False),
    ("RCPT", b"450 greylisted\r\n", Of.RECEIVER_FAILED, True),
    ("DATA", b"452 disk full\r\n", Of.RECEIVER_FAILED, True),
    ("end", b"554 spam\r\n", Of.REFUSED, False),
    ("end", b"", Of.CONNECT, True),
    ("end", None, Of.TIMEOUT, True),
]


@pytest.mark.parametrize(("step", "given", "reason", "again"), ANSWERS, ids=lambda value: str(value)[:24])
def test_each_answer_of_a_mail_server_has_its_outcome(
    step: str, given: bytes | None, reason: Of, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if given is None:
        monkeypatch.setattr(posting, "TIMEOUT_S", 0.5)
    with mail_server(**{step: given}) as there, pytest.raises(DeliveryError) as caught:
        send(there.url())
    assert (caught.value.reason, retryable(caught.value.reason)) == (reason, again)


def test_without_starttls_nothing_is_said_unless_that_was_asked_for() -> None:
    with mail_server() as there, pytest.raises(DeliveryError, match="offers no STARTTLS") as caught:
        send(there.url().replace("&tls=none", ""))
    assert caught.value.reason is Of.REFUSED
    assert there.commands == ["EHLO claimwatch"]


def test_where_nobody_listens_another_try_is_worth_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(DeliveryError) as caught:
        send(f"smtp://127.0.0.1:{port}/?from=a@b.c&to=d@e.f&tls=none")
    assert caught.value.reason is Of.CONNECT


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://mail.example.org/?from=a@b.c&to=d@e.f", ""),
        ("smtps://u:p@mail.example.org/?from=a@b.c&to=d@e.f,g@h.i", ""),
        ("smtp:///?from=a@b.c&to=d@e.f", "needs a host"),
        ("smtp://mail.example.org/?to=d@e.f", "needs from="),
        ("smtp://mail.example.org/?from=a@b.c", "needs from="),
        ("smtp://mail.example.org/?from=a@b.c&to=d@e.f>%0d%0aX", "needs from="),
        ("smtp://mail.example.org/?from=a@b.c&to=d@e.f&cc=x", "nothing else"),
        ("smtp://mail.example.org/?from=a@b.c&to=d@e.f&tls=no", "STARTTLS"),
        ("smtp://mail.example.org:99999/?from=a@b.c&to=d@e.f", "malformed"),
    ],
)
def test_a_mail_receivers_url_is_checked(url: str, said: str) -> None:
    told = check_receiver_url(url)
    assert said in told
    assert bool(said) == bool(told)
