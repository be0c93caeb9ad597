"""zen-engine: a decision table of its own format, whose output is the id of the rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import zen

from benchmarks.side import Path, RankPath
from benchmarks.workloads.ranking import Choice, Ranking
from benchmarks.workloads.rules import Condition, Order, Rule, Workload

NAME = "zen-engine"


def paths() -> Sequence[Path]:
    """Every documented way to evaluate, for they differ more than tenfold."""
    return (
        Path(NAME, "static loader", "fired", Static),
        Path(NAME, "precompiled content, kept", "fired", Content),
        Path(NAME, "create_decision, kept", "fired", Kept),
        Path(NAME, "create_decision each time", "fired", Created),
        Path(NAME, "static loader, trace", "observed", Traced),
    )


def rank_paths() -> Sequence[RankPath]:
    """One evaluation whose table loops over the candidates, one per candidate, or one batch."""
    return (
        RankPath(NAME, "one evaluation that loops", Looping),
        RankPath(NAME, "one evaluation per candidate", OneByOne),
        RankPath(NAME, "evaluate_batch", Batch),
    )


class Static:
    """The engine holds the table and has compiled it; the fastest of its ways."""

    def __init__(self, workload: Workload) -> None:
        self.first = workload.hit == "first"
        table = _document(workload.rules, workload.hit)
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": table}}})
        self.engine.evaluate("rules", dict(workload.orders[0]))

    def given(self, order: Order) -> Any:
        return dict(order)

    def decide(self, given: Any) -> Any:
        return self.engine.evaluate("rules", given)["result"]

    def fired(self, answer: Any) -> tuple[str, ...]:
        if self.first:
            return (answer["id"],) if answer else ()
        return tuple(row["id"] for row in answer)


class Traced(Static):
    """With the trace, which names the rows that fired and the values that they saw."""

    def decide(self, given: Any) -> Any:
        return self.engine.evaluate("rules", given, {"trace": True})

    def fired(self, answer: Any) -> tuple[str, ...]:
        rows = answer["trace"]["table"]["traceData"] or []
        return tuple(row["rule"]["_id"] for row in (rows if isinstance(rows, list) else [rows]))


class Kept(Static):
    """A decision made once from the text of the table."""

    def __init__(self, workload: Workload) -> None:
        self.first = workload.hit == "first"
        self.text = json.dumps(_document(workload.rules, workload.hit))
        self.engine = zen.ZenEngine()
        self.decision = self.engine.create_decision(self._content())

    def _content(self) -> Any:
        return self.text

    def decide(self, given: Any) -> Any:
        return self.decision.evaluate(given)["result"]


class Content(Kept):
    """A decision made once from content that was compiled before."""

    def _content(self) -> Any:
        return zen.ZenDecisionContent(self.text)


class Created(Kept):
    """A decision made again for each order."""

    def decide(self, given: Any) -> Any:
        return self.engine.create_decision(self.text).evaluate(given)["result"]


class OneByOne:
    """Each candidate is asked about alone; the first row that is true excludes it."""

    loops = False

    def __init__(self, ranking: Ranking) -> None:
        table = _document(ranking.rules, "first", loops=self.loops)
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": table}}})

    def given(self, choice: Choice) -> Any:
        order = dict(choice.order)
        return [
            (one["code"], one["cost"], {**order, **{k: v for k, v in one.items() if k != "code"}})
            for one in choice.candidates
        ]

    def choose(self, given: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
        return _chosen(given, self._verdicts(given))

    def _verdicts(self, given: Any) -> list[Any]:
        evaluate = self.engine.evaluate
        return [evaluate("rules", facts)["result"] for _, _, facts in given]


class Batch(OneByOne):
    """All candidates in one call of `evaluate_batch`."""

    def _verdicts(self, given: Any) -> list[Any]:
        asked = [{"key": "rules", "context": facts} for _, _, facts in given]
        return [one["data"]["result"] for one in self.engine.evaluate_batch(asked)]


class Looping(OneByOne):
    """All candidates in one evaluation: the table runs once for each of them."""

    loops = True

    def _verdicts(self, given: Any) -> list[Any]:
        asked = {"candidates": [facts for _, _, facts in given]}
        answer: list[Any] = self.engine.evaluate("rules", asked)["result"]["candidates"]
        return answer


def _chosen(given: Any, verdicts: list[Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    out = []
    best: tuple[int, str] | None = None
    for (code, cost, _), verdict in zip(given, verdicts, strict=True):
        if verdict and verdict.get("id"):
            out.append((code, verdict["id"]))
        elif best is None or (cost, code) < best:
            best = (cost, code)
    assert best is not None
    return best[1], tuple(sorted(out))


def _document(rules: Sequence[Rule], hit: str, loops: bool = False) -> dict[str, Any]:
    facts = list(dict.fromkeys(fact for rule in rules for fact in rule.facts))
    loop = {
        "executionMode": "loop",
        "inputField": "candidates",
        "outputPath": "candidates",
        "passThrough": False,
    }
    return {
        "nodes": [
            _node("input", "inputNode"),
            _node(
                "table",
                "decisionTableNode",
                {
                    "hitPolicy": hit,
                    "inputs": [{"id": f"i_{fact}", "name": fact, "field": fact} for fact in facts],
                    "outputs": [{"id": "o", "name": "id", "field": "id"}],
                    "rules": [_row(rule, facts) for rule in rules],
                    **(loop if loops else {}),
                },
            ),
            _node("output", "outputNode"),
        ],
        "edges": [
            {"id": "e1", "sourceId": "input", "targetId": "table", "type": "edge"},
            {"id": "e2", "sourceId": "table", "targetId": "output", "type": "edge"},
        ],
    }


def _node(id: str, type: str, content: Any = None) -> dict[str, Any]:
    node = {"id": id, "type": type, "name": id, "position": {"x": 0, "y": 0}}
    return node if content is None else {**node, "content": content}


def _row(rule: Rule, facts: Sequence[str]) -> dict[str, str]:
    cells = {f"i_{fact}": "" for fact in facts}
    cells.update((f"i_{item.fact}", _cell(item)) for item in rule.conditions)
    return {"_id": rule.id, **cells, "o": json.dumps(rule.id)}


def _cell(condition: Condition) -> str:
    if condition.word == "one_of":
        return ", ".join(json.dumps(value) for value in condition.value)  # type: ignore[union-attr]
    sign = {"at_least": ">= ", "below": "< ", "is": ""}[condition.word]
    return sign + json.dumps(condition.value)
