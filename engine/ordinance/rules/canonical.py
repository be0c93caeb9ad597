"""The canonical meaning of a rule set and its hash: equal meaning, equal hash.

Covered are conditions, outcomes, parameters, lists, hit policy, scope, times and `because`; not
layout, spelling, titles, labels, sources, owners, tests, the version label or places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from ordinance.rules.decision import Plain, canonical_json, sha256_of
from ordinance.rules.kinds import Value, Words
from ordinance.rules.scalar import plain
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    Effective,
    FactRef,
    Given,
    LineTest,
    ListRef,
    NamedList,
    NotOf,
    Operand,
    OutcomeValue,
    Param,
    ParamRef,
    Preference,
    Rule,
    RuleSet,
    SomeOf,
    Test,
    Total,
)
from ordinance.rules.words import MANY_OPERANDS


def content_hash(rules: RuleSet) -> str:
    """SHA-256 (hex) of the meaning of a rule set; its own `hash` does not count."""
    return sha256_of(meaning(rules))


def meaning(rules: RuleSet) -> Plain:
    """What a rule set says, as plain values with one order.

    Where order decides nothing (the items of `all` and `any`, the values of a list) it is sorted
    away; the order of rules, preferences and tie-breaks stays.
    """
    meant: dict[str, Plain] = {
        "point": rules.point.name,
        "hit": rules.hit.value,
        "rules": [_rule(rule) for rule in rules.rules],
        "otherwise": None if rules.otherwise is None else _outcome(rules.otherwise),
        "when_unknown": _outcome(rules.when_unknown),
        "effective": _effective(rules.effective),
        "as_of": rules.as_of,
        "params": {name: _param(param) for name, param in (rules.params or {}).items()},
        "lists": {name: _list(item) for name, item in (rules.lists or {}).items()},
        "bands": [[band.at_least, band.below, _outcome(band.then)] for band in rules.bands],
        "prefer": [_preference(item) for item in rules.prefer],
        "weights": [[item.id, item.fact, plain(item.weight)] for item in rules.weights],
        "tie_break": list(rules.tie_break),
        "most_specific": rules.most_specific,
    }
    if rules.total is not Total.SUM:
        # Points are added unless a set says otherwise, so saying that they are changes nothing.
        meant["total"] = rules.total.value
    return meant


def asked_of(rule: Rule) -> Plain:
    """When a rule is true: its conditions, scope and dates, without what it answers."""
    whole = cast("dict[str, Plain]", _rule(rule))
    return {name: whole[name] for name in ("when", "scope", "effective")}


def _rule(rule: Rule) -> Plain:
    scope = rule.scope or {}
    return {
        "id": rule.id,
        "when": _condition(rule.when),
        "then": _outcome(rule.then),
        "because": _words(rule.because),
        "group": rule.group,
        "scope": {name: list[Plain](sorted(set(values))) for name, values in scope.items()},
        "effective": _effective(rule.effective),
        "locked": rule.locked,
        "must": rule.must,
    }


def _condition(condition: Condition) -> Plain:
    match condition:
        case Test():
            return [condition.fact, *_comparison(condition.comparator, condition.operands)]
        case AllOf(items):
            return {"all": _sorted(_condition(item) for item in items)}
        case AnyOf(items):
            return {"any": _sorted(_condition(item) for item in items)}
        case NotOf(item):
            return {"not": _condition(item)}
        case SomeOf(at_least, items):
            return {"some": [at_least, _sorted(_condition(item) for item in items)]}
        case LineTest():
            where = _condition(condition.where)
            if condition.comparator is None:
                return {f"{condition.quantifier}_lines": where}
            return {"count_lines": [where, *_comparison(condition.comparator, condition.operands)]}


def _comparison(comparator: Comparator, operands: Iterable[Operand]) -> list[Plain]:
    values = [_operand(operand) for operand in operands]
    return [comparator.value, _sorted(values) if comparator in MANY_OPERANDS else values]


def _operand(operand: Operand) -> Plain:
    match operand:
        case Given(value):
            return ["value", plain(value)]
        case ParamRef(name):
            return ["param", name]
        case ListRef(name):
            return ["list", name]
        case FactRef(name):
            return ["fact", name]


def _outcome(outcome: Mapping[str, OutcomeValue]) -> Plain:
    return {name: _outcome_value(value) for name, value in outcome.items()}


def _outcome_value(value: OutcomeValue) -> Plain:
    if isinstance(value, ParamRef):
        return {"$": value.name}
    if isinstance(value, Mapping):
        return _outcome(value)
    if isinstance(value, tuple):
        return [_outcome_value(item) for item in value]
    return plain(value)


def _param(param: Param) -> Plain:
    return {
        "kind": param.kind.value,
        "unit": param.unit,
        "values": [
            [dated.start.isoformat() if dated.start else None, plain(dated.value)]
            for dated in param.values
        ],
        "at_least": _maybe(param.at_least),
        "at_most": _maybe(param.at_most),
        "locked": param.locked,
    }


def _list(named: NamedList) -> Plain:
    return {
        "kind": named.kind.value,
        "values": [
            [
                dated.start.isoformat() if dated.start else None,
                _sorted(
                    [plain(entry.value), entry.until.isoformat() if entry.until else None]
                    for entry in dated.entries
                ),
            ]
            for dated in named.values
        ],
    }


def _preference(item: Preference) -> Plain:
    return {
        "id": item.id,
        "fact": item.fact,
        "direction": item.direction,
        "within": None if item.within is None else _operand(item.within),
        "when": None if item.when is None else _condition(item.when),
        "because": _words(item.because),
    }


def _effective(effective: Effective | None) -> Plain:
    if effective is None:
        return None
    return {
        "start": effective.start.isoformat() if effective.start else None,
        "end": effective.end.isoformat() if effective.end else None,
        "daily": [plain(moment) for moment in effective.daily] if effective.daily else None,
    }


def _words(words: Words | None) -> Plain:
    return None if words is None else {"zh": words.zh, "en": words.en}


def _maybe(value: Value | None) -> Plain:
    return None if value is None else plain(value)


def _sorted(values: Iterable[Plain]) -> list[Plain]:
    return sorted(values, key=canonical_json)
