"""Records as they are stored, shown as JSON."""

from __future__ import annotations

import json
from datetime import datetime

from made.terminal import ROOT
from ordinance.rules import load

FACTS = {
    "order.receivable": 5200,
    "order.placed_at": "2026-11-25T23:10:00+08:00",
    "order.local_time": "23:10",
    "order.largest_line": 1,
    "buyer.orders_90d": 0,
    "buyer.refunded_share": 0,
    "receiver.region": "330106",
}
AT = datetime.fromisoformat("2026-11-25T23:10:21+08:00")


def decision() -> str:
    """A decision as recorded: a large order of a new buyer, by the shipped rules."""
    decided = load(ROOT / "rules" / "review.yaml").decide(FACTS, at=AT, point="review.risk")
    return json.dumps(decided.record(), ensure_ascii=False, indent=2) + "\n"
