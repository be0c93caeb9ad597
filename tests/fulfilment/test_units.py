"""Units as runs of numbers, against plain sets of numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ordinance.orders.units import chosen, common, counted, joined, lowest, overlap, without

RUNS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=5)


def numbers(runs: object) -> set[int]:
    """The units of runs, one by one."""
    return {unit for first, count in runs for unit in range(first, first + count)}  # type: ignore[attr-defined]


@given(RUNS, RUNS)
def test_runs_are_sets_of_units(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    assert numbers(joined(one)) == numbers(one)
    assert numbers(without(one, other)) == numbers(one) - numbers(other)
    assert numbers(common(one, other)) == numbers(one) & numbers(other)
    assert counted(joined(one)) == len(numbers(one))
    assert overlap([run for run in one if run[1]]) == (counted(one) > len(numbers(one)))


@given(RUNS, st.integers(0, 30))
def test_the_lowest_units_are_taken(runs: list[tuple[int, int]], count: int) -> None:
    assert numbers(lowest(runs, count)) == set(sorted(numbers(runs))[:count])


@given(st.integers(0, 25), RUNS, RUNS, st.data())
def test_what_is_to_be_avoided_is_taken_last(
    quantity: int, first: list[tuple[int, int]], second: list[tuple[int, int]], data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, quantity))

    found = numbers(chosen(quantity, count, [first, second]))

    def reluctance(unit: int) -> tuple[bool, bool, int]:
        return unit in numbers(first), unit in numbers(second), unit

    assert sorted(found) == sorted(sorted(range(quantity), key=reluctance)[:count])
