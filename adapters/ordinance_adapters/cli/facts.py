"""Facts for a decision, from a JSON file or standard input."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

from ordinance_adapters.cli.failure import Refused


def facts_in(path: Path) -> dict[str, object]:
    """The facts of a JSON file; - reads standard input. Raises `Refused`."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: cannot be read ({error}); give a JSON file of facts") from None
    try:
        facts = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise Refused(
            f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg.lower()}\n"
            '  help: JSON is `{"name": value, "name": value}`: names in double quotes, a comma '
            "between entries and none after the last"
        ) from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path}: is not readable JSON: {error}") from None
    if not isinstance(facts, dict):
        raise Refused(f'{path}: must be an object of facts, as {{"order.receivable": 5200}}')
    return facts
