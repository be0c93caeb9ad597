"""What an editor may accept for a value of each kind, and for a comparison with it.

An editor sees YAML's own types, so a number may come as a number or, quoted, as a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Argument, Choice, Fact, Field
from ordinance.rules.scalar import BOOLEAN_SPELLINGS
from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS, COMPARATORS_OF, KEYS, MANY_OPERANDS

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema as plain data."""

_NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_PATTERNS: dict[Kind, str] = {
    Kind.MONEY: _NUMBER,
    Kind.DECIMAL: _NUMBER,
    Kind.INTEGER: r"^-?(0|[1-9][0-9]*)$",
    Kind.RATIO: r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?%?$",
    Kind.DATE: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    Kind.INSTANT: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].+)?$",
    Kind.TIME_OF_DAY: r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
    Kind.DURATION: r"^-?[0-9]+(\.[0-9]+)? ?(s|min|h|d|秒|分钟|小时|天)$",
    Kind.REGION: r"^([0-9]{2,12}|[A-Z]{2}(-[A-Z0-9]+)*)$",
}
_YAML_NUMBER: dict[Kind, str] = {
    Kind.MONEY: "number",
    Kind.DECIMAL: "number",
    Kind.RATIO: "number",
    Kind.INTEGER: "integer",
    Kind.REGION: "integer",
}


def kind_schema(kind: Kind) -> Schema:
    """One written value of a kind; tags one by one, choices as free words."""
    if kind is Kind.BOOLEAN:
        spellings = [word for words in BOOLEAN_SPELLINGS.values() for word in words]
        return {"enum": [True, False, *spellings]}
    if kind not in _PATTERNS:
        return text()
    typed: Schema = {"type": "string", "pattern": _PATTERNS[kind]}
    if kind in _YAML_NUMBER:
        return any_of(({"type": _YAML_NUMBER[kind]}, typed))
    return typed


def text() -> Schema:
    """Any text; an unquoted SKU may look like a number to the editor."""
    return {"type": ["string", "number", "boolean"]}


def reference() -> Schema:
    """`$param`, `$list` or `$another.fact`."""
    return {"type": "string", "pattern": r"^\$[^$]"}


def comparison_schema(kind: Kind, value: Schema) -> Schema:
    """What may stand after a fact of `kind` in a condition, where `value` is one value of it: a
    value, a list, or comparators."""
    one = any_of((value, reference()))
    many = list_of(one)
    comparators: dict[str, Schema] = {}
    for comparator in COMPARATORS_OF[kind]:
        operand = one
        if comparator in MANY_OPERANDS:
            operand = any_of((many, reference()))
        elif comparator is Comparator.BETWEEN:
            operand = object_of(twice({"from": one, "to": one}))
        elif comparator is Comparator.MISSING:
            operand = kind_schema(Kind.BOOLEAN)
        comparators[comparator.value] = operand
        comparators[COMPARATORS[comparator].zh] = operand
    short = (one,) if kind is Kind.BOOLEAN else (one, many)
    return any_of((*short, {**object_of(comparators), "minProperties": 1}))


def described(schema: Schema, zh: str, en: str) -> Schema:
    """The schema with words that an editor shows while hovering."""
    return {**schema, "description": f"{en} / {zh}"}


def choice_spellings(choices: Iterable[Choice]) -> list[str]:
    """Every spelling of every choice, the English ones first."""
    listed = list(choices)
    both = [choice.code for choice in listed] + [choice.words.zh for choice in listed]
    return list(dict.fromkeys(both))


def fact_words(item: Fact | Field | Argument) -> Words:
    """The words with the unit, where there is one."""
    unit = f" ({item.unit})" if item.unit else ""
    return Words(f"{item.words.zh}{unit}", f"{item.words.en}{unit}")


def any_of(schemas: Iterable[Schema]) -> Schema:
    return {"anyOf": list(schemas)}


def list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema, "minItems": 1}


def object_of(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A map with these keys alone. A required key may be there in either spelling."""
    either: list[Schema] = [
        any_of(({"required": [name]}, {"required": [KEYS[name]]})) for name in required
    ]
    schema: Schema = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    return {**schema, "allOf": either} if either else schema


def map_of(schema: Schema) -> Schema:
    """A map of free names to one kind of entry."""
    return {"type": "object", "additionalProperties": schema}


def twice(properties: Mapping[str, Schema]) -> dict[str, Schema]:
    """The properties under both spellings of their keys."""
    return {
        spelling: schema
        for name, schema in properties.items()
        for spelling in (name, KEYS.get(name, name))
    }
