"""The pipeline: a declared, ordered list of stages, each with its entry condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import OrderRecord
from ordinance.rules import Words

MOST_STEPS = 40
"""More steps than any order can take in one command; beyond it a stage is going in circles."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of an order's way."""

    name: str
    words: Words
    ready: Callable[[OrderRecord], bool]
    run: Callable[[Change, Desk], None]


class StuckStage(Exception):
    """A stage was ready but did nothing, or stages ran in a circle: a defect, never silent."""


def advance(change: Change, desk: Desk, stages: Sequence[Stage]) -> None:
    """Run the first stage that is ready, again and again, until the order waits or ends."""
    for _ in range(MOST_STEPS):
        stage = next((stage for stage in stages if stage.ready(change.record)), None)
        if stage is None:
            return
        before = change.version
        stage.run(change, desk)
        if change.version == before:
            raise StuckStage(
                f"stage `{stage.name}` was ready for {change.record.id} but did nothing"
            )
    raise StuckStage(f"order {change.record.id} did not come to rest within {MOST_STEPS} steps")
