"""A call of every public method of a shop, its stockroom and its rule office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ordinance.oms import Shop
from ordinance.ports import EffectState
from ordinance.stock.stockroom import Slip
from ordinance.stored import Attempt
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import MONDAY, order
from tests.publishing.editions import edition
from tests.publishing.test_office import publish
from tests.tenants.twins import LATER, lines, pay

Call = Callable[[Shop], Any]
AT = {"now": LATER}


def of(source: str, do: Callable[[Shop, str], Any]) -> Call:
    """A call about the order that the shop knows by a source id."""

    def call(shop: Shop) -> Any:
        found = shop.storage.find(shop.profile.shop, source)
        return do(shop, found.id if found else source)

    return call


def slip(key: str) -> Slip:
    return Slip(key, LATER, "lan")


def _effect(shop: Shop) -> Any:
    return shop.effects()[0].effect


def _stuck(shop: Shop) -> str:
    key: str = _effect(shop).key
    tried = Attempt(EffectState.DEAD, 3, None, LATER, "no")
    shop.storage.transact(lambda tx: tx.mark_tried(shop.profile.shop, key, tried))
    return key


def _timer(shop: Shop) -> Any:
    with shop.storage.transaction() as tx:
        return tx.due(shop.profile.shop, MONDAY.replace(year=2030), 1)[0]


def _fire(shop: Shop) -> Any:
    timer = _timer(shop)
    return shop.timer(timer.order_id, timer.kind, timer.name, key="t", now=timer.due)


def _merged(shop: Shop) -> Any:
    ids = [shop.storage.find(shop.profile.shop, name).id for name in ("A1", "A4")]  # type: ignore[union-attr]
    return shop.merge(ids, key="m", **AT)


SHOP: dict[str, list[Call]] = {
    "place": [lambda s: s.place(order("N1"), **AT), lambda s: s.place(order("Z1"), **AT),
              lambda s: s.place(order("A1", lines=lines(("TEA", 2, "50.00"))), **AT),
              lambda s: s.place(order("N2", lines=lines(("TEA", 1, "9.00")), channel="live"),
                                reservation="cart", **AT)],
    "place_many": [lambda s: s.place_many([order("N1"), order("Z1"), order("A1")], **AT)],
    "pay": [of("A3", pay)],
    "answer_review": [of("A1", lambda s, o: s.answer_review(o, "approve", key="k", by="li", **AT))],
    "release": [of("A5", lambda s, o: s.release(o, "CONSENT", key="k", by="li", **AT))],
    "answer_offer": [of("A5", lambda s, o: s.answer_offer(o, "wait", key="k", **AT))],
    "cancel": [of("A1", lambda s, o: s.cancel(o, key="k", **AT)),
               of("A4", lambda s, o: s.cancel(o, key="k", **AT)),
               of("A1", lambda s, o: s.cancel(o, key="hand", **AT)),
               of("Z1", lambda s, o: s.cancel(o, key="k", **AT))],
    "request_aftersale": [of("A1", lambda s, o: s.request_aftersale(
        o, key="k", reason="NO_REASON_7D", **AT))],
    "settle_case": [of("A2", lambda s, o: s.settle_case(
        o, "C1", "REFUSE", key="k", by="li", **AT))],
    "goods_back": [of("A2", lambda s, o: s.goods_back(o, "C1", "good", key="k", **AT))],
    "parcel_pushed": [of("A1", lambda s, o: s.parcel_pushed(o, "P1", "W1", key="k", **AT))],
    "short_picked": [of("A1", lambda s, o: s.short_picked(o, "P1", "TEA", 1, key="k", **AT))],
    "warehouse_rejected": [of("A1", lambda s, o: s.warehouse_rejected(
        o, "P1", "CLOSED", key="k", **AT))],
    "hand_over": [of("A1", lambda s, o: s.hand_over(o, "P1", key="k", **AT))],
    "track": [of("A2", lambda s, o: s.track(o, "P1", "REFUSED", key="k", **AT))],
    "refund_paid": [of("A1", lambda s, o: [s.cancel(o, key="k", **AT), s.refund_paid(
        o, "R1", "ref", key="k2", **AT)])],
    "timer": [_fire],
    "stocktake": [lambda s: s.stocktake("HZ", {"TEA": 1}, key="k", **AT)],
    "change_address": [of("A1", lambda s, o: s.change_address(
        o, {**order()["receiver"], "address": "文三路9号"}, key="k", **AT))],
    "merge": [_merged],
    "unmerge": [of("A1", lambda s, o: [_merged(s), s.unmerge(o, key="u", **AT)])],
    "blocked": [lambda s: s.blocked(LATER)],
    "lift_block": [lambda s: s.lift_block("CD", "COLD", key="k", **AT)],
    "reserve": [lambda s: s.reserve("new", {"TEA": 2}, key="k", **AT),
                lambda s: s.reserve("cart", {"TEA": 12}, key="k", **AT)],
    "release_reservation": [lambda s: s.release_reservation("cart", now=MONDAY)],
    "reserved": [lambda s: s.reserved("cart")],
    "available": [lambda s: [s.available(sku, channel="live") for sku in ("TEA", "CUP", "COLD")]],
    "expire_reservations": [lambda s: s.expire_reservations(LATER)],
    "record": [of("A1", lambda s, o: s.record(o)), of("Z1", lambda s, o: s.record(o))],
    "stored": [of("A1", lambda s, o: s.stored(o)), of("Z1", lambda s, o: s.stored(o))],
    "orders": [lambda s: s.orders(), lambda s: s.orders(status="WAIT_PAY")],
    "timeline": [of("A1", lambda s, o: s.timeline(o)), of("Z1", lambda s, o: s.timeline(o))],
    "orders_of_person": [lambda s: s.orders_of_person(phone="13800138000")],
    "masked_person": [of("A1", lambda s, o: s.masked_person(o))],
    "unmask": [of("A1", lambda s, o: s.unmask(o, by="lan", reason="asked", **AT))],
    "erase_persons": [of("A1", lambda s, o: s.erase_persons(
        [o], by="lan", reason="asked", forced=True, **AT))],
    "erase_again": [lambda s: s.erase_again(by="lan", **AT)],
    "lineage": [of("A1", lambda s, o: s.lineage(o))],
    "explain": [of("A1", lambda s, o: s.explain(o)),
                of("A2", lambda s, o: s.explain(o, lang="zh"))],
    "receive_stock": [lambda s: s.receive_stock("HZ", "CUP", 9, cause="d1", **AT),
                      lambda s: s.receive_stock(
                          "HZ", "CUP", 4, cause="d1", purchase="PO-1", **AT)],
    "open_stock": [lambda s: s.open_stock(LATER)],
    "expect_stock": [lambda s: s.expect_stock("PO-1", "HZ", "CUP", 12, key="k", **AT)],
    "stock_arrived": [of("A4", lambda s, o: s.stock_arrived(o, key="k", **AT))],
    "set_short": [of("A4", lambda s, o: s.set_short(o, key="k", by="li", **AT))],
    "resume_waiting": [lambda s: [s.stockroom.receive("HZ", "CUP", 20, slip("d")),
                                  s.resume_waiting(**AT)]],
    "effects": [lambda s: s.effects(), lambda s: s.effects(list(EffectState), limit=3)],
    "effect": [lambda s: s.effect(_effect(s).key)],
    "effect_done": [lambda s: s.effect_done(_effect(s), "sent", **AT)],
    "redrive": [lambda s: s.redrive(_stuck(s), **AT)],
    "settle_effect": [lambda s: s.settle_effect(_stuck(s), "sent", **AT)],
    "work": [lambda s: s.work(LATER.replace(day=20), simulated())],
}  # fmt: skip

OF_THE_OBJECT = {"batch", "close", "office", "rules", "stockroom", "zone"}
"""What is no call about a shop's rows; the office and the stockroom have their own lists."""

