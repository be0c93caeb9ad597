"""Our own side."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from benchmarks.points import POINTS, REVIEW, SOURCE
from benchmarks.side import Path, RankPath
from benchmarks.workloads.ranking import ABOUT_CANDIDATE, Choice, Ranking
from benchmarks.workloads.rules import Condition, Order, Rule, Workload
from ordinance.rules import Decision
from ordinance.rules.explaining.explanation import Explanation
from ordinance.rules.facts import Facts
from ordinance.rules.reading import Limits, read_rules
from ordinance.rules.rulebook import Ruleset

NAME = "ordinance"
LIMITS = Limits(bytes=64 << 20, nodes=5_000_000)
"""A rule file of 10,000 rules is far larger than an operator allows by default."""


def paths() -> Sequence[Path]:
    """From the bare answer to the whole explanation."""
    return (
        Path(NAME, "ask", "fired", Asking),
        Path(NAME, "ask, orders seen before", "fired", Asking, seen_before=True),
        Path(NAME, "ask, observed values", "observed", Observing),
        Path(NAME, "decide", "fired", Deciding),
        Path(NAME, "read facts, decide", "fired", Reading),
        Path(NAME, "decide, explain every rule", "explained", Explaining),
    )


def rank_paths() -> Sequence[RankPath]:
    """A `rank` set."""
    return (RankPath(NAME, "rank", Choosing),)


def ruleset(text: str) -> Ruleset:
    """The rules of `text`, read with the limits raised."""
    tree = read_rules(text, file="bench.yaml", points=POINTS, limits=LIMITS).sets[0]
    return Ruleset(tree, source=text)


class Asking:
    """Typed facts, as the order core holds them, to outcome and fired rules, without a record."""

    def __init__(self, workload: Workload) -> None:
        self.rules = _made_ready(workload)

    def given(self, order: Order) -> Any:
        """By full names, money as a decimal."""
        return {f"order.{name}": _typed(name, value) for name, value in order.items()}

    def decide(self, given: Any) -> Any:
        answer = self.rules.ask(Facts.prepared(given))
        # An answer works out only what it is asked for.
        return answer.outcome, answer.fired

    def fired(self, answer: Any) -> tuple[str, ...]:
        fired: tuple[str, ...] = answer[1]
        return fired


class Observing(Asking):
    """And the values that the fired rules saw."""

    def decide(self, given: Any) -> Any:
        answer = self.rules.ask(Facts.prepared(given))
        return answer.outcome, answer.fired, answer.observed


class Deciding(Asking):
    """To the whole decision: with the hashes of rules and facts, ready to be stored."""

    def decide(self, given: Any) -> Any:
        return self.rules.decide(Facts.prepared(given))

    def fired(self, answer: Any) -> tuple[str, ...]:
        decision: Decision = answer
        return decision.fired


class Reading(Deciding):
    """The same from untyped facts: every name, type and range is checked on the way."""

    def decide(self, given: Any) -> Any:
        return self.rules.decide(given)


class Explaining(Asking):
    """The decision, and why every single rule fired or did not, in both languages."""

    def decide(self, given: Any) -> Any:
        facts = Facts.prepared(given)
        return self.rules.explain(self.rules.decide(facts), facts)

    def fired(self, answer: Any) -> tuple[str, ...]:
        explanation: Explanation = answer
        return tuple(reason.id for reason in explanation.fired)


class Choosing:
    """Typed facts to a ranking of all candidates."""

    def __init__(self, ranking: Ranking) -> None:
        rules = "\n".join(
            f"  - {{id: {rule.id}, when: {_when(rule, _rank_name)}}}" for rule in ranking.rules
        )
        self.rules = ruleset(
            f"decision: {SOURCE.name}\nhit: rank\nexclude:\n{rules}\n"
            "prefer:\n  - {id: P1, least: candidate.cost}\n"
            "tie_break: [candidate.code]\n"
            "otherwise: {outcome: none}\nwhen_unknown: {outcome: none}\n"
        )

    def given(self, choice: Choice) -> Any:
        order = {f"order.{name}": _typed(name, value) for name, value in choice.order.items()}
        return order, [
            {f"candidate.{name}": _typed(name, value) for name, value in candidate.items()}
            for candidate in choice.candidates
        ]

    def choose(self, given: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
        order, candidates = given
        decision = self.rules.decide(Facts.prepared(order, candidates=candidates))
        ranked = decision.ranking or ()
        out = [(item.code, item.excluded_by) for item in ranked if item.excluded_by is not None]
        return next(item.code for item in ranked if item.place == 1), tuple(sorted(out))


@lru_cache(maxsize=1)
def _made_ready(workload: Workload) -> Ruleset:
    """The rules of the workload, compiled: the first decision is what compiles them."""
    rules = ruleset(written(workload))
    order = workload.orders[0]
    rules.decide({f"order.{name}": _typed(name, value) for name, value in order.items()})
    return rules


def written(workload: Workload) -> str:
    """The workload as a rule file."""
    outcomes = ("approve", "look", "hold")
    rules = "\n".join(
        f"  - {{id: {rule.id}, when: {_when(rule, _order_name)},"
        f" then: {{outcome: {outcomes[number % 3]}}}}}"
        for number, rule in enumerate(workload.rules)
    )
    return (
        f"decision: {REVIEW.name}\nhit: {workload.hit}\nrules:\n{rules}\n"
        "otherwise: {outcome: approve}\nwhen_unknown: {outcome: look}\n"
    )


def _order_name(fact: str) -> str:
    return f"order.{fact}"


def _rank_name(fact: str) -> str:
    return f"candidate.{fact}" if fact in ABOUT_CANDIDATE else f"order.{fact}"


def _when(rule: Rule, named: Any) -> str:
    items = (f"{named(item.fact)}: {_test(item)}" for item in rule.conditions)
    return "{" + ", ".join(items) + "}"


def _test(condition: Condition) -> str:
    if condition.word == "one_of":
        return "[" + ", ".join(condition.value) + "]"  # type: ignore[arg-type]
    return f"{{{condition.word}: {condition.value}}}"


def _typed(name: str, value: int | str) -> Any:
    return Decimal(value) if name in ("amount", "cost") else value
