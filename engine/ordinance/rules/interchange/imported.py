"""A foreign table as a rule set of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias, cast

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.deciding.outcomes import plain_outcome
from ordinance.rules.decision import Decision, Plain
from ordinance.rules.explaining.explanation import Explanation
from ordinance.rules.facts import Facts
from ordinance.rules.interchange.names import theirs
from ordinance.rules.point import Hit, Merge
from ordinance.rules.problem import FactError, Problem
from ordinance.rules.rulebook import Ruleset
from ordinance.rules.tree import Comparator, FactRef, Outcome, OutcomeValue, Rule, RuleSet, Test

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

THERE = "present"
"""What stands for the value of a fact of which the table asks only whether it is there."""


class Untranslated(NamedTuple):
    """A cell that was not translated."""

    cell: str
    """Where it stands and what it says."""
    reason: str


@dataclass(frozen=True, slots=True)
class Original:
    """The text of something that was not translated, so that it can be written back."""

    format: str
    column: str
    """The field of its column; empty for a column without one."""
    text: str
    """Empty for a column that calculates: then `column` says what."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A foreign table, its rules, and what was lost on the way.

    A condition that was not translated is a fact of its own that is unknown unless it is given,
    an outcome that was not translated is a parameter without a value: a decision that hangs on
    either is settled by `unknown`.
    """

    name: str
    ruleset: Ruleset
    untranslated: tuple[Untranslated, ...] = ()
    warnings: tuple[str, ...] = ()
    originals: Mapping[str, Original] = field(default_factory=dict)
    """By the names of the facts and parameters that stand for what was not translated."""

    def output(self, decision: Decision) -> Json:
        """What the foreign engine gives for the rules that fired: nested by the dots of names,
        numbers as numbers; for `collect` a list with one entry for each rule.

        A field that is added up, or of which the least or the most counts, has that one value. None
        where the decision was not settled by the rules or by their absence, and for a `collect`
        where it is not known of every rule whether it fired.
        """
        tree = self.ruleset.tree
        if decision.settled_by not in ("rules", "otherwise"):
            return None
        rules = {rule.id: rule.then for rule in tree.rules}
        said = [rules[id] for id in decision.fired]
        if tree.hit is Hit.COLLECT:
            if decision.unknown:
                return None
            if any(field.merge is not Merge.LIST for field in tree.point.fields):
                return {name: _number(value) for name, value in decision.outcome.items()}
            said = said or [then for then in (tree.otherwise,) if then]
            return [self._collected(then) for then in said]
        if not said and decision.settled_by == "rules":
            # Several rules that say the same may have fired; any of them tells what it is.
            said = [then for then in rules.values() if self._comes_to(then, decision)]
        return _nested(said[0] if said else tree.otherwise or {})

    def _collected(self, then: Outcome) -> Json:
        """What one rule adds to a `collect`."""
        many = {item.name for item in self.ruleset.point.fields if item.many}
        # A list in a field of single values is wrapped once more, to stay one value.
        return _nested(
            {
                name: value[0] if isinstance(value, tuple) and name not in many else value
                for name, value in then.items()
            }
        )

    def _comes_to(self, then: Outcome, decision: Decision) -> bool:
        fields = {item.name: item for item in self.ruleset.point.fields}
        plain = {}
        for name, value in then.items():
            many = fields[name].many and not isinstance(value, tuple)
            plain[theirs(name)] = plain_outcome((value,) if many else value)
        return plain == decision.outcome


class ImportedRuleset(Ruleset):
    """Rules of a foreign table; they take facts by nested or by dotted names.

    Names that the table does not ask for are passed over, as the engines of such tables do.
    Dates without a zone are in UTC.
    """

    def __init__(self, tree: RuleSet, *, source: str = "", file: str | None = None) -> None:
        super().__init__(tree, source=source, file=file)
        self._paths = {fact.name: tuple(theirs(fact.name).split(".")) for fact in tree.point.facts}
        self._valued = valued(tree.rules)
        self._renamed = {
            item.name: theirs(item.name)
            for item in tree.point.fields
            if item.name != theirs(item.name)
        }

    def decide(
        self, facts: Facts | Mapping[str, object], *, at: datetime | None = None
    ) -> Decision:
        """As `Ruleset.decide`; facts are given nested (`{"a": {"b": 1}}`) or dotted."""
        return self._their_names(super().decide(facts, at=at))

    def explain(
        self,
        decision: Decision,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
    ) -> Explanation:
        """As `Ruleset.explain`."""
        back = {name: name_here for name_here, name in self._renamed.items()}
        outcome = {back.get(name, name): value for name, value in decision.outcome.items()}
        return super().explain(replace(decision, outcome=outcome), facts, at=at)

    def _facts(self, facts: Facts | Mapping[str, object], at: datetime | None) -> Facts:
        if isinstance(facts, Facts):
            return facts
        zone = UTC if at is None else at.tzinfo
        return Facts.read(self._flat(facts), self._decider.vocabulary, zone=zone)

    def _flat(self, given: Mapping[str, object]) -> dict[str, object]:
        flat: dict[str, object] = {}
        problems = []
        for name, path in self._paths.items():
            found = _values_at(given, path)
            if len(found) > 1:
                what = f"`{theirs(name)}` is given twice, nested and by its dotted name"
                problems.append(Problem("E_DUPLICATE", what))
            if found:
                flat[name] = found[0] if name in self._valued else THERE
        if problems:
            raise FactError(problems)
        return flat

    def _their_names(self, decision: Decision) -> Decision:
        if not self._renamed:
            return decision
        outcome = {self._renamed.get(name, name): item for name, item in decision.outcome.items()}
        return replace(decision, outcome=outcome)


def _values_at(given: Mapping[str, object], path: tuple[str, ...]) -> list[object]:
    """Every value under the path, whichever of its dots are levels; None is no value."""
    found: list[object] = []
    for length in range(1, len(path) + 1):
        value = given.get(".".join(path[:length]))
        if value is None:
            continue
        if length == len(path):
            found.append(value)
        elif isinstance(value, Mapping):
            found.extend(_values_at(value, path[length:]))
    return found


def valued(rules: Iterable[Rule]) -> frozenset[str]:
    """The facts whose value decides something, not their presence alone."""
    names: set[str] = set()
    for rule in rules:
        for test in tests_in(rule.when):
            if isinstance(test, Test) and test.comparator is not Comparator.MISSING:
                names.add(test.fact)
            names.update(operand.name for operand in test.operands if isinstance(operand, FactRef))
    return frozenset(names)


def _nested(then: Mapping[str, OutcomeValue]) -> Json:
    nested: dict[str, Json] = {}
    for name, value in then.items():
        *above, last = theirs(name).split(".")
        branch = nested
        for part in above:
            inner = branch.setdefault(part, {})
            if not isinstance(inner, dict):
                inner = branch[part] = {}
            branch = inner
        branch[last] = _json(value)
    return nested


def _number(value: Plain) -> Json:
    return _json(Decimal(value)) if isinstance(value, str | int) else None


def _json(value: OutcomeValue) -> Json:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return cast(Json, plain_outcome(value))
