"""The parts of a page about one rule set, in reading order."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules import scalar
from ordinance.rules.deciding.vocabulary import CODE
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.page.blocks import Block, Code, Heading, Item, Items, Table, Term, Terms
from ordinance.rules.page.cases import cases
from ordinance.rules.page.reference import answers, facts, lists, values
from ordinance.rules.page.wording import Wording
from ordinance.rules.point import Hit
from ordinance.rules.tree import Band, Place, Preference, Rule, RuleSet, Total

_POLICIES: dict[Hit, Words] = {
    Hit.FIRST: Words(
        "首个: 按文件顺序, 第一条成立的规则决定", "first: the first true rule in file order decides"
    ),
    Hit.UNIQUE: Words(
        "唯一: 只能有一条规则成立; 两条成立则失败",
        "unique: one rule may be true; if two are, the decision fails",
    ),
    Hit.COLLECT: Words(
        "汇总: 所有成立的规则一起给出结论", "collect: all true rules answer together"
    ),
    Hit.SCORE: Words(
        "评分: 成立的规则得分相加, 由分档给出结论",
        "score: the points of all true rules are added, and a band gives the answer",
    ),
    Hit.RANK: Words(
        "排序: 先按规则排除候选, 再按优先次序比较, 最后决胜",
        "rank: rules exclude candidates, then each criterion in turn, then what breaks a tie",
    ),
}
_TOTALS: dict[Total, Words] = {
    Total.MAX: Words(
        "评分: 取成立的规则中最高的得分, 由分档给出结论",
        "score: the highest points of the true rules count, and a band gives the answer",
    ),
    Total.MIN: Words(
        "评分: 取成立的规则中最低的得分, 由分档给出结论",
        "score: the lowest points of the true rules count, and a band gives the answer",
    ),
}
"""What a score says when its points are not added."""


class Sections:
    """Says everything about one rule set in one language."""

    def __init__(self, tree: RuleSet, lang: str) -> None:
        self.tree = tree
        self.words = Wording(tree, lang)
        self.say = self.words.say
        self.lang = lang

    def blocks(self) -> Iterator[Block]:
        """The whole page, from the title to the tests."""
        title = (self.tree.title or self.tree.point.title).get(self.lang)
        yield Heading(1, title, self.tree.point.name)
        yield self.head()
        yield from self.rules()
        yield from self.ranking()
        yield from self.bands()
        yield Heading(2, self.say("其他情况", "In all other cases"))
        yield self.fallbacks()
        yield from values(self.words)
        yield from lists(self.words)
        yield from answers(self.words)
        yield from facts(self.words)
        yield from cases(self.words)

    def head(self) -> Terms:
        """What is asked, how it is answered, and which rules exactly these are."""
        tree, say = self.tree, self.say
        terms = [
            Term(say("决策点", "decision point"), Code(tree.point.name)),
            Term(say("问题", "question"), tree.point.question.get(self.lang)),
            Term(say("命中方式", "hit policy"), self.policy()),
        ]
        if tree.version is not None:
            terms.append(Term(say("版本", "version"), tree.version))
        if tree.effective is not None:
            terms.append(Term(say("生效", "in force"), self.words.effective(tree.effective)))
        day = (
            say("决策时刻", "the moment of deciding")
            if tree.as_of is None
            else self.words.subject(tree.as_of)
        )
        terms.append(Term(say("取值日", "dates by"), day))
        rules, tests = len(tree.rules), len(tree.tests)
        many = (
            f"{rules} {'rule' if rules == 1 else 'rules'}",
            f"{tests} {'test' if tests == 1 else 'tests'}",
        )
        holds = say(f"{rules} 条规则、{tests} 个测试", ", ".join(many))
        terms.append(Term(say("包含", "holds"), holds))
        terms.append(Term(say("指纹", "hash"), Code(tree.hash)))
        terms.append(Term(say("位置", "place"), Code(_spot(tree.place))))
        return Terms(tuple(terms))

    def policy(self) -> str:
        """The hit policy in a sentence."""
        if self.tree.hit is Hit.SCORE and self.tree.total in _TOTALS:
            return _TOTALS[self.tree.total].get(self.lang)
        if self.tree.most_specific is None:
            return _POLICIES[self.tree.hit].get(self.lang)
        region = self.words.subject(self.tree.most_specific)
        last = (
            self.say("再按文件顺序", "then file order")
            if self.tree.hit is Hit.FIRST
            else self.say("同样具体的两条则失败", "two that are equally specific fail")
        )
        return self.say(
            f"最具体: 成立的规则中, 有适用范围的优先, 再按{region}最具体的, {last}",
            f"most specific: of the true rules one with a scope goes first, then the narrowest "
            f"{region}, {last}",
        )

    def rules(self) -> Iterator[Block]:
        """Every rule, or for a rank every exclusion."""
        if not self.tree.rules:
            return
        excludes = self.tree.hit is Hit.RANK
        title = (
            self.say("排除", "What excludes a candidate") if excludes else self.say("规则", "Rules")
        )
        yield Heading(2, title)
        for rule in self.tree.rules:
            name = f"{rule.id} {rule.title.get(self.lang)}" if rule.title else rule.id
            yield Heading(3, name, f"{self.tree.point.name}.{rule.id}")
            yield Terms(tuple(self.rule(rule)))

    def rule(self, rule: Rule) -> Iterator[Term]:
        """One rule."""
        say, words = self.say, self.words
        when = words.condition(rule.when)
        if when:
            yield Term(say("当", "when"), "", when)
        else:
            yield Term(say("当", "when"), say("总是", "always"))
        if self.tree.hit is not Hit.RANK:
            yield Term(say("则", "then"), words.outcome(rule.then))
        elif rule.must:
            yield Term(
                say("必须", "must"),
                say("排除全部候选时, 决策失败", "if it leaves no candidate, the decision fails"),
            )
        if rule.because is not None:
            yield Term(say("因为", "because"), words.sentence(rule.because.get(self.lang)))
        if rule.scope:
            yield Term(say("适用范围", "scope"), words.scope(rule.scope))
        if rule.effective is not None:
            yield Term(say("生效", "in force"), words.effective(rule.effective))
        if rule.group is not None:
            group = say(
                f"{rule.group} (同组只命中第一条)",
                f"{rule.group} (only the first of a group fires)",
            )
            yield Term(say("组", "group"), group)
        if rule.locked:
            yield Term(
                say("锁定", "locked"),
                say("商家规则不得与之抵触", "no merchant rule may contradict it"),
            )
        if rule.owner is not None:
            yield Term(say("负责人", "owner"), rule.owner)
        if rule.source is not None:
            yield Term(say("来源", "source"), rule.source.get(self.lang))
        yield Term(say("位置", "place"), Code(_spot(rule.place)))

    def ranking(self) -> Iterator[Block]:
        """How candidates that are left are put in order."""
        tree, say, words = self.tree, self.say, self.words
        if tree.hit is not Hit.RANK:
            return
        if tree.prefer:
            yield Heading(2, say("优先次序", "What goes first"))
            for preference in tree.prefer:
                yield Heading(3, preference.id, f"{tree.point.name}.{preference.id}")
                yield Terms(tuple(self.preference(preference)))
        if tree.weights:
            yield Heading(2, say("加权", "Weights"))
            yield Table(
                (say("编号", "id"), say("事实", "fact"), say("权数", "weight")),
                tuple(
                    (
                        Code(weight.id),
                        words.subject(weight.fact),
                        scalar.render(weight.weight, Kind.DECIMAL, self.lang),
                    )
                    for weight in tree.weights
                ),
            )
        names = dict.fromkeys((*tree.tie_break, CODE))
        yield Heading(2, say("并列时", "What breaks a tie"))
        yield Items(
            tuple(
                Item(say(f"{words.subject(name)}小者优先", f"the least {words.subject(name)}"))
                for name in names
                if name in words.facts
            )
        )

    def preference(self, preference: Preference) -> Iterator[Term]:
        """One criterion of a rank."""
        say, words = self.say, self.words
        subject = words.subject(preference.fact)
        most = preference.direction == "most"
        yield Term(
            say("优先", "first goes"),
            say(f"{subject}{'大' if most else '小'}者", f"the {preference.direction} {subject}"),
        )
        if preference.within is not None:
            apart = words.operand(preference.within, words.facts[preference.fact])
            yield Term(
                say("并列", "a tie"),
                say(f"与最优者相差不到 {apart}", f"less than {apart} behind the leader"),
            )
        if preference.when is not None:
            yield Term(say("仅当", "only when"), "", words.condition(preference.when))
        if preference.because is not None:
            yield Term(say("因为", "because"), words.sentence(preference.because.get(self.lang)))
        yield Term(say("位置", "place"), Code(_spot(preference.place)))

    def bands(self) -> Iterator[Block]:
        """What the points of a score mean."""
        if not self.tree.bands:
            return
        yield Heading(2, self.say("分档", "What the points mean"))
        yield Table(
            (self.say("得分", "points"), self.say("结论", "answer")),
            tuple((self._range(band), self.words.outcome(band.then)) for band in self.tree.bands),
        )

    def fallbacks(self) -> Terms:
        """`otherwise` and `when_unknown`."""
        say, words, otherwise = self.say, self.words, self.tree.otherwise
        label = {
            Hit.COLLECT: say("没有规则给出的项目", "what no rule sets"),
            Hit.SCORE: (
                say("起始", "to begin with")
                if self.tree.total is Total.SUM
                else say("没有规则成立时", "with no true rule")
            ),
            Hit.RANK: say("没有候选时", "with no candidate left"),
        }.get(self.tree.hit, say("没有规则成立时", "with no true rule"))
        answer = (
            say("报错, 按失败处理", "an error, which is a failure")
            if otherwise is None
            else words.outcome(otherwise)
        )
        unknown = say("取决于未知事实, 或失败时", "when it hangs on what is not known, or fails")
        return Terms((Term(label, answer), Term(unknown, words.outcome(self.tree.when_unknown))))

    def _range(self, band: Band) -> str:
        low, high = band.at_least, band.below
        parts = []
        if low is not None:
            parts.append(self.say(f"不低于 {low}", f"at least {low}"))
        if high is not None:
            parts.append(self.say(f"低于 {high}", f"below {high}"))
        return self.words.join(parts) or self.say("任意", "any")


def _spot(place: Place) -> str:
    return f"{place.file}:{place.line}"
