"""Condition cells as people write them, in the comparators of the rule language.

A fact that is absent matches nothing but `missing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.patterns import check_pattern
from ordinance.rules.interchange.plain.cutting import ANDS, INSIDE, ORS, QUOTED, Piece
from ordinance.rules.interchange.plain.literals import Literals
from ordinance.rules.interchange.plain.spelling import (
    AFTER,
    ANY,
    COMPARING,
    EXCEPT_AFTER,
    MISSING,
    NOT,
    PRESENT,
    SIGNS,
    Spelled,
)
from ordinance.rules.interchange.plain.values import Values
from ordinance.rules.interchange.truth import (
    ALWAYS,
    among,
    every,
    partial,
    presence,
    some,
)
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.refusal import clip
from ordinance.rules.tree import AllOf, Comparator, Condition, Given, NotOf, Place, Test

ORDERED = (Comparator.AT_LEAST, Comparator.ABOVE, Comparator.AT_MOST, Comparator.BELOW)

_UNORDERED = (Kind.TEXT, Kind.BOOLEAN, Kind.TAGS, Kind.REGION)
_DENIED = {Comparator.IS_NOT: Comparator.IS, Comparator.NONE_OF: Comparator.ONE_OF}
_SINGLE = (
    *ORDERED,
    Comparator.IS,
    Comparator.IS_NOT,
    Comparator.STARTS_WITH,
    Comparator.ENDS_WITH,
    Comparator.CONTAINS,
    Comparator.MATCHES,
)
_OF_TEXTS = (Comparator.STARTS_WITH, Comparator.ENDS_WITH, Comparator.MATCHES)
_WORDS = (
    *_OF_TEXTS,
    Comparator.CONTAINS,
    Comparator.CONTAINS_ANY,
    Comparator.CONTAINS_ALL,
    Comparator.CONTAINS_NONE,
)
_OPEN_ENDS = ("", "∞", "+∞", "-∞")
_RANGE_SEPARATOR = re.compile(r"[,，;；]|\.\.")
_VALUE_FOLLOWS = rf"(?=[\s0-9{QUOTED}{INSIDE}-])\s*"


def _before(words: Iterable[str]) -> re.Pattern[str]:
    """Matches one of the words at the start, where a value may follow."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest))}){_VALUE_FOLLOWS}", re.IGNORECASE)


def _after(spelled: Spelled) -> re.Pattern[str]:
    english, chinese = "|".join(spelled.en), "|".join(spelled.zh)
    return re.compile(rf"(?:(?<!\s)\s+(?:{english})|(?:{chinese}))$")


_NOT = _before(NOT.all)
_COMPARATORS = {word: item for item, spelled in COMPARING.items() for word in spelled.all}
_COMPARING = _before(_COMPARATORS)
_AFTER = [(_after(spelled), comparator) for comparator, spelled in AFTER.items()]
_OUTSIDE = re.compile("(?:以外|之外|外)$")
_EXCEPT = re.compile(f"(?:{'|'.join(EXCEPT_AFTER)})$")
_CHINESE = [word for spelled in (NOT, *COMPARING.values()) for word in spelled.zh]
_GLUED = re.compile("|".join(sorted(map(re.escape, _CHINESE), key=len, reverse=True)))