ROOM: dict[str, list[Call]] = {
    "receive": [lambda s: s.stockroom.receive("HZ", "CUP", 9, slip("k"), purchase="PO-1")],
    "adjust": [lambda s: s.stockroom.adjust("HZ", "TEA", -3, slip("k")),
               lambda s: s.stockroom.adjust("HZ", "TEA", -15, slip("k"))],
    "count": [lambda s: s.stockroom.count("HZ", "TEA", 7, slip("k"))],
    "withdraw": [lambda s: s.stockroom.withdraw("HZ", "TEA", 2, slip("k"))],
    "clear": [lambda s: [s.stockroom.withdraw("HZ", "TEA", 2, slip("k")),
                         s.stockroom.clear("HZ", "TEA", 1, slip("k2"))]],
    "scrap": [lambda s: [s.stockroom.withdraw("HZ", "TEA", 2, slip("k")),
                         s.stockroom.scrap("HZ", "TEA", 1, slip("k2"))]],
    "set_aside": [lambda s: s.stockroom.set_aside("HZ", "TEA", 1, "app", slip("k")),
                  lambda s: s.stockroom.set_aside("HZ", "TEA", -1, "live", slip("k"))],
    "hold_back": [lambda s: s.stockroom.hold_back("HZ", "TEA", 3, slip("k"))],
    "send": [lambda s: s.stockroom.send("HZ", "CD", "TEA", 2, slip("k"))],
    "arrive": [lambda s: s.stockroom.arrive("t1", slip("k"))],
    "lose": [lambda s: s.stockroom.lose("t1", slip("k"), pieces=1)],
}  # fmt: skip

OFFICE: dict[str, list[Call]] = {
    "status": [lambda s: s.office.status()],
    "history": [lambda s: s.office.history()],
    "release": [lambda s: s.office.release(1).hash],
    "publish": [lambda s: publish(s.office, "丙")],
    "approve": [lambda s: [s.office.demand_approval(True, by="X", note="n", now=LATER),
                           publish(s.office, "丙"), s.office.approve(3, by="Xu", now=LATER)]],
    "rollback": [lambda s: [publish(s.office, "丙"),
                            s.office.rollback(by="X", note="b", now=LATER)]],
    "start_shadow": [lambda s: s.office.start_shadow(edition("丙"), by="X", note="t", now=LATER)],
    "stop_shadow": [lambda s: s.office.stop_shadow(by="X", now=LATER)],
    "demand_approval": [lambda s: s.office.demand_approval(True, by="X", note="n", now=LATER)],
}  # fmt: skip
