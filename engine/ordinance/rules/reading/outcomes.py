"""Outcomes: the declared fields of a decision point, typed, with their arguments."""

from __future__ import annotations

from dataclasses import replace

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Argument, Field, Needs
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import taken_once, unknown_key
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, Seq, described, is_cut
from ordinance.rules.reading.operands import read_operand
from ordinance.rules.reading.slots import Slot, slot_of
from ordinance.rules.tree import Given, Outcome, OutcomeValue, ParamRef, Place
from ordinance.rules.words import KEYS

POINTS = Slot("points", Kind.INTEGER)
POINTS_SPELLINGS = ("points", KEYS["points"])


def read_outcome(
    node: Node,
    context: Context,
    what: str,
    *,
    points: bool = False,
    params: bool = True,
    empty: bool = False,
    beside: tuple[str, ...] = (),
) -> Outcome | None:
    """The fields that a map sets, or None after the problems were noted.

    `points` allows the points of a score; `params` allows `$param` for a value; `empty` allows a
    map that sets nothing. `beside` are other keys of the same map, for messages.
    """
    if not isinstance(node, Map):
        context.findings.error(
            "E_TYPE",
            f"{what} is {described(node)}, not a map",
            node.place,
            f"write `{{{_example(context, points)}: value}}`; fields here: "
            f"{_fields_of(context, points)}",
        )
        return None
    if not node.entries and not empty:
        context.findings.error(
            "E_EMPTY", f"{what} sets nothing", node.place, "write `field: value`"
        )
        return None
    before = context.findings.errors
    outcome: dict[str, OutcomeValue] = {}
    found: dict[str, Entry] = {}
    for entry in node.entries:
        if points and entry.key.text in POINTS_SPELLINGS:
            if taken_once("points", entry, found, context.findings):
                found["points"] = entry
                value = _read_scalar(entry.value, POINTS, context, params)
                if value is not None:
                    outcome["points"] = value
            continue
        field = _field(entry, context, what, points, beside)
        if field is None or not taken_once(field.name, entry, found, context.findings):
            continue
        found[field.name] = entry
        read = _read_field(entry.value, field, context, params)
        if read is not None:
            outcome[field.name] = read
    return context.shared.outcome(outcome) if context.findings.errors == before else None


def check_required(
    outcome: Outcome, context: Context, what: str, place: Place, also: Outcome | None = None
) -> None:
    """Every required field must be in `outcome`, or in `also` (what fills it otherwise)."""
    for field in context.words.point.fields:
        if field.required and field.name not in outcome and field.name not in (also or ()):
            context.findings.error(
                "E_REQUIRED",
                f"{what} does not set `{field.name}` ({field.words.zh})",
                place,
                f"add `{field.name}:`; every outcome of `{context.words.point.name}` has it",
            )


def _example(context: Context, points: bool) -> str:
    return "points" if points else context.words.point.fields[0].name


def _fields_of(context: Context, points: bool) -> str:
    names = [*(["points"] if points else []), *(item.name for item in context.words.point.fields)]
    return ", ".join(f"`{name}`" for name in names)


def _field(
    entry: Entry, context: Context, what: str, points: bool, beside: tuple[str, ...]
) -> Field | None:
    key = entry.key
    field = context.words.find_field(key.text)
    if field is None:
        if key.text in POINTS_SPELLINGS and not points:
            context.findings.error(
                "E_UNKNOWN_KEY",
                f"{what} gives points, but points are not added up here",
                key.place,
                "points belong to the rules and the `otherwise` of `hit: score`",
            )
            return None
        known = [*beside, *context.words.field_spellings()]
        if points:
            known += POINTS_SPELLINGS
        unknown_key(key, known, context.findings, what, cut=is_cut(entry))
    return field


def _read_field(node: Node, field: Field, context: Context, params: bool) -> OutcomeValue | None:
    if not field.many:
        return _read_one(node, field, context, params)
    if isinstance(node, Seq):
        if not node.items:
            context.findings.error(
                "E_EMPTY", f"`{field.name}` is an empty list", node.place, "leave the field out"
            )
            return None
        read = [_read_one(item, field, context, params) for item in node.items]
    else:
        read = [_read_one(node, field, context, params)]
    whole = tuple(value for value in read if value is not None)
    return whole if len(whole) == len(read) else None


def _read_one(node: Node, field: Field, context: Context, params: bool) -> OutcomeValue | None:
    if field.arguments:
        return _read_record(node, field, context, params)
    return _read_scalar(node, slot_of(field), context, params)


def _read_record(node: Node, field: Field, context: Context, params: bool) -> OutcomeValue | None:
    spellings = {name: arg for arg in field.arguments for name in (arg.name, arg.words.zh)}
    if not isinstance(node, Map):
        context.findings.error(
            "E_TYPE",
            f"`{field.name}` is {described(node)}, not a map",
            node.place,
            f"write `{{{', '.join(f'{arg.name}: ' for arg in field.arguments)}}}`",
        )
        return None
    before = context.findings.errors
    record: dict[str, OutcomeValue] = {}
    found: dict[str, Entry] = {}
    for entry in node.entries:
        argument = spellings.get(entry.key.text)
        if argument is None:
            unknown_key(entry.key, spellings, context.findings, f"`{field.name}`")
        elif taken_once(argument.name, entry, found, context.findings):
            found[argument.name] = entry
            value = _read_scalar(entry.value, _argument_slot(field, argument), context, params)
            if value is not None:
                record[argument.name] = value
    for argument in field.arguments:
        if argument.required and argument.name not in found:
            context.findings.error(
                "E_REQUIRED",
                f"`{field.name}` has no `{argument.name}` ({argument.words.zh})",
                node.place,
                f"add `{argument.name}:`",
            )
    for need in field.needs:
        _check_need(need, record, field, context, node.place)
    return record if context.findings.errors == before else None


def _check_need(need: Needs, record: Outcome, field: Field, context: Context, place: Place) -> None:
    """What a written choice needs must be there; a choice that a parameter gives is not known."""
    chosen = record.get(need.argument)
    there = [name for name in need.one_of if name in record]
    choice = f"{need.argument}: {need.choice}"
    if chosen == need.choice and not there:
        context.findings.error(
            "E_REQUIRED",
            f"`{field.name}` with `{choice}` needs `{need.one_of[0]}`"
            if len(need.one_of) == 1
            else f"`{field.name}` with `{choice}` needs one of "
            f"{', '.join(f'`{name}`' for name in need.one_of)}",
            place,
            f"add `{need.one_of[0]}:`",
        )
    elif need.only and there and isinstance(chosen, str) and chosen != need.choice:
        context.findings.error(
            "E_REQUIRED",
            f"`{field.name}` has `{there[0]}`, which needs `{choice}`",
            place,
            f"write `{choice}`, or leave `{there[0]}` out",
        )


def _argument_slot(field: Field, argument: Argument) -> Slot:
    return replace(slot_of(argument), name=f"{field.name}.{argument.name}")


def _read_scalar(node: Node, slot: Slot, context: Context, params: bool) -> OutcomeValue | None:
    if not isinstance(node, Scalar):
        context.findings.error(
            "E_TYPE",
            f"`{slot.name}` is {described(node)}",
            node.place,
            f"write {slot.described()}",
        )
        return None
    operand = read_operand(node, slot, context)
    if isinstance(operand, Given):
        return operand.value
    if isinstance(operand, ParamRef) and params:
        return operand
    if isinstance(operand, ParamRef):
        context.findings.error(
            "E_TYPE",
            f"`{node.text}` stands where a value is expected",
            node.place,
            "write the value",
        )
    return None
