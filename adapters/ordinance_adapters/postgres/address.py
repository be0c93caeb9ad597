"""Which database a URL names, and how it is named in messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ordinance.ports import StorageError

SCHEMA = "ordinance"
"""Where the tables are unless the URL says `?schema=...`, so that they can live beside others."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}")

_SPOILT = (
    "a `@`, `/`, `?`, `#` or `%` in a user name or password has to be written as `%40`, `%2F`, "
    "`%3F`, `%23`, `%25`; or leave the password to PGPASSWORD or ~/.pgpass"
)


@dataclass(frozen=True)
class Address:
    """A database and the schema in it."""

    conninfo: str
    schema: str
    where: str
    """Host and database, without user and password."""


def read_address(url: str) -> Address:
    """The database that `postgresql://user@host:port/name?schema=...` names.

    Everything that libpq takes may stand in the query. Raises `StorageError`, and says nothing in
    it that may be a part of a password.
    """
    scheme, _, rest = url.partition("://")
    if "@" in re.sub(r"^[^/?#@]*@", "", rest):
        raise _no_address(_SPOILT)
    place, _, query = rest.partition("?")
    options = [option for option in query.split("&") if option]
    named = [unquote(each[7:]) for each in options if each.startswith("schema=")]
    schema = named[-1] if named else SCHEMA
    if not _NAME.fullmatch(schema):
        raise StorageError(
            f"`{schema}` is no name of a schema; use small letters, digits and underscores"
        )
    kept = [option for option in options if not option.startswith("schema=")]
    told = _read(f"{scheme}://{place}?{'&'.join(kept)}")
    if not re.fullmatch(r"[\d,]*", str(told.get("port", ""))):
        raise _no_address("what stands after the `:` of the host is no port")
    where = f"postgresql://{told.get('host', 'localhost')}/{told.get('dbname', '')}"
    return Address(
        f"{scheme}://{place}?{'&'.join(kept)}",
        schema,
        where if schema == SCHEMA else f"{where}?schema={schema}",
    )


def _read(conninfo: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(conninfo)
    except ProgrammingError as error:
        said = " ".join(str(error).split())
        raise _no_address(said if "query parameter" in said else _SPOILT) from None


def _no_address(why: str) -> StorageError:
    return StorageError(
        f"this is no address of a PostgreSQL database: {why}. Write `postgresql://user@host/name`"
    )
