"""What may stand where in the files: pydantic models, and their complaints in our words.

The tree under `match` is not here: `conditions` reads it by the table of operators.
Values arrive as words (`documents`), so numbers and booleans are read here.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.entity_lines import entity_of_line
from monitor.core.rules.problems import CODES, did_you_mean
from monitor.core.types import AlertKind, EntityType, FullText, GroupBy, RuleStatus, Severity

#: The format's version; a newer file is refused.
FORMAT_VERSION = 1

#: Parts of the format that this version cannot do.
NOT_YET = frozenset({"wikidata", "reliability", "file"})

_DURATION = re.compile(r"(\d{1,6})(s|m|h|d|w)", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _duration(value: object) -> timedelta:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad-duration", "{shown} is not a duration", {"shown": repr(value)})
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _flag(value: object) -> bool:
    if value in ("true", "True", "TRUE"):
        return True
    if value in ("false", "False", "FALSE"):
        return False
    raise PydanticCustomError("wrong-type", "{shown} is neither true nor false", {"shown": repr(value)})


def between(least: str, most: str) -> BeforeValidator:
    """A duration within limits, both in the words of a file."""

    def read(value: object) -> timedelta:
        duration = _duration(value)
        if not _duration(least) <= duration <= _duration(most):
            raise PydanticCustomError(
                "bad-value",
                "{shown} is not between {least} and {most}",
                {"shown": repr(value), "least": least, "most": most},
            )
        return duration

    return BeforeValidator(read)


def _asked_for(kind: AlertKind) -> AlertKind:
    if kind is AlertKind.HEALTH:
        message = "'health' is about the service itself; routes take it, no rule asks for it"
        raise PydanticCustomError("bad-value", message)
    return kind


def _alias(value: object) -> object:
    """The short form of an alias is its text."""
    return {"text": value} if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Flag = Annotated[bool, BeforeValidator(_flag)]
# Schemas for editors list them all the same: `schema` takes the one out.
RuleKind = Annotated[AlertKind, AfterValidator(_asked_for)]
Text = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AliasShape(Shape):
    text: Name
    lang: Language | None = None
    inflect: Flag = False
    forms: tuple[Name, ...] = ()
    case: typing.Literal["fold", "exact"] = "fold"


class EntityShape(Shape):
    type: EntityType
    name: Name
    aliases: Annotated[tuple[Annotated[AliasShape, BeforeValidator(_alias)], ...], Field(min_length=1)]
    roles: tuple[Name, ...] = ()
    side: Identifier | None = None
    context: tuple[Name, ...] = ()


class PublishersShape(Shape):
    include: tuple[Name, ...] = ()
    exclude: tuple[Name, ...] = ()


class WhereShape(Shape):
    languages: tuple[Language, ...] = ()
    publishers: PublishersShape = PublishersShape()
    published_within: Duration | None = None


class AlertShape(Shape):
    on: Annotated[tuple[RuleKind, ...], Field(min_length=1)] = (
        AlertKind.NEW_CLAIM,
        AlertKind.CONTRADICTION,
    )
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.5
    min_origins: Annotated[int, Field(ge=1, le=100)] = 1
    group_by: tuple[GroupBy, ...] = ()
    group_wait: Annotated[timedelta, between("0s", "1h")] | None = None
    group_interval: Annotated[timedelta, between("0s", "1d")] | None = None
    repeat_every: Annotated[timedelta, between("1m", "30d")] | None = None
    max_per_hour: Annotated[int, Field(ge=1, le=1000)] | None = None
    routes: tuple[Identifier, ...] = ()


class TrialArticleShape(Shape):
    title: str = ""
    summary: str = ""
    text: str = ""
    lang: Language | None = None
    publisher: Text = ""
    url: Text = ""
    feed: Text = ""
    tags: tuple[Name, ...] = ()


class TrialShape(Shape):
    name: Name
    article: TrialArticleShape
    should_match: Flag
    matched: tuple[Identifier, ...] = ()
    known_gap: Flag = False


class RuleShape(Shape):
    id: Identifier
    title: Name
    match: object = None
    query: object = None
    description: str = ""
    owner: Text = ""
    status: RuleStatus = RuleStatus.STABLE
    severity: Severity = Severity.MEDIUM
    tags: tuple[Name, ...] = ()
    where: WhereShape = WhereShape()
    alert: AlertShape = AlertShape()
    runbook: Text = ""
    tests: tuple[TrialShape, ...] = ()


class RuleFileShape(Shape):
    version: int
    lists: dict[Identifier, tuple[Name, ...]] = {}
    entities: dict[Identifier, Annotated[EntityShape, BeforeValidator(entity_of_line)]] = {}
    rules: tuple[RuleShape, ...] = ()


class FilterShape(Shape):
    id: Identifier
    rules: Annotated[tuple[Name, ...], Field(min_length=1)]
    none: object
    reason: Name


class FilterFileShape(Shape):
    version: int
    filters: tuple[FilterShape, ...]


class PageShape(Shape):
    entry: Name
    link: Text = ""
    title: Text = ""
    date: Text = ""
    summary: Text = ""


class FeedShape(Shape):
    url: Annotated[str, Field(max_length=2000)]
    publisher: Text = ""
    tags: tuple[Name, ...] = ()
    lang: Language | None = None
    interval: Duration = timedelta(minutes=5)
    full_text: FullText = FullText.NEVER
    page: PageShape | None = None


class FeedsFileShape(Shape):
    version: int
    feeds: tuple[FeedShape, ...]


ShapeT = TypeVar("ShapeT", bound=Shape)


def read_shape(document: Document, model: type[ShapeT]) -> ShapeT | None:
    """The document in its shape, or None with every mistake noted in the document."""
    value = document.value
    if value is None:
        if not document.problems:
            document.problem((), "wrong-type", "the file holds nothing", help="begin with 'version: 1'")
        return None
    if not _has_version(document, value):
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for details in error.errors(include_url=False, include_context=True):
            _note(document, model, details)
        return None


def _has_version(document: Document, value: object) -> bool:
    if not isinstance(value, dict):
        document.problem((), "wrong-type", "the file must be a mapping", help="begin with 'version: 1'")
        return False
    version = value.get("version")
    if version is None:
        document.problem((), "missing-key", "missing required key 'version'", help="begin with 'version: 1'")
        return False
    if version != str(FORMAT_VERSION):
        help = f"this program reads version {FORMAT_VERSION}; is there a newer program?"
        document.problem(("version",), "unsupported-version", f"format version {version!r}", help=help)
        return False
    return True


# ---------------------------------------------------------------- pydantic's words → ours


def _note(document: Document, model: type[Shape], details: ErrorDetails) -> None:
    kind = details["type"]
    loc = tuple(part for part in details["loc"] if part != "[key]")
    path = _dotted(loc)
    context: dict[str, Any] = details.get("ctx") or {}
    if kind == "too_short" and details["input"]:
        # What it held was wrong, and is reported there.
        return
    if kind == "extra_forbidden":
        _note_unknown_key(document, model, loc)
    elif kind == "missing":
        document.problem(
            loc[:-1], "missing-key", f"{_dotted(loc[:-1])}missing required key {loc[-1]!r}", of_key=True
        )
    elif kind in ("enum", "literal_error"):
        allowed = re.findall(r"'([^']+)'", str(context.get("expected", "")))
        message = f"{path}{details['input']!r} is not one of {', '.join(allowed)}"
        document.problem(loc, "unknown-value", message, help=did_you_mean(str(details["input"]), allowed))
    elif kind in CODES:
        document.problem(loc, kind, path + details["msg"], help=_help(kind, context))
    elif details["loc"][-1:] == ("[key]",):
        document.problem(
            loc,
            "bad-key",
            f"{loc[-1]!r} cannot be a name here",
            help=_HELP["string_pattern_mismatch"],
            of_key=True,
        )
    elif kind in _WRONG_TYPE:
        shown = "nothing" if details["input"] is None else _shown(details["input"])
        document.problem(
            loc, "wrong-type", f"{path}{shown} where {_WRONG_TYPE[kind]} is wanted", help=_HELP.get(kind, "")
        )
    else:
        document.problem(loc, "bad-value", path + _worded(kind, details), help=_HELP.get(kind, ""))


_WRONG_TYPE = {
    "string_type": "a text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
}
_HELP = {
    "tuple_type": "write [one, two], or one '- …' a line",
    "string_pattern_mismatch": "small letters and digits, with - and _ between; languages as 'en', 'ru'",
    "bad-duration": "write a whole number and one of s, m, h, d, w: '30s', '4h', '3d'",
    "wrong-type": "write true or false",
}


def _help(kind: str, context: dict[str, Any]) -> str:
    return str(context.get("help") or _HELP.get(kind, ""))


def _worded(kind: str, details: ErrorDetails) -> str:
    shown = _shown(details["input"])
    match kind:
        case "too_short" | "string_too_short":
            return "is empty"
        case "string_too_long":
            return "is too long"
        case "string_pattern_mismatch":
            return f"{shown} cannot be used here"
        case "greater_than_equal":
            return f"{shown} is less than {details.get('ctx', {}).get('ge', 0):g}"
        case "less_than_equal":
            return f"{shown} is more than {details.get('ctx', {}).get('le', 1):g}"
        case _:
            return f"{shown}: {details['msg'][:1].lower()}{details['msg'][1:]}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return repr(value)


def _note_unknown_key(document: Document, model: type[Shape], loc: Loc) -> None:
    key = str(loc[-1])
    allowed = keys_at(model, loc[:-1])
    where = _dotted(loc[:-1])
    listed = "allowed here: " + ", ".join(sorted(allowed))
    if key in NOT_YET:
        document.problem(
            loc, "not-supported-yet", f"{where}{key!r} is not supported yet", help=listed, of_key=True
        )
        return
    near = did_you_mean(key, allowed) if len(allowed) > 20 else _guess(key, allowed)
    document.problem(
        loc,
        "unknown-key",
        f"{where}unknown key {key!r}",
        help="; ".join(filter(None, [near, listed])),
        of_key=True,
    )


def _guess(key: str, allowed: Iterable[str]) -> str:
    hint = did_you_mean(key, allowed)
    return hint if hint.startswith("did") else ""


def _dotted(loc: Loc) -> str:
    """entities.bortnikov.type: — rules by their number from 1; empty at the top."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(parts).lstrip(".") + ": " if parts else ""


dotted: Callable[[Loc], str] = _dotted


def keys_at(model: type[Shape], loc: Loc) -> tuple[str, ...]:
    """The keys allowed in the mapping at a place of a file of this shape."""
    here: object = model
    for part in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(part))
            here = field.annotation if field is not None else None
        else:
            here = _inside(here)
    found = _model_in(here)
    return tuple(field.alias or name for name, field in found.model_fields.items()) if found else ()


def _inside(annotation: object) -> object:
    """What a list or mapping of this annotation holds."""
    return _model_in(annotation)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in typing.get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
