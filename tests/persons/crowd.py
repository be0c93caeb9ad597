"""A crowd of planted persons in every flow of the tea shop, and the search for traces of them."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from ordinance_adapters.plainyaml import read_nodes, to_plain
from ordinance_adapters.readers.orders import YAML_LIMITS

PERSONS = int(os.environ.get("ORDINANCE_PERSONS", "75"))
"""How many are planted at least; the tea shop's orders are taken again and again."""

TRACE = re.compile(r"鹮|金丝雀路|鹦鹉|Quokka|Canary Lane|parrot|quokka\.example|1397\d{7}")
"""What each planted name, address, message, mail and phone has in it, and nothing else has."""


def planted(number: int) -> dict[str, str]:
    """One person nobody else is called like; every other one is English."""
    if number % 2:
        return {
            "name": f"Quokka-{number:04d} Zelda",
            "phone": f"+86 139 7{number // 10000:03d} {number % 10000:04d}",
            "address": f"{number} Canary Lane, Apt {number}",
            "email": f"Zelda.{number}@quokka.example",
            "buyer_message": f"the parrot says {number}",
        }
    return {
        "name": f"欧鹮{chr(0x4E00 + number)}",
        "phone": f"1397{number:07d}",
        "address": f"金丝雀路{number}号8幢2单元{number}室",
        "email": f"u{number}@quokka.example",
        "buyer_message": f"鹦鹉说了{number}遍",
    }


def crowd(root: Path, folder: Path, persons: int = PERSONS) -> Path:
    """The tea shop with its orders, each time by other persons; at least so many."""
    shop = folder / "crowd"
    shutil.copytree(root / "examples/chashop", shop)
    source = (shop / "orders.yaml").read_text(encoding="utf-8")
    node, problems = read_nodes(source, "orders.yaml", YAML_LIMITS)
    assert not problems
    orders: Any = to_plain(node)
    rounds = -(-persons // len(orders))
    rows = [
        _peopled(order, number * len(orders) + place, number)
        for number in range(rounds)
        for place, order in enumerate(orders)
    ]
    (shop / "orders.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    (shop / "orders.yaml").unlink()
    settings = (shop / "shop.yaml").read_text(encoding="utf-8")
    assert "orders.yaml" in settings
    (shop / "shop.yaml").write_text(
        settings.replace("orders.yaml", "orders.json"), encoding="utf-8"
    )
    _more_stock(shop / "stock.csv", rounds)
    return shop


def _peopled(order: dict[str, Any], number: int, round_: int) -> dict[str, Any]:
    told = json.loads(json.dumps(order, default=str))
    person = planted(number)
    _replace(told, person, round_)
    told.setdefault("buyer", {})
    told["buyer"] |= {key: person[key] for key in ("name", "phone", "email")}
    if "buyer_message" not in told:
        told["seller_memo"] = person["buyer_message"]
    return told


def _replace(value: Any, person: dict[str, str], round_: int) -> None:
    """Put the person wherever somebody stands, and tell the rounds apart."""
    if isinstance(value, list):
        for item in value:
            _replace(item, person, round_)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "buyer_message":
            value[key] = f"{item} {person[key]}"
        elif key in ("source_id", "transaction"):
            value[key] = f"{item}-{round_}"
        elif key in person and _is_somebodys(key, item):
            value[key] = person[key]
        elif key == "id" and isinstance(item, str):
            value[key] = f"{item}-{round_}"
        else:
            _replace(item, person, round_)


def _is_somebodys(key: str, value: Any) -> bool:
    """Not a number that is no phone: what an order lacks, it goes on lacking."""
    return isinstance(value, str) and (
        key != "phone" or re.fullmatch(r"1[3-9]\d{9}", value) is not None
    )


def _more_stock(path: Path, times: int) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "on_hand": str(int(row["on_hand"]) * times)} for row in rows)


def traces(text: str) -> set[str]:
    """What of the crowd stands in a text, with a little around it."""
    return {text[max(found.start() - 60, 0) : found.end() + 20] for found in TRACE.finditer(text)}


def traces_in_files(folder: Path) -> dict[str, set[str]]:
    """What of the crowd stands in the bytes of any file of a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            held = path.read_bytes()
            seen = traces(held.decode("utf-8", errors="replace"))
            seen |= traces(held.decode("utf-16-le", errors="replace"))
            if seen:
                found[path.name] = seen
    return found
