"""Hit rank: excluding, preferring, breaking ties, and the fate of every candidate."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from ordinance.rules import Decision, FactError, Ruleset
from tests.rules.deciding.rulesets import ruleset

EXCLUDE = """
exclude:
  - {id: X1, when: {candidate.serves_region: false}}
  - {id: X2, must: true, when: {any_line: {line.cold_chain: true}, candidate.cold_chain: false}}
"""
PREFER = """
prefer:
  - {id: P1, most: candidate.lines_filled}
  - {id: P2, least: candidate.distance_km, within: 30}
  - {id: P3, least: candidate.cost}
"""


def rank(
    body: str = PREFER, *, exclude: str = "", otherwise: str = "{outcome: unassigned}"
) -> Ruleset:
    return ruleset(
        f"""\
decision: allocation.source
hit: rank
{exclude}
{body}
tie_break: [candidate.priority, candidate.code]
when_unknown: {{outcome: unassigned}}
otherwise: {otherwise}
"""
    )


def warehouse(code: str, **facts: object) -> dict[str, object]:
    """A warehouse that serves the region, has a cold chain, and is like every other one."""
    usual: dict[str, object] = {
        "serves_region": True,
        "cold_chain": True,
        "lines_filled": 1,
        "distance_km": 10,
        "cost": "5",
        "priority": 1,
    }
    return {
        "candidate.code": code,
        **{f"candidate.{name}": value for name, value in (usual | facts).items()},
    }


def order(decision: Decision) -> list[str]:
    return [item.code for item in decision.ranking if item.place is not None]


def decide(rules: Ruleset, *candidates: dict[str, object], **more: Any) -> Decision:
    return rules.decide({"candidates": list(candidates), **more})


def test_the_first_criterion_that_tells_them_apart_decides() -> None:
    decision = decide(
        rank(),
        warehouse("A", lines_filled=1, distance_km=1, cost="1"),
        warehouse("B", lines_filled=2, distance_km=900, cost="9"),
    )

    assert decision.outcome == {"candidate": "B"}
    assert [(item.code, item.lost_on) for item in decision.ranking] == [("B", None), ("A", "P1")]


@pytest.mark.parametrize(("far", "winner"), [(39, "B"), (40, "A"), (41, "A")])
def test_closer_than_the_tolerance_to_the_leader_is_a_tie(far: int, winner: str) -> None:
    decision = decide(
        rank(),
        warehouse("A", distance_km=10, cost="9"),
        warehouse("B", distance_km=far, cost="8"),
    )

    assert decision.outcome == {"candidate": winner}


def test_the_tied_set_is_carried_on() -> None:
    decision = decide(
        rank(),
        warehouse("A", distance_km=10, cost="9"),
        warehouse("B", distance_km=35, cost="8"),
        warehouse("C", distance_km=60, cost="1"),
    )

    # C is cheapest, but it fell behind on distance before the cost was compared.
    assert [(item.code, item.lost_on) for item in decision.ranking] == [
        ("B", None),
        ("A", "P3"),
        ("C", "P2"),
    ]


def test_a_full_tie_goes_to_the_lower_priority_number_and_then_to_the_code() -> None:
    decision = decide(
        rank(), warehouse("C", priority=1), warehouse("B", priority=2), warehouse("A", priority=1)
    )

    assert [(item.code, item.lost_on) for item in decision.ranking] == [
        ("A", None),
        ("C", "tie_break"),
        ("B", "tie_break"),
    ]


def test_the_order_in_which_candidates_are_given_decides_nothing() -> None:
    candidates = [
        warehouse("A", distance_km=10, cost="9"),
        warehouse("B", distance_km=35, cost="8", serves_region=False),
        warehouse("C", distance_km=60, cost="1"),
        warehouse("D", serves_region=False),
    ]
    rankings = {
        decide(rank(exclude=EXCLUDE), *shuffled).ranking for shuffled in permutations(candidates)
    }

    assert len(rankings) == 1


def test_excluded_candidates_are_named_with_their_rule() -> None:
    decision = decide(
        rank(exclude=EXCLUDE),
        warehouse("A", serves_region=False),
        warehouse("B", cold_chain=False),
        warehouse("C", serves_region=False, cold_chain=False),
        warehouse("D"),
        lines=[{"line.cold_chain": True}],
    )

    assert [(item.code, item.place, item.excluded_by) for item in decision.ranking] == [
        ("D", 1, None),
        ("A", None, "X1"),
        ("C", None, "X1"),
        ("B", None, "X2"),
    ]
    assert decision.fired == ("X1", "X2")


def test_a_must_that_leaves_nobody_fails_by_name() -> None:
    decision = decide(
        rank(exclude=EXCLUDE),
        warehouse("A", cold_chain=False),
        warehouse("B", serves_region=False),
        lines=[{"line.cold_chain": True}],
    )

    assert (decision.settled_by, decision.failure) == ("failure", "X2")
    assert decision.outcome == {"outcome": "unassigned"}
    assert [(item.code, item.excluded_by) for item in decision.ranking] == [
        ("B", "X1"),
        ("A", "X2"),
    ]


def test_a_soft_exclusion_that_would_leave_nobody_is_skipped_and_recorded() -> None:
    decision = decide(
        rank(exclude=EXCLUDE),
        warehouse("A", serves_region=False),
        warehouse("B", serves_region=False, cost="1"),
        lines=[],
    )

    assert (decision.outcome, decision.skipped, decision.fired) == (
        {"candidate": "B"},
        ("X1",),
        (),
    )


def test_without_candidates_otherwise_answers_and_the_failure_is_named() -> None:
    decision = decide(rank())

    assert (decision.outcome, decision.settled_by, decision.failure) == (
        {"outcome": "unassigned"},
        "failure",
        "no_candidates",
    )


def test_where_otherwise_is_an_error_when_unknown_answers() -> None:
    decision = decide(rank(otherwise="error"))

    assert decision.outcome == {"outcome": "unassigned"}


def test_an_unknown_value_ranks_behind_every_known_one() -> None:
    decision = decide(rank(), warehouse("A", distance_km=None), warehouse("B", distance_km=5000))

    assert (decision.outcome, decision.settled_by) == ({"candidate": "B"}, "rules")


def test_unknown_values_tie_among_themselves() -> None:
    decision = decide(
        rank(),
        warehouse("A", distance_km=None, cost="9"),
        warehouse("B", distance_km=None, cost="8"),
    )

    assert decision.outcome == {"candidate": "B"}


def test_a_criterion_may_be_limited_to_some_orders() -> None:
    rules = rank(
        """
