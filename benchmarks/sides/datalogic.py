"""datalogic-py: JSONLogic, the whole set as one compiled rule or as many in one native call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from datalogic_py import DataHandle, Engine

from benchmarks.side import Path, RankPath
from benchmarks.workloads.ranking import Choice, Ranking
from benchmarks.workloads.rules import Condition, Order, Rule, Workload

NAME = "datalogic-py"


def paths() -> Sequence[Path]:
    """Without trace in both ways that its manual names for rule sets, and with trace."""
    return (
        Path(NAME, "one expression", "fired", OneExpression),
        Path(NAME, "evaluate_many", "fired", Many),
        Path(NAME, "evaluate_with_trace", "explained", Traced),
    )


def rank_paths() -> Sequence[RankPath]:
    """One evaluation per candidate."""
    return (RankPath(NAME, "one evaluation per candidate", Choosing),)


class OneExpression:
    """One expression that gives the list of fired ids, or the first of them."""

    def __init__(self, workload: Workload) -> None:
        self.engine = Engine()
        self.session = self.engine.session()
        self.rule = self.engine.compile(_expression(workload.rules, workload.hit))
        self.first = workload.hit == "first"

    def given(self, order: Order) -> Any:
        return dict(order)

    def decide(self, given: Any) -> Any:
        return self.session.evaluate_data(self.rule, DataHandle(given))

    def fired(self, answer: Any) -> tuple[str, ...]:
        if self.first:
            return () if answer is None else (answer,)
        return tuple(answer)


class Many:
    """Each rule compiled alone, all of them asked in one native call."""

    def __init__(self, workload: Workload) -> None:
        engine = Engine()
        self.session = engine.session()
        self.ids = [rule.id for rule in workload.rules]
        self.rules = [engine.compile(_all(rule)) for rule in workload.rules]
        self.first = workload.hit == "first"

    def given(self, order: Order) -> Any:
        return dict(order)

    def decide(self, given: Any) -> Any:
        answers = self.session.evaluate_many(self.rules, DataHandle(given))
        if self.first:
            return [self.ids[answers.index("true")]] if "true" in answers else []
        return [id for id, answer in zip(self.ids, answers, strict=True) if answer == "true"]

    def fired(self, answer: Any) -> tuple[str, ...]:
        return tuple(answer)


class Traced:
    """The steps of the evaluation as JSON; it takes and gives text and compiles each time."""

    def __init__(self, workload: Workload) -> None:
        self.engine = Engine()
        self.first = workload.hit == "first"
        self.text = json.dumps(_expression(workload.rules, workload.hit))

    def given(self, order: Order) -> Any:
        return dict(order)

    def decide(self, given: Any) -> Any:
        return self.engine.evaluate_with_trace(self.text, json.dumps(given))

    def fired(self, answer: Any) -> tuple[str, ...]:
        result = json.loads(answer)["result"]
        if self.first:
            return () if result is None else (result,)
        return tuple(result)


class Choosing:
    """The first rule that excludes each candidate, then the least cost."""

    def __init__(self, ranking: Ranking) -> None:
        engine = Engine()
        self.session = engine.session()
        self.rule = engine.compile(_expression(ranking.rules, "first"))

    def given(self, choice: Choice) -> Any:
        return [(one["code"], one["cost"], {**choice.order, **one}) for one in choice.candidates]

    def choose(self, given: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
        evaluate = self.session.evaluate_data
        out = []
        best: tuple[int, str] | None = None
        for code, cost, facts in given:
            verdict = evaluate(self.rule, DataHandle(facts))
            if verdict is not None:
                out.append((code, verdict))
            elif best is None or (cost, code) < best:
                best = (cost, code)
        assert best is not None
        return best[1], tuple(sorted(out))


def _expression(rules: Sequence[Rule], hit: str) -> Any:
    if hit == "first":
        return {"if": [part for rule in rules for part in (_all(rule), rule.id)] + [None]}
    return {"merge": [{"if": [_all(rule), rule.id, []]} for rule in rules]}


def _all(rule: Rule) -> Any:
    return {"and": [_test(condition) for condition in rule.conditions]}


def _test(condition: Condition) -> Any:
    seen = {"var": condition.fact}
    sign = {"at_least": ">=", "below": "<", "is": "===", "one_of": "in"}[condition.word]
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return {sign: [seen, value]}
