"""The doorbell against a real Redis."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import pytest
from redis_server import RedisServer
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from monitor.errors import UnavailableError
from workers import queue as bell
from workers.queue import Hint, Kind, RefusedHintError, Stop, listen, require_redis, ring


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.close()


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


class Ear:
    """A listener in a thread, and how often it looked."""

    def __init__(self, url: str, kind: Kind = Kind.ARTICLES) -> None:
        self.looks = 0
        self.stop = Stop()
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(url, kind), daemon=True)
        self.thread.start()

    def _run(self, url: str, kind: Kind) -> None:
        try:
            listen(url, kind, self._look, self.stop)
        except BaseException as error:
            self.error = error

    def _look(self) -> None:
        self.looks += 1

    def close(self) -> None:
        self.stop.requested = True
        self.thread.join(15)
        assert not self.thread.is_alive()
        assert self.error is None


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No look unasked for a long time: only a hint can explain one."""
    monkeypatch.setattr(bell, "LOOK_EVERY", 60)


def test_a_ring_makes_the_listener_look(redis_server: RedisServer, patient: None) -> None:
    ear = Ear(redis_server.url)
    until(lambda: ear.looks == 1)
    assert ring(redis_server.url, Kind.ARTICLES, [1, 2])
    until(lambda: ear.looks == 2)
    assert ring(redis_server.url, Kind.DELIVERIES, [1])
    time.sleep(0.3)
    assert ear.looks == 2
    ear.stop.requested = True
    ring(redis_server.url, Kind.ARTICLES)  # wakes it up for its stop
    ear.close()


def test_a_hint_leaves_nothing_behind_in_redis(redis_server: RedisServer, patient: None) -> None:
    ear = Ear(redis_server.url)
    until(lambda: ear.looks == 1)
    ring(redis_server.url, Kind.ARTICLES, [1])
    until(lambda: ear.looks == 2)
    left = {key.decode() for key in redis_server.client().keys("*")}
    assert not {key for key in left if key.startswith("rq:job")}
    assert "rq:queue:claimwatch-articles:intermediate" not in left
    ear.stop.requested = True
    ring(redis_server.url, Kind.ARTICLES)
    ear.close()


def test_an_idle_listener_looks_unasked(redis_server: RedisServer) -> None:
    ear = Ear(redis_server.url)
    until(lambda: ear.looks >= 3)
    ear.close()


def test_without_a_redis_url_the_ledger_is_looked_at_every_second() -> None:
    ear = Ear("")
    until(lambda: ear.looks >= 3)
    ear.close()


def test_the_listener_outlives_redis_and_hears_again_when_it_is_back(redis_server: RedisServer) -> None:
    ear = Ear(redis_server.url)
    until(lambda: ear.looks >= 1)
    redis_server.kill()
    seen = ear.looks
    until(lambda: ear.looks >= seen + 3)
    redis_server.start()
    until(lambda: any(b"claimwatch-articles" in key for key in redis_server.client().keys("rq:workers:*")))
    assert ring(redis_server.url, Kind.ARTICLES)
    seen = ear.looks
    until(lambda: ear.looks > seen)
    ear.close()


def test_a_redis_that_is_away_at_the_start_is_joined_later() -> None:
    server = RedisServer()
    ear = Ear(server.url)
    until(lambda: ear.looks >= 2)
    server.start()
    until(lambda: server.client().keys("rq:workers:*"))
    ear.close()
    server.close()


def test_ringing_into_a_void_says_so_and_never_raises(redis_server: RedisServer) -> None:
    assert not ring("", Kind.ARTICLES, [1])
    assert not ring("unix:///nowhere/redis.sock", Kind.ARTICLES, [1])
    assert not ring("no url", Kind.ARTICLES, [1])
    redis_server.client().set("rq:queue:claimwatch-articles", "not a list")
    assert not ring(redis_server.url, Kind.ARTICLES, [1])


