"""Where the `ordinance` command begins: from here on, whoever interrupts it sees no traceback."""

from __future__ import annotations

import sys

INTERRUPTED = 1
"""The exit code, the same as later on, when the command line itself is interrupted."""


def main() -> None:
    """Load the command line, which takes a while, and run it."""
    try:
        from ordinance_adapters.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nAborted!\n")
        raise SystemExit(INTERRUPTED) from None
