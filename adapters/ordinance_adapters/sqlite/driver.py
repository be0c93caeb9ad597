"""The SQLite build in use: the one that sqlite-utils picks.

That is a newer SQLite when `pysqlite3` is installed. Two builds on one file in one process would
break each other's locks, so nothing here imports `sqlite3` past this module.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

__all__ = ["sqlite3"]
