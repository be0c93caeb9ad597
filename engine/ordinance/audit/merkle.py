"""The Merkle tree of the audit log: roots, and proofs that somebody else can check (RFC 6962).

A leaf goes in as its hash, which its owner made with a zero byte in front; a node is SHA-256 over
a one byte and its two sides. The tree over n leaves splits at the largest power of two below n, so
that a tree that grew holds the smaller one unchanged, and a proof is about log2(n) hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""The leaves from the first place on, up to and without the second one."""

EMPTY = hashlib.sha256().digest()
"""The root of a tree without leaves."""


class NotProven(Exception):
    """A proof that does not hold; the message says in which way."""


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two sides."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """How many leaves the left side of a tree over `size` leaves has: at least two are needed."""
    return 1 << ((size - 1).bit_length() - 1)


@dataclass(frozen=True, slots=True)
class Frontier:
    """What has to be kept of a tree to let it grow: one hash for each one in its size's binary
    digits, those of the larger subtrees first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a tree over {self.size} leaves has another frontier")

    def root(self) -> bytes:
        """The root of the tree as it is."""
        return _folded(self.hashes)

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """The same with leaves added at the end."""
        growing = Growing(self)
        for leaf in leaves:
            growing.add(leaf)
        return growing.frontier()


class Growing:
    """A tree that takes one leaf after the other and keeps no more than its frontier."""

    def __init__(self, since: Frontier | None = None) -> None:
        start = since or Frontier()
        self.size = start.size
        self._hashes = list(start.hashes)

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the end."""
        for _ in self.completed(leaf):
            pass

    def completed(self, leaf: bytes) -> Iterator[tuple[Span, bytes]]:
        """Put a leaf at the end; each subtree that is full with it, the smallest first. They have
        to be taken all."""
        hashes, size = self._hashes, self.size
        end, width, full = size + 1, 1, leaf
        yield (size, end), full
        while size & width:
            full = node(hashes.pop(), full)
            width <<= 1
            yield (end - width, end), full
        hashes.append(full)
        self.size = end

    def root(self) -> bytes:
        """The root of the tree as it is."""
        return _folded(self._hashes)

    def ragged(self) -> Iterator[tuple[Span, bytes]]:
        """The subtrees that end with the last leaf and are not full, the smallest first."""
        start, found = self.size, b""
        for width, each in zip(_widths(self.size)[::-1], self._hashes[::-1], strict=True):
            found = node(each, found) if found else each
            start -= width
            yield (start, self.size), found

    def frontier(self) -> Frontier:
        """What is kept of it."""
        return Frontier(self.size, tuple(self._hashes))


def _widths(size: int) -> list[int]:
    return [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


def _folded(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY
    found = hashes[-1]
    for each in hashes[-2::-1]:
        found = node(each, found)
    return found


def inclusion_spans(place: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove that a leaf stands at `place`, the nearest one first."""
    if not 0 <= place < size:
        raise ValueError(f"a log of {size} leaves has no place {place}")
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if place < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """The subtrees whose hashes prove that the log of `first` leaves is how the log of `second`
    leaves began, in the order of RFC 6962."""
    if not 0 < first <= second:
        raise ValueError(f"no log of {first} leaves grows to {second}")
    spans: list[Span] = []
    start, end, whole = 0, second, True
    while end > first:
        middle = start + split(end - start)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    if not whole:
        spans.append((start, end))
    return spans[::-1]


def hashes_of(leaves: Iterable[bytes], spans: Collection[Span]) -> Mapping[Span, bytes]:
    """The hashes of subtrees of the tree over all of the leaves, which are read once."""
    wanted = set(spans)
    growing = Growing()
    found = {}
    for leaf in leaves:
        for span, full in growing.completed(leaf):
            if span in wanted:
                found[span] = full
    for span, ragged in growing.ragged():
        if span in wanted:
            found[span] = ragged
    return found


def check_inclusion(
    leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `NotProven` unless the leaf stands at `place` of the tree with this size and root."""
    if not 0 <= place < size:
        raise NotProven(f"a log of {size} leaves has no place {place}")
    spans = inclusion_spans(place, size)
    _demand_length(proof, spans)
    found = leaf
    for (start, _), each in zip(spans, proof, strict=True):
        found = node(found, each) if start > place else node(each, found)
    if found != root:
        raise NotProven(f"the leaf is not at place {place} of the log that was signed")


def check_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `NotProven` unless the log of `second` leaves began as the log of `first` leaves."""
    if not 0 <= first <= second:
        raise NotProven(f"a log of {first} leaves cannot have grown to {second}")
    if first == 0 or first == second:
        _demand_length(proof, ())
        if first_root != (second_root if first else EMPTY):
            raise NotProven(f"two logs of {first} leaves have different roots")
        return
    spans = consistency_spans(first, second)
    _demand_length(proof, spans)
    # A smaller log that is one whole subtree is not told again: its root is known.
    known = first & (first - 1) == 0
    old = new = first_root if known else proof[0]
    for span, each in list(zip(spans, proof, strict=True))[0 if known else 1 :]:
        if span[1] <= first:
            old, new = node(each, old), node(each, new)
        else:
            new = node(new, each)
    if old != first_root:
        raise NotProven(f"the log of {second} leaves does not begin as the log of {first} leaves")
    if new != second_root:
        raise NotProven(f"the proof leads to another log of {second} leaves")


def hashes_told(told: Sequence[str]) -> list[bytes]:
    """The hashes of a proof that somebody else has written. Raises `TypeError`, `ValueError`."""
    found = [bytes.fromhex(each) for each in told]
    if any(len(each) != len(EMPTY) for each in found):
        raise ValueError("a hash has another length")
    return found


def _demand_length(proof: Sequence[bytes], spans: Sequence[Span]) -> None:
    if len(proof) != len(spans):
        raise NotProven(f"the proof has {len(proof)} hashes, and {len(spans)} are needed")
