"""No false alarm: a shop is killed in the middle of its work, again and again, and all of it fits.

Each run is a process that takes orders, works, seals and hands out checkpoints until it is killed
at a random moment. After each, the log has to fit every checkpoint that was ever handed out.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from ordinance.audit.checkpoint import notes_in, read_note
from ordinance.audit.exporting import export
from ordinance.audit.sealer import Sealer
from ordinance.audit.verdict import Verdict
from ordinance.audit.verifying import verify
from ordinance.auditlog import StoredCheckpoint
from ordinance.ports import Storage
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
"""How often it is killed; `make soak` 10,000 times."""

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
        hand_out(storage, folder, at)


def file_in(folder: Path) -> FilePlace:
    return FilePlace(folder / "out.txt")


def hand_out(storage: Storage, folder: Path, at: datetime) -> None:
    """Hand out what was sealed."""
    export(storage, MINE, [file_in(folder)], at)


def killed(folder: Path, run: int, after: float) -> None:
    """A life that ends after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            life(folder, run)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"run {run} ended by itself, ORDINANCE_SEED={SEED}"


def notes(folder: Path) -> list[str]:
    """What was handed out."""
    file = folder / "out.txt"
    return list(notes_in(file.read_text("utf-8"))) if file.exists() else []


def verdict(folder: Path) -> Verdict:
    with closing(open_storage(folder / "shop.db")) as storage:
        return verify(storage, MINE, notes(folder), PUBLIC, checks)


def never_handed_out(folder: Path) -> set[int]:
    """The checkpoints that are not outside, although all that was left is handed out now."""
    with closing(open_storage(folder / "shop.db")) as storage:
        (told,) = export(storage, MINE, [file_in(folder)], MONDAY)
        assert told.error == ""
        kept = {each.size for each in storage.checkpoints(MINE)}
    return kept - {read_note(each).size for each in notes(folder)}


@pytest.mark.slow
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
        if run % A_STORE == A_STORE - 1 or run == RUNS - 1:
            assert never_handed_out(folder) == set(), f"ORDINANCE_SEED={SEED}"
    print(f"{RUNS} kills: up to {sealed} leaves sealed, {handed_out} of them handed out")
    assert RUNS < 5 or handed_out > 0


def too_early(storage: Storage, folder: Path, at: datetime) -> None:
    """A place counts as served before it has taken anything."""

    class Told:
        name = file_in(folder).name

        def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
            given.extend(checkpoints)

    given: list[StoredCheckpoint] = []
    export(storage, MINE, [Told()], at)
    time.sleep(0.05)
    if given:
        file_in(folder).take(given)


@pytest.mark.slow
def test_what_counts_as_handed_out_too_early_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.hand_out", too_early)
    shipped_rules()
    for run in range(10):
        killed(tmp_path, run, 0.9 if run == 0 else 0.4)
        if never_handed_out(tmp_path):
            return

    raise AssertionError("nobody noticed")
