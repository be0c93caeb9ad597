"""The codes of problems, from the code that finds them, with what each is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from made.markup import code, table
from made.terminal import ROOT
from ordinance.rules import Words

SOURCES = ("reading", "deciding", "rulebook.py", "scalar.py", "numeral.py", "moment.py", "facts.py")
"""Where problems with rule files and facts are found, below `engine/ordinance/rules`."""

_CODE = re.compile(r'"([EW]_[A-Z_]+)"')
_ABOUT = {
    "E_ANCHOR": Words("YAML 的引用 (`&`、`*`、`<<`)", "YAML's copies: `&name`, `*name`, `<<`"),
    "E_CHAR": Words("文件编码或字符不对", "a character or an encoding that is not allowed"),
    "E_CONFLICT": Words("两种写法只能留一种", "two ways to say the same stand side by side"),
    "E_DEPTH": Words("嵌套太深", "nested too deep"),
    "E_DUPLICATE": Words("同一样东西给了两次", "one thing is given or answered twice"),
    "E_DUP_KEY": Words("键、编号或名字重复", "a key, an id or a name stands twice"),
    "E_EMPTY": Words("该写的地方空着", "something is empty"),
    "E_GAP": Words("分档之间有空当", "no band holds some sum of points"),
    "E_HIT": Words("命中方式不对", "the hit policy is unknown or does not suit the decision"),
    "E_IO": Words("文件读不了", "the file cannot be read"),
    "E_KEY": Words("不能当编号或名字", "this cannot be an id or a name"),
    "E_KEY_TYPE": Words("不能当键", "this cannot be a key"),
    "E_MISSING_FACT": Words("缺了必须有的事实", "a fact that must be there is absent"),
    "E_MONEY": Words(
        "金额不对: 小数位、币种或太小", "an amount: its decimals, its currency, or too low"
    ),
    "E_MULTI_DOC": Words("文件里有第二个 `---`", "a second document in the file"),
    "E_NODES": Words("文件里的内容太多", "the file holds too much"),
    "E_NO_FILES": Words("文件夹里没有规则文件", "the folder holds no rule files"),
    "E_NUMBER": Words("数字的写法不对", "a number in another spelling"),
    "E_OPERATOR": Words("比较词不对", "a comparator that is unknown or does not fit"),
    "E_OVERLAP": Words("分档重叠", "two bands hold the same points"),
    "E_RANGE": Words("超出范围, 或上下限颠倒", "out of range, or bounds the wrong way round"),
    "E_REF": Words(
        "没有这个参数、名单、事实、规则或决策", "no such parameter, list, fact, rule or decision"
    ),
    "E_REGEX": Words("`matches` (匹配) 的式子不对", "the pattern of `matches`"),
    "E_REQUIRED": Words("缺了必须写的东西", "something that must be there is not"),
    "E_SIZE": Words("文件太大", "the file is too large"),
    "E_SYNTAX": Words("标点、括号、引号或缩进不对", "signs, brackets, quotes or indentation"),
    "E_TAG": Words("YAML 的类型标记 (`!`)", "YAML's type tags: `!name`"),
    "E_TIE": Words("`tie_break` (决胜) 分不出先后", "`tie_break` leaves two candidates tied"),
    "E_TYPE": Words("值的类型或写法不对", "a value of another kind than is wanted"),
    "E_UNKNOWN_FACT": Words("没有这个事实", "the decision has no such fact"),
    "E_UNKNOWN_KEY": Words("没有这个键或这个词", "no such key or word"),
    "W_EMPTY_LIST": Words("名单是空的", "a list is empty"),
    "W_FILE": Words("文件名差一点, 所以没有读", "a file is not read because of its name"),
    "W_NO_LINE_FACT": Words(
        "针对行的条件没有用到行", "a condition over lines asks nothing of a line"
    ),
    "W_REPEATED": Words("值重复", "a value stands twice"),
    "W_UNUSED": Words("没有规则用到", "no rule uses it"),
    "W_WORD": Words("这段文字恐怕不是想当文字写的", "a text that was hardly meant as one"),
}


def codes(lang: str) -> str:
    """Every code that the reader gives. Raises `KeyError` for one that nothing is said about."""
    rules = ROOT / "engine" / "ordinance" / "rules"
    paths = [
        path
        for name in SOURCES
        for path in ([rules / name] if name.endswith(".py") else (rules / name).rglob("*.py"))
    ]
    given = {found for path in paths for found in _CODE.findall(path.read_text("utf-8"))}
    if gone := sorted(_ABOUT.keys() - given):
        raise ValueError(f"no code gives {', '.join(gone)}")
    heads = ("代码", "说的是") if lang == "zh" else ("code", "it is about")
    return table(heads, ((code(name), _ABOUT[name].get(lang)) for name in sorted(given)))


TABLES: Mapping[str, Callable[[], str]] = {
    "problems": partial(codes, "en"),
    "problems.zh": partial(codes, "zh"),
}
"""The table of codes by its name in a document."""
