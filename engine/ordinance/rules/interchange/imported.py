"""A foreign table as a rule set of ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias, cast

from ordinance.rules.deciding.answer import Answer
from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.deciding.outcomes import plain_outcome
from ordinance.rules.decision import Decision, Plain
from ordinance.rules.explaining.explanation import Explanation
from ordinance.rules.facts import Facts
from ordinance.rules.interchange.files import one_line
from ordinance.rules.interchange.names import theirs
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Hit, Merge
from ordinance.rules.problem import FactError, Problem
from ordinance.rules.refusal import KIND_WORDS
from ordinance.rules.rulebook import Ruleset
from ordinance.rules.tree import (
    Comparator,
    FactRef,
    Outcome,
    OutcomeValue,
    ParamRef,
    Rule,
    RuleSet,
    Test,
)

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

_OF_TEXTS_AND_LISTS = frozenset(
    {
        Comparator.CONTAINS,
        Comparator.CONTAINS_ANY,
        Comparator.CONTAINS_ALL,
        Comparator.CONTAINS_NONE,
        Comparator.MISSING,
    }
)

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
class Frame:
    """How a foreign engine feeds a table and hands on what it says."""

    input_field: str = ""
    """The part of the input that the names in the table are relative to; empty for all of it."""
    looped: bool = False
    """Whether that part is a list, of which each item is decided by itself."""
    passes_on: bool = False
    """Whether the input goes into the output as well."""
    output_path: tuple[str, ...] = ()
    """Under which names the output stands."""


PLAIN = Frame()
"""The whole input in, the output as it is out."""


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
    nulls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The fields that a rule sets to nothing, by its id; here it leaves them out."""
    frame: Frame = PLAIN

    def output(self, decision: Decision) -> Json:
        """What the foreign engine gives for the rules that fired: nested by the dots of names,
        numbers as numbers; for `collect` a list with one entry for each rule.

        A field that is added up, or of which the least or the most counts, has that one value.
        None where the decision was not settled by the rules or by their absence, and, where it is
        not known of every rule whether it fired, for a `collect`, below an `output_path` or with
        fields of `nulls`.
        """
        tree = self.ruleset.tree
        if decision.settled_by not in ("rules", "otherwise"):
            return None
        told_apart = self.nulls or self.frame.output_path or tree.hit is Hit.COLLECT
        if decision.unknown and told_apart:
            # There a row that says nothing is not the same as no row at all.
            return None
        rules = {rule.id: rule for rule in tree.rules}
        said = [rules[id] for id in decision.fired]
        if tree.hit is Hit.COLLECT:
            if any(field.merge is not Merge.LIST for field in tree.point.fields):
                return {name: _number(value) for name, value in decision.outcome.items()}
            found: list[Json] = [self._entry(rule) for rule in said]
            if not said and tree.otherwise:
                found = [_nested(self._spoken(tree.otherwise))]
            return self._placed(found)
        if not said and decision.settled_by == "rules":
            # Several rules that say the same may have fired; any of them tells what it is.
            said = [rule for rule in tree.rules if self._comes_to(rule.then, decision)]
        if said:
            entries = [self._entry(rule) for rule in said]
            # To Python 0 and False are the same; to the foreign engine they are not.
            alike = {json.dumps(entry, sort_keys=True) for entry in entries}
            return self._placed(entries[0]) if len(alike) == 1 else None
        if tree.otherwise:
            return self._placed(_nested(self._spoken(tree.otherwise)))
        return self._placed(None)

    def _entry(self, rule: Rule) -> dict[str, Json]:
        """What one rule says, its fields in the order of the columns."""
        spoken = self._spoken(rule.then)
        spoken.update((name, None) for name in self.nulls.get(rule.id, ()))
        order = [item.name for item in self.ruleset.point.fields if item.name in spoken]
        return _nested({name: spoken[name] for name in order})

    def _spoken(self, then: Outcome) -> dict[str, Json]:
        collected = self.ruleset.tree.hit is Hit.COLLECT
        many = {item.name for item in self.ruleset.point.fields if item.many}
        # A list in a collected field of single values is wrapped once more, to stay one value.
        return {
            name: _json(
                value[0] if collected and isinstance(value, tuple) and name not in many else value
            )
            for name, value in then.items()
        }

    def _placed(self, found: Json) -> Json:
        for name in reversed(self.frame.output_path):
            found = {name: found}
        if isinstance(found, dict):
            # At the top nothing and an absent field are the same.
            return {name: item for name, item in found.items() if item is not None}
        return {} if found is None else found

    def _comes_to(self, then: Outcome, decision: Decision) -> bool:
        fields = {item.name: item for item in self.ruleset.point.fields}
        plain = {}
        for name, value in then.items():
            if isinstance(value, ParamRef):
                return False
            many = fields[name].many and not isinstance(value, tuple)
            plain[theirs(name)] = plain_outcome((value,) if many else value)
        return plain == decision.outcome


