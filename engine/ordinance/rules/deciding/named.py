"""The `$names` of params and lists that the rules of a set refer to."""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.tree import ListRef, OutcomeValue, ParamRef, RuleSet


def named(tree: RuleSet) -> tuple[str, ...]:
    """Those in rules, bands and preferences, in this order, each once."""
    names: dict[str, None] = {}
    if not tree.params and not tree.lists:
        return ()
    for rule in tree.rules:
        for test in tests_in(rule.when):
            for operand in test.operands:
                if isinstance(operand, ParamRef | ListRef):
                    names[operand.name] = None
        names.update(dict.fromkeys(_params_in(rule.then)))
    for band in tree.bands:
        names.update(dict.fromkeys(_params_in(band.then)))
    for preference in tree.prefer:
        if isinstance(preference.within, ParamRef):
            names[preference.within.name] = None
    return tuple(names)


def _params_in(value: OutcomeValue) -> list[str]:
    if isinstance(value, ParamRef):
        return [value.name]
    if isinstance(value, Mapping):
        return [name for item in value.values() for name in _params_in(item)]
    if isinstance(value, tuple):
        return [name for item in value for name in _params_in(item)]
    return []
