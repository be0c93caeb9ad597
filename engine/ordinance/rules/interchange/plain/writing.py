"""Conditions and values as cells that people can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.plain.literals import Literals, written
from ordinance.rules.interchange.plain.meaning import Cells
from ordinance.rules.interchange.plain.spelling import (
    AND,
    COMPARING,
    MISSING,
    NOT,
    OR,
    PRESENT,
    SIGNS,
)
from ordinance.rules.interchange.plain.values import outcome
from ordinance.rules.interchange.truth import NEVER, OPPOSITES, needs
from ordinance.rules.interchange.written import Source, Unwritable
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.refusal import clip
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    Given,
    NotOf,
    Place,
    Test,
)

PLAIN = "plain"
"""The name of the language."""

Lang = Literal["en", "zh"]

_ORDERED = {SIGNS[sign]: sign for sign in (">=", ">", "<=", "<")}
_LIST = (Comparator.CONTAINS_ANY, Comparator.CONTAINS_ALL, Comparator.CONTAINS_NONE)
_LITERALS = Literals()
_NOWHERE = Place("", 1, 1)


class Writer:
    """Writes the conditions of one rule set, with the words of `lang`."""

    def __init__(self, source: Source, lang: Lang) -> None:
        self._source = source
        self._lang = lang

    @property
    def language(self) -> str:
        return PLAIN

    def path(self, fact: str) -> str:
        """A fact, as the head of a column names it. Raises `Unwritable`."""
        if fact in self._source.originals:
            raise Unwritable(f"`{fact}` stands for something that was not translated")
        return theirs(fact)

    def literal(self, value: Value) -> str:
        """The value of an outcome. Raises `Unwritable`."""
        if isinstance(value, frozenset):
            raise Unwritable("a set of tags has no counterpart")
        if not isinstance(value, str):
            return written(value, self._lang)
        try:
            if outcome(value, _LITERALS) == value:
                return value
        except Untranslatable:
            pass
        return _quoted(value)

    def expression(self, condition: Condition) -> str:
        """Raises `Unwritable`: a cell asks for one fact."""
        if condition == NEVER:
            raise Unwritable("a row that never fires has no counterpart")
        raise Unwritable("a condition joins several facts; a column is about one")

    def cell(self, parts: Sequence[Condition], fact: str) -> str | None:
        """The conditions, all about one fact, as a cell of its column."""
        if len(parts) == 1:
            return self._any(parts[0])
        return self._all(tuple(parts))

    def _any(self, condition: Condition) -> str:
        match condition:
            case AnyOf(items) if items:
                return f" {OR.get(self._lang)} ".join(map(self._any, items))
            case AllOf(items):
                return self._all(items)
        return self._term(condition, present=False)

    def _all(self, items: Sequence[Condition]) -> str:
        """Conditions that are all true: a denial says by itself that the fact is there."""
        asked = [item for item in items if _asks_presence(item)]
        terms = [item for item in items if not _asks_presence(item)]
        present = bool(needs(AllOf(tuple(items))))
        if asked and not any(isinstance(item, NotOf) for item in terms):
            terms.insert(0, asked[0])
        if sum(isinstance(item, Test) and item.comparator is Comparator.IS for item in terms) > 1:
            raise Unwritable("a row that never fires has no counterpart")
        texts = []
        for item in terms:
            alternatives = isinstance(item, AnyOf) and len(item.items) > 1
            denied = isinstance(item, NotOf) and not present
            text = self._any(item) if alternatives else self._term(item, present=present)
            joined = alternatives or (denied and len(terms) > 1)
            texts.append(f"({text})" if joined else text)
        return f" {AND.get(self._lang)} ".join(texts)

    def _term(self, condition: Condition, *, present: bool) -> str:
        """One condition; `present` where the fact is known to be there."""
        match condition:
            case Test(_, Comparator.MISSING, (Given(bool(missing)),)):
                return (MISSING if missing else PRESENT).get(self._lang)
            case Test():
                return self._test(condition)
            case NotOf(Test() as test):
                opposite = OPPOSITES.get(test.comparator)
                turned = (
                    f"{NOT.get(self._lang)} {self._test(test)}"
                    if opposite is None
                    else self._test(Test(test.fact, opposite, test.operands, test.place))
                )
                if present:
                    return turned
                return f"{MISSING.get(self._lang)} {OR.get(self._lang)} {turned}"
            case AllOf(items) if items:
                return f"({self._all(items)})"
        return self.expression(condition)

    def _test(self, test: Test) -> str:
        values = [self._value(operand.value, test.fact) for operand in _given(test)]
        if test.comparator is Comparator.IS:
            return values[0]
        if test.comparator is Comparator.ONE_OF:
            return ", ".join(values)
        if test.comparator is Comparator.BETWEEN:
            return f"[{values[0]}, {values[1]})"
        if test.comparator in _ORDERED:
            return f"{_ORDERED[test.comparator]} {values[0]}"
        word = COMPARING[test.comparator].get(self._lang)
        texts = [self._word(operand.value) for operand in _given(test)]
        if len(texts) > 1 and test.comparator not in _LIST:
            joint = OR if test.comparator is not Comparator.CONTAINS else AND
            raise Unwritable(f"several texts after `{word}` {joint.en[0]} one another")
        if test.comparator is Comparator.MATCHES:
            return f"{word} {_quoted(str(_given(test)[0].value))}"
        return f"{word} {', '.join(texts)}"

    def _word(self, value: Value) -> str:
        return self._text(str(value), Kind.TEXT)

    def _value(self, value: Value, fact: str) -> str:
        if isinstance(value, str):
            return self._text(value, self._source.kind(fact))
        return written(value, self._lang)

    def _text(self, value: str, kind: Kind) -> str:
        """A text without quotes where it is then read as itself, and with quotes elsewhere."""
        settled = Evidence({"": kind if kind is Kind.REGION else Kind.TEXT})
        try:
            found = Cells(settled, "", _NOWHERE, _LITERALS).condition(value)
        except Untranslatable:
            return _quoted(value)
        match found:
            case Test(_, Comparator.IS, (Given(same),)) if same == value:
                return value
        return _quoted(value)


def _asks_presence(condition: Condition) -> bool:
    match condition:
        case Test(_, Comparator.MISSING, (Given(False),)):
            return True
    return False


def _given(test: Test) -> list[Given]:
    found = [operand for operand in test.operands if isinstance(operand, Given)]
    if len(found) < len(test.operands):
        raise Unwritable("it compares two facts; a column is about one")
    return found


def _quoted(text: str) -> str:
    if any(ord(sign) < 0x20 and sign not in "\t\n" for sign in text):
        raise Unwritable(f"a text holds a character that no cell can hold: {clip(ascii(text))}")
    return '"' + text.replace('"', '""') + '"'
