"""Ports that fail a third of their calls: everything happens once, or a person is asked."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ordinance.effects import doing
from ordinance.ports import EffectState
from ordinance.retries import RetryPolicy
from ordinance.shop import effects as commands
from ordinance_adapters.sql import outbox
from tests.effects.storm import Storm, faults, recorded

SEED = int(os.environ.get("ORDINANCE_SEED", "20260302"))
SHARE = 0.3
"""Of all calls so many meet a fault."""

Patch = pytest.MonkeyPatch


def blown(folder: Path, patch: Patch, orders: int, seed: int = SEED) -> tuple[Storm, list[str]]:
    """A storm that is over, and what is wrong after it."""
    print(f"ORDINANCE_SEED={seed}")
    with recorded(patch) as seen:
        storm = Storm(folder, seed, SHARE)
        storm.run(seen, orders)
    calls = sum(len(provider.calls) for provider in storm.providers.all)
    met = sum((provider.met for provider in storm.providers.all), Counter())
    print(f"{calls} calls, {seen.redriven} redriven, {seen.settled} settled, {dict(met)}")
    return storm, faults(storm, seen)


def test_everything_happens_once_however_the_ports_fail(tmp_path: Path, monkeypatch: Patch) -> None:
    storm, found = blown(tmp_path, monkeypatch, 60)

    assert found == []
    assert storm.callbacks > 0


@pytest.mark.slow
def test_everything_happens_once_in_five_thousand_calls(tmp_path: Path, monkeypatch: Patch) -> None:
    storm, found = blown(tmp_path, monkeypatch, 760)

    assert found == []
    assert sum(len(provider.calls) for provider in storm.providers.all) >= 5000


def blind(patch: Patch) -> None:
    """An effect of unknown outcome is tried again without asking."""
    patch.setattr(doing, "_looked_up", lambda port, key: None)


def another_key(patch: Patch) -> None:
    """A refund of unknown outcome is tried again under a new key."""
    refund = doing.KINDS["refund"]

    def do(effect, payload, outside, step):  # type: ignore[no-untyped-def]
        tried.update([effect.key])
        transaction, amount = payload["split"][0]
        key = f"{effect.key}:0" + (f"#{tried[effect.key]}" if tried[effect.key] > 1 else "")
        call = lambda: outside.payments.refund(key, "", transaction, amount)  # noqa: E731
        return step("payments", key, call)

    tried: Counter[str] = Counter()
    patch.setattr(doing, "KINDS", {**doing.KINDS, "refund": doing.EffectKind(refund.adapters, do)})


def no_jitter(patch: Patch) -> None:
    """Effects that failed together come back together."""
    pause = RetryPolicy.pause
    patch.setattr(
        RetryPolicy,
        "pause",
        lambda self, key, attempt: pause(
            RetryPolicy(self.first, self.factor, self.longest, 0), key, attempt
        ),
    )


def double_redrive(patch: Patch) -> None:
    """What was done already is tried again when somebody asks for it."""
    anything = outbox._REDRIVE.replace(" AND state IN ('dead', 'unknown')", "")
    patch.setattr(
        outbox, "_REDRIVE", anything.replace("next_try = ?", "done_at = NULL, next_try = ?")
    )
    patch.setattr(commands, "STUCK", tuple(EffectState))


def unknown_is_failed(patch: Patch) -> None:
    """An unknown outcome counts as a failure: nothing happened, it is tried again."""
    outcome = doing._outcome

    def mistaken(error: Exception) -> EffectState:
        found = outcome(error)
        return EffectState.WAITING if found is EffectState.UNKNOWN else found

    patch.setattr(doing, "_outcome", mistaken)


def forgotten_step(patch: Patch) -> None:
    """A parcel is taken for done when its waybill is there, whatever the warehouse said."""

    def do(effect, payload, outside, step):  # type: ignore[no-untyped-def]
        try:
            return push.do(effect, payload, outside, step)
        except doing.StepFailed as failure:
            if failure.outcome is EffectState.DEAD:
                return "W-0"
            raise

    push = doing.KINDS["warehouse.push"]
    patch.setattr(
        doing, "KINDS", {**doing.KINDS, "warehouse.push": doing.EffectKind(push.adapters, do)}
    )


MUTANTS = (blind, another_key, no_jitter, double_redrive, unknown_is_failed, forgotten_step)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_planted_mistake_is_found(
    mutant: Callable[[Patch], None], tmp_path: Path, monkeypatch: Patch
) -> None:
    mutant(monkeypatch)
    _, found = blown(tmp_path, monkeypatch, 60)

    assert found != []
