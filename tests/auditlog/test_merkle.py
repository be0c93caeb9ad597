"""The tree of the audit log, held against its definition in RFC 6962, section 2.1."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.audit import merkle
from tests.auditlog.mutants import planted

LEAVES = [hashlib.sha256(b"\x00" + each.to_bytes(2, "big")).digest() for each in range(600)]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH, word by word; a leaf is hashed already."""
    n = len(leaves)
    if n == 0:
        return sha(b"")
    if n == 1:
        return leaves[0]
    k = 1
    while k * 2 < n:
        k *= 2
    return sha(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:]))


def audit_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH."""
    n = len(leaves)
    if n == 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return [*audit_path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*audit_path(m - k, leaves[k:]), tree_hash(leaves[:k])]


def consistency(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF."""
    n = len(leaves)
    if m == n:
        return [] if whole else [tree_hash(leaves)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*consistency(m, leaves[:k], whole), tree_hash(leaves[k:])]
    return [*consistency(m - k, leaves[k:], False), tree_hash(leaves[:k])]


def inclusion_proof(tree: ModuleType, place: int, leaves: Sequence[bytes]) -> list[bytes]:
    spans = tree.inclusion_spans(place, len(leaves))
    found = tree.hashes_of(leaves, spans)
    return [found[span] for span in spans]


def consistency_proof(tree: ModuleType, first: int, leaves: Sequence[bytes]) -> list[bytes]:
    spans = tree.consistency_spans(first, len(leaves))
    found = tree.hashes_of(leaves, spans)
    return [found[span] for span in spans]


def holds(tree: ModuleType, size: int, place: int, first: int) -> None:
    """Everything that the tree says about a log of `size` leaves, against the definition."""
    leaves = LEAVES[:size]
    root = tree_hash(leaves)
    assert tree.Frontier().grown(leaves).root() == root
    before = tree.Frontier().grown(leaves[:first])
    assert before.grown(leaves[first:]) == tree.Frontier().grown(leaves)
    assert before.root() == tree_hash(leaves[:first])

    proof = inclusion_proof(tree, place, leaves)
    assert proof == audit_path(place, leaves)
    tree.check_inclusion(leaves[place], place, size, proof, root)

    steps = consistency_proof(tree, first, leaves)
    assert steps == consistency(first, leaves)
    tree.check_consistency(first, size, tree_hash(leaves[:first]), root, steps)


def refuses(tree: ModuleType, size: int, place: int, first: int, other: int) -> None:
    """Nothing that is wrong in one place is taken for a proof."""
    leaves = LEAVES[:size]
    root, old = tree_hash(leaves), tree_hash(leaves[:first])
    proof, steps = audit_path(place, leaves), consistency(first, leaves)
    forged = LEAVES[599]
    wrong = [
        (forged, place, size, proof, root),
        (leaves[place], place, size, proof, forged),
        (leaves[place], place, size, [*proof, forged], root),
        (leaves[place], size, size, proof, root),
        (leaves[place], -1, size, proof, root),
    ]
    if proof:
        at = other % len(proof)
        wrong += [
            (leaves[place], place, size, proof[:-1], root),
            (leaves[place], place, size, [*proof[:at], forged, *proof[at + 1 :]], root),
            (leaves[place], (place + 1 + other % (size - 1)) % size, size, proof, root),
        ]
    for each in wrong:
        with pytest.raises(merkle.NotProven):
            tree.check_inclusion(*each)
    bad = [
        (first, size, forged, root, steps),
        (first, size, old, forged, steps),
        (first, size, old, root, [*steps, forged]),
        (size + 1, size, old, root, steps),
    ]
    if steps:
        at = other % len(steps)
        bad += [
            (first, size, old, root, steps[:-1]),
            (first, size, old, root, [*steps[:at], forged, *steps[at + 1 :]]),
        ]
    for said in bad:
        with pytest.raises(merkle.NotProven):
            tree.check_consistency(*said)


def test_every_small_tree_is_the_one_of_the_definition() -> None:
    for size in range(1, 34):
        for place in range(size):
            holds(merkle, size, place, place + 1)


@settings(max_examples=150)
@given(st.data())
def test_a_tree_is_the_one_of_the_definition(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 599))
    holds(merkle, size, data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size)))


@settings(max_examples=150)
@given(st.data())
def test_nothing_wrong_is_taken_for_a_proof(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    refuses(
        merkle,
        size,
        data.draw(st.integers(0, size - 1)),
        data.draw(st.integers(1, size)),
        data.draw(st.integers(0, 10**6)),
    )


def test_the_published_vectors_come_out() -> None:
    """The roots that the test data of certificate transparency gives for its eight entries."""
    entries = ["", "00", "10", "2021", "3031", "40414243"]
    entries += ["5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [sha(b"\x00" + bytes.fromhex(each)) for each in entries]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }

    found = {size: merkle.Frontier().grown(leaves[:size]).root().hex() for size in roots}

    assert found == roots


def test_an_empty_log_begins_every_log() -> None:
    assert merkle.Frontier().root() == sha(b"")
    merkle.check_consistency(0, 5, merkle.EMPTY, tree_hash(LEAVES[:5]), [])
    with pytest.raises(merkle.NotProven):
        merkle.check_consistency(0, 5, LEAVES[0], tree_hash(LEAVES[:5]), [])


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="another frontier"):
        merkle.Frontier(3, (LEAVES[0],))


MUTANTS = {
    "nodes like leaves": ('b"\\x01" + left + right', 'b"\\x00" + left + right'),
    "sides exchanged": ('b"\\x01" + left + right', 'b"\\x01" + right + left'),
    "halves": ("1 << ((size - 1).bit_length() - 1)", "(size + 1) // 2"),
    "a leaf twice": ("_folded(hashes: Sequence[bytes]) -> bytes:", "_folded(hashes):\n"
                     "    hashes = [*hashes, hashes[-1]] if len(hashes) > 1 else hashes"),
    "any root": ("if found != root:", "if False:"),
    "any length": ("if len(proof) != len(spans):", "if False:"),
    "old root unasked": ("if old != first_root:", "if False:"),
    "new root unasked": ("if new != second_root:", "if False:"),
    "a place beyond": ("if not 0 <= place < size:\n        raise NotProven",
                       "if False:\n        raise NotProven"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_blinded_tree_is_caught(name: str) -> None:
    tree = planted(merkle, *MUTANTS[name])

    with pytest.raises((AssertionError, KeyError, ValueError, pytest.fail.Exception)):
        for size in range(1, 20):
            for place in range(size):
                holds(tree, size, place, place + 1)
                refuses(tree, size, place, place + 1, place)
