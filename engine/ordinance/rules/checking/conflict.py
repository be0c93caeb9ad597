"""Rules of a `collect` or `score` set that say different things where one thing counts."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.checking.diagram import FALSE
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.finding import Finding, as_given, finding, in_words
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.reach import confirmed
from ordinance.rules.deciding.outcomes import plain_outcome
from ordinance.rules.kinds import Words
from ordinance.rules.point import Field, Hit, Merge
from ordinance.rules.tree import Rule


def conflicts(model: Model) -> Iterator[Finding]:
    """Two rules that are true together and give one field different values, of which the point
    keeps the first only."""
    if model.tree.hit not in (Hit.COLLECT, Hit.SCORE):
        return
    for field in model.tree.point.fields:
        if field.merge is Merge.FIRST:
            yield from _in_field(model, field)


def _in_field(model: Model, field: Field) -> Iterator[Finding]:
    said = {
        row: plain_outcome(model.constants.filled(rule.then[field.name]))
        for row, rule in enumerate(model.tree.rules)
        if field.name in rule.then and model.regions[row].active
    }
    for second in said:
        for first in said:
            if first >= second or said[first] == said[second]:
                continue
            rules = (model.tree.rules[first], model.tree.rules[second])
            if rules[0].group is not None and rules[0].group == rules[1].group:
                continue
            both = model.diagrams.meet(model.regions[first].true, model.regions[second].true)
            if both == FALSE:
                continue

            def fire(example: Example, rules: tuple[Rule, Rule] = rules) -> bool:
                decision = model.decide(example)
                return decision is not None and all(rule.id in decision.fired for rule in rules)

            example = confirmed(model, both, fire)
            if example is not None:
                yield _told(rules, field, example, model)


def _told(rules: tuple[Rule, Rule], field: Field, example: Example, model: Model) -> Finding:
    first, second = rules
    return finding(
        "E_CONFLICT",
        "error",
        Words(
            f"规则 `{first.id}` 和 `{second.id}` 可以同时成立, 给 `{field.name}` 的值却不同, "
            "后一条的值会丢掉",
            f"rules `{first.id}` and `{second.id}` can be true together and give `{field.name}` "
            "different values, and that of the second is lost",
        ),
        second.place,
        places=[first.place],
        way=Words(
            "让它们的条件互相排斥, 或放进同一个 `group` 表明先后",
            "let their conditions exclude each other, or put them into one `group` to say that the "
            "first counts",
        ),
        subject=(first.id, second.id, field.name),
        example=in_words(example, model.vocabulary),
        facts=as_given(example),
    )
