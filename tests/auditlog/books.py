"""Everything a store holds, as rows that an attacker may write as he likes, with the key or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ordinance.audit.checkpoint import Checkpoint, PublicKey, Signer, origin_of
from ordinance.audit.merkle import Growing
from ordinance.audit.sealer import Sealer
from ordinance.audit.verdict import Verdict
from ordinance.audit.verifying import verify
from ordinance.auditlog import movement_leaf
from ordinance.chain import NOTHING, event_hash
from ordinance.oms import Shop
from ordinance.ports import Storage
from ordinance.pump import Pump
from ordinance.rules.decision import canonical_json
from ordinance.stock.stockroom import Slip
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.signing import Ed25519Signer, checks
from ordinance_adapters.simulator.outside import simulated
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.content import TABLES
from ordinance_adapters.sql.statements import insert
from tests.core.shop import MONDAY, FixedClock, order, profile, shipped_rules
from tests.stores import ON_POSTGRES, open_storage
from tests.tenants.twins import MINE, SIGNER, lines, live, shop_in

Row = dict[str, Any]
OTHER_SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(bytes([9] * 32)))
PUBLIC = PublicKey(origin_of(MINE), SIGNER.public())
EVERY = 10
"""Leaves under one checkpoint here: the same as in a shop, with ten times as many edges."""


class Books:
    """The rows of a store by their tables."""

    def __init__(self, told: Iterable[str]) -> None:
        self.tables: dict[str, list[Row]] = {name: [] for name in TABLES}
        for line in told:
            row = json.loads(line)
            self.tables[row.pop("table")].append(row)

    def copied(self) -> Books:
        """The same, to be written in."""
        other = Books(())
        other.tables = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        return other

    def lines(self) -> list[str]:
        return [
            canonical_json({"table": name, **row})
            for name, rows in self.tables.items()
            for row in rows
        ]

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def one(self, table: str, **key: Any) -> Row | None:
        """The row with these values, or None."""
        return next((row for row in self[table] if key.items() <= row.items()), None)

    @property
    def log(self) -> list[Row]:
        return sorted(self["audit_log"], key=lambda row: row["place"])

    @property
    def size(self) -> int:
        return len(self["audit_log"])

    def notes(self, until: int) -> list[str]:
        """The checkpoints over at most `until` leaves, as somebody outside has kept them."""
        kept = sorted(self["checkpoints"], key=lambda row: row["size"])
        return [row["note"] for row in kept if row["size"] <= until]

    def events(self, order_id: str) -> list[Row]:
        found = [row for row in self["events"] if row["order_id"] == order_id]
        return sorted(found, key=lambda row: row["version"])

    def sealed_row(self, place: int) -> Row | None:
        """The row that was sealed in a place; None for one of the journal."""
        leaf = self.log[place]
        if leaf["kind"] == "order":
            return self.one("events", order_id=leaf["subject"], version=leaf["number"])
        if leaf["kind"] == "stock":
            key = {"sku": leaf["subject"], "warehouse": leaf["part"], "seq": leaf["number"]}
            return self.one("movements", **key)
        if leaf["kind"] == "release":
            return self.one("releases", version=leaf["number"])
        return self.one("rule_journal", seq=leaf["number"])

    def rechain(self, order_id: str) -> None:
        """Make every hash of an order anew, so that its rows fit each other."""
        previous = NOTHING
        for row in self.events(order_id):
            previous = row["hash"] = event_hash(previous, _event(row))
        owner = self.one("orders", id=order_id)
        assert owner is not None
        owner["head"] = previous

    def reseal(self, signer: Signer | None) -> None:
        """Make leaves, frontier and checkpoints anew from the rows; without a signer, the notes of
        the checkpoints stay as they are."""
        growing = Growing()
        at_size = {row["size"]: row for row in self["checkpoints"]}
        last = 0
        for leaf in self.log:
            row = self.sealed_row(leaf["place"])
            assert row is not None
            leaf["leaf"] = _leaf(leaf, row)
            growing.add(bytes.fromhex(leaf["leaf"]))
            kept = at_size.get(growing.size)
            if kept is not None and signer is not None:
                at = datetime.fromisoformat(kept["at"])
                point = Checkpoint(origin_of(MINE), growing.size, growing.root(), at, last)
                kept["note"] = point.signed(signer)
                last = growing.size
        head = self.one("audit_heads", shop=MINE)
        assert head is not None
        head["size"] = growing.size
        head["frontier"] = " ".join(each.hex() for each in growing.frontier().hashes)

    def cut(self, size: int, signer: Signer) -> None:
        """Take back everything from a place on, and whatever was not sealed, and leave no trace."""
        kept = {(row["kind"], row["subject"], row["part"]): 0 for row in self["audit_log"]}
        for row in self.log[:size]:
            kept[row["kind"], row["subject"], row["part"]] = row["number"]
        self.tables["audit_log"] = self.log[:size]
        self.tables["checkpoints"] = [row for row in self["checkpoints"] if row["size"] <= size]
        self._forget("events", lambda row: kept.get(("order", row["order_id"], ""), 0), "version")
        moved = lambda row: kept.get(("stock", row["sku"], row["warehouse"]), 0)  # noqa: E731
        self._forget("movements", moved, "seq")
        self._forget("rule_journal", lambda row: kept.get(("rules", "", ""), 0), "seq")
        self._forget("releases", lambda row: kept.get(("release", "", ""), 0), "version")
        for owner in self["stock"]:
            owner["moves"] = owner["sealed"] = moved(owner)
        for owner in list(self["orders"]):
            last = kept.get(("order", owner["id"], ""), 0)
            owner["version"] = owner["sealed"] = last
            if last == 0:
                self["orders"].remove(owner)
                continue
            history = self.events(owner["id"])
            owner["head"] = history[-1]["hash"]
            self.forget_decisions(owner["id"])
        there = {owner["id"] for owner in self["orders"]}
        self.tables["decisions"] = [r for r in self["decisions"] if r["order_id"] in there]
        if size and not self.one("checkpoints", size=size):
            at = (
                self["checkpoints"][-1]["at"]
                if self["checkpoints"]
                else self["orders"][0]["placed_at"]
            )
            self["checkpoints"].append({"shop": MINE, "size": size, "at": at, "note": ""})
        self.reseal(signer)

    def forget_decisions(self, order_id: str) -> None:
        """Take back the decisions of an order that no event of it knows of."""
        made = [
            after
            for event in self.events(order_id)
            for path, _, after in json.loads(event["changes"])
            if path == "decisions"
        ]
        last = made[-1] if made else 0
        self.tables["decisions"] = [
            row for row in self["decisions"] if row["order_id"] != order_id or row["seq"] <= last
        ]

    def _forget(self, table: str, last: Callable[[Row], int], number: str) -> None:
        self.tables[table] = [row for row in self[table] if row[number] <= last(row)]

    def verdict(
        self, notes: list[str], public: PublicKey | None = PUBLIC, by: Any = verify
    ) -> Verdict:
        """What verifying a store with these rows comes to."""
        if not _STAGES:
            _STAGES.append(Stage(self))
        return _STAGES[0].verdict(self, lambda storage: by(storage, MINE, notes, public, checks))


class Stage:
    """A store that holds some books, and for a moment others: what differs is undone again."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._storage: Any = open_storage(":memory:")
        self._storage.fill(books.lines())
        if not ON_POSTGRES:
            connection = self._storage._writer.connection
            connection.execute("PRAGMA foreign_keys = 0")
            connection.execute("PRAGMA ignore_check_constraints = 1")
            for table in ("movements", "audit_log", "checkpoints"):
                for change in ("update", "delete"):
                    connection.execute(f"DROP TRIGGER {table}_no_{change}")

    def verdict(self, books: Books, verdict: Callable[[Storage], Verdict]) -> Verdict:
        """What verifying comes to while the store holds these books."""
        found: list[Verdict] = []
        with suppress(_Undone), self._storage.batch():
            line = self._storage._blocks.mine() if ON_POSTGRES else None
            if line is not None:
                # No triggers and no foreign keys, for this transaction alone.
                line.run("SET LOCAL session_replication_role = replica", ())
            for name, told in books.tables.items():
                if told == self._books.tables[name]:
                    continue
                columns = TABLES[name].columns
                add = insert(name, ", ".join(columns))
                values = [tuple(row[column] for column in columns) for row in told]
                if line is not None:
                    line.run(f"DELETE FROM {name}", ())
                    line.write(add, values, name)
                else:
                    connection = self._storage._writer.connection
                    connection.execute(f"DELETE FROM {name}")
                    connection.executemany(add, values)
            found.append(verdict(self._storage))
            raise _Undone
        return found[0]


