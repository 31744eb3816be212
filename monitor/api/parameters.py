"""Query parameters → filters: the same names as the command line's options."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Query, Request

from monitor.api.problems import BadParametersError
from monitor.core.searching import read_query
from monitor.errors import QueryError
from monitor.store.filters import Filters

MAX_LIMIT = 1000
_NAMES = frozenset(Filters.__dataclass_fields__) - {"relation", "kind", "kinds", "statuses"}
# "+02:00" arrives as " 02:00" where the client did not escape the plus sign.
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")

Text = Annotated[str, Query(max_length=300)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description=f"at most {MAX_LIMIT}")]
Time = Annotated[str, Query(max_length=40, description="RFC 3339 time, or a date (UTC)")]


def filters(
    request: Request,
    rule: Text = "",
    feed: Text = "",
    publisher: Text = "",
    entity: Text = "",
    speaker: Text = "",
    lang: Text = "",
    since: Time = "",
    until: Time = "",
    query: Text = "",
    limit: Limit = 50,
) -> Filters:
    """The common filters. Raises BadParametersError that names each parameter at fault, unknown ones too."""
    refuse_unknown(request, _NAMES)
    texts = {
        "rule": rule,
        "feed": feed,
        "publisher": publisher,
        "entity": entity,
        "speaker": speaker,
        "lang": lang,
        "query": query,
    }
    errors = [(name, "holds control characters") for name, text in texts.items() if _controls(text)]
    try:
        read_query(query)
    except QueryError as error:
        errors.append(("query", str(error)))
    times: dict[str, datetime | None] = {}
    for name, written in (("since", since), ("until", until)):
        try:
            times[name] = moment(written, end_of_day=name == "until")
        except ValueError as error:
            errors.append((name, str(error)))
    if errors:
        raise BadParametersError(errors)
    since_at, until_at = times["since"], times["until"]
    return Filters(
        rule=rule,
        feed=feed,
        publisher=publisher,
        entity=entity,
        speaker=speaker,
        lang=lang,
        query=query,
        since=since_at,
        until=until_at,
        limit=limit,
    )


def also_takes(*names: str) -> Callable[[Request], None]:
    """A dependency for addresses that have filters of their own beside the common ones."""

    def allow(request: Request) -> None:
        request.scope["claimwatch.extra"] = frozenset(names)

    return allow


def no_filters(request: Request) -> None:
    """One record is asked for: there is nothing to filter."""
    refuse_unknown(request, frozenset())


def refuse_unknown(request: Request, names: frozenset[str]) -> None:
    """A filter that is misspelt must not silently filter nothing. Raises BadParametersError."""
    known = names | request.scope.get("claimwatch.extra", frozenset())
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        has = f"there are {', '.join(sorted(known))}" if known else "this address takes none"
        raise BadParametersError([(name[:60], f"unknown parameter; {has}") for name in unknown])
    twice = [name for name in known if len(request.query_params.getlist(name)) > 1]
    if twice:
        raise BadParametersError([(name, "given more than once") for name in sorted(twice)])


def moment(written: str, *, end_of_day: bool = False) -> datetime | None:
    """The time meant, in UTC; None for empty. A bare date is its first moment, or its last with `end_of_day`.

    Raises ValueError, in words for people.
    """
    written = _LOST_PLUS.sub("+", written.strip())
    if not written:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            day = date.fromisoformat(written)
            return datetime.combine(day, time.max if end_of_day else time.min, tzinfo=UTC)
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no time; write 2024-03-26 or 2024-03-26T10:00:00Z") from None


def _controls(text: str) -> bool:
    return re.search("[\x00-\x1f\x7f\ud800-\udfff]", text) is not None
