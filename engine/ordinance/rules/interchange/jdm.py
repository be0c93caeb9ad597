"""JDM graphs (GoRules) to rule sets: one for each decision table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.interchange.assembly import assembled
from ordinance.rules.interchange.draft import Clause, Draft, Result, Row
from ordinance.rules.interchange.draft import Given as Value
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.expression import (
    Binary,
    ExpressionError,
    Interval,
    Name,
    Unary,
)
from ordinance.rules.interchange.files import distinct, one_line, read_json, refuse
from ordinance.rules.interchange.imported import Frame, Imported
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.outputs import output
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.interchange.zen.atoms import Atoms
from ordinance.rules.interchange.zen.literals import constant
from ordinance.rules.interchange.zen.meaning import Translator
from ordinance.rules.interchange.zen.parsing import parse, parse_cell
from ordinance.rules.interchange.zen.paths import fact_of
from ordinance.rules.interchange.zen.syntax import Joined
from ordinance.rules.interchange.zen.writing import ZEN
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import Comparator, Place, Test

_TABLE = "decisionTableNode"
_SILENT = ("inputNode", "outputNode", "noteNode", "stickyNode")
_NODES = {
    "expressionNode": "an expression node calculates; give what it would add as facts",
    "functionNode": "a function node runs JavaScript; give what it would add as facts",
    "switchNode": "a switch node chooses a way through the graph; choose the table by it yourself",
    "decisionNode": "a decision node calls another file; read that file by itself",
}
_HITS = {"first": Hit.FIRST, "collect": Hit.COLLECT}


def read_jdm(path: str | Path) -> list[Imported]:
    """The decision tables of a JDM file, in file order, each as a rule set.

    Each other node that decides or calculates is one more `Imported`, without rules: it says in
    `untranslated` what is lost, and every decision of it fails. A file that holds the content of
    one table gives that table, named by the file. Raises `RuleFileError` when the file is not JDM.
    """
    found = read_json(path)
    file = str(path)
    if isinstance(found, Mapping) and "nodes" not in found and "rules" in found:
        return [_table(Path(path).stem, found, file)]
    nodes = found.get("nodes") if isinstance(found, Mapping) else None
    if not isinstance(nodes, list) or not all(isinstance(node, Mapping) for node in nodes):
        refuse(file, "this is no JDM graph", "a graph is an object with a list of `nodes`")
    named = [_text(node.get("name")) or _text(node.get("id")) for node in nodes]
    imported = []
    for node, name in zip(nodes, distinct(named, "node "), strict=True):
        kind = _text(node.get("type"))
        if kind == _TABLE:
            imported.append(_table(name, node.get("content"), file))
        elif kind not in _SILENT:
            reason = _NODES.get(kind, f"a node of the type `{kind}` is not known")
            draft = Draft(name, ZEN, Hit.FIRST, Place(file, 1, 1))
            draft.refused.append((f"node {name}", reason))
            imported.append(assembled(draft))
    return imported


@dataclass(frozen=True, slots=True)
class _Column:
    """One input column."""

    id: str
    label: str
    field: str
    """As written; empty for a column of whole expressions."""
    fact: str | None
    """What `$` stands for; None where that is no fact."""
    readable: bool = True


def _table(name: str, content: object, file: str) -> Imported:
    place = Place(file, 1, 1)
    if not isinstance(content, Mapping):
        refuse(file, f"the table `{name}` has no content")
    policy = content.get("hitPolicy", "first")
    draft = Draft(name, ZEN, _HITS.get(_text(policy), Hit.FIRST), place)
    if policy not in _HITS:
        draft.refused.append((f"hitPolicy: {policy}", "only `first` and `collect` are known"))
    prefix = _prefix(content, draft)
    columns = [_column(item, prefix, draft) for item in _items(content, "inputs", name, file)]
    above = _text(content.get("outputPath")).strip()
    draft.strict = draft.keeps_nulls = True
    draft.frame = Frame(
        input_field=_text(content.get("inputField")).strip(),
        looped=content.get("executionMode") == "loop",
        passes_on=content.get("passThrough") is True,
        output_path=tuple(above.split(".")) if above else (),
    )
    if draft.frame.passes_on:
        draft.warnings.append(
            f"`{name}` hands its input on as well (`passThrough`); here the outcome is what the "
            "rows say, and the facts stay yours"
        )
    results = {}
    for item in _items(content, "outputs", name, file):
        field = _text(item.get("field")).strip()
        label = _text(item.get("name")) or field
        if field:
            results[_text(item.get("id"))] = (field, label)
        else:
            draft.refused.append((f"output {label}", "the column does not name its field"))
    draft.fields = list(dict.fromkeys(field for field, _ in results.values()))
    rules = _items(content, "rules", name, file)
    ids = distinct([_text(rule.get("_id")) for rule in rules], "row ")
    for number, (id, rule) in enumerate(zip(ids, rules, strict=True), start=1):
        at = replace(place, line=number)
        clauses = [_clause(column, rule, id, prefix, at, draft) for column in columns]
        said = [
            _result(rule.get(key), field, f"row {id}, output {label}")
            for key, (field, label) in results.items()
            if not _is_blank(rule.get(key))
        ]
        note = _text(rule.get("_description"))
        draft.rows.append(
            Row(
                id,
                at,
                tuple(clause for clause in clauses if clause is not None),
                tuple(said),
                Words(note, note) if note else None,
            )
        )
    return assembled(draft)


def _prefix(content: Mapping[str, Any], draft: Draft) -> str:
    """What the names in the table are relative to."""
    field = _text(content.get("inputField")).strip()
    if content.get("executionMode") == "loop":
        draft.warnings.append(
            f"`{draft.name}` runs once for each item of `{field}`; here one decision is about one "
            "item, whose facts are named from the item on"
        )
        return ""
    if not field:
        return ""
    fact = fact_of(field)
    if fact is None:
        draft.refused.append((f"inputField: {field}", "it is no plain name of a part of the input"))
        return ""
    return f"{fact}."


def _column(item: Mapping[str, Any], prefix: str, draft: Draft) -> _Column:
    field = _text(item.get("field")).strip()
    label = _text(item.get("name")).strip() or field
    id = _text(item.get("id"))
    if not field:
        return _Column(id, label, "", None)
    if field == "$":
        return _Column(id, label, field, None)
    where = f"column {label}: {one_line(field)}"
    fact, reason = None, "it calculates"
    try:
        found = parse(field)
        if isinstance(found, Name):
            fact = Atoms(Evidence(), draft.place, prefix=prefix).fact(found)
    except Untranslatable as error:
        reason = f"{error}"
    except ExpressionError as error:
        # There no row with a cell in it matches; here none is taken for untrue by a guess.
        draft.lost.append((where, f"it cannot be read: {error}"))
        return _Column(id, label, field, None, readable=False)
    if fact is None:
        fact = field
        draft.calculated[fact] = field
        draft.lost.append((where, f"{reason}; give the result as the fact of this name"))
    draft.facts.append(theirs(fact))
    return _Column(id, label, field, fact)


def _clause(
    column: _Column, rule: Mapping[str, Any], id: str, prefix: str, place: Place, draft: Draft
) -> Clause | None:
    value = rule.get(column.id)
    if _is_blank(value):
        return None
    text = _text(value).strip()
    shown = one_line(text) if isinstance(value, str) else f"{value}"
    where = f"row {id}, column {column.label}: {shown}"

    def read(evidence: Evidence) -> Truth:
        if not isinstance(value, str):
            raise Untranslatable("a cell must be a text")
        if not column.readable:
            raise Untranslatable("its column cannot be read")
        translator = Translator(Atoms(evidence, place, column.fact, prefix))
        try:
            if not column.field:
                return translator.truth(parse(text))
            truth = translator.cell(parse_cell(text))
        except ExpressionError as error:
            raise Untranslatable(f"it cannot be read: {error}") from None
        if column.fact in draft.calculated and _asks_presence(truth, column.fact):
            raise Untranslatable("it asks whether a calculation has a result")
        return truth

    if column.field and isinstance(value, str) and _has_comma_between_tests(text):
        draft.warnings.append(f"{where}: a comma between comparisons means `or`, not `and`")
    return Clause(where, column.field, text, read)


def _asks_presence(truth: Truth, fact: str) -> bool:
    tests = [test for test in tests_in(truth.true) if isinstance(test, Test)]
    return any(test.fact == fact and test.comparator is Comparator.MISSING for test in tests)


def _result(value: object, field: str, where: str) -> Result:
    text = _text(value).strip()

    def read() -> Value | None:
        if not isinstance(value, str):
            raise Untranslatable("a cell must be a text")
        try:
            return output(parse(text), constant)
        except ExpressionError as error:
            raise Untranslatable(f"it cannot be read: {error}") from None

    return Result(f"{where}: {one_line(text or str(value))}", field, text, read)


def _has_comma_between_tests(text: str) -> bool:
    try:
        tests = parse_cell(text)
    except ExpressionError:
        return False
    return any(
        joined.word == "," and (_is_comparison(joined) or _is_comparison(before))
        for before, joined in pairwise(tests)
    )


def _is_comparison(joined: Joined) -> bool:
    """More than a plain value in a list of values."""
    test = joined.test
    return isinstance(test, Interval) or (
        (isinstance(test, Binary) and test.operator not in ("+", "-", "*"))
        or (isinstance(test, Unary) and test.operator == "not")
    )


def _items(content: Mapping[str, Any], key: str, name: str, file: str) -> list[Mapping[str, Any]]:
    items = content.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        refuse(file, f"`{key}` of the table `{name}` is no list of objects")
    return items


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
