"""A world outside that many processes share: what it did lies in a table of the same server."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import psycopg

from ordinance.outside import Outside
from tests.postgres import server_url


class Ledger:
    """All four ports. Every call is a row of its own: key, and the process that made it."""

    def __init__(self, table: str, name: str = "", *, seconds: float = 0.0) -> None:
        self._table = table
        self._name = name
        self._seconds = seconds
        self._mine = threading.local()

    def make(self) -> None:
        """Make the table."""
        with psycopg.connect(server_url(), autocommit=True) as connection:
            connection.execute(
                f"CREATE TABLE {self._table} (place BIGSERIAL, key TEXT, worker TEXT)"
            )

    def calls(self) -> list[tuple[str, str]]:
        """Key and process of every call, in the order in which they were made."""
        with psycopg.connect(server_url(), autocommit=True) as connection:
            found = connection.execute(f"SELECT key, worker FROM {self._table} ORDER BY place")
            return [(row[0], row[1]) for row in found]

    def call(self, key: str) -> str:
        """Write the call down, then take the time that it takes."""
        connection = getattr(self._mine, "connection", None)
        if connection is None or connection.closed:
            self._mine.connection = psycopg.connect(server_url(), autocommit=True)
        statement = f"INSERT INTO {self._table} (key, worker) VALUES (%s, %s)"
        self._mine.connection.execute(statement, (key, self._name))
        time.sleep(self._seconds)
        return f"W-{key[-8:]}"

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        return self.call(key)

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        return self.call(key)

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        return "taken"

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        self.call(key)

    @property
    def outside(self) -> Outside:
        return Outside(self, self, self, self)
