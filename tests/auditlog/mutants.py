"""Modules with a fault planted in their source, to show that a test would see it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType


def planted(module: ModuleType, before: str, after: str) -> ModuleType:
    """A copy of a module in which a piece of its source, which is there once, says another."""
    path = Path(module.__file__ or "")
    source = path.read_text("utf-8")
    assert source.count(before) == 1, f"{source.count(before)} times in {path.name}: {before}"
    # Beside the real one, so that its exceptions and dataclasses find where they live.
    name = f"{module.__name__}_planted"
    mutant = ModuleType(name)
    mutant.__file__ = module.__file__
    sys.modules[name] = mutant
    try:
        exec(compile(source.replace(before, after), str(path), "exec"), mutant.__dict__)
    finally:
        del sys.modules[name]
    for known, kind in vars(module).items():
        if isinstance(kind, type) and issubclass(kind, Exception):
            setattr(mutant, known, kind)
    return mutant
