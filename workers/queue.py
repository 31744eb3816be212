"""The doorbell: the only file that knows RQ, and (with `embedded_redis`) Redis.

The ledger is the queue. A *hint* in Redis only says "look now", with ids for whoever reads the log, so a hint
that is lost, doubled or flushed costs time and nothing else: an idle worker looks at the ledger by itself
every `LOOK_EVERY` seconds, and every second while Redis is away.

What RQ 3.0 does by itself, and why not here (docs/design-notes.md tells more):
a worker on two queues loses jobs (so: one queue a worker), `unique` ids block for ever once lost (so: none),
JSON alone still runs `os.system` for whoever can write to Redis (so: `Hint` takes one function and nothing
else), and a busy worker dies with Redis (so: the work is done after the hint has been put away, never inside
the RQ job).
"""

from __future__ import annotations

import functools
import json
import logging
import os
import signal
import socket
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from types import FrameType
from typing import Any, TypeVar

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty
from rq.utils import now as rq_now

from monitor.errors import UnavailableError

Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)

#: Ids in one hint: what a worker takes from the ledger at once.
HINT_IDS = 50
#: More hints than this say nothing new; workers that are behind find the rest in the ledger.
HINTS_WAITING = 64
#: How often an idle worker looks at the ledger unasked, in seconds (whole: BLMOVE's time-out).
LOOK_EVERY = 2
#: How often it looks while there is no Redis.
LOOK_EVERY_WITHOUT_REDIS = 1.0
#: Longest wait for an answer of Redis when ringing, in seconds.
RING_TIMEOUT = 1.0
#: A Redis that hangs is not rung at for so long, or whoever rings would wait each time, in seconds.
MUTE = 2.0
#: RQ's registration of a worker lives this long after its last sign of life, in seconds.
WORKER_TTL = 30
MAINTENANCE_INTERVAL = 30
#: A hint is heard in microseconds; RQ wants a limit all the same.
HINT_TIMEOUT = 10
#: How long Redis keeps a hint that could not be heard, in seconds.
FAILURE_TTL = 60
#: No hint of ours is longer, in bytes.
HINT_BYTES = 4096


class Kind(StrEnum):
    """What waits; each has a queue and worker processes of its own."""

    ARTICLES = "articles"
    DELIVERIES = "deliveries"

    @property
    def queue(self) -> str:
        """The RQ queue's name."""
        return f"claimwatch-{self.value}"


class _WaitInterrupted(BaseException):  # no error, so nobody's `except Exception` may take it
    """A signal came while we waited."""


