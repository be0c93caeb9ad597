"""Compiled rule sets against plain ones, on sets of every shape."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.compiled.agreement import Pair
from tests.rules.compiled.drawn import Drawing

SEEDS = st.integers(0, 2**32)
ORDERS = 6


def compare(seed: int, most_rules: int) -> None:
    drawing = Drawing(seed, most_rules=most_rules)
    pair = Pair(drawing.tree())
    for _ in range(ORDERS):
        pair.agree(*drawing.given())


@settings(max_examples=1500)
@given(SEEDS)
def test_a_small_set_decides_alike_compiled_and_plain(seed: int) -> None:
    compare(seed, 6)


@settings(max_examples=150)
@given(SEEDS)
def test_a_larger_set_decides_alike_compiled_and_plain(seed: int) -> None:
    compare(seed, 80)
