"""Random sequences of publishing agree with a plain account, and planted faults are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ordinance.ports import EntryKind, StoredEntry
from ordinance.releases import office, said, standing
from ordinance.releases.force import InForce, RulesInForce
from ordinance.releases.office import Office
from ordinance.releases.release import Release
from tests.publishing import model

SEEDS = range(6)
STEPS = 60


@pytest.mark.parametrize("seed", SEEDS)
def test_random_sequences_agree_with_the_account(seed: int) -> None:
    model.Sequence(seed).run(STEPS)


def rollback_to_the_number_before(journal: Sequence[StoredEntry], version: int) -> int:
    return version - 1


def rollback_to_and_fro(journal: Sequence[StoredEntry], version: int) -> int:
    since = journal[-1].since
    return journal[since - 2].live if since > 1 else 0


def approval_by_another_spelling_of_the_author(one: str, other: str) -> bool:
    return one == other


def approval_by_anyone(one: str, other: str) -> bool:
    return False


def any_version_may_come_back(journal: Sequence[StoredEntry], version: int) -> bool:
    return True


def approved_again_and_again(journal: Sequence[StoredEntry]) -> list[int]:
    return sorted({item.version for item in journal if item.kind is EntryKind.PROPOSED})


def nobody_looks_whether_it_is_still_in_force(self: Office, live: int, end: object) -> None:
    return None


def nobody_asks_what_it_was_made_from(self: Office, base: int, live: int, part: object) -> None:
    return None


def unchecked(*asked: object, **beside: object) -> list[object]:
    return []


def questions_may_stay_open(release: Release) -> None:
    return None


def stored_before_it_is_checked(real: Callable[..., Any]) -> Callable[..., Any]:
    def publish(self: Office, release: Release, **rest: Any) -> StoredEntry:
        with self._storage.transaction() as tx:
            tx.add_release(
                release.stored(self._shop, 1000, base=0, author="", note="", at=rest["now"]),
                release.texts(),
            )
        return real(self, release, **rest)  # type: ignore[no-any-return]

    return publish


def follows_wrongly(change: Callable[[StoredEntry, StoredEntry | None], StoredEntry]) -> Any:
    real = standing.follow

    def follow(last: StoredEntry | None, kind: EntryKind, **rest: Any) -> StoredEntry:
        return change(real(last, kind, **rest), last)

    return follow


def proposing_puts_in_force(entry: StoredEntry, last: StoredEntry | None) -> StoredEntry:
    if entry.kind is EntryKind.PROPOSED:
        return replace(entry, live=entry.version, since=entry.seq)
    return entry


def shadow_puts_in_force(entry: StoredEntry, last: StoredEntry | None) -> StoredEntry:
    if entry.kind is EntryKind.SHADOW_STARTED:
        return replace(entry, live=entry.version, since=entry.seq)
    return entry


def publishing_ends_the_shadow(entry: StoredEntry, last: StoredEntry | None) -> StoredEntry:
    return replace(entry, shadow=0) if entry.kind is EntryKind.PUBLISHED else entry


def rollback_drops_the_demand(entry: StoredEntry, last: StoredEntry | None) -> StoredEntry:
    return replace(entry, approval=False) if entry.kind is EntryKind.ROLLED_BACK else entry


def the_first_rules_for_ever(real: Callable[..., Any]) -> Callable[..., Any]:
    def ready(self: RulesInForce, end: StoredEntry | None) -> InForce | None:
        kept: InForce | None = self.__dict__.get("_kept")
        if kept is None:
            kept = self.__dict__["_kept"] = real(self, end)
        return kept

    return ready


MUTANTS: list[tuple[Any, str, Any]] = [
    (standing, "before", rollback_to_the_number_before),
    (standing, "before", rollback_to_and_fro),
    (office, "same_person", approval_by_another_spelling_of_the_author),
    (office, "same_person", approval_by_anyone),
    (standing, "was_in_force", any_version_may_come_back),
    (standing, "unapproved", approved_again_and_again),
    (Office, "_still", nobody_looks_whether_it_is_still_in_force),
    (Office, "_base_is_live", nobody_asks_what_it_was_made_from),
    (office, "refusals", unchecked),
    (office, "demand_whole", questions_may_stay_open),
    (Office, "publish", stored_before_it_is_checked(Office.publish)),
    (standing, "follow", follows_wrongly(proposing_puts_in_force)),
    (standing, "follow", follows_wrongly(shadow_puts_in_force)),
    (standing, "follow", follows_wrongly(publishing_ends_the_shadow)),
    (standing, "follow", follows_wrongly(rollback_drops_the_demand)),
    (RulesInForce, "ready", the_first_rules_for_ever(RulesInForce.ready)),
]


@pytest.mark.parametrize(
    ("where", "name", "wrong"), MUTANTS, ids=[str(number) for number in range(len(MUTANTS))]
)
def test_a_planted_fault_is_found(
    where: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, wrong)

    with pytest.raises(AssertionError):
        for seed in SEEDS:
            model.Sequence(seed).run(STEPS)


def test_case_width_and_blanks_make_nobody_else_of_a_person() -> None:
    assert said.same_person("Lan Li", "lan  LI") and said.same_person("Ｌａｎ", "lan")
    assert not said.same_person("Lan", "Lam") and not said.same_person("兰", "蓝")
