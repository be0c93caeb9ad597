"""The steps that bring a database up to the tables we know, each taken once, by one at a time."""

from __future__ import annotations

from typing import Any

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier

from ordinance.ports import NoStore, StorageError
from ordinance_adapters.postgres.address import Address
from ordinance_adapters.postgres.line import PostgresLine
from ordinance_adapters.postgres.tables import SEALED, STEPS
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.unsealed import seal_what_is_plain
from ordinance_adapters.sql.versions import OlderStore, newer_store

_STEPS_TABLE = """
CREATE TABLE IF NOT EXISTS steps (
    name TEXT COLLATE "C" PRIMARY KEY,
    taken TIMESTAMPTZ NOT NULL DEFAULT now()
)
"""
_GATE = "gate"
"""The row that whoever migrates holds: no lock but one on a row, which every PostgreSQL has."""


def migrate(connection: Connection[Any], address: Address, seals: Seals) -> None:
    """Take the steps that the database has not taken yet; a new schema gets all of them.

    Raises `StorageError` for the tables of another program or of a newer version of this one.
    """
    _refuse_foreign(connection, address)
    _make_gate(connection, address)
    with connection.transaction():
        connection.execute("SELECT name FROM steps WHERE name = 'gate' FOR UPDATE")
        taken = {row[0] for row in connection.execute("SELECT name FROM steps")} - {_GATE}
        _refuse_newer(taken, address)
        for name, statements in STEPS.items():
            if name in taken:
                continue
            for statement in statements:
                if callable(statement):
                    statement(connection)
                else:
                    connection.execute(statement)
            if name == SEALED:
                line = PostgresLine(connection, address.where, "BEGIN", seals)
                line.has_begun = True
                seal_what_is_plain(line)
                line.flush()
            connection.execute("INSERT INTO steps (name) VALUES (%s)", (name,))


def demand_tables(connection: Connection[Any], address: Address) -> None:
    """Raise `NoStore` where the tables of a store have not been made, and make none."""
    if not _tables(connection, address):
        raise NoStore(f"`{address.where}`: there is no such store")


def demand_current(connection: Connection[Any], address: Address) -> None:
    """Raise `StorageError` for the tables of another program, or of another version: whoever only
    looks changes nothing."""
    _refuse_foreign(connection, address)
    taken = {row[0] for row in connection.execute("SELECT name FROM steps")} - {_GATE}
    _refuse_newer(taken, address)
    if pending := [name for name in STEPS if name not in taken]:
        raise OlderStore(address.where, pending)


def _tables(connection: Connection[Any], address: Address) -> set[str]:
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = %s",
        (address.schema,),
    ).fetchall()
    return {row[0] for row in found}


def _refuse_foreign(connection: Connection[Any], address: Address) -> None:
    tables = _tables(connection, address)
    if tables and "steps" not in tables:
        raise StorageError(
            f"`{address.where}`: the schema `{address.schema}` holds the tables of another "
            "program; name another one with `?schema=...`"
        )


def _refuse_newer(taken: set[str], address: Address) -> None:
    if newer := sorted(taken - set(STEPS)):
        raise newer_store(address.where, newer[-1])


def _make_gate(connection: Connection[Any], address: Address) -> None:
    """`IF NOT EXISTS` looks before it makes, so that one of two who begin at once may fail."""
    for last in (False, False, False, True):
        try:
            # Asked first: a user who may not make a schema can use one that was made for him.
            there = connection.execute(
                "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s",
                (address.schema,),
            ).fetchone()
            if there is None:
                connection.execute(
                    SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(address.schema))
                )
            connection.execute(_STEPS_TABLE)
            connection.execute(
                "INSERT INTO steps (name) VALUES ('gate') ON CONFLICT (name) DO NOTHING"
            )
            return
        except (errors.UniqueViolation, errors.DuplicateTable, errors.DuplicateObject):
            if last:
                raise
