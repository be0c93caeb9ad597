"""PostgreSQL against the suite of the port, and what is its own: addresses, locks, retries."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from ordinance.ports import Conflict, Storage
from ordinance.testing import StorageContract
from ordinance.testing.samples import SHOP, command
from ordinance_adapters.postgres import open_storage
from tests.postgres import url_of


class TestPostgres(StorageContract):
    def make(self, tmp_path: Path) -> Storage:
        return open_storage(url_of(tmp_path))


@pytest.mark.parametrize("in_batch", [False, True])
def test_what_followed_a_refused_row_is_not_taken_for_prepared(
    tmp_path: Path, in_batch: bool
) -> None:
    storage = open_storage(url_of(tmp_path), connections=1)
    storage.transact(lambda tx: tx.keep_command(command()))
    with storage.batch() if in_batch else nullcontext():
        for number in range(12):
            with pytest.raises(Conflict), storage.transaction() as tx:
                tx.keep_command(command())
                tx.keep_facts(SHOP, {f"f{number}": "{}"})
        for number in range(3):
            with storage.transaction() as tx:
                tx.keep_facts(SHOP, {f"g{number}": "{}"})

    assert storage.facts(SHOP, "g2") == "{}" and storage.facts(SHOP, "f11") is None
    storage.close()


def test_what_the_driver_says_of_a_lost_server_does_not_land_on_the_terminal() -> None:
    script = (
        "import logging, ordinance_adapters.postgres\n"
        "logging.getLogger('psycopg.pool').warning('error connecting')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
