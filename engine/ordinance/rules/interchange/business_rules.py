"""Rule lists of the package `business-rules` to rule sets."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ordinance.rules.interchange.assembly import assembled
from ordinance.rules.interchange.draft import Absence, Clause, Draft, Group, Result, Row
from ordinance.rules.interchange.draft import Given as Value
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.files import (
    distinct,
    one_line,
    read_json,
    read_json_list,
    refuse,
)
from ordinance.rules.interchange.imported import Imported
from ordinance.rules.interchange.names import ours
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.interchange.variables.operators import OPERATORS, Comparison, Meaning, number
from ordinance.rules.interchange.variables.shape import (
    Action,
    Leaf,
    ListedRule,
    Nest,
    Nested,
    Shape,
    json_text,
)
from ordinance.rules.interchange.variables.types import (
    KINDS,
    RuleData,
    Use,
    Variable,
    inferred,
    rule_data,
)
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Hit, Missing
from ordinance.rules.problem import RuleFileError
from ordinance.rules.tree import NotOf, Place

FORMAT = "business-rules"

ABSENCES = {
    Kind.TEXT: Absence(Missing.DEFAULT, ""),
    **dict.fromkeys((Kind.DECIMAL, Kind.BOOLEAN, Kind.TAGS), Absence(Missing.UNKNOWN)),
}
"""What None is there: the empty text for a string, and a failure for every other variable."""


def read_business_rules(
    path: str | Path,
    declared: str | Path | Mapping[str, Any] | None = None,
    *,
    stop_on_first_trigger: bool = False,
) -> list[Imported]:
    """The rule list of a JSON file as one rule set, named by the file.

    `declared` is the document of `export_rule_data` for its variables and actions, or the path of
    one; without it the types of the variables are told from their operators and values.
    `stop_on_first_trigger` is what `run_all` is called with: then the first true rule decides,
    else every true rule is collected. Each call of an action is one item of an outcome field of
    its name. A condition or action that was not translated is listed in `untranslated`. Raises
    `RuleFileError` with everything that makes the file no rule list.
    """
    file = str(path)
    items = read_json_list(path)
    if items is None:
        refuse(file, "this is no rule list", "a rule list is a JSON list of rules")
    shape = Shape(file)
    rules = shape.rules(items)
    if shape.problems:
        raise RuleFileError(shape.problems)
    hit = Hit.FIRST if stop_on_first_trigger else Hit.COLLECT
    draft = Draft(Path(path).stem, FORMAT, hit, Place(file, 1, 1), repeats=True, absences=ABSENCES)
    _Reader(draft, rules, _declared(declared)).read()
    return [assembled(draft)]


class _Reader:
    """Fills a draft from the rules of one list."""

    def __init__(self, draft: Draft, rules: list[ListedRule], data: RuleData | None) -> None:
        self._draft = draft
        self._rules = rules
        self._data = data
        self._variables = data.variables if data else _inferred(rules)

    def read(self) -> None:
        """Adds every rule."""
        draft = self._draft
        ids = distinct([rule.id for rule in self._rules], "rule ")
        for id, rule in zip(ids, self._rules, strict=True):
            place = Place(draft.place.file, rule.line, 1)
            draft.rows.append(
                Row(
                    id,
                    place,
                    (self._group(rule.conditions, place),),
                    tuple(self._result(action, place) for action in rule.actions),
                    Words(rule.note, rule.note) if rule.note else None,
                )
            )
        called = dict.fromkeys(action.name for rule in self._rules for action in rule.actions)
        draft.fields = list(called)
        draft.warnings.extend(
            f"action `{name}`: it is called there; here it is a field of the outcome, and nothing "
            "is called"
            for name in called
        )

    def _group(self, nest: Nest, place: Place) -> Group:
        return Group(nest.all, tuple(self._item(item, place) for item in nest.items))

    def _item(self, item: Nested, place: Place) -> Clause | Group:
        if isinstance(item, Nest):
            return self._group(item, place)
        where = _where(item.pointer, place, f"{item.name} {item.operator}", item.value)
        fact, text = ours(item.name), json_text(item.written)
        try:
            variable, meaning = self._meaning(item, fact, place)
        except Untranslatable as error:
            return Clause(where, item.name, text, _failing(error))
        if meaning.difference:
            self._draft.warnings.append(f"{where}: {meaning.difference}")

        def read(evidence: Evidence) -> Truth:
            if variable.type is not None:
                evidence.expect(fact, KINDS[variable.type])
            return Truth(meaning.condition, NotOf(meaning.condition))

        return Clause(where, item.name, text, read)

    def _meaning(self, leaf: Leaf, fact: str, place: Place) -> tuple[Variable, Meaning]:
        if not any(leaf.operator in known for known in OPERATORS.values()):
            raise Untranslatable(f"`{leaf.operator}` is no operator{_meant(leaf.operator)}")
        variable = self._variables.get(leaf.name)
        if variable is None:
            raise Untranslatable("the document of `export_rule_data` has no such variable")
        if variable.type is None:
            raise Untranslatable(variable.doubt)
        translate = OPERATORS[variable.type].get(leaf.operator)
        if translate is None:
            raise Untranslatable(
                f"a `{variable.type}` variable has no operator `{leaf.operator}`; there it fails"
            )
        asked = Comparison(fact, leaf.value, variable.options, place)
        return variable, translate(asked)

    def _result(self, action: Action, place: Place) -> Result:
        where = _where(action.pointer, place, action.name, action.params)

        def read() -> Value | None:
            if self._data is not None:
                _check_call(action, self._data)
            return {name: _value(value) for name, value in action.params.items()}

        return Result(where, action.name, json_text(action.written), read)


def _declared(given: str | Path | Mapping[str, Any] | None) -> RuleData | None:
    if given is None:
        return None
    file = "declared" if isinstance(given, Mapping) else str(given)
    document = given if isinstance(given, Mapping) else read_json(given)
    try:
        if not isinstance(document, Mapping):
            raise ValueError("it is no object")
        return rule_data(document)
    except ValueError as error:
        refuse(file, f"this is no document of `export_rule_data`: {error}")


def _inferred(rules: list[ListedRule]) -> dict[str, Variable]:
    uses: dict[str, list[Use]] = {}
    for rule in rules:
        for leaf in rule.conditions.leaves():
            uses.setdefault(leaf.name, []).append(Use(leaf.operator, leaf.value))
    return {name: inferred(OPERATORS, found) for name, found in uses.items()}


def _check_call(action: Action, data: RuleData) -> None:
    params = data.actions.get(action.name)
    if params is None:
        raise Untranslatable("the document of `export_rule_data` has no such action")
    others = [name for name in action.params if name not in params]
    if others:
        raise Untranslatable(f"the action has no parameter `{others[0]}`; there it fails")


def _value(value: object) -> Value:
    """The value of a parameter. Raises `Untranslatable`."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, str | bool):
        return value
    if isinstance(value, list):
        if any(isinstance(item, list | dict) for item in value):
            raise Untranslatable("a parameter holds a list within a list, or an object")
        return tuple(_value(item) for item in value)
    raise Untranslatable("a parameter holds an object, or nothing (`null`)")


def _where(pointer: str, place: Place, what: str, value: object) -> str:
    return f"line {place.line}, {pointer}: {one_line(f'{what} {json_text(value)}')}"


def _meant(operator: str) -> str:
    known = [name for names in OPERATORS.values() for name in names]
    close = difflib.get_close_matches(operator[:80], known, 1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _failing(error: Untranslatable) -> Any:
    def read(evidence: Evidence) -> Truth:
        raise error

    return read