class ImportedRuleset(Ruleset):
    """Rules of a foreign table; they take facts by nested or by dotted names.

    Names that the table does not ask for are passed over, as the engines of such tables do.
    Dates without a zone are in UTC. A fact of which the table asks only what it contains may be
    given as a text or as a list of texts. `strict` refuses a text for a number or a truth value,
    where their engine would not take it for one.
    """

    def __init__(
        self,
        tree: RuleSet,
        *,
        source: str = "",
        file: str | None = None,
        strict: bool = False,
    ) -> None:
        super().__init__(tree, source=source, file=file)
        self._paths = {fact.name: tuple(theirs(fact.name).split(".")) for fact in tree.point.facts}
        self._valued = valued(tree.rules)
        self._renamed = {
            item.name: theirs(item.name)
            for item in tree.point.fields
            if item.name != theirs(item.name)
        }
        bare = (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN)
        self._bare = {
            fact.name: fact.kind
            for fact in tree.point.facts
            if strict and fact.name in self._valued and fact.kind in bare
        }
        self._either = _text_or_list(tree)
        self._of_lists: dict[frozenset[str], ImportedRuleset] = {}

    def decide(
        self, facts: Facts | Mapping[str, object], *, at: datetime | None = None
    ) -> Decision:
        """As `Ruleset.decide`; facts are given nested (`{"a": {"b": 1}}`) or dotted."""
        other = self._where_lists_are_given(facts)
        if other is not None:
            return other.decide(facts, at=at)
        return self._their_names(super().decide(facts, at=at))

    def ask(self, facts: Facts | Mapping[str, object], *, at: datetime | None = None) -> Answer:
        """As `Ruleset.ask`; facts are given as for `decide`."""
        other = self._where_lists_are_given(facts)
        if other is not None:
            return other.ask(facts, at=at)
        answer = super().ask(facts, at=at)
        return answer.renamed(self._renamed) if self._renamed else answer

    def explain(
        self,
        decision: Decision,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
    ) -> Explanation:
        """As `Ruleset.explain`."""
        other = self._where_lists_are_given(facts)
        if other is not None:
            return other.explain(decision, facts, at=at)
        back = {name: name_here for name_here, name in self._renamed.items()}
        outcome = {back.get(name, name): value for name, value in decision.outcome.items()}
        return super().explain(replace(decision, outcome=outcome), facts, at=at)

    def _where_lists_are_given(self, facts: Facts | Mapping[str, object]) -> ImportedRuleset | None:
        """The same rules about lists, where lists are given for texts."""
        if isinstance(facts, Facts):
            return None
        given = {name: _values_at(facts, self._paths[name]) for name in self._either}
        lists = frozenset(name for name, found in given.items() if _is_list(found))
        if not lists:
            return None
        if lists not in self._of_lists:
            about = tuple(
                replace(fact, kind=Kind.TAGS) if fact.name in lists else fact
                for fact in self.point.facts
            )
            tree = replace(self.tree, point=replace(self.point, facts=about))
            self._of_lists[lists] = ImportedRuleset(
                tree, source=self.source, file=self.file, strict=bool(self._bare)
            )
        return self._of_lists[lists]

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
                if isinstance(flat[name], str) and name in self._bare:
                    problems.append(_quoted(theirs(name), found[0], self._bare[name]))
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


def _quoted(name: str, value: object, kind: Kind) -> Problem:
    what = f"`{name}` is the text `{one_line(str(value))}`, not {KIND_WORDS[kind]}"
    return Problem("E_TYPE", what, help="give it without quotes")


def _is_list(found: list[object]) -> bool:
    return any(isinstance(value, list | tuple | set | frozenset) for value in found)


def _text_or_list(tree: RuleSet) -> frozenset[str]:
    """The texts of which the rules ask only what they contain."""
    tests = [test for rule in tree.rules for test in tests_in(rule.when) if isinstance(test, Test)]
    other = {test.fact for test in tests if test.comparator not in _OF_TEXTS_AND_LISTS}
    asked = valued(tree.rules) - other
    return frozenset(
        fact.name for fact in tree.point.facts if fact.kind is Kind.TEXT and fact.name in asked
    )


def _nested(spoken: Mapping[str, Json]) -> dict[str, Json]:
    """The values under the dots of their names; a value that is no record takes in no part."""
    nested: dict[str, Json] = {}
    for name, value in spoken.items():
        *above, last = theirs(name).split(".")
        branch: Json = nested
        for part in above:
            branch = branch.setdefault(part, {}) if isinstance(branch, dict) else None
        if isinstance(branch, dict):
            branch[last] = value
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
