"""Foreign files: read within limits, refused in a merchant's words, written in one piece."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from stat import S_ISREG
from typing import Any, NoReturn

from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.tree import Place

MOST_BYTES = 16 * 1024 * 1024


def refuse(
    file: str, message: str, help: str | None = None, line: int = 1, column: int = 1
) -> NoReturn:
    """Raises `RuleFileError` about a foreign file."""
    raise RuleFileError([Problem("E_FOREIGN", message, Place(file, line, column), help)])


def read_bytes(path: str | Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file of a bearable size. Raises `RuleFileError`."""
    file = Path(path)
    try:
        status = file.stat()
        if not S_ISREG(status.st_mode):
            refuse(str(path), "the file cannot be read: it is no file")
        size = status.st_size
        if size > most:
            refuse(str(path), f"the file has {size} bytes, more than {most}")
        return file.read_bytes()
    except OSError as error:
        refuse(str(path), f"the file cannot be read: {error.strerror}")


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file, without its byte order mark. Raises `RuleFileError`."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(str(path), f"byte {error.start} is not UTF-8", "save the file as UTF-8")


def read_json(path: str | Path) -> Any:
    """The JSON of a file, its numbers as exact decimals. Raises `RuleFileError`."""
    text = read_text(path)

    def no_constant(name: str) -> NoReturn:
        raise ValueError(f"`{name}` is no number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the key `{twice}` is there twice")
        return found

    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=no_constant,
            object_pairs_hook=once,
        )
    except json.JSONDecodeError as error:
        refuse(str(path), f"this is not JSON: {error.msg.lower()}", line=error.lineno)
    except RecursionError:
        refuse(str(path), "the JSON is nested too deeply")
    except ValueError as error:
        refuse(str(path), f"this JSON is not safe to read: {error}")


def write_text(path: str | Path, text: str) -> None:
    """Writes a UTF-8 file with plain line ends."""
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def one_line(text: str, most: int = 100) -> str:
    """A text from a file, short enough for a report and on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def distinct(ids: Sequence[str | None], word: str) -> list[str]:
    """The ids, each once: a missing one is `word` and its number, a repeated one gets a number."""
    taken = {id for id in ids if id}
    seen: set[str] = set()
    counts: dict[str, int] = {}
    found: list[str] = []
    for number, id in enumerate(ids, start=1):
        name = id or f"{word}{number}"
        while name in seen or (not id and name in taken):
            count = counts[id or word] = counts.get(id or word, 1) + 1
            name = f"{id or word}-{count}"
        seen.add(name)
        found.append(name)
    return found
