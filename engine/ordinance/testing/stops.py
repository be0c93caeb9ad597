"""What a store promises about stock items that a warehouse does not ship, and about holders."""

from __future__ import annotations

from datetime import timedelta

from ordinance.ports import MovementKind, Storage, StoredBlock
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, movement

HOUR = timedelta(hours=1)


def block(sku: str = "TEA", warehouse: str = "hz", **changes: object) -> StoredBlock:
    """A block without an end; change what matters."""
    fields = {"shop": SHOP, "until": None, "reason": "CLOSED", "by": "wang", "at": AT, **changes}
    return StoredBlock(sku=sku, warehouse=warehouse, **fields)  # type: ignore[arg-type]


class StopsContract:
    """A block holds until its end, or until it is lifted."""

    def test_blocks_come_by_stock_item_and_warehouse(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            for one in (block("b"), block("a", "w2"), block("a", "w1"), block(shop=OTHER_SHOP)):
                tx.block(one)
            assert tx.blocks(SHOP, AT) == [block("a", "w1"), block("a", "w2"), block("b")]

    def test_a_block_ends_at_its_instant(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.block(block(until=AT + HOUR))
            assert tx.blocks(SHOP, AT + HOUR - timedelta(microseconds=1)) == [
                block(until=AT + HOUR)
            ]
            assert tx.blocks(SHOP, AT + HOUR) == []

    def test_the_newest_block_counts(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.block(block(until=AT + HOUR))
            tx.block(block(reason="ITEM_BLOCKED"))
            assert tx.blocks(SHOP, AT + 9 * HOUR) == [block(reason="ITEM_BLOCKED")]

    def test_a_block_is_lifted_once(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.block(block())
            tx.block(block("CUP"))
            assert tx.lift_block(SHOP, "TEA", "hz") is True
            assert tx.lift_block(SHOP, "TEA", "hz") is False
            assert tx.lift_block(OTHER_SHOP, "CUP", "hz") is False
            assert tx.blocks(SHOP, AT) == [block("CUP")]

    def test_who_holds_a_stock_item_is_known(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.move(movement(MovementKind.RECEIVED, 9))
            tx.move(movement(MovementKind.RECEIVED, 9, warehouse="west"))
            tx.move(movement(MovementKind.RESERVED, 2, order_id="o2"))
            tx.move(movement(MovementKind.RESERVED, 1, order_id="o1"))
            tx.move(movement(MovementKind.RESERVED, 4, order_id="o3", warehouse="west"))
            held = tx.holders(SHOP, "TEA", movement(MovementKind.RECEIVED, 1).warehouse)

        assert [(one.holder, one.pieces) for one in held] == [("o1", 1), ("o2", 2)]
