"""`business-rules` itself as the reference: a vocabulary, and what `run_all` calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from business_rules import operators
from business_rules.actions import BaseActions, rule_action
from business_rules.engine import run_all
from business_rules.utils import export_rule_data
from business_rules.variables import BaseVariables, rule_variable

TYPES: dict[str, type[Any]] = {
    "string": operators.StringType,
    "numeric": operators.NumericType,
    "boolean": operators.BooleanType,
    "select": operators.SelectType,
    "select_multiple": operators.SelectMultipleType,
}

OPTIONS = ["tea", "Coffee", "茶", "gift", "K2"]

VARIABLES = {f"{type}_{letter}": type for type in TYPES for letter in ("a", "b")}
"""Name to type: two variables of each."""


def _variable(name: str, type: str) -> Callable[[Any], object]:
    def value(self: Any) -> object:
        return self.facts.get(name)

    options = OPTIONS if type.startswith("select") else None
    method: Callable[[Any], object] = rule_variable(TYPES[type], options=options)(value)
    return method


def _hold_facts(self: Any, facts: Mapping[str, object]) -> None:
    self.facts = facts


Variables: Any = type(
    "Variables",
    (BaseVariables,),
    {
        "__init__": _hold_facts,
        **{name: _variable(name, type) for name, type in VARIABLES.items()},
    },
)


class Actions(BaseActions):
    """Notes what is called, in order."""

    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, Any]]] = []

    @rule_action(params={"rule": "numeric"})
    def mark(self, rule: int) -> None:
        self.called.append(("mark", {"rule": rule}))

    @rule_action(params={"sku": "text", "count": "numeric", "codes": "text"})
    def gift(self, sku: object = None, count: object = None, codes: object = None) -> None:
        given = {"sku": sku, "count": count, "codes": codes}
        self.called.append(("gift", {name: it for name, it in given.items() if it is not None}))

    @rule_action()
    def hold(self) -> None:
        self.called.append(("hold", {}))


RULE_DATA = json.loads(json.dumps(export_rule_data(Variables, Actions)))


def called(
    text: str, facts: Mapping[str, object], *, stop: bool = False
) -> list[tuple[str, dict[str, Any]]]:
    """What `run_all` calls for the rule list in `text`, in order. Raises what it raises."""
    actions = Actions()
    run_all(json.loads(text), Variables(facts), actions, stop_on_first_trigger=stop)
    return actions.called


def fired(text: str, facts: Mapping[str, object], *, stop: bool = False) -> list[int]:
    """The numbers of the rules that fire, each of which calls `mark` with its own."""
    return [params["rule"] for name, params in called(text, facts, stop=stop) if name == "mark"]


def rule(number: int, conditions: object, *actions: Mapping[str, object]) -> dict[str, object]:
    """One rule that marks its number."""
    return {
        "conditions": conditions,
        "actions": [{"name": "mark", "params": {"rule": number}}, *actions],
    }
