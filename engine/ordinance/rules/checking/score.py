"""Which sums the points of a `score` set can reach, against its bands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ordinance.rules.checking.diagram import Node
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.finding import Finding, as_given, finding, in_words
from ordinance.rules.checking.firing import certain
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.reach import confirmed
from ordinance.rules.deciding.outcomes import said
from ordinance.rules.deciding.policies import NO_BAND, covers
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import Band, Total


def sums(model: Model) -> Node:
    """The points of every input on which all rules are known; None on the others."""
    diagrams, kind = model.diagrams, model.tree.total
    otherwise = said(model.tree.otherwise or {}, model.constants)
    base = 0 if otherwise is None else otherwise.points
    nothing = diagrams.leaf(None)
    total = diagrams.leaf(base) if kind is Total.SUM else nothing
    for rule, region in zip(model.tree.rules, model.regions, strict=True):
        spoken = said(rule.then, model.constants)
        points = 0 if spoken is None else spoken.points
        own = diagrams.choose(region.true, diagrams.leaf(points), nothing)
        total = diagrams.combine(("total", kind), _TOGETHER[kind], total, own)
    # Where no rule gave points, those of `otherwise` stand alone.
    total = diagrams.mapped("alone", lambda points: base if points is None else points, total)
    return diagrams.choose(certain(model, model.regions), total, nothing)


def reach_of_points(model: Model) -> Iterator[Finding]:
    """Sums without a band or with two, and bands that no order can reach."""
    tree = model.tree
    if tree.hit is not Hit.SCORE or not tree.bands:
        return
    total = sums(model)
    reached = sorted(value for value in model.diagrams.values(total) if value is not None)
    for points in reached:
        holding = [band for band in tree.bands if covers(band, points)]
        if len(holding) != 1:
            yield from _uncovered(model, total, points, holding)
    if model.setting.params:
        # With other points other bands are reached; a band is idle by the values of the file.
        return
    for band in tree.bands:
        if not any(covers(band, points) for points in reached):
            yield _never(band, reached)


def _uncovered(model: Model, total: Node, points: int, holding: list[Band]) -> Iterator[Finding]:
    where = model.diagrams.mapped(("reaches", points), lambda value: value == points, total)

    def comes_out(example: Example) -> bool:
        decision = model.decide(example)
        if decision is None or decision.points != points:
            return False
        return bool(holding) or decision.failure == NO_BAND

    example = confirmed(model, where, comes_out)
    if example is None:
        return
    if holding:
        words = Words(f"{points} 分同时落在两个分档里", f"{points} points lie in two bands")
    else:
        words = Words(
            f"有订单会得 {points} 分, 没有对应的分档",
            f"some orders reach {points} points, and no band holds them",
        )
    yield finding(
        "E_BAND_OVERLAP" if holding else "E_NO_BAND",
        "error",
        words,
        (holding or model.tree.bands)[-1].place,
        way=Words(
            "让每一档从上一档结束的地方开始, 首尾两档不设限",
            "let each band begin where the one before ends, and leave the first and the last open",
        ),
        subject=(str(points),),
        example=in_words(example, model.vocabulary),
        facts=as_given(example),
    )


def _never(band: Band, reached: list[int]) -> Finding:
    low = "" if band.at_least is None else f"{band.at_least}"
    high = "" if band.below is None else f"{band.below}"
    zh = (
        f"{low} 分起" if not high else f"{high} 分以下" if not low else f"{low} 到 {high} 分 (不含)"
    )
    en = (
        f"from {low} points"
        if not high
        else f"below {high} points"
        if not low
        else f"from {low} to {high} points (excluded)"
    )
    most = (f"{reached[0]}", f"{reached[-1]}") if reached else ("0", "0")
    return finding(
        "W_BAND",
        "warning",
        Words(
            f"没有订单能落进这一档 ({zh}): 总分在 {most[0]} 到 {most[1]} 之间",
            f"no order can reach this band ({en}): sums go from {most[0]} to {most[1]}",
        ),
        band.place,
        way=Words("调整分数或分档", "change the points or the bands"),
        subject=(low, high),
    )


def _together(
    choose: Callable[[int, int], int], first: int | None, second: int | None
) -> int | None:
    """The points of two parts, of which one or both may give none."""
    if first is None or second is None:
        return second if first is None else first
    return choose(first, second)


_TOGETHER = {
    Total.SUM: partial(_together, int.__add__),
    Total.MAX: partial(_together, max),
    Total.MIN: partial(_together, min),
}
