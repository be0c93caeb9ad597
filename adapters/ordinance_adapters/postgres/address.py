"""Which database a URL names, and how it is named in messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ordinance.ports import StorageError

SCHEMA = "ordinance"
"""Where the tables are unless the URL says `?schema=...`, so that they can live beside others."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class Address:
    """A database and the schema in it."""

    conninfo: str
    schema: str
    where: str
    """Host and database, without user and password."""


def read_address(url: str) -> Address:
    """The database that `postgresql://user@host:port/name?schema=...` names.

    Everything that libpq takes may stand in the query. Raises `StorageError`.
    """
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for name, value in query if name == "schema"), SCHEMA)
    if not _NAME.fullmatch(schema):
        raise StorageError(
            f"`{schema}` is no name of a schema; use small letters, digits and underscores"
        )
    kept = urlencode([(name, value) for name, value in query if name != "schema"])
    conninfo = urlunsplit(parts._replace(query=kept))
    try:
        told = conninfo_to_dict(conninfo)
    except ProgrammingError as error:
        raise StorageError(
            f"this is no address of a PostgreSQL database ({_one_line(error)}); "
            "write `postgresql://user@host/name`"
        ) from None
    where = f"postgresql://{told.get('host', 'localhost')}/{told.get('dbname', '')}"
    return Address(conninfo, schema, where if schema == SCHEMA else f"{where}?schema={schema}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
