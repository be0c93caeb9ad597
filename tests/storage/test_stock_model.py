"""The stock books of the store against plain ones, over random movements."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from ordinance.inventory import SIGNED, Buckets, effect
from ordinance.ports import MovementKind, OutOfStock
from ordinance.testing.samples import SHOP, movement
from ordinance_adapters.sqlite import open_storage

MOVES = st.tuples(st.sampled_from(MovementKind), st.integers(1, 6), st.booleans())
BLOCKS = st.lists(st.tuples(st.lists(MOVES, max_size=6), st.booleans()), max_size=6)

STORE = open_storage(":memory:")
SKUS = count()

NEW_PROMISES = {MovementKind.RESERVED, MovementKind.SET_ASIDE}


def moved(counts: Buckets, kind: MovementKind, quantity: int) -> Buckets | None:
    """The counts after a movement, or None where it must be refused."""
    after = counts + effect(movement(kind, quantity))
    free = after.on_hand - after.reserved - after.set_aside
    low = min(after.quarantine, after.in_transit, after.safety, after.reserved, after.set_aside)
    held_back = after.safety if kind in NEW_PROMISES else 0
    return after if low >= 0 and free >= held_back else None


class Undone(Exception):
    """Leaves a transaction so that it is taken back."""


@given(BLOCKS)
def test_the_store_agrees_with_a_plain_counter(
    blocks: list[tuple[list[tuple[MovementKind, int, bool]], bool]],
) -> None:
    sku = f"sku-{next(SKUS)}"
    counts = Buckets()
    kept = 0
    with STORE.batch():
        for moves, keep in blocks:
            inner, applied = counts, 0
            with suppress(Undone), STORE.transaction() as tx:
                for kind, size, down in moves:
                    quantity = -size if down and kind in SIGNED else size
                    after = moved(inner, kind, quantity)
                    try:
                        tx.move(movement(kind, quantity, sku=sku))
                        booked = True
                    except OutOfStock:
                        booked = False
                    assert booked == (after is not None)
                    inner, applied = (after, applied + 1) if after else (inner, applied)
                if not keep:
                    raise Undone
            if keep:
                counts, kept = inner, kept + applied
    levels = [level for level in STORE.stock(SHOP) if level.sku == sku]
    ledger = [entry for entry in STORE.movements(SHOP) if entry.sku == sku]

    assert [level.buckets for level in levels] == ([counts] if kept else [])
    assert len(ledger) == kept
