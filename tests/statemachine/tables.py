"""The store of a machine: in memory or in a file, the same one again after a crash."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ordinance.oms import Shop
from ordinance.profile import Profile
from ordinance.pump import Pump
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.simulator.outside import simulated
from ordinance_adapters.sqlite import open_storage
from tests.core.shop import MONDAY, FixedClock
from tests.simulation.disk import Crash, Disk, Wire, image, keyring, storage_on
from tests.simulation.shelf import small_shop

__all__ = ["Crash", "Table"]


class Table:
    """A shop at work: its process can die at any statement, and is opened again."""

    def __init__(self, *, in_a_file: bool) -> None:
        self.clock = FixedClock(MONDAY)
        self.profile: Profile = small_shop()
        self._folder = Path(tempfile.mkdtemp()) if in_a_file else None
        if self._folder is None:
            self.disk = Disk(image(small_shop))
        else:
            (self._folder / "shop.db").write_bytes(image(small_shop))
        self.open()

    def open(self) -> None:
        """Open the shop as a process that has just started."""
        if self._folder is None:
            self.wire = Wire(self.disk, lambda: None)
            storage = storage_on(self.wire)
        else:
            storage = open_storage(self._folder / "shop.db", keyring=keyring())
        self.shop = Shop(storage, self.profile, None, self.clock, SeededIds(1))
        self.pump = Pump(self.shop, simulated())

    def crash(self) -> None:
        """The process is gone, and another one is started."""
        if self._folder is None:
            self.wire.die()
            self.disk.fuse = -1
        else:
            self.shop.close()
        self.open()

    def light_fuse(self, statements: int) -> None:
        """Let the process die at so many statements from now; a file's is only opened anew."""
        if self._folder is None:
            self.disk.fuse = statements

    def put_out(self) -> None:
        """Nobody dies any more."""
        if self._folder is None:
            self.disk.fuse = -1

    def close(self) -> None:
        """Clear away."""
        if self._folder is None:
            self.disk.close()
        else:
            self.shop.close()
            shutil.rmtree(self._folder)
