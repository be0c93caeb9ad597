"""The workplace: what every group of a shop's commands works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from ordinance.command import Outcome, Receipt, Runner
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.ports import Clock, Ids, Optimiser, Storage
from ordinance.profile import Profile
from ordinance.releases.force import RulesInForce
from ordinance.releases.office import Office
from ordinance.rules import Rulebook
from ordinance.rules.decision import Plain
from ordinance.several import Several


class Workplace:
    """One shop's store, profile, rules and clock."""

    def __init__(
        self,
        storage: Storage,
        profile: Profile,
        rules: Rulebook | None,
        clock: Clock,
        ids: Ids,
        optimiser: Optimiser | None = None,
    ) -> None:
        """`rules` are the ones to begin with; once the store has published ones, those decide.

        `optimiser` is asked for splits that the search that comes with us could not prove.
        """
        self.storage = storage
        self.profile = profile
        self.clock = clock
        self._rules = RulesInForce(storage, profile.shop, rules, self.zone)
        self._runner = Runner(storage, profile, self._rules, ids, clock, optimiser)

    @property
    def rules(self) -> Rulebook:
        """The rules in force now, as of the last commit. Raises `MissingRules`."""
        return self._rules.now().book

    @property
    def office(self) -> Office:
        """Where the rules of this shop are published, approved, taken back and tried."""
        return Office(self.storage, self.profile.shop, self.zone)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.storage.close()

    def batch(self) -> AbstractContextManager[None]:
        """Group many commands into one commit; each stays all-or-nothing."""
        return self._runner.batch()

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.profile.zone)

    def _on(
        self,
        order: str,
        key: str,
        body: Mapping[str, Plain],
        do: Callable[[Change, Desk], object],
        now: datetime | None,
        actor: str,
    ) -> Receipt:
        """Run a command on an order that is known."""

        def work(change: Change, desk: Desk) -> None:
            do(change, desk)

        return self._runner.run(
            key, body, work, now=now or self.clock.now(), actor=actor, order_id=order
        )

    def _on_many(
        self,
        key: str,
        body: Mapping[str, Plain],
        do: Callable[[Several], Mapping[str, Plain] | None],
        now: datetime | None,
        actor: str,
    ) -> Outcome:
        """Run one command on any number of orders, stored together or not at all."""
        return self._runner.run_on_many(key, body, do, now=now or self.clock.now(), actor=actor)
