"""The suite of the storage port: what every store must do, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ordinance.ports import Storage
from ordinance.testing.auditlog import AuditLogContract
from ordinance.testing.blocks import BlocksContract, ContentContract
from ordinance.testing.filling import FillingContract
from ordinance.testing.history import HistoryContract
from ordinance.testing.holdings import HoldingsContract
from ordinance.testing.orders import OrdersContract
from ordinance.testing.queue import QueueContract
from ordinance.testing.releases import ReleasesContract
from ordinance.testing.stock import StockContract
from ordinance.testing.stops import StopsContract
from ordinance.testing.watching import WatchingContract
from ordinance.testing.work import WorkContract


class StorageContract(
    BlocksContract,
    ContentContract,
    FillingContract,
    OrdersContract,
    HistoryContract,
    ReleasesContract,
    StockContract,
    StopsContract,
    HoldingsContract,
    QueueContract,
    WorkContract,
    WatchingContract,
    AuditLogContract,
):
    """Tests for pytest; an adapter inherits them and says how a store is made.

    class TestMyStore(StorageContract):
        def make(self, tmp_path: Path) -> Storage:
            return open_my_store(tmp_path / "orders")

    `make` with the same folder opens the same store, also while it is open already; with another
    folder, an empty one.
    """

    def make(self, tmp_path: Path) -> Storage:
        """Open the store that belongs to this folder."""
        raise NotImplementedError

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Only a test run defines a subclass, so only a test run needs pytest.
        import pytest

        @pytest.fixture
        def storage(self: StorageContract, tmp_path: Path) -> Iterator[Storage]:
            made = self.make(tmp_path)
            yield made
            made.close()

        cls.storage = storage  # type: ignore[attr-defined]
