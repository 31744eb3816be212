"""What may stand in routes.yml: a tree of routes, or the flat list that it was before there was a tree."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from monitor.core.rules.shapes import Flag, Identifier, Name, Shape, between


class EscalateShape(Shape):
    after: Annotated[timedelta, between("1m", "7d")]
    receivers: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class RouteShape(Shape):
    # Read by hand: a mapping of labels, or a list of matchers.
    match: object = None
    receivers: tuple[Identifier, ...] = ()
    continue_: Flag = Field(default=False, alias="continue")
    escalate: EscalateShape | None = None
    routes: tuple[RouteShape, ...] = ()


class FlatRouteShape(Shape):
    match: dict[str, str] = Field(default={})
    receivers: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class RoutesFileShape(Shape):
    version: int
    receivers: dict[Identifier, Name]
    route: RouteShape


class FlatRoutesFileShape(Shape):
    version: int
    receivers: dict[Identifier, Name]
    route: Annotated[tuple[FlatRouteShape, ...], Field(min_length=1)]
