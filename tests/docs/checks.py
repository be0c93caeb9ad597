"""What may be wrong with a block: each kind has one way to be checked, and none is left out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from ordinance.rules import Rulebook, RuleFileError, loads
from tests.docs.sources import Block, blocks, terminal

MADE = ("text", "mermaid", "json")
"""Kinds of which a block may be made by a generator."""

FRAME = {
    "rules": "rules: [{id: R, when: {order.receivable: {at_least: $large_order}}, "
    "then: {points: 30}}]\n",
    "bands": "bands: [{below: 30, outcome: approve}, {at_least: 30, outcome: hold}]\n",
    "otherwise": "otherwise: {points: 0}\n",
    "when_unknown": "when_unknown: {outcome: manual_review}\n",
    "params": "params: {large_order: {unit: CNY, value: 5000}, 大额: {unit: CNY, value: 2000}}\n",
}
"""The rest of a score of `review.risk`, around a part of one that a document shows."""


def fault(block: Block, document: str) -> str | None:
    """What is wrong with a block in its document; None when it was checked and is right.

    Python and console blocks are only looked at here: they are run by tests of their own.
    """
    if block.mark == "not run":
        return None
    if block.mark == "from":
        return None if block.kind in MADE else f"a `{block.kind}` block is not made"
    if block.kind in ("python", "console"):
        return None
    if block.mark == "change":
        told = [item for item in blocks(document) if item.start > block.start]
        run = any(item.kind == "console" and item.mark != "not run" for item in told)
        return None if run else f"no command reads `{block.value}` after this change"
    if block.kind == "yaml":
        return _yaml_fault(block, document)
    if block.kind == "json":
        return _json_fault(block.text)
    if block.kind in ("sh", "bash"):
        done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
        return done.stderr or None
    return f"nothing checks a block of kind `{block.kind}`; name another, or say `not run`"


def missed(document: str) -> int:
    """Fences that belong to no block: indented ones, and those that are never closed."""
    return len(re.findall(r"^\s*```", document, re.M)) - 2 * len(blocks(document))


def ran(text: str, folder: Path) -> str | None:
    """Run Python as it stands in a folder; what it failed with, or None."""
    done = subprocess.run([sys.executable, "-c", text], cwd=folder, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr


def _json_fault(text: str) -> str | None:
    try:
        json.loads(text)
    except ValueError as error:
        return str(error)
    return None


def _yaml_fault(block: Block, document: str) -> str | None:
    if block.mark == "file" and not _is_rules(block.text):
        # A file of another kind is checked by the command that reads it.
        used = block.value.partition("/")[0]
        told = [item for item in blocks(document) if item.kind == "console"]
        named = any(used in item.text for item in told if item.start > block.start)
        return None if named else f"no command reads `{block.value}`"
    try:
        book = loads(block.text if _is_rules(block.text) else framed(block.text))
    except RuleFileError as error:
        return None if block.mark == "refused" else str(error)
    if block.mark == "refused":
        return "the file is said to be refused, and is not"
    return failed(book)


def failed(book: Rulebook) -> str | None:
    """The tests in rule files that fail, or None."""
    trials = [trial for proof in book.test().values() for trial in proof.trials]
    return "\n".join(trial.text("en") for trial in trials if not trial.passed) or None


def _is_rules(text: str) -> bool:
    return re.search(r"^(- )?(decision|decisions|决策|决策组):", text, re.M) is not None


def framed(part: str) -> str:
    """A part of a rule file (a list of rules, or some keys) as a whole one."""
    if part.lstrip().startswith("- "):
        part = "rules:\n" + "".join(f"  {line}" for line in part.splitlines(True))
    keys = set(re.findall(r"^(\w+):", part, re.M))
    rest = "".join(text for key, text in FRAME.items() if key not in keys)
    return f"decision: review.risk\nhit: score\n{part}{rest}"


def problems(console: str, folder: Path) -> list[str]:
    """What a document says of its commands and is not so; the folder is furnished."""
    found = []
    for told in terminal.run(console, folder):
        where = f"line {told.line}: `{told.quote.command}`"
        if told.code != told.wanted:
            found.append(f"{where} ended with {told.code}, not {told.wanted}: {told.printed}")
        elif told.quote.printed and told.quote.printed != told.printed:
            found.append(f"{where} prints something else: {told.printed}")
        elif not told.printed and " > " not in told.quote.command:
            found.append(f"{where} prints nothing")
    return found
