"""Rules that ask the same thing twice, where no other check would say so."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.canonical import asked_of
from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.decision import canonical_json
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import Rule, RuleSet


def same_conditions(tree: RuleSet) -> Iterator[Finding]:
    """Rules of a set that asks all of them, with the very same conditions, dates and scope.

    Where one rule decides (`first`, `unique`), the second is unreachable or overlaps, which is
    told with an example.
    """
    if tree.hit in (Hit.FIRST, Hit.UNIQUE):
        return
    seen: dict[str, Rule] = {}
    for rule in tree.rules:
        first = seen.setdefault(canonical_json(asked_of(rule)), rule)
        if first is rule:
            continue
        yield finding(
            "W_SAME_CONDITION",
            "warning",
            Words(
                f"规则 `{rule.id}` 的条件和 `{first.id}` (第 {first.place.line} 行) 完全一样",
                f"rule `{rule.id}` has the very conditions of `{first.id}` on line "
                f"{first.place.line}",
            ),
            rule.place,
            way=Words("合成一条规则", "write them as one rule"),
            subject=(first.id, rule.id),
            places=(first.place,),
        )
