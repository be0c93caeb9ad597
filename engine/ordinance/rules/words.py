"""The words of the language: every comparator with its two spellings and its phrase in sentences.

One table serves the reader (spellings) and the explainer (phrases), so that a sentence can never
say "greater than" over a test that means "at least".
"""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.tree import Comparator


@dataclass(frozen=True, slots=True)
class ComparatorWords:
    """Chinese spelling in rule files, and the phrase after the fact in a sentence.

    `{0}` and `{1}` in the phrases are the operands.
    """

    zh: str
    phrase: Words


COMPARATORS: dict[Comparator, ComparatorWords] = {
    Comparator.IS: ComparatorWords("等于", Words("等于 {0}", "is {0}")),
    Comparator.IS_NOT: ComparatorWords("不等于", Words("不等于 {0}", "is not {0}")),
    Comparator.AT_LEAST: ComparatorWords("不低于", Words("不低于 {0}", "at least {0}")),
    Comparator.ABOVE: ComparatorWords("高于", Words("高于 {0}", "above {0}")),
    Comparator.AT_MOST: ComparatorWords("不高于", Words("不高于 {0}", "at most {0}")),
    Comparator.BELOW: ComparatorWords("低于", Words("低于 {0}", "below {0}")),
    Comparator.BETWEEN: ComparatorWords(
        "介于",
        Words("在 {0} (含) 和 {1} (不含) 之间", "from {0} (included) to {1} (excluded)"),
    ),
    Comparator.ONE_OF: ComparatorWords("属于", Words("属于 {0}", "one of {0}")),
    Comparator.NONE_OF: ComparatorWords("不属于", Words("不属于 {0}", "none of {0}")),
    Comparator.STARTS_WITH: ComparatorWords("开头是", Words("开头是 {0}", "starts with {0}")),
    Comparator.ENDS_WITH: ComparatorWords("结尾是", Words("结尾是 {0}", "ends with {0}")),
    Comparator.CONTAINS: ComparatorWords("含", Words("含 {0}", "contains {0}")),
    Comparator.CONTAINS_ANY: ComparatorWords("含任一", Words("含任一 {0}", "contains any of {0}")),
    Comparator.CONTAINS_ALL: ComparatorWords("含全部", Words("含全部 {0}", "contains all of {0}")),
    Comparator.CONTAINS_NONE: ComparatorWords("不含", Words("不含 {0}", "contains none of {0}")),
    Comparator.MATCHES: ComparatorWords("匹配", Words("匹配 {0}", "matches {0}")),
    Comparator.MISSING: ComparatorWords("缺失", Words("缺失", "is missing")),
}

BOOLEANS: dict[bool, Words] = {True: Words("是", "yes"), False: Words("否", "no")}

KINDS_ZH: dict[Kind, str] = {
    Kind.MONEY: "金额",
    Kind.INTEGER: "整数",
    Kind.DECIMAL: "小数",
    Kind.RATIO: "比例",
    Kind.TEXT: "文字",
    Kind.CHOICE: "选项",
    Kind.BOOLEAN: "是否",
    Kind.DATE: "日期",
    Kind.INSTANT: "时间点",
    Kind.TIME_OF_DAY: "时刻",
    Kind.DURATION: "时长",
    Kind.TAGS: "标签",
    Kind.REGION: "地区",
}
"""Each kind of value in Chinese."""

UNITS: dict[str, Words] = {
    "day": Words("天", "days"),
    "d": Words("天", "d"),
    "h": Words("小时", "h"),
    "min": Words("分钟", "min"),
    "s": Words("秒", "s"),
    "month": Words("个月", "months"),
    "year": Words("年", "years"),
    "g": Words("克", "g"),
    "kg": Words("千克", "kg"),
    "km": Words("公里", "km"),
    "cm": Words("厘米", "cm"),
    "cm3": Words("立方厘米", "cm³"),
    "piece": Words("件", "pieces"),
}
"""The words of each unit; the Chinese word is also a spelling of it in rule files."""

DURATION_UNITS: dict[str, int] = {
    "s": 1,
    "min": 60,
    "h": 3_600,
    "d": 86_400,
    "秒": 1,
    "分钟": 60,
    "小时": 3_600,
    "天": 86_400,
}
"""Seconds in each unit that a duration may be written in."""

