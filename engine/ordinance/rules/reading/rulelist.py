"""Rules written one by one."""

from __future__ import annotations

from ordinance.rules.reading.about import ABOUT, Ids, build_rule, what_rule
from ordinance.rules.reading.conditions import read_when
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import read_items, read_keys
from ordinance.rules.reading.nodes import Entry
from ordinance.rules.reading.outcomes import read_outcome
from ordinance.rules.tree import Outcome, Rule


def read_rules_of(
    entry: Entry, context: Context, ids: Ids, *, points: bool, excludes: bool = False
) -> tuple[Rule, ...]:
    """The rules of `rules:`, or with `excludes` of a rank's `exclude:` (those have no outcome)."""
    rules = []
    for node in read_items(entry, context.findings, "rule"):
        keys = (*ABOUT, "when", "must") if excludes else (*ABOUT, "when", "then")
        what = what_rule(node)
        required = ("when",) if excludes else ("when", "then")
        found = read_keys(node, keys, context.findings, what, required=required)
        if not found:
            continue
        when = read_when(found["when"].value, context) if "when" in found else None
        then: Outcome | None = {}
        if not excludes:
            then = (
                read_outcome(found["then"].value, context, f"`then` of {what}", points=points)
                if "then" in found
                else None
            )
        rule = build_rule(node, found, when, then, context, ids, what)
        if rule is not None:
            rules.append(rule)
    return tuple(rules)
