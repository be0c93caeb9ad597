"""Orders that were acknowledged survive a server that stops hard, and whoever takes them goes on.

`ORDINANCE_RESTARTS=50` stops it that often; `python -m tests.restarts 50` tells figures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.restarts.shift import work, wrong

RESTARTS = int(os.environ.get("ORDINANCE_RESTARTS", "5"))
SEED = int(os.environ.get("ORDINANCE_SEED", "1"))


@pytest.mark.slow
def test_no_acknowledged_order_is_lost_when_the_server_stops(tmp_path: Path) -> None:
    shift = work(tmp_path, RESTARTS, SEED)

    assert wrong(shift) == [], f"seed {SEED}; {shift.figures()}"
    assert len(shift.back) == RESTARTS


@pytest.mark.slow
def test_a_server_that_answers_before_it_has_stored_is_found_out(tmp_path: Path) -> None:
    for attempt in range(4):
        shift = work(tmp_path / str(attempt), 2, attempt, careless=True)
        if any("acknowledged" in one for one in wrong(shift)):
            return

    raise AssertionError("nobody noticed")
