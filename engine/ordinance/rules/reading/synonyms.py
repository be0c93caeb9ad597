"""What people write where the language has another word: signs, words of other tools, near words.

Only for messages: none of these is accepted. A guess by letters would mislead here (`小于` is as
near to `高于` as to `低于`), so the meaning is written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS, KEYS

_COMPARATORS: Mapping[Comparator, str] = {
    Comparator.AT_LEAST: ">= => ≥ gte ge min minimum from greater_or_equal "
    "greater_than_or_equal greater_than_or_equal_to not_less_than not_below "
    "大于等于 大于或等于 不小于 不少于 至少 最少 满 达到 起 以上",
    Comparator.ABOVE: "> gt greater greater_than more more_than over higher_than bigger_than after "
    "大于 超过 多于 超出 大过 晚于",
    Comparator.AT_MOST: "<= =< ≤ lte le max maximum up_to less_or_equal less_than_or_equal "
    "less_than_or_equal_to not_more_than not_above 小于等于 小于或等于 不大于 不多于 不超过 "
    "至多 最多 以下 以内",
    Comparator.BELOW: "< lt less less_than lower_than smaller_than under before "
    "小于 少于 不足 不到 不满 未满 早于",
    Comparator.IS: "= == === eq equal equals equal_to is_equal_to 是 为 等於 相等 =是",
    Comparator.IS_NOT: "!= <> ≠ ne neq not not_equal not_equals not_equal_to isnt 不是 不为 非 "
    "不等於 除了",
    Comparator.BETWEEN: "range in_range within 之间 范围 区间 在之间",
    Comparator.ONE_OF: "in any any_of is_one_of oneof is_in 在 之一 任一 在名单 在列表",
    Comparator.NONE_OF: "not_in notin nin not_one_of none 不在 除外 不在名单",
    Comparator.STARTS_WITH: "start_with begins_with startswith prefix 以开头 开头",
    Comparator.ENDS_WITH: "end_with endswith suffix 以结尾 结尾",
    Comparator.CONTAINS: "include includes has contain like 包含 含有 包括 有",
    Comparator.CONTAINS_NONE: "not_contains excludes without lacks 不包含 不含有 没有",
    Comparator.MATCHES: "regex regexp match pattern =~ 正则 符合",
    Comparator.MISSING: "empty is_empty null is_null exists is_missing absent unknown "
    "为空 空 不存在 未填 无",
}
_KEYS: Mapping[str, str] = {
    "when": "if condition conditions where 如果 条件 当时 若 假如",
    "then": "do action actions outcome result 那么 结果 结论 动作 就",
    "because": "why reason explanation message 理由 说明 解释 原因",
    "id": "code key number 规则编号 序号 代码",
    "title": "name label 名称 名字",
    "otherwise": "else default 默认 其他 其它",
    "when_unknown": "unknown if_unknown 未知",
    "expect": "expected result then outcome 结果 预期 期待 结论",
    "given": "when input facts 输入 事实 条件",
    "tests": "test examples cases 用例 测试用例",
    "rules": "rule 规则列表",
    "values": "default amount 数值 金额",
    "until": "to expires end valid_until 到 到期 有效期至 截止",
    "from": "at_least min start 起 开始",
    "to": "below at_most max end until 止 结束",
    "at_least": "from min minimum 最小 最低 起",
    "at_most": "to max maximum 最大 最高",
    "below": "at_most to max 最高 最多 不高于 小于",
}
_MEANT = {word: comparator for comparator, words in _COMPARATORS.items() for word in words.split()}
_COMPARED = re.compile(
    rf"(?P<fact>[^\s<>=!≥≤≠]*?)\s*"
    rf"(?P<word>[<>=!]{{1,3}}|[≥≤≠]|\b(?:{'|'.join(Comparator)})\b|"
    rf"{'|'.join(sorted((words.zh for words in COMPARATORS.values()), key=len, reverse=True))})"
    rf"\s*(?P<value>\S.*)"
)

_LONGEST = 200

AND = ("and", "并且", "而且", "且", "同时", "&&")
OR = ("or", "或者", "或", "或是", "||", "either")


def comparator(word: str) -> Comparator | None:
    """The comparator that somebody who writes `word` most likely means."""
    return _MEANT.get(word.strip().lower().replace(" ", "_").replace("-", "_"))


def key(word: str, allowed: Iterable[str]) -> str | None:
    """The key among `allowed` (English ones) that `word` most likely stands for."""
    usual = word.strip().lower().replace(" ", "_").replace("-", "_")
    return next((name for name in allowed if usual in _KEYS.get(name, "").split()), None)


def both(name: str) -> str:
    """A comparator or key in both spellings, for a message."""
    found = next((item for item in Comparator if item == name), None)
    zh = COMPARATORS[found].zh if found is not None else KEYS[name]
    return f"`{name}` (`{zh}`)"


def compared(text: str) -> tuple[str, Comparator, str] | None:
    """`order.pieces >= 3` or `>= 3` as fact (or nothing), comparator and value."""
    found = _COMPARED.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    word = found["word"]
    spelled = {words.zh: item for item, words in COMPARATORS.items()} | {
        str(item): item for item in Comparator
    }
    meant = spelled.get(word) or comparator(word)
    return None if meant is None else (found["fact"], meant, found["value"])
