"""What could be said shorter: rules and columns that change nothing, rules that could be one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from ordinance.rules.checking.diagram import FALSE
from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.checking.firing import NOBODY, UNKNOWN, in_order, winners
from ordinance.rules.checking.meeting import Meetings
from ordinance.rules.checking.model import Model
from ordinance.rules.deciding.conditions import facts_in
from ordinance.rules.deciding.outcomes import plain_outcome
from ordinance.rules.deciding.vocabulary import LINES
from ordinance.rules.decision import canonical_json
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import Rule

_NOBODY_SAYS = "otherwise"
_UNKNOWN_SAYS = "unknown"


def redundant(model: Model) -> Iterator[Finding]:
    """Rules of a `first` set without which every order would come to the same."""
    tree, diagrams = model.tree, model.diagrams
    if tree.hit is not Hit.FIRST or tree.most_specific is not None:
        return
    said = sayings(model)
    suffixes = in_order(model, range(len(tree.rules)))
    taken = FALSE
    for row, (rule, region) in enumerate(zip(tree.rules, model.regions, strict=True)):
        own = diagrams.minus(region.true, taken)
        taken = diagrams.join(taken, diagrams.opposite(region.false))
        if own == FALSE:
            continue
        after = diagrams.choose(own, suffixes[row + 1], diagrams.leaf(row))
        if {said[at] for at in diagrams.values(after)} == {said[row]}:
            yield _useless(rule)


def mergeable(model: Model) -> Iterator[Finding]:
    """Two neighbours that say the same and together ask for one range, list or region."""
    tree, diagrams = model.tree, model.diagrams
    if tree.hit not in (Hit.FIRST, Hit.UNIQUE) or tree.most_specific is not None:
        return
    said = sayings(model)
    rows = list(zip(tree.rules, model.regions, strict=True))
    for row, ((rule, region), (other, next_)) in enumerate(itertools.pairwise(rows)):
        alike = said[row] == said[row + 1] and _same_frame(rule, other)
        if not alike or FALSE in (region.true, next_.true):
            continue
        whole = diagrams.join(region.true, next_.true)
        if whole not in (region.true, next_.true) and all(
            diagrams.is_box(node) for node in (region.true, next_.true, whole)
        ):
            yield _one(rule, other)


def idle_columns(model: Model) -> Iterator[Finding]:
    """Facts that rules ask for and that never change what comes out."""
    tree, diagrams = model.tree, model.diagrams
    if tree.hit is not Hit.FIRST or len(tree.rules) < 2 or model.space.opaque:
        return
    said = sayings(model)
    outcome = diagrams.mapped("says", lambda row: said[row], winners(model))
    used = {name for at in diagrams.axes(outcome) for name in model.space.axes[at].key}
    asked = dict.fromkeys(
        name
        for rule, region in zip(tree.rules, model.regions, strict=True)
        if region.active
        for name in facts_in(rule.when)
    )
    for name in asked:
        # Facts of lines stand together on one axis.
        if name not in used and model.vocabulary.homes[name] != LINES:
            yield _idle(name, model)


def better_hit(model: Model) -> Iterator[Finding]:
    """A `first` set whose rules never meet could say `unique`, and be held to it."""
    tree, diagrams = model.tree, model.diagrams
    if tree.hit is not Hit.FIRST or Hit.UNIQUE not in tree.point.hits or len(tree.rules) < 2:
        return
    if Meetings(diagrams, [region.true for region in model.regions]).some():
        return
    yield finding(
        "N_HIT",
        "note",
        Words(
            "任何两条规则都不会同时成立: 写 `hit: unique` 可以让检查一直保证这一点",
            "no two rules are ever true together: `hit: unique` would keep it so",
        ),
        tree.place,
    )


def sayings(model: Model) -> dict[int, str]:
    """What each rule says, as text; also for nobody and for an unknown rule."""
    said = {
        row: canonical_json(
            {
                name: plain_outcome(model.constants.filled(value))
                for name, value in sorted(rule.then.items())
            }
            if not model.constants.gaps(rule.then)
            else {"": rule.id}
        )
        for row, rule in enumerate(model.tree.rules)
    }
    otherwise = model.tree.otherwise
    said[NOBODY] = (
        _NOBODY_SAYS
        if otherwise is None or model.constants.gaps(otherwise)
        else canonical_json(
            {
                name: plain_outcome(model.constants.filled(value))
                for name, value in sorted(otherwise.items())
            }
        )
    )
    said[UNKNOWN] = _UNKNOWN_SAYS
    return said


def _same_frame(first: Rule, second: Rule) -> bool:
    return (first.scope, first.effective, first.group, first.locked) == (
        second.scope,
        second.effective,
        second.group,
        second.locked,
    )


def _useless(rule: Rule) -> Finding:
    return finding(
        "N_REDUNDANT",
        "note",
        Words(
            f"去掉规则 `{rule.id}` 结论也不变: 后面的规则或 `otherwise` 给出同样的结论",
            f"without rule `{rule.id}` every order comes to the same: the rules after it or "
            "`otherwise` say what it says",
        ),
        rule.place,
        way=Words("删去它, 除非要保留它的理由", "remove it, unless its reason is to be told"),
        subject=(rule.id,),
    )


def _one(rule: Rule, other: Rule) -> Finding:
    return finding(
        "N_MERGE",
        "note",
        Words(
            f"规则 `{rule.id}` 和 `{other.id}` 结论相同, 可以合成一条",
            f"rules `{rule.id}` and `{other.id}` say the same and could be one",
        ),
        other.place,
        places=[rule.place],
        subject=(rule.id, other.id),
    )


def _idle(name: str, model: Model) -> Finding:
    places = _places(name, model.tree.rules)
    return finding(
        "W_COLUMN",
        "warning",
        Words(
            f"`{name}` 从不影响结论: 它取什么值, 结论都一样",
            f"`{name}` never matters: whatever it is, the outcome is the same",
        ),
        places[0].place if places else model.tree.place,
        way=Words("去掉这一列或这些条件", "remove the column or these conditions"),
        subject=(name,),
        places=[rule.place for rule in places[1:]],
    )


def _places(name: str, rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if name in facts_in(rule.when)]
