"""The run: carries every row of an order file from intake to archive, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ordinance.command import Receipt
from ordinance.oms import InvalidOrder, Shop, UnknownCode
from ordinance.orders.change import decode
from ordinance.orders.intake import RefusedOrder
from ordinance.orders.money import minor_units
from ordinance.orders.order import Payment
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL
from ordinance.ports import KeyReused
from ordinance.pump import Pump
from ordinance.rules import Words
from ordinance.service.cases import NotReturnable, returnable
from ordinance.service.matching import match
from ordinance.story import AsideRow, BrokenRow, PlacedRow, Request, ReturnRow, Row, Story
from ordinance_adapters.simulator.outside import simulated
from ordinance_adapters.simulator.world import World

_TAKEN_OTHERWISE = Words(
    "同一来源单号已接收过, 内容不同",
    "an order with this source id was taken in before, with another content",
)

BATCH = 250
"""Steps of the run that share one commit; each command in it stays all-or-nothing."""


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row that is no order, or is not whole: its number, source id and reason."""

    row: int
    source_id: str | None
    kind: str
    """`broken`, `aside`, `unmatched` (a return no purchase explains) or `late` (a request that
    came too late)."""
    reason: Words


@dataclass
class Result:
    """What a run did, besides what the store now holds."""

    rows: int = 0
    new: int = 0
    known: int = 0
    commands: int = 0
    reports: list[RowReport] = field(default_factory=list)


@dataclass(order=True)
class _Step:
    at: datetime
    rank: int
    place: int
    act: Callable[[datetime], None] = field(compare=False)


