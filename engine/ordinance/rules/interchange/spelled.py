"""Conditions and outcomes of a foreign table in the words and the layout of a rule file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ordinance.rules.interchange.glossary import Dictionary, Word
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.layout.flow import Bare, Written
from ordinance.rules.scalar import plain
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    NotOf,
    Operand,
    Outcome,
    OutcomeValue,
    Test,
)
from ordinance.rules.words import MANY_OPERANDS

_LOWER = (Comparator.AT_LEAST, Comparator.ABOVE)
_UPPER = (Comparator.AT_MOST, Comparator.BELOW)


class Speller:
    """Spells the rules of one table by a dictionary, which notes what it does not know."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary

    def when(self, condition: Condition) -> Written:
        """What stands under `when`."""
        return "always" if condition == AllOf(()) else self._map(condition)

    def then(self, outcome: Outcome) -> dict[str, Written]:
        """What stands under `then`."""
        said: dict[str, Written] = {}
        for name, value in outcome.items():
            part = self._dictionary.part(name)
            if part is None:
                continue
            field, argument = part
            if argument is None:
                said[field.name] = self._value(name, value, field)
            else:
                record = said.setdefault(field.name, {})
                assert isinstance(record, dict)
                record[argument.name] = self._value(name, value, argument)
        return said

    def _map(self, condition: Condition) -> dict[str, Written]:
        match condition:
            case Test():
                return self._test(condition)
            case NotOf(item):
                return {"not": self._map(item)}
            case AnyOf(items):
                return {"any": [self._map(item) for item in items]}
            case AllOf(items):
                return _together(self._map(item) for item in items)
        raise TypeError(f"no foreign table says {condition}")

    def _test(self, test: Test) -> dict[str, Written]:
        fact = self._dictionary.fact(test.fact)
        if fact is None:
            return {}
        said = [self._operand(test, operand, fact) for operand in test.operands]
        match test.comparator:
            case Comparator.IS if not isinstance(test.operands[0], FactRef):
                return {fact.name: said[0]}
            case Comparator.ONE_OF:
                return {fact.name: said}
            case Comparator.BETWEEN:
                return {fact.name: {"between": {"from": said[0], "to": said[1]}}}
        many = test.comparator in MANY_OPERANDS
        return {fact.name: {test.comparator.value: said if many else said[0]}}

    def _operand(self, test: Test, operand: Operand, word: Word) -> str:
        if isinstance(operand, FactRef):
            other = self._dictionary.fact(operand.name)
            return f"${other.name}" if other is not None else ""
        assert isinstance(operand, Given)
        if test.comparator is Comparator.MISSING:
            return _text(operand.value, word)
        return self._scalar(test.fact, operand.value, word)

    def _value(self, name: str, value: OutcomeValue, word: Word) -> Written:
        if isinstance(value, tuple):
            return [self._value(name, item, word) for item in value]
        if isinstance(value, Mapping):
            return {key: _text(item, word) for key, item in value.items()}
        return self._scalar(name, value, word)

    def _scalar(self, name: str, value: OutcomeValue, word: Word) -> str:
        said = self._dictionary.value(name, word, _text(value, word))
        # A value that begins with `$` would be taken for a name.
        return f"${said}" if said.startswith("$") else said


def _together(maps: Iterable[dict[str, Written]]) -> dict[str, Written]:
    """Maps that must all hold as one map; what would stand twice in it goes under `all`."""
    whole: dict[str, Written] = {}
    apart: list[Written] = []
    for entry in maps:
        for key, item in entry.items():
            before = whole.get(key)
            if before is None:
                whole[key] = item
            elif isinstance(before, dict) and isinstance(item, dict) and _fit(key, before, item):
                whole[key] = {**before, **item}
            else:
                apart.append({key: item})
    return {**whole, "all": apart} if apart else whole


def _fit(key: str, first: Mapping[str, Written], second: Mapping[str, Written]) -> bool:
    """Whether two maps of comparators may be one: no comparator twice, no bounds reversed."""
    if key == "not" or first.keys() & second.keys():
        return False
    both = {**first, **second}
    lows = [_number(both[name]) for name in _LOWER if name in both]
    highs = [_number(both[name]) for name in _UPPER if name in both]
    return all(low is None or high is None or low < high for low in lows for high in highs)


def _number(text: Written) -> Decimal | None:
    try:
        return Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None


def _text(value: OutcomeValue, word: Word) -> str:
    if isinstance(value, bool):
        return Bare("true" if value else "false")
    if isinstance(value, datetime) and word.kind is Kind.DATE:
        day: Value = value.date() if value.timetz().replace(tzinfo=None) == _MIDNIGHT else value
        return str(plain(day))
    if isinstance(value, str | int | Decimal | date):
        return str(plain(value))
    return str(value)


_MIDNIGHT = datetime.min.time()
