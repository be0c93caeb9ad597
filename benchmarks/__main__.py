"""Run the benchmarks, print the report, and write it as JSON and as a picture."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib import util
from pathlib import Path

from benchmarks.agreement import Disagreement
from benchmarks.measures import (
    deciding,
    draining,
    explaining,
    memory,
    ranking,
    server,
    splitting,
    starting,
    storing,
)
from benchmarks.report import report
from benchmarks.results import Results
from benchmarks.roster import MODULES, installed, sides
from benchmarks.timing import ROUNDS
from ordinance_adapters.keys import KEYS

OUT = Path("build/bench")


def main() -> int:
    """0 when everything ran; 1 when two sides do not decide alike."""
    asked = _arguments()
    names = asked.sides or installed()
    absent = [name for name in names if name not in installed()]
    if absent:
        print(f"not installed: {', '.join(absent)}", file=sys.stderr)
        return 2
    results, started = Results(), time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    try:
        # All stores of a run share one folder of keys: what ours has sealed, the bare write writes.
        with tempfile.TemporaryDirectory() as keys:
            os.environ[KEYS] = keys
            for measure in _measures(results, names, say, quick=asked.quick, only=asked.only):
                measure()
    except Disagreement as error:
        print(f"the sides do not decide alike, so nothing is timed\n  {error}", file=sys.stderr)
        return 1
    text = report(results)
    print(text)
    results.write(OUT / "bench.json")
    (OUT / "bench.txt").write_text(text + "\n", encoding="utf-8")
    drawn = [OUT / "bench.json", OUT / "bench.txt"]
    if util.find_spec("matplotlib") is not None:
        from benchmarks.plot import draw, draw_draining

        for name, drawing in (("bench.png", draw), ("draining.png", draw_draining)):
            if drawing(results, OUT / name):
                drawn.append(OUT / name)
    say("written: " + ", ".join(map(str, drawn)))
    return 0


def _measures(
    results: Results, names: list[str], say: Callable[[str], None], *, quick: bool, only: str | None
) -> list[Callable[[], None]]:
    chosen = sides(names)
    rounds = 5 if quick else ROUNDS
    sizes = (10, 50, 1_000) if quick else deciding.SIZES
    steps: Mapping[str, Callable[[], None]] = {
        "deciding": lambda: deciding.measure(results, chosen, say, sizes=sizes, rounds=rounds),
        "ranking": lambda: ranking.measure(results, chosen, say, rounds=rounds),
        "explaining": lambda: explaining.measure(results, say, rounds=rounds),
        "starting": lambda: starting.measure(results, say, times=2 if quick else 5),
        "memory": lambda: memory.measure(results, names, say),
        "splitting": lambda: splitting.measure(results, say, count=300 if quick else 1000),
        "storing": lambda: storing.measure(results, say, rounds=3 if quick else 5),
        "server": lambda: server.measure(results, say, rounds=3 if quick else 5),
        "draining": lambda: draining.measure(results, say, count=500 if quick else 2000),
    }
    return [step for name, step in steps.items() if only in (None, name)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer sizes and repetitions")
    parser.add_argument(
        "--only",
        choices=(
            "deciding",
            "ranking",
            "explaining",
            "starting",
            "memory",
            "splitting",
            "storing",
            "server",
            "draining",
        ),
    )
    parser.add_argument("--sides", nargs="+", choices=tuple(MODULES), help="besides ours")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
