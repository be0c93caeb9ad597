"""The parts of `hit: rank`: preferences or weights, and the tie-break."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Fact
from ordinance.rules.reading.about import Ids, what_rule
from ordinance.rules.reading.conditions import facts_of, read_when
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import read_items, read_keys, read_words
from ordinance.rules.reading.nodes import Entry, Node, Scalar, described
from ordinance.rules.reading.operands import read_operand
from ordinance.rules.reading.slots import Slot, read_single, slot_of
from ordinance.rules.tree import Given, Operand, Preference, Weight

IDENTITY = "candidate.code"
"""The fact that tells any two candidates apart."""

_MEASURED = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.RATIO, Kind.DURATION)
_RANKED = (*_MEASURED, Kind.DATE, Kind.INSTANT, Kind.TIME_OF_DAY, Kind.BOOLEAN)
_Direction = Literal["most", "least"]
_DIRECTIONS: tuple[_Direction, ...] = ("most", "least")


def read_prefer(entry: Entry, context: Context, ids: Ids) -> tuple[Preference, ...]:
    """The criteria of `prefer:`, the strongest first."""
    preferences = []
    for node in read_items(entry, context.findings, "criterion"):
        what = what_rule(node)
        found = read_keys(
            node, ("id", "most", "least", "within", "when", "because"), context.findings, what
        )
        id = ids.read(found.get("id"), node.place, context.findings, what)
        directed = _directed(found, node, context, what, _RANKED)
        when = read_when(found["when"].value, context) if "when" in found else None
        if when is not None and any(name.startswith("candidate.") for name in facts_of(when)):
            context.findings.error(
                "E_TYPE",
                "`when` of a criterion asks about the order, not about one candidate",
                found["when"].key.place,
                "exclude candidates under `exclude:`",
            )
        because = read_words(found.get("because"), context.findings)
        if because is not None:
            because = context.sentence(found["because"], because)
        if directed is None or id is None:
            continue
        direction, fact = directed
        within = _within(found.get("within"), fact, context)
        preferences.append(Preference(id, fact.name, direction, node.place, within, when, because))
    return tuple(preferences)


def read_weights(entry: Entry, context: Context, ids: Ids) -> tuple[Weight, ...]:
    """The terms of `weights:`. A weight is above zero; `least` makes it count against."""
    weights = []
    for node in read_items(entry, context.findings, "weight"):
        what = what_rule(node)
        found = read_keys(
            node,
            ("id", "most", "least", "weight"),
            context.findings,
            what,
            required=("weight",),
        )
        id = ids.read(found.get("id"), node.place, context.findings, what)
        directed = _directed(found, node, context, what, (*_MEASURED[:-1],))
        if directed is None or id is None or "weight" not in found:
            continue
        slot = Slot("weight", Kind.DECIMAL, at_least=Decimal(0))
        value = read_single(found["weight"].value, slot, context.findings)
        if not isinstance(value, Decimal):
            continue
        if value == 0:
            context.findings.error(
                "E_RANGE",
                "a weight of 0 changes nothing",
                found["weight"].value.place,
                "remove the line, or write a weight above 0",
            )
        direction, fact = directed
        signed = value if direction == "most" else -value
        weights.append(Weight(id, fact.name, signed, node.place))
    return tuple(weights)


def read_tie_break(entry: Entry, context: Context) -> tuple[str, ...]:
    """The facts of `tie_break:`; the last must tell any two candidates apart."""
    names: list[str] = []
    nodes = read_items(entry, context.findings, "fact")
    for node in nodes:
        fact = _candidate_fact(node, context, "tie_break", (*_RANKED, Kind.TEXT))
        if fact is not None:
            names.append(fact.name)
    if len(names) == len(nodes) and names and names[-1] != IDENTITY:
        context.findings.error(
            "E_TIE",
            f"two candidates with the same `{names[-1]}` stay tied",
            entry.value.place,
            f"end `tie_break` with `{IDENTITY}`",
        )
    return tuple(names)


def _directed(
    found: dict[str, Entry], node: Node, context: Context, what: str, kinds: tuple[Kind, ...]
) -> tuple[_Direction, Fact] | None:
    present = [direction for direction in _DIRECTIONS if direction in found]
    if len(present) != 1:
        if found:
            context.findings.error(
                "E_REQUIRED",
                f"{what} has {'both `most` and' if present else 'neither `most` nor'} `least`",
                node.place,
                "write one of `most: candidate...` and `least: candidate...`",
            )
        return None
    fact = _candidate_fact(found[present[0]].value, context, present[0], kinds)
    return None if fact is None else (present[0], fact)


def _candidate_fact(node: Node, context: Context, key: str, kinds: tuple[Kind, ...]) -> Fact | None:
    if not isinstance(node, Scalar):
        context.findings.error(
            "E_TYPE", f"`{key}` is {described(node)}", node.place, "name one fact"
        )
        return None
    fact = context.words.fact(node, context.findings)
    if fact is None:
        return None
    if not fact.name.startswith("candidate."):
        context.findings.error(
            "E_TYPE",
            f"`{fact.name}` is the same for every candidate",
            node.place,
            "name a `candidate.` fact",
        )
        return None
    if fact.kind not in kinds:
        context.findings.error(
            "E_TYPE",
            f"`{fact.name}` is {slot_of(fact).described()}, which has no more and less",
            node.place,
            "name a fact that is a number, a time or yes-no",
        )
        return None
    return fact


def _within(entry: Entry | None, fact: Fact, context: Context) -> Operand | None:
    if entry is None:
        return None
    if fact.kind not in _MEASURED:
        context.findings.error(
            "E_TYPE",
            f"`{fact.name}` has no distances, so `within` means nothing",
            entry.key.place,
            "remove `within`",
        )
        return None
    name = f"{fact.name} within"
    operand = read_operand(entry.value, Slot(name, fact.kind, fact.unit), context)
    if isinstance(operand, Given) and str(operand.value).startswith("-"):
        context.findings.error(
            "E_RANGE", "`within` is below zero", entry.value.place, "write a distance above zero"
        )
    return operand
