"""When a notification is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import DeliveryError, DeliveryReason
from workers.delivery import BACKOFF_CAP, retry_at

NOW = datetime(2026, 1, 10, tzinfo=UTC)


def again(
    reason: DeliveryReason = DeliveryReason.TIMEOUT,
    *,
    attempt: int = 1,
    jitter: float = 1.0,
    retry_after: float | None = None,
    age: timedelta = timedelta(0),
) -> timedelta | None:
    error = DeliveryError(reason, "", retry_after_s=retry_after)
    at = retry_at(error, attempt=attempt, created_at=NOW - age, now=NOW, jitter=jitter)
    return at - NOW if at else None


@pytest.mark.parametrize(
    ("attempt", "bound"),
    [(1, 2), (2, 4), (3, 8), (8, 256), (9, 512), (10, 900), (60, 900), (100_000, 900)],
)
def test_the_wait_is_random_under_a_bound_that_doubles_to_a_quarter_of_an_hour(
    attempt: int, bound: int
) -> None:
    assert again(attempt=attempt, jitter=1.0) == timedelta(seconds=bound)
    assert again(attempt=attempt, jitter=0.5) == timedelta(seconds=bound / 2)
    assert again(attempt=attempt, jitter=0.0) == timedelta(0)


def test_a_retry_after_is_never_undercut() -> None:
    assert again(DeliveryReason.RATE_LIMITED, retry_after=120, jitter=0.1) == timedelta(seconds=120)
    assert again(DeliveryReason.RATE_LIMITED, retry_after=1, attempt=10) == BACKOFF_CAP


@pytest.mark.parametrize(
    "reason",
    [
        DeliveryReason.REFUSED,
        DeliveryReason.REDIRECTED,
        DeliveryReason.BAD_RECEIVER,
        DeliveryReason.FORBIDDEN_ADDRESS,
    ],
)
def test_what_people_must_mend_first_is_dead_at_once(reason: DeliveryReason) -> None:
    assert again(reason) is None


def test_after_three_days_it_is_dead() -> None:
    assert again(age=timedelta(hours=71)) is not None
    assert again(age=timedelta(hours=72)) is None
    assert again(age=timedelta(hours=71), retry_after=2 * 3600) is None
