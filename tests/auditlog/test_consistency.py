"""A proof that a log only grew: what it holds for somebody who has the public key alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ordinance.audit import consistency
from ordinance.audit.checkpoint import Checkpoint, NoCheckpoint, PublicKey, origin_of, read_note
from ordinance.audit.consistency import check_growth, prove_growth
from ordinance.audit.merkle import NotProven
from ordinance.audit.sealer import Sealer
from ordinance.ports import Storage
from ordinance_adapters.signing import checks
from tests.auditlog.books import OTHER_SIGNER, PUBLIC, opened
from tests.auditlog.mutants import planted
from tests.core.shop import MONDAY, order
from tests.stores import open_storage
from tests.tampering import tampered
from tests.tenants.twins import MINE, SIGNER, lines


def written(path: Path) -> None:
    with closing(open_storage(path)) as made:
        shop = opened(made)
        shop.open_stock(MONDAY)
        for number in range(4):
            shop.place(order(f"A{number}", lines=lines(("TEA", 1, "19.90"))))
            Sealer(made, MINE, SIGNER, every=3 + number).seal(MONDAY)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    path = tmp_path_factory.mktemp("grown") / "shop.db"
    written(path)
    with closing(open_storage(path)) as made:
        yield made


@pytest.fixture(scope="module")
def notes(storage: Storage) -> list[str]:
    return [each.note for each in storage.checkpoints(MINE)]


def test_every_two_checkpoints_of_a_log_are_proven(storage: Storage, notes: list[str]) -> None:
    assert len(notes) > 6
    for old, new in combinations_with_replacement(notes, 2):
        told = json.dumps(prove_growth(storage, MINE, old, new))

        before, after = check_growth(told, PUBLIC, checks)
        assert (before, after) == (read_note(old), read_note(new))


@pytest.mark.parametrize("seed", range(60))
def test_nothing_in_a_proof_can_be_changed(storage: Storage, notes: list[str], seed: int) -> None:
    rng = Random(seed)
    old, new = sorted(rng.sample(range(len(notes)), 2))
    told: Any = prove_growth(storage, MINE, notes[old], notes[new])
    name = rng.choice(("format", "old", "new", "proof"))
    spot = rng.randrange(len(told[name]))
    if name == "proof":
        told[name][spot] = told[name][spot][::-1]
    else:
        flipped = chr(ord(told[name][spot]) ^ 1)
        told[name] = told[name][:spot] + flipped + told[name][spot + 1 :]

    with pytest.raises((NotProven, NoCheckpoint)):
        check_growth(json.dumps(told), PUBLIC, checks)


def other_view(notes: list[str]) -> str:
    """What the owner of the key has signed for another reader: as long, and another log."""
    true = read_note(notes[2])
    return Checkpoint(true.origin, true.size, bytes(32), true.at, true.after).signed(SIGNER)


def test_a_log_that_went_another_way_has_no_proof(storage: Storage, notes: list[str]) -> None:
    forged = other_view(notes)
    for old, new in ((forged, notes[-1]), (notes[0], forged), (forged, notes[2])):
        with pytest.raises(NotProven):
            prove_growth(storage, MINE, old, new)
        true = prove_growth(storage, MINE, notes[0], notes[-1])
        with pytest.raises(NotProven):
            check_growth(json.dumps({**true, "old": old, "new": new}), PUBLIC, checks)


def test_what_is_longer_than_the_log_of_another_shop_or_the_wrong_way_round_has_no_proof(
    storage: Storage, notes: list[str]
) -> None:
    last = read_note(notes[-1])
    longer = Checkpoint(last.origin, last.size + 1, last.root, MONDAY, last.size).signed(SIGNER)
    strange = Checkpoint(origin_of("other"), 3, last.root, MONDAY).signed(SIGNER)
    with pytest.raises(NotProven, match="were signed"):
        prove_growth(storage, MINE, notes[0], longer)
    with pytest.raises(NotProven, match="cannot have grown"):
        prove_growth(storage, MINE, notes[-1], notes[0])
    with pytest.raises(NoCheckpoint, match="ordinance/other"):
        prove_growth(storage, MINE, strange, notes[-1])


def test_another_key_signed_nothing(storage: Storage, notes: list[str]) -> None:
    told = json.dumps(prove_growth(storage, MINE, notes[0], notes[-1]))
    with pytest.raises(NoCheckpoint):
        check_growth(told, PublicKey(origin_of(MINE), OTHER_SIGNER.public()), checks)


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"format": "x"}', "[" * 100_000])
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(NotProven):
        check_growth(text, PUBLIC, checks)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM audit_log WHERE place > 5", "UPDATE audit_log SET leaf = 'odd'"]
)
def test_a_log_whose_leaves_are_gone_has_no_proof(tmp_path: Path, sql: str) -> None:
    written(tmp_path / "shop.db")
    tampered(tmp_path / "shop.db", sql)
    with closing(open_storage(tmp_path / "shop.db")) as storage:
        notes = [each.note for each in storage.checkpoints(MINE)]
        with pytest.raises(NotProven, match="gone or were altered"):
            prove_growth(storage, MINE, notes[1], notes[-1])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    check_consistency(before.size, after.size, before.root, after.root, proof)\n"
         "    return before, after", "    return before, after"),
        ("(checked_note(note, public, checks) for note in", "(read_note(note) for note in"),
    ],
)  # fmt: skip
def test_a_blinded_check_is_caught(
    storage: Storage, notes: list[str], before: str, after: str
) -> None:
    blind = planted(consistency, before, after)
    told = prove_growth(storage, MINE, notes[0], notes[-1])
    another = PublicKey(origin_of(MINE), OTHER_SIGNER.public())

    taken = 0
    for text, key in (({**told, "old": other_view(notes)}, PUBLIC), (told, another)):
        try:
            blind.check_growth(json.dumps(text), key, checks)
            taken += 1
        except (NotProven, NoCheckpoint):
            pass
    assert taken == 1