prefer:
  - {id: P1, least: candidate.cost, when: {order.channel: wholesale}}
  - {id: P2, least: candidate.distance_km}"""
    )
    near, cheap = warehouse("NEAR", distance_km=1, cost="9"), warehouse("CHEAP", distance_km=2)

    assert decide(rules, near, cheap, **{"order.channel": "web"}).outcome == {"candidate": "NEAR"}
    assert decide(rules, near, cheap, **{"order.channel": "wholesale"}).outcome == {
        "candidate": "CHEAP"
    }
    assert decide(rules, near, cheap).settled_by == "unknown"


WEIGHTS = """
weights:
  - {id: W1, least: candidate.cost, weight: 2}
  - {id: W2, most: candidate.lines_filled, weight: 3}
"""


def test_weights_add_up_and_the_highest_sum_leads() -> None:
    decision = decide(
        rank(WEIGHTS),
        warehouse("A", cost="5", lines_filled=3),  # -10 + 9
        warehouse("B", cost="4", lines_filled=2),  # -8 + 6
        warehouse("C", cost="1", lines_filled=None),
    )

    assert [(item.code, item.lost_on) for item in decision.ranking] == [
        ("A", None),
        ("B", "weights"),
        ("C", "weights"),
    ]


def test_a_scope_may_name_candidates() -> None:
    rules = rank(
        exclude="exclude: [{id: X1, scope: {warehouses: [A]}, when: {order.channel: web}}]"
    )
    decision = decide(rules, warehouse("A", cost="1"), warehouse("B"), **{"order.channel": "web"})

    assert order(decision) == ["B"]


def test_an_exclusion_that_hangs_on_an_unknown_is_not_guessed() -> None:
    rules = rank(exclude=EXCLUDE)
    doubtful = warehouse("A", serves_region=None, cost="1")

    assert decide(rules, doubtful, warehouse("B")).settled_by == "unknown"
    # Whether A serves the region does not matter where B leads anyway.
    sure = decide(rules, doubtful, warehouse("B", lines_filled=2))
    assert (sure.outcome, sure.unknown) == ({"candidate": "B"}, ("candidate.serves_region",))


def test_two_candidates_of_one_code_are_refused() -> None:
    with pytest.raises(FactError, match="`A` is given twice"):
        decide(rank(), warehouse("A"), warehouse("A"))


def test_a_candidate_without_a_code_is_refused() -> None:
    with pytest.raises(FactError, match=r"candidates\[0\] has no `candidate.code`"):
        decide(rank(), {"candidate.cost": "1"})
