"""Send notifications, several at once, and decide from each answer when to try again.

Back-off: full jitter (a random wait between nothing and a bound that doubles from 2 s to 15 min), never
earlier than the receiver's Retry-After, for 72 hours after the alert; then the notification is dead.
What people must mend first (an unknown receiver, a refusal, a redirect, a forbidden address) is dead at once:
it stands in the list of dead notifications with its reason, and never knocks on a closed door for three days.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from monitor.config import Settings
from monitor.errors import DeliveryError, DeliveryReason
from monitor.feeds.egress import Egress
from monitor.notify import Delivered, deliver, retryable
from monitor.notify.templates import written
from monitor.store.database import Database, database_now
from monitor.store.notifications import TakenNotification, record_attempt

log = structlog.get_logger(__name__)

BACKOFF_BASE = timedelta(seconds=2)
BACKOFF_CAP = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=72)
#: One attempt, in seconds: short enough for a stop within ten.
ATTEMPT_LIMIT = 8.0
#: And at most this part of the lease, so that nobody else sends the same meanwhile.
ATTEMPT_SHARE_OF_LEASE = 0.8

_NO_TEMPLATES: Mapping[str, str] = {}


def retry_at(
    error: DeliveryError, *, attempt: int, created_at: datetime, now: datetime, jitter: float
) -> datetime | None:
    """When to try again after this failure; None: never, the notification is dead.

    `attempt` counts the one that failed; `jitter` is random in 0–1.
    """
    if not retryable(error.reason):
        return None
    bound = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** min(attempt - 1, 30))
    wait = max(bound * jitter, timedelta(seconds=error.retry_after_s or 0))
    at = now + wait
    return at if at - created_at <= GIVE_UP_AFTER else None


class Postman:
    """Sends; one event loop and one set of connections for the life of a process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._egress: Egress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def send_all(
        self,
        db: Database,
        notifications: Sequence[TakenNotification],
        receivers: Mapping[str, str],
        *,
        lease: timedelta,
        templates: Mapping[str, str] = _NO_TEMPLATES,
    ) -> None:
        """One attempt for each, side by side; every outcome is recorded the moment it is known.

        `receivers`: name → URL; `templates`: name → Jinja2 text.
        Raises UnavailableError where the ledger is away.
        """
        limit = min(ATTEMPT_LIMIT, lease.total_seconds() * ATTEMPT_SHARE_OF_LEASE)
        self._runner.run(self._send_all(db, notifications, receivers, templates, limit))

    async def _send_all(
        self,
        db: Database,
        notifications: Sequence[TakenNotification],
        receivers: Mapping[str, str],
        templates: Mapping[str, str],
        limit: float,
    ) -> None:
        if self._egress is None:
            self._egress = await self._stack.enter_async_context(Egress.from_settings(self._settings))
        outcomes = await asyncio.gather(
            *(
                _attempt(db, taken, receivers.get(taken.receiver), templates, self._egress, limit)
                for taken in notifications
            ),
            return_exceptions=True,  # the others' outcomes are to be recorded all the same
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome


async def _attempt(
    db: Database,
    taken: TakenNotification,
    url: str | None,
    templates: Mapping[str, str],
    egress: Egress,
    limit: float,
) -> None:
    started = time.monotonic()
    try:
        delivered = await _deliver(taken, url, templates, egress, limit)
    except DeliveryError as error:
        with db.read() as connection:
            now = database_now(connection)
        again = retry_at(
            error,
            attempt=taken.attempt,
            created_at=taken.created_at,
            now=now,
            jitter=random.random(),  # noqa: S311  # spreads retries, keeps no secret
        )
        level = log.info if again else log.warning
        level(
            "notification.refused",
            notification=taken.id,
            receiver=taken.receiver,
            reason=error.reason.value,
            detail=error.detail,
            attempt=taken.attempt,
            dead=again is None,
        )
        record_attempt(
            db,
            taken,
            reason=error.reason,
            detail=error.detail,
            status=error.status,
            latency=timedelta(seconds=time.monotonic() - started),
            retry_at=again,
        )
    else:
        record_attempt(
            db,
            taken,
            reason=DeliveryReason.ACCEPTED,
            detail=delivered.detail,
            status=delivered.status,
            latency=timedelta(seconds=time.monotonic() - started),
            retry_at=None,
        )


async def _deliver(
    taken: TakenNotification, url: str | None, templates: Mapping[str, str], egress: Egress, limit: float
) -> Delivered:
    if url is None:
        raise DeliveryError(
            DeliveryReason.BAD_RECEIVER,
            f"there is no receiver {taken.receiver!r} in routes.yml any more",
        )
    try:
        async with asyncio.timeout(limit):
            if taken.template in templates:
                taken = await written(taken, templates[taken.template])
                if taken.note:
                    log.warning("template.broken", template=taken.template, note=taken.note)
            return await deliver(taken, url, egress)
    except TimeoutError:
        raise DeliveryError(DeliveryReason.TIMEOUT, f"no answer within {limit:.0f} s") from None
    except DeliveryError:
        raise
    except Exception as error:  # a bug in one channel stops no other notification, and is not silent
        log.exception("notification.failed", notification=taken.id, receiver=taken.receiver)
        raise DeliveryError(
            DeliveryReason.RECEIVER_FAILED, f"the channel failed: {type(error).__name__}"
        ) from error
