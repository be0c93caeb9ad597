"""Short rows of one table, as text: what a merchant with a thousand exceptions keeps."""

from __future__ import annotations

from random import Random

SEED = 20_264


def rows(count: int, seed: int = SEED) -> str:
    """A rule file of one table with `count` rows: a SKU, a threshold, and the outcome."""
    random = Random(f"{seed}:rows:{count}")
    lines = "\n".join(
        f"    - {{id: T{number}, if: [SKU-{100_000 + number},"
        f" {{at_least: {random.randrange(1, 10_000)}}}],"
        f" then: [{random.choice(('approve', 'look', 'hold'))}]}}"
        for number in range(1, count + 1)
    )
    return (
        "decision: bench.review\nhit: first\n"
        f"table:\n  columns: [order.sku, order.amount, outcome]\n  rows:\n{lines}\n"
        "otherwise: {outcome: approve}\nwhen_unknown: {outcome: look}\n"
    )
