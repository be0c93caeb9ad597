"""The state axes of an order and their allowed moves, one table each, and the display status."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class OrderState(StrEnum):
    WAIT_PAY = "WAIT_PAY"
    PRE = "PRE"
    WAIT_AUDIT = "WAIT_AUDIT"
    AUDITED = "AUDITED"
    FULFILLING = "FULFILLING"
    PART_SHIPPED = "PART_SHIPPED"
    SHIPPED = "SHIPPED"
    SIGNED = "SIGNED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    REFUSED = "REFUSED"
    """Never taken: the intake rules refused it. Money that came with it is refunded."""


class PayState(StrEnum):
    UNPAID = "UNPAID"
    PART_PAID = "PART_PAID"
    PAID = "PAID"
    OVERPAID = "OVERPAID"


class ParcelState(StrEnum):
    WAIT_PUSH = "WAIT_PUSH"
    PUSHED = "PUSHED"
    PICKING = "PICKING"
    PACKED = "PACKED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"


class CaseState(StrEnum):
    APPLIED = "APPLIED"
    REVIEW = "REVIEW"
    APPROVED_RETURN = "APPROVED_RETURN"
    APPROVED_REFUND_ONLY = "APPROVED_REFUND_ONLY"
    APPROVED_RESEND = "APPROVED_RESEND"
    INSPECTING = "INSPECTING"
    REFUNDING = "REFUNDING"
    DISPUTE = "DISPUTE"
    RESHIPPED = "RESHIPPED"
    DONE = "DONE"
    REFUSED = "REFUSED"
    CLOSED_TIMEOUT = "CLOSED_TIMEOUT"
    CANCELLED = "CANCELLED"
    """Nothing is left to decide: the order is off, or its goods came back another way."""


class RefundState(StrEnum):
    CREATED = "CREATED"
    SUBMITTED = "SUBMITTED"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


_O = OrderState
ORDER_MOVES: Mapping[OrderState | None, frozenset[OrderState]] = {
    None: frozenset({_O.WAIT_PAY, _O.PRE, _O.REFUSED}),
    _O.WAIT_PAY: frozenset({_O.PRE, _O.CANCELLED}),
    _O.PRE: frozenset({_O.WAIT_AUDIT, _O.AUDITED, _O.CANCELLED, _O.REFUSED}),
    _O.WAIT_AUDIT: frozenset({_O.AUDITED, _O.CANCELLED}),
    _O.AUDITED: frozenset({_O.FULFILLING, _O.WAIT_AUDIT, _O.CANCELLED, _O.SIGNED}),
    _O.FULFILLING: frozenset({_O.PART_SHIPPED, _O.SHIPPED, _O.AUDITED, _O.CANCELLED}),
    _O.PART_SHIPPED: frozenset({_O.SHIPPED, _O.SIGNED, _O.CANCELLED}),
    _O.SHIPPED: frozenset({_O.SIGNED, _O.CANCELLED, _O.PART_SHIPPED}),
    _O.SIGNED: frozenset({_O.COMPLETED, _O.CANCELLED}),
    _O.COMPLETED: frozenset(),
    _O.CANCELLED: frozenset(),
    _O.REFUSED: frozenset(),
}
"""AUDITED goes straight to SIGNED when an order has nothing to ship."""

TERMINAL = frozenset({OrderState.COMPLETED, OrderState.CANCELLED, OrderState.REFUSED})

_P = ParcelState
PARCEL_MOVES: Mapping[ParcelState | None, frozenset[ParcelState]] = {
    None: frozenset({_P.WAIT_PUSH}),
    _P.WAIT_PUSH: frozenset({_P.PUSHED, _P.CANCELLED}),
    _P.PUSHED: frozenset({_P.PICKING, _P.CANCELLED}),
    _P.PICKING: frozenset({_P.PACKED, _P.CANCELLED}),
    _P.PACKED: frozenset({_P.SHIPPED, _P.CANCELLED}),
    _P.SHIPPED: frozenset(),
    _P.CANCELLED: frozenset(),
}

_C = CaseState
CASE_MOVES: Mapping[CaseState | None, frozenset[CaseState]] = {
    None: frozenset({_C.APPLIED}),
    _C.APPLIED: frozenset(
        {_C.REVIEW, _C.APPROVED_RETURN, _C.APPROVED_REFUND_ONLY, _C.APPROVED_RESEND, _C.REFUSED}
    ),
    _C.REVIEW: frozenset(
        {
            _C.APPROVED_RETURN,
            _C.APPROVED_REFUND_ONLY,
            _C.APPROVED_RESEND,
            _C.REFUSED,
            _C.CANCELLED,
        }
    ),
    _C.APPROVED_RETURN: frozenset({_C.INSPECTING, _C.CLOSED_TIMEOUT, _C.CANCELLED}),
    _C.APPROVED_REFUND_ONLY: frozenset({_C.REFUNDING, _C.DONE}),
    _C.APPROVED_RESEND: frozenset({_C.RESHIPPED, _C.REVIEW, _C.CANCELLED}),
    _C.INSPECTING: frozenset({_C.REFUNDING, _C.DISPUTE}),
    _C.REFUNDING: frozenset({_C.DONE}),
    _C.DISPUTE: frozenset({_C.REFUNDING, _C.DONE}),
    _C.RESHIPPED: frozenset({_C.DONE}),
    _C.DONE: frozenset(),
    _C.REFUSED: frozenset({_C.REVIEW}),
    _C.CLOSED_TIMEOUT: frozenset(),
    _C.CANCELLED: frozenset(),
}
"""REFUSED has one declared way back: the buyer asks for a person to look (L22). So has
APPROVED_RESEND: without stock a person decides."""

PARCEL_OVER = frozenset({ParcelState.SHIPPED, ParcelState.CANCELLED})
"""A parcel that has left, or that was called back: nobody packs it any more."""

CASE_CLOSED = frozenset(
    {CaseState.DONE, CaseState.REFUSED, CaseState.CLOSED_TIMEOUT, CaseState.CANCELLED}
)

_R = RefundState
REFUND_MOVES: Mapping[RefundState | None, frozenset[RefundState]] = {
    None: frozenset({_R.CREATED}),
    _R.CREATED: frozenset({_R.SUBMITTED}),
    _R.SUBMITTED: frozenset({_R.SUCCESS, _R.FAILED, _R.UNKNOWN}),
    _R.FAILED: frozenset({_R.SUBMITTED}),
    _R.UNKNOWN: frozenset({_R.SUCCESS, _R.FAILED}),
    _R.SUCCESS: frozenset(),
}


SHOW_A_CASE = ("CASE_REVIEW", "DISPUTE")
"""The holds that show a case to the person who has to decide it."""


class IllegalMove(ValueError):
    """A command asked for a move that the table of the axis does not have."""

    def __init__(self, axis: str, before: str | None, after: str) -> None:
        self.axis, self.before, self.after = axis, before, after
        super().__init__(f"{axis} cannot go from {before or 'nothing'} to {after}")


PART_MOVES: Mapping[str, tuple[str, Mapping[Any, frozenset[Any]]]] = {
    "parcels": ("parcel", PARCEL_MOVES),
    "cases": ("case", CASE_MOVES),
    "refunds": ("refund", REFUND_MOVES),
}
"""The parts of an order that have a state of their own: what one is called, and its moves."""


def check_move(axis: str, moves: Mapping[Any, frozenset[Any]], before: Any, after: Any) -> None:
    """Raise `IllegalMove` unless the table allows the move; staying is always allowed."""
    if before != after and after not in moves[before]:
        raise IllegalMove(axis, before, after)


_AFTER_SHIPPING = frozenset(
    {OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.SIGNED, OrderState.COMPLETED}
)

STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "WAIT_PAY": ("待付款", "waiting for payment"),
    "PRE": ("预处理", "being taken in"),
    "WAIT_AUDIT": ("待审核", "waiting for review"),
    "AUDITED": ("已审核", "reviewed"),
    "FULFILLING": ("履约中", "being fulfilled"),
    "PART_SHIPPED": ("部分发货", "shipped in part"),
    "SHIPPED": ("已发货", "shipped"),
    "SIGNED": ("已签收", "received"),
    "COMPLETED": ("已完成", "completed"),
    "CANCELLED": ("已取消", "cancelled"),
    "REFUSED": ("未接收", "refused at intake"),
    "PARKED": ("挂起", "parked"),
    "REFUNDING": ("退款中", "refund open"),
    "ARCHIVED": ("已归档", "archived"),
}
"""Display status to its words (zh, en)."""


def display_status(
    state: OrderState, *, archived: bool, held: bool, open_refund: bool, open_case: bool
) -> str:
    """The one status a person sees, derived from the axes; an open refund is always visible.

    Never stored as truth: a row may cache it, and it is recomputed from the axes at any time.
    """
    if open_refund or (open_case and state in _AFTER_SHIPPING):
        return "REFUNDING"
    if held and state not in TERMINAL:
        return "PARKED"
    if archived and state in TERMINAL:
        return "ARCHIVED"
    return state.value
