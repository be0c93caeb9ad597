"""Splits: the limits that the rules set to one, and the plan of least cost within them.

A parcel costs its first weight, the handling of its warehouse, and what the rules put on every
parcel after the first. What it weighs beyond the first weight is counted gram by gram, for the
solver wants costs that add up; the tariff in steps is what the history then says the plan costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.money import minor_units
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import ParcelState
from ordinance.profile import Carrier, Warehouse
from ordinance.rules import Decision, Ruleset
from ordinance.rules.decision import Plain
from ordinance.splitting import Method, Plan, Problem, Source, Want, solve
from ordinance.stock.candidates import Candidates
from ordinance.stock.filling import Fill, Free
from ordinance.stock.freight import cheapest, least_minor, tariff

FINE = 1000
"""Parts of a minor unit in which the solver counts, so that grams cost something."""

LEAST_COST = "least_cost"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules say of a split of one order."""

    strategy: str
    most_parcels: int
    extra_parcel: int
    """In minor units, for every parcel after the first."""
    cut_lines: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Split:
    """A plan for an order, as the history tells it."""

    fills: tuple[Fill, ...]
    told: Mapping[str, Plain]


def parcels_made(record: OrderRecord) -> int:
    """Parcels that an order already has or had on its way."""
    return sum(1 for p in record.parcels.values() if p.state is not ParcelState.CANCELLED)


def limits(change: Change, desk: Desk) -> Limits:
    """Ask `allocation.split` how far this order may be split."""
    record = change.record
    facts = {**all_facts(record, desk), "split.parcels_made": parcels_made(record)}
    decision = desk.decide(change, "allocation.split", facts, lines=goods_facts(record, desk))
    return _limits(decision, desk)


def _limits(decision: Decision, desk: Desk) -> Limits:
    said, digits = decision.outcome, desk.profile.minor_digits
    extra = said.get("extra_parcel")
    return Limits(
        strategy=str(said["strategy"]),
        most_parcels=int(str(said["most_parcels"])),
        extra_parcel=0 if extra is None else minor_units(Decimal(str(extra)), digits),
        cut_lines=bool(said.get("cut_lines", True)),
        rule=why(decision),
    )


def could_save(cost: int, seats: Candidates, ranked: Sequence[Warehouse]) -> bool:
    """Whether any split could cost less than `cost`, and the rules ever look for that.

    Most orders end here: no rule of the shop prefers the cheaper plan to the whole order, or the
    first weight of a second parcel costs more than it can save.
    """
    rules = seats.desk.rules.book.get("allocation.split")
    if rules is not None and not _ever_by_cost(rules):
        return False
    least = sorted(_parcel_cost(seats, one, _carrier(seats, one)) for one in ranked)[:2]
    return len(least) == 2 and sum(least) < cost * FINE


@lru_cache(maxsize=64)
def _ever_by_cost(rules: Ruleset) -> bool:
    """Whether a rule set can answer that the least cost counts."""
    tree = rules.tree
    said = [*(rule.then for rule in tree.rules), tree.otherwise, tree.when_unknown]
    return any(then is not None and then.get("strategy") == LEAST_COST for then in said)


def tariff_cost(seats: Candidates, fills: Sequence[Fill], extra_parcel: int) -> int:
    """What a plan costs by the carriers' tariffs, in minor units."""
    homes = {warehouse.code: warehouse for warehouse in seats.desk.profile.warehouses}
    total = extra_parcel * max(len(fills) - 1, 0)
    for given in fills:
        home, region = homes[given.warehouse], seats.record.region
        grams = seats.grams(given.pieces)
        total += home.handling_minor
        total += least_minor(seats.carriers, grams, home.region, region)
    return total


def split(seats: Candidates, ranked: Sequence[Warehouse], free: Free, allowed: Limits) -> Split:
    """The best plan over the warehouses that may send, the preferred one first."""
    record = seats.record
    most = max(allowed.most_parcels - parcels_made(record), 1)
    problem = Problem(
        wants=tuple(_wants(record, seats.wanted, allowed.cut_lines)),
        sources=tuple(_source(seats, warehouse, free) for warehouse in ranked),
        most_parcels=most,
        extra_parcel=allowed.extra_parcel * FINE,
    )
    plan = _solved(problem, seats.desk)
    fills = tuple(Fill(code, units) for code, units in plan.sends)
    told: dict[str, Plain] = {
        "cost": tariff_cost(seats, fills, allowed.extra_parcel),
        "method": str(plan.method),
        "split_by": allowed.rule,
    }
    if plan.gap:
        told["gap"] = -(-plan.gap // FINE)
    return Split(fills, told)


def _solved(problem: Problem, desk: Desk) -> Plan:
    plan = solve(problem)
    if plan.method is Method.HEURISTIC and desk.optimiser is not None:
        return desk.optimiser.improve(problem, plan)
    return plan


def _wants(record: OrderRecord, wanted: Mapping[int, int], cut_lines: bool) -> Sequence[Want]:
    found = []
    for no, units in wanted.items():
        line = record.lines[no]
        found.append(
            Want(
                line=no,
                units=units,
                takes=tuple(line.takes(1).items()),
                whole=not cut_lines,
                gift_of=line.gift_of,
            )
        )
    return found


def _source(seats: Candidates, warehouse: Warehouse, free: Free) -> Source:
    shelf = free.get(warehouse.code, {})
    carrier = _carrier(seats, warehouse)
    return Source(
        code=warehouse.code,
        stock={item: max(shelf.get(item, 0), 0) for item in seats.stock_items},
        parcel=_parcel_cost(seats, warehouse, carrier),
        unit=_unit_costs(seats, warehouse, carrier),
    )


def _carrier(seats: Candidates, warehouse: Warehouse) -> Carrier | None:
    """The carrier that would take the least for all of the order."""
    grams = seats.grams(seats.wanted)
    return cheapest(seats.carriers, grams, warehouse.region, seats.record.region)


def _parcel_cost(seats: Candidates, warehouse: Warehouse, carrier: Carrier | None) -> int:
    """The first weight and the handling, in parts of a minor unit."""
    first = tariff(carrier, warehouse.region, seats.record.region)[0] if carrier else 0
    return (first + warehouse.handling_minor) * FINE


def _unit_costs(seats: Candidates, warehouse: Warehouse, carrier: Carrier | None) -> dict[int, int]:
    """What one more unit of each line adds to the freight, in parts of a minor unit."""
    if carrier is None or seats.grams(seats.wanted) <= carrier.first_grams:
        return {}
    step = tariff(carrier, warehouse.region, seats.record.region)[1]
    return {no: step * FINE * seats.grams({no: 1}) // carrier.step_grams for no in seats.wanted}


def limited(fills: Sequence[Fill], pieces: Mapping[int, int]) -> list[Fill]:
    """The part of a plan that gives these units and no more, from its first warehouses."""
    left = dict(pieces)
    parts = []
    for given in fills:
        part = {no: min(count, left.get(no, 0)) for no, count in given.pieces.items()}
        part = {no: count for no, count in part.items() if count}
        for no, count in part.items():
            left[no] -= count
        if part:
            parts.append(replace(given, pieces=part))
    return parts