class Stop:
    """Set by SIGTERM and SIGINT; ends a wait at once, and never interrupts work."""

    def __init__(self) -> None:
        self.requested = False
        self._interruptible = False

    def __call__(self) -> bool:
        return self.requested

    def install(self) -> None:
        """Listen to SIGTERM and SIGINT; in the main thread only."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def wait(self, seconds: float) -> None:
        """Sleep, but not beyond a stop."""
        self.during(lambda: time.sleep(seconds))

    def during(self, call: Callable[[], Answer]) -> Answer | None:
        """What a call that only waits gives; None where a stop ended it."""
        try:
            self._interruptible = True
            return None if self.requested else call()
        except _WaitInterrupted:
            return None
        finally:
            self._interruptible = False

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        self.requested = True
        if self._interruptible:
            self._interruptible = False
            raise _WaitInterrupted


# ---------------------------------------------------------------- ringing


def ring(redis_url: str, kind: Kind, ids: Iterable[int] = ()) -> bool:
    """Hint that work of this kind waits in the ledger; one hint for every `HINT_IDS` ids, and at least one.

    False where nobody could be told: no URL, or Redis is away, full or read-only. Never raises for it,
    because the sweep tells again. Blocks for `RING_TIMEOUT` at most.
    """
    if not redis_url or time.monotonic() < _mute_until.get(redis_url, 0.0):
        return False
    all_ids = list(ids)
    try:
        connection = _bell(redis_url, os.getpid())
        queue = Queue(kind.queue, connection=connection, serializer=JSONSerializer)
        room = max(HINTS_WAITING - queue.count, 0)
        for start in list(range(0, len(all_ids) or 1, HINT_IDS))[:room]:
            queue.enqueue_call(
                HEAR,
                args=(kind.value, all_ids[start : start + HINT_IDS]),
                timeout=HINT_TIMEOUT,
                result_ttl=0,
                failure_ttl=FAILURE_TTL,
                # RQ would write the arguments out where it is not given one
                description=f"{kind.value} wait",
            )
    except (RedisError, OSError, ValueError) as error:
        log.debug("bell.silent", kind=kind.value, error=type(error).__name__)
        if isinstance(error, RedisTimeoutError):
            _mute_until[redis_url] = time.monotonic() + MUTE
        return False
    return True


#: Redis URL → when to ring there again.
_mute_until: dict[str, float] = {}


@functools.lru_cache(maxsize=8)
def _bell(redis_url: str, _pid: int) -> Redis:
    """A connection to ring with; one a process, because a fork must not share a socket."""
    return connect(redis_url, timeout=RING_TIMEOUT)


def connect(redis_url: str, *, timeout: float) -> Redis:
    """A client that gives up after `timeout` seconds and never tries twice.

    Raises ValueError for a URL that is none.
    """
    return Redis.from_url(
        redis_url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 0)
    )


def require_redis(redis_url: str) -> None:
    """Raises UnavailableError where no Redis answers at this URL."""
    try:
        connect(redis_url, timeout=RING_TIMEOUT).ping()
    except (RedisError, OSError, ValueError) as error:
        raise UnavailableError(
            f"Redis at {_without_password(redis_url)} does not answer ({type(error).__name__})",
            remedy="start it or correct CLAIMWATCH_REDIS_URL; without it `claimwatch up` brings its own",
        ) from error


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


# ---------------------------------------------------------------- hints: what may stand in the queue

#: The one function that a hint may name.
HEAR = "workers.queue.hear"


def hear(kind: str, ids: Sequence[int]) -> None:
    """Nothing: that the hint arrived is the whole message. Ids are for the log."""
    log.debug("bell.heard", kind=kind, ids=len(ids))


class RefusedHintError(Exception):
    """Something in the queue is not a hint of ours; it is dropped unread."""


class Hint(Job):
    """An RQ job that can be nothing but a call of `hear`.

    Whoever can write to Redis could otherwise name any importable function, a callback or a webhook.
    Everything is checked on the bytes from Redis, before RQ reads them.
    """

    def restore(self, raw_data: Mapping[bytes, bytes]) -> Any:
        """Take over what Redis holds. Raises RefusedHintError."""
        _check_hint(raw_data)
        return super().restore(raw_data)

    @property
    def func(self) -> Callable[..., None]:
        """Always `hear`: never imported by the name that Redis gives."""
        if self.func_name != HEAR:
            raise RefusedHintError(f"job {self.id} names {self.func_name!r}")
        return hear


def _check_hint(raw: Mapping[bytes, bytes]) -> None:
    for name in (
        b"success_callback_name",
        b"failure_callback_name",
        b"stopped_callback_name",
        b"webhooks",
        b"dependency_ids",
        b"dependency_id",
        b"group_id",
        b"rate_limit_key",
        b"repeats_left",
        b"retries_left",
    ):
        if raw.get(name) not in (None, b"", b"[]", b"null"):
            raise RefusedHintError(f"carries {name.decode()}")
    packed = raw.get(b"data", b"")
    try:
        unpacked = zlib.decompressobj().decompress(packed, HINT_BYTES)
        function, instance, args, kwargs = json.loads(unpacked)
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise RefusedHintError(f"its payload is not one of ours ({type(error).__name__})") from error
    if function != HEAR:
        raise RefusedHintError(f"names the function {str(function)[:100]!r}")
    try:
        kind, ids = args
        Kind(kind)
        plain = instance is None and not kwargs and all(isinstance(number, int) for number in ids)
    except (ValueError, TypeError):
        plain = False
    if not plain:
        raise RefusedHintError("its arguments are not a kind and ids")


# ---------------------------------------------------------------- listening


def listen(redis_url: str, kind: Kind, look: Callable[[], None], stop: Stop) -> None:
    """Call `look` whenever somebody rings, and unasked every few seconds, until `stop`.

    `look` does all work of the kind that is due in the ledger, and watches `stop` itself.
    Redis may be away at the start, die, come back, be flushed or stay away for ever: `look` goes on.
    What `look` raises goes through.
    """
    told = False
    try:
        while not stop():
            if redis_url:
                try:
                    bell = Listener(connect(redis_url, timeout=LOOK_EVERY + 5), kind, look, stop)
                    log.info("bell.listening", queue=kind.queue, worker=bell.name)
                    told = False
                    bell.attend()
                except (RedisError, OSError) as error:
                    if not told:
                        log.warning("bell.away", queue=kind.queue, error=f"{type(error).__name__}: {error}")
                    told = True
            if not stop():
                look()
                stop.wait(LOOK_EVERY_WITHOUT_REDIS)
    except _WaitInterrupted:  # the signal came in the instant in which a wait ended by itself
        return


class _NoTimeLimit(BaseDeathPenalty):
    """RQ's alarm may strike between any two bytecodes; hearing a hint takes no time that needs a limit."""

    def setup_death_penalty(self) -> None:
        return

    def cancel_death_penalty(self) -> None:
        return


