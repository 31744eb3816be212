"""What may stand in routes.yml: a tree of routes, or the flat list that it was before there was a tree."""

from __future__ import annotations

import re
import typing
from datetime import time, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from monitor.core.alerting.day_times import zone
from monitor.core.rules.shapes import Flag, Identifier, Name, Shape, between

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
#: Code points of a template.
LONGEST_TEMPLATE = 20_000


def _time_of_day(value: object) -> time:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        message = "{shown} is not a time of the day such as '22:00'"
        raise PydanticCustomError("bad-value", message, {"shown": repr(value)})
    return time(int(found[1]), int(found[2]))


def _zone(value: str) -> str:
    try:
        zone(value)
    except ValueError:
        message = "there is no time zone {shown}; one is called 'Europe/Kyiv'"
        raise PydanticCustomError("bad-value", message, {"shown": repr(value)}) from None
    return value


def _part_of_a_day(value: timedelta) -> timedelta:
    if _DAY % value:
        message = "a day does not divide evenly by it; 15m, 1h, 6h and 1d do"
        raise PydanticCustomError("bad-value", message)
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
TemplateText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEMPLATE)]
Zone = Annotated[str, AfterValidator(_zone)]


class QuietShape(Shape):
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    zone: Zone = "UTC"
    days: tuple[typing.Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()

    @property
    def day_numbers(self) -> tuple[int, ...]:
        """Monday is 0."""
        return tuple(map(_DAYS.index, self.days))


class DigestShape(Shape):
    """Empty: no digest, whatever the route above has."""

    every: Annotated[timedelta, between("15m", "1d"), AfterValidator(_part_of_a_day)] | None = None
    at: tuple[TimeOfDay, ...] = ()
    zone: Zone = "UTC"

    @model_validator(mode="after")
    def _one_of_both(self) -> DigestShape:
        if self.every is not None and self.at:
            raise PydanticCustomError("bad-value", "a digest has either 'every' or 'at', not both")
        return self


class InhibitShape(Shape):
    # Read by hand, like a route's match.
    when: object
    holds_back: object
    equal: tuple[Name, ...] = ()
    for_: Annotated[timedelta, between("1m", "7d")] = Field(default=timedelta(hours=1), alias="for")


class EscalateShape(Shape):
    after: Annotated[timedelta, between("1m", "7d")]
    receivers: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class RouteShape(Shape):
    # Read by hand: a mapping of labels, or a list of matchers.
    match: object = None
    receivers: tuple[Identifier, ...] = ()
    continue_: Flag = Field(default=False, alias="continue")
    escalate: EscalateShape | None = None
    # Of these None is: as the route above has it.
    quiet: tuple[QuietShape, ...] | None = None
    digest: DigestShape | None = None
    template: Identifier | None = None
    routes: tuple[RouteShape, ...] = ()


class FlatRouteShape(Shape):
    match: dict[str, str] = Field(default={})
    receivers: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class RoutesFileShape(Shape):
    version: int
    receivers: dict[Identifier, Name]
    route: RouteShape
    inhibit: tuple[InhibitShape, ...] = ()
    templates: dict[Identifier, TemplateText] = Field(default={})


class FlatRoutesFileShape(Shape):
    version: int
    receivers: dict[Identifier, Name]
    route: Annotated[tuple[FlatRouteShape, ...], Field(min_length=1)]
