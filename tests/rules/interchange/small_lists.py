"""Small rule lists by hand, and how they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ordinance.rules.interchange import Imported, read_business_rules

YES = {"name": "new", "operator": "is_true", "value": ""}


def condition(name: str, operator: str, value: Any = "") -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def rules(*conditions: Any, actions: Any = ()) -> list[dict[str, Any]]:
    """One rule for each condition."""
    return [{"conditions": {"all": [each]}, "actions": list(actions)} for each in conditions]


def read(folder: Path, found: Any, declared: Any = None, **how: Any) -> Imported:
    file = folder / "list.json"
    file.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    (imported,) = read_business_rules(file, declared, **how)
    return imported
