"""The words of the order core: every decision point that it asks."""

from ordinance.points import (
    aftersale,
    allocation,
    changes,
    dispatch,
    intake,
    packing,
    review,
    shortage,
)

POINTS = (
    *intake.POINTS,
    *review.POINTS,
    *allocation.POINTS,
    *shortage.POINTS,
    *packing.POINTS,
    *dispatch.POINTS,
    *aftersale.POINTS,
    *changes.POINTS,
)
"""Every decision point of the order core, in the order in which an order meets them."""

__all__ = ["POINTS"]
