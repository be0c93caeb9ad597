"""Replays recorded decisions in other environments: hash seeds, time zones, locales, `-O`.

    .venv/bin/python -m tests.core.replays            # 5,000 decisions
    .venv/bin/python -m tests.core.replays 500

Orders of the retail example are run until so many decisions are stored. Then every environment
makes all of them again, from the stored facts and the stored rule sources alone, in a process of
its own; each must give the stored bytes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ordinance.audit.why import remade
from ordinance.ports import Storage, StoredDecision
from ordinance_adapters.simulator.run import Run
from ordinance_adapters.sqlite import open_storage
from tests.conftest import ROOT
from tests.core.test_run import opened, rows

SEEDS = ("0", "1", "random")
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns")
LOCALES = ("C", "zh_CN.UTF-8", "tr_TR.UTF-8")
SHOP = "retail"


@dataclass(frozen=True, slots=True)
class Environment:
    """What may not change a decision."""

    seed: str
    zone: str
    locale: str
    optimised: bool = False

    def __str__(self) -> str:
        flags = " -O" if self.optimised else ""
        return f"PYTHONHASHSEED={self.seed} TZ={self.zone} LC_ALL={self.locale}{flags}"

    def variables(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "PYTHONHASHSEED": self.seed,
            "TZ": self.zone,
            "LC_ALL": self.locale,
            "LANG": self.locale,
            "PYTHONPATH": str(ROOT),
        }


def environments() -> list[Environment]:
    """Each two of seed, zone and locale stand together in one of them; some run with `-O`."""
    return [
        Environment(seed, zone, LOCALES[(row + column) % 3], optimised=(row + column) % 3 == 1)
        for row, seed in enumerate(SEEDS)
        for column, zone in enumerate(ZONES)
    ]


def record(path: Path, decisions: int, orders: int = 400) -> int:
    """Run orders into a new store until it holds `decisions`; returns how many it holds."""
    shop = opened(path)
    try:
        for first in range(0, 20_000, orders):
            Run(shop, 7).run(rows(shop, first + orders))  # type: ignore[arg-type]
            stored = sum(1 for _ in islice(stored_decisions(shop.storage), decisions))
            if stored >= decisions:
                return stored
    finally:
        shop.close()
    raise SystemExit(f"the example has not {decisions} decisions")


def stored_decisions(storage: Storage) -> Iterator[StoredDecision]:
    """Every decision of the store, by order and number."""
    for order in storage.orders(SHOP):
        yield from storage.decisions(SHOP, order.id)


def digest_of(records: Iterator[str]) -> str:
    """How many records there are, and one hash over all of them."""
    count, whole = 0, hashlib.sha256()
    for text in records:
        count += 1
        whole.update(text.encode() + b"\n")
    return f"{count} {whole.hexdigest()}"


def stored_digest(path: Path, decisions: int) -> str:
    """The digest of the records as they are stored."""
    storage = open_storage(path)
    try:
        return digest_of(item.record for item in islice(stored_decisions(storage), decisions))
    finally:
        storage.close()


def remade_digest(path: Path, decisions: int) -> str:
    """The digest of the records made again from facts and rules."""
    storage = open_storage(path)
    try:
        return digest_of(
            remade(item, storage).to_json() for item in islice(stored_decisions(storage), decisions)
        )
    finally:
        storage.close()


def remade_elsewhere(path: Path, decisions: int, environment: Environment) -> str:
    """The digest that another process in `environment` comes to, or what it complains of."""
    script = (
        "import sys; from pathlib import Path; from tests.core.replays import remade_digest; "
        "print(remade_digest(Path(sys.argv[1]), int(sys.argv[2])))"
    )
    done = subprocess.run(
        [
            sys.executable,
            *(["-O"] if environment.optimised else []),
            "-c",
            script,
            str(path),
            str(decisions),
        ],
        env=environment.variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr


def main() -> None:
    """Record, replay everywhere, and tell."""
    decisions = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        record(path, decisions)
        wanted = stored_digest(path, decisions)
        print(f"stored: {wanted}")
        differing = 0
        for environment in environments():
            found = remade_elsewhere(path, decisions, environment)
            same = found == wanted
            differing += not same
            print(f"{'same' if same else 'DIFFERS: ' + found}  {environment}")
    if differing:
        raise SystemExit(f"{differing} environments give other bytes")


if __name__ == "__main__":
    main()
