"""What the checks do not look into, named."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.resolved import resolved
from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.kinds import Words
from ordinance.rules.tree import Comparator, LineTest, Test


def not_checked(model: Model) -> Iterator[Finding]:
    """Comparisons that stand for themselves: what follows from them together is not looked into."""
    opaque = set(model.space.opaque)
    for rule in model.tree.rules:
        for test in tests_in(rule.when):
            if resolved(test, model.constants) in opaque:
                zh, en = _why(test)
                yield finding(
                    "N_NOT_CHECKED",
                    "note",
                    Words(
                        f"规则 `{rule.id}` 的{zh}只当作成立或不成立, 没有往里查",
                        f"rule `{rule.id}`: {en} is taken as true or false and not looked into",
                    ),
                    test.place,
                    subject=(rule.id, str(test.place)),
                )


def _why(test: Test | LineTest) -> tuple[str, str]:
    if isinstance(test, LineTest):
        return "商品行条件", "the condition on lines"
    if test.comparator is Comparator.MATCHES:
        return f" `{test.fact}` 的匹配式", f"the pattern of `{test.fact}`"
    return f" `{test.fact}` 和其他事实的比较", f"the comparison of `{test.fact}` with another fact"
