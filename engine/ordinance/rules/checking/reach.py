"""Rules that no order reaches, orders that no rule takes, and orders that two rules take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from operator import eq

from ordinance.rules.checking.diagram import FALSE, Node
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.finding import Finding, as_given, finding, in_words
from ordinance.rules.checking.firing import NOBODY, UNKNOWN, most_specific, nobody, winners
from ordinance.rules.checking.meeting import Meetings
from ordinance.rules.checking.model import Model
from ordinance.rules.deciding.policies import NO_RULE
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import Rule

_EXAMPLES = 40
"""How many examples are tried before something is said to be not confirmed."""
_MOST_NAMED = 4
_MOST_PAIRS = 100
"""How many overlaps are told; more say nothing new."""


def unreachable(model: Model) -> Iterator[Finding]:
    """Rules that others take every order from."""
    for row, takers in _covered(model):
        rule = model.tree.rules[row]
        names = [model.tree.rules[taker].id for taker in takers if taker >= 0]
        yield _unreached(rule, names, [model.tree.rules[t] for t in takers if t >= 0])


def gap(model: Model) -> Iterator[Finding]:
    """Orders that no rule takes; of no interest where rules only add to an outcome."""
    tree = model.tree
    if tree.hit not in (Hit.FIRST, Hit.UNIQUE) or not tree.rules:
        return
    example = confirmed(model, nobody(model), lambda found: _takes_nobody(model, found))
    if example is None:
        return
    if tree.otherwise is None:
        said = Words(
            "有的订单没有规则可用, 而 `otherwise: error`",
            "no rule takes some orders, and `otherwise` is an error",
        )
        way = Words(
            "为这样的订单加一条规则, 或给 `otherwise` 写一个结论",
            "add a rule for such orders, or give `otherwise` an outcome",
        )
    else:
        said = Words(
            "有的订单没有规则可用, 由 `otherwise` 决定",
            "no rule takes some orders; `otherwise` decides them",
        )
        way = None
    yield finding(
        "E_NO_RULE" if tree.otherwise is None else "N_NO_RULE",
        "error" if tree.otherwise is None else "note",
        said,
        tree.place,
        way=way,
        example=in_words(example, model.vocabulary),
        facts=as_given(example),
    )


def overlap(model: Model) -> Iterator[Finding]:
    """Orders for which two rules of a `unique` set are true."""
    if model.tree.hit is not Hit.UNIQUE:
        return
    for first, second, both in islice(_pairs(model), _MOST_PAIRS):
        rules = (model.tree.rules[first], model.tree.rules[second])

        def both_fail(example: Example, rules: tuple[Rule, Rule] = rules) -> bool:
            decision = model.decide(example)
            failed = "" if decision is None else decision.failure or ""
            return all(rule.id in failed.split(", ") for rule in rules)

        example = confirmed(model, both, both_fail)
        if example is None:
            continue
        ids = [rule.id for rule in rules]
        yield finding(
            "E_TWO_RULES",
            "error",
            Words(
                f"规则 `{ids[0]}` 和 `{ids[1]}` 对同一张订单都成立, 而 `hit: unique` 只许一条",
                f"rules `{ids[0]}` and `{ids[1]}` are both true for some orders, and `hit: unique` "
                "allows one",
            ),
            rules[1].place,
            places=[rules[0].place],
            way=Words(
                "让它们的条件互相排斥, 或改用 `hit: first`",
                "let their conditions exclude each other, or write `hit: first`",
            ),
            subject=ids,
            example=in_words(example, model.vocabulary),
            facts=as_given(example),
        )


def confirmed(model: Model, region: Node, holds: Callable[[Example], bool]) -> Example | None:
    """An example of the region for which the real decider says what was found; None if none."""
    tried = 0
    for value, path in model.diagrams.paths(region):
        if not value:
            continue
        for example in model.space.examples(path):
            tried += 1
            if holds(example):
                return example
            if tried > _EXAMPLES:
                return None
    return None


def _takes_nobody(model: Model, example: Example) -> bool:
    decision = model.decide(example)
    if decision is None or decision.fired:
        return False
    return decision.settled_by == "otherwise" or decision.failure == NO_RULE


def _covered(model: Model) -> Iterator[tuple[int, list[int]]]:
    """Rules that can be true and yet never fire, with those that fire in their place."""
    tree, diagrams = model.tree, model.diagrams
    if tree.hit is Hit.FIRST:
        won = winners(model)
        firing = set(diagrams.values(won))
        for row, region in enumerate(model.regions):
            if region.true != FALSE and row not in firing:
                taken = diagrams.choose(region.true, won, diagrams.leaf(NOBODY))
                yield row, sorted(set(diagrams.values(taken)) - {NOBODY, UNKNOWN})
    elif tree.hit is Hit.COLLECT:
        groups: dict[str, list[int]] = {}
        for row, rule in enumerate(tree.rules):
            if rule.group is None:
                continue
            before = groups.setdefault(rule.group, [])
            yield from _taken_by(model, row, before)
            before.append(row)
    elif tree.hit is Hit.RANK:
        # A soft rule steps back where it would leave nobody; only a hard one takes for good.
        musts: list[int] = []
        for row, rule in enumerate(tree.rules):
            yield from _taken_by(model, row, musts)
            if rule.must:
                musts.append(row)


def _taken_by(model: Model, row: int, before: list[int]) -> Iterator[tuple[int, list[int]]]:
    diagrams, regions = model.diagrams, model.regions
    own = regions[row].true
    if own == FALSE or not before:
        return
    left = own
    takers: list[int] = []
    for other in before:
        rest = diagrams.minus(left, regions[other].true)
        if rest != left:
            takers.append(other)
        left = rest
    if left == FALSE:
        yield row, takers


def _pairs(model: Model) -> Iterator[tuple[int, int, Node]]:
    """Each two rules that can be the answer together, with the orders for which they are."""
    diagrams, regions = model.diagrams, model.regions
    if model.tree.most_specific is not None:
        best = most_specific(model)
        for value in diagrams.values(best):
            if value is not None and value.known and len(value.rules) > 1:
                where = diagrams.mapped(("tied", value), partial(eq, value), best)
                yield value.rules[0], value.rules[1], where
        return
    yield from Meetings(diagrams, [region.true for region in regions]).pairs()


def _unreached(rule: Rule, names: list[str], takers: list[Rule]) -> Finding:
    listed = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    zh = f"{listed} 等 {len(names)} 条规则" if more > 0 else f"规则 {listed}"
    en = f"{listed} and {more} more rules" if more > 0 else listed
    if names:
        said = Words(
            f"规则 `{rule.id}` 永远轮不到: 符合它的订单都已被{zh} 决定",
            f"rule `{rule.id}` is never reached: {en} {'takes' if len(names) == 1 else 'take'} "
            "every order that it fits",
        )
    else:
        said = Words(
            f"规则 `{rule.id}` 永远轮不到: 它成立时前面的规则总是未知",
            f"rule `{rule.id}` is never reached: a rule before it is unknown whenever it is true",
        )
    return finding(
        "E_UNREACHABLE",
        "error",
        said,
        rule.place,
        way=Words(
            "把它移到前面, 收窄前面的规则, 或删去它",
            "move it up, narrow the rules before it, or remove it",
        ),
        subject=(rule.id,),
        places=[taker.place for taker in takers],
    )
