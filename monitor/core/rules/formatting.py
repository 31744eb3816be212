"""Rule files in one form: indentation, quotes, order of keys. Comments stay; what a file says does too."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import Emitter
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import ScalarToken

from monitor.core.rules.documents import Loc, read_document
from monitor.core.rules.route_shapes import FlatRoutesFileShape, RoutesFileShape
from monitor.core.rules.shapes import FeedsFileShape, RuleFileShape, keys_at
from monitor.core.rules.shipped import ShippedFileShape

#: Long lines are the writer's business.
_WIDTH = 1_000_000
# Writing what was read is stable after one round or two.
_ROUNDS = 4
_COMMENT = re.compile(r"(?:^|(?<=\s))(#.*)$", re.MULTILINE)


class UnformattableError(ValueError):
    """The file is left as it is; the message says why."""


def formatted(text: str) -> str:
    """The same file in one form; formatting it again changes nothing.

    Raises UnformattableError where the file is broken, or would come to say something else.
    """
    before = read_document("", text)
    if before.problems or not isinstance(before.value, dict):
        raise UnformattableError("it is broken; 'claimwatch rules lint' shows where")
    original = text
    for _ in range(_ROUNDS):
        written = _round(text)
        if written == text:
            break
        text = written
    else:
        raise UnformattableError("it does not come to rest; write it more simply")
    if read_document("", text).value != before.value:
        raise UnformattableError("it would come to say something else; write it more simply")
    if _comments(text) != _comments(original):
        raise UnformattableError(
            "a comment would be lost; move it to a line of its own above what it is about"
        )
    return text


def _comments(text: str) -> list[str]:
    """Every comment, in no order."""
    within: set[int] = set()
    for token in YAML(typ="safe", pure=True).scan(text):
        if isinstance(token, ScalarToken):
            within.update(range(token.start_mark.index, token.end_mark.index))
    return sorted(found[1].rstrip() for found in _COMMENT.finditer(text) if found.start(1) not in within)


def _round(text: str) -> str:
    yaml = YAML(typ="rt", pure=True)
    yaml.Emitter = _Emitter
    yaml.encoding = None  # type: ignore[assignment]  # text, not bytes
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        content = yaml.load(text)
        _order(content, _shape_of(content), ())
        lines = _Lines()
        yaml.dump(content, lines)
    except (YAMLError, ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError) as error:
        # ruamel stumbles over odd comments and tags in many ways.
        raise UnformattableError(f"its comments or tags are too unusual: {type(error).__name__}") from None
    return "\n".join(line.rstrip() for line in "".join(lines.written).split("\n")).rstrip("\n") + "\n"


class _Lines:
    """Where the YAML is written: a stream that only remembers."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.written.append(text)


class _Emitter(Emitter):
    """Quotes only where they are needed, and double ones where either kind would do."""

    def choose_scalar_style(self) -> Any:
        style = super().choose_scalar_style()
        value = self.event.value
        return '"' if style == "'" and '"' not in value and "\\" not in value else style


# ---------------------------------------------------------------- order of keys


# Where people read in another order than the shapes have it; the rest goes by its shape.
_USUAL = tuple(
    tuple(keys.split())
    for keys in (
        "type name roles side aliases context",
        "id title description owner status severity tags match query where alert runbook tests",
    )
)


def _shape_of(content: Any) -> type[BaseModel]:
    if isinstance(content, dict):
        if "route" in content:
            return FlatRoutesFileShape if isinstance(content["route"], list) else RoutesFileShape
        if "feeds" in content:
            return FeedsFileShape
        if "shipped" in content:
            return ShippedFileShape
    return RuleFileShape


def _order(value: Any, model: Any, loc: Loc) -> None:
    """Keys in the order of their shape. A mapping with comments in it stays: they belong where they stand."""
    if isinstance(value, CommentedSeq):
        for index, inner in enumerate(value):
            _order(inner, model, (*loc, index))
        return
    if not isinstance(value, CommentedMap):
        return
    for key, inner in value.items():
        _order(inner, model, (*loc, str(key)))
    allowed = keys_at(model, loc)
    usual = next((order for order in _USUAL if set(order) == set(allowed)), allowed)
    order = {key: number for number, key in enumerate(usual)}
    keys = list(value)
    # Free names (entities, lists) are no keys of a shape, and keep their order.
    if not order or not all(key in order for key in keys):
        return
    wanted = sorted(keys, key=order.__getitem__)
    if wanted != keys and not _has_comments(value) and not value.merge:
        for key in wanted:
            value.move_to_end(key)


def _has_comments(value: Any) -> bool:
    if not isinstance(value, (CommentedMap, CommentedSeq)):
        return False
    if value.ca.items or value.ca.comment or value.ca.end:
        return True
    inner = value.values() if isinstance(value, CommentedMap) else value
    return any(_has_comments(one) for one in inner)
