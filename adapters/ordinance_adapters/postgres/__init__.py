"""The store on a PostgreSQL server, for shops that run on more than one machine."""

from ordinance_adapters.postgres.store import PostgresStorage, open_storage

__all__ = ["PostgresStorage", "open_storage"]
