"""Text to expressions: whole expressions, and the tests of a cell that has a column value."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ordinance.rules.interchange.cursor import Cursor, Token
from ordinance.rules.interchange.expression import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Interval,
    ListOf,
    Literal,
    Method,
    Name,
    Other,
    Record,
    Unary,
)
from ordinance.rules.interchange.zen.syntax import COLUMN, COMPARISONS, Joined
from ordinance.rules.interchange.zen.tokens import tokens

MOST_OPERATORS = 300
"""What comes to hang below one another is walked through level by level."""

_STRENGTH = {
    "or": 10,
    "and": 15,
    **dict.fromkeys(COMPARISONS, 20),
    "+": 30,
    "-": 30,
    "*": 60,
    "/": 60,
    "%": 60,
    "^": 70,
    "??": 80,
}
_PREFIXES = {"not": 50, "!": 50, "-": 200, "+": 200}
_JOINS = ("and", "or", ",")
_WORDS = ("and", "or", "in", "not", "not in")
_VALUES = {"true": True, "false": False, "null": None}


def parse(text: str) -> Expression:
    """A whole expression, as an output cell or a cell of a column without a field holds."""
    parser = _Parser(tokens(text))
    found = parser.expression(0)
    parser.done()
    return found


def parse_cell(text: str) -> tuple[Joined, ...]:
    """The tests of a cell whose column has a field. Raises `ExpressionError`.

    They are taken from left to right: `a or b and c` is `(a or b) and c`, and a comma is `or`.
    """
    parser = _Parser(tokens(text), cell=True)
    found = [Joined("", parser.test())]
    while parser.here.kind != "end":
        word = parser.here.text
        if word not in _JOINS or parser.here.kind == "text":
            raise ExpressionError(f"`{word}` stands where `and`, `or` or a comma is wanted")
        parser.step()
        found.append(Joined(word, parser.test()))
    return tuple(found)


class _Parser(Cursor):
    """Reads tokens by the strength of their operators.

    Inside a cell `and`, `or` and the comma join whole tests only, so brackets may not hold them.
    """

    def __init__(self, found: list[Token], *, cell: bool = False) -> None:
        super().__init__(found)
        self._cell = cell
        self._operators = 0

    def test(self) -> Expression:
        """One test of a cell: with a comparison in front it is about the column."""
        if self._is(*COMPARISONS):
            operator = self.step().text
            return Binary(operator, COLUMN, self.expression(0))
        found = self.expression(0)
        if self._is(*COMPARISONS):
            raise ExpressionError(f"`{self.here.text}` compares a comparison")
        return found

    def expression(self, strength: int) -> Expression:
        self._deeper()
        left = self._prefixed()
        while (found := self._operator()) is not None and _STRENGTH[found] >= strength:
            self.step()
            self._operators += 1
            if self._operators > MOST_OPERATORS:
                raise ExpressionError(f"it has more than {MOST_OPERATORS} operators")
            power = _STRENGTH[found] + (found != "^")
            left = Binary(found, left, self.expression(power))
        if strength == 0 and self._is("?"):
            self.step()
            self.expression(0)
            self._want(":")
            self.expression(0)
            left = Other("a choice between two values (`? :`)")
        self._depth -= 1
        return left

    def _operator(self) -> str | None:
        here = self.here
        if here.kind not in ("sign", "word") or here.text not in _STRENGTH:
            return None
        return None if self._cell and here.text in _JOINS else here.text

    def _prefixed(self) -> Expression:
        if self._is(*_PREFIXES):
            operator = self.step().text
            item = self.expression(_PREFIXES[operator])
            return Unary("not" if operator == "!" else operator, item)
        return self._postfixed(self._simple())

    def _simple(self) -> Expression:
        token = self.here
        if token.kind == "number":
            return Literal(_number(self.step().text))
        if token.kind == "text":
            return _text(self.step().text)
        if token.kind == "word" and token.text not in _WORDS:
            self.step()
            if token.text in _VALUES:
                return Literal(_VALUES[token.text])
            if self._is("("):
                return Call(token.text, self._arguments())
            return Name((token.text,))
        if self._is("[", "(", "]", ")"):
            return self._bracketed()
        if self._is("{"):
            return self._record()
        raise self._misplaced()

    def _bracketed(self) -> Expression:
        start = self._at
        opening = self.step().text
        if opening == "[" and self._is("]"):
            self.step()
            return ListOf(())
        first = self.expression(0)
        if self._is(".."):
            self.step()
            last = self.expression(0)
            if not self._is("]", ")", "[", "("):
                raise ExpressionError("the interval is not closed")
            return Interval(opening, first, last, self.step().text)
        if opening == "(":
            self._want(")")
            return first
        if opening != "[":
            raise ExpressionError(f"`{self._tokens[start].text}` is in the wrong place")
        items = [first]
        while self._is(","):
            self.step()
            if self._is("]"):
                break
            items.append(self.expression(0))
        self._want("]")
        return ListOf(tuple(items))

    def _record(self) -> Expression:
        self.step()
        return Record(self._until("}", self._entry))

    def _entry(self) -> tuple[str, Expression]:
        token = self.step()
        if token.kind not in ("word", "text", "number"):
            raise ExpressionError("an entry of `{...}` has no name")
        self._want(":")
        name = token.text[1:-1] if token.kind == "text" else token.text
        return name, self.expression(0)

    def _postfixed(self, item: Expression) -> Expression:
        while self._is(".", "["):
            if isinstance(item, ListOf | Interval | Literal):
                break
            if self.step().text == ".":
                item = self._member(item)
                continue
            key = self.expression(0)
            if not self._is("]"):
                raise ExpressionError("`[` is not closed")
            self.step()
            if isinstance(item, Name) and isinstance(key, Literal) and isinstance(key.value, str):
                item = Name((*item.path, key.value))
            else:
                item = Other("an item of a list")
        return item

    def _member(self, item: Expression) -> Expression:
        token = self.step()
        if token.kind != "word":
            raise ExpressionError("a name is wanted after the point")
        if self._is("("):
            return Method(item, token.text, self._arguments())
        return Name((*item.path, token.text)) if isinstance(item, Name) else Other("a part of it")

    def _arguments(self) -> tuple[Expression, ...]:
        self.step()
        # Inside the arguments of a call `and` and `or` have their usual meaning again.
        cell, self._cell = self._cell, False
        found = self._until(")", lambda: self.expression(0))
        self._cell = cell
        return found


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace("_", ""))
    except InvalidOperation:
        raise ExpressionError(f"`{text}` is no number") from None
    if abs(number.adjusted()) > 18:
        raise ExpressionError(f"`{text}` is too large or too small a number")
    return number


def _text(quoted: str) -> Expression:
    text = quoted[1:-1]
    if quoted[0] == "`" and "${" in text:
        return Other("a text with values in it (`${...}`)")
    return Literal(text)
