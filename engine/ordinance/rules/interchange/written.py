"""What becomes of rule sets that are written in a foreign format."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.interchange.imported import (
    PLAIN,
    Frame,
    Imported,
    ImportedRuleset,
    Original,
)
from ordinance.rules.interchange.truth import every, some
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Hit, Merge, Missing
from ordinance.rules.refusal import KIND_WORDS
from ordinance.rules.rulebook import Ruleset
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    ListRef,
    NotOf,
    ParamRef,
    Rule,
    RuleSet,
    SomeOf,
    Test,
)

Writable: TypeAlias = Imported | Ruleset
"""What the writers take: an imported table, or any rule set."""


class Unwritable(ValueError):
    """Something that a format cannot say; the message is the reason, `where` the place."""

    where = ""

    def at(self, where: str) -> Unwritable:
        """The same with its place, unless it has one."""
        self.where = self.where or where
        return self


class Unwritten(NamedTuple):
    """A table that was left out, and why."""

    table: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """The report of a writer. A table is written whole or not at all."""

    tables: tuple[str, ...]
    """The names of the tables in the file."""
    left_out: tuple[Unwritten, ...] = ()
    notes: tuple[str, ...] = ()
    """What the file means otherwise than the rules, though it was written."""


@dataclass(frozen=True, slots=True)
class Source:
    """A rule set to be written, with what is known of its foreign origin."""

    name: str
    tree: RuleSet
    originals: Mapping[str, Original]
    lost: bool
    """Whether it stands for something that was not translated at all."""
    foreign: bool
    """Whether it was read from a foreign file, and so has its names from there."""
    nulls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """See `Imported.nulls`."""
    frame: Frame = PLAIN

    def written_back(self, name: str, format: str) -> dict[str, Any]:
        """The JSON object that a fact or a parameter stands for. Raises `Unwritable`."""
        original = self.originals.get(name)
        if original is None:
            raise Unwritable(f"`${name}` has a name and a date; a list holds bare values")
        if original.format != format:
            raise Unwritable(f"`{original.text}` is not written in this format's language")
        found: dict[str, Any] = json.loads(original.text)
        return found

    def kind(self, fact: str) -> Kind:
        """The kind of a fact."""
        found = self.tree.point.fact(fact)
        return Kind.TEXT if found is None else found.kind


def sources(items: Writable | Iterable[Writable]) -> list[Source]:
    """The rule sets in `items`, one by one."""
    listed = [items] if isinstance(items, Imported | Ruleset) else list(items)
    found = []
    for item in listed:
        if isinstance(item, Imported):
            tree = item.ruleset.tree
            lost = not tree.rules and tree.otherwise is None and bool(item.untranslated)
            known = (item.originals, lost, True, item.nulls, item.frame)
            found.append(Source(item.name, tree, *known))
        else:
            foreign = isinstance(item, ImportedRuleset)
            found.append(Source(item.point.name, item.tree, {}, False, foreign))
    return found


def written_one_by_one(
    found: Iterable[Source],
    hits: Sequence[Hit],
    no_kinds: Collection[Kind],
    write: Callable[[Source], None],
    notes_on: Callable[[Source], list[str]] | None = None,
) -> Written:
    """Runs `write` for each source that the format may be able to say, and reports.

    The format has the hit policies `hits`, and no values for facts of `no_kinds`.

    `write` adds the table to the file that is being made; it raises `Unwritable` before it adds
    anything of a table that it cannot say. `notes_on` says what the file then means otherwise:
    by default that absent facts match nothing.
    """
    names: list[str] = []
    left_out: list[Unwritten] = []
    notes: list[str] = []
    for source in found:
        reasons = [
            Unwritten(source.name, *reason) for reason in _beyond_tables(source, hits, no_kinds)
        ]
        if not reasons:
            try:
                write(source)
                names.append(source.name)
                notes.extend((notes_on or _notes)(source))
            except Unwritable as error:
                reasons.append(Unwritten(source.name, error.where, str(error)))
        left_out.extend(reasons)
    return Written(tuple(names), tuple(left_out), tuple(notes))


def simple(condition: Condition) -> Condition:
    """The condition with `not` before single tests only, and `some` of one or of all unfolded.

    Raises `Unwritable` for what no table says: quantified lines, n of m.
    """
    match condition:
        case Test():
            return _given_only(condition)
        case AllOf(items):
            return every(tuple(simple(item) for item in items))
        case AnyOf(items):
            return some(tuple(simple(item) for item in items))
        case NotOf(item):
            return _denied(item)
        case SomeOf(at_least, items) if at_least in (1, len(items)):
            parts = tuple(simple(item) for item in items)
            return some(parts) if at_least == 1 else every(parts)
        case SomeOf():
            raise Unwritable("a table cannot count conditions (`some`)")
        case LineTest():
            raise Unwritable("a table cannot look at single lines")


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that must all be true."""
    return condition.items if isinstance(condition, AllOf) else (condition,)


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, each once."""
    names: dict[str, None] = {}
    for test in tests_in(condition):
        if isinstance(test, Test):
            names[test.fact] = None
        names.update((o.name, None) for o in test.operands if isinstance(o, FactRef))
    return tuple(names)


def fails(condition: Condition) -> frozenset[str]:
    """Facts for want of which a foreign engine fails at one of the tests."""
    names: set[str] = set()
    for test in tests_in(condition):
        if isinstance(test, Test) and test.comparator not in SAFE:
            names.add(test.fact)
            names.update(o.name for o in test.operands if isinstance(o, FactRef))
    return frozenset(names)


def is_denied(condition: Condition) -> bool:
    """Whether it denies a test that a foreign engine may fail at, where ours is then true."""
    match condition:
        case NotOf(Test(_, comparator)):
            return comparator not in SAFE
    return False


SAFE = frozenset({Comparator.IS, Comparator.ONE_OF, Comparator.MISSING})
"""Comparators that foreign engines apply to nothing without failing."""


def _given_only(test: Test) -> Condition:
    for operand in test.operands:
        if isinstance(operand, ParamRef | ListRef):
            raise Unwritable(f"`${operand.name}` has a name and a date; a table holds bare values")
    if test.comparator in (Comparator.IS_NOT, Comparator.NONE_OF):
        positive = {Comparator.IS_NOT: Comparator.IS, Comparator.NONE_OF: Comparator.ONE_OF}
        there = Test(test.fact, Comparator.MISSING, (Given(False),), test.place)
        denied = Test(test.fact, positive[test.comparator], test.operands, test.place)
        return every((there, NotOf(denied)))
    return test


def _denied(condition: Condition) -> Condition:
    match condition:
        case AllOf(items):
            return some(tuple(_denied(item) for item in items))
        case AnyOf(items):
            return every(tuple(_denied(item) for item in items))
        case NotOf(item):
            return simple(item)
        case Test(fact, Comparator.MISSING, (Given(bool(value)),), place):
            return Test(fact, Comparator.MISSING, (Given(not value),), place)
    plain = simple(condition)
    return NotOf(plain) if isinstance(plain, Test) else _denied(plain)


def _beyond_tables(
    source: Source, hits: Sequence[Hit], no_kinds: Collection[Kind]
) -> list[tuple[str, str]]:
    """What no decision table can say."""
    tree = source.tree
    if source.lost:
        return [("", "it was not translated when it was read")]
    reasons = []
    if tree.hit not in hits:
        known = ", ".join(f"`{hit}`" for hit in hits)
        reasons.append(("", f"the hit policy `{tree.hit}` is none of {known}"))
    if tree.effective is not None:
        reasons.append(("", "the set is in force for a time only (`effective`)"))
    if tree.most_specific is not None:
        reasons.append(("", "the most specific row wins (`most_specific`)"))
    reasons.extend(
        (f"rule {rule.id}", f"it has a `{name}`")
        for rule in tree.rules
        for name in ("group", "scope", "effective")
        if getattr(rule, name)
    )
    read = dict.fromkeys(name for rule in tree.rules for name in _read(rule))
    reasons.extend(
        (f"fact {name}", f"{KIND_WORDS[source.kind(name)]} means nothing there")
        for name in read
        if source.kind(name) in no_kinds
    )
    return reasons


def _read(rule: Rule) -> tuple[str, ...]:
    return facts_of(rule.when)


def _notes(source: Source) -> list[str]:
    fields = source.tree.point.fields
    merged = source.tree.hit is Hit.COLLECT and any(item.merge is not Merge.LIST for item in fields)
    what = f"{source.name}: what the true rows say is listed there, and merged here"
    return [*([what] if merged else []), *absent_notes(source)]


def absent_notes(source: Source) -> list[str]:
    """That absent facts match nothing in foreign tables, where they mean something else here."""
    asked = {name for rule in source.tree.rules for name in _read(rule)}
    names = [
        fact.name
        for fact in source.tree.point.facts
        if fact.missing is not Missing.NO_MATCH
        and fact.name in asked
        and fact.name not in source.originals
    ]
    if not names:
        return []
    listed = ", ".join(f"`{name}`" for name in names)
    return [f"{source.name}: a row does not match there where these are absent: {listed}"]
