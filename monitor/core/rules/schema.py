"""The format of rule files as a JSON Schema, for editors: made from the shapes and the table of operators.

Draft 7, which yaml-language-server knows best. It accepts every file that loads; what only the whole folder
can tell (unknown names, twins) and what lint doubts is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from monitor.core.operators import NEAR_TERMS_LIMIT, NEAR_WORDS, NEAR_WORDS_LIMIT, OPERATORS, Shape
from monitor.core.patterns import MAX_PATTERN
from monitor.core.rules.conditions import QUERY
from monitor.core.rules.key_notes import FIELD_NOTES, OPERATOR_NOTES
from monitor.core.rules.query import FIELDS
from monitor.core.rules.route_shapes import FlatRoutesFileShape, RoutesFileShape
from monitor.core.rules.shapes import FORMAT_VERSION, FeedsFileShape, FilterFileShape, RuleFileShape
from monitor.core.rules.shipped import ShippedFileShape
from monitor.core.types import AlertKind

Json = dict[str, Any]

#: What YAML may take for something else and we read as the word it is: NO, 007, true.
SCALAR = ["string", "number", "boolean"]
_WORD_PATTERN = r"^(?:[^*]*|[^*]*[^\s*]{3}\*)$"
# Type, name, side, names; then roles and context if wanted (entity_lines).
_ENTITY_LINE = r"^[^|]+\|[^|]+\|[^|]*\|[^|]+(?:\|[^|]*){0,2}$"
_DEFINITIONS = "#/definitions/"
_FILES = (
    RuleFileShape,
    FilterFileShape,
    RoutesFileShape,
    FlatRoutesFileShape,
    FeedsFileShape,
    ShippedFileShape,
)


def schema_text() -> str:
    """The schema as it stands in rules/rules.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def schema() -> Json:
    """One schema for rule files and the four files beside them, told apart by their top keys."""
    models = [(model, "validation") for model in _FILES]
    _, made = models_json_schema(
        models,  # type: ignore[arg-type]  # the literal's type is lost in the list
        ref_template=_DEFINITIONS + "{model}",
        schema_generator=_Generator,
    )
    definitions: Json = made["$defs"]
    for name, definition in definitions.items():
        _tidy(definition)
        for key, described in definition.get("properties", {}).items():
            note = FIELD_NOTES.get(f"{name}.{key}")
            if note:
                _describe(described, note)
    for model in _FILES:
        definitions[model.__name__]["properties"]["version"] |= {"const": FORMAT_VERSION}
    rule = definitions["RuleShape"]
    _replace(rule["properties"], "match", _ref("match"))
    _replace(rule["properties"], "query", _query())
    rule["oneOf"] = [{"required": ["match"]}, {"required": ["query"]}]
    _replace(definitions["FilterShape"]["properties"], "none", _ref("conditions"))
    _replace(definitions["RouteShape"]["properties"], "match", _route_match())
    for key in ("when", "holds_back"):
        _replace(definitions["InhibitShape"]["properties"], key, _route_match())
    # About the service itself: no rule asks for it.
    definitions["AlertKind"]["enum"].remove(AlertKind.HEALTH.value)
    aliases = definitions["EntityShape"]["properties"]["aliases"]
    aliases["items"] = {"anyOf": [_ref("word"), aliases["items"]]}
    entities = definitions["RuleFileShape"]["properties"]["entities"]["patternProperties"]
    for pattern, shape in entities.items():
        entities[pattern] = {"anyOf": [shape, {"type": "string", "pattern": _ENTITY_LINE}]}
    definitions["AliasShape"]["properties"]["text"] |= {"pattern": _WORD_PATTERN}
    for words in definitions["RuleFileShape"]["properties"]["lists"]["patternProperties"].values():
        words["items"] |= {"pattern": r"^(?!\$)" + _WORD_PATTERN[1:]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Claimwatch rule files",
        "description": "docs/rules.md explains every key.",
        "if": {"required": ["route"]},
        "then": {
            "if": {"properties": {"route": {"type": "array"}}},
            "then": _ref("FlatRoutesFileShape"),
            "else": _ref("RoutesFileShape"),
        },
        "else": {
            "if": {"required": ["feeds"]},
            "then": _ref("FeedsFileShape"),
            "else": {
                "if": {"required": ["filters"]},
                "then": _ref("FilterFileShape"),
                "else": {
                    "if": {"required": ["shipped"]},
                    "then": _ref("ShippedFileShape"),
                    "else": _ref("RuleFileShape"),
                },
            },
        },
        "definitions": {**_condition_definitions(), **definitions},
    }


def _replace(properties: Json, key: str, made: Json) -> None:
    """Another schema for a key, under the note that it has."""
    note = properties[key].get("description", "")
    properties[key] = made
    _describe(made, note)