class Run:
    """One run over the rows of a file, on a virtual clock that the rows and the world drive."""

    def __init__(
        self, shop: Shop, seed: int, *, progress: Callable[[int, int], None] | None = None
    ) -> None:
        self._shop = shop
        self._pump = Pump(shop, simulated())
        self._world = World(shop.profile, seed)
        self._stories: dict[str, Story] = {}
        self._steps: list[_Step] = []
        self._count = 0
        self._progress = progress or (lambda done, total: None)
        self.result = Result()

    def run(self, rows: Sequence[Row]) -> Result:
        """Run all rows to the end; what the store held before goes on too."""
        self.result.rows = len(rows)
        first = [row for row in rows if isinstance(row, PlacedRow | ReturnRow)]
        known = [at for at in map(self._when, first) if at is not None]
        start = min(known, default=None)
        for place, row in enumerate(rows):
            self._take(row, place)
        if start is not None:
            self._shop.open_stock(start)
        while self._steps:
            with self._shop.batch():
                for _ in range(min(BATCH, len(self._steps))):
                    step = heapq.heappop(self._steps)
                    self._timers_until(step.at)
                    step.act(step.at)
                    if not self._steps:
                        break
        with self._shop.batch():
            self._timers_until(None)
        while self._steps:
            with self._shop.batch():
                step = heapq.heappop(self._steps)
                self._timers_until(step.at)
                step.act(step.at)
                if not self._steps:
                    self._timers_until(None)
        return self.result

    # -- rows ---------------------------------------------------------------------------------

    def _when(self, row: PlacedRow | ReturnRow) -> datetime | None:
        at: Any = row.at if isinstance(row, ReturnRow) else row.order.get("placed_at")
        if isinstance(at, str):
            try:
                at = datetime.fromisoformat(at)
            except ValueError:
                return None
        if not isinstance(at, datetime):
            return None
        return at.replace(tzinfo=self._shop.zone) if at.tzinfo is None else at

    def _take(self, row: Row, place: int) -> None:
        if isinstance(row, BrokenRow):
            self._report(row.row, row.source_id, "broken", row.reason)
        elif isinstance(row, AsideRow):
            self._report(row.row, row.source_id, "aside", row.reason)
        elif isinstance(row, ReturnRow):
            self._push(row.at, 2, place, lambda now: self._return(row, now))
        else:
            at = self._when(row)
            if at is None:
                self._report(
                    row.row,
                    str(row.order.get("source_id") or "") or None,
                    "broken",
                    Words("`placed_at` 缺失或不是时间", "`placed_at` is missing or is no time"),
                )
            else:
                self._push(at, 0, place, lambda now: self._place(row, place, now))

    def _report(self, row: int, source_id: str | None, kind: str, reason: Words) -> None:
        self.result.reports.append(RowReport(row, source_id, kind, reason))

    def _push(self, at: datetime, rank: int, place: int, act: Callable[[datetime], None]) -> None:
        self._count += 1
        heapq.heappush(self._steps, _Step(at, rank, place * 1_000_000 + self._count, act))

    def _place(self, row: PlacedRow, place: int, now: datetime) -> None:
        self._progress(self.result.new + self.result.known + 1, self.result.rows)
        try:
            receipt = self._shop.place(row.order, now=now)
        except (InvalidOrder, RefusedOrder) as error:
            source = str(row.order.get("source_id") or "") or None
            self._report(row.row, source, "broken", Words(f"无法接收: {error}", str(error)))
            return
        except KeyReused:
            source = str(row.order.get("source_id") or "") or None
            self._report(row.row, source, "broken", _TAKEN_OTHERWISE)
            return
        self.result.known += receipt.repeated
        self.result.new += not receipt.repeated
        self._stories[receipt.order] = row.story
        for item in row.story.payments:
            payment = Payment.model_validate(item)
            paid_at = payment.paid_at
            if paid_at.tzinfo is None:
                paid_at = paid_at.replace(tzinfo=self._shop.zone)
            self._push(
                max(paid_at, now),
                1,
                place,
                lambda at, payment=payment: self._pay(receipt.order, payment, at),  # type: ignore[misc]
            )
        for number, request in enumerate(row.story.requests):
            self._push(
                max(request.at, now),
                2,
                place,
                lambda at, n=number, r=request: self._request(row, receipt.order, n, r, at),  # type: ignore[misc]
            )
        self._after(receipt, now)

    def _pay(self, order: str, payment: Payment, now: datetime) -> None:
        key = f"pay:{payment.method}:{payment.transaction}"
        self._after(self._shop.pay(order, payment, key=key, now=now), now)

    def _request(
        self, row: PlacedRow, order: str, number: int, request: Request, now: datetime
    ) -> None:
        key = f"request:{order}:{number}"
        pieces = [(piece.sku, piece.quantity) for piece in request.pieces]
        try:
            if request.kind == "cancel":
                receipt = self._shop.cancel(
                    order, key=key, reason=request.reason, pieces=pieces, now=now
                )
            else:
                digits = self._shop.profile.minor_digits
                receipt = self._shop.request_aftersale(
                    order,
                    key=key,
                    reason=request.reason,
                    pieces=pieces,
                    demand=request.demand,
                    evidence=request.evidence,
                    claimed_minor=None
                    if request.amount is None
                    else minor_units(request.amount, digits),
                    now=now,
                )
        except (NotReturnable, UnknownCode) as error:
            self._report(
                row.row,
                str(row.order.get("source_id")),
                "late",
                Words(f"无法退: {error}", str(error)),
            )
            return
        self._after(receipt, now)

    def _return(self, row: ReturnRow, now: datetime) -> None:
        """A return that names no order: match it to the buyer's purchases, most recent first."""
        shop = self._shop
        if row.buyer_id is None:
            reason = Words("退货没有买家, 无法匹配", "a return without a buyer cannot be matched")
            self._report(row.row, row.source_id, "unmatched", reason)
            return
        known = shop.storage.setting(shop.profile.shop, f"return:{row.source_id}")
        if known is not None:
            for line in filter(None, known.split("\n")):
                self._report(row.row, row.source_id, "unmatched", Words(*line.split("\t")))
            return
        with shop.storage.transaction() as tx:
            purchases = [
                decode(item.document)
                for item in tx.orders_of_buyer(shop.profile.shop, row.buyer_id)
            ]
        wanted = [(piece.sku, piece.quantity) for piece, _ in row.pieces]
        goods = [item for item in wanted if self._is_item(item[0])]
        other = [item for item in wanted if not self._is_item(item[0])]
        matched, left = match(goods, purchases, now)
        reasons = [
            Words(
                f"{count} 件 {sku} 找不到对应的购买", f"{count} of {sku}: no purchase in this file"
            )
            for sku, count in left
        ] + [
            Words(f"{sku} 不是商品, 不作退货", f"{sku} is no article, nothing to return")
            for sku, _ in other
        ]
        for item in matched:
            self._take_return(row, item.order_id, item.pieces, now)
        for reason in reasons:
            self._report(row.row, row.source_id, "unmatched", reason)
        shop.storage.keep_setting(
            shop.profile.shop,
            f"return:{row.source_id}",
            "\n".join(f"{reason.zh}\t{reason.en}" for reason in reasons),
        )

    def _is_item(self, sku: str) -> bool:
        item = self._shop.profile.items.get(sku)
        return item is None or "virtual" not in item.traits

    def _take_return(
        self, row: ReturnRow, order: str, pieces: Sequence[tuple[str, int]], now: datetime
    ) -> None:
        """Before anything has left it is a cancellation, afterwards an after-sale case."""
        record = self._shop.record(order)
        key = f"return:{row.source_id}:{order}"
        shipped = any(line.shipped for line in record.goods)
        whole = all(returnable(record, sku) <= count for sku, count in pieces) and {
            sku for sku, _ in pieces
        } >= {line.sku for line in record.goods}
        if shipped or record.state in TERMINAL or record.signed_at is not None:
            receipt = self._shop.request_aftersale(
                order, key=key, reason=row.reason, pieces=list(pieces), now=now
            )
        else:
            receipt = self._shop.cancel(
                order, key=key, reason=row.reason, pieces=[] if whole else list(pieces), now=now
            )
        self._after(receipt, now)

    # -- what follows -------------------------------------------------------------------------

    def _after(self, receipt: Receipt, now: datetime) -> None:
        """Send what the command wants sent, then line up what the world does next."""
        self.result.commands += not receipt.repeated
        if not receipt.repeated:
            self._pump.effects(now)
        self._line_up(receipt.order, now)
        self._serve_waiting(now)

    def _serve_waiting(self, now: datetime) -> None:
        """Let those go on who wait for stock that was freed meanwhile."""
        for order in self._pump.arrivals(now):
            self.result.commands += 1
            self._pump.effects(now)
            self._line_up(order, now)

    def _line_up(self, order: str, now: datetime) -> None:
        record = self._record(order)
        move = self._world.next_move(record, self._stories.get(order, Story()))
        if move is None:
            return
        self._push(
            max(move.at, now),
            3,
            0,
            lambda at, key=move.key: self._world_acts(order, key, at),  # type: ignore[misc]
        )

    def _world_acts(self, order: str, key: str, now: datetime) -> None:
        """Do a move that was lined up, unless the order has gone another way meanwhile."""
        move = self._world.next_move(self._record(order), self._stories.get(order, Story()))
        if move is None:
            return
        if move.key != key:
            self._line_up_again(order, move.at, move.key, now)
            return
        done = move.act(self._shop, now)
        for receipt in (done,) if isinstance(done, Receipt) else done:
            self._after(receipt, now)

    def _line_up_again(self, order: str, at: datetime, key: str, now: datetime) -> None:
        self._push(max(at, now), 3, 0, lambda when: self._world_acts(order, key, when))

    def _record(self, order: str) -> OrderRecord:
        with self._shop.storage.transaction() as tx:
            stored = tx.order(self._shop.profile.shop, order)
        if stored is None:
            raise LookupError(order)
        return decode(stored.document)

    def _timers_until(self, until: datetime | None) -> None:
        """Fire timers up to an instant (None: all of them), each at its own time."""
        shop = self._shop.profile.shop
        while True:
            with self._shop.storage.transaction() as tx:
                due = tx.next_due(shop)
            if due is None or (until is not None and due > until):
                return
            if until is None and self._steps and self._steps[0].at <= due:
                return
            for order in self._pump.timers(due):
                self._pump.effects(due)
                self._line_up(order, due)
                self.result.commands += 1
            self._serve_waiting(due)
