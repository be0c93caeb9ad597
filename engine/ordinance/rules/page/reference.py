"""The parts of a page to look things up in: values by date, lists, answers and facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ordinance.rules import scalar
from ordinance.rules.deciding.conditions import facts_in, tests_in
from ordinance.rules.kinds import Words
from ordinance.rules.page.blocks import Block, Code, Heading, Table, Term, Terms
from ordinance.rules.page.wording import Wording
from ordinance.rules.point import Choice, Fact, Field, Hit, Merge, Missing
from ordinance.rules.scalar import KIND_WORDS
from ordinance.rules.tree import Condition, FactRef, ListRef, NamedList, Param, RuleSet, Test
from ordinance.rules.words import KINDS_ZH, unit_words

_MERGES: dict[Merge, Words] = {
    Merge.FIRST: Words("取第一条规则的", "that of the first rule"),
    Merge.UNION: Words("合并去重", "all of them, each once"),
    Merge.LIST: Words("全部列出", "all of them"),
    Merge.SUM: Words("相加", "the sum"),
    Merge.MAX: Words("取最大", "the greatest"),
    Merge.MIN: Words("取最小", "the least"),
    Merge.WORST: Words("取排在最后的", "the one that stands last here"),
}


def values(words: Wording) -> Iterator[Block]:
    """The parameters with every dated value."""
    say = words.say
    if not words.params:
        return
    yield Heading(2, say("参数", "Values"))
    yield Table(
        (
            say("名称", "name"),
            say("名目", "label"),
            say("起始日", "from"),
            say("值", "value"),
            say("商家可设", "merchant may set"),
            say("锁定", "locked"),
            say("来源", "source"),
        ),
        tuple(
            (
                Code(param.name),
                words.label(param),
                _since(words, dated.start),
                words.value(dated.value, param),
                _bounds(words, param),
                say("是", "yes") if param.locked else say("否", "no"),
                param.source.get(words.lang) if param.source else "",
            )
            for param in words.params.values()
            for dated in param.values
        ),
    )


def lists(words: Wording) -> Iterator[Block]:
    """The lists with every entry."""
    say = words.say
    for named in words.lists.values():
        label = words.label(named)
        yield Heading(2, say(f"名单: {label}", f"List: {label}"))
        terms = [Term(say("名称", "name"), Code(named.name))]
        if named.source is not None:
            terms.append(Term(say("来源", "source"), named.source.get(words.lang)))
        yield Terms(tuple(terms))
        yield Table(
            (
                say("起始日", "from"),
                say("值", "value"),
                say("截至 (含)", "until (included)"),
                say("原因", "reason"),
                say("添加人", "added by"),
            ),
            tuple(_entries(words, named)),
        )


def answers(words: Wording) -> Iterator[Block]:
    """The fields of an outcome, what they may be, and how several rules fill one."""
    say, point = words.say, words.tree.point
    several = words.tree.hit in (Hit.COLLECT, Hit.SCORE)
    yield Heading(2, say("可给出的结论", "What it can answer"))
    headings = [say("项目", "field"), say("写作", "written as"), say("可取值", "may be")]
    if several:
        headings.append(say("多条规则时", "of several rules"))
    yield Table(
        tuple(headings),
        tuple(
            (
                field.words.get(words.lang),
                Code(field.name),
                _allowed(words, field),
                *((_MERGES[field.merge].get(words.lang),) if several else ()),
            )
            for field in point.fields
        ),
    )


def facts(words: Wording) -> Iterator[Block]:
    """The facts that the rules read, and what an absent one means."""
    say = words.say
    used = _used(words.tree)
    if not used:
        return
    yield Heading(2, say("所用事实", "Facts that the rules read"))
    yield Table(
        (
            say("事实", "fact"),
            say("写作", "written as"),
            say("单位", "unit"),
            say("缺失时", "when it is missing"),
            say("说明", "note"),
        ),
        tuple(
            (
                fact.words.get(words.lang),
                Code(fact.name),
                unit_words(fact.unit, words.lang) if fact.unit else "",
                _missing(words, fact),
                fact.note.get(words.lang) if fact.note else "",
            )
            for fact in words.tree.point.facts
            if fact.name in used
        ),
    )


def _entries(words: Wording, named: NamedList) -> Iterator[tuple[str, ...]]:
    choices = _choices(words, named)
    for dated in named.values:
        since = _since(words, dated.start)
        if not dated.entries:
            yield (since, words.say("(空)", "(empty)"), "", "", "")
        for entry in dated.entries:
            yield (
                since,
                scalar.render(entry.value, named.kind, words.lang, choices=choices),
                entry.until.isoformat() if entry.until else "",
                entry.reason.get(words.lang) if entry.reason else "",
                entry.added_by or "",
            )


def _choices(words: Wording, named: NamedList) -> Sequence[Choice]:
    """The choices of the fact that is compared with a list, for the words of its entries."""
    for condition in _conditions(words.tree):
        for test in tests_in(condition):
            if isinstance(test, Test) and ListRef(named.name) in test.operands:
                return words.facts[test.fact].choices
    return ()


def _conditions(tree: RuleSet) -> list[Condition]:
    preferred = [item.when for item in tree.prefer if item.when is not None]
    return [*(rule.when for rule in tree.rules), *preferred]


def _used(tree: RuleSet) -> set[str]:
    used = {name for condition in _conditions(tree) for name in facts_in(condition)}
    used |= {tree.point.scopes[key] for rule in tree.rules for key in rule.scope or {}}
    used |= {item.fact for item in tree.prefer} | {item.fact for item in tree.weights}
    used |= set(tree.tie_break)
    used |= {item.within.name for item in tree.prefer if isinstance(item.within, FactRef)}
    return used | {name for name in (tree.as_of, tree.most_specific) if name is not None}


def _since(words: Wording, start: date | None) -> str:
    return words.say("一直", "always") if start is None else start.isoformat()


def _bounds(words: Wording, param: Param) -> str:
    parts = []
    if param.at_least is not None:
        least = words.value(param.at_least, param)
        parts.append(words.say(f"不低于 {least}", f"at least {least}"))
    if param.at_most is not None:
        most = words.value(param.at_most, param)
        parts.append(words.say(f"不高于 {most}", f"at most {most}"))
    return words.join(parts) or words.say("否", "no")


def _allowed(words: Wording, field: Field) -> str:
    if field.arguments:
        return words.join(argument.words.get(words.lang) for argument in field.arguments)
    if field.choices:
        return words.join(choice.words.get(words.lang) for choice in field.choices)
    kind = words.say(KINDS_ZH[field.kind], KIND_WORDS[field.kind])
    unit = unit_words(field.unit, words.lang) if field.unit else ""
    return words.say(f"{kind} ({unit})", f"{kind} in {unit}") if unit else kind


def _missing(words: Wording, fact: Fact) -> str:
    match fact.missing:
        case Missing.ERROR:
            return words.say("报错, 订单等待人工", "an error: the order is held")
        case Missing.NO_MATCH:
            return words.say("不匹配", "it matches nothing")
        case Missing.DEFAULT if fact.default is not None:
            default = words.value(fact.default, fact)
            return words.say(f"按 {default}", f"taken as {default}")
    return words.say("未知", "unknown")
