"""State diagrams, drawn from the tables of allowed moves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ordinance.audit.codes import CASE_STATES
from ordinance.orders.states import (
    CASE_MOVES,
    ORDER_MOVES,
    PARCEL_MOVES,
    REFUND_MOVES,
    STATUS_WORDS,
)

PARCEL_WORDS = {
    "WAIT_PUSH": "待推仓",
    "PUSHED": "已推仓",
    "PICKING": "拣货中",
    "PACKED": "已打包",
    "SHIPPED": "已发货",
    "CANCELLED": "已取消",
}
REFUND_WORDS = {
    "CREATED": "已建立",
    "SUBMITTED": "已提交",
    "SUCCESS": "已到账",
    "FAILED": "失败",
    "UNKNOWN": "结果不明",
}


def diagram(moves: Mapping[Any, frozenset[Any]], words: Mapping[str, str]) -> str:
    """A Mermaid diagram of one axis; a state that nothing leaves is drawn as terminal."""
    states: list[StrEnum] = [state for state in moves if state is not None]
    ends = [state for state in states if not moves[state]]
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state} {words[state]}" as {state}' for state in states]
    for before, after in moves.items():
        # A frozenset has no order of its own; the table of the axis gives one.
        lines += [f"    {before or '[*]'} --> {state}" for state in states if state in after]
    lines += [f"    {state} --> [*]" for state in ends]
    lines += ["    classDef terminal stroke-width:3px", f"    class {','.join(ends)} terminal"]
    return "\n".join(lines) + "\n"


def order() -> str:
    """The axis of the order itself."""
    return diagram(ORDER_MOVES, {code: words[0] for code, words in STATUS_WORDS.items()})


def parcel() -> str:
    """The axis of a parcel inside the warehouse."""
    return diagram(PARCEL_MOVES, PARCEL_WORDS)


def case() -> str:
    """The axis of an after-sale case."""
    return diagram(CASE_MOVES, {code: words.zh for code, words in CASE_STATES.items()})


def refund() -> str:
    """The axis of a refund."""
    return diagram(REFUND_MOVES, REFUND_WORDS)
