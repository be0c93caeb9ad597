"""Conditions and values as FEEL."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.rules.interchange.feel.literals import written
from ordinance.rules.interchange.feel.meaning import TEXT_CALLS
from ordinance.rules.interchange.feel.tokens import is_odd, is_plain
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.truth import OPPOSITES, ORDERINGS, every, needs
from ordinance.rules.interchange.written import Source, Unwritable
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    NotOf,
    Test,
)

FEEL = "feel"
"""The name of the language."""

_SIGNS = {comparator: sign for sign, comparator in ORDERINGS.items()}
_CALLS = {comparator: name for name, comparator in TEXT_CALLS.items()}
_SEVERAL = {
    Comparator.CONTAINS_ANY: (" or ", ""),
    Comparator.CONTAINS_ALL: (" and ", ""),
    Comparator.CONTAINS_NONE: (" and ", "not"),
    Comparator.CONTAINS: (" and ", ""),
    Comparator.STARTS_WITH: (" or ", ""),
    Comparator.ENDS_WITH: (" or ", ""),
    Comparator.MATCHES: (" or ", ""),
}
"""How the answers for several texts are joined, and whether each one is turned round."""

_NONE = frozenset[str]()


class Writer:
    """Writes the conditions of one rule set.

    An expression that a row of ours takes for false where a fact is absent may be `null` there.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def language(self) -> str:
        return FEEL

    def literal(self, value: Value) -> str:
        """The value of an outcome."""
        text = written(value)
        if text is None:
            raise Unwritable("a set of tags has no counterpart")
        return text

    def path(self, fact: str) -> str:
        """A fact as a qualified name. Raises `Unwritable`."""
        if fact in self._source.originals:
            raise Unwritable(f"`{fact}` stands for something that was not translated")
        name = theirs(fact)
        first, *others = name.split(".")
        declared = is_odd(first) and not others and " ".join(first.split()) == first
        if not declared and not all(map(is_plain, (first, *others))):
            raise Unwritable(f"`{name}` is no name that the format can read")
        return name

    def cell(self, parts: Sequence[Condition], fact: str) -> str | None:
        """The conditions, all about one fact, as a cell of its column."""
        condition = every(tuple(parts))
        tests = self._tests(condition)
        if tests is not None:
            return tests
        if not isinstance(condition, AllOf | AnyOf | NotOf | Test):
            return None
        text = self._expression(condition, "?")
        guarded = isinstance(condition, AllOf) and fact in map(_present, condition.items)
        if guarded or fact not in needs(condition):
            return text
        # Engines disagree about a test with `?` that is `null`, so it is made false.
        joined = f"({text})" if isinstance(condition, AnyOf) else text
        return f"? != null and {joined}"

    def expression(self, condition: Condition) -> str:
        """The condition as a whole expression."""
        return self._expression(condition, None)

    def _tests(self, condition: Condition) -> str | None:
        """The condition as tests that do not need `?`; None where there are none."""
        match condition:
            case Test(_, Comparator.MISSING, (Given(False),)):
                return "not(null)"
            case NotOf(Test(fact) as test):
                values = self._equal(test, fact)
                return None if values is None else f"not({', '.join(values)})"
            case AllOf((one, two)):
                for there, denied in ((one, two), (two, one)):
                    if _present(there) and isinstance(denied, NotOf):
                        values = self._equal(denied.item, _present(there))
                        return None if values is None else f"not(null, {', '.join(values)})"
        items = condition.items if isinstance(condition, AnyOf) else (condition,)
        found = [self._simple(item) for item in items]
        listed = [text for text in found if text is not None]
        return ", ".join(listed) if listed and len(listed) == len(found) else None

    def _equal(self, condition: Condition, fact: str) -> list[str] | None:
        """The values of a test whether the fact is one of them."""
        match condition:
            case Test(name, Comparator.IS | Comparator.ONE_OF) if name == fact:
                return self._values(condition)
        return None

    def _simple(self, condition: Condition) -> str | None:
        """One test, or a list of values."""
        match condition:
            case Test(_, Comparator.MISSING, (Given(True),)):
                return "null"
            case Test(_, Comparator.IS | Comparator.ONE_OF):
                values = self._values(condition)
                return None if values is None else ", ".join(values)
            case Test(_, comparator) if comparator in _SIGNS or comparator is Comparator.BETWEEN:
                values = self._values(condition)
                if values is None:
                    return None
                if comparator is Comparator.BETWEEN:
                    return f"[{values[0]}..{values[1]})"
                return f"{_SIGNS[comparator]} {values[0]}"
            case AllOf((Test() as first, Test() as second)):
                return self._interval(first, second) or self._interval(second, first)
        return None

    def _interval(self, low: Test, high: Test) -> str | None:
        """Two bounds as an interval; None where reading it again would give something else."""
        lows, highs = self._values(low), self._values(high)
        if lows is None or highs is None or len(lows) != 1 or len(highs) != 1:
            return None
        opening = {Comparator.AT_LEAST: "[", Comparator.ABOVE: "("}.get(low.comparator)
        closing = {Comparator.AT_MOST: "]", Comparator.BELOW: ")"}.get(high.comparator)
        if opening is None or closing is None or (opening, closing) == ("[", ")"):
            return None
        if not _in_order(low, high):
            return None
        return f"{opening}{lows[0]}..{highs[0]}{closing}"

    def _expression(self, condition: Condition, column: str | None) -> str:
        """The condition with `column` for the name of its fact, where it has one."""
        match condition:
            case AllOf(()):
                return "true"
            case AnyOf(()):
                return "false"
            case Test():
                return self._test(condition, column)
            case NotOf(Test() as test):
                return self._denied(test, column, _NONE)
            case AllOf(items):
                there = needs(condition)
                return " and ".join(self._part(item, column, there) for item in items)
            case AnyOf(items):
                return " or ".join(self._part(item, column, _NONE) for item in items)
        raise Unwritable("it is nested in a way that the format does not know")

    def _part(self, condition: Condition, column: str | None, there: frozenset[str]) -> str:
        if isinstance(condition, NotOf) and isinstance(condition.item, Test):
            return self._denied(condition.item, column, there)
        text = self._expression(condition, column)
        # Some engines read `a in [1..2] and b` as `a in ([1..2] and b)`.
        bare = isinstance(condition, Test) and (" in " not in text or text.startswith("("))
        return text if bare else f"({text})"

    def _denied(self, test: Test, column: str | None, there: frozenset[str]) -> str:
        """What is true where the test is not, so also where a fact in it is absent, unless it is
        known to be there."""
        if test.comparator is Comparator.IS and all(isinstance(o, Given) for o in test.operands):
            return f"{self._name(test, column)} != {self._operands(test)[0]}"
        text = f"not({self._test(test, column)})"
        if test.comparator is Comparator.ONE_OF:
            return text
        if test.comparator in OPPOSITES and test.comparator in _SIGNS:
            opposite = Test(test.fact, OPPOSITES[test.comparator], test.operands, test.place)
            text = self._test(opposite, column)
        names = dict.fromkeys(
            (test.fact, *(o.name for o in test.operands if isinstance(o, FactRef)))
        )
        absent = [
            f"{self._name(test, column) if name == test.fact else self.path(name)} = null"
            for name in names
            if name not in there
        ]
        return f"({' or '.join([*absent, text])})" if absent else text

    def _test(self, test: Test, column: str | None) -> str:
        name, comparator = self._name(test, column), test.comparator
        if comparator is Comparator.MISSING:
            return f"{name} {'=' if test.operands == (Given(True),) else '!='} null"
        values = self._operands(test)
        if comparator is Comparator.IS:
            other = next((o for o in test.operands if isinstance(o, FactRef)), None)
            return f"{name} = {values[0]}" if other is None else self._same(name, values[0])
        if comparator is Comparator.ONE_OF:
            return f"{name} in ({', '.join(values)})"
        if comparator in _SIGNS:
            return f"{name} {_SIGNS[comparator]} {values[0]}"
        if comparator is Comparator.BETWEEN:
            return f"{name} in [{values[0]}..{values[1]})"
        if comparator not in _SEVERAL:
            raise Unwritable(f"`{comparator}` has no counterpart")
        joint, denied = _SEVERAL[comparator]
        call = _CALLS.get(comparator, "contains")
        if self._source.kind(test.fact) is Kind.TAGS:
            call = "list contains"
        texts = [f"{call}({name}, {value})" for value in values]
        texts = [f"not({text})" for text in texts] if denied else texts
        return texts[0] if len(texts) == 1 else f"({joint.join(texts)})"

    def _same(self, name: str, other: str) -> str:
        # Two absent facts are equal in FEEL.
        return f"({name} != null and {name} = {other})"

    def _name(self, test: Test, column: str | None) -> str:
        return self.path(test.fact) if column is None else column

    def _values(self, test: Test) -> list[str] | None:
        """The operands, where all of them are values."""
        given = all(isinstance(operand, Given) for operand in test.operands)
        return self._operands(test) if given else None

    def _operands(self, test: Test) -> list[str]:
        return [
            self.path(operand.name) if isinstance(operand, FactRef) else self.literal(operand.value)
            for operand in test.operands
            if isinstance(operand, FactRef | Given)
        ]


def _present(condition: Condition) -> str:
    """The fact that a condition says is there; empty for every other one."""
    match condition:
        case Test(fact, Comparator.MISSING, (Given(False),)):
            return fact
    return ""


def _in_order(low: Test, high: Test) -> bool:
    """Whether an interval between the two is none that engines disagree about."""
    match low.operands, high.operands:
        case ((Given(first),), (Given(last),)):
            return bool(first <= last)  # type: ignore[operator]
    return False
