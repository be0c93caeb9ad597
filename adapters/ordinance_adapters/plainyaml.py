"""YAML read safely: every scalar stays text, and nothing in a file can grow, copy or run."""

from __future__ import annotations

from dataclasses import replace

from ordinance.rules.problem import Problem
from ordinance.rules.reading.events import to_nodes
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.guard import Limits, to_text
from ordinance.rules.reading.nodes import Map, Node, Scalar
from ordinance.rules.tree import Place

# The guards were written for rule files; these say what to do in any other file.
_HELP = {
    "E_ANCHOR": "write the value out where it is used",
    "E_TAG": "remove it; every value is read as it is written",
    "E_SIZE": "split the file",
    "E_NODES": "split the file",
    "E_MULTI_DOC": "remove the line `---`",
    "E_DEPTH": "look for a bracket that is never closed",
}


def read_nodes(source: bytes, file: str, limits: Limits) -> tuple[Node | None, list[Problem]]:
    """The one document in `source` with the place of every value, or every problem found.

    `file` is the name that problems carry. An empty file is a problem.
    """
    findings = Findings()
    start = Place(file, 1, 1)
    if not source.strip():
        return None, [Problem("E_EMPTY", "the file is empty", start)]
    text = to_text(source, file, findings, limits)
    root = None if text is None else to_nodes(text, file, findings, limits)
    if findings.failed:
        return None, [_fit(problem) for problem in findings.sorted("error")]
    return root, []


def to_plain(node: Node) -> object:
    """The node as dicts, lists and texts; a value left out (`phone:`) is None."""
    if isinstance(node, Scalar):
        return None if node.plain and not node.text else node.text
    if isinstance(node, Map):
        return {entry.key.text: to_plain(entry.value) for entry in node.entries}
    return [to_plain(item) for item in node.items]


def _fit(problem: Problem) -> Problem:
    if problem.code == "E_EMPTY":
        return replace(problem, message="the file holds nothing", help=None)
    return replace(problem, help=_HELP.get(problem.code, problem.help))
