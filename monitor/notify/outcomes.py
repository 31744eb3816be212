"""What a receiver's answer means, and whether trying again helps: said here and nowhere else."""

from __future__ import annotations

from monitor.errors import DeliveryReason, FetchReason

# The rest is for people to mend: the same request would be refused again.
_RETRYABLE = frozenset(
    {
        DeliveryReason.CONNECT,
        DeliveryReason.TIMEOUT,
        DeliveryReason.RATE_LIMITED,
        DeliveryReason.RECEIVER_FAILED,
    }
)
# RFC 9110 §15.5.9 (408: repeat on a new connection), RFC 8470 §5.2 (425: repeat, not in early data).
_PASSING = frozenset({408, 425})

# Where the request did not get through: how that is called on a notification.
TRANSPORT = {
    FetchReason.BAD_URL: DeliveryReason.BAD_RECEIVER,
    FetchReason.FORBIDDEN_ADDRESS: DeliveryReason.FORBIDDEN_ADDRESS,
    FetchReason.TIMEOUT: DeliveryReason.TIMEOUT,
    FetchReason.RATE_LIMITED: DeliveryReason.RATE_LIMITED,
}

# A receiver that asks for more patience than this is asked again after this.
MAX_RETRY_AFTER_S = 6 * 3600.0


def retryable(reason: DeliveryReason) -> bool:
    """Can the same notification be accepted later, with nothing changed by people?"""
    return reason in _RETRYABLE


def outcome_of_status(status: int) -> DeliveryReason:
    """What an HTTP status means. Only 2xx is acceptance: a redirect would lose the body, a 404 the alert."""
    if 200 <= status < 300:
        return DeliveryReason.ACCEPTED
    if status == 429:
        return DeliveryReason.RATE_LIMITED
    if 300 <= status < 400:
        return DeliveryReason.REDIRECTED
    if status >= 500 or status in _PASSING:
        return DeliveryReason.RECEIVER_FAILED
    return DeliveryReason.REFUSED


def outcome_of_failure(reason: FetchReason) -> DeliveryReason:
    """What a failed exchange means: DNS, TLS and cut connections count as not reached."""
    return TRANSPORT.get(reason, DeliveryReason.CONNECT)


def patience(retry_after_s: float | None) -> float | None:
    """How long a receiver may make us wait, in seconds, at most six hours; None: it does not say."""
    return None if retry_after_s is None else min(max(retry_after_s, 0.0), MAX_RETRY_AFTER_S)
