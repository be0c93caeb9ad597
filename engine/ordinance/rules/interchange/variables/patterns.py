"""Patterns of Python's `re` as patterns of RE2 and back, where both mean the same.

`re.search` and RE2 agree on a plain part of their languages. A few words of `re` mean more than
those of RE2 (`\\d` is a digit of any script, `$` passes a last line break) and are written out.
What is left (look-around, back-references, flags, `\\b`) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import re2

from ordinance.rules.interchange.evidence import Untranslatable

MOST_CHARACTERS = 1_000

_BLANKS = (
    r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
_IN_CLASS = {r"\d": r"\p{Nd}", r"\D": r"\P{Nd}", r"\w": r"\p{L}\p{N}_", r"\s": _BLANKS}
"""What stands in a class, by its spelling in `re`."""
_ALONE = {
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\w": r"[\p{L}\p{N}_]",
    r"\W": r"[^\p{L}\p{N}_]",
    r"\s": f"[{_BLANKS}]",
    r"\S": f"[^{_BLANKS}]",
}
_END = (r"\Z", r"\z")
_LAST = ("$", r"\n?\z")
"""The end of the text, or the line break that ends it; only as the last thing of a pattern."""

_OF_RE2 = {r"\d": "[0-9]", r"\D": "[^0-9]", r"\w": "[0-9A-Za-z_]", r"\W": "[^0-9A-Za-z_]"}
"""What only a pattern that was written for RE2 holds."""

_SIGNS = r"[!-/:-@\[-^`{-~]"
_CHARACTER = rf"[^\\.^$*+?{{}}()\[\]|]|\\{_SIGNS}|\\[tnrfv]"
_ATOM = re.compile(rf"{_CHARACTER}|\.", re.DOTALL)
_MEMBER = re.compile(rf"[^\\\[\]^&~|-]|([&~|])(?!\1)|\\{_SIGNS}|\\[tnrfv]", re.DOTALL)
_REPEAT = re.compile(r"(?:[*+?]|\{\d{1,4}(?:,\d{0,4})?\})\??")
_OPENING = re.compile(r"\((?:\?:)?(?!\?)")
_CLOSES = re.compile(r"\)*(?:\Z|\|)")

_REASONS = {
    "(?": "it looks ahead or back, sets a flag or names a group",
    r"\b": "the edge of a word (`\\b`) is another one in RE2",
    r"\B": "the edge of a word (`\\B`) is another one in RE2",
}


def re2_of(pattern: str) -> str:
    """The RE2 pattern that finds the same as `re.search(pattern, ...)`. Raises `Untranslatable`."""
    if len(pattern) > MOST_CHARACTERS:
        raise Untranslatable(f"the pattern is longer than {MOST_CHARACTERS} characters")
    found = _Reader(pattern, _ALONE, _IN_CLASS, dict([_END]), _LAST).translated()
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise Untranslatable(f"it is no pattern there either: {error}") from None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        re2.compile(found, options)
    except re2.error:
        raise Untranslatable("RE2, which keeps patterns fast, does not take it") from None
    return found


def re_of(pattern: str) -> str:
    """The pattern of `re` that finds the same as this one of RE2. Raises `Untranslatable`."""
    back = {theirs: ours for ours, theirs in _ALONE.items()}
    in_class = {theirs: ours for ours, theirs in _IN_CLASS.items()}
    ends = {r"\z": r"\Z", "$": r"\Z"}
    last = (_LAST[1], _LAST[0])
    found = _Reader(pattern, {**back, **_OF_RE2}, in_class, ends, last).translated()
    try:
        re.compile(found)
    except (re.error, RecursionError, OverflowError):
        raise Untranslatable("the pattern means nothing to `re`") from None
    return found


@dataclass(slots=True)
class _Reader:
    """Goes over a pattern from left to right and writes it in the other language."""

    pattern: str
    alone: dict[str, str]
    in_class: dict[str, str]
    ends: dict[str, str]
    last: tuple[str, str]
    at: int = 0

    def translated(self) -> str:
        parts: list[str] = []
        repeatable, depth = False, 0
        while self.at < len(self.pattern):
            here = self.pattern[self.at]
            if self._is_last(depth):
                parts.append(self._step(self.last[0], self.last[1]))
                repeatable = False
            elif word := self._word(self.alone):
                parts.append(self._step(word, self.alone[word]))
                repeatable = True
            elif word := self._word({**self.ends, r"\A": r"\A", "^": "^", "|": "|"}):
                parts.append(self._step(word, self.ends.get(word, word)))
                repeatable = False
            elif here == "[":
                parts.append(self._class())
                repeatable = True
            elif found := _OPENING.match(self.pattern, self.at):
                parts.append(self._step(found[0], found[0]))
                repeatable, depth = False, depth + 1
            elif here == ")" and depth:
                parts.append(self._step(here, here))
                repeatable, depth = True, depth - 1
            elif found := _ATOM.match(self.pattern, self.at):
                parts.append(self._step(found[0], found[0]))
                repeatable = True
            elif repeatable and (found := _REPEAT.match(self.pattern, self.at)):
                parts.append(self._step(found[0], found[0]))
                repeatable = False
            else:
                raise Untranslatable(self._reason())
        return "".join(parts)

    def _is_last(self, depth: int) -> bool:
        """Whether the word for the end stands where nothing can follow it."""
        if not self.pattern.startswith(self.last[0], self.at):
            return False
        after = _CLOSES.match(self.pattern, self.at + len(self.last[0]))
        return after is not None and (after[0] == ")" * depth or after[0] == ")" * depth + "|")

    def _word(self, words: dict[str, str]) -> str | None:
        found = (word for word in words if self.pattern.startswith(word, self.at))
        return max(found, key=len, default=None)

    def _step(self, read: str, written: str) -> str:
        self.at += len(read)
        return written

    def _class(self) -> str:
        """One `[...]`."""
        parts = [self._step("[", "[")]
        if self.pattern.startswith("^", self.at):
            parts.append(self._step("^", "^"))
        first = True
        while not self.pattern.startswith("]", self.at):
            if word := self._word(self.in_class):
                parts.append(self._step(word, self.in_class[word]))
            elif self.pattern.startswith("-", self.at) and (
                first or self.pattern.startswith("-]", self.at)
            ):
                parts.append(self._step("-", "-"))
            else:
                parts.append(self._member())
                if re.match(r"-[^\]-]", self.pattern[self.at : self.at + 2]):
                    parts.append(self._step("-", "-"))
                    parts.append(self._member())
            first = False
        if first:
            raise Untranslatable("a class that begins with `]` is read in several ways")
        parts.append(self._step("]", "]"))
        return "".join(parts)

    def _member(self) -> str:
        found = _MEMBER.match(self.pattern, self.at)
        if found is None:
            raise Untranslatable(self._reason())
        return self._step(found[0], found[0])

    def _reason(self) -> str:
        rest = self.pattern[self.at :]
        known = next((reason for word, reason in _REASONS.items() if rest.startswith(word)), None)
        if known:
            return known
        if rest.startswith("$"):
            return "a `$` that is not the last thing is found before line breaks too"
        shown = rest[:2] if rest.startswith("\\") else rest[:1]
        return (
            f"`{shown}` in the pattern has no certain counterpart"
            if shown
            else ("the pattern is not closed")
        )
