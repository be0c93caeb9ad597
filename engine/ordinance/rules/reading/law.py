"""What rules of law have to say beside their condition."""

from __future__ import annotations

from dataclasses import replace

from ordinance.rules.reading.findings import Findings
from ordinance.rules.tree import Rule


def as_law(rules: tuple[Rule, ...], findings: Findings) -> tuple[Rule, ...]:
    """Rules of law are locked; each one says where it is written and from which day it holds."""
    for rule in rules:
        if rule.source is None:
            findings.error(
                "E_REQUIRED",
                f"rule `{rule.id}` is law and names no source",
                rule.place,
                "add `source:` with the act and its article",
            )
        if rule.effective is None or rule.effective.start is None:
            findings.error(
                "E_REQUIRED",
                f"rule `{rule.id}` is law and has no day from which it holds",
                rule.place,
                "add `effective: {from: 2014-03-15}` with the day it came into force",
            )
    return tuple(replace(rule, locked=True) for rule in rules)
