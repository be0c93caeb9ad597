"""The types of variables: declared by a document of `export_rule_data`, or told by their use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ordinance.rules.kinds import Kind


class VariableType(StrEnum):
    """What `export_rule_data` calls `field_type`."""

    STRING = "string"
    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    SELECT = "select"
    SELECT_MULTIPLE = "select_multiple"


KINDS = {
    VariableType.STRING: Kind.TEXT,
    VariableType.NUMERIC: Kind.DECIMAL,
    VariableType.BOOLEAN: Kind.BOOLEAN,
    VariableType.SELECT: Kind.TAGS,
    VariableType.SELECT_MULTIPLE: Kind.TAGS,
}
"""The kind of a fact for each type; the values of a `select` variable are a list there too."""

_WORDS = {
    VariableType.STRING: "texts",
    VariableType.NUMERIC: "numbers",
    VariableType.BOOLEAN: "yes or no",
    VariableType.SELECT: "a `select` variable",
    VariableType.SELECT_MULTIPLE: "a `select_multiple` variable",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a rule list."""

    type: VariableType | None
    """None where it is not known."""
    options: tuple[str, ...] = ()
    doubt: str = ""
    """Why the type is not known."""


@dataclass(frozen=True, slots=True)
class RuleData:
    """What a document of `export_rule_data` declares."""

    variables: Mapping[str, Variable]
    actions: Mapping[str, frozenset[str]]
    """The names of the parameters of each action."""


@dataclass(frozen=True, slots=True)
class Use:
    """One condition, as far as it tells the type of its variable."""

    operator: str
    value: Any


def fitting(operators: Mapping[VariableType, Iterable[str]], use: Use) -> list[VariableType]:
    """The types that have the operator and could be compared with the value."""
    found = [type for type in VariableType if use.operator in operators[type]]
    if len(found) < 2:
        return found
    if VariableType.SELECT in found:
        # `contains`: a list may hold anything, a text holds texts.
        is_text = use.value is None or isinstance(use.value, str)
        return found if is_text else [VariableType.SELECT]
    is_text = use.value is None or isinstance(use.value, str)
    return [VariableType.STRING if is_text else VariableType.NUMERIC]


def inferred(operators: Mapping[VariableType, Iterable[str]], uses: Sequence[Use]) -> Variable:
    """The one type that all conditions on a variable can be about."""
    fits = [found for use in uses if (found := fitting(operators, use))]
    common = [type for type in VariableType if fits and all(type in found for found in fits)]
    if len(common) == 1:
        return Variable(common[0])
    several = common or [type for type in VariableType if any(type in found for found in fits)]
    words = " or ".join(_WORDS[type] for type in several)
    both = "" if common else "there a condition of another type fails; "
    return Variable(
        None,
        doubt=f"its variable could hold {words}; {both}give the document of `export_rule_data`",
    )


def rule_data(document: Mapping[str, Any]) -> RuleData:
    """What a document of `export_rule_data` says. Raises `ValueError` when it is none."""
    variables = {}
    for row in _rows(document, "variables"):
        known = row.get("field_type")
        type = VariableType(known) if known in list(VariableType) else None
        doubt = "" if type else f"the document says the type `{known}`, whose operators are yours"
        variables[row["name"]] = Variable(type, _options(row.get("options")), doubt)
    actions = {
        row["name"]: frozenset(param["name"] for param in _rows(row, "params"))
        for row in _rows(document, "actions")
    }
    return RuleData(variables, actions)


def _rows(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = document.get(key)
    rows = [] if found is None and key == "params" else found
    if not isinstance(rows, list) or not all(
        isinstance(row, Mapping) and isinstance(row.get("name"), str) for row in rows
    ):
        raise ValueError(f"`{key}` is no list of objects with a `name`")
    return rows


def _options(options: object) -> tuple[str, ...]:
    found = []
    for option in options if isinstance(options, list) else []:
        name = option.get("name") if isinstance(option, Mapping) else option
        if isinstance(name, str):
            found.append(name)
    return tuple(found)