def test_a_redis_that_hangs_holds_the_ringer_up_once(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert redis_server.process is not None
    assert ring(redis_server.url, Kind.ARTICLES)
    monkeypatch.setattr(bell, "MUTE", 3600.0)
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    try:
        assert not ring(redis_server.url, Kind.ARTICLES)
    finally:
        os.kill(redis_server.process.pid, signal.SIGCONT)
    assert not ring(redis_server.url, Kind.ARTICLES)  # not even asked
    bell._mute_until.clear()
    until(lambda: ring(redis_server.url, Kind.ARTICLES))


def test_hints_carry_fifty_ids_at_most_and_do_not_pile_up(redis_server: RedisServer) -> None:
    queue = Queue("claimwatch-articles", connection=redis_server.client(), serializer=JSONSerializer)
    assert ring(redis_server.url, Kind.ARTICLES, range(120))
    assert [len(job.args[1]) for job in queue.jobs] == [50, 50, 20]
    for _ in range(100):
        assert ring(redis_server.url, Kind.ARTICLES, [1])
    assert queue.count == bell.HINTS_WAITING


def test_require_redis_hides_the_password() -> None:
    with pytest.raises(UnavailableError, match="does not answer") as caught:
        require_redis("redis://user:hunter2@127.0.0.1:1/0")
    assert "hunter2" not in str(caught.value) + caught.value.remedy
    assert caught.value.exit_code == 3


def foreign_jobs() -> dict[str, Callable[[Queue], Job]]:
    def named(function: str, *args: object, **options: object) -> Callable[[Queue], Job]:
        return lambda queue: queue.enqueue_call(function, args=args, **options)  # type: ignore[arg-type]

    def pickled(queue: Queue) -> Job:
        job = queue.enqueue_call(bell.HEAR, args=("articles", [1]))
        payload = zlib.compress(pickle.dumps(("os.system", None, ("true",), {})))
        queue.connection.hset(job.key, "data", payload)
        return job

    def bomb(queue: Queue) -> Job:
        job = queue.enqueue_call(bell.HEAR, args=("articles", [1]))
        queue.connection.hset(job.key, "data", zlib.compress(b"[" * 50_000_000))
        return job

    def with_callback(queue: Queue) -> Job:
        job = queue.enqueue_call(bell.HEAR, args=("articles", [1]))
        queue.connection.hset(job.key, "failure_callback_name", "os.system")
        return job

    def with_method(queue: Queue) -> Job:
        job = queue.enqueue_call(bell.HEAR, args=("articles", [1]))
        queue.connection.hset(
            job.key, "data", zlib.compress(b'["workers.queue.hear", {"x": 1}, ["articles", []], {}]')
        )
        return job

    return {
        "os.system": named("os.system", "echo owned > /tmp/owned"),
        "another function of ours": named("workers.queue.listen", "articles", [1]),
        "other arguments": named(bell.HEAR, "articles", ["; rm"]),
        "another kind": named(bell.HEAR, "everything", [1]),
        "pickled": pickled,
        "a bomb": bomb,
        "a callback": with_callback,
        "an instance": with_method,
    }


@pytest.mark.parametrize("name", foreign_jobs())
def test_a_foreign_job_is_refused_and_dropped(
    name: str, redis_server: RedisServer, patient: None, capfd: pytest.CaptureFixture[str]
) -> None:
    client = redis_server.client()
    queue = Queue("claimwatch-articles", connection=client, serializer=JSONSerializer)
    job = foreign_jobs()[name](queue)
    with pytest.raises(RefusedHintError):
        Hint.fetch(job.id, connection=client, serializer=JSONSerializer)
    ear = Ear(redis_server.url)
    until(lambda: not client.exists(job.key))
    until(lambda: ear.looks >= 2)  # and it goes on
    assert not client.llen("rq:queue:claimwatch-articles:intermediate")
    ear.stop.requested = True
    ring(redis_server.url, Kind.ARTICLES)
    ear.close()


def test_commands_over_redis_are_not_obeyed(redis_server: RedisServer, patient: None) -> None:
    ear = Ear(redis_server.url)
    until(lambda: ear.looks == 1)
    assert redis_server.client().pubsub_channels() == []
    redis_server.client().set("rq:suspended", 1)
    ring(redis_server.url, Kind.ARTICLES)
    until(lambda: ear.looks == 2)
    ear.stop.requested = True
    ring(redis_server.url, Kind.ARTICLES)
    ear.close()


def test_a_signal_ends_a_wait_but_not_work() -> None:
    stop = Stop()
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    stop.install()
    try:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        stop.wait(60)  # ends early
        assert stop()
        done = []

        def work() -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)
            done.append("finished")

        work()
        assert done == ["finished"]
        assert stop.during(lambda: "not begun") is None
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
