"""What always holds is asserted inside the transaction: a defect is undone, and told (T22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ordinance.asserted import Violated
from ordinance.orders import refunds
from ordinance.orders.change import Change
from ordinance.stock import ledger
from tests.core.shop import Bench

Patch = pytest.MonkeyPatch


def refund_without_its_line(patch: Patch) -> None:
    """M8: money goes back, and is not taken off what is kept."""
    happen = Change.happen

    def forgetful(self: Change, kind: str, data: Any = None, **parts: Any) -> None:
        if kind == "refund.opened":
            del parts["lines"]
        happen(self, kind, data, **parts)

    patch.setattr(Change, "happen", forgetful)


def refund_twice_the_amount(patch: Patch) -> None:
    def double(total: int, room: Any) -> list[tuple[str, int]]:
        return [(key, 2 * amount) for key, amount in split(total, room)]

    split = refunds.split_over
    patch.setattr(refunds, "split_over", double)


def change_without_an_event(patch: Patch) -> None:
    """Somebody writes into the record, past the history."""
    happen = Change.happen

    def behind(self: Change, kind: str, data: Any = None, **parts: Any) -> None:
        happen(self, kind, data, **parts)
        self.record = replace(self.record, region="990000")

    patch.setattr(Change, "happen", behind)


def event_with_a_gap(patch: Patch) -> None:
    happen = Change.happen

    def gapped(self: Change, kind: str, data: Any = None, **parts: Any) -> None:
        happen(self, kind, data, **parts)
        if kind == "order.cancelled":
            self.events.pop(-2)

    patch.setattr(Change, "happen", gapped)


def stock_that_is_not_given_back(patch: Patch) -> None:
    """M9: the order lets its pieces go, the reservation stays."""
    book = ledger.book_all

    def forgetful(change: Any, desk: Any, kind: Any, wants: Any) -> None:
        if kind.value != "released":
            book(change, desk, kind, wants)

    for module in ("ordinance.stock.ledger", "ordinance.stock.reserving"):
        patch.setattr(f"{module}.book_all", forgetful, raising=False)
    patch.setattr("ordinance.stock.reserving.book_line", lambda *args: None, raising=False)


DEFECTS: dict[Callable[[Patch], None], str] = {
    refund_without_its_line: "I6",
    refund_twice_the_amount: "I6",
    change_without_an_event: "I9",
    event_with_a_gap: "I9",
    stock_that_is_not_given_back: "I3",
}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.__name__)
def test_a_defect_undoes_its_command_and_says_what_would_not_hold(
    defect: Callable[[Patch], None], bench: Bench, monkeypatch: Patch
) -> None:
    placed = bench.place()
    before = list(bench.shop.storage.content())
    defect(monkeypatch)

    with pytest.raises(Violated, match=f"^{DEFECTS[defect]} would not hold for order .*defect"):
        bench.shop.cancel(placed, key="off", now=bench.clock.now())

    assert list(bench.shop.storage.content()) == before
    monkeypatch.undo()
