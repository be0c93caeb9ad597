"""A call of every method of the storage port, for the one shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ordinance.auditlog import LogHead, StoredCheckpoint
from ordinance.inventory import Buckets, StockAccount, checkout_holder
from ordinance.ports import (
    Arrival,
    EffectState,
    MovementKind,
    PurchaseOrder,
    Storage,
    StoredBlock,
    Transaction,
    Waiting,
)
from ordinance.stored import Attempt
from ordinance.testing import samples
from tests.core.shop import MONDAY
from tests.tenants.twins import LATER, MINE

Call = Callable[[Any], Any]
FAR = MONDAY + timedelta(days=400)
DAY = MONDAY.date()


def on(source: str, do: Callable[[Transaction, str], Any]) -> Call:
    """A call about the order that the shop knows by a source id."""

    def call(tx: Transaction) -> Any:
        found = tx.order_by_source(MINE, "web", source)
        return do(tx, found.id if found else "nobody")

    return call


def written(tx: Transaction, change: int) -> Any:
    found = tx.order_by_source(MINE, "web", "A1")
    assert found is not None
    tx.save_order(
        samples.order(found.id, shop=MINE, number=found.number, source_id="A1", version=99),
        expected_version=found.version + change,
    )


def effect(tx: Transaction) -> str:
    return tx.due_effects(MINE, FAR, 1)[0].effect.key


def place(order_id: str, pieces: int = 1) -> Waiting:
    return Waiting(MINE, "CUP", 5, LATER, order_id, pieces, "line")


TRIED = Attempt(EffectState.DEAD, 3, None, LATER, "no")

TRANSACTION: dict[str, list[Call]] = {
    "command": [lambda tx: [tx.command(MINE, key) for key in ("r1", "place:web:A1")],
                lambda tx: tx.command(MINE, "place:web:Z1")],
    "keep_command": [lambda tx: tx.keep_command(samples.command("place:web:Z1", shop=MINE))],
    "order": [on("A1", lambda tx, o: tx.order(MINE, o)), on("Z1", lambda tx, o: tx.order(MINE, o))],
    "order_by_source": [lambda tx: tx.order_by_source(MINE, "web", "A1"),
                        lambda tx: tx.order_by_source(MINE, "web", "Z1")],
    "order_by_number": [on("A1", lambda tx, o: tx.order_by_number(MINE, tx.order(MINE, o).number))],
    "save_order": [lambda tx: written(tx, 0), lambda tx: written(tx, 1)],
    "orders_of_buyer": [lambda tx: tx.orders_of_buyer(MINE, "u1")],
    "buyer_history": [lambda tx: tx.buyer_history(MINE, "u1", FAR, MONDAY, besides="x")],
    "transaction_owner": [lambda tx: tx.transaction_owner(MINE, "card", "T-A1"),
                          lambda tx: tx.transaction_owner(MINE, "card", "T-Z1")],
    "keep_transaction": [lambda tx: tx.keep_transaction(MINE, "card", "T-Z1", "o1"),
                         lambda tx: tx.keep_transaction(MINE, "card", "T-A1", "o1")],
    "append_events": [on("A1", lambda tx, o: tx.append_events(
        [samples.event(900, shop=MINE, order_id=o)]))],
    "append_decisions": [on("A1", lambda tx, o: tx.append_decisions(
        [samples.decision(900, shop=MINE, order_id=o)]))],
    "keep_facts": [lambda tx: tx.keep_facts(MINE, {"f1": "{}"})],
    "keep_rules": [lambda tx: tx.keep_rules(samples.rules(shop=MINE))],
    "journal_end": [lambda tx: tx.journal_end(MINE)],
    "append_entry": [lambda tx: tx.append_entry(samples.entry(3, shop=MINE))],
    "add_release": [lambda tx: tx.add_release(samples.release(9, shop=MINE), {"t1": "x"})],
    "append_trials": [on("A1", lambda tx, o: tx.append_trials(
        [samples.trial(900, shop=MINE, order_id=o)]))],
    "keep_person": [on("A1", lambda tx, o: tx.keep_person(MINE, "p", "{}"))],
    "keep_seen": [on("A1", lambda tx, o: tx.keep_seen(MINE, f"P-{o}", "[]"))],
    "seen": [on("A1", lambda tx, o: tx.seen(MINE, f"P-{o}"))],
    "persons_found": [lambda tx: tx.persons_found(MINE, "phone:13800138000")],
    "erase_person": [on("A1", lambda tx, o: tx.erase_person(MINE, f"P-{o}")),
                     lambda tx: tx.erase_person(MINE, "P-nobody")],
    "person": [on("A1", lambda tx, o: tx.person(MINE, o)), lambda tx: tx.person(MINE, "p")],
    "block": [lambda tx: tx.block(StoredBlock(MINE, "COLD", "CD", None, "X", "lan", LATER))],
    "lift_block": [lambda tx: tx.lift_block(MINE, "COLD", "CD")],
    "blocks": [lambda tx: tx.blocks(MINE, LATER)],
    "schedule": [on("A3", lambda tx, o: tx.schedule(samples.timer(o, shop=MINE, due=FAR)))],
    "unschedule": [on("A3", lambda tx, o: tx.unschedule(MINE, o, None, None))],
    "timer": [lambda tx: [tx.timer(MINE, one.order_id, one.kind, one.name)
                          for one in tx.due(MINE, FAR, 100)]],
    "due": [lambda tx: tx.due(MINE, FAR, 100)],
    "next_due": [lambda tx: tx.next_due(MINE)],
    "levels": [lambda tx: tx.levels(MINE, ["TEA", "CUP"], channel="live", token="cart")],
    "claim_stock": [lambda tx: tx.claim_stock(MINE, ["TEA"]),
                    lambda tx: tx.claim_stock(MINE, None)],
    "move": [lambda tx: tx.move(samples.movement(MovementKind.RECEIVED, 9, shop=MINE,
                                                 warehouse="HZ", sku="CUP")),
             lambda tx: tx.move(samples.movement(MovementKind.RESERVED, 15, shop=MINE,
                                                 warehouse="HZ", sku="TEA", token="x"))],
    "move_all": [lambda tx: tx.move_all([samples.movement(
        MovementKind.RESERVED, 2, shop=MINE, warehouse="HZ", sku="TEA", token="x")])],
    "reservations": [lambda tx: tx.reservations(MINE, checkout_holder("cart")),
                     on("A1", lambda tx, o: tx.reservations(MINE, o)),
                     on("Z1", lambda tx, o: tx.reservations(MINE, o))],
    "pools_at": [lambda tx: tx.pools_at(MINE, "HZ", "TEA")],
    "holders": [lambda tx: tx.holders(MINE, "TEA", "HZ")],
    "hold_until": [lambda tx: tx.hold_until(MINE, "cart", FAR)],
    "take_over": [lambda tx: tx.take_over(MINE, "cart", MONDAY)],
    "expired": [lambda tx: tx.expired(MINE, FAR, 10)],
    "restate": [lambda tx: tx.restate(MINE, StockAccount("HZ", "TEA", Buckets(on_hand=9), 3))],
    "on_its_way": [lambda tx: tx.on_its_way(MINE, "t1")],
    "loads": [lambda tx: tx.loads(MINE, DAY)],
    "add_load": [lambda tx: tx.add_load(MINE, "HZ", DAY)],
    "keep_batch": [lambda tx: tx.keep_batch(MINE, "CD", "COLD", DAY, 3)],
    "expiries": [lambda tx: tx.expiries(MINE, ["COLD", "TEA"])],
    "purchase_order": [lambda tx: tx.purchase_order(MINE, "PO-1", "HZ", "CUP")],
    "keep_purchase_order": [lambda tx: tx.keep_purchase_order(
        PurchaseOrder(MINE, "PO-1", "HZ", "CUP", "ACME", 9))],
    "purchase_orders": [lambda tx: tx.purchase_orders(MINE, "CUP")],
    "keep_waiting": [on("A4", lambda tx, o: tx.keep_waiting(MINE, o, [place(o, 2)])),
                     on("A4", lambda tx, o: tx.keep_waiting(MINE, o, []))],
    "waiting": [lambda tx: tx.waiting(MINE, "CUP"),
                lambda tx: tx.waiting(MINE, "CUP", after=Waiting(
                    MINE, "CUP", -99, MONDAY - timedelta(days=9), "", 1, "line"))],
    "waits_of": [on("A4", lambda tx, o: tx.waits_of(MINE, o))],
    "pieces_ahead": [lambda tx: tx.pieces_ahead(Waiting(MINE, "CUP", 99, FAR, "zz", 1, "line"))],
    "arrivals": [lambda tx: [TRANSACTION["move"][0](tx), tx.arrivals(MINE, 10)]],
    "clear_arrival": [lambda tx: [TRANSACTION["move"][0](tx),
                                  tx.clear_arrival(Arrival(MINE, "CUP", 1)),
                                  tx.arrivals(MINE, 9)]],
    "presell": [lambda tx: tx.presell(MINE, "OLD", 3, 5),
                lambda tx: tx.presell(MINE, "OLD", -1, 5)],
    "enqueue": [on("A1", lambda tx, o: tx.enqueue(samples.effect("e9", shop=MINE, order_id=o)))],
    "due_effects": [lambda tx: tx.due_effects(MINE, FAR, 100),
                    lambda tx: tx.due_effects(MINE, FAR, 100, besides=["notify"])],
    "ready_effect": [lambda tx: tx.ready_effect(MINE, effect(tx), FAR)],
    "effect": [lambda tx: tx.effect(MINE, effect(tx))],
    "mark_done": [lambda tx: tx.mark_done(MINE, effect(tx), "sent", LATER)],
    "mark_tried": [lambda tx: tx.mark_tried(MINE, effect(tx), TRIED)],
    "doubt_effects": [lambda tx: tx.doubt_effects(MINE, LATER, "out of a backup")],
    "redrive_effect": [lambda tx: tx.redrive_effect(MINE, _dead(tx), LATER)],
    "log_head": [lambda tx: tx.log_head(MINE)],
    "unsealed": [lambda tx: tx.unsealed(MINE, 500), lambda tx: tx.unsealed(MINE, 2)],
    "seal": [lambda tx: [sealed(tx), tx.unsealed(MINE, 500), tx.log_head(MINE)]],
}  # fmt: skip


def sealed(tx: Transaction) -> bool:
    before, leaves = tx.log_head(MINE), tx.unsealed(MINE, 2)
    after = LogHead(before.size + len(leaves), ("ab",))
    return tx.seal(leaves, before, after, StoredCheckpoint(MINE, after.size, LATER, "note"))


def _dead(tx: Transaction) -> str:
    key = effect(tx)
    tx.mark_tried(MINE, key, TRIED)
    return key


def first(storage: Storage, source: str = "A1") -> str:
    found = storage.find(MINE, source)
    return found.id if found else "nobody"


STORAGE: dict[str, list[Call]] = {
    "orders": [lambda s: s.orders(MINE), lambda s: s.orders(MINE, channel="web", limit=3),
               lambda s: s.orders(MINE, status="WAIT_PAY"),
               lambda s: s.orders(MINE, after=first(s), limit=2)],
    "find": [lambda s: s.find(MINE, "A1"), lambda s: s.find(MINE, "Z1"),
             lambda s: s.find(MINE, s.find(MINE, "A1").number)],
    "events": [lambda s: s.events(MINE, first(s)), lambda s: s.events(MINE, "x")],
    "decisions": [lambda s: s.decisions(MINE, first(s))],
    "facts": [lambda s: [s.facts(MINE, one.facts_hash) for one in s.decisions(MINE, first(s))]],
    "rules": [lambda s: [s.rules(MINE, one.rules_hash) for one in s.decisions(MINE, first(s))]],
    "journal": [lambda s: s.journal(MINE)],
    "releases": [lambda s: s.releases(MINE)],
    "release": [lambda s: s.release(MINE, 1), lambda s: s.release(MINE, 9)],
    "rule_text": [lambda s: s.rule_text(MINE, "x")],
    "rules_used": [lambda s: s.rules_used(MINE)],
    "decided": [lambda s: s.decided(MINE, ["review.risk", "allocation.warehouse"])],
    "trials": [lambda s: s.trials(MINE, 2)],
    "outcome_counts": [lambda s: s.outcome_counts(MINE)],
    "status_counts": [lambda s: s.status_counts(MINE)],
    "person": [lambda s: s.person(MINE, f"P-{first(s)}"), lambda s: s.person(MINE, "p")],
    "seen": [lambda s: s.seen(MINE, f"P-{first(s)}")],
    "brought_back": [lambda s: s.brought_back(MINE)],
    "persons_found": [lambda s: s.persons_found(MINE, "phone:13800138000")],
    "setting": [lambda s: s.setting(MINE, "note")],
    "keep_setting": [lambda s: s.keep_setting(MINE, "note", "mine")],
    "stock": [lambda s: s.stock(MINE)],
    "movements": [lambda s: s.movements(MINE), lambda s: s.movements(MINE, first(s))],
    "last_movements": [lambda s: s.last_movements(MINE, "HZ", "TEA", 9)],
    "numberings": [lambda s: s.numberings(MINE)],
    "all_reservations": [lambda s: s.all_reservations(MINE)],
    "pools": [lambda s: s.pools(MINE)],
    "transfers": [lambda s: s.transfers(MINE)],
    "queue": [lambda s: s.queue(MINE)],
    "purchases": [lambda s: s.purchases(MINE)],
    "presold": [lambda s: s.presold(MINE)],
    "effects": [lambda s: s.effects(MINE, list(EffectState)),
                lambda s: s.effects(MINE, list(EffectState), order_id=first(s), limit=2)],
    "effect_counts": [lambda s: s.effect_counts(MINE)],
    "backlog": [lambda s: s.backlog(MINE, FAR)],
    "timers": [lambda s: s.timers(MINE)],
    "commands": [lambda s: s.commands(MINE)],
    "payments": [lambda s: s.payments(MINE)],
    "log": [lambda s: s.log(MINE)],
    "rules_in_log": [lambda s: s.rules_in_log(MINE)],
    "checkpoints": [lambda s: s.checkpoints(MINE), lambda s: s.checkpoints(MINE, after=3)],
    "last_checkpoint": [lambda s: s.last_checkpoint(MINE)],
    "events_in_log": [lambda s: s.events_in_log(MINE), lambda s: s.events_in_log(MINE, first(s))],
    "movements_in_log": [lambda s: s.movements_in_log(MINE),
                         lambda s: s.movements_in_log(MINE, ("HZ", "TEA"))],
    "all_decisions": [lambda s: s.all_decisions(MINE),
                      lambda s: s.all_decisions(MINE, first(s))],
    "strays": [lambda s: s.strays(MINE)],
    "bare": [lambda s: s.bare(MINE)],
}  # fmt: skip

OF_THE_STORE = {
    "transaction",
    "transact",
    "reading",
    "batch",
    "content",
    "fill",
    "close",
    "condition",
    "damage",
}
"""Methods of the storage that are about no shop."""
