"""The providers of a simulation: they fail by seed, take their time, and call back out of turn."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.effects.provider import Bank, Carrier, Messages, Plan, Provider, Providers, Warehouse

Meanwhile = Callable[[str], None]
"""What the rest of the world does while a call is under way; it may end the caller."""


def _slow(kind: type[Provider]) -> type[Provider]:
    """A provider during whose calls the rest of the world goes on, before it acts and after."""

    class Slow(kind):  # type: ignore[misc, valid-type]
        meanwhile: Meanwhile

        def answer(self, key: str, amount: int = 0) -> str:
            self.meanwhile(key)
            try:
                told: str = super().answer(key, amount)
            finally:
                self.meanwhile(key)
            return told

    return Slow


class WatchedBank(_slow(Bank)):  # type: ignore[misc]
    """A bank that writes down which payment each refund went to, and for which order."""

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        told: str = super().refund(key, order_number, transaction, amount_minor)
        self.paid_to[key] = (order_number, transaction)
        return told


_KINDS = (WatchedBank, _slow(Carrier), _slow(Warehouse), _slow(Messages))


def providers(random: Random, share: float, meanwhile: Meanwhile) -> tuple[Providers, Plan]:
    """The world outside, and the one plan by which it fails."""
    plan = Plan(random, share)
    # A process may die between the deed and the note of it, so that every provider has to know its
    # keys, as the ports demand.
    made = [kind(plan, knows_keys=True) for kind in _KINDS]
    for one in made:
        one.meanwhile = meanwhile
    made[0].paid_to = {}
    return Providers(*made), plan
