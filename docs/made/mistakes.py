"""What people write wrong in a rule file, with what the reader says to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """One slip: the right text, and the wrong one in its place."""

    right: str
    wrong: str
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
        ("`then:` 多缩进了两格", "`then:` two blanks further in"),
    ),
    Mistake("        then: {", "\tthen: {", ("`then:` 前面是 Tab", "a tab before `then:`")),
    Mistake(
        "        then: {",
        "\u3000\u3000\u3000\u3000then: {",
        ("`then:` 前面是全角空格", "full-width blanks before `then:`"),
    ),
    Mistake("- id: R8", "  id: R8", ("`id: R8` 前面没有短横", "`id: R8` without its dash")),
    Mistake("- id: R8", "-id: R8"),
    Mistake("- id: R8", "- id:R8"),
    Mistake("at_least: 2000", "at_least:2000"),
    Mistake("because: {", "because：{"),
    Mistake("points: 30, task", "points: 30， task"),
    Mistake('["46", "54"]', '["46"、"54"]'),
    Mistake('"51"', "“51”"),
    Mistake('["46", "54"]', '【"46", "54"】'),
    Mistake('"51", order', '"51, order'),
    Mistake("2000}}", "2000}"),
    Mistake("2000}}", "2000}}}"),
    Mistake("{at_least: 2000}", "(at_least: 2000)"),
    Mistake(
        'when: {receiver.region: "51", order.receivable: {at_least: 2000}}',
        "when: order.receivable: at_least: 2000",
    ),
    Mistake("        then: {", "        // 备注\n        then: {", ("`// 备注`", "`// a note`")),
    Mistake('en: "to {receiver.region}"', "en: large, and far"),
    Mistake('zh: "寄往 {receiver.region}"', "zh: {receiver.region} 太远"),
    Mistake('en: "to {receiver.region}"', "en: order #5 of a day"),
)
WORDS = (
    Mistake("order.receivable: {", "order.recievable: {"),
    Mistake("order.receivable: {", "订单.金额: {"),
    Mistake("order.receivable: {", "line.quantity: {"),
    Mistake("at_least: 2000", '">=": 2000'),
    Mistake("{at_least: 2000}", ">= 2000"),
    Mistake("at_least: 2000", "大于等于: 2000"),
    Mistake("at_least: 2000", "小于: 2000"),
    Mistake(
        '{receiver.region: "51", order.receivable: {at_least: 2000}}', "order.receivable >= 2000"
    ),
    Mistake(
        '{receiver.region: "51", order.receivable: {at_least: 2000}}',
        '{or: [{receiver.region: "51"}, {order.pieces: 9}]}',
    ),
    Mistake("        when: {", "        if: {", ("`if:`", "`if:`")),
    Mistake("        when: {", "        条件: {", ("`条件:`", "`条件:`")),
    Mistake("task: address_check", "task: adress_check"),
    Mistake("task: address_check", "task: 打电话"),
    Mistake("task: address_check", "task: address_check, stock_check"),
    Mistake("{at_least: 2000}", "$large_orders"),
    Mistake('receiver.region: "51"', "receiver.region: {one_of: watched_regions}"),
    Mistake('"寄往 {receiver.region}"', '"寄往 {region}"'),
    Mistake("    hit: score\n", "    hit: sum\n"),
    Mistake("order.receivable: {at_least: 2000}", "order.buyer_message: missing"),
)
VALUES = (
    Mistake(_LIMIT, "    values: {always: 5,000}\n"),
    Mistake(_LIMIT, "    values: {always: ¥5000}\n"),
    Mistake(_LIMIT, "    values: {always: 5000元}\n"),
    Mistake(_LIMIT, "    values: {always: 1万}\n"),
    Mistake(_LIMIT, "    values: {always: ５０００}\n"),
    Mistake(_LIMIT, "    values: {always: 100}\n"),
    Mistake(_LIMIT, "    values: 3000\n"),
    Mistake(_LIMIT, "    values: {always: 5000, 2026/11/11: 3000}\n"),
    Mistake(
        "    merchant_may_set: {at_least: 500, at_most: 50000}\n",
        "    merchant_may_set: [500, 50000]\n",
    ),
    Mistake(_LIST, '    values: {always: ["46", 海南]}\n'),
    Mistake(_LIST, '    values: {always: ["46, 54"]}\n'),
    Mistake(_LIST, '    values: {always: "46"}\n'),
    Mistake("order.receivable: {at_least: 2000}", "buyer.refunded_share: {at_least: 50}"),
    Mistake("{at_least: 2000}", "{at_least: 50%}"),
    Mistake("order.receivable: {at_least: 2000}", "order.local_time: {at_least: 22点}"),
    Mistake(
        "order.receivable: {at_least: 2000}", 'order.local_time: {between: ["22:00", "06:00"]}'
    ),
    Mistake("order.receivable: {at_least: 2000}", "order.needs_shipping: 需要"),
)
PARTS = (
    Mistake("- id: R8\n        title", "- title", ("规则没写编号", "a rule without `id`")),
    Mistake("- id: R8", "- id: R7"),
    Mistake(
        "        then: {points: 30, task: address_check}\n",
        "",
        ("规则没写 `then`", "a rule without `then`"),
    ),
    Mistake(
        "{points: 30, task: address_check}",
        "{task: address_check}",
        ("评分的规则没写得分", "a rule of a score without `points`"),
    ),
    Mistake("{points: 30, task: address_check}", "hold", ("`then: hold`", "`then: hold`")),
    Mistake(
        "        then: {",
        "        when: {order.pieces: 1}\n        then: {",
        ("一条规则里两个 `when:`", "`when:` twice in a rule"),
    ),
    Mistake(
        "    otherwise: {points: 0}\n    when_unknown: {outcome: manual_review}\n",
        "    when_unknown: {outcome: manual_review}\n",
        ("没写 `otherwise`", "no `otherwise`"),
    ),
    Mistake("below: 70, outcome: manual_review", "below: 60, outcome: manual_review"),
    Mistake("fired: [R8]", "fired: [R9]"),
    Mistake("given: {order.receivable: 2000}", "given: {order.receivable: {at_least: 2000}}"),
)


def rows(mistakes: Sequence[Mistake], lang: str) -> str:
    """What was typed, what the reader says to it, and the way out."""
    heads = (
        ("写成了", "`check --lang zh` 的提示", "改法")
        if lang == "zh"
        else ("typed", "`check` says", "help")
    )
    return table(heads, (_row(mistake, lang) for mistake in mistakes))


def _row(mistake: Mistake, lang: str) -> tuple[str, str, str]:
    problem = replace(mistake.problems()[0], place=None)
    said, _, help = problem.text(lang).partition("\n")
    return mistake.typed(lang), said.partition(" ")[2], help.partition(": ")[2]


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
