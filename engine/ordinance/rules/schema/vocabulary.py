"""The parts of a schema that name a decision point's own words: facts, fields, choices."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Argument, DecisionPoint, Fact, Field, Needs
from ordinance.rules.schema.values import (
    Schema,
    any_of,
    choice_spellings,
    comparison_schema,
    described,
    fact_words,
    list_of,
    object_of,
    reference,
    text,
    twice,
)
from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS

WHOLE: Schema = {"$ref": "#/$defs/value.integer"}


def part(point: DecisionPoint, name: str) -> Schema:
    """A reference to a definition that belongs to the point."""
    return {"$ref": f"#/$defs/{point.name}.{name}"}


def choices_of(point: DecisionPoint) -> dict[str, Schema]:
    """The choices of each fact, field and argument that has some."""
    parts: dict[str, Schema] = {}
    for fact in point.facts:
        if fact.choices:
            words: Schema = {"enum": choice_spellings(fact.choices)}
            own = any_of((words, text())) if fact.kind is Kind.TAGS else words
            parts[f"value.{fact.name}"] = own
            parts[f"compared.{fact.name}"] = comparison_schema(fact.kind, value_of(point, fact))
    for field in point.fields:
        items: tuple[Field | Argument, ...] = (field, *field.arguments)
        for item in items:
            if item.choices:
                parts[_named(point, item)] = {"enum": choice_spellings(item.choices)}
    return parts


def value_of(point: DecisionPoint, item: Fact | Field | Argument) -> Schema:
    """A reference to what may be written as one value of `item`."""
    if not item.choices:
        return {"$ref": f"#/$defs/value.{item.kind}"}
    if isinstance(item, Fact):
        return part(point, f"value.{item.name}")
    return part(point, _named(point, item))


def condition(point: DecisionPoint) -> Schema:
    """A condition: facts with comparisons, and the words that join conditions."""
    mine = part(point, "condition")
    counted = {
        spelling: any_of((WHOLE, reference()))
        for comparator in (*COMPARATORS,)
        for spelling in (comparator.value, COMPARATORS[comparator].zh)
    }
    least = {name: WHOLE for name in ("at_least", COMPARATORS[Comparator.AT_LEAST].zh)}
    nested: dict[str, Schema] = {
        "any": list_of(mine),
        "all": list_of(mine),
        "not": mine,
        "some": object_of({**least, **twice({"of": list_of(mine)})}, ("of",)),
        "any_line": mine,
        "all_lines": mine,
        "count_lines": object_of({**counted, **twice({"where": mine})}, ("where",)),
    }
    facts = {
        spelling: described(_compared(point, fact), fact_words(fact).zh, fact_words(fact).en)
        for fact in point.facts
        for spelling in (fact.name, fact.words.zh)
    }
    return {**object_of({**facts, **twice(nested)}), "minProperties": 1}


def fields_of(point: DecisionPoint) -> dict[str, Schema]:
    """The outcome fields under both spellings."""
    return {
        spelling: described(_field(point, field), fact_words(field).zh, fact_words(field).en)
        for field in point.fields
        for spelling in (field.name, field.words.zh)
    }


def given_of(point: DecisionPoint, fact: Fact) -> Schema:
    """The value of a fact in a test."""
    one = value_of(point, fact)
    return any_of((one, {"type": "array", "items": one})) if fact.kind is Kind.TAGS else one


def spellings_of(point: DecisionPoint, kinds: tuple[Kind, ...], prefix: str = "") -> list[str]:
    """Both spellings of the facts of some kinds."""
    return [
        spelling
        for fact in point.facts
        if fact.kind in kinds and fact.name.startswith(prefix)
        for spelling in (fact.name, fact.words.zh)
    ]


def _compared(point: DecisionPoint, fact: Fact) -> Schema:
    if fact.choices:
        return part(point, f"compared.{fact.name}")
    return {"$ref": f"#/$defs/compared.{fact.kind}"}


def _named(point: DecisionPoint, item: Field | Argument) -> str:
    """The name of the choices of a field, or of an argument of one."""
    owner = next((field.name for field in point.fields if item in field.arguments), "")
    return f"choice.{owner}.{item.name}"


def _field(point: DecisionPoint, field: Field) -> Schema:
    one = _record(point, field) if field.arguments else _written(point, field)
    return any_of((one, list_of(one))) if field.many else one


def _written(point: DecisionPoint, item: Field | Argument) -> Schema:
    return any_of((value_of(point, item), reference()))


def _record(point: DecisionPoint, field: Field) -> Schema:
    properties = {
        spelling: described(_written(point, item), item.words.zh, item.words.en)
        for item in field.arguments
        for spelling in (item.name, item.words.zh)
    }
    needed = [_there((item,)) for item in field.arguments if item.required]
    needed += [schema for need in field.needs for schema in _needed(field, need)]
    whole = object_of(properties)
    return {**whole, "allOf": needed} if needed else whole


def _there(items: Sequence[Argument]) -> Schema:
    """At least one of these arguments is written, in either spelling."""
    spellings = [name for item in items for name in (item.name, item.words.zh)]
    return any_of(tuple({"required": [name]} for name in spellings))


def _needed(field: Field, need: Needs) -> list[Schema]:
    """What a choice needs, and what needs that choice."""
    by = next(item for item in field.arguments if item.name == need.argument)
    others = [item for item in field.arguments if item.name in need.one_of]
    mine = {"enum": choice_spellings(tuple(one for one in by.choices if one.code == need.choice))}
    chosen = any_of(
        tuple({"properties": {name: mine}, "required": [name]} for name in (by.name, by.words.zh))
    )
    found: list[Schema] = [{"if": chosen, "then": _there(others)}]
    if need.only:
        own = any_of((mine, reference()))
        alone: Schema = {"properties": {name: own for name in (by.name, by.words.zh)}}
        found.append({"if": _there(others), "then": alone})
    return found
