"""FEEL text to expressions: whole expressions, and the tests of a cell."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import reduce

from ordinance.rules.interchange.cursor import Cursor, Token
from ordinance.rules.interchange.expression import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Interval,
    ListOf,
    Literal,
    Name,
    Other,
    Record,
    Unary,
)
from ordinance.rules.interchange.feel.syntax import COLUMN, COMPARISONS, KEYWORDS, Tests
from ordinance.rules.interchange.feel.tokens import Lexer
from ordinance.rules.refusal import clip

_STRENGTH = {
    "or": 10,
    "and": 15,
    **dict.fromkeys(COMPARISONS, 20),
    "between": 20,
    "in": 20,
    "instance of": 20,
    "+": 30,
    "-": 30,
    "*": 60,
    "/": 60,
    "**": 70,
}
_VALUES = {"true": True, "false": False, "null": None}
_BEYOND = ("if", "for", "some", "every", "function")
_MOST_DIGITS = 34
"""As many as the numbers of the language have."""
_NO_NAMES = KEYWORDS | {"?", "instance of"}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(
    r"\\(u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
    r"|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)",
    re.DOTALL,
)


def parse(text: str, lexer: Lexer) -> Expression:
    """A whole expression, as an output entry holds. Raises `ExpressionError`."""
    parser = _Parser(lexer.tokens(text))
    found = parser.expression(0)
    parser.done()
    return found


def parse_tests(text: str, lexer: Lexer) -> Tests:
    """The tests of an input entry; a blank one is `-`. Raises `ExpressionError`."""
    tokens = lexer.tokens(text)
    if [token.text for token in tokens[:-1]] in ([], ["-"]):
        return Tests(())
    explicit = Token("word", "?") in tokens
    if len(tokens) > 2 and [token.text for token in tokens[:2]] == ["not", "("]:
        parser = _Parser(tokens)
        try:
            return Tests(parser.negated(), negated=True, explicit=explicit)
        except ExpressionError:
            # `not(a) or b` is an expression, which starts alike.
            pass
    parser = _Parser(tokens)
    items = parser.tests()
    parser.done()
    return Tests(items, explicit=explicit)


class _Parser(Cursor):
    """Reads tokens by the strength of their operators."""

    def negated(self) -> tuple[Expression, ...]:
        """The tests of `not(...)` that fills a cell."""
        self.step()
        self.step()
        items = self.tests()
        self._want(")")
        self.done()
        return items

    def tests(self) -> tuple[Expression, ...]:
        """Tests of the column with commas between them."""
        items = [self._test()]
        while self._is(","):
            self.step()
            items.append(self._test())
        return tuple(items)

    def expression(self, strength: int) -> Expression:
        """An expression whose operators are at least so strong."""
        self._deeper()
        left = self._prefixed()
        while self.here.text in _STRENGTH and self._is(self.here.text):
            operator = self.here.text
            if _STRENGTH[operator] < strength:
                break
            self.step()
            left = self._continued(left, operator)
        self._depth -= 1
        return left

    def _continued(self, left: Expression, operator: str) -> Expression:
        if operator == "in":
            return self._membership(left)
        if operator == "between":
            low = self.expression(30)
            self._want("and")
            return Binary("in", left, Interval("[", low, self.expression(30), "]"))
        if operator == "instance of":
            raise ExpressionError("`instance of` asks for a type, which is beyond unary tests")
        right = self.expression(_STRENGTH[operator] + 1)
        return Binary(COMPARISONS.get(operator, operator), left, right)

    def _test(self) -> Expression:
        """One test of the column; with a comparison in front it is about its value."""
        if self._is(*COMPARISONS):
            return self._belongs(COLUMN, 0)
        found = self.expression(0)
        return Binary("in", COLUMN, found) if isinstance(found, Interval) else found

    def _membership(self, subject: Expression) -> Expression:
        """What stands after `in`: one test, or several in brackets."""
        if not self._is("("):
            return self._belongs(subject, 30)
        self.step()
        items = [self._belongs(subject, 0)]
        if self._is(".."):
            return Binary("in", subject, self._interval("(", items[0].right))
        while self._is(","):
            self.step()
            items.append(self._belongs(subject, 0))
        self._want(")")
        if all(item.operator == "in" for item in items) and not any(
            isinstance(item.right, Interval | ListOf) for item in items
        ):
            return Binary("in", subject, ListOf(tuple(item.right for item in items)))
        return reduce(lambda left, right: Binary("or", left, right), items)

    def _belongs(self, subject: Expression, strength: int) -> Binary:
        """One test after `in`: a comparison, or what the subject belongs to."""
        if self._is(*COMPARISONS):
            return Binary(COMPARISONS[self.step().text], subject, self.expression(30))
        return Binary("in", subject, self.expression(strength))

    def _prefixed(self) -> Expression:
        if self._is("-"):
            self.step()
            return Unary("-", self.expression(80))
        return self._postfixed(self._simple())

    def _simple(self) -> Expression:
        token = self.here
        if token.kind == "number":
            return Literal(_number(self.step().text))
        if token.kind == "text":
            return Literal(_text(self.step().text))
        if token.kind == "at":
            return Call("@", (Literal(self.step().text[2:-1]),))
        if token.kind == "word":
            return self._word()
        if self._is("[", "(", "]"):
            return self._bracketed()
        if self._is("{"):
            return self._record()
        raise self._misplaced()

    def _word(self) -> Expression:
        word = self.here.text
        if word in _VALUES:
            self.step()
            return Literal(_VALUES[word])
        if word in _BEYOND:
            raise ExpressionError(f"`{word}` goes beyond unary tests")
        if word == "not":
            self.step()
            self._want("(")
            item = self.expression(0)
            self._want(")")
            return Unary("not", item)
        name = self._name()
        return Call(name, self._arguments()) if self._is("(") else Name((name,))

    def _name(self) -> str:
        if self._is("?"):
            return self.step().text
        words = []
        while self.here.kind == "word" and self.here.text not in _NO_NAMES:
            words.append(self.step().text)
        if not words:
            raise self._misplaced()
        return " ".join(words)

    def _bracketed(self) -> Expression:
        opening = self.step().text
        if opening == "[" and self._is("]"):
            self.step()
            return ListOf(())
        first = self.expression(0)
        if self._is(".."):
            return self._interval(opening, first)
        if opening == "(":
            self._want(")")
            return first
        if opening == "]":
            raise ExpressionError("`]` is in the wrong place")
        items = [first]
        while self._is(","):
            self.step()
            items.append(self.expression(0))
        self._want("]")
        return ListOf(tuple(items))

    def _interval(self, opening: str, low: Expression) -> Interval:
        self.step()
        high = self._endpoint()
        if not self._is("]", ")", "["):
            raise ExpressionError("the interval is not closed")
        return Interval(opening, low, high, self.step().text)

    def _endpoint(self) -> Expression:
        """The upper end of an interval, after which `[` closes it."""
        sign = self.step().text if self._is("-") else ""
        found = self._simple()
        while self._is("."):
            found = self._member(found)
        return Unary("-", found) if sign else found

    def _record(self) -> Expression:
        self.step()
        return Record(self._until("}", self._entry))

    def _entry(self) -> tuple[str, Expression]:
        key = _text(self.step().text) if self.here.kind == "text" else self._name()
        self._want(":")
        return key, self.expression(0)

    def _postfixed(self, item: Expression) -> Expression:
        while self._is(".", "[", "("):
            if self._is("."):
                item = self._member(item)
                continue
            if isinstance(item, Literal):
                break
            closing = "]" if self.step().text == "[" else ")"
            self.expression(0)
            self._want(closing)
            item = Other("it picks from a list or calls what it calculated")
        return item

    def _member(self, item: Expression) -> Expression:
        self.step()
        name = self._name()
        return Name((*item.path, name)) if isinstance(item, Name) else Other("it reads a part")

    def _arguments(self) -> tuple[Expression, ...]:
        self.step()
        return self._until(")", self._argument)

    def _argument(self) -> Expression:
        found = self.expression(0)
        if self._is(":"):
            raise ExpressionError("arguments with names are beyond unary tests")
        return found


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > 18 or len(number.as_tuple().digits) > _MOST_DIGITS:
        raise ExpressionError(f"`{clip(text)}` is too large, too small or too exact a number")
    return number


def _text(quoted: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) == 1:
            return _ESCAPES.get(code, code)
        if len(code) == 11:
            pair = bytes.fromhex(code[1:5] + code[7:])
            return pair.decode("utf-16-be")
        point = int(code[1:], 16)
        if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise ExpressionError(f"`\\{code}` is no character")
        return chr(point)

    return _ESCAPE.sub(character, quoted[1:-1])
