"""The commands of a document, run in the order of the document in a folder of their own."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from retell import said

from made.blocks import Block, blocks, with_texts
from ordinance_adapters.cli import main

ROOT = Path(__file__).resolve().parents[2]
PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Quote:
    """One command of a console block with what the document says that it prints."""

    command: str
    printed: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a command that was quoted."""

    quote: Quote
    printed: str
    code: int
    wanted: int
    line: int


def quotes(block: Block) -> list[Quote]:
    """The commands of a console block, in order."""
    found: list[Quote] = []
    for line in block.text.splitlines(keepends=True):
        if line.startswith(PROMPT):
            found.append(Quote(line.removeprefix(PROMPT).rstrip("\n"), ""))
        elif found:
            found[-1] = Quote(found[-1].command, found[-1].printed + line)
        else:
            raise ValueError(f"line {block.line}: `{line.strip()}` stands before any command")
    return found


def furnish(folder: Path) -> None:
    """Put into a folder what a checkout has: `rules/`, to be changed at will, and `examples/`."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)


def change(path: Path, block: Block) -> None:
    """Do to a file what a change shows; what it takes away must stand there once."""
    lines = block.text.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    text = path.read_text("utf-8")
    if text.count(old) != 1:
        raise ValueError(f"line {block.line}: `{path.name}` holds this {text.count(old)} times")
    path.write_text(text.replace(old, new), "utf-8")


def ordinance(arguments: list[str]) -> tuple[int, str, str]:
    """Exit code, output and error output of `ordinance`, as where no terminal is attached."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, {"COLUMNS": "80"}),
        patch.object(sys, "argv", ["ordinance", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return code, out.getvalue(), err.getvalue()


def run(document: str, folder: Path) -> Iterator[Ran]:
    """Do what a document says in a furnished folder: write and change its files, run its commands.

    `make` lines are left to others: they are asked for a plan, not run.
    """
    for block in blocks(document):
        if block.mark in ("file", "refused"):
            path = folder / block.value
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        if block.mark == "change":
            change(folder / block.value, block)
        if block.kind != "console" or block.mark == "not run":
            continue
        wanted = int(block.value) if block.mark == "exit" else 0
        for quote in quotes(block):
            if not quote.command.startswith("make "):
                code, printed = _printed(quote.command, folder)
                yield Ran(quote, printed, code, wanted, block.line)


def requoted(document: str, folder: Path) -> str:
    """The document with what its commands print made anew; one without output stays bare."""
    ran = run(document, folder)
    texts = {}
    for block in blocks(document):
        if block.kind != "console" or block.mark == "not run":
            continue
        text = ""
        for quote in quotes(block):
            text += f"{PROMPT}{quote.command}\n"
            if not quote.command.startswith("make "):
                told = next(ran)
                text += told.printed if quote.printed else ""
        texts[block.start] = text
    return with_texts(document, texts)


def _printed(command: str, folder: Path) -> tuple[int, str]:
    """Exit code and output of a command line; error output only where it failed."""
    codes: list[int] = []

    def say(arguments: list[str]) -> str:
        with contextlib.chdir(folder):
            code, out, err = ordinance(arguments)
        codes.append(code)
        return out if code == 0 else out + err

    line, _, target = command.partition(" > ")
    if shlex.split(line)[0] != "ordinance":
        raise ValueError(f"`{command}` is no command of ours")
    printed = said(line, say)
    if target:
        (folder / target.strip()).write_text(printed, "utf-8")
        printed = ""
    return codes[0], printed
