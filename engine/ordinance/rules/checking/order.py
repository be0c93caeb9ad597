"""Rules of a `first` set whose order decides more than it seems to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from ordinance.rules.checking.advice import sayings
from ordinance.rules.checking.diagram import FALSE
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.finding import Finding, as_given, finding, in_words
from ordinance.rules.checking.firing import NOBODY, winners
from ordinance.rules.checking.meeting import Meetings
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.reach import confirmed
from ordinance.rules.deciding.conditions import facts_in
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import Rule

_MOST = 10


def misleading_order(model: Model) -> Iterator[Finding]:
    """A rule that asks for more than one before it, which takes a part of its orders.

    An exception before its rule is how such sets are written. A rule that asks for all that the
    one before asks for, and for more, reads as its exception, but stands behind it.
    """
    tree = model.tree
    if tree.hit is not Hit.FIRST or tree.most_specific is not None:
        return
    yield from islice(_crossing(model), _MOST)


def _crossing(model: Model) -> Iterator[Finding]:
    diagrams, regions = model.diagrams, model.regions
    said = sayings(model)
    asked = [frozenset(facts_in(region.when)) for region in regions]
    won = winners(model)
    meetings = Meetings(diagrams, [region.true for region in regions])
    for first, second, both in meetings.pairs():
        if said[first] == said[second] or not asked[first] < asked[second]:
            continue
        decided = diagrams.choose(both, won, diagrams.leaf(NOBODY))
        where = diagrams.mapped(("crossed", first), partial(int.__eq__, first), decided)
        if where == FALSE:
            continue
        rules = (model.tree.rules[first], model.tree.rules[second])

        def first_decides(example: Example, rule: Rule = rules[0]) -> bool:
            decision = model.decide(example)
            return decision is not None and decision.fired == (rule.id,)

        example = confirmed(model, where, first_decides)
        if example is not None:
            yield _told(*rules, example, model)


def _told(first: Rule, second: Rule, example: Example, model: Model) -> Finding:
    return finding(
        "N_ORDER",
        "note",
        Words(
            f"规则 `{second.id}` 问得更细, 却排在 `{first.id}` 后面: 它的一部分订单已被前者决定",
            f"rule `{second.id}` asks for more than `{first.id}` but stands behind it, and some of "
            "its orders are decided there",
        ),
        second.place,
        way=Words("如果它是例外, 移到前面", "if it is meant as an exception, move it up"),
        places=[first.place],
        subject=(first.id, second.id),
        example=in_words(example, model.vocabulary),
        facts=as_given(example),
    )
