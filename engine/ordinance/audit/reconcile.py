"""Reconciling stock: finding where counter, ledger, reservations and orders drifted apart.

The ledger cannot be changed, so it is believed first: a counter, a reservation, a pool or a
transfer that disagrees with it is put to what the movements add up to. Then the orders are asked:
what is reserved for one that does not hold it is released, and what one holds without a
reservation is reserved if it is there; both are movements like any other. What can be proved
neither way is left alone and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ordinance.audit.accounts import Ledger, Place, is_possible, kept, side_by_side
from ordinance.audit.finding import Finding
from ordinance.audit.stockcheck import Claims, check_stock, told
from ordinance.inventory import (
    Movement,
    MovementKind,
    Reservation,
    StockAccount,
    token_of,
)
from ordinance.orders.change import BrokenHistory, decode, fold, is_folded
from ordinance.ports import OutOfStock, Storage, Transaction
from ordinance.rules import Words


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was put right, or that could not be."""

    place: Place
    words: Words

    def text(self, lang: str) -> str:
        """What it is about and what was done, in `lang`."""
        warehouse, sku = self.place
        said = self.words.get(lang)
        return f"{warehouse} `{sku}`: {said}" if lang == "zh" else f"`{sku}` in {warehouse}: {said}"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation found, did, and had to leave."""

    found: tuple[Finding, ...]
    done: tuple[Step, ...]
    refused: tuple[Step, ...]
    left: tuple[Finding, ...]
    """What does not add up after it."""
    stored: bool


class _DryRun(Exception):
    """Takes back what a trial did, and carries what came of it."""

    def __init__(self, result: Reconciled) -> None:
        super().__init__()
        self.result = result


def reconcile(
    storage: Storage, shop: str, *, at: datetime, by: str, cause: str, repair: bool
) -> Reconciled:
    """Find drift and put it right, in one transaction.

    Without `repair` it does the same and takes it back, so that what it says it would do is what
    it does. Nothing is stored either way where nothing was found.
    """

    def do(tx: Transaction) -> Reconciled:
        tx.claim_stock(shop, None)
        work = _Work(storage, tx, shop, at, by, cause)
        found = work.check()
        if found:
            work.restate()
            work.follow_orders()
        left = work.check() if found else found
        result = Reconciled(
            tuple(found), tuple(work.done), tuple(work.refused), tuple(left), stored=repair
        )
        if not repair:
            raise _DryRun(result)
        return result

    try:
        return storage.transact(do)
    except _DryRun as trial:
        return trial.result


class _Work:
    """One reconciliation while it is going on."""

    def __init__(
        self, storage: Storage, tx: Transaction, shop: str, at: datetime, by: str, cause: str
    ) -> None:
        self.storage, self.tx, self.shop = storage, tx, shop
        self.at, self.by, self.cause = at, by, cause
        self.done: list[Step] = []
        self.refused: list[Step] = []
        self.claims = Claims()
        for stored in storage.orders(shop):
            self.claims.see(decode(stored.document))

    def check(self) -> list[Finding]:
        return check_stock(self.storage, self.shop, self.claims)

    def restate(self) -> None:
        """Put what is kept beside the ledger to what the ledger says, where it proves it."""
        ledger = Ledger.of(self.storage.movements(self.shop))
        books = kept(self.storage, self.shop)
        whole = {(n.warehouse, n.sku): n.is_whole for n in self.storage.numberings(self.shop)}
        for place, has, proof in side_by_side(ledger.accounts, books):
            account = self._with_times(proof, has)
            if account == has:
                continue
            if not whole.get(place, True):
                self._refuse(
                    place,
                    "流水有缺失, 无法证明实际数量: 请恢复备份, 或盘点后人工处理",
                    "movements are missing, so nothing proves what is right: restore a backup",
                )
            elif not is_possible(proof.buckets) or _owes(proof):
                self._refuse(
                    place,
                    f"流水合计不可能成立 ({told(proof.buckets)})",
                    f"the movements add up to what cannot be ({told(proof.buckets)})",
                )
            else:
                self.tx.restate(self.shop, account)
                self.done += _restated(place, has, account)

    def _with_times(self, proof: StockAccount, has: StockAccount) -> StockAccount:
        """The proved account, with the times until which checkouts hold their pieces.

        The ledger does not know them: one that was lost is over now, unless an order has it.
        """
        known = {(one.holder, one.pool): one.expires_at for one in has.reservations}
        reservations = []
        for one in proof.reservations:
            token = token_of(one.holder)
            until = known.get((one.holder, one.pool))
            if token is None or token in self.claims.checkouts:
                until = None
            elif until is None:
                until = self.at
            reservations.append(replace(one, expires_at=until))
        return replace(proof, reservations=tuple(reservations))

    def follow_orders(self) -> None:
        """Release what no order holds, reserve what one holds without it."""
        reserved: dict[tuple[str, str, str], int] = {}
        for one in self.storage.all_reservations(self.shop):
            if token_of(one.holder) is None:
                key = (one.holder, one.warehouse, one.sku)
                reserved[key] = reserved.get(key, 0) + one.pieces
        for key in sorted({*reserved, *self.claims.held}):
            has, holds = reserved.get(key, 0), self.claims.held[key]
            if has != holds:
                self._follow(key, has, holds)

    def _follow(self, key: tuple[str, str, str], has: int, holds: int) -> None:
        order_id, warehouse, sku = key
        place, number = (warehouse, sku), self.claims.numbers.get(order_id, order_id)
        if not self._believable(order_id):
            self._refuse(
                place,
                f"订单 {number} 与自身历史不符, 不以其为准",
                f"order {number} is not what its own history adds up to, so it proves nothing",
            )
            return
        kind = MovementKind.RELEASED if has > holds else MovementKind.RESERVED
        count = abs(has - holds)
        try:
            self.tx.move(
                Movement(
                    shop=self.shop,
                    warehouse=warehouse,
                    sku=sku,
                    kind=kind,
                    quantity=count,
                    at=self.at,
                    actor=self.by,
                    cause=self.cause,
                    order_id=order_id,
                    note=f"reconcile: the order holds {holds}, {has} were reserved",
                )
            )
        except OutOfStock as short:
            self._refuse(
                place,
                f"订单 {number} 占用 {holds} 件, 已锁定 {has} 件, 仅余 {short.available} 件: "
                "需改由他仓发货",
                f"order {number} holds {holds}, {has} are reserved, only {short.available} are "
                "free: source it elsewhere",
            )
            return
        words = {
            MovementKind.RELEASED: Words(
                f"释放 {count} 件: 订单 {number} 并未占用",
                f"{count} released: order {number} does not hold them",
            ),
            MovementKind.RESERVED: Words(
                f"补锁 {count} 件给订单 {number}",
                f"{count} reserved for order {number}, which holds them",
            ),
        }
        self.done.append(Step(place, words[kind]))

    def _believable(self, order_id: str) -> bool:
        """Whether an order is what its history adds up to; one that is not there holds nothing."""
        stored = self.storage.find(self.shop, order_id)
        if stored is None or stored.id != order_id:
            return True
        try:
            return is_folded(fold(self.storage.events(self.shop, order_id)), stored.document)
        except BrokenHistory:
            return False

    def _refuse(self, place: Place, zh: str, en: str) -> None:
        self.refused.append(Step(place, Words(zh, en)))


def _owes(account: StockAccount) -> bool:
    """Whether somebody ended more of a reservation, a pool or a transfer than there was."""
    pieces = (
        *(one.pieces for one in account.reservations),
        *(one.pieces for one in account.pools),
        *(one.pieces for one in account.transfers),
    )
    return min(pieces, default=0) < 0


def _restated(place: Place, has: StockAccount, account: StockAccount) -> Iterator[Step]:
    """What was put to what the ledger says."""
    if has.buckets != account.buckets or has.moves != account.moves:
        before, after = told(has.buckets), told(account.buckets)
        yield Step(
            place,
            Words(
                f"计数由 ({before}) 改为流水合计 ({after})",
                f"the counter said {before}, and says what its movements do: {after}",
            ),
        )
    pairs: tuple[tuple[Mapping[str, int], Mapping[str, int], Words], ...] = (
        (_held(has), _held(account), Words("锁定", "reserved")),
        (
            {one.channel: one.pieces for one in has.pools},
            {one.channel: one.pieces for one in account.pools},
            Words("渠道预留", "set aside"),
        ),
        (
            {one.transfer: one.pieces for one in has.transfers},
            {one.transfer: one.pieces for one in account.transfers},
            Words("调拨在途", "on its way"),
        ),
    )
    for before_of, after_of, name in pairs:
        for key in sorted({*before_of, *after_of}):
            was, now = before_of.get(key, 0), after_of.get(key, 0)
            if was != now:
                yield Step(
                    place,
                    Words(
                        f"`{key}` {name.zh} {was} 件改为 {now} 件",
                        f"`{key}` had {was} {name.en}, and has {now} as its movements say",
                    ),
                )
    until = {(one.holder, one.pool): one.expires_at for one in has.reservations}
    for one in account.reservations:
        if (one.holder, one.pool) in until and until[one.holder, one.pool] != one.expires_at:
            yield Step(place, _times(one))


def _held(account: StockAccount) -> dict[str, int]:
    held: dict[str, int] = {}
    for one in account.reservations:
        held[one.holder] = held.get(one.holder, 0) + one.pieces
    return held


def _times(one: Reservation) -> Words:
    if one.expires_at is None:
        return Words(
            f"`{one.holder}` 已由订单接管, 不再到期",
            f"`{one.holder}` never expires: an order has it",
        )
    return Words(
        f"`{one.holder}` 无订单接管, 立即到期", f"`{one.holder}` expires now: no order has it"
    )
