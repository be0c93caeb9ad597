"""Units of an order line: which ones, as runs of their numbers.

A line of 3 has the units 0, 1 and 2. Every unit has a share of the line's money of its own
(`shares.py`), so that a parcel, a refund and a case say which units they are about. A run is
(first, count); a line of a million units is one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

Run = tuple[int, int]


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same units in order, each once, touching runs made one."""
    found: list[Run] = []
    for first, count in sorted(runs):
        if count <= 0:
            continue
        if found and first <= sum(found[-1]):
            start, held = found[-1]
            found[-1] = (start, max(start + held, first + count) - start)
        else:
            found.append((first, count))
    return tuple(found)


def without(runs: Iterable[Run], taken: Iterable[Run]) -> tuple[Run, ...]:
    """The units of `runs` that are not in `taken`."""
    left = list(joined(runs))
    for first, count in joined(taken):
        end = first + count
        cut: list[Run] = []
        for start, held in left:
            stop = start + held
            cut += [(start, min(stop, first) - start), (max(start, end), stop - max(start, end))]
        left = [run for run in cut if run[1] > 0]
    return tuple(left)


def common(one: Iterable[Run], other: Iterable[Run]) -> tuple[Run, ...]:
    """The units that are in both."""
    one = joined(one)
    return without(one, without(one, other))


def counted(runs: Iterable[Run]) -> int:
    """How many units."""
    return sum(count for _, count in runs)


def lowest(runs: Iterable[Run], count: int) -> tuple[Run, ...]:
    """The `count` lowest units, or all when there are fewer."""
    found: list[Run] = []
    for first, held in joined(runs):
        if count <= 0:
            break
        found.append((first, min(held, count)))
        count -= held
    return tuple(found)


def chosen(quantity: int, count: int, avoid: Sequence[Iterable[Run]]) -> tuple[Run, ...]:
    """`count` units of a line of `quantity`, none that is to be avoided while there are others.

    The lowest ones; what stands first in `avoid` is taken last of all.
    """
    return _picked(((0, max(quantity, 0)),), count, [joined(runs) for runs in avoid])


def _picked(pool: Iterable[Run], count: int, avoid: Sequence[tuple[Run, ...]]) -> tuple[Run, ...]:
    if not avoid:
        return lowest(pool, count)
    found = _picked(without(pool, avoid[0]), count, avoid[1:])
    missing = count - counted(found)
    if missing <= 0:
        return found
    return joined([*found, *_picked(common(pool, avoid[0]), missing, avoid[1:])])


def overlap(runs: Iterable[Run]) -> bool:
    """Whether a unit is there twice."""
    return any(sum(one) > other[0] for one, other in pairwise(sorted(runs)))
