"""Rules as a table: each row becomes the same rule that could have been written alone."""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.point import Field
from ordinance.rules.reading.about import ABOUT, Ids, build_rule, what_rule
from ordinance.rules.reading.conditions import read_condition
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import read_items, read_keys
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, described
from ordinance.rules.reading.outcomes import POINTS_SPELLINGS, read_outcome
from ordinance.rules.scalar import clip
from ordinance.rules.tree import AllOf, Condition, Outcome, Rule
from ordinance.rules.words import ANY_CELL, UNSET_CELL


@dataclass(frozen=True, slots=True)
class _Columns:
    """The column heads: facts first, then outcome fields (`field` or `field.argument`)."""

    facts: list[Scalar]
    fields: list[Scalar]


def read_table(entry: Entry, context: Context, ids: Ids, *, points: bool) -> tuple[Rule, ...]:
    """The rules of `table: {columns, rows}`."""
    found = read_keys(
        entry.value,
        ("columns", "rows"),
        context.findings,
        "`table`",
        required=("columns", "rows"),
    )
    columns = _columns(found.get("columns"), context, points)
    if columns is None:
        return ()
    rules = []
    for node in read_items(found.get("rows"), context.findings, "row"):
        what = what_rule(node)
        row = read_keys(
            node, (*ABOUT, "if", "then"), context.findings, what, required=("if", "then")
        )
        if not row:
            continue
        when = _when(row.get("if"), columns.facts, context, what)
        then = _then(row.get("then"), columns.fields, context, what, points)
        rule = build_rule(node, row, when, then, context, ids, what)
        if rule is not None:
            rules.append(rule)
    return tuple(rules)


def _columns(entry: Entry | None, context: Context, points: bool) -> _Columns | None:
    before = context.findings.errors
    columns = _Columns([], [])
    seen: dict[str, Scalar] = {}
    for node in read_items(entry, context.findings, "column"):
        if not isinstance(node, Scalar):
            context.findings.error(
                "E_TYPE", f"a column is {described(node)}", node.place, "write the name of a fact"
            )
            continue
        name = _column(node, columns, context, points)
        if name is None:
            continue
        first = seen.setdefault(name, node)
        if first is not node:
            context.findings.error(
                "E_DUP_KEY",
                f"the column `{clip(node.text)}` is there twice",
                node.place,
                "put both tests into one cell: `{at_least: , below: }`",
            )
    if entry is not None and not columns.fields and context.findings.errors == before:
        context.findings.error(
            "E_REQUIRED",
            "the table has no outcome column",
            entry.value.place,
            "add the outcome fields after the facts",
        )
    return columns if entry is not None and context.findings.errors == before else None


def _column(node: Scalar, columns: _Columns, context: Context, points: bool) -> str | None:
    """The English name of a column after it was put where it belongs."""
    fact = context.words.find_fact(node.text)
    if fact is not None:
        if columns.fields:
            context.findings.error(
                "E_TYPE",
                f"the fact `{node.text}` stands after an outcome column",
                node.place,
                "write all facts first, then the outcome",
            )
        columns.facts.append(node)
        return fact.name if context.fits(fact, node.place) else None
    if points and node.text in POINTS_SPELLINGS:
        columns.fields.append(node)
        return "points"
    spelling, _, argument = node.text.partition(".")
    field = context.words.find_field(spelling)
    if field is not None:
        columns.fields.append(node)
        return _field_column(node, field, argument, context)
    known = [*context.words.fact_spellings(node.text), *context.words.field_spellings()]
    context.findings.unknown_word(
        "E_UNKNOWN_FACT",
        f"the column `{clip(node.text)}` is neither a fact nor an outcome field",
        node.text,
        node.place,
        known,
        "name facts first, then outcome fields",
    )
    return None


def _field_column(node: Scalar, field: Field, argument: str, context: Context) -> str | None:
    """The English name of an outcome column: a field with arguments has one column for each."""
    if not argument:
        return field.name
    spellings = {name: arg.name for arg in field.arguments for name in (arg.name, arg.words.zh)}
    name = spellings.get(argument)
    if name is None:
        context.findings.unknown_word(
            "E_UNKNOWN_KEY",
            f"`{field.name}` has no part `{clip(argument)}`",
            argument,
            node.place,
            spellings,
            f"write `{field.name}` alone"
            if not spellings
            else f"parts: {', '.join(f'`{arg.name}`' for arg in field.arguments)}",
        )
        return None
    return f"{field.name}.{name}"


def _when(
    entry: Entry | None, heads: list[Scalar], context: Context, what: str
) -> Condition | None:
    cells = _cells(entry, heads, context, what)
    if cells is None:
        return None
    tested = [(head, cell) for head, cell in cells if not _is_word(cell, ANY_CELL)]
    if not tested:
        return AllOf(())
    entries = [Entry(Scalar(head.text, cell.place), cell) for head, cell in tested]
    assert entry is not None
    before = context.findings.errors
    condition = read_condition(Map(entry.value.place, entries), context)
    return condition if context.findings.errors == before else None


def _then(
    entry: Entry | None, heads: list[Scalar], context: Context, what: str, points: bool
) -> Outcome | None:
    cells = _cells(entry, heads, context, what)
    if cells is None or entry is None:
        return None
    outcome = Map(entry.value.place)
    records: dict[str, Map] = {}
    for head, cell in cells:
        if _is_word(cell, UNSET_CELL):
            continue
        spelling, _, argument = head.text.partition(".")
        field = context.words.find_field(spelling)
        if field is None or not argument:
            outcome.entries.append(Entry(Scalar(head.text, cell.place), cell))
            continue
        if field.name not in records:
            records[field.name] = Map(cell.place)
            outcome.entries.append(Entry(Scalar(field.name, cell.place), records[field.name]))
        records[field.name].entries.append(Entry(Scalar(argument, cell.place), cell))
    return read_outcome(outcome, context, f"`then` of {what}", points=points)


def _cells(
    entry: Entry | None, heads: list[Scalar], context: Context, what: str
) -> list[tuple[Scalar, Node]] | None:
    """Each head with its cell; a row must have as many cells as columns."""
    if entry is None:
        return None
    nodes = read_items(entry, context.findings, "cell") if heads or not _is_empty(entry) else []
    if len(nodes) != len(heads):
        if nodes:
            context.findings.error(
                "E_TYPE",
                f"`{entry.key.text}` of {what} has {len(nodes)} cells for {len(heads)} columns",
                entry.value.place,
                f"write one cell for each of {', '.join(f'`{head.text}`' for head in heads)}; "
                "`any` for no test",
            )
        return None
    return list(zip(heads, nodes, strict=True))


def _is_word(node: Node, words: tuple[str, ...]) -> bool:
    return isinstance(node, Scalar) and node.text in words


def _is_empty(entry: Entry) -> bool:
    return not isinstance(entry.value, Map) and not getattr(entry.value, "items", None)