# ISO 4217; every currency that is not named here has two decimals.
_NO_DECIMALS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV")
) | frozenset(("XAF", "XOF", "XPF"))
_THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def decimals_of(currency: str | None) -> int:
    """How many decimals an amount of this currency has; two where it is unknown."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def unit_words(unit: str, lang: str, *, one: bool = False) -> str:
    """The unit as it follows a number in a sentence; `one` gives the English singular."""
    words = UNITS.get(unit)
    if words is None:
        return unit
    if lang == "en" and one and words.en.endswith("s") and len(words.en) > 2:
        return words.en[:-1]
    return words.get(lang)


KEYS: dict[str, str] = {
    "decision": "决策",
    "decisions": "决策组",
    "title": "标题",
    "version": "版本",
    "effective": "生效",
    "from": "从",
    "to": "到",
    "daily": "每日",
    "as_of": "取值日",
    "hit": "命中",
    "params": "参数",
    "lists": "名单",
    "unit": "单位",
    "merchant_may_set": "商家可设",
    "values": "取值",
    "value": "值",
    "label": "名目",
    "source": "来源",
    "locked": "锁定",
    "until": "截至",
    "reason": "原因",
    "added_by": "添加人",
    "rules": "规则",
    "table": "表格",
    "columns": "列",
    "rows": "行",
    "id": "编号",
    "if": "如果",
    "when": "当",
    "then": "则",
    "because": "因为",
    "group": "组",
    "scope": "范围",
    "must": "必须",
    "owner": "负责人",
    "total": "合计",
    "bands": "分档",
    "points": "得分",
    "exclude": "排除",
    "prefer": "优先",
    "most": "最多",
    "least": "最少",
    "within": "相差小于",
    "weights": "权重",
    "weight": "权数",
    "tie_break": "决胜",
    "most_specific": "最具体",
    "when_unknown": "未知时",
    "otherwise": "否则",
    "tests": "测试",
    "name": "名称",
    "given": "给定",
    "lines": "商品行",
    "candidates": "候选",
    "expect": "期望",
    "fired": "命中规则",
    "ranking": "名次",
    "at": "时刻",
    "any": "任一",
    "all": "全部",
    "not": "非",
    "some": "若干",
    "of": "其中",
    "any_line": "任一行",
    "all_lines": "每一行",
    "count_lines": "行计数",
    "where": "满足",
    "zh": "中文",
    "en": "英文",
    "channels": "渠道",
    "shops": "店铺",
    "warehouses": "仓库",
    "carriers": "快递",
}
"""Every key of the format with its Chinese twin."""

HITS: dict[str, str] = {
    "first": "首个",
    "unique": "唯一",
    "collect": "汇总",
    "score": "评分",
    "rank": "排序",
}

TOTALS: dict[str, str] = {"sum": "求和", "max": "取最大", "min": "取最小"}
"""What `total` of a score may be."""

ANY_CELL = ("any", "任意")
"""A table cell without a test."""
UNSET_CELL = ("unset", "不设")
"""A table cell without an outcome."""
ALWAYS = ("always", "一直")
"""The first date of dated values, and a rule without conditions."""
FAIL = ("error", "报错")
"""`otherwise: error`."""

_ORDERED = (
    Comparator.IS,
    Comparator.IS_NOT,
    Comparator.AT_LEAST,
    Comparator.ABOVE,
    Comparator.AT_MOST,
    Comparator.BELOW,
    Comparator.BETWEEN,
    Comparator.ONE_OF,
    Comparator.NONE_OF,
    Comparator.MISSING,
)
_NAMED = (
    Comparator.IS,
    Comparator.IS_NOT,
    Comparator.ONE_OF,
    Comparator.NONE_OF,
    Comparator.MISSING,
)
_CONTAINING = (
    Comparator.CONTAINS,
    Comparator.CONTAINS_ANY,
    Comparator.CONTAINS_ALL,
    Comparator.CONTAINS_NONE,
)

COMPARATORS_OF: dict[Kind, tuple[Comparator, ...]] = {
    Kind.MONEY: _ORDERED,
    Kind.INTEGER: _ORDERED,
    Kind.DECIMAL: _ORDERED,
    Kind.RATIO: _ORDERED,
    Kind.DATE: _ORDERED,
    Kind.INSTANT: _ORDERED,
    Kind.TIME_OF_DAY: _ORDERED,
    Kind.DURATION: _ORDERED,
    Kind.TEXT: (
        *_NAMED[:-1],
        Comparator.STARTS_WITH,
        Comparator.ENDS_WITH,
        *_CONTAINING,
        Comparator.MATCHES,
        Comparator.MISSING,
    ),
    Kind.CHOICE: _NAMED,
    Kind.REGION: _NAMED,
    Kind.BOOLEAN: (Comparator.IS, Comparator.IS_NOT, Comparator.MISSING),
    Kind.TAGS: (*_CONTAINING, Comparator.MISSING),
}
"""Which comparators each kind of fact allows. The operands are of the fact's kind, except that
tags are compared with texts, and `missing` takes a boolean."""

MANY_OPERANDS = frozenset(
    {
        Comparator.ONE_OF,
        Comparator.NONE_OF,
        Comparator.CONTAINS_ANY,
        Comparator.CONTAINS_ALL,
        Comparator.CONTAINS_NONE,
    }
)
"""Comparators that take a list of values, or one `$list`."""
