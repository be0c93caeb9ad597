"""A decision point as `business-rules` variables and actions, for its editors and its exports.

The classes are generated from the point, so `business_rules.utils.export_rule_data` always says
what the rule files may say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from business_rules import fields, operators
from business_rules.actions import BaseActions
from business_rules.utils import export_rule_data
from business_rules.variables import BaseVariables, rule_variable

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Argument, Choice, DecisionPoint, Fact, Field, Hit
from ordinance.rules.scalar import plain
from ordinance.rules.words import KEYS

Options: TypeAlias = list[dict[str, str]]

_NUMERIC = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.RATIO, Kind.DURATION)
_YES_NO: Options = [{"name": "true", "label": "是 / yes"}, {"name": "false", "label": "否 / no"}]


def variables_of(point: DecisionPoint, lang: str = "zh") -> type[Any]:
    """A `BaseVariables` class with one variable for each fact, called by its English name.

    Its instances take typed facts by name; a fact that is absent raises KeyError. Durations are
    numbers of seconds; dates, moments and times of day are ISO texts, which `business-rules`
    can compare for equality alone; a choice is a list of one, as its operators want.
    """
    methods = {fact.name: _variable(fact, lang) for fact in point.facts}
    return type("Variables", (BaseVariables,), {"__init__": _keep_facts, **methods})


def actions_of(point: DecisionPoint, lang: str = "zh") -> type[Any]:
    """A `BaseActions` class with one action for each outcome field (and `points` for a score).

    An action does nothing but note its arguments: `instance.taken` holds (name, arguments) in
    order. A field without arguments of its own takes `value`.
    """
    methods = {field.name: _action(field.name, *_params(field, lang)) for field in point.fields}
    if Hit.SCORE in point.hits and "points" not in methods:
        words = KEYS["points"] if lang == "zh" else "points"
        numeric = _param("value", words, fields.FIELD_NUMERIC)
        methods["points"] = _action("points", words, [numeric])
    return type("Actions", (BaseActions,), {"__init__": _begin_empty, **methods})


def exported(point: DecisionPoint, lang: str = "zh") -> Mapping[str, Any]:
    """What `export_rule_data` tells an editor about the point, as plain data."""
    data: Mapping[str, Any] = export_rule_data(variables_of(point, lang), actions_of(point, lang))
    return data


def _keep_facts(self: Any, facts: Mapping[str, Value]) -> None:
    self.facts = facts


def _begin_empty(self: Any) -> None:
    self.taken = []


def _variable(fact: Fact, lang: str) -> Callable[[Any], object]:
    def value(self: Any) -> object:
        found = _for_business_rules(self.facts[fact.name])
        # A `select` asks what a list contains; of a text it would take letter by letter.
        return [found] if fact.kind is Kind.CHOICE else found

    label = f"{fact.words.get(lang)} ({fact.unit})" if fact.unit else fact.words.get(lang)
    options = _options(fact.choices, lang)
    variable: Callable[[Any], object] = rule_variable(_field_type(fact), label, options)(value)
    return variable


def _field_type(fact: Fact) -> type[Any]:
    kinds: dict[Kind, type[Any]] = {
        **dict.fromkeys(_NUMERIC, operators.NumericType),
        Kind.BOOLEAN: operators.BooleanType,
        Kind.CHOICE: operators.SelectType,
        Kind.TAGS: operators.SelectMultipleType,
    }
    text: type[Any] = operators.StringType
    return kinds.get(fact.kind, text)


def _for_business_rules(value: Value) -> object:
    if isinstance(value, timedelta):
        return Decimal(str(value.total_seconds()))
    if isinstance(value, bool | int | Decimal):
        return value
    return plain(value)


def _action(name: str, label: str, params: list[dict[str, Any]]) -> Callable[..., None]:
    def take(self: Any, **arguments: object) -> None:
        self.taken.append((name, arguments))

    # `rule_action` looks the parameters up in the code of the function, and so allows none that
    # come from a table; these are the attributes that it would set.
    vars(take).update(is_rule_action=True, label=label, params=params)
    return take


def _params(field: Field, lang: str) -> tuple[str, list[dict[str, Any]]]:
    items: Sequence[Field | Argument] = field.arguments or (field,)
    params = []
    for item in items:
        name = item.name if isinstance(item, Argument) else "value"
        many = isinstance(item, Field) and item.many
        options = _YES_NO if item.kind is Kind.BOOLEAN else _options(item.choices, lang)
        params.append(_param(name, item.words.get(lang), _input(item.kind, options, many), options))
    return field.words.get(lang), params


def _input(kind: Kind, options: Options, many: bool) -> str:
    if options:
        chosen = fields.FIELD_SELECT_MULTIPLE if many else fields.FIELD_SELECT
    else:
        chosen = fields.FIELD_NUMERIC if kind in _NUMERIC else fields.FIELD_TEXT
    return str(chosen)


def _param(
    name: str, label: str, field_type: str, options: Options | None = None
) -> dict[str, Any]:
    param: dict[str, Any] = {"name": name, "label": label, "fieldType": field_type}
    return {**param, "options": options} if options else param


def _options(choices: Sequence[Choice], lang: str) -> Options:
    return [{"name": choice.code, "label": choice.words.get(lang)} for choice in choices]
