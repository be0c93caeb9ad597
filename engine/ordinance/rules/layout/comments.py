"""Which unit each comment and each blank line of a rule file belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from ordinance.rules.layout.outline import Branch, Leaf, Node, Spot, leaves, walk

_COMMENT = re.compile(r"#[^\n]*")
_ONLY_MARKERS = re.compile(r"[ \t?-]*")


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    at: Spot
    own_line: bool


def attach(text: str, root: Branch) -> None:
    """Hang every comment, and every single blank line between units, on its unit."""
    desk = _Desk(text, root)
    blanks: set[int] = set()
    for comment in _comments(text, root):
        if comment.own_line:
            desk.place_own_line(comment)
            blanks.add(comment.at.line)
        else:
            desk.place_beside(comment)
    for unit, branch in walk(root):
        # A list item and the first entry of the map in it start together; the item is first.
        if not branch.flow and unit.start.line not in blanks:
            blanks.add(unit.start.line)
            if desk.blank_before(unit.start.line):
                unit.above.append("")


def _comments(text: str, root: Branch) -> Iterator[_Comment]:
    """Between scalars there is nothing but white space, markers, brackets and comments."""
    starts = _line_starts(text)
    begin = 0
    for leaf in leaves(root):
        yield from _in_gap(text, begin, _body(text, leaf), starts)
        begin = max(begin, leaf.end.index)
    yield from _in_gap(text, begin, len(text), starts)


def _body(text: str, leaf: Leaf) -> int:
    """Where the content of a scalar begins; a block scalar's first line may hold a comment."""
    if leaf.style in ("|", ">"):
        return text.find("\n", leaf.start.index)
    return leaf.start.index


def _in_gap(text: str, begin: int, end: int, starts: list[int]) -> Iterator[_Comment]:
    for match in _COMMENT.finditer(text, begin, max(begin, end)):
        line = bisect_left(starts, match.start() + 1) - 1
        before = text[starts[line] : match.start()]
        spot = Spot(match.start(), line, len(before))
        own_line = _ONLY_MARKERS.fullmatch(before) is not None
        yield _Comment(match.group().rstrip(), spot, own_line)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


class _Desk:
    """Looks up the neighbours of a comment."""

    def __init__(self, text: str, root: Branch) -> None:
        self._lines = text.split("\n")
        self._root = root
        self._units = list(walk(root))
        self._starts = [unit.start.index for unit, _ in self._units]
        self._around = {id(unit.value): branch for unit, branch in self._units}
        self._owners = {id(unit.value): unit for unit, _ in self._units}

    def blank_before(self, line: int) -> bool:
        return line > 0 and not self._lines[line - 1].strip()

    def place_own_line(self, comment: _Comment) -> None:
        blank = [""] if self.blank_before(comment.at.line) else []
        count = bisect_left(self._starts, comment.at.index)
        self._home(comment, count).extend([*blank, comment.text])

    def place_beside(self, comment: _Comment) -> None:
        count = bisect_left(self._starts, comment.at.index)
        flow = self._flow_around(comment, count)
        if flow is not None:
            begun = bisect_left(flow.units, comment.at.index, key=lambda unit: unit.start.index)
            if begun == 0:
                self._home(comment, count).append(comment.text)
                return
            unit = flow.units[begun - 1]
        else:
            block = (unit for unit, branch in reversed(self._units[:count]) if not branch.flow)
            unit = next(block, self._units[0][0])
        if unit.beside is None:
            unit.beside = comment.text
        else:
            unit.above.append(comment.text)

    def _home(self, comment: _Comment, count: int) -> list[str]:
        """The lines that a comment on a line of its own joins."""
        after = self._units[count] if count < len(self._units) else None
        flow = self._flow_around(comment, count)
        if flow is not None:
            if after is not None and after[0].start.index < flow.end.index:
                return after[0].above
            owner = None if flow.units else self._owners.get(id(flow))
            return owner.above if owner else flow.foot
        level = after[1].start.column if after else -1
        # Comments in one gap keep their order: what follows one about the next unit stays there.
        settled = after is not None and any(after[0].above)
        ended = None if settled else self._ended_before(comment, count, level)
        if ended is not None:
            return ended.foot
        return after[0].above if after else self._root.foot

    def _chain(self, count: int) -> Iterator[Branch]:
        """The branches that hold the place after `count` units, innermost first."""
        if count == 0:
            yield self._root
            return
        unit, branch = self._units[count - 1]
        if isinstance(unit.value, Branch):
            yield unit.value
        yield branch
        while (outer := self._around.get(id(branch))) is not None:
            yield outer
            branch = outer

    def _flow_around(self, comment: _Comment, count: int) -> Branch | None:
        """The innermost brackets around the comment."""
        for branch in self._chain(count):
            if branch.flow and branch.start.index < comment.at.index < branch.end.index:
                return branch
        return None

    def _ended_before(self, comment: _Comment, count: int, level: int) -> Branch | None:
        """The innermost block that the comment is indented into, when the text after it, which
        stands at column `level`, has left that block: a comment at the foot of a list is its."""
        for branch in self._chain(count):
            if not branch.flow and level < branch.start.column <= comment.at.column:
                return branch
        return None


def comments_of(node: Node) -> list[str]:
    """Every comment that hangs on `node` or below it."""
    if isinstance(node, Leaf):
        return []
    found = [line for line in node.foot if line]
    for unit in node.units:
        found += [line for line in unit.above if line]
        found += [unit.beside] if unit.beside else []
        found += comments_of(unit.value)
    return found