class Cells:
    """Translates the condition cells of one column."""

    def __init__(
        self,
        evidence: Evidence,
        fact: str,
        place: Place,
        literals: Literals,
        *,
        typed: bool = False,
    ) -> None:
        """`typed` where the file says itself that the cell is a number, a date, or yes or no."""
        self._evidence = evidence
        self._fact = fact
        self._place = place
        self._values = Values(evidence, fact, literals, typed=typed)

    def condition(self, text: str) -> Condition:
        """What the cell says. Raises `Untranslatable`."""
        if not text or text in ANY.all:
            self._evidence.mention(self._fact)
            return ALWAYS
        return self._any(Piece(text))

    def _any(self, piece: Piece) -> Condition:
        parts = piece.split(ORS)
        if len(parts) == 1:
            return self._all(piece)
        return some(tuple(self._all(part) for part in parts))

    def _all(self, piece: Piece) -> Condition:
        parts = piece.split(ANDS)
        if len(parts) == 1:
            return self._term(piece)
        found = tuple(self._term(part) for part in parts)
        if sum(isinstance(item, Test) and item.comparator is Comparator.IS for item in found) > 1:
            raise Untranslatable(
                f"`{clip(piece.text)}`: no value is two at once; write `or` (`或`), or put a text "
                "in quotes"
            )
        return every(found)

    def _term(self, piece: Piece) -> Condition:
        if not piece:
            raise Untranslatable("a condition is missing beside `and` or `or`")
        if piece.text in MISSING.all or piece.text in PRESENT.all:
            self._evidence.mention(self._fact)
            return presence(self._fact, piece.text in PRESENT.all, self._place).true
        found = _COMPARING.match(piece.mask)
        if found is not None:
            comparator = _COMPARATORS[found.group(1).casefold()]
            return self._compared(comparator, piece.part(found.end()))
        for pattern, comparator in _AFTER:
            found = pattern.search(piece.mask)
            if found is not None:
                return self._compared(comparator, piece.part(0, found.start()))
        for sign, comparator in SIGNS.items():
            if piece.mask.startswith(sign):
                return self._compared(comparator, piece.part(len(sign)))
        found = _NOT.match(piece.mask)
        if found is not None:
            outside = _OUTSIDE.search(piece.mask) if found.group(1).startswith("除") else None
            return self._denied(piece.part(found.end(), outside.start() if outside else None))
        found = _EXCEPT.search(piece.mask)
        if found is not None:
            return self._compared(Comparator.NONE_OF, piece.part(0, found.start()))
        if piece.brackets is not None:
            return self._bracketed(piece)
        if _GLUED.match(piece.mask):
            raise Untranslatable(
                f"`{clip(piece.text)}`: a comparison, or a word? Put a blank after the comparison, "
                "or quotes around the word"
            )
        return self._compared(Comparator.ONE_OF, piece)

    def _denied(self, piece: Piece) -> Condition:
        """`not` and what follows."""
        bracketed = piece.brackets
        if bracketed is not None and (bracketed[0], bracketed[2]) == ("(", ")"):
            raise Untranslatable("after `not` stands one test, or a list without brackets")
        if _NOT.match(piece.mask):
            raise Untranslatable("`not` stands before one test, not before another `not`")
        found = self._term(piece)
        tests = found.items if isinstance(found, AllOf) else (found,)
        if all(isinstance(test, Test) and test.comparator in ORDERED for test in tests):
            return some(tuple(self._not(test) for test in tests if isinstance(test, Test)))
        if isinstance(found, Test) and found.comparator is not Comparator.MISSING:
            return self._not(found)
        raise Untranslatable("`not` stands before one test: `not 46`, `not [5, 10)`")

    def _compared(self, comparator: Comparator, piece: Piece) -> Condition:
        """The fact, compared with the values of a piece."""
        items = piece.items() if comparator is not Comparator.MATCHES else [piece]
        if comparator in _SINGLE and len(items) > 1:
            raise Untranslatable(
                "a comma after a comparison: do both hold, or one? Write `and` or `or` (`且`, `或`)"
            )
        if comparator in _WORDS:
            return self._worded(comparator, items)
        if any(item.mask.startswith(tuple(SIGNS)) for item in items):
            raise Untranslatable("a comma between comparisons: write `and` or `or` (`且`, `或`)")
        values = [self._values.value(item, firm=comparator in ORDERED) for item in items]
        kind = self._values.kind()
        if kind is Kind.TAGS:
            raise Untranslatable("tags are a list: write `contains` (`含`) before a tag")
        if comparator in ORDERED:
            self._check_ordered(values[0])
            return self._test(comparator, values)
        test = among(self._fact, tuple(values), self._place)
        return self._not(test) if comparator in _DENIED else test

    def _worded(self, comparator: Comparator, items: list[Piece]) -> Condition:
        self._values.expect_words()
        quoted = [item.quoted for item in items]
        if comparator is Comparator.MATCHES and quoted[0] is None:
            raise Untranslatable("a pattern stands in quotes")
        texts = [
            self._values.word(item) if text is None else text
            for item, text in zip(items, quoted, strict=True)
        ]
        if comparator is Comparator.MATCHES:
            check_pattern(texts[0])
        if self._values.kind() is Kind.TAGS and comparator in _OF_TEXTS:
            raise Untranslatable("of tags only `contains` (`含`) can be asked")
        return self._test(comparator, list(dict.fromkeys(texts)))

    def _bracketed(self, piece: Piece) -> Condition:
        """Conditions in brackets, or a range."""
        assert piece.brackets is not None
        opening, inner, closing = piece.brackets
        if "{" in (opening, closing) or "}" in (opening, closing):
            raise Untranslatable("`{ }` holds no condition")
        if (opening, closing) == ("(", ")") and _cut(inner):
            return self._any(inner)
        ends = inner.split(_RANGE_SEPARATOR)
        if len(ends) != 2:
            raise Untranslatable(
                "a range is written `[5, 10)`: a square bracket for an end that belongs to it, a "
                "round one for an end that does not"
            )
        low, high = (
            None if end.mask in _OPEN_ENDS else self._values.value(end, firm=True) for end in ends
        )
        for end in (low, high):
            if end is not None:
                self._check_ordered(end)
        if low is None and high is None:
            raise Untranslatable("the range has no end")
        if low is not None and high is not None:
            return self._range(opening, low, high, closing)
        if low is not None:
            above = Comparator.AT_LEAST if opening == "[" else Comparator.ABOVE
            return self._test(above, [low])
        assert high is not None
        return self._test(Comparator.AT_MOST if closing == "]" else Comparator.BELOW, [high])

    def _range(self, opening: str, low: Value, high: Value, closing: str) -> Condition:
        clock = self._values.kind() is Kind.TIME_OF_DAY
        half_open = (opening, closing) == ("[", ")")
        if type(low) is type(high) and not low < high:  # type: ignore[operator]
            if clock and half_open and low != high:
                return self._test(Comparator.BETWEEN, [low, high])  # across midnight
            if not (low == high and (opening, closing) == ("[", "]")):
                raise Untranslatable("no value is in this range")
        if half_open:
            return self._test(Comparator.BETWEEN, [low, high])
        above = Comparator.AT_LEAST if opening == "[" else Comparator.ABOVE
        below = Comparator.AT_MOST if closing == "]" else Comparator.BELOW
        return every((self._test(above, [low]), self._test(below, [high])))

    def _check_ordered(self, value: Value) -> None:
        kind = self._values.kind()
        if kind in _UNORDERED or isinstance(value, str | bool):
            raise Untranslatable("only numbers, dates and times can be more or less")

    def _test(self, comparator: Comparator, values: Iterable[Value]) -> Test:
        operands = tuple(Given(value) for value in values)
        return Test(self._fact, comparator, operands, self._place)

    def _not(self, test: Test) -> Condition:
        """The fact is there, and the test is false."""
        if test.comparator is Comparator.BETWEEN:
            # Across midnight the ends of a range tell nothing.
            return every((presence(self._fact, True, self._place).true, NotOf(test)))
        return partial(test).negated().true


def _cut(piece: Piece) -> bool:
    """Whether the piece holds several conditions."""
    return bool(ORS.search(piece.mask) or ANDS.search(piece.mask))
