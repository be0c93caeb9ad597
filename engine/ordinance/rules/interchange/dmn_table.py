"""One decision table of a DMN file, as a draft of a rule set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ordinance.rules.interchange.assembly import assembled
from ordinance.rules.interchange.dmn_hits import settle_hit
from ordinance.rules.interchange.dmn_model import Model
from ordinance.rules.interchange.draft import Clause, Draft, Given, Result, Row, kind_of
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.expression import Expression, ExpressionError, Literal, Name
from ordinance.rules.interchange.feel.literals import KINDS, constant
from ordinance.rules.interchange.feel.meaning import Translator, may_be_null
from ordinance.rules.interchange.feel.writing import FEEL
from ordinance.rules.interchange.files import distinct, one_line
from ordinance.rules.interchange.imported import Imported
from ordinance.rules.interchange.markup import Element
from ordinance.rules.interchange.names import ours
from ordinance.rules.interchange.outputs import output
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Hit

_MOST_NAMED = 5
_ABSENT = (
    "where its value is absent, some engines let a test with `?` match; here such a row does not"
)
_BOOLEAN = (
    "where its value is `false`, some engines let a test with `?` match that is false; here such "
    "a row does not"
)


@dataclass(frozen=True, slots=True)
class _Input:
    """One input column."""

    label: str
    field: str
    """As written; empty for a column that is always `true`."""
    fact: str | None
    """None for a column that is always `true`."""
    own_name: str = ""
    """What its cells may call its value beside `?`, in files of one engine."""


@dataclass(frozen=True, slots=True)
class _Output:
    """One output column."""

    label: str
    field: str
    kind: Kind | None
    """What its type allows; None for everything."""
    needed: bool
    """Whether each row must give a value."""


def table(name: str, decision: Element, logic: Element, model: Model) -> Imported:
    """The decision table of a decision as a rule set."""
    draft = Draft(name, FEEL, Hit.UNIQUE, model.place(logic))
    for required in model.required_decisions(decision):
        draft.warnings.append(
            f"`{required}` is another decision: decide it first, and give its result as a fact"
        )
    for imported in model.root.all("import"):
        draft.warnings.append(f"the file imports `{imported.get('name')}`, which is not read")
    inputs = [_input(element, model, draft) for element in logic.all("input")]
    outputs = _outputs(name, decision, logic, model, draft)
    draft.fields = [column.field for column in outputs]
    rules = list(logic.all("rule"))
    ids = distinct([rule.get("id") or rule.get("label") for rule in rules], "row ")
    for id, rule in zip(ids, rules, strict=True):
        entries, said = list(rule.all("inputEntry")), list(rule.all("outputEntry"))
        if len(entries) != len(inputs) or len(said) != len(outputs):
            reason = (
                f"it has {len(entries)} input and {len(said)} output entries for "
                f"{len(inputs)} input and {len(outputs)} output columns"
            )
            draft.refused.append((f"row {id} ({rule.line}:{rule.column})", reason))
            continue
        clauses = [
            _clause(column, entry, id, model)
            for column, entry in zip(inputs, entries, strict=True)
            if _text(entry) not in ("", "-")
        ]
        results = [
            _result(column, entry, f"row {id}", model)
            for column, entry in zip(outputs, said, strict=True)
        ]
        draft.rows.append(Row(id, model.place(rule), tuple(clauses), tuple(results), _title(rule)))
    for column, element in zip(outputs, logic.all("output"), strict=True):
        default = element.first("defaultOutputEntry")
        if default is not None:
            draft.otherwise.append(_result(column, default, "default", model))
    settle_hit(draft, logic, model)
    _warn_of_disagreement(draft, inputs, model)
    return assembled(draft)


def _input(element: Element, model: Model, draft: Draft) -> _Input:
    expression = element.first("inputExpression")
    text = "" if expression is None else _text(expression)
    label = element.get("label") or one_line(text) or f"{element.line}:{element.column}"
    if expression is None or not text:
        draft.refused.append((f"column {label}", "it does not say what it is about"))
        return _Input(label, "", None)
    found = _parsed(text, model) if model.speaks_feel(expression) else None
    if found == Literal(True):
        return _Input(label, "", None)
    values = element.first("inputValues")
    if values is not None:
        draft.warnings.append(
            f"column {label}: that a value is one of {one_line(_text(values))} is not checked here"
        )
    if isinstance(found, Name) and "?" not in found.path:
        fact = ".".join(found.path)
        kind = model.kind(expression.get("typeRef")) or model.kind_at(fact)
    else:
        fact, kind = text, model.kind(expression.get("typeRef"))
        draft.calculated[fact] = text
        where = f"column {label} ({expression.line}:{expression.column}): {one_line(text)}"
        draft.lost.append((where, "it calculates; give the result as the fact of this name"))
    draft.facts.append(fact)
    if kind is not None:
        draft.kinds[ours(fact)] = kind
    return _Input(label, text, ours(fact), _own_name(element))


def _own_name(element: Element) -> str:
    names = (value for key, value in element.attributes.items() if key.endswith(" inputVariable"))
    return next(names, "").strip()


def _outputs(
    name: str, decision: Element, logic: Element, model: Model, draft: Draft
) -> list[_Output]:
    elements = list(logic.all("output"))
    variable = decision.first("variable")
    lone = "" if variable is None else variable.get("name")
    collected = logic.get("hitPolicy") in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
    found: list[_Output] = []
    for element in elements:
        field = element.get("name")
        if not field and len(elements) == 1:
            field = element.get("label") or lone or name
        where = f"output {field or element.get('label')} ({element.line}:{element.column})"
        if not field:
            draft.refused.append((where, "the column does not name its field"))
        if field in [column.field for column in found]:
            draft.refused.append((where, "another column has the same name"))
        kind = model.kind(element.get("typeRef"))
        found.append(_Output(element.get("label") or field, field, kind, collected))
    if not elements:
        draft.refused.append((f"decision {name}", "the table has no output"))
    return found


def _clause(column: _Input, entry: Element, id: str, model: Model) -> Clause:
    text = _text(entry)
    place = model.place(entry)

    def read(evidence: Evidence) -> Truth:
        if not model.speaks_feel(entry):
            raise Untranslatable("it is not written in FEEL")
        if column.own_name and column.own_name in text:
            raise Untranslatable(
                f"`{column.own_name}` may mean the column itself; write `?` for it"
            )
        try:
            return Translator(evidence, place, column.fact).cell(model.tests(text))
        except ExpressionError as error:
            raise Untranslatable(f"it cannot be read: {error}") from None

    where = f"row {id}, column {column.label} ({entry.line}:{entry.column}): {one_line(text)}"
    return Clause(where, column.field, text, read)


def _result(column: _Output, entry: Element, row: str, model: Model) -> Result:
    text = _text(entry)

    def read() -> Given | None:
        if not model.speaks_feel(entry):
            raise Untranslatable("it is not written in FEEL")
        try:
            value = output(model.expression(text), constant) if text else None
        except ExpressionError as error:
            raise Untranslatable(f"it cannot be read: {error}") from None
        if value is None and column.needed:
            raise Untranslatable("a list with `null` in it")
        if column.kind is not None and value is not None:
            _check(value, column.kind)
        return value

    where = f"{row}, output {column.label} ({entry.line}:{entry.column}): {one_line(text)}"
    return Result(where, column.field, text, read)


def _check(value: Given, kind: Kind) -> None:
    """Raises `Untranslatable` for a value that its column does not allow."""
    if isinstance(value, tuple | Mapping) or kind_of(value) is not kind:
        raise Untranslatable(f"the column holds values of the type `{KINDS[kind]}`")


def _warn_of_disagreement(draft: Draft, inputs: Sequence[_Input], model: Model) -> None:
    """Warns of tests with `?` that engines take for different things."""
    columns = {column.field: column for column in inputs}
    doubtful: dict[tuple[str, str], list[str]] = {}
    for row in draft.rows:
        for clause in row.clauses:
            if not isinstance(clause, Clause):
                continue
            column = columns[clause.column]
            for doubt in _doubts(clause, column, model):
                doubtful.setdefault((column.label, doubt), []).append(row.id)
    for (label, doubt), ids in doubtful.items():
        more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
        rows = f"rows {', '.join(ids[:_MOST_NAMED])}{more}"
        draft.warnings.append(f"column {label}: {doubt} ({rows})")


def _doubts(clause: Clause, column: _Input, model: Model) -> list[str]:
    evidence, found = Evidence(), []
    try:
        if column.fact is None or not model.tests(clause.text).explicit:
            return []
        truth = clause.read(evidence)
    except (ExpressionError, Untranslatable):
        return []
    if may_be_null(truth, column.fact):
        found.append(_ABSENT)
    if Kind.BOOLEAN in {kind for _, kind, _ in evidence.votes.get(column.fact, ())}:
        found.append(_BOOLEAN)
    return found


def _parsed(text: str, model: Model) -> Expression | None:
    try:
        return model.expression(text)
    except ExpressionError:
        return None


def _title(rule: Element) -> Words | None:
    description = rule.first("description")
    notes = [_text(entry) for entry in rule.all("annotationEntry")]
    said = "" if description is None else description.text.strip()
    title = said or "; ".join(note for note in notes if note)
    return Words(title, title) if title else None


def _text(element: Element) -> str:
    inner = element.first("text")
    return "" if inner is None else inner.text.strip()
