"""The bands of a score: no gap, no overlap, every total that the points can reach; and how the
points become one."""

from __future__ import annotations

from itertools import pairwise

from ordinance.rules.kinds import Kind
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import read_items, read_text, taken_once
from ordinance.rules.reading.nodes import Entry, Map, described
from ordinance.rules.reading.outcomes import read_outcome
from ordinance.rules.reading.slots import Slot, read_single
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Band, Comparator, RuleSet, Total
from ordinance.rules.words import COMPARATORS, TOTALS

_BOUNDS = {
    spelling: bound.value
    for bound in (Comparator.AT_LEAST, Comparator.BELOW)
    for spelling in (bound.value, COMPARATORS[bound].zh)
}


_TOTALS = {spelling: Total(total) for total, zh in TOTALS.items() for spelling in (total, zh)}


def read_bands(entry: Entry, context: Context) -> tuple[Band, ...]:
    """The bands, lowest first; gaps and overlaps between them are problems."""
    findings = context.findings
    before = findings.errors
    bands = []
    for node in read_items(entry, findings, "band"):
        if not isinstance(node, Map):
            findings.error(
                "E_TYPE",
                f"a band is {described(node)}",
                node.place,
                "write `{at_least: 30, below: 60, ...}` with the outcome",
            )
            continue
        bounds: dict[str, Entry] = {}
        outcome = Map(node.place)
        for item in node.entries:
            bound = _BOUNDS.get(item.key.text)
            if bound is None:
                outcome.entries.append(item)
            elif taken_once(bound, item, bounds, findings):
                bounds[bound] = item
        low = _bound(bounds.get("at_least"), context)
        high = _bound(bounds.get("below"), context)
        then = read_outcome(outcome, context, "a band", beside=("at_least", "below"))
        if low is not None and high is not None and high <= low:
            findings.error(
                "E_RANGE", "`at_least` is not less than `below`", node.place, "swap the two values"
            )
        if then is not None:
            bands.append(Band(low, high, then, node.place))
    if findings.errors > before:
        return tuple(bands)
    ordered = sorted(bands, key=lambda band: (band.at_least is not None, band.at_least or 0))
    for lower, upper in pairwise(ordered):
        _check_joint(lower, upper, context)
    return tuple(ordered)


def read_total(entry: Entry | None, findings: Findings) -> Total:
    """How the points become one number; they are added where nothing is said."""
    text = read_text(entry, findings)
    if entry is None or text is None:
        return Total.SUM
    total = _TOTALS.get(text)
    if total is None:
        usable = ", ".join(f"`{item}`" for item in Total)
        findings.unknown_word(
            "E_TYPE",
            f"`{clip(text)}` is not a way to take the points together",
            text,
            entry.value.place,
            _TOTALS,
            f"use {usable}",
        )
    return total or Total.SUM


def check_reach(draft: RuleSet, context: Context) -> None:
    """The lowest and highest total of written points must lie in a band."""
    bands, otherwise = draft.bands, draft.otherwise
    given = [rule.then.get("points") for rule in draft.rules]
    numbers = [points for points in given if isinstance(points, int)]
    if not bands or len(numbers) < len(given):
        return
    # The points of `otherwise` are the base to which rules add, or stand alone.
    alone = (otherwise or {}).get("points", 0)
    if not isinstance(alone, int):
        return
    if draft.total is Total.SUM:
        lowest = alone + sum(points for points in numbers if points < 0)
        highest = alone + sum(points for points in numbers if points > 0)
    else:
        lowest, highest = min(alone, *numbers), max(alone, *numbers)
    first, last = bands[0], bands[-1]
    if first.at_least is not None and lowest < first.at_least:
        context.findings.error(
            "E_GAP",
            f"no band for {lowest} points",
            first.place,
            "leave out `at_least` of the first band",
        )
    if last.below is not None and highest >= last.below:
        context.findings.error(
            "E_GAP",
            f"no band for {highest} points",
            last.place,
            "leave out `below` of the last band",
        )


def _bound(entry: Entry | None, context: Context) -> int | None:
    if entry is None:
        return None
    value = read_single(entry.value, Slot(entry.key.text, Kind.INTEGER), context.findings)
    return value if isinstance(value, int) else None


def _check_joint(lower: Band, upper: Band, context: Context) -> None:
    if lower.below is None or upper.at_least is None or lower.below > upper.at_least:
        context.findings.error(
            "E_OVERLAP",
            f"this band and the one on line {lower.place.line} hold the same points",
            upper.place,
            "let each band begin where the one before ends",
        )
    elif lower.below < upper.at_least:
        last = upper.at_least - 1
        points = f"{lower.below}" if last == lower.below else f"{lower.below} to {last}"
        context.findings.error(
            "E_GAP",
            f"no band for {points} points",
            upper.place,
            f"write `at_least: {lower.below}`",
        )
