"""Refreshes what the tea shop's story quotes from a real run.

    python docs/retell.py

A console block of a story begins with `$ ordinance ...`; below it stands what that prints. The
store is called `cha.db` there. It may go through `head -N`, `tail -N`, `grep -v WORD` and
`grep -AN WORD`.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
STORIES = ("docs/story-chashop.md", "docs/zh/story-chashop.md")
EXAMPLE = "examples/chashop"
STORE = "cha.db"
QUOTE = re.compile(
    r"(?<=^```console\n)\$ (?P<command>ordinance .*)\n(?P<said>(?:.*\n)*?)(?=```$)", re.M
)

Say = Callable[[list[str]], str]
"""What `ordinance` prints for some arguments."""


def said(command: str, say: Say) -> str:
    """What a quoted command line prints, through its pipes."""
    ordinance, *pipes = (shlex.split(part) for part in command.split(" | "))
    lines = say(ordinance[1:]).splitlines()
    for name, *words in pipes:
        if name == "grep" and words[0] == "-v":
            lines = [line for line in lines if words[1] not in line]
        elif name == "grep" and words[0].startswith("-A"):
            first = next(place for place, line in enumerate(lines) if words[1] in line)
            lines = lines[first : first + int(words[0].removeprefix("-A")) + 1]
        elif name in ("head", "tail"):
            count = int(words[0].removeprefix("-"))
            lines = lines[:count] if name == "head" else lines[-count:]
        else:
            raise ValueError(f"`{name}` is not understood here")
    return "".join(f"{line}\n" for line in lines)


def retold(text: str, say: Say) -> str:
    """A story with what its commands print made anew."""
    return QUOTE.sub(lambda found: f"$ {found['command']}\n{said(found['command'], say)}", text)


def main() -> None:
    """Run the example and refresh both stories."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / STORE)

        def say(arguments: list[str]) -> str:
            program = [sys.executable, "-c", "from ordinance_adapters.cli import main; main()"]
            command = [*program, *(store if word == STORE else word for word in arguments)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            return done.stdout

        say(["run", EXAMPLE, "--db", STORE])
        for name in STORIES:
            path = ROOT / name
            path.write_text(retold(path.read_text("utf-8"), say), "utf-8")


if __name__ == "__main__":
    main()
