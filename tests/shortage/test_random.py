"""Whatever happens to scarce goods, nothing is oversold, forgotten or cancelled unasked."""

from __future__ import annotations

import os
import random
from datetime import date
from pathlib import Path

import pytest

from ordinance.orders.states import IllegalMove
from ordinance.rules import Rulebook
from ordinance.service import cancel, negotiation
from ordinance.service.cases import NotReturnable
from tests.core.shop import Bench
from tests.shortage.scenes import on_silence, with_items

SEED = int(os.environ.get("ORDINANCE_SEED", "20260302"))
ITEMS = with_items(
    CUP={"restock_days": None, "substitutes": ("TEA",)},
    TEA={"price_minor": 9_00},
    ENGRAVED={"presale_by": date(2026, 4, 1), "presale_cap": 6},
)
CHOICES = ("wait", "ship_available", "cancel_short", "substitute", "decline")
KINDS = ("place", "place", "receive", "answer", "wait", "cancel", "aside", "ship")
SKUS = ("TEA", "CUP", "ENGRAVED", "COLD")


class Shopping:
    """Plays random steps on a bench; what an order is not ready for is refused whole."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.luck = random.Random(seed)
        self.orders: list[str] = []

    def step(self) -> None:
        luck, bench = self.luck, self.bench
        kind = luck.choice(KINDS)
        if kind == "place" or not self.orders:
            lines = [
                {"sku": sku, "quantity": luck.randint(1, 8), "unit_price": 10}
                for sku in luck.sample(SKUS, luck.randint(1, 3))
            ]
            tags = ["urgent"] if luck.random() < 0.2 else []
            self.orders.append(
                bench.place(source_id=f"A{len(self.orders)}", lines=lines, tags=tags)
            )
        elif kind == "receive":
            sku = luck.choice(SKUS)
            home = "CD" if sku == "COLD" else luck.choice(("HZ", "BJ"))
            bench.shop.receive_stock(home, sku, luck.randint(1, 9), cause=bench.key())
        elif kind == "wait":
            bench.later(hours=luck.choice((1, 30, 80, 24 * 31)))
        else:
            self._on(kind, luck.choice(self.orders))

    def _on(self, kind: str, order: str) -> None:
        shop, key = self.bench.shop, self.bench.key()
        try:
            if kind == "answer":
                offer = self.bench.record(order).open_offer
                lines = (
                    {line.no: self.luck.choice(CHOICES) for line in offer.lines} if offer else {}
                )
                shop.answer_offer(order, lines=lines, key=key)
            elif kind == "cancel":
                shop.cancel(order, key=key)
            elif kind == "aside":
                shop.set_short(order, key=key, by="wang")
            else:
                for parcel in list(self.bench.record(order).parcels):
                    shop.hand_over(order, parcel, key=f"{key}{parcel}")
        except (NotReturnable, ValueError, IllegalMove):
            return


def played(folder: Path, rules: Rulebook, seed: int, steps: int = 30) -> None:
    """Play one sequence, then let the doctor look, and nobody who could be served may wait."""
    bench = Bench(folder, rules, items=ITEMS)
    shopping = Shopping(bench, seed)
    for _ in range(steps):
        shopping.step()
    bench.pump.work(bench.clock.now())
    bench.well()
    with bench.shop.storage.transaction() as tx:
        assert tx.arrivals("teashop", 10) == []
        for one in bench.shop.storage.queue("teashop"):
            free = sum(level.shared for level in tx.levels("teashop", [one.sku]))
            if one.takes == "line" and free >= one.pieces:
                # What lies there must be of no use to it: the wrong place for cold goods.
                assert one.sku == "COLD" or bench.record(one.order_id).region is None, one
    bench.shop.close()


@pytest.mark.parametrize("then", ["wait", "ship_available", "breach"])
def test_whatever_happens_to_scarce_goods_everything_adds_up(tmp_path: Path, then: str) -> None:
    rules = on_silence(tmp_path, then)
    for number in range(4):
        seed = SEED + number
        print(f"ORDINANCE_SEED={seed}")
        folder = tmp_path / str(number)
        folder.mkdir()
        played(folder, rules, seed)


def test_a_silence_that_cancels_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancels(change, desk, then, rule, wait_days):  # type: ignore[no-untyped-def]
        short = negotiation.still_short(change, desk)
        cancel.drop_pieces(change, desk, short, "OUT_OF_STOCK", cause="consent")

    monkeypatch.setattr(negotiation, "_by_default", cancels)
    rules = on_silence(tmp_path, "wait")

    with pytest.raises(AssertionError, match="on nobody's word"):
        for number in range(8):
            folder = tmp_path / str(number)
            folder.mkdir()
            played(folder, rules, SEED + number)
