"""The facts of one decision from JSON: exact numbers, no name twice, no endless input."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

from ordinance_adapters.cli.failure import Refused

MOST_BYTES = 4 * 1024 * 1024


def facts_in(path: Path) -> dict[str, object]:
    """The facts by their names; `-` reads standard input. Raises `Refused`."""
    text = _text(path)
    try:
        facts = json.loads(text, parse_float=Decimal, object_pairs_hook=_each_once)
    except json.JSONDecodeError as error:
        raise Refused(
            f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg.lower()}\n"
            '  help: JSON is `{"name": value, "name": value}`: names in double quotes, a comma '
            "between entries and none after the last"
        ) from None
    except _Twice as twice:
        raise Refused(
            f"{path}: `{twice}` is given twice\n  help: keep one of the two; JSON alone would "
            "take the last without a word"
        ) from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path}: is not readable JSON: {error}") from None
    if not isinstance(facts, dict):
        raise Refused(f'{path}: must be an object of facts, as {{"order.receivable": 5200}}')
    return facts


def _text(path: Path) -> str:
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Refused(f"{path}: is larger than {MOST_BYTES // 1024**2} MiB; give one order")
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: cannot be read ({error}); give a JSON file of facts") from None


class _Twice(Exception):
    """A name that stands twice in one object."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found
