"""What a store promises about the audit log: places are given once, and never change."""

from __future__ import annotations

from ordinance.auditlog import (
    Leaf,
    LeafKind,
    LogHead,
    Placed,
    RulesInLog,
    StoredCheckpoint,
    entry_leaf,
    movement_leaf,
    release_leaf,
)
from ordinance.ports import MovementKind, Storage, Transaction
from ordinance.testing.samples import (
    AT,
    OTHER_SHOP,
    SHOP,
    decision,
    entry,
    event,
    movement,
    order,
    release,
)

_RECEIVED = movement(MovementKind.RECEIVED, 5)
_LEAVES = [
    Leaf(LeafKind.ORDER, "o1", "", 1, "h1"),
    Leaf(LeafKind.ORDER, "o1", "", 2, "h2"),
    Leaf(LeafKind.ORDER, "o2", "", 1, "h1"),
    Leaf(LeafKind.STOCK, "TEA", "east", 1, movement_leaf(_RECEIVED, 1)),
    Leaf(LeafKind.RULES, "", "", 1, entry_leaf(entry(1))),
    Leaf(LeafKind.RELEASE, "", "", 1, release_leaf(release(1))),
]


def _filled(tx: Transaction) -> None:
    for order_id, versions in (("o1", (1, 2)), ("o2", (1,))):
        head = f"h{versions[-1]}"
        tx.save_order(order(order_id, version=versions[-1], head=head), expected_version=0)
        tx.append_events([event(each, order_id=order_id, hash=f"h{each}") for each in versions])
    tx.move(_RECEIVED)
    tx.append_entry(entry(1))
    tx.add_release(release(1), {})
    tx.save_order(order("o1", shop=OTHER_SHOP), expected_version=0)
    tx.append_events([event(1, shop=OTHER_SHOP)])


def _sealed(storage: Storage, count: int, since: LogHead | None = None) -> bool:
    """Seal some of what waits, and say whether it was done."""

    def do(tx: Transaction) -> bool:
        before = since or tx.log_head(SHOP)
        leaves = tx.unsealed(SHOP, count)
        size = before.size + len(leaves)
        after = LogHead(size, (f"f{size}", "aa"))
        return tx.seal(leaves, before, after, StoredCheckpoint(SHOP, size, AT, f"note {size}"))

    return storage.transact(do)