class Listener(SimpleWorker):
    """RQ's in-process worker on one queue, with a loop that outlives Redis and takes no commands from it."""

    job_class = Hint
    death_penalty_class = _NoTimeLimit
    log_result_lifespan = False

    def __init__(self, connection: Redis, kind: Kind, look: Callable[[], None], stop: Stop) -> None:
        for name in ("rq.worker", "rq.job", "rq.queue", "rq.registry"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # we say ourselves what matters
        super().__init__(
            [Queue(kind.queue, connection=connection, job_class=Hint, serializer=JSONSerializer)],
            name=f"{kind.value}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}",
            connection=connection,
            default_result_ttl=0,
            worker_ttl=WORKER_TTL,
            maintenance_interval=MAINTENANCE_INTERVAL,
            job_monitoring_interval=5,
            job_class=Hint,
            serializer=JSONSerializer,
            log_job_description=False,
        )
        self._look = look
        self._stop = stop

    @property
    def dequeue_timeout(self) -> int:
        """RQ's own is `worker_ttl - 15`; ours is also how long a lost hint can go unnoticed."""
        return LOOK_EVERY

    @property
    def connection_timeout(self) -> int:
        """A Redis that hangs counts as away after this many seconds."""
        return LOOK_EVERY + 5

    def attend(self) -> None:
        """Hear hints and look, until a stop. Raises RedisError and OSError when Redis goes away.

        RQ's `work` would also take signals over, obey commands from a pub/sub channel, sleep through
        suspension and leave at the first fault; registration, maintenance and jobs are RQ's.
        """
        self.register_birth()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
        try:
            while not self._stop():
                if self.should_run_maintenance_tasks:
                    self._maintain()
                self._look()
                self._hear_one()
        finally:
            with suppress(RedisError, OSError):
                self.register_death()  # type: ignore[no-untyped-call]  # RQ leaves it untyped

    def _hear_one(self) -> None:
        """Wait for one hint, LOOK_EVERY seconds at most, and put it away."""
        self.heartbeat(WORKER_TTL + 60)
        try:
            heard = self._stop.during(self._wait_for_hint)
        except DequeueTimeout:
            return
        except (RedisError, OSError):
            raise
        except Exception as error:  # RefusedHintError, or a job hash with fields that RQ itself cannot read
            self._drop(str(getattr(error, "job_id", "")), error)
            return
        if heard is not None:
            self.execute_job(*heard)

    def _wait_for_hint(self) -> tuple[Job, Queue] | None:
        return Queue.dequeue_any(
            self.queues, LOOK_EVERY, self.connection, job_class=Hint, serializer=JSONSerializer
        )

    def _drop(self, job_id: str, error: Exception) -> None:
        """Something else than a hint: gone from Redis, and said so."""
        log.warning("bell.refused", job=job_id[:64], reason=str(error) or type(error).__name__)
        self.connection.lrem(self.queues[0].intermediate_queue_key, 1, job_id)
        self.connection.delete(Hint.key_for(job_id))

    def _maintain(self) -> None:
        """RQ's own tidying, of what killed workers left in Redis."""
        try:
            self.run_maintenance_tasks()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
        except (RedisError, OSError):
            raise
        except Exception as error:  # a foreign job in a registry; hints that it held up are worth nothing
            log.warning("bell.untidy", error=f"{type(error).__name__}: {error}")
            self.connection.delete(self.queues[0].intermediate_queue_key)
            self.last_cleaned_at = rq_now()  # type: ignore[assignment]  # RQ infers None from its __init__
