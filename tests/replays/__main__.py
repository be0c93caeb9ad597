"""Thousands of recorded decisions made again in every environment: `make replay`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests import keyrings
from tests.replays.again import made_again
from tests.replays.environments import CHARSETS, ENVIRONMENTS, make_locales
from tests.replays.recorded import record, replayed

COUNT = 5_000
ROWS = 1_500
"""Of the retail example; they hold far more decisions than are taken."""
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """0 when every byte is the same everywhere; 1 when one is not, or nothing could be compared."""
    with tempfile.TemporaryDirectory() as folder:
        store, locales = Path(folder) / "shop.db", Path(folder) / "locales"
        locales.mkdir()
        made = make_locales(locales)
        shop = record(ROOT / "examples" / "retail", store, ROWS)
        here = made_again(store, shop, COUNT)
        print(f"here: {here.decisions} decisions of {here.points} points, {here.records[:16]}")
        failed = here.decisions != COUNT or bool(here.differing)
        for environment in ENVIRONMENTS:
            if environment.locale not in made:
                print(f"{environment}: left out, the locale cannot be made on this machine")
                failed = True
                continue
            there = replayed(store, shop, COUNT, environment, locales, ROOT)
            same = (there.records, there.explanations) == (here.records, here.explanations)
            if there.charset != CHARSETS[environment.locale]:
                print(f"{environment}: the locale is not in force ({there.charset})")
                same = False
            told = "the same" if same and not there.differing else f"not: {there.differing[:5]}"
            print(f"{environment}: {there.decisions} decisions, {told}", flush=True)
            failed = failed or told != "the same"
    return int(failed)


if __name__ == "__main__":
    keyrings.ready()
    sys.exit(main())
