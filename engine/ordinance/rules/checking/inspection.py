"""Every check of a rule set, in every period and for every value that a merchant may set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import TypeAlias

from ordinance.rules.checking.advice import better_hit, idle_columns, mergeable, redundant
from ordinance.rules.checking.conflict import conflicts
from ordinance.rules.checking.diagram import Spent
from ordinance.rules.checking.finding import Finding, finding, where_it_holds
from ordinance.rules.checking.model import BUDGET, Model
from ordinance.rules.checking.opaque import not_checked
from ordinance.rules.checking.order import misleading_order
from ordinance.rules.checking.periods import (
    days_of_empty_lists,
    days_without_value,
    rules_out_of_time,
)
from ordinance.rules.checking.persons import unexplained_persons
from ordinance.rules.checking.reach import gap, overlap, unreachable
from ordinance.rules.checking.repeats import same_conditions
from ordinance.rules.checking.score import reach_of_points
from ordinance.rules.checking.setting import Setting, settings, undecided
from ordinance.rules.checking.truth import never_or_always, out_of_range
from ordinance.rules.deciding.conditions import facts_in
from ordinance.rules.deciding.constants import in_force
from ordinance.rules.kinds import Words
from ordinance.rules.point import Missing
from ordinance.rules.problem import Problem, gravity
from ordinance.rules.tree import RuleSet

Check: TypeAlias = Callable[[Model], Iterable[Finding]]
WholeCheck: TypeAlias = Callable[[RuleSet], Iterable[Problem]]

CHECKS: list[Check] = [
    never_or_always,
    out_of_range,
    unreachable,
    gap,
    overlap,
    conflicts,
    reach_of_points,
    redundant,
    mergeable,
    idle_columns,
    better_hit,
    misleading_order,
    not_checked,
]
"""What is asked of a set in every setting, in the order in which findings are told."""

WHOLE_CHECKS: list[WholeCheck] = [
    days_without_value,
    days_of_empty_lists,
    rules_out_of_time,
    same_conditions,
    unexplained_persons,
]
"""What is asked of a set as a whole, after the others."""

_ADVICE = (redundant, mergeable, idle_columns, better_hit, misleading_order, not_checked)
"""What is asked about the values of the file alone: another value is another file's advice."""


def findings(tree: RuleSet, *, zone: tzinfo = UTC) -> list[Problem]:
    """Every finding on a rule set, each once: errors first, then in the order of the checks.

    `zone` is the shop's, in which days begin. A check whose budget is spent says so in a note.
    """
    every = list(settings(tree))
    found: dict[tuple[str, tuple[str, ...]], Finding] = {}
    for setting in every:
        for item in _in_setting(setting, zone):
            key = (item.code, item.subject)
            known = found.get(key)
            held = () if known is None else known.held
            held = held if setting in held else (*held, setting)
            found[key] = replace(known or item, held=held)
    told: list[Problem] = [
        _milder(where_it_holds(item, every))
        for item in found.values()
        if not _goes_by_the_day(item, tree, every, found.values())
    ]
    told.extend(_not_tried(tree))
    for check in WHOLE_CHECKS:
        told.extend(check(tree))
    return sorted(told, key=gravity)


def _in_setting(setting: Setting, zone: tzinfo) -> Iterator[Finding]:
    present = Model(setting, no_match=False, zone=zone)
    absent = _with_absent(setting, zone)
    for check in CHECKS:
        if setting.params and check in _ADVICE:
            continue
        found = _asked(check, present)
        if absent is None:
            yield from found
            continue
        more = _asked(check, absent)
        always = {(item.code, item.subject) for item in more}
        known = {(item.code, item.subject) for item in found}
        yield from (
            item if (item.code, item.subject) in always else _if_present(item) for item in found
        )
        yield from (item for item in more if (item.code, item.subject) not in known)


def _if_present(found: Finding) -> Finding:
    """A finding that does not hold where a fact is missing."""
    if found.severity != "error":
        return found
    said = Words(f"事实齐全时, {found.said.zh}", f"where no fact is missing, {found.said.en}")
    return replace(found, said=said, message=said.en)


def _asked(check: Check, model: Model) -> list[Finding]:
    try:
        model.diagrams.budget = BUDGET
        return list(check(model))
    except Spent:
        return [_spent(check, model)]


def _with_absent(setting: Setting, zone: tzinfo) -> Model | None:
    """The same with facts that may be missing without a word; of imported tables alone."""
    asked = any(fact.missing is Missing.NO_MATCH for fact in setting.tree.point.facts)
    return Model(setting, no_match=True, zone=zone) if asked else None


def _milder(found: Finding) -> Finding:
    """A condition that a merchant could set to be always true is a warning: it may be wished."""
    if found.code == "E_ALWAYS_TRUE" and all(setting.params for setting in found.held):
        return replace(found, code="W_ALWAYS_TRUE", severity="warning")
    return found


def _goes_by_the_day(
    found: Finding, tree: RuleSet, every: Sequence[Setting], others: Iterable[Finding]
) -> bool:
    """Whether something is so in some periods only because a rule asks for the day itself.

    A rule for orders from November on cannot be true in the periods before.
    """
    id = found.subject[:1]
    rule = next((rule for rule in tree.rules if (rule.id,) == id), None)
    if rule is None or found.code not in _OF_ONE_RULE or tree.as_of not in facts_in(rule.when):
        return False
    held = {
        setting.period
        for other in others
        if other.code == found.code and other.subject[:1] == id
        for setting in other.held
        if not setting.params
    }
    return any(
        in_force(rule.effective, setting.period.day) and setting.period not in held
        for setting in every
    )


def _spent(check: Check, model: Model) -> Finding:
    name = _NAMES.get(check.__name__, Words("这项检查", "this check"))
    return finding(
        "N_NOT_DECIDED",
        "note",
        Words(f"没有查完{name.zh}: 组合太多", f"{name.en} was not decided: too many combinations"),
        model.tree.place,
        subject=(check.__name__,),
    )


def _not_tried(tree: RuleSet) -> Sequence[Problem]:
    names = undecided(tree)
    if not names:
        return []
    listed = ", ".join(f"`{name}`" for name in names)
    return [
        finding(
            "N_NOT_DECIDED",
            "note",
            Words(
                f"{listed} 的取值太多, 没有试全部组合",
                f"the values of {listed} are too many to be tried all together",
            ),
            tree.place,
            subject=tuple(names),
        )
    ]


_OF_ONE_RULE = ("E_NEVER_TRUE", "E_ALWAYS_TRUE", "E_UNREACHABLE", "N_REDUNDANT")

_NAMES = {
    "never_or_always": Words("永远成立或永远不成立的条件", "never-true and always-true conditions"),
    "unreachable": Words("轮不到的规则", "unreachable rules"),
    "gap": Words("没有规则可用的订单", "orders that no rule takes"),
    "overlap": Words("同时成立的规则", "rules that are true together"),
    "conflicts": Words("互相冲突的结论", "conflicting outcomes"),
    "reach_of_points": Words("能得到的总分", "the reachable points"),
    "redundant": Words("多余的规则", "redundant rules"),
    "mergeable": Words("可以合并的规则", "rules that could be one"),
    "idle_columns": Words("不起作用的列", "columns that never matter"),
    "misleading_order": Words("先后的影响", "the order of rules"),
    "better_hit": Words("命中方式", "the hit policy"),
}
