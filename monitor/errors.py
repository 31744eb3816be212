"""Every exception we raise, on one page.

Each names its subject (which feed, file, setting), says in `remedy` what the reader can do about it,
and knows whether trying the same again can help. The command line prints `str(error)` and the remedy
and leaves with `exit_code`; a traceback is only ever a bug of ours.

Expected failures of one thing among many (a feed that does not answer, a refused notification)
are not exceptions once they are known: they become data on that thing.
"""

from __future__ import annotations

from enum import StrEnum

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNAVAILABLE = 3
EXIT_PARTIAL = 4
EXIT_INTERRUPTED = 130


class FetchReason(StrEnum):
    """Why a feed could not be read. Also the label of the metric."""

    BAD_URL = "bad_url"
    FORBIDDEN_ADDRESS = "forbidden_address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PROTOCOL = "protocol"
    HTTP_STATUS = "http_status"
    RATE_LIMITED = "rate_limited"
    GONE = "gone"
    NOT_A_FEED = "not_a_feed"
    PARSER_FAILED = "parser_failed"
    DISALLOWED = "disallowed"


class DeliveryReason(StrEnum):
    """How an attempt to deliver a notification ended. Also the label of the metric."""

    ACCEPTED = "accepted"
    BAD_RECEIVER = "bad_receiver"
    FORBIDDEN_ADDRESS = "forbidden_address"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    RECEIVER_FAILED = "receiver_failed"


class ClaimwatchError(Exception):
    """The base of all of them."""

    exit_code = EXIT_USAGE
    #: Can the very same call succeed later, with nothing changed here?
    retryable = False

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ConfigError(ClaimwatchError):
    """A setting is missing, unknown or malformed."""


class UsageError(ClaimwatchError):
    """A command was asked for something that does not exist or makes no sense."""


class QueryError(UsageError):
    """What somebody looks for cannot be read as a query; `position` counts its characters from 1."""

    def __init__(self, message: str, *, position: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.position = position


class InputError(ClaimwatchError):
    """A file given to a command cannot be read as what it should be."""


class RulesError(ClaimwatchError):
    """The rules folder has errors; `report` shows each with file, line, column and a hint."""

    exit_code = EXIT_FINDINGS

    def __init__(self, message: str, *, report: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.report = report


class UnavailableError(ClaimwatchError):
    """A service that we need (database, Redis) does not answer."""

    exit_code = EXIT_UNAVAILABLE
    retryable = True


class DatabaseVersionError(ClaimwatchError):
    """The database's schema is older or newer than this program."""


class LeaseLostError(ClaimwatchError):
    """Somebody else took over the work after our lease ran out; nothing of ours was written."""


class ModelError(ClaimwatchError):
    """A language model could not be fetched, or is not what it should be."""

    def __init__(self, message: str, *, remedy: str = "", away: bool = False) -> None:
        super().__init__(message, remedy=remedy)
        # Nobody answered: the same command can succeed later.
        self.retryable = away
        self.exit_code = EXIT_UNAVAILABLE if away else EXIT_FINDINGS


_WRONG_ADDRESS = frozenset(
    {FetchReason.BAD_URL, FetchReason.FORBIDDEN_ADDRESS, FetchReason.NOT_A_FEED, FetchReason.PARSER_FAILED}
)


class FetchError(ClaimwatchError):
    """A URL could not be fetched or read; caught at the feed's border and kept on the feed."""

    def __init__(
        self,
        url: str,
        reason: FetchReason,
        detail: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(f"{url}: {reason.value}: {detail}", remedy=remedy)
        self.url = url
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after_s = retry_after_s
        # The address or what is behind it is wrong, or nobody answers as they should.
        self.exit_code = EXIT_USAGE if reason in _WRONG_ADDRESS else EXIT_UNAVAILABLE

    @property
    def retryable(self) -> bool:  # type: ignore[override]  # a property here, a constant elsewhere
        """A feed is always asked again, except where the publisher says it is gone."""
        return self.reason is not FetchReason.GONE


class DeliveryError(ClaimwatchError):
    """A notification was not accepted; caught by the delivery job and kept on the notification."""

    def __init__(
        self,
        reason: DeliveryReason,
        detail: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after_s = retry_after_s
