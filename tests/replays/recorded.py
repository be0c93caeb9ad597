"""A store of recorded decisions, and their replay in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

from ordinance.oms import Shop
from ordinance.rules import load
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.readers import read_rows
from ordinance_adapters.shopfile import read_shop
from ordinance_adapters.simulator.run import Run
from ordinance_adapters.sqlite import open_storage
from tests.replays.again import Made
from tests.replays.environments import Environment


def record(example: Path, path: Path, rows: int | None = None) -> str:
    """Carry the first rows of an example shop from intake to archive; its name in the store."""
    found = read_shop(example)
    rules = load(example / "rules")
    storage = open_storage(path)
    shop = Shop(storage, found.profile, rules, SystemClock(), SeededIds(7))
    try:
        taken = islice(read_rows(found.orders, shop.profile, seed=7), rows)
        Run(shop, 7).run(list(taken))
        return shop.profile.shop
    finally:
        storage.close()


def replayed(
    store: Path,
    shop: str,
    count: int,
    environment: Environment,
    locales: Path,
    root: Path,
    *,
    before: Path | None = None,
) -> Made:
    """What a process in `environment` makes of the stored decisions.

    `before` is a folder that its imports look in first, for a planted `sitecustomize`.
    """
    variables = environment.variables(locales, root)
    if before is not None:
        variables["PYTHONPATH"] = os.pathsep.join([str(before), variables["PYTHONPATH"]])
    done = subprocess.run(
        [
            *[sys.executable, *environment.flags, "-m", "tests.replays.again"],
            *[str(store), shop, str(count)],
        ],
        env=variables,
        cwd=root,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{environment}: {done.stderr.decode(errors='replace')}")
    return Made(**json.loads(done.stdout))
