"""What the documents quote of the retail example, from a store that holds a run of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from made.terminal import ROOT, ordinance

FIRST, LAST = 26, 22
"""Lines of the report that are quoted from its beginning and from its end."""


def carry(db: Path) -> str:
    """Carry the retail example into a new store as `make demo` does; what that prints."""
    return _said("run", "examples/retail", "--rules", "examples/retail/rules", "--db", str(db))


def report(lang: str, db: Path) -> str:
    """The beginning of the demo's report, and the order that it tells at the end."""
    lines = _said("report", "--db", str(db), "--lang", lang).splitlines()
    return "\n".join([*lines[:FIRST], "...", *lines[-LAST:]]) + "\n"


def explain(lang: str, db: Path) -> str:
    """Why an invoice of 168,469.60 GBP was looked at by a person."""
    return _said("explain", "581483", "--decision", "review.risk", "--db", str(db), "--lang", lang)


BLOCKS: Mapping[str, Callable[[Path], str]] = {
    "report": partial(report, "en"),
    "report.zh": partial(report, "zh"),
    "explain": partial(explain, "en"),
    "explain.zh": partial(explain, "zh"),
}
"""What is quoted of the demo, by its name in a document."""


def _said(*arguments: str) -> str:
    with contextlib.chdir(ROOT):
        code, out, err = ordinance(list(arguments))
    if code:
        raise RuntimeError(err)
    return out
