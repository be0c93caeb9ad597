"""A proof about one order: what it holds for somebody who has the public key, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any

import pytest

from ordinance.audit import proof
from ordinance.audit.checkpoint import NoCheckpoint, PublicKey, origin_of
from ordinance.audit.merkle import NotProven
from ordinance.audit.proof import NothingSealed, check_proof, prove
from ordinance.audit.sealer import Sealer
from ordinance.chain import NOTHING, event_hash
from ordinance.ports import Storage
from ordinance_adapters.signing import checks
from tests.auditlog.books import OTHER_SIGNER, PUBLIC, opened
from tests.auditlog.mutants import planted
from tests.core.shop import MONDAY, order
from tests.stores import open_storage
from tests.tenants.twins import MINE, SIGNER, lines


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    with closing(open_storage(tmp_path_factory.mktemp("proof") / "shop.db")) as made:
        shop = opened(made)
        shop.open_stock(MONDAY)
        for name in ("A1", "A2", "A3"):
            shop.place(order(name, lines=lines(("TEA", 1, "19.90"))))
        Sealer(made, MINE, SIGNER, every=7).seal(MONDAY)
        shop.place(order("A4", lines=lines(("TEA", 1, "19.90"))))
        yield made


@pytest.fixture(scope="module")
def told(storage: Storage) -> dict[str, Any]:
    found = storage.find(MINE, "A2")
    assert found is not None
    return prove(storage, found)


def forged(told: dict[str, Any], at: int, rng: Random) -> dict[str, Any]:
    """The proof with one of its values changed."""
    other = json.loads(json.dumps(told))
    holder: Any = rng.choice([other, *other["events"]])
    name = rng.choice([each for each in holder if each not in ("unsealed", "events")])
    value = holder[name]
    if isinstance(value, int):
        holder[name] = value + 1
    elif isinstance(value, list):
        if not value:
            holder[name] = ["00" * 32]
        else:
            spot = rng.randrange(len(value))
            value[spot] = value[spot][::-1]
    else:
        spot = rng.randrange(len(value) or 1)
        holder[name] = value[:spot] + chr(ord((value[spot:] or "a")[0]) ^ 1) + value[spot + 1 :]
    return other


def test_a_proof_stands_alone(told: dict[str, Any], storage: Storage) -> None:
    found = check_proof(json.dumps(told), PUBLIC, checks)

    kept = storage.find(MINE, "A2")
    assert kept is not None
    assert found.record.number == kept.number
    assert list(found.events) == list(storage.events(MINE, kept.id))
    assert told["unsealed"] == 0


@pytest.mark.parametrize("seed", range(150))
def test_nothing_in_a_proof_can_be_changed(told: dict[str, Any], seed: int) -> None:
    with pytest.raises((NotProven, NoCheckpoint)):
        check_proof(json.dumps(forged(told, seed, Random(seed))), PUBLIC, checks)


def test_a_history_with_an_event_less_is_no_proof(told: dict[str, Any]) -> None:
    for drop in range(len(told["events"]) - 1):
        less = {**told, "events": told["events"][:drop] + told["events"][drop + 1 :]}
        with pytest.raises(NotProven, match="is missing"):
            check_proof(json.dumps(less), PUBLIC, checks)


def test_a_history_that_was_made_anew_is_no_proof(told: dict[str, Any]) -> None:
    """By somebody who knows how hashes are made, and has a proof of the true one."""
    other = json.loads(json.dumps(told))
    other["events"][0]["actor"] = "nobody"
    previous = NOTHING
    for each in other["events"]:
        event = proof._event(other["shop"], other["order"], each)
        previous = each["hash"] = event_hash(previous, event)

    with pytest.raises(NotProven, match="not at place"):
        check_proof(json.dumps(other), PUBLIC, checks)


def test_another_key_signed_nothing(told: dict[str, Any]) -> None:
    other = PublicKey(origin_of(MINE), OTHER_SIGNER.public())
    with pytest.raises(NoCheckpoint):
        check_proof(json.dumps(told), other, checks)


@pytest.mark.parametrize("where", ["version", "place"])
def test_a_number_that_is_none_is_no_proof(told: dict[str, Any], where: str) -> None:
    other = json.loads(json.dumps(told))
    other["events"][0][where] = float("inf")
    with pytest.raises(NotProven, match="a part of it is missing"):
        check_proof(json.dumps(other), PUBLIC, checks)


def test_a_proof_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(NotProven, match="this is no proof"):
        check_proof("[" * 100_000, PUBLIC, checks)


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"format": "x"}', '"' + "a" * 50])
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(NotProven):
        check_proof(text, PUBLIC, checks)


def test_an_order_of_which_nothing_is_sealed_has_no_proof(storage: Storage) -> None:
    found = storage.find(MINE, "A4")
    assert found is not None
    with pytest.raises(NothingSealed, match="audit seal"):
        prove(storage, found)


@pytest.mark.parametrize("odd", ["\ud800", ["x"], 5, None, 10**400])
@pytest.mark.parametrize("field", ["actor", "kind", "at", "changes", "hash", "proof", "place"])
def test_a_value_that_was_never_written_is_not_proven(
    told: dict[str, Any], field: str, odd: object
) -> None:
    events = [{**told["events"][0], field: odd}, *told["events"][1:]]

    with pytest.raises(NotProven):
        check_proof(json.dumps({**told, "events": events}), PUBLIC, checks)


@pytest.mark.parametrize("text", ["", "hello", "[" * 100_000, "[]", "5", "{}"])
def test_what_is_no_proof_is_not_proven(text: str) -> None:
    with pytest.raises(NotProven, match=r"no proof|a part of it is missing"):
        check_proof(text, PUBLIC, checks)


MUTANTS = {
    "hash unasked": ("if not _is_sound(previous, event):", "if False:"),
    "version unasked": ("if event.version != expected:", "if False:"),
    "place unasked": ("check_inclusion(bytes", "bool(bytes"),
    "order unasked": ("if (record.id, record.number) != (order, number):", "if False:"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_blinded_check_is_caught(name: str, told: dict[str, Any]) -> None:
    before, after = MUTANTS[name]
    if name == "place unasked":
        before, after = "            check_inclusion(bytes.fromhex(event.hash), place, point.size, proof, point.root)\n", "            pass\n"  # fmt: skip  # noqa: E501
    blind = planted(proof, before, after)
    taken = 0
    for seed in range(150):
        try:
            blind.check_proof(json.dumps(forged(told, seed, Random(seed))), PUBLIC, checks)
            taken += 1
        except (NotProven, NoCheckpoint):
            pass
    less = {**told, "events": told["events"][1:]}
    if name == "version unasked":
        # The chain would find it too: one check is the words for the other.
        with pytest.raises(NotProven, match="was altered"):
            blind.check_proof(json.dumps(less), PUBLIC, checks)
        return
    assert taken > 0
