"""A line of a rule file without what stands in quotes and comments, for a look at its structure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEFORE_QUOTE = re.compile(r"(?:^|[\s{\[,:：，-])$")
_FILL = "x"


@dataclass(frozen=True, slots=True)
class Bare:
    """`text` is as long as the line: quoted letters are `x`, a comment is blank."""

    text: str
    open_quote: int | None = None
    """Where a quote begins that the line does not close; its index."""
    after_quote: int | None = None
    """Where text goes on after a quote was closed; its index."""
    comment: int | None = None

    @property
    def indent(self) -> int:
        """How many blanks it begins with."""
        return len(self.text) - len(self.text.lstrip(" "))


def bare(line: str) -> Bare:
    """The structure of one line. A quote counts only where a value may begin."""
    kept: list[str] = []
    after: int | None = None
    place = 0
    while place < len(line):
        char = line[place]
        if char == "#" and (place == 0 or line[place - 1] in " \t"):
            kept.append(" " * (len(line) - place))
            return Bare("".join(kept), after_quote=after, comment=place)
        if char in "\"'" and _BEFORE_QUOTE.search(kept[-1][-1:] if kept else ""):
            end = _closing(line, place)
            if end is None:
                kept.append(char + _FILL * (len(line) - place - 1))
                return Bare("".join(kept), open_quote=place, after_quote=after)
            kept.append(char + _FILL * (end - place - 1) + char)
            rest = line[end + 1 :].lstrip()
            if after is None and rest and rest[0] not in ",:}]#":
                after = end + 1
            place = end + 1
            continue
        kept.append(char)
        place += 1
    return Bare("".join(kept), after_quote=after)


def _closing(line: str, start: int) -> int | None:
    """The index of the quote that ends what begins at `start`."""
    quote, place = line[start], start + 1
    while place < len(line):
        if line[place] == "\\" and quote == '"':
            place += 2
            continue
        if line[place] == quote:
            if quote == "'" and line[place + 1 : place + 2] == "'":
                place += 2
                continue
            return place
        place += 1
    return None
