"""rule-engine: an expression language in Python, one compiled expression per rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rule_engine import Chain, Context, Rule

from benchmarks.side import Path, RankPath
from benchmarks.workloads.rules import Condition, Order, Workload

NAME = "rule-engine"


def paths() -> Sequence[Path]:
    """`Rule.matches` on each rule, or its `Chain`. It has no explanation."""
    return (Path(NAME, "matches", "fired", Matching),)


def rank_paths() -> Sequence[RankPath]:
    """It has no notion of candidates."""
    return ()


class Matching:
    """Every rule asked in turn; for the first one its own chain of rules."""

    def __init__(self, workload: Workload) -> None:
        context = Context()
        self.first = workload.hit == "first"
        self.rules = [
            (Rule(" and ".join(_test(item) for item in rule.conditions), context=context), rule.id)
            for rule in workload.rules
        ]
        self.chain = Chain(self.rules, default_value=None, context=context)

    def given(self, order: Order) -> Any:
        return dict(order)

    def decide(self, given: Any) -> Any:
        if self.first:
            return self.chain.evaluate(given)
        return [id for rule, id in self.rules if rule.matches(given)]

    def fired(self, answer: Any) -> tuple[str, ...]:
        if self.first:
            return () if answer is None else (answer,)
        return tuple(answer)


def _test(condition: Condition) -> str:
    sign = {"at_least": ">=", "below": "<", "is": "==", "one_of": "in"}[condition.word]
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return f"{condition.fact} {sign} {json.dumps(value)}"
