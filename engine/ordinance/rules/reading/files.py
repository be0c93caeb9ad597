"""A whole rule file: one decision, or several that share parameters and lists."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from ordinance.rules.point import DecisionPoint
from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.reading.decisions import SHARED, Draft, read_decision
from ordinance.rules.reading.events import to_nodes
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.guard import Limits, to_text
from ordinance.rules.reading.keys import read_items, read_keys
from ordinance.rules.reading.named import declare, typed
from ordinance.rules.reading.nodes import Map, Node, described
from ordinance.rules.tree import Place, RuleSet
from ordinance.rules.words import KEYS

_USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Reading:
    """The rule sets of a file in file order, and what the merchant should look at."""

    sets: tuple[RuleSet, ...]
    warnings: tuple[Problem, ...] = ()
    source: str = ""
    """The very text that the sets were read from."""


def read_rules(
    source: str | bytes,
    *,
    file: str,
    points: Mapping[str, DecisionPoint],
    limits: Limits = _USUAL,
    zone: tzinfo = UTC,
) -> Reading:
    """The rule sets that `source` writes.

    `file` names it in places. `points` are the decision points that it may answer, by name. `zone`
    is the shop's; it is taken where a test gives a moment without a zone. Raises `RuleFileError`
    with every problem found; then nothing of the file may be used.
    """
    findings = Findings()
    sets: list[RuleSet] = []
    text = to_text(source, file, findings, limits)
    root = None if text is None else to_nodes(text, file, findings, limits)
    if root is not None:
        sets = _read_root(root, points, zone, findings)
    if findings.failed:
        raise RuleFileError(findings.sorted("error"))
    whole = source if isinstance(source, str) else source.decode("utf-8")
    return Reading(tuple(sets), tuple(findings.sorted("warning")), whole)


def read_file(
    path: str | Path,
    points: Mapping[str, DecisionPoint],
    *,
    limits: Limits = _USUAL,
    zone: tzinfo = UTC,
) -> Reading:
    """The rule sets of the file at `path`, read once. Raises `RuleFileError`, for a file that
    cannot be read too."""
    source = contents(Path(path), limits)
    return read_rules(source, file=str(path), points=points, limits=limits, zone=zone)


def _read_root(
    root: Node, points: Mapping[str, DecisionPoint], zone: tzinfo, findings: Findings
) -> list[RuleSet]:
    if not isinstance(root, Map):
        findings.error(
            "E_TYPE",
            f"the file is {described(root)}, not a map",
            root.place,
            "begin with `decision:`",
        )
        return []
    keys = {entry.key.text for entry in root.entries}
    if keys.isdisjoint(("decisions", KEYS["decisions"])):
        draft = read_decision(root, points, {}, {}, zone, findings)
        drafts = [draft]
        shared = typed({}, findings)
    else:
        found = read_keys(root, ("decisions", *SHARED), findings, "a file with `decisions`")
        named = declare(found.get("params"), found.get("lists"), findings, {})
        nodes = read_items(found.get("decisions"), findings, "decision")
        drafts = [read_decision(node, points, named, found, zone, findings) for node in nodes]
        shared = typed(named, findings)
        _check_once(drafts, findings)
    sets = [draft.finish(shared, findings) for draft in drafts]
    return [rules for rules in sets if rules is not None]


def _check_once(drafts: list[Draft], findings: Findings) -> None:
    seen: dict[str, RuleSet] = {}
    for draft in drafts:
        rules = draft.rule_set
        if rules is None:
            continue
        first = seen.setdefault(rules.point.name, rules)
        if first is not rules:
            findings.error(
                "E_DUP_KEY",
                f"`{rules.point.name}` is already answered on line {first.place.line}",
                rules.place,
                "put all rules of one decision together",
            )


def contents(path: Path, limits: Limits = _USUAL) -> bytes:
    """What stands in a file, one byte more than allowed at most. Raises `RuleFileError` for what
    is no file or cannot be read."""
    place = Place(str(path), 1, 1)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
        with os.fdopen(handle, "rb") as file:
            # A pipe, a device or a folder would block, or never end.
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise RuleFileError(
                    [Problem("E_IO", "this is not a file", place, "name a rule file")]
                )
            return file.read(limits.bytes + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise RuleFileError(
            [
                Problem(
                    "E_IO",
                    f"the file cannot be read: {(reason or 'its name is not usable').lower()}",
                    place,
                    "check the name and who may read it",
                )
            ]
        ) from None
