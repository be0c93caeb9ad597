"""Where two versions of a rule set decide differently: regions of input, each with an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from itertools import islice
from operator import eq
from typing import Literal, TypeAlias

from ordinance.rules.checking.answers import CLOSED, FAILED, NOT_KNOWN, Answer, answers
from ordinance.rules.checking.description import described
from ordinance.rules.checking.diagram import TRUE, Node, Path, Spent
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.finding import as_given, in_words
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.setting import Period, Setting, periods
from ordinance.rules.deciding.constants import in_force
from ordinance.rules.decision import Decision, Plain, canonical_json
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import RuleSet

_EXAMPLES = 60
_BOXES = 3
_BUDGET = 2_000_000

Sort: TypeAlias = Literal["changed", "not decided", "not checked"]


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two versions comes to on the example."""

    outcome: Mapping[str, Plain]
    settled_by: str
    fired: tuple[str, ...]
    failure: str | None = None
    winner: str | None = None

    def text(self, lang: str) -> str:
        """The outcome with the rules that led to it."""
        told = ", ".join(f"{name}: {_plain(value)}" for name, value in self.outcome.items())
        if self.winner is not None and "candidate" not in self.outcome:
            told = ", ".join(filter(None, [self.winner, told]))
        by = ", ".join(self.fired) or self.failure or self.settled_by
        return f"{told or '-'} ({by})"


