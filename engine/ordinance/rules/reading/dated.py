"""Dated values: each with the first day on which it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ordinance.rules.kinds import Kind
from ordinance.rules.reading.context import Named
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import missing_key
from ordinance.rules.reading.nodes import Entry, Map, Node, Seq, described, is_cut
from ordinance.rules.reading.slots import Slot, read_value
from ordinance.rules.scalar import clip
from ordinance.rules.words import ALWAYS

_DAY = Slot("the first day", Kind.DATE)


def dated_nodes(
    found: Mapping[str, Entry], named: Named, what: str, findings: Findings
) -> list[tuple[date | None, Node]]:
    """Each value with its first day (None: always), earliest first."""
    if "value" in found and "values" in found:
        findings.error(
            "E_DUP_KEY",
            f"{what} has `value` and `values`",
            found["values"].key.place,
            "keep `values` for dated ones, `value` for a single one",
        )
    if "value" in found:
        return [(None, found["value"].value)]
    if "values" not in found:
        missing_key("values", named.entry.key.place, findings, what)
        return []
    node = found["values"].value
    if named.sort == "list" and isinstance(node, Seq):
        return [(None, node)]
    if not isinstance(node, Map) or not node.entries:
        findings.error(
            "E_EMPTY" if isinstance(node, Map) else "E_TYPE",
            f"the values of {what} are {described(node)}, not dates with values",
            node.place,
            "write `values: {2026-01-01: ...}`, or `value: ...` for a single one",
        )
        return []
    dated: dict[date | None, Entry] = {}
    for entry in node.entries:
        start: date | None = None
        if is_cut(entry):
            findings.error(
                "E_TYPE",
                f"`{clip(entry.key.text)}` stands after a comma, which ended the value before it",
                entry.key.place,
                "write several values as `[a, b]`, and a text with a comma in double quotes",
            )
            continue
        if entry.key.text not in ALWAYS:
            day = read_value(entry.key, _DAY, findings)
            if not isinstance(day, date):
                continue
            start = day
        if start in dated:
            findings.error(
                "E_DUP_KEY",
                f"two values of {what} begin on the same day",
                entry.key.place,
                f"the other is on line {dated[start].key.place.line}",
            )
            continue
        dated[start] = entry
    return sorted(
        ((start, entry.value) for start, entry in dated.items()),
        key=lambda item: item[0] or date.min,
    )
