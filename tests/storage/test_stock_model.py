"""The stock counter of the store against a plain one, over random movements."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from ordinance.ports import MovementKind
from ordinance.testing.samples import SHOP, movement
from ordinance_adapters.sqlite import open_storage

ON_HAND = {"received": 1, "returned_to_stock": 1, "adjusted": 1, "shipped": -1}
RESERVED = {"reserved": 1, "released": -1, "shipped": -1}

MOVES = st.tuples(st.sampled_from(MovementKind), st.integers(1, 6), st.booleans())
BLOCKS = st.lists(st.tuples(st.lists(MOVES, max_size=6), st.booleans()), max_size=6)

STORE = open_storage(":memory:")
SKUS = count()

Counts = tuple[int, int, int]


def moved(counts: Counts, kind: MovementKind, quantity: int) -> Counts | None:
    """The counts after a movement, or None where it must be refused."""
    on_hand = counts[0] + quantity * ON_HAND.get(kind, 0)
    reserved = counts[1] + quantity * RESERVED.get(kind, 0)
    quarantine = counts[2] + (quantity if kind is MovementKind.QUARANTINED else 0)
    return (on_hand, reserved, quarantine) if 0 <= reserved <= on_hand else None


class Undone(Exception):
    """Leaves a transaction so that it is taken back."""


@given(BLOCKS)
def test_the_store_agrees_with_a_plain_counter(
    blocks: list[tuple[list[tuple[MovementKind, int, bool]], bool]],
) -> None:
    sku = f"sku-{next(SKUS)}"
    counts: Counts = (0, 0, 0)
    kept = 0
    with STORE.batch():
        for moves, keep in blocks:
            inner, applied = counts, 0
            with suppress(Undone), STORE.transaction() as tx:
                for kind, size, down in moves:
                    quantity = -size if down and kind is MovementKind.ADJUSTED else size
                    after = moved(inner, kind, quantity)
                    assert tx.move(movement(kind, quantity, sku=sku)) == (after is not None)
                    inner, applied = (after, applied + 1) if after else (inner, applied)
                if not keep:
                    raise Undone
            if keep:
                counts, kept = inner, kept + applied
    levels = [level for level in STORE.stock(SHOP) if level.sku == sku]
    ledger = [entry for entry in STORE.movements(SHOP) if entry.sku == sku]
    expected = [counts] if kept else []

    assert [(one.on_hand, one.reserved, one.quarantine) for one in levels] == expected
    assert len(ledger) == kept
