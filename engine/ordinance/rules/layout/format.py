"""Writing a rule file in the canonical layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeGuard

from ordinance.rules.layout.comments import attach, comments_of
from ordinance.rules.layout.outline import Branch, Leaf, Node, Unit, content, outline
from ordinance.rules.layout.spelled import spelled
from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.reading.events import to_nodes
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.guard import Limits, to_text
from ordinance.rules.tree import Place
from ordinance.rules.words import KEYS

WIDTH = 100
"""Columns of a line; a Chinese character takes two."""
MOST_NESTED = 3
"""Brackets within brackets on one line; more is hard to read."""


def _either(*keys: str) -> frozenset[str]:
    return frozenset(spelling for key in keys for spelling in (key, KEYS[key]))


_SECTIONS = _either(
    *("decisions", "params", "lists", "rules", "table", "rows", "exclude", "prefer", "weights"),
    *("bands", "tests"),
)
"""Keys whose map or list always takes lines of its own."""
_RECORDS = _either("decisions", "rules", "exclude", "tests")
"""Lists whose items always take several lines."""
_ALIKE = _either("params", "lists", "prefer", "weights", "bands")
"""Sections whose entries all take several lines as soon as one of them does."""
_TABLES = _either("rows")
"""Lists whose items always take one line, however long: a table reads as a table."""


def fmt(text: str | bytes, *, file: str = "rules.yaml", limits: Limits | None = None) -> str:
    """`text` in the one canonical layout, with every comment kept; formatting twice changes
    nothing more. Two spaces of indentation, sections in block form, short maps and lists on one
    line, needless quotes gone, at most one blank line. The meaning stays the same.

    Raises RuleFileError where the text is not one safe YAML document. Facts and values are not
    looked at.
    """
    findings = Findings()
    bounds = limits or Limits()
    checked = to_text(text, file, findings, bounds)
    if checked is None or to_nodes(checked, file, findings, bounds) is None or findings.failed:
        raise RuleFileError(findings.sorted("error"))
    lines = checked.replace("\r\n", "\n")
    root = outline(lines)
    if isinstance(root, Leaf) or not root.units:
        raise RuleFileError([_no_map(root, file)])
    attach(lines, root)
    written = "\n".join(_without_edge_blanks(_block(root, 0))) + "\n"
    if content(outline(written)) != content(root):
        raise ValueError(f"{file}: the layout could not be changed without changing the meaning")
    return written


def _block(branch: Branch, indent: int, under: str = "") -> list[str]:
    """The lines of a map or list that stands under the key `under`."""
    pad = " " * indent
    alike = under in _ALIKE and any(
        _needs_lines(unit.value, _head(unit, pad)) for unit in branch.units
    )
    lines: list[str] = []
    for unit in branch.units:
        lines += _lines(unit.above, pad)
        if unit.key is None:
            lines += _item(unit, indent, under, apart=alike or under in _RECORDS)
        else:
            apart = alike or unit.key.text in _SECTIONS
            lines += _entry(unit, unit.key.text, indent, apart=apart)
    return lines + _lines(branch.foot, pad)


def _head(unit: Unit, pad: str) -> str:
    return f"{pad}{spelled(unit.key)}:" if unit.key else f"{pad}-"


def _entry(unit: Unit, key: str, indent: int, *, apart: bool) -> list[str]:
    head = _head(unit, " " * indent)
    if not _needs_lines(unit.value, head, apart=apart):
        return [_on_one_line(unit, head)]
    return [_with_comment(head, unit.beside), *_block(unit.value, indent + 2, key)]


def _item(unit: Unit, indent: int, under: str, *, apart: bool) -> list[str]:
    head = _head(unit, " " * indent)
    if not _needs_lines(unit.value, head, apart=apart, wide=under in _TABLES):
        return [_on_one_line(unit, head)]
    # What stands above the first entry would part it from its dash, so it goes above the dash.
    first = unit.value.units[0]
    hoisted = [line for line in (unit.beside, *first.above) if line]
    first.above = []
    below = _block(unit.value, indent + 2)
    return [*_lines(hoisted, " " * indent), f"{head} {below[0][indent + 2 :]}", *below[1:]]


def _needs_lines(
    node: Node, head: str, *, apart: bool = False, wide: bool = False
) -> TypeGuard[Branch]:
    """True where a map or list cannot, or should not, stand on one line after `head`."""
    if isinstance(node, Leaf) or not node.units:
        return False
    if apart or comments_of(node):
        return True
    too_long = not wide and _columns(f"{head} {_flow(node)}") > WIDTH
    return too_long or _nesting(node) > MOST_NESTED


def _on_one_line(unit: Unit, head: str) -> str:
    return _with_comment(f"{head} {_flow(unit.value)}".rstrip(), unit.beside)


def _flow(node: Node) -> str:
    if isinstance(node, Leaf):
        return spelled(node)
    parts = [
        f"{spelled(unit.key)}: {_flow(unit.value)}" if unit.key else _flow(unit.value)
        for unit in node.units
    ]
    return f"{{{', '.join(parts)}}}" if node.is_map else f"[{', '.join(parts)}]"


def _nesting(node: Node) -> int:
    if isinstance(node, Leaf):
        return 0
    return 1 + max((_nesting(unit.value) for unit in node.units), default=0)


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def _with_comment(line: str, comment: str | None) -> str:
    return f"{line}  {comment}" if comment else line


def _no_map(root: Node, file: str) -> Problem:
    place = Place(file, root.start.line + 1, root.start.column + 1)
    return Problem(
        "E_TYPE", "a rule file is a map of `key: value`", place, "begin with `decision:`"
    )


def _lines(lines: Sequence[str], pad: str) -> list[str]:
    return [f"{pad}{line}" if line else "" for line in lines]


def _without_edge_blanks(lines: list[str]) -> list[str]:
    """No blank line at the start or the end, and never two in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept
