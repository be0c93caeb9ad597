"""A page for each area of decision points: what rule files may ask, and what they may answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from made.markup import code, table
from ordinance.points import POINTS
from ordinance.rules import Argument, Choice, DecisionPoint, Fact, Field, Merge, Missing
from ordinance.rules.words import HITS, KINDS_ZH

NOTE = (
    "<!-- made by `python docs/generate.py` from engine/ordinance/points; edit that instead -->\n"
)
_MERGED = {
    Merge.FIRST: "that of the first rule 取第一条",
    Merge.UNION: "all, each once 合并去重",
    Merge.LIST: "all, in order 全部列出",
    Merge.SUM: "the sum 相加",
    Merge.MAX: "the greatest 取最大",
    Merge.MIN: "the least 取最小",
    Merge.WORST: "the one that stands last below 取排在最后的",
}


def pages() -> dict[str, str]:
    """Every page by its file name, the index too."""
    made = {"README.md": _index()}
    for area in areas():
        made[f"{area}.md"] = page(area)
    return made


def areas() -> list[str]:
    """The areas in the order in which an order meets them."""
    return list(dict.fromkeys(point.area for point in POINTS))


def page(area: str) -> str:
    """The page of one area."""
    points = [point for point in POINTS if point.area == area]
    parts = [
        NOTE,
        f"# {area}\n\n",
        f"What a rule file `{area}.yaml` may say. Both spellings mean the same; a file may mix "
        "them. 两种写法同义, 可混用。",
        f" All areas: [README](README.md). `ordinance points {points[0].name}` prints the same.\n",
    ]
    for point in points:
        parts.append(f"\n## {point.name}\n\n{point.title.en} · {point.title.zh}\n\n")
        parts.append(f"{_capital(point.question.en)} {point.question.zh}\n\n")
        parts.append(f"- hit 命中: {', '.join(f'{code(h)} {HITS[h]}' for h in point.hits)}\n")
        parts.append(f"- scope 范围: {', '.join(map(code, point.scopes)) or 'none'}\n")
        parts.append(_outcomes(point))
    parts.append(
        "\n## Facts 事实\n\nA fact that is absent is unknown, unless it says what it then is."
        " 缺失的事实视为未知, 另有说明的除外。\n"
    )
    return "".join([*parts, _facts(points)]).rstrip("\n") + "\n"


def _index() -> str:
    rows = (
        (f"[{point.name}]({point.area}.md#{_anchor(point.name)})", point.title.zh, point.title.en)
        for point in POINTS
    )
    text = (
        f"{NOTE}# Decision points 决策点\n\n"
        "Every question that the order core asks a rule file, in the order in which an order "
        "meets them. How to answer them: [rules](../rules.md), [中文](../zh/rules.md).\n"
    )
    return text + table(("point", "中文", "English"), rows).rstrip("\n") + "\n"


def _anchor(heading: str) -> str:
    return heading.replace(".", "")


def _outcomes(point: DecisionPoint) -> str:
    several = len(point.hits) > 1 or point.hits[0] not in ("first", "unique", "rank")
    heads = ["outcome", "中文", "kind", "needed", *(["several rules"] if several else [])]
    rows = []
    for field in point.fields:
        needed = "yes 必填" if field.required else ""
        merged = [_MERGED[field.merge]] if several else []
        rows.append([code(field.name), code(field.words.zh), _kind(field), needed, *merged])
        for part in field.arguments:
            needed = "yes 必填" if part.required else ""
            name = f"{field.name}.{part.name}"
            rest = [""] if several else []
            rows.append([code(name), code(part.words.zh), _kind(part), needed, *rest])
    return table(heads, rows) + "".join(_choices(point))


def _choices(point: DecisionPoint) -> Iterator[str]:
    """The words of each field, or part of one, that takes one of some."""
    for field in point.fields:
        named = [(field.name, field.choices)]
        named += [(f"{field.name}.{part.name}", part.choices) for part in field.arguments]
        for name, choices in named:
            listed = ", ".join(f"{code(c.code)} {c.words.zh} ({c.words.en})" for c in choices)
            if listed:
                yield f"- {code(name)}: {listed}\n"


def _facts(points: Sequence[DecisionPoint]) -> str:
    """The facts of an area, each once, with the questions that offer it."""
    offered: dict[Fact, list[str]] = {}
    for point in points:
        for fact in point.facts:
            assert fact.missing in (Missing.UNKNOWN, Missing.DEFAULT), "the page knows no other"
            offered.setdefault(fact, []).append(point.name.partition(".")[2])
    rows = (
        (
            code(fact.name),
            code(fact.words.zh),
            _kind(fact),
            _meaning(fact),
            "all" if len(names) == len(points) else ", ".join(names),
        )
        for fact, names in offered.items()
    )
    return table(("fact", "中文", "kind", "what it is", "offered to"), rows)


def _kind(item: Fact | Field | Argument) -> str:
    """The kind of a value with its unit, its bounds and its choices."""
    if isinstance(item, Field) and item.arguments:
        return "a record 组合"
    unit = f", {item.unit}" if item.unit else ""
    low = f", at least {item.at_least}" if item.at_least is not None else ""
    high = f", at most {item.at_most}" if item.at_most is not None else ""
    listed = "" if isinstance(item, Field) else _listed(item.choices)
    return f"{item.kind} {KINDS_ZH[item.kind]}{unit}{low}{high}{listed}"


def _listed(choices: Sequence[Choice]) -> str:
    if not choices:
        return ""
    return ": " + ", ".join(f"{code(choice.code)} {choice.words.zh}" for choice in choices)


def _meaning(fact: Fact) -> str:
    personal = " (personal 个人信息)" if fact.personal else ""
    note = f"; {fact.note.en}; {fact.note.zh}" if fact.note else ""
    absent = ""
    if fact.missing is Missing.DEFAULT:
        default = str(fact.default).lower()
        absent = f"; {code(default)} when absent 缺失时为 {code(default)}"
    return f"{fact.words.en}{note}{absent}{personal}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
