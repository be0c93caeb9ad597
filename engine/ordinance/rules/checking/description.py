"""A region of inputs in words: the ranges and lists of the facts that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ordinance.rules import scalar
from ordinance.rules.checking.axis import ABSENT, Axis
from ordinance.rules.checking.diagram import Path
from ordinance.rules.checking.example import CLOCK_AXIS, OPAQUE, PAIR, TAG
from ordinance.rules.checking.grid import grid_of
from ordinance.rules.checking.space import Space
from ordinance.rules.deciding.vocabulary import LINES
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Fact

_SIGNS = {
    "<": Words("低于", "below"),
    "=": Words("等于", "equal to"),
    ">": Words("高于", "above"),
}
_MOST_LISTED = 6


def described(path: Path, space: Space) -> Words:
    """A path of a diagram in words; facts that do not matter are not named."""
    return Words(_in(path, space, "zh"), _in(path, space, "en"))


def _in(path: Path, space: Space, lang: str) -> str:
    parts = [_part(space.axes[at], mask, space, lang) for at, mask in sorted(path.items())]
    told = [part for part in parts if part]
    if not told:
        return _say(lang, "任何订单", "every order")
    return ("、" if lang == "zh" else ", ").join(told)


def _part(axis: Axis, mask: int, space: Space, lang: str) -> str:
    name = axis.key[0]
    if name == OPAQUE:
        return _opaque(axis, mask, space.facts, lang)
    if name == LINES:
        return _say(lang, "商品行如例", "lines as in the example")
    if name == CLOCK_AXIS:
        return _say(lang, "决策时刻如例", "the time of deciding as in the example")
    if name == TAG:
        fact = space.facts[axis.key[1]]
        tag = scalar.render(axis.cells[1][0], Kind.TEXT, lang, choices=fact.choices)
        there = mask & 0b10
        verb = _say(lang, "含" if there else "不含", "with" if there else "without")
        return f"{fact.words.get(lang)} {verb} {tag}"
    fact = space.facts[name]
    return f"{fact.words.get(lang)} {_values(fact, axis, mask, space, lang)}"


def _opaque(axis: Axis, mask: int, facts: Mapping[str, Fact], lang: str) -> str:
    if axis.key[1] != PAIR:
        return ""
    left, right = (facts[name].words.get(lang) for name in axis.key[2:])
    signs = [cell[0] for bit, cell in enumerate(axis.cells) if mask >> bit & 1]
    joined = _say(lang, "或", " or ").join(_SIGNS[sign].get(lang) for sign in signs)
    return f"{left} {joined} {right}"


def _values(fact: Fact, axis: Axis, mask: int, space: Space, lang: str) -> str:
    chosen = [cell for bit, cell in enumerate(axis.cells) if mask >> bit & 1]
    others = [cell for bit, cell in enumerate(axis.cells) if not mask >> bit & 1]
    missing = _say(lang, "缺失", "missing")
    if any(cell[0] is ABSENT for cell in chosen):
        there = [cell for cell in chosen if cell[0] is not ABSENT]
        if not there:
            return missing
        absent = _say(lang, f"或{missing}", f" or {missing}")
    else:
        there, absent = chosen, ""
    others = [cell for cell in others if cell[0] is not ABSENT]
    if not others:
        return _say(lang, "有值", "there") + absent
    if grid_of(fact, space.zone) is not None:
        return _ranges(fact, axis, there, others, lang) + absent
    return _listed(fact, axis, there, others, lang) + absent


def _ranges(
    fact: Fact,
    axis: Axis,
    there: Sequence[Sequence[Any]],
    others: Sequence[Sequence[Any]],
    lang: str,
) -> str:
    """The ranges between the values at hand: every bound and its neighbours are among them."""
    inside = [value for cell in there for value in cell]
    ordered = sorted([*inside, *(value for cell in others for value in cell)])
    runs: list[list[int]] = []
    for at, value in enumerate(ordered):
        if value not in inside:
            continue
        if runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    dense = fact.kind in (Kind.DECIMAL, Kind.RATIO)
    told = []
    for first, last in runs:
        low = high = None
        if first > 0:
            open_ = dense and ordered[first] not in axis.bounds
            low = (ordered[first - 1 if open_ else first], open_)
        if last < len(ordered) - 1:
            open_ = dense and ordered[last] not in axis.bounds
            high = (ordered[last + 1 if open_ else last], open_)
        told.append(_range(fact, low, high, lang))
    return _say(lang, "或", " or ").join(told)


def _range(
    fact: Fact, low: tuple[Any, bool] | None, high: tuple[Any, bool] | None, lang: str
) -> str:
    if low is not None and high is not None and low == high:
        return _one(fact, low[0], lang)
    parts = []
    if low is not None:
        word = _say(lang, "高于", "above") if low[1] else _say(lang, "不低于", "at least")
        parts.append(f"{word} {_one(fact, low[0], lang)}")
    if high is not None:
        word = _say(lang, "低于", "below") if high[1] else _say(lang, "不高于", "at most")
        parts.append(f"{word} {_one(fact, high[0], lang)}")
    return _say(lang, "且", " and ").join(parts)


def _listed(
    fact: Fact,
    axis: Axis,
    there: Sequence[Sequence[Any]],
    others: Sequence[Sequence[Any]],
    lang: str,
) -> str:
    closed = fact.kind in (Kind.CHOICE, Kind.BOOLEAN)
    nameless = [cell for cell in others if not any(value in axis.bounds for value in cell)]
    rest = any(not any(value in axis.bounds for value in cell) for cell in there)
    if rest and not nameless and not closed:
        return _say(lang, "不同于 ", "other than ") + _row(fact, _named(axis, others), lang)
    chosen = [value for cell in there for value in cell] if closed else _named(axis, there)
    return _row(fact, chosen, lang)


def _named(axis: Axis, cells: Sequence[Sequence[Any]]) -> list[Any]:
    """The values of cells that the conditions name; of a cell without any, its first."""
    return [
        value
        for cell in cells
        for value in ([value for value in cell if value in axis.bounds] or cell[:1])
    ]


def _row(fact: Fact, values: Sequence[Any], lang: str) -> str:
    told = [_one(fact, value, lang) for value in values]
    more = len(told) - _MOST_LISTED
    listed = _say(lang, "或 ", " or ").join(told[:_MOST_LISTED])
    return listed if more <= 0 else _say(lang, f"{listed} 等", f"{listed} and {more} more")


def _one(fact: Fact, value: Any, lang: str) -> str:
    said = scalar.render(value, fact.kind, lang, unit=fact.unit, choices=fact.choices)
    return f"{said} {value.isoformat()[19:]}" if isinstance(value, datetime) else said


def _say(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en
