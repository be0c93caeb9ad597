"""Tables of the rule language: its keys, comparators, hit policies and kinds of value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from made.markup import code, table
from ordinance.rules import Hit, Kind
from ordinance.rules.refusal import EXAMPLES
from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS, COMPARATORS_OF, HITS, KEYS, KINDS_ZH, UNITS

_WRITTEN_ZH: Mapping[Kind, str] = {
    Kind.MONEY: "`199.00`",
    Kind.INTEGER: "`12`",
    Kind.DECIMAL: "`2.5`",
    Kind.RATIO: "`0.2` 或 `20%`",
    Kind.TEXT: "文字",
    Kind.CHOICE: "该事实列出的词, 中英文都可以",
    Kind.BOOLEAN: "`是`、`否` 或 `true`、`false`",
    Kind.DATE: "`2026-11-05`",
    Kind.INSTANT: "`2026-11-05T22:30:00+08:00`",
    Kind.TIME_OF_DAY: '`"22:30"`',
    Kind.DURATION: "`48小时`、`30分钟`、`7天` 或 `48 h`、`30 min`、`7 d`",
    Kind.TAGS: "文字的列表",
    Kind.REGION: '`"33"`、`"3301"`、`"330106"` 或 `BR-SP`',
}
_HITS: Mapping[Hit, tuple[str, str]] = {
    Hit.FIRST: ("按文件顺序第一条成立的规则", "the first true rule in file order answers"),
    Hit.UNIQUE: (
        "只能有一条规则成立; 两条同时成立即失败",
        "exactly one rule may be true; two at once fail",
    ),
    Hit.COLLECT: (
        "所有成立的规则按顺序合并; 同组只取第一条",
        "all true rules are merged in file order, of a `group` only the first",
    ),
    Hit.SCORE: ("成立规则的得分相加, 由分档得出结论", "points are added, and a band answers"),
    Hit.RANK: ("候选先排除, 再逐条比较", "candidates are excluded first, then compared"),
}


def comparators() -> str:
    """Every comparator with its twin, its words and the kinds that allow it."""
    return table(
        ("comparator", "中文", "in a sentence", "for"),
        (
            (
                code(item),
                code(words.zh),
                words.phrase.en.format("x", "y"),
                ", ".join(kind for kind in Kind if item in COMPARATORS_OF[kind]),
            )
            for item, words in ((item, COMPARATORS[item]) for item in Comparator)
        ),
    )


def comparators_zh() -> str:
    """The same for a Chinese reader."""
    return table(
        ("比较词", "英文", "句子里的说法", "适用"),
        (
            (
                code(words.zh),
                code(item),
                words.phrase.zh.format("甲", "乙"),
                "、".join(KINDS_ZH[kind] for kind in Kind if item in COMPARATORS_OF[kind]),
            )
            for item, words in ((item, COMPARATORS[item]) for item in Comparator)
        ),
    )


def kinds() -> str:
    """Every kind of value and how it is written."""
    return table(
        ("kind", "中文", "written as"),
        ((code(kind), KINDS_ZH[kind], EXAMPLES[kind]) for kind in Kind),
    )


def kinds_zh() -> str:
    """The same for a Chinese reader."""
    return table(
        ("类型", "英文", "写法"),
        ((KINDS_ZH[kind], code(kind), _WRITTEN_ZH[kind]) for kind in Kind),
    )


def hits(lang: str) -> str:
    """The hit policies."""
    heads = ("命中", "英文", "含义") if lang == "zh" else ("hit", "中文", "meaning")
    return table(
        heads,
        (
            (code(HITS[hit]), code(hit), _HITS[hit][0])
            if lang == "zh"
            else (code(hit), code(HITS[hit]), _HITS[hit][1])
            for hit in Hit
        ),
    )


def keys() -> str:
    """Every key of the format with its twin, four pairs to a row."""
    pairs = [f"{code(name)} {zh}" for name, zh in KEYS.items()]
    pairs += [""] * (-len(pairs) % 4)
    rows = [pairs[place : place + 4] for place in range(0, len(pairs), 4)]
    return table(("key 键",) * 4, rows)


def units() -> str:
    """The units that numbers have."""
    return table(("unit", "中文"), ((code(name), code(words.zh)) for name, words in UNITS.items()))


TABLES: Mapping[str, Callable[[], str]] = {
    "comparators": comparators,
    "comparators.zh": comparators_zh,
    "kinds": kinds,
    "kinds.zh": kinds_zh,
    "hits": partial(hits, "en"),
    "hits.zh": partial(hits, "zh"),
    "keys": keys,
    "units": units,
}
"""Every table of the language by its name in a document."""
