"""Storing: an order from intake to reserved stock, against a bare write of the same rows."""

from __future__ import annotations

import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.agreement import Disagreement
from benchmarks.results import Results
from benchmarks.workloads import shop as workload
from ordinance import several
from ordinance.oms import Shop
from ordinance.rules import Rulebook, load
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.sqlite import open_storage

ROOT = Path(__file__).parents[2]
ALLOCATED = ("validate", "review", "allocate")
"""The stages up to reserved stock; the ones after it are about parcels."""
PLACE = Path("build")
"""On the disk that the project is on: a file system in memory would make every commit free."""
TURN = {1: 10, 100: 1}
"""Transactions that one side does before it is the other's turn."""


@dataclass(frozen=True)
class Rows:
    """What a statement found."""

    found: list[Any]

    def fetchall(self) -> list[Any]:
        """All of it."""
        return self.found


@dataclass
class Recorder:
    """A connection that notes which statements changed a row, one list a transaction."""

    connection: sqlite3.Connection
    written: list[list[tuple[str, list[Any]]]] = field(default_factory=list)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Run, and note what changed a row; what is only read back of it does not count."""
        if sql.startswith("BEGIN"):
            self.written.append([])
        before = self.connection.total_changes
        found = Rows(self.connection.execute(sql, values).fetchall())
        if self.connection.total_changes > before:
            self._note(sql.partition(" RETURNING ")[0], [tuple(values)])
        return found

    def executemany(self, sql: str, many: Sequence[Any]) -> sqlite3.Cursor:
        """Run, and note what changed a row."""
        before = self.connection.total_changes
        cursor = self.connection.executemany(sql, many)
        if self.connection.total_changes > before:
            self._note(sql, list(many))
        return cursor

    def _note(self, sql: str, many: list[Any]) -> None:
        """One statement for rows that follow each other: the quickest way to write them."""
        last = self.written[-1]
        if last and last[-1][0] == sql:
            last[-1][1].extend(many)
        else:
            last.append((sql, many))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


Writes = list[list[tuple[str, list[Any]]]]


@dataclass
class Ours:
    """The shop on a fresh file."""

    path: Path
    rules: Rulebook
    recorder: Recorder | None = None

    def __post_init__(self) -> None:
        self.storage = open_storage(self.path)
        if self.recorder is not None:
            self.recorder.connection = self.storage._writer.connection
            self.storage._writer.connection = self.recorder  # type: ignore[assignment]
        self.shop = Shop(
            self.storage, workload.profile(), self.rules, SystemClock(), SeededIds(workload.SEED)
        )
        self.shop.open_stock(workload.BEGIN)

    def __call__(self, orders: Sequence[dict[str, Any]]) -> None:
        """Take some orders in, in one transaction."""
        if len(orders) == 1:
            self._place(orders[0])
            return
        with self.shop.batch():
            for order in orders:
                self._place(order)

    def _place(self, order: dict[str, Any]) -> None:
        self.shop.place(order, now=datetime.fromisoformat(order["placed_at"]))


@dataclass
class Raw:
    """The same rows, and nothing else, into a fresh file with the same tables and settings."""

    path: Path
    opening: Writes

    def __post_init__(self) -> None:
        self.storage = open_storage(self.path)
        self._connection = self.storage._writer.connection
        for one in self.opening:
            self(one)

    def __call__(self, writes: Sequence[tuple[str, list[Any]]]) -> None:
        """Write the rows of one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        for sql, many in writes:
            self._connection.executemany(sql, many)
        self._connection.execute("COMMIT")


@contextmanager
def stages(names: Sequence[str] | None) -> Iterator[None]:
    """The way of an order cut short after these stages."""
    whole = several.STAGES
    if names is not None:
        several.STAGES = tuple(x for x in whole if x.name in names)  # type: ignore[assignment]
    try:
        yield
    finally:
        several.STAGES = whole


def measure(
    results: Results, say: Callable[[str], None], *, rounds: int = 5, count: int = 600
) -> None:
    """Add the share that ours is of a bare write, at 1 and at 100 orders a transaction."""
    results.seeds["storing"] = workload.SEED
    PLACE.mkdir(exist_ok=True)
    rules = load(ROOT / "rules")
    for name, kept in (("allocated", ALLOCATED), ("whole", None)):
        for size in (1, 100):
            say(f"storing: {name}, {size} orders a transaction, {rounds} rounds of {count}")
            with stages(kept):
                _measured(
                    results, rules, f"storing, {name}, {size} a transaction", size, rounds, count
                )


def _measured(
    results: Results, rules: Rulebook, name: str, size: int, rounds: int, count: int
) -> None:
    drawn = workload.orders(count)
    groups = [drawn[at : at + size] for at in range(0, count, size)]
    with tempfile.TemporaryDirectory(dir=PLACE) as folder:
        recorder = Recorder(None)  # type: ignore[arg-type]
        first = Ours(Path(folder) / "first.db", rules, recorder)
        opened = len(recorder.written)
        for group in groups:
            first(group)
        _place_all_allocated(first.shop, count)
        first.storage.close()
        opening, writes = recorder.written[:opened], recorder.written[opened:]
        writes = [one for one in writes if one]
        if len(writes) != len(groups):
            raise Disagreement(f"{len(writes)} transactions for {len(groups)} groups of orders")
        seconds: list[tuple[float, float]] = []
        for number in range(rounds):
            seconds.append(_round(Path(folder), number, rules, groups, writes, opening, TURN[size]))
    shares = sorted(raw / ours for ours, raw in seconds)
    ours = sorted(x for x, _ in seconds)[len(seconds) // 2]
    raw = sorted(x for _, x in seconds)[len(seconds) // 2]
    results.figures[f"{name}, share, least"] = shares[0]
    results.figures[f"{name}, share"] = shares[len(shares) // 2]
    results.figures[f"{name}, share, most"] = shares[-1]
    results.figures[f"{name}, ms per order"] = ours / count * 1e3
    results.figures[f"{name}, bare write, ms per order"] = raw / count * 1e3
    results.figures[f"{name}, rows per order"] = (
        sum(len(many) for one in writes for _, many in one) / count
    )
    results.figures[f"{name}, bytes per order"] = (
        sum(
            len(str(value).encode())
            for one in writes
            for _, many in one
            for row in many
            for value in row
        )
        / count
    )


def _round(
    folder: Path,
    number: int,
    rules: Rulebook,
    groups: Sequence[Sequence[dict[str, Any]]],
    writes: Writes,
    opening: Writes,
    turn: int,
) -> tuple[float, float]:
    """Seconds of ours and of the bare write; they take turns, and begin in turns."""
    ours = Ours(folder / f"ours{number}.db", rules)
    raw = Raw(folder / f"raw{number}.db", opening)
    spent = {0: 0.0, 1: 0.0}
    gc.collect()
    for at in range(0, len(groups), turn):
        sides = (0, 1) if (at // turn + number) % 2 else (1, 0)
        for side in sides:
            start = time.perf_counter()
            if side:
                for one in writes[at : at + turn]:
                    raw(one)
            else:
                for group in groups[at : at + turn]:
                    ours(group)
            spent[side] += time.perf_counter() - start
    same = list(ours.storage.content()) == list(raw.storage.content())
    ours.storage.close()
    raw.storage.close()
    if not same:
        raise Disagreement("the bare write left other rows behind than ours")
    return spent[0], spent[1]


def _place_all_allocated(shop: Shop, count: int) -> None:
    held = [level for level in shop.storage.stock("bench") if level.reserved]
    if not held:
        raise Disagreement(f"none of {count} orders has reserved stock")
