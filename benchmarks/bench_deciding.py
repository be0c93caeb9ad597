"""Deciding with fired rules, against business-rules on the same conditions, interleaved in one run.

    make bench

Prints ratios, not times to compare with another machine: each side is the best of several
repetitions that take turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NUMERIC
from business_rules.variables import BaseVariables, numeric_rule_variable, string_rule_variable

from ordinance.rules import loads

SIZES = (10, 50, 200, 1000)
REPETITIONS = 7

FACTS = {"order.receivable": 777, "order.pieces": 4, "order.channel": "c7"}


class Variables(BaseVariables):  # type: ignore[misc]
    """The same three facts for business-rules."""

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def receivable(self) -> int:
        return 777

    @numeric_rule_variable  # type: ignore[untyped-decorator]
    def pieces(self) -> int:
        return 4

    @string_rule_variable  # type: ignore[untyped-decorator]
    def channel(self) -> str:
        return "c7"


class Actions(BaseActions):  # type: ignore[misc]
    """Notes which rule fired."""

    def __init__(self) -> None:
        self.fired: list[int] = []

    @rule_action(params={"number": FIELD_NUMERIC})  # type: ignore[untyped-decorator]
    def fire(self, number: int) -> None:
        self.fired.append(number)


def ours(count: int) -> Any:
    """A score of `count` rules with three conditions each."""
    rules = "\n".join(
        f"  - {{id: R{n}, when: {{order.receivable: {{at_least: {n * 1000 // count}}}, "
        f"order.pieces: {{below: {n % 9 + 1}}}, order.channel: c{n % 10}}}, then: {{points: 1}}}}"
        for n in range(count)
    )
    text = (
        f"decision: review.risk\nhit: score\nrules:\n{rules}\n"
        "bands: [{at_least: 0, outcome: approve}]\notherwise: {points: 0}\n"
        "when_unknown: {outcome: manual_review}\n"
    )
    return loads(text)["review.risk"]


def theirs(count: int) -> list[dict[str, Any]]:
    """The same rules for business-rules."""
    return [
        {
            "conditions": {
                "all": [
                    {
                        "name": "receivable",
                        "operator": "greater_than_or_equal_to",
                        "value": n * 1000 // count,
                    },
                    {"name": "pieces", "operator": "less_than", "value": n % 9 + 1},
                    {"name": "channel", "operator": "equal_to", "value": f"c{n % 10}"},
                ]
            },
            "actions": [{"name": "fire", "params": {"number": n}}],
        }
        for n in range(count)
    ]


def timed(call: Callable[[], object], times: int) -> float:
    """Seconds for one call, over `times` calls."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def main() -> None:
    """Check that both fire the same rules, then time them by turns."""
    print(f"{'rules':>6}  {'ordinance':>12}  {'business-rules':>14}  ratio")
    for count in SIZES:
        ruleset, rules = ours(count), theirs(count)

        def decide(ruleset: Any = ruleset) -> tuple[str, ...]:
            fired: tuple[str, ...] = ruleset.decide(FACTS).fired
            return fired

        def run(rules: list[dict[str, Any]] = rules) -> list[int]:
            actions = Actions()
            run_all(rules, Variables(), actions)
            return actions.fired

        assert decide() == tuple(f"R{n}" for n in run()), "the two do not decide alike"
        times = max(5, 2000 // count)
        pairs = [(timed(decide, times), timed(run, times)) for _ in range(REPETITIONS)]
        mine, other = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
        print(f"{count:>6}  {mine * 1e6:>9.0f} us  {other * 1e6:>11.0f} us  {other / mine:.1f}x")


if __name__ == "__main__":
    main()
