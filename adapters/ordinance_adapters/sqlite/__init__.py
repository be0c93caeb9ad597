"""The SQLite store: one file, embedded, the default."""

from ordinance_adapters.sqlite.store import SqliteStorage, open_storage, wal_reset_risk

__all__ = ["SqliteStorage", "open_storage", "wal_reset_risk"]
