"""business-rules: conditions as JSON over a class of variables, actions that note what fired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from business_rules.variables import BaseVariables, numeric_rule_variable, string_rule_variable

from benchmarks.side import Path, RankPath
from benchmarks.workloads.rules import NUMBERS, SKU, WORDS, Condition, Order, Workload

NAME = "business-rules"


def paths() -> Sequence[Path]:
    """`run_all`, its one way. It has no explanation."""
    return (Path(NAME, "run_all", "fired", Running),)


def rank_paths() -> Sequence[RankPath]:
    """It has no notion of candidates."""
    return ()


class _Variables(BaseVariables):  # type: ignore[misc]
    """The facts of one order; a method for each is added below."""

    def __init__(self, order: Order) -> None:
        self.order = order


def _variable(name: str, kind: Any) -> Any:
    def read(self: _Variables) -> int | str:
        return self.order[name]

    read.__name__ = name
    return kind(read)


for _name in NUMBERS:
    setattr(_Variables, _name, _variable(_name, numeric_rule_variable))
for _name in (*WORDS, SKU):
    setattr(_Variables, _name, _variable(_name, string_rule_variable))


class _Actions(BaseActions):  # type: ignore[misc]
    """Notes which rules fired."""

    def __init__(self) -> None:
        self.fired: list[str] = []

    @rule_action(params={"id": FIELD_TEXT})  # type: ignore[untyped-decorator]
    def fire(self, id: str) -> None:
        self.fired.append(id)


class Running:
    """The rules of a workload as its rule list."""

    def __init__(self, workload: Workload) -> None:
        self.first = workload.hit == "first"
        self.rules = [
            {
                "conditions": {"all": [_condition(item) for item in rule.conditions]},
                "actions": [{"name": "fire", "params": {"id": rule.id}}],
            }
            for rule in workload.rules
        ]

    def given(self, order: Order) -> Any:
        return dict(order)

    def decide(self, given: Any) -> Any:
        actions = _Actions()
        run_all(self.rules, _Variables(given), actions, stop_on_first_trigger=self.first)
        return actions.fired

    def fired(self, answer: Any) -> tuple[str, ...]:
        return tuple(answer)


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition.value, tuple):
        # It knows no membership of a text in a list.
        return {"any": [_one(condition.fact, "equal_to", value) for value in condition.value]}
    word = {"at_least": "greater_than_or_equal_to", "below": "less_than", "is": "equal_to"}
    return _one(condition.fact, word[condition.word], condition.value)


def _one(fact: str, operator: str, value: int | str) -> dict[str, Any]:
    return {"name": fact, "operator": operator, "value": value}