def _query() -> Json:
    return {"type": "string", "minLength": 1}


def _route_match() -> Json:
    """Labels with their values, or matchers as written."""
    value = {"type": SCALAR}
    return {
        "anyOf": [
            {"type": "object", "additionalProperties": _one_or_more(value)},
            {"type": "array", "items": {"type": "string", "minLength": 1}},
            {"type": "null"},
        ]
    }


def _ref(name: str) -> Json:
    return {"$ref": _DEFINITIONS + name}


def _describe(described: Json, note: str) -> None:
    if "$ref" in described:
        # Draft 7 reads nothing beside a reference.
        described["allOf"] = [{"$ref": described.pop("$ref")}]
    described["description"] = note


# ---------------------------------------------------------------- the shapes


class _Generator(GenerateJsonSchema):
    """Values as a file has them, where pydantic thinks of values as Python has them."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return super().str_schema(schema) | {"type": SCALAR}

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": "^[0-9]{1,6}[smhdw]$"}

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        # Defaults are in the notes, in the words of a file.
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        made = self.generate_inner(schema["schema"])
        if "anyOf" in made:
            return made | {"anyOf": [*made["anyOf"], {"type": "null"}]}
        kinds = made.get("type", [])
        return made | {"type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


def _tidy(value: Any) -> None:
    """Leaves out pydantic's titles, and closes mappings whose keys have a pattern."""
    if isinstance(value, list):
        for inner in value:
            _tidy(inner)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("title"), str):
        del value["title"]
    if "patternProperties" in value:
        value["additionalProperties"] = False
    for inner in value.values():
        _tidy(inner)


# ---------------------------------------------------------------- the tree under match


def _condition_definitions() -> Json:
    groups = [name for name, row in OPERATORS.items() if row.shape is Shape.CONDITIONS]
    plain = [name for name, row in OPERATORS.items() if row.shape in (Shape.WORDS, Shape.ENTITY)]
    query = _query() | {"description": FIELD_NOTES["RuleShape.query"]}
    fields = {"enum": list(FIELDS), "description": "Look only there; any is the default."}
    return {
        "word": {"type": SCALAR, "minLength": 1, "maxLength": 500, "pattern": _WORD_PATTERN},
        "words": _one_or_more(_ref("word")),
        "entities": _one_or_more({"type": SCALAR}),
        "match": {
            "type": "object",
            "properties": {name: _operator(name) for name in groups},
            "additionalProperties": False,
            "minProperties": 1,
        },
        "conditions": {"type": "array", "minItems": 1, "items": _ref("condition")},
        "condition": {
            "type": "object",
            "properties": {name: _operator(name) for name in OPERATORS} | {QUERY: query, "in": fields},
            "additionalProperties": False,
            "oneOf": [{"required": [name]} for name in (*OPERATORS, QUERY)],
            "dependencies": {name: {"not": {"required": ["in"]}} for name in (*groups, QUERY)},
        },
        "term": {
            "anyOf": [
                _ref("words"),
                {
                    "type": "object",
                    "properties": {name: _operator(name) for name in plain},
                    "additionalProperties": False,
                    "oneOf": [{"required": [name]} for name in plain],
                },
            ]
        },
        "near": {
            "type": "object",
            "properties": {
                "terms": _terms(NEAR_TERMS_LIMIT) | {"description": FIELD_NOTES["near.terms"]},
                "within": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": NEAR_WORDS_LIMIT,
                    "default": NEAR_WORDS,
                    "description": FIELD_NOTES["near.within"],
                },
                "ordered": {"type": "boolean", "description": FIELD_NOTES["near.ordered"]},
            },
            "required": ["terms"],
            "additionalProperties": False,
        },
    }


def _one_or_more(one: Json) -> Json:
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


def _terms(limit: int | None = None) -> Json:
    terms: Json = {"type": "array", "minItems": 2, "items": _ref("term")}
    return terms | {"maxItems": limit} if limit else terms


#: How the value of an operator is written.
SHAPES: Mapping[Shape, Callable[[], Json]] = {
    Shape.CONDITIONS: lambda: _ref("conditions"),
    Shape.WORDS: lambda: _ref("words"),
    Shape.ENTITY: lambda: _ref("entities"),
    Shape.NEAR: lambda: _ref("near"),
    Shape.TERMS: _terms,
    Shape.PATTERN: lambda: {"type": "string", "minLength": 1, "maxLength": MAX_PATTERN},
}


def _operator(name: str) -> Json:
    made = SHAPES[OPERATORS[name].shape]()
    _describe(made, OPERATOR_NOTES.get(name, ""))
    return made
