"""Rule sets to rule lists of the package `business-rules`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ordinance.rules.interchange.business_rules import ABSENCES, FORMAT
from ordinance.rules.interchange.draft import Absence
from ordinance.rules.interchange.files import write_text
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.variables.shape import json_text
from ordinance.rules.interchange.variables.writing import Writer, json_of
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
from ordinance.rules.numeral import NUMBERS
from ordinance.rules.point import Fact, Hit, Missing
from ordinance.rules.tree import Comparator, Given, OutcomeValue, ParamRef, Rule, Test

_HITS = (Hit.COLLECT, Hit.FIRST)
_NO_KINDS = (Kind.TIME_OF_DAY, Kind.DURATION, Kind.REGION)
"""Kinds of facts that mean nothing there."""


def write_business_rules(items: Writable | Iterable[Writable], path: str | Path) -> Written:
    """Writes a rule set as a rule list: a condition for each test, an action for each outcome.

    A file holds one list. A rule set that no list says is left out and reported, and then nothing
    is written. `notes` tell what `run_all` takes otherwise, and how to call it.
    """
    lists: list[list[dict[str, Any]]] = []

    def write(source: Source) -> None:
        if lists:
            raise Unwritable("a file holds one rule list, and this is the second")
        if source.tree.otherwise is None:
            raise Unwritable("a list cannot fail for want of a true rule (`otherwise: error`)")
        writer = Writer(source)
        rules = (*source.tree.rules, *_otherwise(source))
        lists.append([_rule(source, rule, writer.written(rule)) for rule in rules])

    report = written_one_by_one(sources(items), _HITS, _NO_KINDS, write, _notes)
    for rules in lists:
        write_text(path, json_text(rules, indent=2) + "\n")
    return report


def _rule(source: Source, rule: Rule, conditions: dict[str, Any]) -> dict[str, Any]:
    """One rule; `business-rules` passes over its `id` and its `description`."""
    return {
        "id": rule.id,
        **({"description": rule.title.en} if rule.title else {}),
        "conditions": conditions if conditions.keys() & {"all", "any"} else {"all": [conditions]},
        "actions": [
            _call(source, name, item)
            for name, value in rule.then.items()
            for item in (value if isinstance(value, tuple) else (value,))
        ],
    }


def _otherwise(source: Source) -> list[Rule]:
    """What is said where no rule is true, as a last rule that always is.

    No condition of `business-rules` is always true but one: every text begins with the empty one.
    """
    tree = source.tree
    if not tree.otherwise:
        return []
    texts = [fact.name for fact in tree.point.facts if fact.kind is Kind.TEXT]
    if tree.hit is not Hit.FIRST or not texts:
        raise Unwritable("a list says nothing where no rule is true (`otherwise`)")
    always = Test(texts[0], Comparator.STARTS_WITH, (Given(""),), tree.place)
    return [Rule("otherwise", always, tree.otherwise, tree.place)]


def _call(source: Source, name: str, value: OutcomeValue) -> dict[str, Any]:
    if isinstance(value, ParamRef):
        return source.written_back(value.name, FORMAT)
    # The action of a field without arguments takes one, as in `vocabulary.py`.
    params = value if isinstance(value, Mapping) else {"value": value}
    return {
        "name": theirs(name),
        "params": {param: json_of(item) for param, item in params.items()},
    }


def _notes(source: Source) -> list[str]:
    """What `run_all` does otherwise with the written list."""
    notes = []
    if source.tree.hit is Hit.FIRST:
        notes.append("call `run_all` with `stop_on_first_trigger=True`")
    if source.tree.hit is Hit.COLLECT and not source.foreign:
        notes.append("each true rule calls its actions; nothing merges what several say")
    asked = {name for rule in source.tree.rules for name in facts_of(rule.when)}
    asked -= source.originals.keys()
    facts = [fact for fact in source.tree.point.facts if fact.name in asked]
    if any(fact.kind in NUMBERS for fact in facts):
        notes.append("numbers that differ by at most 0.000001 are equal there")
    if any(fact.kind in (Kind.TAGS, Kind.CHOICE) for fact in facts):
        notes.append("values of a list are the same there in upper and lower case")
    other = [fact.name for fact in facts if not _is_absent_alike(fact)]
    if other:
        names = ", ".join(f"`{name}`" for name in other)
        notes.append(f"an absent text is empty there, anything else absent fails: {names}")
    return [f"{source.name}: {note}" for note in notes]


def _is_absent_alike(fact: Fact) -> bool:
    """Whether the absence of the fact means what it means there, as far as it can."""
    absence = Absence(fact.missing, fact.default)
    return absence == ABSENCES.get(fact.kind, Absence(Missing.UNKNOWN)) or (
        fact.kind is not Kind.TEXT and fact.missing is Missing.ERROR
    )
