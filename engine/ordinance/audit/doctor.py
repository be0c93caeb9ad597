"""The doctor: every invariant of what is stored, checked by one function.

docs/doctor.md says of each code what it means and what to do. A check that stumbles over a value
that cannot be read is a finding too, with the place of the value; the rest is checked all the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from ordinance.audit import (
    effectcheck,
    historycheck,
    lineage,
    moneycheck,
    timercheck,
)
from ordinance.audit.absent import come_back, gone_unsaid
from ordinance.audit.backorders import Expected, silent_cancels
from ordinance.audit.boxes import Boxes
from ordinance.audit.commandcheck import Commands
from ordinance.audit.finding import Finding
from ordinance.audit.legible import Illegible, illegible
from ordinance.audit.logcheck import sealed
from ordinance.audit.outbox import stuck_effects
from ordinance.audit.rulecheck import rules
from ordinance.audit.seen import Seen
from ordinance.audit.stockcheck import Claims, check_stock
from ordinance.audit.why import NotExplained, PersonErased, remade
from ordinance.orders.change import decode
from ordinance.ports import EffectState, Storage, StorageError, StoredOrder, Timer
from ordinance.seen import Snapshots

Check = Callable[[Seen], Iterable[Finding]]

ORDER_CHECKS: dict[str, Check] = {
    "history": historycheck.history,
    "columns": historycheck.columns,
    "decided": historycheck.decided,
    "moves": historycheck.moves,
    "came_in": historycheck.came_in,
    "actors": historycheck.actors,
    "money": moneycheck.money,
    "refunds": moneycheck.refunds,
    "places": effectcheck.places,
    "notices": effectcheck.notices,
    "in_turn": effectcheck.in_turn,
    "pushes": effectcheck.pushes,
    "timers": timercheck.timers,
    "fired": timercheck.fired,
    "goes_on": timercheck.goes_on,
    "silent_cancels": lambda seen: (
        Finding("C2", seen.stored.number, text) for text in silent_cancels(seen.events)
    ),
    "lineage": lambda seen: (
        Finding("I21", seen.stored.number, text) for text in lineage.faults(seen.record)
    ),
}
"""What is checked of each order, by name."""


def check(
    storage: Storage, shop: str, *, replay_decisions: bool = False, audit_log: bool = True
) -> list[Finding]:
    """Check every invariant of a shop's store; an empty list means that everything adds up.

    `replay_decisions` also makes every stored decision again and compares the bytes. Without
    `audit_log` the chains and the log are left to whoever has verified them (I16). Raises
    `StorageError` when the store cannot be read at all.
    """
    return _Examination(storage, shop, replay_decisions, audit_log).run()


def confirmed(storage: Storage, shop: str, *, replay_decisions: bool = False) -> list[Finding]:
    """`check` for a store that others may be writing: what is found has to be there twice.

    The store is read page by page, so that a command between two pages can look like a fault.
    """
    found = check(storage, shop, replay_decisions=replay_decisions)
    if not found:
        return []
    again = set(check(storage, shop, replay_decisions=replay_decisions))
    return [finding for finding in found if finding in again]


class _Examination:
    """One look at a shop."""

    def __init__(self, storage: Storage, shop: str, replay: bool, audit_log: bool) -> None:
        self._storage = storage
        self._shop = shop
        self._replay = replay
        self._audit_log = audit_log
        self._snapshots = Snapshots(storage, shop)
        self._findings: list[Finding] = []
        self._stumbled: list[Finding] = []
        self._illegible: list[Illegible] | None = None
        self._claims = Claims()
        self._expected = Expected()
        self._boxes = Boxes()
        self._payments = moneycheck.Payments()
        self._commands = Commands()
        self._effects = 0
        self._timers: dict[str, list[Timer]] = {}

    def run(self) -> list[Finding]:
        storage, shop = self._storage, self._shop
        self._do("the timers", self._read_timers)
        for stored in self._orders():
            self._do(stored.number, partial(self._order, stored))
        sections: dict[str, Callable[[], Iterable[Finding]]] = {
            "the timers": self._stray_timers,
            "stock": lambda: check_stock(storage, shop, self._claims),
            "the queue": lambda: (
                Finding("I20", *fault) for fault in self._expected.faults(storage, shop)
            ),
            "the boxes": lambda: (Finding("I4", *fault) for fault in self._boxes.faults()),
            "the payments": lambda: self._payments.faults(storage.payments(shop)),
            "the commands": lambda: self._commands.faults(storage.commands(shop)),
            "the outbox": lambda: (Finding(*stuck) for stuck in stuck_effects(storage, shop)),
            "stray effects": lambda: effectcheck.strays(storage, shop, self._effects),
            "the persons": lambda: (Finding("S12", *back) for back in come_back(storage, shop)),
            "the rules": lambda: rules(storage, shop),
            "the audit log": lambda: sealed(storage, shop),
            "the database": lambda: (
                Finding("I0", "the database", text) for text in storage.damage()
            ),
        }
        if not self._audit_log:
            del sections["the audit log"]
        for what, section in sections.items():
            self._do(what, section)
        return self._unread() + self._findings

    def _do(self, what: str, section: Callable[[], Iterable[Finding]]) -> None:
        """Take in what a section finds; one that stumbles has found something too."""
        try:
            self._findings += section()
        except Exception as error:
            if isinstance(error, StorageError):
                # One value that does not open is a finding; a store that is away is not.
                self._storage.status_counts(self._shop)
            self._stumbled.append(
                Finding("I0", what, f"could not be checked ({type(error).__name__})")
            )

    def _unread(self) -> list[Finding]:
        """The values that made checks stumble, or the checks themselves where none is found."""
        if not self._stumbled:
            return []
        told = [
            Finding("I0", f"{one.table} {one.row}", f"`{one.column}` cannot be read")
            for one in self._cannot_be_read()
        ]
        return told + self._stumbled

    def _cannot_be_read(self) -> list[Illegible]:
        if self._illegible is None:
            self._illegible = []
            try:
                self._illegible += illegible(self._storage, self._shop)
            except StorageError:
                self._storage.status_counts(self._shop)
        return self._illegible

    def _orders(self) -> Iterator[StoredOrder]:
        """Every order whose row can be read."""
        last: str | None = None
        while True:
            try:
                for stored in self._storage.orders(self._shop, after=last):
                    last = stored.id
                    yield stored
                return
            except (StorageError, GeneratorExit):
                raise
            except Exception as error:
                self._stumbled.append(
                    Finding("I0", "orders", f"could not be read ({type(error).__name__})")
                )
            # One by one up to the row that cannot be read, and on from the one behind it.
            bad = sorted(one.order for one in self._cannot_be_read() if one.order is not None)
            behind = next((order for order in bad if last is None or order > last), None)
            if behind is None:
                return
            yield from self._before(last, behind)
            last = behind

    def _before(self, after: str | None, end: str) -> Iterator[StoredOrder]:
        last = after
        while True:
            try:
                found = list(self._storage.orders(self._shop, after=last, limit=1))
            except StorageError:
                raise
            except Exception:
                return
            if not found or found[0].id >= end:
                return
            yield found[0]
            last = found[0].id

    def _order(self, stored: StoredOrder) -> Iterable[Finding]:
        record = decode(stored.document)
        seen = Seen(
            stored,
            record,
            self._storage.events(self._shop, stored.id),
            self._storage.decisions(self._shop, stored.id),
            sorted(
                self._storage.effects(self._shop, list(EffectState), order_id=stored.id),
                key=lambda one: one.place,
            ),
            self._timers.pop(stored.id, ()),
        )
        self._effects += len(seen.effects)
        self._claims.see(record)
        self._expected.add(record)
        self._boxes.add(record)
        self._payments.see(record)
        self._commands.see(seen)
        for each in ORDER_CHECKS.values():
            self._do(stored.number, partial(each, seen))
        self._do(stored.number, partial(self._persons, seen))
        if self._replay:
            self._do(stored.number, partial(self._decisions, seen))
        return ()

    def _persons(self, seen: Seen) -> Iterator[Finding]:
        for text in gone_unsaid(seen.stored, seen.events, self._storage):
            yield Finding("S12", seen.stored.number, text)

    def _decisions(self, seen: Seen) -> Iterator[Finding]:
        for decision in seen.decisions:
            try:
                again = remade(decision, self._storage, self._snapshots)
                if again.to_json() != decision.record:
                    text = f"{decision.point} {decision.seq} differs"
                    yield Finding("I14", seen.stored.number, text)
            except PersonErased:
                continue  # what it was made on is gone with the person, as it has to be
            except NotExplained as error:
                yield Finding("I14", seen.stored.number, str(error))
            except (json.JSONDecodeError, ValueError, TypeError, KeyError) as error:
                text = f"{decision.point} {decision.seq} cannot be made again"
                yield Finding("I14", seen.stored.number, f"{text} ({type(error).__name__})")

    def _read_timers(self) -> Iterable[Finding]:
        for timer in self._storage.timers(self._shop):
            self._timers.setdefault(timer.order_id, []).append(timer)
        return ()

    def _stray_timers(self) -> Iterator[Finding]:
        """I18: what is left belongs to no order that could be read."""
        for order, found in sorted(self._timers.items()):
            yield Finding("I18", order, f"{len(found)} timers of an order that is not there")
