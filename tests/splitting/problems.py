"""Random problems: plain ones as most shops have them, and ones with bundles, sets and gifts."""

from __future__ import annotations

from random import Random

from ordinance.splitting import Problem, Source, Want


def plain(rng: Random, lines: int, sources: int, parcels: int) -> Problem:
    """Lines that may be cut, each of an item of its own; stock is scarce in half of them."""
    most = rng.randint(1, 8)
    share = rng.choice((0.4, 0.95))
    wants = tuple(
        Want(line, rng.randint(1, most), ((f"I{line}", 1),)) for line in range(1, lines + 1)
    )
    return Problem(
        wants,
        _sources(rng, [f"I{line}" for line in range(1, lines + 1)], lines, sources, most, share),
        rng.randint(1, parcels),
        rng.choice((0, 0, 100, 300)),
    )


def mixed(rng: Random, lines: int, sources: int, parcels: int, most: int = 5) -> Problem:
    """Bundles and lines that share items, sets, gifts, lines that may not be cut."""
    items = [f"I{line}" for line in range(1, lines + 2)]
    wants = []
    for line in range(1, lines + 1):
        takes = ((items[line - 1], 1),)
        if rng.random() < 0.3:
            one, other = rng.sample(items, 2)
            takes = ((one, rng.randint(1, 2)), (other, 1))
        elif rng.random() < 0.2:
            takes = ((rng.choice(items), 1),)
        wants.append(
            Want(
                line,
                rng.randint(1, most),
                takes,
                whole=rng.random() < 0.2,
                together="set" if rng.random() < 0.2 else None,
                gift_of=rng.randint(1, line - 1) if line > 1 and rng.random() < 0.25 else None,
            )
        )
    share = rng.choice((0.5, 0.95))
    found = _sources(rng, items, lines, sources, most, share)
    return Problem(tuple(wants), found, rng.randint(1, parcels), rng.choice((0, 0, 100, 300)))


def _sources(
    rng: Random, items: list[str], lines: int, sources: int, most: int, share: float
) -> tuple[Source, ...]:
    # Few different costs now and then, so that ties are met.
    step = rng.choice((1, 1, 50, 200))
    return tuple(
        Source(
            f"W{number:02}",
            {item: rng.randint(0, most + 3) if rng.random() < share else 0 for item in items},
            rng.randrange(300, 1500, step),
            {line: rng.randrange(0, 401, step) for line in range(1, lines + 1)},
        )
        for number in range(sources)
    )
