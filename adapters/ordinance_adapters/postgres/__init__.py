"""The store on a PostgreSQL server, for shops that run on more than one machine."""

import logging

from ordinance.ports import StorageError

try:
    from ordinance_adapters.postgres.store import PostgresStorage, open_storage
except ImportError as error:
    if (error.name or "psycopg").partition(".")[0] not in ("psycopg", "psycopg_pool"):
        raise
    raise StorageError(
        f'PostgreSQL needs an extra: pip install "ordinance[postgres]" ({error})'
    ) from error

__all__ = ["PostgresStorage", "open_storage"]

# What goes wrong reaches the caller as an error of ours; the driver's own words about it would
# land on the terminal of whoever has set up no logging.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
