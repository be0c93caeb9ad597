"""The words of the order core: every decision point that it asks."""

from ordinance.points import aftersale, allocation, dispatch, intake, packing, review

POINTS = (
    *intake.POINTS,
    *review.POINTS,
    *allocation.POINTS,
    *packing.POINTS,
    *dispatch.POINTS,
    *aftersale.POINTS,
)
"""Every decision point of the order core, in the order in which an order meets them."""

__all__ = ["POINTS"]