class _Undone(Exception):
    """Takes back what was written."""


_STAGES: list[Stage] = []
"""The one of this process: making a store takes longer than verifying one."""


def _event(row: Row) -> Any:
    return rows.event(tuple(row[name] for name in rows.EVENT.split(", ")))


def _leaf(leaf: Row, row: Row) -> str:
    if leaf["kind"] == "order":
        return str(row["hash"])
    if leaf["kind"] == "stock":
        moved = rows.movement(tuple(row[name] for name in rows.MOVEMENT.split(", ")))
        return movement_leaf(moved, row["seq"])
    return str(leaf["leaf"])


def opened(storage: Storage) -> Shop:
    """A shop with the shipped rules in a store."""
    clock = FixedClock(MONDAY)
    return Shop(storage, profile(shop=MINE), shipped_rules(), clock, SeededIds(1))


def written(folder: Path, orders: int = 10) -> tuple[Books, list[Books]]:
    """A shop that lived for some weeks, sealed on the way; and how it stood before, by stages."""
    stages = []
    with closing(open_storage(folder / "books.db")) as storage:
        shop = shop_in(storage, MINE)
        sealer = Sealer(storage, MINE, SIGNER, every=EVERY)
        live(shop, "19.90", [])
        shop.stockroom.receive("HZ", "TEA", 100, Slip("in", MONDAY, "lan"))
        for number in range(orders):
            shop.place(order(f"B{number}", lines=lines(("TEA", 1, "19.90"))))
            if number % 2:
                sealer.seal(MONDAY + timedelta(minutes=number))
                stages.append(Books(storage.content()))
        pump = Pump(shop, simulated())
        for day in (3, 6, 20, 40):
            at = MONDAY + timedelta(days=day)
            pump.work(at)
            sealer.seal(at)
            stages.append(Books(storage.content()))
        # A few that are not sealed yet.
        shop.place(order("C1", lines=lines(("TEA", 1, "19.90"))))
        return Books(storage.content()), stages
