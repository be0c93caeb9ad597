"""Checks of dates: days without a value, days on which a list holds nothing, rules out of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.checking.uses import names_used, names_used_outside
from ordinance.rules.deciding.constants import constants_on, turning_days
from ordinance.rules.kinds import Words
from ordinance.rules.tree import Effective, NamedList, Param, RuleSet

_ALWAYS = Effective()


def days_without_value(tree: RuleSet) -> Iterator[Finding]:
    """Names that something asks for on days before their first value.

    On such a day the condition is unknown, so the order goes to a person. Where the file says from
    which day on it is in force, that is a hole in it (an error); where it says nothing, only old
    orders can meet it (a warning).
    """
    named: list[Param | NamedList] = [*(tree.params or {}).values(), *(tree.lists or {}).values()]
    for item in named:
        first = min((dated.start or date.min for dated in item.values), default=date.min)
        if first == date.min:
            continue
        asked = [span for span in _spans_of_use(tree, item.name) if (span[0] or date.min) < first]
        if not asked:
            continue
        start = min(span[0] or date.min for span in asked)
        yield _hole(item, first, None if start == date.min else start)


def _hole(item: Param | NamedList, first: date, start: date | None) -> Finding:
    """The finding on one name; `start` is the first day on which it is asked for (None: always)."""
    if start is None:
        return finding(
            "W_NO_VALUE",
            "warning",
            Words(
                f"`{item.name}` 的第一个值从 {first} 起, 更早的订单用到它时只能算未知",
                f"the first value of `{item.name}` begins on {first}; for orders of earlier days "
                "what asks for it is unknown",
            ),
            item.place,
            way=Words(
                "第一个日期改写 `一直`, 或给规则写 `生效`",
                "write `always` instead of the first date, or say `effective: {from: ...}`",
            ),
            subject=(item.name,),
        )
    return finding(
        "E_NO_VALUE",
        "error",
        Words(
            f"规则从 {start} 起就用到 `{item.name}`, 而它的第一个值从 {first} 起",
            f"rules ask for `{item.name}` from {start} on, and its first value begins on {first}",
        ),
        item.place,
        way=Words(
            f"第一个值改从 `{start}` 起, 或写 `一直`",
            f"let the first value begin on `{start}`, or write `always`",
        ),
        subject=(item.name,),
    )


def days_of_empty_lists(tree: RuleSet) -> Iterator[Finding]:
    """Lists all of whose entries have ended, on days on which a rule still asks for them.

    A list that is written empty was said by the reader already.
    """
    days = [None, *turning_days(tree)]
    for item in (tree.lists or {}).values():
        written_empty = [dated.start for dated in item.values if not dated.entries]
        spans = _spans_of_use(tree, item.name)
        for day, end in zip(days, [*days[1:], None], strict=True):
            on = day or date.min
            used = any(_meet(span, (day, end)) for span in spans)
            held = constants_on(tree, on).lists.get(item.name)
            latest = max(
                (
                    dated.start or date.min
                    for dated in item.values
                    if (dated.start or date.min) <= on
                ),
                default=None,
            )
            if not used or held is None or held or latest in [s or date.min for s in written_empty]:
                continue
            yield finding(
                "W_EMPTY_LIST",
                "warning",
                Words(
                    f"名单 `{item.name}` 从 {on} 起没有条目了: 都已截至",
                    f"list `{item.name}` holds nothing from {on} on: all its entries have ended",
                ),
                item.place,
                way=Words(
                    "延长 `截至`, 添加条目, 或去掉用它的规则",
                    "let an entry last longer, add one, or remove the rules that ask for it",
                ),
                subject=(item.name,),
            )
            break


def rules_out_of_time(tree: RuleSet) -> Iterator[Finding]:
    """Rules whose days all lie outside those of their set."""
    for rule in tree.rules:
        if rule.effective is None or _common(tree.effective, rule.effective) is not None:
            continue
        yield finding(
            "W_OUT_OF_TIME",
            "warning",
            Words(
                f"规则 `{rule.id}` 的生效日期都在整套规则的生效期之外, 永远不会命中",
                f"the days of rule `{rule.id}` all lie outside those of its rule set, so it never "
                "fires",
            ),
            rule.place,
            way=Words("改正日期, 或删掉这条规则", "correct the dates, or remove the rule"),
            subject=(rule.id,),
        )


def over_on(tree: RuleSet, today: date) -> Iterator[Finding]:
    """Rules, and whole sets, that are over on `today`."""
    for name, effective, place in (
        ("", tree.effective, tree.place),
        *((rule.id, rule.effective, rule.place) for rule in tree.rules),
    ):
        if effective is None or effective.end is None or effective.end > today:
            continue
        zh, en = (f"规则 `{name}`", f"rule `{name}`") if name else ("这套规则", "this rule set")
        yield finding(
            "W_OVER",
            "warning",
            Words(
                f"{zh}在 {effective.end} 已经结束, 只对之前的订单有效",
                f"{en} ended on {effective.end}; it decides orders of earlier days only",
            ),
            place,
            way=Words(
                "不再需要就删掉, 还需要就改 `到`",
                "remove it when no such order is left, or move its `to`",
            ),
            subject=(name,),
        )


def _spans_of_use(tree: RuleSet, name: str) -> list[tuple[date | None, date | None]]:
    """The days on which something asks for a name: start (None: always) and end (excluded)."""
    spans = []
    if name in names_used_outside(tree):
        spans.append(_common(tree.effective, _ALWAYS))
    for rule in tree.rules:
        if name in names_used(rule):
            spans.append(_common(tree.effective, rule.effective or _ALWAYS))
    return [span for span in spans if span is not None]


def _common(whole: Effective | None, part: Effective) -> tuple[date | None, date | None] | None:
    """The days that both cover; None when there are none."""
    both = (whole or _ALWAYS, part)
    starts = [item.start for item in both if item.start is not None]
    ends = [item.end for item in both if item.end is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    return None if start is not None and end is not None and start >= end else (start, end)


def _meet(first: tuple[date | None, date | None], second: tuple[date | None, date | None]) -> bool:
    return _common(Effective(*first), Effective(*second)) is not None
