"""Orders to be split: random demands over random warehouses, drawn once by seed.

A line may be cut, stock is scarce in half of the draws, a parcel costs a fixed amount and a unit
what it weighs on its way. No warehouse is so cheap that the answer is plain.
"""

from __future__ import annotations

from random import Random

from ordinance.splitting import Problem, Source, Want

SEED = 5
SIZES = ((3, 12), (10, 20))
"""(lines, warehouses)."""
PARCELS = 4


def drawn(lines: int, warehouses: int, count: int) -> list[Problem]:
    """So many problems of exactly this size, with at most `PARCELS` parcels."""
    rng = Random(f"{SEED} {lines} {warehouses}")
    return [_one(rng, lines, warehouses) for _ in range(count)]


def _one(rng: Random, lines: int, warehouses: int) -> Problem:
    most = rng.randint(1, 8)
    share = rng.choice((0.4, 0.95))
    items = [f"I{line}" for line in range(1, lines + 1)]
    wants = tuple(
        Want(line, rng.randint(1, most), ((item, 1),)) for line, item in enumerate(items, start=1)
    )
    sources = tuple(
        Source(
            f"W{number:02}",
            {item: rng.randint(0, most + 3) if rng.random() < share else 0 for item in items},
            rng.randint(300, 1500),
            {want.line: rng.randint(0, 400) for want in wants},
        )
        for number in range(warehouses)
    )
    return Problem(wants, sources, PARCELS, rng.choice((0, 100, 300)))
