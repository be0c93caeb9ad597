"""Rule sets to DMN 1.3 files: one decision with one table for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ordinance.rules.interchange.draft import kind_of
from ordinance.rules.interchange.feel.literals import KINDS
from ordinance.rules.interchange.feel.writing import Writer
from ordinance.rules.interchange.files import write_text
from ordinance.rules.interchange.grid import Column, Grid, GridRow
from ordinance.rules.interchange.imported import valued
from ordinance.rules.interchange.markup import Element, made, written
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.written import (
    Source,
    Unwritable,
    Writable,
    Written,
    facts_of,
    sources,
    written_one_by_one,
)
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Field, Hit, Merge
from ordinance.rules.tree import OutcomeValue, ParamRef, RuleSet

_MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_NAMESPACE = "urn:ordinance:rules"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_HITS = (Hit.FIRST, Hit.UNIQUE, Hit.COLLECT)
_AGGREGATIONS = {Merge.SUM: "SUM", Merge.MIN: "MIN", Merge.MAX: "MAX"}
_TYPED_AS = {
    **dict.fromkeys((Kind.MONEY, Kind.INTEGER, Kind.RATIO), Kind.DECIMAL),
    Kind.CHOICE: Kind.TEXT,
}
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")


def write_dmn(items: Writable | Iterable[Writable], path: str | Path) -> Written:
    """Writes a DMN 1.3 file with one decision for each rule set; the same rule sets give the same
    bytes.

    A rule set that a table cannot say is left out and reported. Nothing is written when nothing
    is left.
    """
    file = _File()
    report = written_one_by_one(sources(items), _HITS, (Kind.REGION,), file.add)
    if report.tables:
        write_text(path, _HEAD + written(file.definitions(report.tables[0])))
    return report


class _File:
    """The elements of a file, and the ids that are taken in it."""

    def __init__(self) -> None:
        self._decisions: list[Element] = []
        self._inputs: dict[str, Element] = {}
        """By the names of what the tables ask for: the first parts of their facts."""
        self._taken: set[str] = set()

    def add(self, source: Source) -> None:
        """Adds the table. Raises `Unwritable` before anything is added."""
        table = _Table(source)
        before = dict(self._inputs), set(self._taken)
        try:
            decision = self._decision(source, table, len(self._decisions) + 1)
            written(decision)
        except Unwritable:
            self._inputs, self._taken = before
            raise
        self._decisions.append(decision)

    def definitions(self, name: str) -> Element:
        """The root of the file."""
        parts = (*self._inputs.values(), *self._decisions)
        about = {"id": self._free("definitions"), "name": name, "namespace": _NAMESPACE}
        return made("definitions", *parts, xmlns=_MODEL, **about)

    def _decision(self, source: Source, table: _Table, number: int) -> Element:
        # The ids of rows are the rules' own, so they are taken first.
        rows = [table.row(row, self._own(row.id)) for row in table.rows]
        needs = [self._input(name, kind) for name, kind in table.asked().items()]
        return made(
            "decision",
            made("variable", name=source.name, typeRef=table.type_ref),
            *(made("informationRequirement", made("requiredInput", href=f"#{id}")) for id in needs),
            made(
                "decisionTable",
                *table.inputs(),
                *table.outputs(),
                *rows,
                id=self._free(f"table-{number}"),
                hitPolicy=table.policy,
                aggregation=table.aggregation,
            ),
            id=self._free(f"decision-{number}"),
            name=source.name,
        )

    def _input(self, name: str, kind: Kind | None) -> str:
        """The id of what a table asks for."""
        type_ref = _type_ref(kind)
        known = self._inputs.get(name)
        id = self._free(f"input-{len(self._inputs) + 1}") if known is None else known.get("id")
        if known is not None and known.children[0].attributes.get("typeRef") != type_ref:
            type_ref = None
        variable = made("variable", name=name, typeRef=type_ref)
        self._inputs[name] = made("inputData", variable, id=id, name=name)
        return id

    def _own(self, id: str) -> str | None:
        """The id, if it may be one in this file; it is taken then."""
        if id in self._taken or not _ID.fullmatch(id):
            return None
        self._taken.add(id)
        return id

    def _free(self, wanted: str) -> str:
        """An id that is not taken; it is taken then."""
        id, count = wanted, 2
        while id in self._taken:
            id, count = f"{wanted}-{count}", count + 1
        self._taken.add(id)
        return id


class _Table:
    """The parts of one decision table."""

    def __init__(self, source: Source) -> None:
        tree = source.tree
        if tree.otherwise is None:
            raise Unwritable("a table cannot fail for want of a true row (`otherwise: error`)")
        self._source = source
        outcomes = [*(rule.then for rule in tree.rules), tree.otherwise]
        said = {name for then in outcomes for name in then}
        kept = source.foreign and tree.hit is not Hit.COLLECT
        self._fields = [field for field in tree.point.fields if field.name in said or kept]
        self._types = {
            field.name: _type_of([then[field.name] for then in outcomes if field.name in then])
            for field in self._fields
        }
        self.policy, self.aggregation = _policy(tree.hit, self._fields)
        self._check(tree)
        grid = Grid(source, Writer(source))
        self.rows = grid.rows
        self._default = grid.said(tree.otherwise)
        # Columns stand in the order of the facts, and the one for whole conditions stands last.
        order = {fact.name: at for at, fact in enumerate(tree.point.facts)}
        self._columns = dict(
            sorted(grid.columns.items(), key=lambda item: order.get(item[1], len(order)))
        )
        self._grid = grid
        self._valued = valued(tree.rules)

    @property
    def type_ref(self) -> str | None:
        """The type of the result, where it is one value."""
        lone = len(self._fields) == 1 and self.policy in ("FIRST", "UNIQUE")
        return self._types[self._fields[0].name] if lone else None

    def asked(self) -> dict[str, Kind | None]:
        """What the table asks for: the first parts of its facts, with the kinds of whole ones."""
        found: dict[str, Kind | None] = {}
        read = {name for rule in self._source.tree.rules for name in facts_of(rule.when)}
        for fact in self._source.tree.point.facts:
            asked = self._source.foreign or fact.name in read
            if asked and fact.name not in self._source.originals:
                first, _, rest = theirs(fact.name).partition(".")
                found[first] = None if rest or fact.name not in self._valued else fact.kind
        return found

    def inputs(self) -> list[Element]:
        """The input columns."""
        return [
            made(
                "input",
                made(
                    "inputExpression",
                    made("text", text=column.field or "true"),
                    typeRef=_type_ref(self._kind(column)),
                ),
                label=self._grid.name(column),
            )
            for column in self._columns
        ]

    def outputs(self) -> list[Element]:
        """The output columns: a lone one is not named, as the standard wants it, but labelled."""
        lone = len(self._fields) == 1
        return [
            made(
                "output",
                *(
                    [made("defaultOutputEntry", made("text", text=self._default[field.name]))]
                    if field.name in self._default
                    else []
                ),
                label=theirs(field.name) if lone else None,
                name=None if lone else theirs(field.name),
                typeRef=self._types[field.name],
            )
            for field in self._fields
        ]

    def row(self, row: GridRow, id: str | None) -> Element:
        """A row; an id that is none in XML becomes its label."""
        cells = [row.cells.get(column, "-") for column in self._columns]
        said = [row.said.get(field.name, "null") for field in self._fields]
        return made(
            "rule",
            *([made("description", text=row.note)] if row.note else []),
            *(made("inputEntry", made("text", text=text)) for text in cells),
            *(made("outputEntry", made("text", text=text)) for text in said),
            id=id,
            label=row.id if id is None else None,
        )

    def _kind(self, column: Column) -> Kind | None:
        if not column.field:
            return Kind.BOOLEAN
        fact = self._columns[column]
        return self._source.kind(fact) if fact in self._valued else None

    def _check(self, tree: RuleSet) -> None:
        if not self._fields:
            raise Unwritable("it says nothing, and a table has an output")
        if tree.hit is not Hit.COLLECT:
            return
        names = {field.name for field in self._fields}
        for rule in tree.rules:
            if names - set(rule.then):
                raise Unwritable(f"the rule `{rule.id}` leaves out a field, which would be `null`")


def _policy(hit: Hit, fields: Sequence[Field]) -> tuple[str, str | None]:
    """The hit policy and the aggregation. Raises `Unwritable`."""
    if hit is not Hit.COLLECT:
        return hit.name, None
    merges = {field.merge for field in fields}
    if merges <= {Merge.LIST}:
        return "RULE ORDER", None
    if len(fields) == 1 and fields[0].merge in _AGGREGATIONS:
        return "COLLECT", _AGGREGATIONS[fields[0].merge]
    odd = next(field for field in fields if field.merge is not Merge.LIST)
    raise Unwritable(f"no aggregation fills `{odd.name}` as `{odd.merge}` does")


def _type_of(values: Sequence[OutcomeValue]) -> str | None:
    """The type that all values of an output have; None where they have several, or none."""
    kinds = {_kind_of(value) for value in values if not isinstance(value, ParamRef)}
    return _type_ref(kinds.pop()) if len(kinds) == 1 else None


def _kind_of(value: OutcomeValue) -> Kind | None:
    if isinstance(value, ParamRef | tuple | Mapping | frozenset):
        return None
    return kind_of(value)


def _type_ref(kind: Kind | None) -> str | None:
    """The type of the facts of a kind."""
    if kind is None:
        return None
    return KINDS.get(_TYPED_AS.get(kind, kind))
