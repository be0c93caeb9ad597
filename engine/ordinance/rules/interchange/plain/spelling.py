"""The words and signs of cells in tables that people write: each meaning with its spellings.

The first spelling of each language is the one that is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Hit, Merge
from ordinance.rules.tree import Comparator
from ordinance.rules.words import ANY_CELL, COMPARATORS, FAIL, HITS, KEYS, UNSET_CELL


@dataclass(frozen=True, slots=True)
class Spelled:
    """The spellings of one meaning."""

    en: tuple[str, ...]
    zh: tuple[str, ...]

    def get(self, lang: str) -> str:
        """The one that is written in `lang` (`zh` or `en`)."""
        return (self.zh if lang == "zh" else self.en)[0]

    @property
    def all(self) -> tuple[str, ...]:
        return self.en + self.zh


ANY = Spelled((ANY_CELL[0], "-", "*"), (ANY_CELL[1], "不限", "—", "——", "–", "－"))
UNSET = Spelled((UNSET_CELL[0], "-"), (UNSET_CELL[1], "—", "——", "–", "－"))
MISSING = Spelled(("missing",), ("缺失", "空", "为空"))
PRESENT = Spelled(("present", "not missing"), ("非空", "不为空"))
NOT = Spelled(("not", "except"), (KEYS["not"], "不是", "除", "除了"))
OR = Spelled(("or",), ("或", "或者"))
AND = Spelled(("and",), ("且", "并且"))
TRUE = Spelled(("yes", "Yes", "true", "True", "TRUE"), ("是", "√", "✓"))
FALSE = Spelled(("no", "No", "false", "False", "FALSE"), ("否", "×", "✗"))

ID = Spelled(("id", "rule", "rule id"), (KEYS["id"], "规则", "规则编号", "序号"))
TITLE = Spelled(("title",), (KEYS["title"],))
NOTE = Spelled(("note", "notes", "comment", "remark"), ("备注", "说明", "注释"))
NAME = Spelled(("name", "table"), (KEYS["name"], "表名"))
HIT = Spelled(("hit", "hit policy"), (KEYS["hit"], "命中策略"))
OTHERWISE = Spelled(("otherwise", "else"), (KEYS["otherwise"],))
FAILS = Spelled((FAIL[0],), (FAIL[1],))
WHEN = Spelled(("if", "when", "conditions"), ("如果", "当", "条件"))
THEN = Spelled(("then", "outcome", "outcomes"), ("则", "那么", "结果"))
ARROWS = ("→", "->", "=>", "⇒", "➔")

SIGNS: Mapping[str, Comparator] = {
    ">=": Comparator.AT_LEAST,
    "≥": Comparator.AT_LEAST,
    "≧": Comparator.AT_LEAST,
    "<=": Comparator.AT_MOST,
    "≤": Comparator.AT_MOST,
    "≦": Comparator.AT_MOST,
    "!=": Comparator.IS_NOT,
    "<>": Comparator.IS_NOT,
    "≠": Comparator.IS_NOT,
    "==": Comparator.IS,
    ">": Comparator.ABOVE,
    "<": Comparator.BELOW,
    "=": Comparator.IS,
}
"""Longer ones stand before those that they begin with."""

_MORE: Mapping[Comparator, Spelled] = {
    Comparator.IS: Spelled(("is", "equals", "equal to"), ()),
    Comparator.IS_NOT: Spelled(("is not", "not equal to"), ()),
    Comparator.AT_LEAST: Spelled(
        ("at least", "no less than", "not less than"),
        ("不少于", "不小于", "大于等于", "大于或等于", "至少", "满"),
    ),
    Comparator.ABOVE: Spelled(
        ("above", "over", "more than", "greater than"), ("大于", "超过", "多于")
    ),
    Comparator.AT_MOST: Spelled(
        ("at most", "up to", "no more than", "not more than"),
        ("不多于", "不大于", "不超过", "小于等于", "小于或等于", "至多"),
    ),
    Comparator.BELOW: Spelled(
        ("below", "under", "less than", "fewer than"), ("小于", "少于", "不满", "未满", "不足")
    ),
    Comparator.ONE_OF: Spelled(("one of", "any of"), ()),
    Comparator.NONE_OF: Spelled(("none of",), ()),
    Comparator.STARTS_WITH: Spelled(("starts with", "begins with"), ("开头为",)),
    Comparator.ENDS_WITH: Spelled(("ends with",), ("结尾为",)),
    Comparator.CONTAINS: Spelled(("contains",), ("包含",)),
    Comparator.CONTAINS_ANY: Spelled(("contains any of",), ("包含任一",)),
    Comparator.CONTAINS_ALL: Spelled(("contains all of",), ("包含全部",)),
    Comparator.CONTAINS_NONE: Spelled(("contains none of",), ("不包含",)),
    Comparator.MATCHES: Spelled(("matches",), ()),
}

COMPARING: Mapping[Comparator, Spelled] = {
    comparator: Spelled(spelled.en, (COMPARATORS[comparator].zh, *spelled.zh))
    for comparator, spelled in _MORE.items()
}
"""Words before a value."""

AFTER: Mapping[Comparator, Spelled] = {
    Comparator.AT_LEAST: Spelled(("or more", "or above", "and above", "and over"), ("以上",)),
    Comparator.AT_MOST: Spelled(("or less", "or fewer", "or below", "and below"), ("以下", "以内")),
}
"""Words after a number. The Chinese ones include it, as article 1259 of the Civil Code says."""

EXCEPT_AFTER = ("除外",)
"""After a list: none of it."""

HITTING: Mapping[str, tuple[Hit, Merge]] = {
    **{
        spelling: (hit, Merge.LIST)
        for hit in (Hit.FIRST, Hit.UNIQUE, Hit.COLLECT)
        for spelling in (hit.value, HITS[hit.value])
    },
    **{
        f"{collect} {how}": (Hit.COLLECT, merge)
        for merge, words in {
            Merge.SUM: ("sum", "求和"),
            Merge.MAX: ("max", "最大"),
            Merge.MIN: ("min", "最小"),
        }.items()
        for collect, how in zip((Hit.COLLECT.value, HITS["collect"]), words, strict=True)
    },
}
"""What a hit policy may be called."""

KINDS: Mapping[Kind, Spelled] = {
    Kind.DECIMAL: Spelled(("number",), ("数字", "数值")),
    Kind.TEXT: Spelled(("text", "code"), ("文本", "文字", "代码")),
    Kind.BOOLEAN: Spelled(("yes or no", "yes/no"), ("是否", "是或否")),
    Kind.DATE: Spelled(("date",), ("日期",)),
    Kind.INSTANT: Spelled(("moment", "date and time"), ("时刻", "日期时间")),
    Kind.TIME_OF_DAY: Spelled(("time of day",), ("钟点",)),
    Kind.DURATION: Spelled(("length of time", "duration"), ("时长",)),
    Kind.TAGS: Spelled(("tags",), ("标签",)),
    Kind.REGION: Spelled(("region",), ("行政区划",)),
}
"""What may stand in brackets after the name of a fact."""

UNCLEAR: Mapping[str, str] = {
    **dict.fromkeys(
        ("all", "every", "全部", "所有", "全部地区"),
        "any value, or the word? For any value leave the cell blank",
    ),
    **dict.fromkeys(
        ("none", "null", "nil", "n/a", "N/A", "NA", "无", "没有", "暂无"),
        "an absent value, or the word? For an absent one write `missing` (`空`)",
    ),
    **dict.fromkeys(
        ("other", "others", "其他", "其它", "其余", *OTHERWISE.all),
        "the word, or everything else? For everything else write `otherwise` (`否则`) in the "
        "column of ids, and leave the conditions blank",
    ),
    **dict.fromkeys(
        ("ditto", "same", "同上", "同左", "〃"), "it points to another cell: write it out"
    ),
    **dict.fromkeys(
        ("tbd", "TBD", "?", "？", "待定", "另议", "面议", "看情况", "视情况", "酌情", "未定"),
        "it is not decided yet",
    ),
    **dict.fromkeys((*NOT.all, *OR.all, *AND.all), "a value is missing beside it"),
}
"""Words that do not say what a rule needs to know, unless they stand in quotes."""