@dataclass(frozen=True, slots=True)
class Difference:
    """One region of inputs whose outcome changes, or something that could not be decided."""

    point: str
    sort: Sort
    where: Words
    """The region in words; for what is not decided, what that is."""
    example: Words | None = None
    facts: Mapping[str, object] | None = None
    """The facts of the example, as tests give them."""
    at: datetime | None = None
    """The moment at which the example is decided."""
    old: Side | None = None
    new: Side | None = None
    periods: tuple[Period, ...] = ()
    """In which periods; empty for all of them."""

    def text(self, lang: str) -> str:
        """The difference in `lang` (`en` or `zh`), in a few lines."""
        zh = lang == "zh"
        if self.sort == "not decided":
            return f"{'没有查完' if zh else 'not decided'}: {self.where.get(lang)}"
        if self.sort == "not checked":
            head = "可能不同, 没有往里查" if zh else "may differ, not looked into"
            return f"{head}: {self.where.get(lang)}"
        when = _when(self.periods, lang)
        lines = [f"{'当' if zh else 'where'} {self.where.get(lang)}{when}"]
        if self.example is not None:
            lines.append(f"  {'例如' if zh else 'for example'}: {self.example.get(lang)}")
        if self.old is not None and self.new is not None:
            lines.append(f"  {'原来' if zh else 'before'}: {self.old.text(lang)}")
            lines.append(f"  {'现在' if zh else 'after'}: {self.new.text(lang)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text("en")


def differences(
    old: RuleSet, new: RuleSet, *, zone: tzinfo = UTC, budget: int = _BUDGET
) -> list[Difference]:
    """The regions of input that two sets of one point decide differently, in every period.

    Each has an example that both sets really decided. What could not be decided or looked into is
    named. The order of the values in a list counts as no difference. `budget` limits the steps of
    one period.
    """
    point = new.point.name
    if old.point.name != point:
        raise ValueError(f"`{old.point.name}` and `{point}` are two decision points")
    if old.hash == new.hash:
        return []
    found: list[Difference] = [Difference(point, "not decided", what) for what in _unlike(old, new)]
    if any(difference.sort == "not decided" for difference in found):
        return found
    every = periods(old, new)
    by_text: dict[str, Difference] = {}
    for period in every:
        for difference in _in_period(old, new, period, zone, budget):
            key = f"{difference.sort} {difference.where.en} {difference.old} {difference.new}"
            known = by_text.get(key, replace(difference, periods=()))
            by_text[key] = replace(known, periods=(*known.periods, period))
    return [
        replace(item, periods=()) if len(item.periods) == len(every) else item
        for item in by_text.values()
    ]


def _unlike(old: RuleSet, new: RuleSet) -> Iterator[Words]:
    """What keeps two sets from being compared."""
    if old.as_of != new.as_of:
        yield Words(
            f"取值日期由另一个事实决定: 原来 `{old.as_of}`, 现在 `{new.as_of}`",
            f"the day is picked by another fact: `{old.as_of}` before, `{new.as_of}` now",
        )
    if {fact.name: fact for fact in old.point.facts} != {
        fact.name: fact for fact in new.point.facts
    }:
        yield Words(
            "决策点的事实变了, 两个版本不能放在一起比较",
            "the decision point has other facts now, so the two versions cannot be compared",
        )


def _in_period(
    old: RuleSet, new: RuleSet, period: Period, zone: tzinfo, budget: int
) -> Iterator[Difference]:
    models = Model.together(Setting(old, period), Setting(new, period), zone=zone, budget=budget)
    told: set[str] = set()
    try:
        for difference in _changes(*models):
            key = f"{difference.facts} {difference.old} {difference.new}"
            if difference.sort != "changed" or key not in told:
                told.add(key)
                yield difference
    except Spent:
        what = Words(
            "组合太多, 其余的变化没有列出", "too many combinations; further changes are not listed"
        )
        yield Difference(new.point.name, "not decided", what)
    yield from _unseen(*models)


def _changes(old: Model, new: Model) -> Iterator[Difference]:
    if in_force(old.tree.effective, old.period.day) != in_force(new.tree.effective, new.period.day):
        yield from _region(old, new, TRUE)
        return
    if old.tree.hit is not new.tree.hit:
        yield from _by_hit(old, new)
        return
    before, after = dict(answers(old)), dict(answers(new))
    diagrams = new.diagrams
    nothing = diagrams.leaf(("", ""))
    for name in dict.fromkeys([*before, *after]):
        pairs = diagrams.combine("pair", _pair, before.get(name, nothing), after.get(name, nothing))
        for value in diagrams.values(pairs):
            if value is not None:
                where = diagrams.mapped(("is", value), partial(eq, value), pairs)
                yield from _region(old, new, where)


def _pair(first: Answer, second: Answer) -> tuple[Answer, Answer] | None:
    """Both answers where they may differ; None where they surely agree."""
    if first == second:
        return None
    if first[0] == second[0] and not {FAILED, CLOSED} & {first, second}:
        return None if NOT_KNOWN not in (first, second) else (first, second)
    return (first, second)


def _by_hit(old: Model, new: Model) -> Iterator[Difference]:
    """Two hit policies: which rules are true is compared, and the outcomes are tried out."""
    diagrams = new.diagrams
    whole = diagrams.leaf(())
    for region in (*old.regions, *new.regions):
        told = diagrams.choose(region.true, diagrams.leaf(True), diagrams.leaf(False))
        whole = diagrams.combine("row", _and, whole, told)
    for value in diagrams.values(whole):
        yield from _region(old, new, diagrams.mapped(("row", value), partial(eq, value), whole))


def _and(row: tuple[bool, ...], verdict: bool) -> tuple[bool, ...]:
    return (*row, verdict)


def _region(old: Model, new: Model, where: Node) -> Iterator[Difference]:
    """The difference in a region where the answers are not the same."""
    tried = 0
    opaque = None
    boxes = list(islice(new.diagrams.boxes(where), _BOXES + 1))
    for path in boxes:
        if not new.space.is_exact(path):
            opaque = opaque or path
        for example in new.space.examples(path):
            tried += 1
            difference = _tried(old, new, example)
            if difference is not None:
                yield replace(difference, where=_all_of(path, boxes, new))
                return
            if tried > _EXAMPLES:
                break
    if opaque is not None:
        yield Difference(new.tree.point.name, "not checked", described(opaque, new.space))


def _all_of(first: Path, boxes: Sequence[Path], model: Model) -> Words:
    """The boxes in words, that of the example first."""
    ordered = [first, *(path for path in boxes if path is not first)]
    told = [described(path, model.space) for path in ordered[:_BOXES]]
    more = len(boxes) > _BOXES
    return Words(
        "; 或 ".join(words.zh for words in told) + ("; 还有别的情形" if more else ""),
        "; or ".join(words.en for words in told) + ("; and elsewhere" if more else ""),
    )


def _tried(old: Model, new: Model, example: Example) -> Difference | None:
    """What both versions really decide on an example; None if it is the same."""
    before, after = old.decide(example), new.decide(example)
    if before is None or after is None:
        return None
    sides = _side(before), _side(after)
    if _comes_to(sides[0]) == _comes_to(sides[1]):
        return None
    return Difference(
        new.tree.point.name,
        "changed",
        Words("", ""),
        in_words(example, new.vocabulary),
        as_given(example),
        new.at(example),
        *sides,
    )


def _unseen(old: Model, new: Model) -> Iterator[Difference]:
    """Changes that no region of known facts shows."""
    point = new.tree.point.name
    before, after = (
        {name: str(value) for name, value in model.tree.when_unknown.items()}
        for model in (old, new)
    )
    if before != after:
        yield Difference(
            point,
            "not checked",
            Words(
                f"事实未知时的结论 `when_unknown`: 原来 {_flat(before)}, 现在 {_flat(after)}",
                f"the outcome `when_unknown`: {_flat(before)} before, {_flat(after)} now",
            ),
        )
    if new.tree.hit is Hit.RANK:
        for key in ("prefer", "weights", "tie_break"):
            if _placeless(getattr(old.tree, key)) != _placeless(getattr(new.tree, key)):
                yield Difference(
                    point,
                    "not checked",
                    Words(
                        f"候选的先后 (`{key}`) 变了", f"the order of candidates (`{key}`) changed"
                    ),
                )


def _placeless(items: Sequence[object]) -> list[str]:
    return [str(getattr(item, "id", item)) + _said(item) for item in items]


def _said(item: object) -> str:
    parts = ("fact", "direction", "within", "weight")
    return " ".join(str(getattr(item, part, "")) for part in parts)


def _flat(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in values.items())


def _side(decision: Decision) -> Side:
    winner = decision.ranking[0].code if decision.ranking else None
    return Side(decision.outcome, decision.settled_by, decision.fired, decision.failure, winner)


def _comes_to(side: Side) -> tuple[str, bool, str | None]:
    unordered: dict[str, Plain] = {
        name: list[Plain](sorted(map(canonical_json, value))) if isinstance(value, list) else value
        for name, value in side.outcome.items()
    }
    return canonical_json(unordered), side.failure is not None, side.winner


def _plain(value: Plain) -> str:
    return value if isinstance(value, str) else canonical_json(value)


def _when(every: Sequence[Period], lang: str) -> str:
    if not every:
        return ""
    told = []
    for period in every:
        if period.start is None:
            told.append(f"{period.end} 之前" if lang == "zh" else f"before {period.end}")
        elif period.end is None:
            told.append(f"{period.start} 起" if lang == "zh" else f"from {period.start}")
        else:
            until = f"{period.start} 到 {period.end} (不含)"
            told.append(
                until if lang == "zh" else f"from {period.start} to {period.end} (excluded)"
            )
    return f" ({('、' if lang == 'zh' else ', ').join(told)})"
