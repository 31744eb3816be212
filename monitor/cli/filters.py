"""The filters that all reading commands share, written once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.times import EXAMPLES, parse_time

if TYPE_CHECKING:
    from monitor.store.queries import Filters

DEFAULT_LIMIT = 50


def read_filters(
    rule: Annotated[str, typer.Option(metavar="ID", help="Only what this rule matched.")] = "",
    feed: Annotated[str, typer.Option(metavar="URL", help="Only from this feed.")] = "",
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Only from this publisher.")] = "",
    entity: Annotated[str, typer.Option(metavar="ID", help="Only where this entity is concerned.")] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="Only what this speaker said.")] = "",
    lang: Annotated[str, typer.Option(metavar="CODE", help="Only in this language: en, ru…")] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help=f"Not before: {EXAMPLES}.")] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="Not after; a bare date counts whole.")] = "",
    query: Annotated[
        str, typer.Option(metavar="WORDS", help='Only where all these stand: dam, "the dam", and -flood not.')
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = DEFAULT_LIMIT,
) -> Filters:
    """The common options as the store's filters. Raises a usage error that names the option."""
    from monitor.core.searching import read_query
    from monitor.store.queries import Filters

    read_query(query)  # before anything is opened, so that a mistake is told at once
    return Filters(
        rule=rule,
        feed=feed,
        publisher=publisher,
        entity=entity,
        speaker=speaker,
        lang=lang,
        since=moment("--since", since),
        until=moment("--until", until, end_of_day=True),
        query=query,
        limit=limit,
    )


AlertKindOption = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="Only alerts of this kind: contradiction, new_claim…")
]


def of_kind(filters: Filters, kind: str) -> Filters:
    """Only alerts of a kind; empty: of all. Raises a usage error that names the kinds there are."""
    from monitor.core.types import AlertKind

    kinds = [one.value for one in AlertKind]
    if kind and kind not in kinds:
        raise typer.BadParameter(
            f"{kind!r} is no kind of alert; there are {', '.join(kinds)}", param_hint="--kind"
        )
    return replace(filters, kind=kind)


def moment(option: str, text: str, *, end_of_day: bool = False) -> datetime | None:
    """The time that an option gives; None: it is not given. Raises a usage error that names the option."""
    if not text:
        return None
    try:
        return parse_time(text, now=datetime.now(UTC), end_of_day=end_of_day)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


_ANY_LIMIT = Annotated[int | None, typer.Option(min=1, help="At most so many, the newest; else all.")]


def takes_filters(command: Callable[..., None], *, limited: bool = True) -> Callable[..., None]:
    """Give a command, that wants `filters`, all the common options in its place.

    `limited` False: without --limit everything.
    typer reads a command's options off its signature; this writes that signature.
    """
    # `Filters` itself is imported only when a command runs.
    unread = {"Filters": object}
    shared = dict(inspect.signature(read_filters, locals=unread, eval_str=True).parameters)
    if not limited:
        shared["limit"] = shared["limit"].replace(annotation=_ANY_LIMIT, default=None)
    own = inspect.signature(command, locals=unread, eval_str=True).parameters

    @functools.wraps(command)
    def run(**given: Any) -> None:
        asked = {name: given.pop(name) for name in shared}
        filters = read_filters(**asked | {"limit": asked["limit"] or 0})
        command(filters=filters, **given)

    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in (*shared.values(), *(own[name] for name in own if name != "filters"))
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect.signature
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
