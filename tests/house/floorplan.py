"""The plan of the engine: its rooms, what each may import, and how to read that from source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Values and Protocols that belong to no room; every room but `rules` may use them.
SHARED = (
    "areas",
    "elapsed",
    "auditlog",
    "chain",
    "inventory",
    "outbox",
    "outside",
    "personkeeping",
    "ports",
    "profile",
    "queueing",
    "retries",
    "seen",
    "stored",
    "story",
    "telling",
    "watching",
    "workdays",
)

ROOMS: dict[str, tuple[str, ...]] = {
    "rules": (),
    "points": ("rules",),
    "releases": ("rules", "points", *SHARED),
    "orders": ("rules", "points", "releases", *SHARED),
    "stock": ("rules", "keyed", "points", "orders", "splitting", *SHARED),
    "fulfilment": ("rules", "points", "orders", "stock", *SHARED),
    "service": ("rules", "points", "orders", "stock", "fulfilment", *SHARED),
    "audit": ("rules", "points", "releases", "orders", "fulfilment", "effects", "service", *SHARED),
    "history": ("rules", "points", *SHARED),
    "inventory": (),
    "keyed": ("rules", "ports"),
    "stockbooks": ("inventory",),
    "ports": (
        "rules",
        "auditlog",
        "inventory",
        "outbox",
        "outside",
        "personkeeping",
        "queueing",
        "splitting",
        "stockbooks",
        "stored",
        "warehousing",
        "watching",
    ),
    "dispatching": ("ports", "stored"),
    "effects": ("rules", *SHARED),
    "outbox": ("stored",),
    "outside": (),
    "personkeeping": (),
    "retries": (),
    "seen": ("rules", "ports"),
    "queueing": ("stored",),
    "stored": (),
    "workdays": (),
    "shop": (
        "rules",
        "points",
        "releases",
        "orders",
        "stock",
        "fulfilment",
        "service",
        "audit",
        "command",
        "several",
        *SHARED,
    ),
    "profile": ("retries", "rules", "workdays"),
    "areas": (),
    "elapsed": (),
    "auditlog": ("chain", "inventory", "stored"),
    "chain": ("stored",),
    "splitting": (),
    "warehousing": (),
    "telling": (),
    "watching": ("stored",),
    "story": ("rules",),
    "testing": ("auditlog", "inventory", "ports", "watching"),
}


@dataclass(frozen=True)
class Import:
    """One name that a module imports, with the line that does it."""

    name: str
    line: int


def modules(package: Path) -> list[Path]:
    """Every Python file of a package folder, in order."""
    return sorted(package.rglob("*.py"))


def dotted(path: Path, top: Path) -> str:
    """`<top>/ordinance/rules/tree.py` is `ordinance.rules.tree`."""
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, *, package: str) -> Iterator[Import]:
    """Each module or name imported anywhere in the source, relative ones made absolute."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(
                [*(above if node.level else ()), *([node.module] if node.module else ())]
            )
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno)


def trespasses(source: str, *, module: str, package: str) -> list[str]:
    """What a module of the engine imports although its room may not, as `module:line: reason`."""
    room = module.split(".")[1] if "." in module else ""
    if room not in ROOMS:
        return []  # an entrance (`ordinance.oms`, the package itself) may import every room
    found = []
    for one in imports(source, package=package):
        parts = one.name.split(".")
        if parts[0] != "ordinance":
            continue
        other = parts[1] if len(parts) > 1 else ""
        if other != room and other not in ROOMS[room]:
            found.append(f"{module}:{one.line}: `{room}` may not import `{one.name}`")
    return found
