"""PostgreSQL against the suite of the port, and what is its own: addresses, locks, retries."""

from __future__ import annotations

from pathlib import Path

from ordinance.ports import Storage
from ordinance.testing import StorageContract
from ordinance_adapters.postgres import open_storage
from tests.postgres import url_of


class TestPostgres(StorageContract):
    def make(self, tmp_path: Path) -> Storage:
        return open_storage(url_of(tmp_path))
