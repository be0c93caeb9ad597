"""No false alarm: a shop is killed in the middle of its work, again and again, and all of it fits.

Each run is a process that takes orders, works, seals and hands out checkpoints until it is killed
at a random moment. After each, the log has to fit every checkpoint that was ever handed out.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from ordinance.audit.checkpoint import notes_in
from ordinance.audit.exporting import export
from ordinance.audit.sealer import Sealer
from ordinance.audit.verdict import Verdict
from ordinance.audit.verifying import verify
from ordinance.pump import Pump
from ordinance_adapters.checkpointplaces import FilePlace
from ordinance_adapters.signing import checks
from ordinance_adapters.simulator.outside import simulated
from tests.auditlog.books import PUBLIC, opened
from tests.core.shop import MONDAY, order, shipped_rules
from tests.stores import ON_POSTGRES, open_storage
from tests.tenants.twins import MINE, SIGNER, lines

SEED = int(os.environ.get("ORDINANCE_SEED", "20261127"))
RUNS = int(os.environ.get("ORDINANCE_CLEAN_RUNS", "8"))
"""How often it is killed; `make soak` 500 times."""

A_STORE = 25
"""Kills that one store lives through, before the next one begins with a new store."""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or ON_POSTGRES, reason="a process is forked that opens a file"
)


def life(folder: Path, run: int) -> None:
    """Work until somebody ends it."""
    storage = open_storage(folder / "shop.db")
    shop = opened(storage)
    shop.open_stock(MONDAY)
    pump = Pump(shop, simulated())
    sealer = Sealer(storage, MINE, SIGNER, every=7)
    for number in range(10_000):
        shop.place(order(f"R{run}-{number}", lines=lines(("CARD", 1, "19.90"))))
        at = MONDAY + timedelta(hours=run, minutes=number)
        pump.work(at)
        sealer.seal(at)
        export(storage, MINE, [FilePlace(folder / "out.txt")], at)


def killed(folder: Path, run: int, after: float) -> None:
    """A life that ends after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            life(folder, run)
        finally:
            os._exit(1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"run {run} ended by itself, ORDINANCE_SEED={SEED}"


def verdict(folder: Path) -> Verdict:
    file = folder / "out.txt"
    notes = list(notes_in(file.read_text("utf-8"))) if file.exists() else []
    with closing(open_storage(folder / "shop.db")) as storage:
        return verify(storage, MINE, notes, PUBLIC, checks)


def test_no_kill_leaves_anything_that_does_not_fit(tmp_path: Path) -> None:
    rng = Random(SEED)
    shipped_rules()
    sealed = handed_out = 0
    for run in range(RUNS):
        folder = tmp_path / f"store-{run // A_STORE}"
        folder.mkdir(exist_ok=True)
        # The first run of a store makes its tables and its stock first.
        killed(folder, run, rng.uniform(0.05, 0.6) + (0.4 if run % A_STORE == 0 else 0))
        found = verdict(folder)
        assert found.holds, f"run {run}, ORDINANCE_SEED={SEED}: {found.first}"
        sealed, handed_out = max(sealed, found.size), max(handed_out, found.covered)
    print(f"{RUNS} kills: up to {sealed} leaves sealed, {handed_out} of them handed out")
    assert RUNS < 5 or handed_out > 0
