"""Faults to plant in a process that decides: ways to decide by rules that are not in force."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ordinance.command import Runner
from ordinance.orders.desk import Desk
from ordinance.ports import StoredEntry, Transaction
from ordinance.releases.force import InForce, RulesInForce


def looks_once_a_second() -> None:
    """What was in force a second ago still decides."""
    real = RulesInForce.ready
    seen: dict[str, Any] = {"at": 0.0, "was": None}

    def ready(self: RulesInForce, end: StoredEntry | None) -> InForce | None:
        if seen["was"] is None or time.monotonic() > seen["at"] + 1:
            found = real(self, end)
            if found is not None:
                seen.update(at=time.monotonic(), was=found)
            return found
        return seen["was"]  # type: ignore[no-any-return]

    RulesInForce.ready = ready  # type: ignore[method-assign]


def looks_before_it_has_the_store() -> None:
    """What was in force before the command got its turn decides."""

    def with_rules(self: Runner, work: Callable[[Desk], Any]) -> Any:
        early = self.rules.now()
        # As long as a busy store lets one wait, so that the fault shows on a quiet machine too.
        time.sleep(0.05)

        def do(tx: Transaction) -> Any:
            return work(Desk(self.profile, early, tx, self.ids, self.zone, self.optimiser))

        return self.storage.transact(do)

    Runner._with_rules = with_rules  # type: ignore[method-assign]


def mixes_two_versions() -> None:
    """Every other decision of a command is made by the version before."""
    real = Desk.decide
    books: list[InForce] = []

    def decide(self: Desk, change: Any, point: str, facts: Any, **rest: Any) -> Any:
        if not books or books[-1].entry != self.rules.entry:
            books.append(self.rules)
        now = self.rules
        if len(books) > 1 and change.record.decisions % 2:
            self.rules = replace(now, book=books[-2].book)
        try:
            return real(self, change, point, facts, **rest)
        finally:
            self.rules = now

    Desk.decide = decide  # type: ignore[method-assign]


def rereads_within_a_command() -> None:
    """Each decision takes what the store says at that moment, outside of the command."""
    real = Desk.decide

    def decide(self: Desk, change: Any, point: str, facts: Any, **rest: Any) -> Any:
        self.rules = replace(self.rules, entry=self.rules.entry + change.record.decisions % 2)
        return real(self, change, point, facts, **rest)

    Desk.decide = decide  # type: ignore[method-assign]


FAULTS: dict[str, Callable[[], None]] = {
    fault.__name__: fault
    for fault in (
        looks_once_a_second,
        looks_before_it_has_the_store,
        mixes_two_versions,
        rereads_within_a_command,
    )
}
