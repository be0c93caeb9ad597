"""Outcomes in one word, to count by, and whether two are the same."""

from __future__ import annotations

from ordinance.rules import Decision
from ordinance.rules.decision import canonical_json


def in_one_word(decision: Decision) -> str:
    """The main outcome, to count by: the winner of a rank, else the first declared field."""
    value = decision.outcome.get("outcome") or next(iter(decision.outcome.values()), None)
    if decision.ranking:
        value = decision.outcome.get("candidate") or value
    if isinstance(value, list):
        words = [item if isinstance(item, str) else canonical_json(item) for item in value]
        return "+".join(words) or "none"
    return "none" if value is None else str(value)


def same_outcome(one: Decision, other: Decision) -> bool:
    """Whether an order would go on in the same way: every field of the outcome is equal, and
    neither or both came from rules that failed."""
    failed = [decision.settled_by == "failure" for decision in (one, other)]
    return failed[0] == failed[1] and dict(one.outcome) == dict(other.outcome)
