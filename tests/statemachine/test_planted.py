"""A bug that is planted does not get past the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase

from ordinance.command import Runner
from ordinance.fulfilment import handover
from ordinance.orders import refunds
from ordinance.service import cancel, cases
from ordinance.stock.stockroom import Stockroom
from tests.mutants.mutant import MISFITS
from tests.simulation.planted import cancel_releases_what_was_shipped
from tests.statemachine.test_shop import SEED, play

Patch = pytest.MonkeyPatch


def _cancel_keeps_the_stock(patch: Patch) -> None:
    patch.setattr(cancel, "unreserve", lambda change, desk, code, pieces: None)
    patch.setattr(cancel, "release_stock", lambda change, desk: None)
    patch.setattr(handover, "unreserve", lambda change, desk, code, pieces: None)


def _goods_that_come_back_are_not_booked(patch: Patch) -> None:
    patch.setattr(cases, "_restock", lambda change, desk, case, goods_to: None)


def _a_cent_too_little_goes_back(patch: Patch) -> None:
    whole = refunds.value_of
    patch.setattr(refunds, "value_of", lambda line, runs: max(whole(line, runs) - 1, 0))


def _a_key_is_forgotten(patch: Patch) -> None:
    """M6: a command is done again under its key."""
    patch.setattr("ordinance.command.done_before", lambda tx, shop, key, body_hash: None)
    whole = Runner._once

    def once(self: Runner, key: str, body: Any, work: Any, **more: Any) -> Any:
        _a_key_is_forgotten.count += 1  # type: ignore[attr-defined]
        return whole(self, f"{key}#{_a_key_is_forgotten.count}", body, work, **more)  # type: ignore[attr-defined]

    _a_key_is_forgotten.count = 0  # type: ignore[attr-defined]
    patch.setattr(Runner, "_once", once)


def _what_was_sent_arrives_on_both_sides(patch: Patch) -> None:
    whole = Stockroom.send

    def send(self: Stockroom, source: str, target: str, sku: str, pieces: int, slip: Any) -> Any:
        return whole(self, target, source, sku, pieces, slip)

    patch.setattr(Stockroom, "send", send)


PLANTED: dict[str, Callable[[Patch], None]] = {
    "cancel keeps the stock": _cancel_keeps_the_stock,
    "M5 cancel releases what was shipped": cancel_releases_what_was_shipped,
    "goods that come back are not booked": _goods_that_come_back_are_not_booked,
    "a cent too little goes back": _a_cent_too_little_goes_back,
    "M6 a key is forgotten": _a_key_is_forgotten,
    "a transfer goes the wrong way": _what_was_sent_arrives_on_both_sides,
}


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug](monkeypatch)

    with pytest.raises(Exception) as caught:  # whichever way it shows
        play(SEED, examples=60, phases=(Phase.generate,))
    assert not isinstance(caught.value, MISFITS)
