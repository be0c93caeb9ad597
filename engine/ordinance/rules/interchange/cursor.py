"""A parser's place in the tokens of an expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ordinance.rules.interchange.expression import ExpressionError
from ordinance.rules.refusal import clip

T = TypeVar("T")

MOST_CHARACTERS = 10_000
MOST_DEPTH = 40

_QUOTES = "\"'`"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is a group of the pattern of its language, or `end`."""

    kind: str
    text: str


def matches(pattern: re.Pattern[str], text: str) -> Iterator[Token]:
    """The tokens of `text`, spaces included. Raises `ExpressionError`."""
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"it is longer than {MOST_CHARACTERS} characters")
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            sign = text[at]
            raise ExpressionError(
                f"the quote `{sign}` is not closed"
                if sign in _QUOTES
                else f"`{sign}` means nothing"
            )
        yield Token(match.lastgroup or "", match.group())
        at = match.end()


class Cursor:
    """Steps through tokens, the last of which is of the kind `end`."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._at]

    def step(self) -> Token:
        """Takes the next token."""
        token = self.here
        self._at += token.kind != "end"
        return token

    def done(self) -> None:
        """Raises `ExpressionError` unless everything is taken."""
        if self.here.kind != "end":
            raise ExpressionError(f"`{clip(self.here.text)}` is left over at the end")

    def _is(self, *texts: str) -> bool:
        """Whether a sign or a word of these comes next."""
        return self.here.kind in ("sign", "word") and self.here.text in texts

    def _want(self, text: str) -> None:
        if not self._is(text):
            raise ExpressionError(f"`{text}` is missing")
        self.step()

    def _until(self, closing: str, read: Callable[[], T]) -> tuple[T, ...]:
        """What `read` gives, with commas between, up to the closing sign, which is taken too."""
        found: list[T] = []
        while not self._is(closing):
            found.append(read())
            if not self._is(closing):
                self._want(",")
        self.step()
        return tuple(found)

    def _misplaced(self) -> ExpressionError:
        token = self.here
        return ExpressionError(
            "it ends too early"
            if token.kind == "end"
            else f"`{clip(token.text)}` is in the wrong place"
        )

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise ExpressionError("it is nested too deeply")
