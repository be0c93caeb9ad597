"""Which sides can take part: those that are installed, or those that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module, util
from typing import cast

from benchmarks.side import Side

MODULES = {
    "ordinance": ("ordinance", "benchmarks.sides.ordinance"),
    "business-rules": ("business_rules", "benchmarks.sides.business_rules"),
    "zen-engine": ("zen", "benchmarks.sides.zen_engine"),
    "datalogic-py": ("datalogic_py", "benchmarks.sides.datalogic"),
    "rule-engine": ("rule_engine", "benchmarks.sides.rule_engine"),
}
"""By name of the distribution: the module that must be there, and our adapter to it."""


def installed() -> list[str]:
    """The sides that can be imported here, in the order of the table above."""
    return [name for name, (needed, _) in MODULES.items() if util.find_spec(needed) is not None]


def sides(names: Sequence[str]) -> list[Side]:
    """The sides of these names; ours always takes part."""
    wanted = [name for name in MODULES if name in names or name == "ordinance"]
    return [cast(Side, import_module(MODULES[name][1])) for name in wanted]
