"""The machine: everything that can be done to a shop, with time, other rules, and crashes."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule

from ordinance.releases.release import Release
from tests.publishing.editions import edition
from tests.statemachine.desk import ORDERS
from tests.statemachine.model import Model
from tests.statemachine.orderrules import LINES, OrderRules
from tests.statemachine.stockrules import StockRules
from tests.statemachine.tables import Table


@lru_cache(maxsize=4)
def _edition(name: str) -> Release:
    return edition(name)


class ShopMachine(OrderRules, StockRules):
    """A shop and the model of it."""

    @initialize(
        target=ORDERS,
        in_a_file=st.sampled_from([False, False, False, True]),
        first=st.lists(LINES, min_size=1, max_size=3),
    )
    def begin(self, in_a_file: bool, first: list[list[tuple[str, int]]]) -> Any:
        """A shop with some paid orders."""
        self.table = Table(in_a_file=in_a_file)
        self.model = Model(self.table.profile.stock)
        return multiple(*(self.ordered(lines, True, 100 + no) for no, lines in enumerate(first)))

    @rule(minutes=st.sampled_from([1, 10, 60, 600]))
    def time_passes(self, minutes: int) -> None:
        self.table.clock.set(self.now + timedelta(minutes=minutes))
        self.model.close_unpaid(self.now)
        self.model.forget_carts(self.now)
        self._settle()

    @rule(name=st.sampled_from("AB"))
    def reload_rules(self, name: str) -> None:
        office = self.table.shop.office
        live = office.status().live
        assert live is not None
        office.publish(_edition(name), author="Mei", note="other", now=self.now, base=live.version)

    @rule()
    def reopen(self) -> None:
        self.table.crash()

    @rule(statements=st.integers(0, 60))
    def die_soon(self, statements: int) -> None:
        """The process dies in the middle of the next command, which is then sent again."""
        self.fuse = statements
