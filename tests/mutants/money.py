"""Money: M6, M7, M8, M12 and M14, and the test that finds each of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from threading import local
from typing import Any

import pytest

from ordinance import command
from ordinance.command import Runner
from ordinance.orders import intake, refunds
from ordinance.orders.change import Change
from ordinance.orders.order import Payment
from ordinance.orders.states import OrderState
from ordinance.ports import Timer
from ordinance.pump import Pump
from ordinance.service.cases import NotReturnable
from ordinance_adapters.sql import transaction as sql
from ordinance_adapters.sql.transaction import SqlTransaction
from tests.core.shop import Bench, order, payment
from tests.effects.test_faults import another_key, blown
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import Bank, at_once, bench_in, findings, lines

# M6: whose refund it is, is not looked at: by the channel's key, and by the command's.


def stormy(folder: Path, seed: int) -> list[str]:
    """A bank that fails a third of its calls; its ledger and ours have to say the same."""
    with pytest.MonkeyPatch.context() as patch:
        return blown(folder, patch, 60, seed)[1]


def forgotten_keys(patch: Patch) -> None:
    patch.setattr(command, "done_before", lambda *_: None)
    patch.setattr(SqlTransaction, "keep_command", lambda *_: None)


def clicked_twice(folder: Path, seed: int) -> list[str]:
    """One click on `cancel` is sent several times: one after another, and at once."""
    chance = Random(seed)
    bank = Bank()
    pieces = chance.randint(4, 8)
    with bench_in(folder, bank) as bench:
        placed = bench.shop.place(order("A1", lines=lines(("TEA", pieces)))).order
        click = partial(bench.shop.cancel, placed, key="click", pieces=[("TEA", 1)])
        if chance.random() < 0.5:
            at_once([click] * 3)
        else:
            for _ in range(3):
                click()
        bench.pump.effects(bench.clock.now())
        wrong = findings(bench)
        if (back := bank.paid()["T-A1"]) != 10_00:
            wrong.append(f"{back} went back for one piece of 10.00")
        return wrong


# M7: several partial refunds, each held against what was left before the others.

_read = local()


def works_on_what_it_saw_before(patch: Patch) -> None:
    """A command takes its order as it was when it was asked, and writes over what others did."""
    once, stored, save = Runner._once, SqlTransaction.order, SqlTransaction.save_order

    def asked(self: Runner, *given: Any, **more: Any) -> Any:
        _read.orders = {one.id: one for one in self.storage.orders(self.profile.shop)}
        time.sleep(0.05)
        try:
            return once(self, *given, **more)
        finally:
            _read.orders = {}

    def as_it_was(self: SqlTransaction, shop: str, id: str) -> Any:
        return getattr(_read, "orders", {}).get(id) or stored(self, shop, id)

    def over(self: SqlTransaction, one: Any, *, expected_version: int) -> None:
        there = stored(self, one.shop, one.id)
        save(self, one, expected_version=there.version if there else 0)

    patch.setattr(Runner, "_once", asked)
    patch.setattr(SqlTransaction, "order", as_it_was)
    patch.setattr(SqlTransaction, "save_order", over)
    for name in ("_ADD_EVENT", "_ADD_DECISION"):
        patch.setattr(sql, name, getattr(sql, name).replace("INSERT", "INSERT OR REPLACE", 1))


def several_clerks(folder: Path, seed: int) -> list[str]:
    """Several take pieces out of one order at once, together more than it has."""
    chance = Random(seed)
    bank = Bank()
    pieces = chance.randint(4, 8)
    with bench_in(folder, bank) as bench:
        placed = bench.shop.place(order("A1", lines=lines(("TEA", pieces)))).order
        wants = [pieces // 2 + 1, *(chance.randint(2, pieces // 2 + 1) for _ in range(3))]
        acts = [
            partial(bench.shop.cancel, placed, key=f"c{number}", pieces=[("TEA", wanted)])
            for number, wanted in enumerate(wants)
        ]
        answers = at_once(acts)
        bench.pump.effects(bench.clock.now())
        wrong = findings(bench)
        allowed = (NotReturnable, ValueError)
        wrong += [
            f"answered {one!r}"
            for one in answers
            if isinstance(one, Exception) and not isinstance(one, allowed)
        ]
        history = bench.shop.storage.events("teashop", placed)
        causes = {event.cause for event in history}
        wrong += [
            f"the answered command c{number} is not in the history"
            for number, answer in enumerate(answers)
            if not isinstance(answer, Exception) and f"c{number}" not in causes
        ]
        opened = sum(event.kind == "refund.opened" for event in history)
        record = bench.record(placed)
        if len(bank.ledger) != opened or bank.paid()["T-A1"] != record.refunding <= record.paid:
            wrong.append(f"{bank.ledger} went back, {opened} refunds of {record.refunding} in all")
        return wrong


# M8: what went back is not taken off what is kept.


def still_kept(patch: Patch) -> None:
    opened = refunds._open

    def wrongly(change: Change, desk: Any, back: Any, rows: Any, **rest: Any) -> Any:
        before = change.record.lines
        kept = {no: replace(line, refunded=before[no].refunded) for no, line in rows.items()}
        return opened(change, desk, back, kept, **rest)

    patch.setattr(refunds, "_open", wrongly)


def piece_by_piece(folder: Path, seed: int) -> list[str]:
    """Pieces are called off one after another, then the rest: every cent went back once."""
    chance = Random(seed)
    bank = Bank()
    with bench_in(folder, bank) as bench:
        wants = [("TEA", chance.randint(2, 6)), ("CUP", chance.randint(1, 4))]
        placed = bench.shop.place(order("A1", lines=lines(*wants))).order
        wrong = []
        for number in range(chance.randint(1, 3)):
            sku = wants[number % 2][0] if wants[number % 2][1] > 1 else "TEA"
            bench.shop.cancel(placed, key=f"c{number}", pieces=[(sku, 1)])
            record = bench.record(placed)
            kept = sum(line.kept for line in record.lines.values())
            if kept + record.refunding != record.paid:
                wrong.append(f"{kept} kept and {record.refunding} back of {record.paid}")
            if wrong:
                break
        bench.shop.cancel(placed, key="rest")
        bench.pump.effects(bench.clock.now())
        wrong += findings(bench)
        if bank.paid()["T-A1"] != bench.record(placed).paid:
            wrong.append(f"{bank.paid()} went back of an order that was called off")
        return wrong


# M12: what makes a late payment good again takes it from a capture of another order.


def from_the_newest_capture(patch: Patch) -> None:
    asked, received = Change.effect, intake.receive
    captures: list[str] = []

    def receive(change: Change, desk: Any, money: Payment) -> None:
        if change.record.state is not OrderState.CANCELLED:
            captures.append(money.transaction)
        received(change, desk, money)

    def effect(self: Change, kind: str, name: str, payload: Any, **rest: Any) -> None:
        if kind == "refund" and captures:
            payload = {**payload, "split": [[captures[-1], part] for _, part in payload["split"]]}
        asked(self, kind, name, payload, **rest)

    patch.setattr(intake, "receive", receive)
    patch.setattr(Change, "effect", effect)


def late_beside_good_ones(folder: Path, seed: int) -> list[str]:
    """Some orders are paid in time, one too late; what the bank pays back is that one's alone,
    also when the bank reports each capture twice, to two desks."""
    chance = Random(seed)
    bank = Bank()
    with bench_in(folder, bank) as bench:
        names = [f"A{number}" for number in range(chance.randint(2, 4))]
        ids = {name: _unpaid(bench, name) for name in [*names, "LATE"]}
        for name in names:
            _pay_twice(bench, ids[name], name)
        bench.later(days=2)
        _pay_twice(bench, ids["LATE"], "LATE")
        bench.pump.effects(bench.clock.now())
        wrong = findings(bench)
        if bank.paid() != {"T-LATE": 20_00}:
            wrong.append(f"the bank paid back {dict(bank.paid())}")
        for name in names:
            record = bench.record(ids[name])
            if record.state is OrderState.CANCELLED or record.refunding or record.paid != 20_00:
                wrong.append(f"{name}: {record.state}, {record.refunding} of {record.paid} back")
        return wrong


def _unpaid(bench: Bench, name: str) -> str:
    drafted = order(name, buyer={"id": name}, lines=lines(("TEA", 2)), payments=[])
    drafted["receiver"] = {**drafted["receiver"], "address": f"{name}室"}
    return bench.shop.place(drafted, now=bench.clock.now()).order


def _money(name: str, amount: str = "20.00") -> Payment:
    return Payment.model_validate(payment(f"T-{name}", amount))


def _pay_twice(bench: Bench, id: str, name: str) -> None:
    now = bench.clock.now()
    at_once(
        [partial(bench.shop.pay, id, _money(name), key=f"{name}/{desk}", now=now) for desk in "ab"]
    )


# M14: an order is closed as unpaid while its payment comes in.


def closes_whatever_came_in(patch: Patch) -> None:
    """The timer goes by what was so when it was set: nothing had been paid."""

    def close(change: Change, desk: Any) -> None:
        if change.record.state in (OrderState.CANCELLED, OrderState.REFUSED):
            return
        change.happen(
            "order.closed_unpaid",
            state=OrderState.CANCELLED,
            ended_at=change.now,
            end_cause="unpaid",
        )

    patch.setattr(intake, "close_unpaid", close)


def keeps_what_comes_late(patch: Patch) -> None:
    """A payment on an order that was closed meanwhile is taken in and stays."""
    patch.setattr(refunds, "refund_rest", lambda *_, **__: None)


class Slow(Pump):
    """A pump that has read which timers are due, and does something before it fires each."""

    def __init__(self, bench: Bench, first: Callable[[str], object]) -> None:
        super().__init__(bench.shop, bench.outside)
        self._first = first

    def _fire(self, timer: Timer) -> None:
        self._first(timer.order_id)
        super()._fire(timer)


def paid_as_it_closes(folder: Path, seed: int) -> list[str]:
    """Payments that come in before the timer, between its reading and its firing, with it, and
    after it: the order goes on with its money, or the money goes back."""
    chance = Random(seed)
    bank = Bank()
    with bench_in(folder, bank) as bench:
        moments = ["before", "between", "after", "at once"]
        chance.shuffle(moments)
        ids = {moment: _unpaid(bench, moment.replace(" ", "-")) for moment in moments}
        names = {id: moment for moment, id in ids.items()}
        with bench.shop.storage.transaction() as tx:
            due = tx.next_due("teashop")
        assert due is not None

        def pay(moment: str) -> None:
            name = moment.replace(" ", "-")
            bench.shop.pay(ids[moment], _money(name), key=f"pay/{name}", now=due)

        def first(id: str) -> None:
            if names[id] == "between":
                pay("between")

        pay("before")
        bench.clock.set(due)
        slow = Slow(bench, first)
        answers = at_once([lambda: slow.timers(due), lambda: pay("at once")])
        pay("after")
        bench.pump.effects(due)
        wrong = [*findings(bench), *(f"{one!r}" for one in answers if isinstance(one, Exception))]
        for moment, id in ids.items():
            record = bench.record(id)
            closed = record.state is OrderState.CANCELLED
            if record.refunding != (record.paid if closed else 0) or record.paid != 20_00:
                wrong.append(f"{moment}: {record.state}, {record.refunding} of {record.paid} back")
            if closed and moment in ("before", "between"):
                wrong.append(f"{moment}: paid in time and closed")
        back = sum(bank.paid().values())
        if back != sum(bench.record(id).refunded for id in ids.values()):
            wrong.append(f"the bank paid back {back}")
        return wrong


MUTANTS: Sequence[Mutant] = (
    Mutant("M6", "a refund under another key", another_key, stormy, long=True),
    Mutant("M6", "a key that is not looked at", forgotten_keys, clicked_twice),
    Mutant("M7", "refunds of what was left before", works_on_what_it_saw_before, several_clerks),
    Mutant("M8", "still kept", still_kept, piece_by_piece),
    Mutant("M12", "from another's capture", from_the_newest_capture, late_beside_good_ones),
    Mutant("M14", "closed although paid", closes_whatever_came_in, paid_as_it_closes),
    Mutant("M14", "paid although closed", keeps_what_comes_late, paid_as_it_closes),
)
