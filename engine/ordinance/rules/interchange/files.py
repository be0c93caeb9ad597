"""Foreign files: read within limits, refused in a merchant's words, written in one piece."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from stat import S_ISREG
from typing import Any, NoReturn

from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.tree import Place

MOST_BYTES = 16 * 1024 * 1024

_NOT_BETWEEN = re.compile(r"[^\s,]")
_PLAIN = json.JSONDecoder(parse_int=Decimal)
_HALF = re.compile("[\ud800-\udfff]")


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
    return _parsed(path, read_text(path))


def read_json_list(path: str | Path) -> list[tuple[int, Any]] | None:
    """The items of a JSON file that holds a list, each with the line where it begins.

    None where the file holds something else. Otherwise as `read_json`.
    """
    text = read_text(path)
    items = _parsed(path, text)
    if not isinstance(items, list):
        return None
    found = []
    at, line, counted = text.index("[") + 1, 1, 0
    for item in items:
        start = _NOT_BETWEEN.search(text, at)
        assert start is not None
        line, counted = line + text.count("\n", counted, start.start()), start.start()
        found.append((line, item))
        _, at = _PLAIN.raw_decode(text, start.start())
    return found


def _parsed(path: str | Path, text: str) -> Any:
    def no_constant(name: str) -> NoReturn:
        raise ValueError(f"`{name}` is no number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise ValueError(f"the key `{name}` is there twice")
            found[name] = value
        return found

    try:
        found = json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=no_constant,
            object_pairs_hook=once,
        )
        _check_whole(found)
        return found
    except json.JSONDecodeError as error:
        refuse(str(path), f"this is not JSON: {error.msg.lower()}", line=error.lineno)
    except RecursionError:
        refuse(str(path), "the JSON is nested too deeply")
    except ValueError as error:
        refuse(str(path), f"this JSON is not safe to read: {error}")


def _check_whole(value: Any) -> None:
    """Raises `ValueError` for a text that holds half of a character, which no file can hold."""
    if isinstance(value, str) and _HALF.search(value):
        raise ValueError("a text holds half of a character")
    if isinstance(value, dict):
        for name, item in value.items():
            _check_whole(name)
            _check_whole(item)
    elif isinstance(value, list):
        for item in value:
            _check_whole(item)


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
        name, stem = id or f"{word}{number}", id or word
        while name in seen or (not id and name in taken):
            counts[stem] = counts.get(stem, 1) + 1
            name = f"{stem}-{counts[stem]}"
        seen.add(name)
        found.append(name)
    return found