class AuditLogContract:
    """A log that only grows, of what was committed before."""

    def test_what_was_committed_waits_to_be_sealed(self, storage: Storage) -> None:
        storage.transact(_filled)

        with storage.reading() as tx:
            assert list(tx.unsealed(SHOP, 100)) == _LEAVES
            assert list(tx.unsealed(SHOP, 2)) == _LEAVES[:2]
            assert list(tx.unsealed(SHOP, 4)) == _LEAVES[:4]
            assert tx.log_head(SHOP) == LogHead()

    def test_sealing_gives_the_places_one_after_the_other(self, storage: Storage) -> None:
        storage.transact(_filled)
        assert _sealed(storage, 1) and _sealed(storage, 3)

        with storage.reading() as tx:
            assert list(tx.unsealed(SHOP, 100)) == _LEAVES[4:]
            assert tx.log_head(SHOP) == LogHead(4, ("f4", "aa"))
            assert len(tx.unsealed(OTHER_SHOP, 100)) == 1
        assert list(storage.log(SHOP)) == [Placed(at, _LEAVES[at]) for at in range(4)]
        assert list(storage.log(OTHER_SHOP)) == []
        assert [each.size for each in storage.checkpoints(SHOP)] == [1, 4]
        assert [each.size for each in storage.checkpoints(SHOP, after=1)] == [4]
        assert storage.last_checkpoint(SHOP) == StoredCheckpoint(SHOP, 4, AT, "note 4")
        assert storage.last_checkpoint(OTHER_SHOP) is None

    def test_of_two_who_seal_at_once_one_is_the_one(self, storage: Storage) -> None:
        storage.transact(_filled)
        assert _sealed(storage, 3, LogHead())

        assert not _sealed(storage, 3, LogHead())
        assert [each.place for each in storage.log(SHOP)] == [0, 1, 2]
        assert len(list(storage.checkpoints(SHOP))) == 1

    def test_what_comes_later_waits_again(self, storage: Storage) -> None:
        storage.transact(_filled)
        assert _sealed(storage, 100)
        with storage.transaction() as tx:
            tx.save_order(order("o1", version=3, head="h3"), expected_version=2)
            tx.append_events([event(3, hash="h3")])
            tx.move(_RECEIVED)
            tx.append_entry(entry(2))
            tx.add_release(release(2), {})

        with storage.reading() as tx:
            assert list(tx.unsealed(SHOP, 100)) == [
                Leaf(LeafKind.ORDER, "o1", "", 3, "h3"),
                Leaf(LeafKind.STOCK, "TEA", "east", 2, movement_leaf(_RECEIVED, 2)),
                Leaf(LeafKind.RULES, "", "", 2, entry_leaf(entry(2))),
                Leaf(LeafKind.RELEASE, "", "", 2, release_leaf(release(2))),
            ]

    def test_rows_are_read_with_their_places(self, storage: Storage) -> None:
        storage.transact(_filled)
        assert _sealed(storage, 2)

        events = list(storage.events_in_log(SHOP))
        assert [(each.event.order_id, each.place, each.leaf) for each in events] == [
            ("o1", 0, "h1"),
            ("o1", 1, "h2"),
            ("o2", None, None),
        ]
        assert [(each.last, each.head, each.sealed) for each in events] == [
            (2, "h2", 2),
            (2, "h2", 2),
            (1, "h1", 0),
        ]
        assert list(storage.events_in_log(SHOP, "o2")) == events[2:]
        assert _sealed(storage, 2)
        moved = list(storage.movements_in_log(SHOP))
        assert [(each.movement, *each[1:]) for each in moved] == [
            (_RECEIVED, 1, 3, movement_leaf(_RECEIVED, 1), 1, 1)
        ]
        assert list(storage.movements_in_log(SHOP, ("east", "TEA"))) == moved
        assert list(storage.movements_in_log(SHOP, ("west", "TEA"))) == []

    def test_rules_are_read_with_their_places(self, storage: Storage) -> None:
        storage.transact(_filled)
        assert _sealed(storage, 5)

        entered, released = entry_leaf(entry(1)), release_leaf(release(1))
        assert list(storage.rules_in_log(SHOP)) == [
            RulesInLog(LeafKind.RULES, 1, entered, 4, entered),
            RulesInLog(LeafKind.RELEASE, 1, released, None, None),
        ]
        assert list(storage.rules_in_log(OTHER_SHOP)) == []

    def test_every_decision_is_read(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.append_decisions([decision(2), decision(1), decision(1, order_id="o2")])
            tx.append_decisions([decision(1, shop=OTHER_SHOP)])

        assert list(storage.all_decisions(SHOP)) == [
            decision(1),
            decision(2),
            decision(1, order_id="o2"),
        ]
        assert list(storage.all_decisions(SHOP, "o1")) == [decision(1), decision(2)]
        assert list(storage.all_decisions(SHOP, "o3")) == []

    def test_leaves_and_owners_without_their_rows_are_told(self, storage: Storage) -> None:
        gone = Leaf(LeafKind.STOCK, "CUP", "east", 1, "x")
        with storage.transaction() as tx:
            tx.save_order(order("o9", version=4), expected_version=0)
            tx.seal([gone], LogHead(), LogHead(1, ("f",)), StoredCheckpoint(SHOP, 1, AT, "n"))

        assert list(storage.strays(SHOP)) == [Placed(0, gone)]
        assert list(storage.bare(SHOP)) == [(LeafKind.ORDER, "o9", "", 4)]
        assert not list(storage.strays(OTHER_SHOP)) and not list(storage.bare(OTHER_SHOP))

    def test_an_order_that_goes_on_stays_sealed_as_far_as_it_was(self, storage: Storage) -> None:
        storage.transact(_filled)
        assert _sealed(storage, 100)
        with storage.transaction() as tx:
            tx.save_order(order("o1", version=3, head="h3"), expected_version=2)
            tx.append_events([event(3, hash="h3")])

        assert {each.sealed for each in storage.events_in_log(SHOP, "o1")} == {2}
