"""The embedded store: everything in one SQLite file."""

from ordinance_adapters.sqlite.connection import wal_reset_risk
from ordinance_adapters.sqlite.store import SqliteStorage, open_storage

__all__ = ["SqliteStorage", "open_storage", "wal_reset_risk"]
