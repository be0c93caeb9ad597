"""Drafts to rule sets: kinds inferred from the cells, a decision point of its own, the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from ordinance.rules.canonical import content_hash
from ordinance.rules.interchange.draft import (
    Absence,
    Clause,
    Draft,
    Given,
    Group,
    Result,
    Row,
    kind_of,
)
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.imported import (
    Imported,
    ImportedRuleset,
    Original,
    Untranslated,
    valued,
)
from ordinance.rules.interchange.names import ours
from ordinance.rules.interchange.truth import every, some
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Argument, DecisionPoint, Fact, Field, Hit, Merge, Missing
from ordinance.rules.tree import (
    Comparator,
    Condition,
    Outcome,
    OutcomeValue,
    Param,
    ParamRef,
    Place,
    Rule,
    RuleSet,
    Test,
)
from ordinance.rules.tree import Given as Operand

Said: TypeAlias = "Given | ParamRef"
"""One result of a row: a value, or what stands for one that was not translated."""


def assembled(draft: Draft) -> Imported:
    """The draft as a rule set, with everything that could not be translated."""
    return _Assembly(draft).imported()


class _Assembly:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._untranslated = [Untranslated(*item) for item in (*draft.refused, *draft.lost)]
        self._originals = {
            name: Original(draft.format, text, "") for name, text in draft.calculated.items()
        }
        self._stand_ins: dict[tuple[str, str], str] = {}
        evidence = _collected(draft)
        self._mentioned = tuple(evidence.votes)
        self._evidence = evidence.settle(draft.kinds)
        self._params: dict[str, Param] = {}
        self._nulls: dict[str, tuple[str, ...]] = {}

    def imported(self) -> Imported:
        draft = self._draft
        said = [self._results(row.results) for row in draft.rows]
        for row, item in zip(draft.rows, said, strict=True):
            left = dict.fromkeys(ours(result.field) for result in row.results)
            if draft.keeps_nulls:
                self._nulls[row.id] = tuple(name for name in left if name not in item)
        otherwise = self._results(draft.otherwise)
        fields = tuple(
            _field(
                name, [each for item in (*said, otherwise) for each in item.get(name, ())], draft
            )
            for name in dict.fromkeys(map(ours, draft.fields))
        )
        kinds = {field.name: field for field in fields}
        rules = tuple(
            self._rule(row, _outcome(item, kinds, draft))
            for row, item in zip(draft.rows, said, strict=True)
        )
        if draft.refused:
            rules = ()
        point = self._point(fields, valued(rules))
        tree = RuleSet(
            point=point,
            hit=draft.hit,
            rules=rules,
            # Without rules every decision fails by name: nothing is guessed.
            otherwise=None if draft.refused or draft.fails else _outcome(otherwise, kinds, draft),
            when_unknown={},
            place=draft.place,
            hash="",
            title=point.title,
            params=self._params or None,
        )
        tree = replace(tree, hash=content_hash(tree))
        return Imported(
            draft.name,
            ImportedRuleset(tree, file=draft.place.file, strict=draft.strict),
            tuple(self._untranslated),
            tuple(draft.warnings),
            self._originals,
            {id: names for id, names in self._nulls.items() if names},
            draft.frame,
        )

    def _rule(self, row: Row, then: Outcome) -> Rule:
        when = every(tuple(self._condition(clause, row.place) for clause in row.clauses))
        return Rule(row.id, when, then, row.place, title=row.title)

    def _condition(self, clause: Clause | Group, place: Place) -> Condition:
        if isinstance(clause, Group):
            items = tuple(self._condition(item, place) for item in clause.items)
            return every(items) if clause.all else some(items)
        try:
            return clause.read(self._evidence).true
        except Untranslatable as error:
            self._untranslated.append(Untranslated(clause.where, str(error)))
            original = Original(self._draft.format, clause.column, clause.text)
            name = self._stand_in(clause.column, clause.text, original)
            return Test(name, Comparator.IS, (Operand(True),), place)

    def _results(self, results: Iterable[Result]) -> dict[str, list[Said]]:
        said: dict[str, list[Said]] = {}
        for result in results:
            field = ours(result.field)
            earlier = said.get(field, [])
            lost = not self._draft.repeats and any(isinstance(v, ParamRef) for v in earlier)
            value = self._result(result, stands=not lost)
            if lost or (value is None and self._draft.repeats):
                continue
            # Of two columns about one field the last counts, unless one was not translated.
            said.pop(field, None)
            if value is not None:
                said[field] = [*earlier, value] if self._draft.repeats else [value]
        return said

    def _result(self, result: Result, *, stands: bool) -> Said | None:
        """What a cell says; what was not translated is told, and `stands` as a parameter."""
        try:
            return result.read()
        except Untranslatable as error:
            self._untranslated.append(Untranslated(result.where, str(error)))
            if not stands:
                return None
            original = Original(self._draft.format, result.field, result.text)
            name = self._stand_in(result.field, result.text, original)
            self._params[name] = Param(name, Kind.TEXT, (), self._draft.place)
            return ParamRef(name)

    def _stand_in(self, column: str, text: str, original: Original) -> str:
        """The name of what stands for a text that was not translated; the same for equal ones."""
        known = self._stand_ins.get((column, text))
        if known is not None:
            return known
        name = f"{column}: {text}" if column else text
        while name in self._originals or name in self._draft.facts or name in self._mentioned:
            name += "'"
        self._originals[name] = original
        self._stand_ins[(column, text)] = name
        return name

    def _point(self, fields: tuple[Field, ...], tested: frozenset[str]) -> DecisionPoint:
        draft = self._draft
        names = dict.fromkeys((*map(ours, draft.facts), *self._mentioned))
        facts = [self._fact(name, name in tested, name in draft.calculated) for name in names]
        for name in self._originals:
            if name not in self._params and name not in names:
                words = Words(name, name)
                facts.append(Fact(name, Kind.BOOLEAN, words, missing=Missing.UNKNOWN))
        title = Words(draft.name, draft.name)
        return DecisionPoint(
            name=f"imported.{draft.name}",
            title=title,
            question=title,
            facts=tuple(facts),
            fields=fields,
            hits=(draft.hit,),
            one_line=True,
        )

    def _fact(self, name: str, tested: bool, calculated: bool) -> Fact:
        kind = (tested and self._evidence.kind(name)) or Kind.TEXT
        absence = self._draft.absences.get(kind, Absence(Missing.NO_MATCH))
        if calculated:
            absence = Absence(Missing.UNKNOWN)
        words = Words(name, name)
        return Fact(name, kind, words, missing=absence.missing, default=absence.default)


def _collected(draft: Draft) -> Evidence:
    """What all cells tell about the facts."""
    evidence = Evidence()
    for row in draft.rows:
        evidence.row = row.id
        for clause in _clauses(row.clauses):
            try:
                clause.read(evidence)
            except Untranslatable:
                continue
    return evidence


def _clauses(items: Iterable[Clause | Group]) -> Iterator[Clause]:
    for item in items:
        if isinstance(item, Group):
            yield from _clauses(item.items)
        else:
            yield item


def _field(name: str, values: list[Said], draft: Draft) -> Field:
    known: list[Given] = [value for value in values if not isinstance(value, ParamRef)]
    lists = [value for value in known if isinstance(value, tuple)]
    many = draft.repeats or (bool(lists) and draft.hit is not Hit.COLLECT)
    items = [item for value in known for item in (value if isinstance(value, tuple) else (value,))]
    records = [item for item in items if isinstance(item, Mapping)]
    merge = draft.merge if draft.hit is Hit.COLLECT else Merge.FIRST
    return Field(
        name=name,
        words=Words(name, name),
        kind=_kind([item for item in items if not isinstance(item, Mapping)]),
        arguments=_arguments(records),
        many=many,
        merge=merge,
    )


def _arguments(records: list[Mapping[str, Given]]) -> tuple[Argument, ...]:
    values: dict[str, list[Given]] = {}
    for record in records:
        for name, value in record.items():
            values.setdefault(name, []).append(value)
    return tuple(
        Argument(name, _kind(given), Words(name, name), required=len(given) == len(records))
        for name, given in values.items()
    )


def _kind(values: list[Given]) -> Kind:
    kinds = {kind_of(value) for value in values}
    if len(kinds) != 1:
        return Kind.TEXT
    (kind,) = kinds
    whole = all(isinstance(value, Decimal) and _is_whole(value) for value in values)
    return Kind.INTEGER if whole else kind


def _outcome(said: Mapping[str, list[Said]], fields: Mapping[str, Field], draft: Draft) -> Outcome:
    outcome: dict[str, OutcomeValue] = {}
    for name, values in said.items():
        typed = tuple(_typed(value, fields[name]) for value in values)
        (last,) = typed[-1:]
        if draft.repeats:
            outcome[name] = typed
        elif isinstance(last, tuple) and draft.hit is Hit.COLLECT:
            # Collected values stand one after another, so a list is wrapped to stay one of them.
            outcome[name] = (last,)
        else:
            outcome[name] = last
    return outcome


def _typed(value: Said, field: Field | Argument) -> OutcomeValue:
    if isinstance(value, tuple):
        return tuple(_typed(item, field) for item in value)
    if isinstance(value, Mapping):
        parts = {part.name: part for part in field.arguments} if isinstance(field, Field) else {}
        return {name: _typed(item, parts[name]) for name, item in value.items()}
    if isinstance(value, Decimal):
        # Among texts a whole number stays one; among decimals every number is a decimal.
        return value if field.kind is Kind.DECIMAL or not _is_whole(value) else int(value)
    return value


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()
