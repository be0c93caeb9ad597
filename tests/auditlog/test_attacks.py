"""Every attack on the log in many places: all are found, except inside of the stated window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from types import ModuleType
from typing import Any

import pytest

from ordinance.audit import rowchecks, verifying
from ordinance.audit.checkpoint import read_note
from ordinance.audit.merkle import (
    Frontier,
    NotProven,
    check_consistency,
    consistency_spans,
    hashes_of,
)
from ordinance.audit.verdict import Wrong
from tests.auditlog.attacks import WITH_KEY, WITHOUT_KEY
from tests.auditlog.books import EVERY, Books, written
from tests.auditlog.mutants import planted
from tests.stores import ON_POSTGRES
from tests.tenants.twins import SIGNER

SEED = int(os.environ.get("ORDINANCE_SEED", "20261127"))
POSITIONS = int(os.environ.get("ORDINANCE_ATTACKS", "3" if ON_POSTGRES else "14"))
"""How many places each attack is tried in; `make soak` tries 200."""

History = tuple[Books, list[Books]]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return written(tmp_path_factory.mktemp("books"))


@pytest.fixture(scope="module")
def books(history: History) -> Books:
    return history[0]


@pytest.fixture(scope="module")
def outside(books: Books) -> list[str]:
    """What was handed out: all but the last two checkpoints."""
    return books.notes(books.size)[:-2]


def reach(outside: list[str]) -> int:
    return read_note(outside[-1]).size


def positions(books: Books, edge: int, rng: Random) -> list[int]:
    """The first, the middle and the last place, those around a checkpoint, one of each kind, and
    any others."""
    last = books.size - 1
    # Stock and rules have few leaves, which chance alone would seldom find.
    rare = [
        rng.choice([row["place"] for row in books.log if row["kind"] == kind])
        for kind in ("stock", "rules")
    ]
    near = [0, last, last // 2, edge - 1, edge, edge + 1, EVERY - 1, EVERY, 1, *rare]
    others = list(range(books.size))
    rng.shuffle(others)
    chosen = dict.fromkeys([*(each for each in near if 0 <= each <= last), *others])
    return list(chosen)[:POSITIONS]


def trials(name: str, books: Books, edge: int) -> Iterator[tuple[int, Books, set[Wrong]]]:
    """The books after an attack, in every place where it means something."""
    rng = Random(f"{SEED} {name}")
    attack = {**WITHOUT_KEY, **WITH_KEY}[name]
    for place in positions(books, edge, rng):
        attacked = books.copied()
        wrongs = attack(attacked, place, rng)
        if wrongs is not None:
            yield place, attacked, wrongs


def test_the_books_as_they_were_written_fit(books: Books, outside: list[str]) -> None:
    found = books.verdict(outside)

    assert found.holds, found.faults
    assert found.size == books.size > 200
    assert found.covered == reach(outside) < books.size
    assert sum(found.unsealed.values()) > 3 and all(found.rows.values())


@pytest.mark.parametrize("name", WITHOUT_KEY)
def test_an_attack_without_the_key_is_found_wherever_it_is(
    name: str, books: Books, outside: list[str]
) -> None:
    tried = 0
    for place, attacked, wrongs in trials(name, books, reach(outside)):
        found = attacked.verdict([])
        said = f"{name} at {place}, ORDINANCE_SEED={SEED}"
        assert not found.holds, said
        assert {fault.wrong for fault in found.faults} & wrongs, (said, found.first)
        tried += 1
    assert tried > POSITIONS // 2


def test_an_edit_is_named_by_its_very_place(books: Books) -> None:
    for name in ("edit", "log_edit", "restamp"):
        for place, attacked, wrongs in trials(name, books, EVERY):
            first = attacked.verdict([]).first
            assert first is not None
            assert first.place == place and first.wrong in wrongs, (name, place, first)


@pytest.mark.parametrize("name", WITH_KEY)
def test_an_attack_with_the_key_is_found_as_far_as_checkpoints_were_handed_out(
    name: str, books: Books, outside: list[str], record_property: Any
) -> None:
    edge = reach(outside)
    inside = unseen = 0
    for place, attacked, wrongs in trials(name, books, edge):
        said = f"{name} at {place}, ORDINANCE_SEED={SEED}"
        assert attacked.verdict([]).holds, f"{said}: in the store alone it cannot be seen"
        found = attacked.verdict(outside)
        if place < edge:
            assert not found.holds, said
            assert {fault.wrong for fault in found.faults} & wrongs, (said, found.first)
            continue
        inside += 1
        unseen += found.holds
    print(f"{name}: inside the window of {books.size - edge} leaves, {unseen} of {inside} unseen")
    record_property("unseen_in_window", f"{unseen}/{inside}")
    assert inside > 0 and unseen == inside, "the window is what the documentation says"


def test_an_older_copy_is_found_by_a_later_checkpoint(history: History, outside: list[str]) -> None:
    _, stages = history
    older = [stage for stage in stages if stage.size < reach(outside)]
    for stage in older:
        assert stage.verdict([]).holds
        found = stage.verdict(outside)

        assert [fault.wrong for fault in found.faults] == [Wrong.ROLLED_BACK]
        assert found.first is not None and found.first.place == stage.size
    assert len(older) > 5
    inside = [stage for stage in stages if stage.size >= reach(outside)]
    assert all(stage.verdict(outside).holds for stage in inside)


def test_two_views_of_one_log_are_told_apart(history: History) -> None:
    """Two readers were shown different histories by the owner of the key; each fits by itself."""
    now, _ = history
    for place in (0, now.size // 2, now.size - 1):
        other = now.copied()
        WITH_KEY["restamp_key"](other, place, Random(SEED))
        mine, theirs = now.notes(now.size)[-1], other.notes(other.size)[-1]
        assert now.verdict([mine]).holds and other.verdict([theirs]).holds

        wrongs = {fault.wrong for fault in now.verdict([mine, theirs]).faults}
        assert {Wrong.SPLIT, Wrong.RESTAMPED} <= wrongs

        first = read_note(other.notes(place + 6 * EVERY)[-1])
        last = read_note(mine)
        leaves = [bytes.fromhex(row["leaf"]) for row in now.log]
        spans = consistency_spans(first.size, last.size) if first.size < last.size else []
        hashes = hashes_of(leaves, spans)
        proof = [hashes[span] for span in spans]
        honest = Frontier().grown(leaves[: first.size]).root()
        check_consistency(first.size, last.size, honest, last.root, proof)
        with pytest.raises(NotProven):
            check_consistency(first.size, last.size, first.root, last.root, proof)


def test_a_false_signature_and_a_foreign_checkpoint_are_told(
    books: Books, outside: list[str]
) -> None:
    forged = outside[-1].replace("at 20", "at 19")

    found = books.verdict([*outside, forged])

    assert [fault.wrong for fault in found.faults] == [Wrong.SIGNATURE]


ROW_MUTANTS = {
    "hash unasked": ("if event.hash != event_hash(previous, event):", "if False:", "edit"),
    "chain unasked": ("event_hash(previous, event)", 'event_hash(event.hash, event)', ""),
    "leaf unasked": ("row.leaf != event.hash", "False", "restamp"),
    "decisions unasked": ("event.evidence != evidence_of(decisions[seen:count])", "False",
                          "decision_edit"),
    "more decisions": ("if len(decisions) > seen and", "if False and", "decision_insert"),
    "movements unasked": ("if leaf != row.leaf:", "if False:", "movement_edit"),
    "journal unasked": ("elif row.now != row.leaf:", "elif False:", "journal_edit"),
    "releases unasked": ("elif row.now != row.leaf:", "elif False:", "release_edit"),
    "end unasked": ("elif last > number:", "elif False:", "unsealed_delete"),
    "sealed unasked": ("if sealed is not None and sealed != found:", "if False:", "sealed_less"),
    "less sealed unasked": ("sealed != found", "sealed > found", "sealed_again"),
}  # fmt: skip
LOG_MUTANTS = {
    "root unasked": ("if self._growing.root() == point.root:", "if True:", "restamp_key"),
    "stored root unasked": ('self._compare(point, "root")', "pass", "restamp_log"),
    "signature unasked": ("return checked_note(note, self._keys[-1], self._checks)",
                          "return unchecked_note(note)", "restamp_other_key"),
    "strays unasked": ("if sum(self._in_log.values()) != tree.leaves:", "if False:",
                       "order_delete"),
    "length unasked": ("longer = [point for point in outside if point.size > size]",
                       "longer: list[Checkpoint] = []", "truncate"),
    "gap of notes unasked": ("if point.after != self._last_kept:", "if False:", "note_delete"),
    "beyond unasked": ("if tree.beyond is not None and now == size:", "if False:", "log_more"),
}  # fmt: skip


def blinded(name: str) -> tuple[ModuleType, str]:
    """Verifying with a part of it taken out, and an attack that only this part finds."""
    if name in LOG_MUTANTS:
        before, after, attack = LOG_MUTANTS[name]
        return planted(verifying, before, after), attack
    before, after, attack = ROW_MUTANTS[name]
    rows = planted(rowchecks, before, after)
    mutant = planted(verifying, '"""Verifying the audit log', '"""A planted fault')
    for check in ("check_order", "check_counter", "check_rules"):
        setattr(mutant, check, getattr(rows, check))
    return mutant, attack


@pytest.mark.parametrize("name", [*ROW_MUTANTS, *LOG_MUTANTS])
def test_a_verifier_that_looks_away_is_caught(name: str, books: Books, outside: list[str]) -> None:
    mutant, attack = blinded(name)
    if not attack:
        assert not books.verdict([], by=mutant.verify).holds
        return
    edge = reach(outside)
    missed = [
        place
        for place, attacked, _ in trials(attack, books, edge)
        for notes in (outside, [])
        if place < edge and attacked.verdict(notes, by=mutant.verify).holds
    ]

    assert missed, f"nothing of `{attack}` got past it: the tests would not see it"


def test_the_owner_of_the_key_is_not_seen_in_the_store_alone(books: Books) -> None:
    """Why checkpoints go outside: this is the attack that nothing inside can find."""
    attacked = books.copied()
    WITH_KEY["restamp_key"](attacked, 5, Random(SEED))
    assert attacked.one("audit_heads")["size"] == books.size  # type: ignore[index]
    assert attacked.verdict(attacked.notes(books.size)).holds
    assert SIGNER.public()
