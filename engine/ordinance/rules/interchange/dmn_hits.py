"""Hit policies of DMN as ours, where ours say exactly the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ordinance.rules.interchange.dmn_model import Model
from ordinance.rules.interchange.draft import Constant, Draft, Given, Result, Row, kind_of
from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.expression import ExpressionError
from ordinance.rules.interchange.feel.literals import constant
from ordinance.rules.interchange.markup import Element
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Hit, Merge

_HITS = {
    "UNIQUE": Hit.UNIQUE,
    "FIRST": Hit.FIRST,
    "PRIORITY": Hit.FIRST,
    "COLLECT": Hit.COLLECT,
    "RULE ORDER": Hit.COLLECT,
    "OUTPUT ORDER": Hit.COLLECT,
}
_ANY = "whether the rows that match agree is only known when it decides; choose UNIQUE or FIRST"
_MERGES = {"SUM": Merge.SUM, "MIN": Merge.MIN, "MAX": Merge.MAX, "COUNT": Merge.SUM}


def settle_hit(draft: Draft, logic: Element, model: Model) -> None:
    """Gives the draft its hit policy; what ours cannot say exactly is refused."""
    policy = logic.get("hitPolicy") or "UNIQUE"
    aggregation = logic.get("aggregation")
    try:
        if policy not in _HITS:
            raise Untranslatable(_ANY if policy == "ANY" else "there is no such hit policy")
        draft.hit = _HITS[policy]
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            draft.rows = _sorted(draft.rows, _priorities(logic, draft, model))
            draft.warnings.append(
                f"the rows stand in the order of their output values, as {policy} counts them"
            )
        if policy == "COLLECT" and aggregation:
            _aggregate(draft, aggregation, model)
        elif draft.hit is Hit.COLLECT and draft.otherwise:
            draft.warnings.append(
                "where no row matches, the default output is the only item of the list here; "
                "some engines give it without a list"
            )
    except Untranslatable as error:
        name = f"{policy} {aggregation}" if policy == "COLLECT" else policy
        where = f"hitPolicy ({logic.line}:{logic.column}): {name.strip()}"
        draft.refused.append((where, str(error)))


def _priorities(logic: Element, draft: Draft, model: Model) -> dict[str, list[Constant]]:
    """The allowed values of each output that lists them, the most important first."""
    found: dict[str, list[Constant]] = {}
    for field, element in zip(draft.fields, logic.all("output"), strict=True):
        values = element.first("outputValues")
        text = None if values is None else values.first("text")
        if text is None:
            continue
        try:
            tests = model.tests(text.text.strip())
        except ExpressionError as error:
            raise Untranslatable(f"the output values cannot be read: {error}") from None
        read = [constant(item) for item in tests.items]
        listed = [value for value in read if value is not None]
        if tests.negated or not listed or len(listed) < len(read):
            raise Untranslatable("the output values are no list of values")
        found[field] = listed
    if not found:
        raise Untranslatable("no output lists its values, so none comes before another")
    return found


def _sorted(rows: Sequence[Row], priorities: dict[str, list[Constant]]) -> list[Row]:
    def rank(row: Row) -> list[int]:
        said = {result.field: result for result in row.results}
        ranks = []
        for field, listed in priorities.items():
            value = said[field].read()
            place = next((at for at, known in enumerate(listed) if known == value), None)
            if place is None:
                raise Untranslatable(f"row {row.id}: its output is none of the output values")
            ranks.append(place)
        return ranks

    return sorted(rows, key=rank)


def _aggregate(draft: Draft, aggregation: str, model: Model) -> None:
    if aggregation not in _MERGES:
        raise Untranslatable("there is no such aggregation")
    if len(draft.fields) != 1:
        raise Untranslatable("what it means for several outputs is not defined")
    draft.merge = _MERGES[aggregation]
    values = [value for row in draft.rows for value in _read(row)]
    lone = {value for value in values if not isinstance(value, tuple | Mapping)}
    kinds = {kind_of(value) for value in lone}
    repeated = len(lone) < len(draft.rows)
    if aggregation == "COUNT":
        if repeated:
            raise Untranslatable("engines disagree on whether equal outputs count once")
        draft.rows = [replace(row, results=(_one(row.results[0]),)) for row in draft.rows]
        draft.warnings.append("each row gives 1 here, and their sum is the count")
        return
    if not kinds <= {Kind.DECIMAL} or any(isinstance(value, tuple | Mapping) for value in values):
        raise Untranslatable("the outputs are not all numbers")
    if aggregation == "SUM" and repeated and model.version == "1.1":
        raise Untranslatable(
            "DMN 1.1 counts equal outputs once, many engines do not; save the file as DMN 1.3"
        )


def _read(row: Row) -> list[Given]:
    try:
        value = row.results[0].read()
    except Untranslatable:
        return []
    return [] if value is None else [value]


def _one(result: Result) -> Result:
    return replace(result, read=lambda: Decimal(1))
