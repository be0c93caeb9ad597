"""What people write wrong in a rule file, with what the reader says to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from made.markup import code, table
from made.terminal import ROOT
from ordinance.rules import RuleFileError, loads
from ordinance.rules.problem import Problem

FILE = ROOT / "rules" / "review.yaml"

_BANDS = "    bands:\n"
_RULE = """\
      - id: R8
        title: {zh: 四川贵重件, en: Costly order to Sichuan}
        when: {receiver.region: "51", order.receivable: {at_least: 2000}}
        then: {points: 30, task: address_check}
        because: {zh: "寄往 {receiver.region}", en: "to {receiver.region}"}
"""
_CASE = """\
      - name: {zh: 两千元, en: two thousand}
        given: {order.receivable: 2000}
        expect: {outcome: manual_review, fired: [R8]}
"""
_LIMIT = "    values: {always: 5000}\n"
_LIST = '    values: {always: ["46", "54"]}\n'


@dataclass(frozen=True, slots=True)
class Mistake:
    """One slip: the right text, the wrong one in its place, and how to help in Chinese."""

    right: str
    wrong: str
    zh: str
    shown: tuple[str, str] | None = None
    """What the tables show of it, zh and en; the wrong text where nothing is said."""

    def typed(self, lang: str) -> str:
        """What a table shows."""
        if self.shown is None:
            return code(self.wrong.strip())
        return self.shown[0 if lang == "zh" else 1]

    def problems(self) -> Sequence[Problem]:
        """What the reader says to the file with the slip, errors and warnings."""
        rule, case = _RULE.replace(self.right, self.wrong), _CASE.replace(self.right, self.wrong)
        text = FILE.read_text("utf-8")
        tests = text.index("    tests:\n") + len("    tests:\n")
        text = text[:tests] + case + text[tests:]
        text = text.replace(_BANDS, rule + _BANDS)
        if (rule, case) == (_RULE, _CASE):
            if text.count(self.right) != 1:
                raise ValueError(f"`{self.right}` is there {text.count(self.right)} times")
            text = text.replace(self.right, self.wrong)
        try:
            return loads(text).warnings
        except RuleFileError as error:
            return error.problems


LAYOUT = (
    Mistake(
        "        then: {",
        "          then: {",
        "缩进要和上下同级的行对齐",
        ("`then:` 多缩进了两格", "`then:` two blanks further in"),
    ),
    Mistake(
        "        then: {",
        "\tthen: {",
        "缩进只能用空格, 不能用 Tab 键",
        ("`then:` 前面是 Tab", "a tab before `then:`"),
    ),
    Mistake(
        "        then: {",
        "\u3000\u3000\u3000\u3000then: {",
        "缩进用了全角空格, 换成半角空格",
        ("`then:` 前面是全角空格", "full-width blanks before `then:`"),
    ),
    Mistake(
        "- id: R8",
        "  id: R8",
        "每条规则前面要有 `- ` (短横加空格)",
        ("`id: R8` 前面没有短横", "`id: R8` without its dash"),
    ),
    Mistake("- id: R8", "-id: R8", "短横后面要有空格"),
    Mistake("- id: R8", "- id:R8", "冒号后面要有空格"),
    Mistake("at_least: 2000", "at_least:2000", "冒号后面要有空格"),
    Mistake("because: {", "because：{", "冒号要用半角"),
    Mistake("points: 30, task", "points: 30， task", "逗号要用半角"),
    Mistake('["46", "54"]', '["46"、"54"]', "顿号换成半角逗号"),
    Mistake('"51"', "“51”", "引号要用半角"),
    Mistake('["46", "54"]', '【"46", "54"】', "方括号要用半角"),
    Mistake('"51", order', '"51, order', "引号没有配对"),
    Mistake("2000}}", "2000}", "花括号没有配对, 数一数少了哪个"),
    Mistake("2000}}", "2000}}}", "花括号多了一个"),
    Mistake("{at_least: 2000}", "(at_least: 2000)", "要用花括号, 不用圆括号"),
    Mistake(
        'when: {receiver.region: "51", order.receivable: {at_least: 2000}}',
        "when: order.receivable: at_least: 2000",
        "一行只能有一层 `名字: 值`, 里层要用花括号括起来",
    ),
    Mistake(
        "        then: {",
        "        // 备注\n        then: {",
        "注释用 `#` 开头",
        ("`// 备注`", "`// a note`"),
    ),
    Mistake('en: "to {receiver.region}"', "en: large, and far", "话里有逗号, 整句要加双引号"),
    Mistake(
        'zh: "寄往 {receiver.region}"', "zh: {receiver.region} 太远", "话里有花括号, 整句要加双引号"
    ),
    Mistake(
        'en: "to {receiver.region}"',
        "en: order #5 of a day",
        "`#` 后面会被当成注释, 整句要加双引号",
    ),
)
WORDS = (
    Mistake("order.receivable: {", "order.recievable: {", "事实的名字拼错了"),
    Mistake("order.receivable: {", "订单.金额: {", "没有叫这个名字的事实"),
    Mistake(
        "order.receivable: {",
        "line.quantity: {",
        "`line.` 说的是一行商品, 要放进 `any_line` (任一行) 里",
    ),
    Mistake("at_least: 2000", '">=": 2000', "不用符号, 用词: `at_least` (不低于)"),
    Mistake("{at_least: 2000}", ">= 2000", "不用符号, 用词: `{at_least: 2000}`"),
    Mistake("at_least: 2000", "大于等于: 2000", "写 `不低于`"),
    Mistake("at_least: 2000", "小于: 2000", "写 `低于`"),
    Mistake(
        '{receiver.region: "51", order.receivable: {at_least: 2000}}',
        "order.receivable >= 2000",
        "条件要写成 `名字: {比较词: 值}`",
    ),
    Mistake(
        '{receiver.region: "51", order.receivable: {at_least: 2000}}',
        '{or: [{receiver.region: "51"}, {order.pieces: 9}]}',
        "“或者”写成 `any` (任一)",
    ),
    Mistake("        when: {", "        if: {", "写 `when` (当)", ("`if:`", "`if:`")),
    Mistake("        when: {", "        条件: {", "写 `当`", ("`条件:`", "`条件:`")),
    Mistake("task: address_check", "task: adress_check", "结论的词拼错了"),
    Mistake("task: address_check", "task: 打电话", "没有这个词, 看提示里的"),
    Mistake("task: address_check", "task: address_check, stock_check", "几个值写成列表 `[甲, 乙]`"),
    Mistake("{at_least: 2000}", "$large_orders", "参数的名字拼错了"),
    Mistake(
        'receiver.region: "51"',
        "receiver.region: {one_of: watched_regions}",
        "名单的名字前面要有 `$`",
    ),
    Mistake('"寄往 {receiver.region}"', '"寄往 {region}"', "花括号里要写完整的事实名或参数名"),
    Mistake("    hit: score\n", "    hit: sum\n", "没有这种命中方式"),
    Mistake(
        "order.receivable: {at_least: 2000}",
        "order.buyer_message: missing",
        "要问有没有, 写 `{缺失: 是}`; 现在比的是“missing”这几个字母",
    ),
)
VALUES = (
    Mistake(_LIMIT, "    values: {always: 5,000}\n", "数字不加千分位逗号"),
    Mistake(_LIMIT, "    values: {always: ¥5000}\n", "金额只写数字, 币种写在 `unit` (单位)"),
    Mistake(_LIMIT, "    values: {always: 5000元}\n", "金额只写数字"),
    Mistake(_LIMIT, "    values: {always: 1万}\n", "把数字写全"),
    Mistake(_LIMIT, "    values: {always: ５０００}\n", "数字要用半角"),
    Mistake(_LIMIT, "    values: {always: 100}\n", "超出了 `merchant_may_set` (商家可设) 的范围"),
    Mistake(_LIMIT, "    values: 3000\n", "`values` 要带日期; 只有一个值就写 `value` (值)"),
    Mistake(_LIMIT, "    values: {always: 5000, 2026/11/11: 3000}\n", "日期写成 `2026-11-11`"),
    Mistake(
        "    merchant_may_set: {at_least: 500, at_most: 50000}\n",
        "    merchant_may_set: [500, 50000]\n",
        "写成 `{at_least: 500, at_most: 50000}`",
    ),
    Mistake(_LIST, '    values: {always: ["46", 海南]}\n', "写区划代码, 不写名称"),
    Mistake(_LIST, '    values: {always: ["46, 54"]}\n', "每个代码各加各的引号"),
    Mistake(_LIST, '    values: {always: "46"}\n', "名单要写成列表 `[...]`"),
    Mistake(
        "order.receivable: {at_least: 2000}",
        "buyer.refunded_share: {at_least: 50}",
        "比例写 `50%` 或 `0.5`",
    ),
    Mistake("{at_least: 2000}", "{at_least: 50%}", "这里要的是金额, 不是百分比"),
    Mistake(
        "order.receivable: {at_least: 2000}",
        "order.local_time: {at_least: 22点}",
        '时刻写 `"22:00"`',
    ),
    Mistake(
        "order.receivable: {at_least: 2000}",
        'order.local_time: {between: ["22:00", "06:00"]}',
        "区间要写 `{从: , 到: }`",
    ),
    Mistake(
        "order.receivable: {at_least: 2000}", "order.needs_shipping: 需要", "只能写 `是` 或 `否`"
    ),
)
PARTS = (
    Mistake(
        "- id: R8\n        title",
        "- title",
        "每条规则都要有编号",
        ("规则没写编号", "a rule without `id`"),
    ),
    Mistake("- id: R8", "- id: R7", "编号不能重复"),
    Mistake(
        "        then: {points: 30, task: address_check}\n",
        "",
        "规则没有结论",
        ("规则没写 `then`", "a rule without `then`"),
    ),
    Mistake(
        "{points: 30, task: address_check}",
        "{task: address_check}",
        "评分的规则要给 `points` (得分)",
        ("评分的规则没写得分", "a rule of a score without `points`"),
    ),
    Mistake(
        "{points: 30, task: address_check}",
        "hold",
        "结论要写成 `{字段: 值}`",
        ("`then: hold`", "`then: hold`"),
    ),
    Mistake(
        "        then: {",
        "        when: {order.pieces: 1}\n        then: {",
        "同一个键写了两遍",
        ("一条规则里两个 `when:`", "`when:` twice in a rule"),
    ),
    Mistake(
        "    otherwise: {points: 0}\n    when_unknown: {outcome: manual_review}\n",
        "    when_unknown: {outcome: manual_review}\n",
        "缺了 `otherwise` (否则)",
        ("没写 `otherwise`", "no `otherwise`"),
    ),
    Mistake(
        "below: 70, outcome: manual_review", "below: 60, outcome: manual_review", "两档之间有空当"
    ),
    Mistake("fired: [R8]", "fired: [R9]", "没有这个编号的规则"),
    Mistake(
        "given: {order.receivable: 2000}",
        "given: {order.receivable: {at_least: 2000}}",
        "测试要给具体的值, 不给条件",
    ),
)


def rows(mistakes: Sequence[Mistake], lang: str) -> str:
    """What was typed, what the reader says to it, and the way out."""
    heads = (
        ("写成了", "`check` 的话", "怎么改") if lang == "zh" else ("typed", "`check` says", "help")
    )
    return table(heads, (_row(mistake, lang) for mistake in mistakes))


def _row(mistake: Mistake, lang: str) -> tuple[str, str, str]:
    problem = mistake.problems()[0]
    said = f"{problem.code}: {problem.message}"
    return mistake.typed(lang), said, mistake.zh if lang == "zh" else problem.help or ""


TABLES: Mapping[str, Callable[[], str]] = {
    f"mistakes.{name}{suffix}": partial(rows, mistakes, lang)
    for name, mistakes in {
        "layout": LAYOUT,
        "words": WORDS,
        "values": VALUES,
        "parts": PARTS,
    }.items()
    for lang, suffix in {"en": "", "zh": ".zh"}.items()
}
"""Every table of mistakes by its name in a document."""
