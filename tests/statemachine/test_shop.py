"""The shop does what a plain model of it says, whatever is done to it in whichever order."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.statemachine.machine import ShopMachine

SEED = int(os.environ.get("ORDINANCE_SEED") or 20261127)
EXAMPLES = int(os.environ.get("ORDINANCE_EXAMPLES") or 40)
"""Of each of three seeds; `make soak` plays far more."""
STEPS = int(os.environ.get("ORDINANCE_STEPS") or 50)

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


def play(number: int, examples: int = EXAMPLES, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """So many examples of `STEPS` steps at most, by a seed."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=phases,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=QUIET,
    )
    run_state_machine_as_test(seed(number)(ShopMachine), settings=chosen)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_the_shop_is_as_its_model(number: int) -> None:
    print(f"ORDINANCE_SEED={SEED}")
    play(SEED + number)
