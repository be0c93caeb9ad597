"""Runs the command line as a user does, in a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


def ordinance(*arguments: str | Path, cwd: Path, stdin: str | None = None, **env: str) -> Said:
    """Run `ordinance` with arguments in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", "from ordinance_adapters.cli import main; main()", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
    )
    return Said(done.returncode, done.stdout, done.stderr)


def here(*arguments: str | Path, cwd: Path) -> Said:
    """As `ordinance`, in this process: for tests of many commands."""
    from ordinance_adapters.cli import cli
    from ordinance_adapters.cli.failure import told

    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            with told():
                cli.main([str(item) for item in arguments], prog_name="ordinance")
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Said(code, out.getvalue(), err.getvalue())


def refused(said: Said, *parts: str, code: int = 1) -> None:
    """The command said in one message what is wrong, with no traceback, and ended with `code`."""
    assert said.code == code, said
    assert "Traceback" not in said.err + said.out
    assert said.out == ""
    for part in parts:
        assert part in said.err, said.err


def end(running: subprocess.Popen[Any], number: signal.Signals) -> None:
    """Send it the signal, and once more as a person does: Python drops an interrupt that reaches it
    while it takes an object apart."""
    for _ in range(6):
        running.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(timeout=5)
            return
    raise AssertionError(f"it goes on after {number.name}")
