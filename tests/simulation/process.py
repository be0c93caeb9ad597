"""One process of the shop: its objects, none of which survive it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ordinance.audit.sealer import Sealer
from ordinance.oms import Shop
from ordinance.outside import Outside
from ordinance.ports import Clock, EffectState
from ordinance.profile import Profile
from ordinance.pump import Pump
from ordinance_adapters.identity import SeededIds
from tests.simulation.disk import Disk, Wire, storage_on
from tests.tenants.twins import SIGNER


class CountingPump(Pump):
    """The product's pump, which counts the effects that it tried."""

    tries = 0

    def effect(self, key: str, now: datetime) -> EffectState | None:
        state = super().effect(key, now)
        if state is not None:
            self.tries += 1
        return state


class Process:
    """A shop, its pump and its sealer on a wire of their own."""

    def __init__(
        self,
        disk: Disk,
        profile: Profile,
        clock: Clock,
        seed: int,
        outside: Outside,
        before_begin: Callable[[], None],
    ) -> None:
        self.wire = Wire(disk, before_begin)
        self.shop = Shop(storage_on(self.wire), profile, None, clock, SeededIds(seed))
        self.pump = CountingPump(self.shop, outside)
        self.sealer = Sealer(self.shop.storage, profile.shop, SIGNER)
        self.busy = False

    def seal(self, now: datetime) -> str | None:
        """Seal all there is; the newest checkpoint, which somebody outside keeps."""
        self.sealer.seal(now)
        last = self.shop.storage.last_checkpoint(self.shop.profile.shop)
        return None if last is None else last.note
