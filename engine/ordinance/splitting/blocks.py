"""Blocks: wants rewritten so that every unit of a block may leave any warehouse by itself.

A set, and a line that may not be cut, becomes one unit that takes all of its pieces. A gift becomes
one unit together with one unit of the line that it came with. Lines that take the same and cost the
same are one block. What is left are blocks that differ in one thing only: whether they take stock
items that other blocks take too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ordinance.splitting.problem import Problem, Source, Want


@dataclass(frozen=True, slots=True)
class Block:
    """So many equal units, each of which leaves one warehouse."""

    units: int
    takes: tuple[tuple[str, int], ...]
    weight: int
    """Units of order lines in one unit of the block."""
    inside: tuple[tuple[int, int], ...]
    """(line, units of it) in one unit of the block; a block of several lines of one kind names the
    first of them, and `lines` says how its units are dealt out."""
    lines: tuple[tuple[int, int], ...]
    """(line, units) in order, for a block of equal lines; empty for one that `inside` describes."""

    def room(self, stock: Mapping[str, int]) -> int:
        """Units of the block that this stock has room for."""
        room = self.units
        for item, count in self.takes:
            there = stock.get(item, 0) // count
            if there < room:
                room = there
        return room

    def unit_cost(self, source: Source) -> int:
        """What one unit of the block adds to the cost of a parcel of this warehouse."""
        return sum(source.unit.get(line, 0) * units for line, units in self.inside)

    def dealt(self, amounts: Iterable[tuple[int, int]]) -> list[tuple[int, dict[int, int]]]:
        """Units by line for each (source, units of the block), in order."""
        if not self.lines:
            return [
                (source, {line: units * count for line, units in self.inside})
                for source, count in amounts
            ]
        left = dict(self.lines)
        dealt = []
        for source, count in amounts:
            got: dict[int, int] = {}
            for line in left:
                part = min(left[line], count)
                if part:
                    got[line] = part
                    left[line] -= part
                    count -= part
            dealt.append((source, got))
        return dealt


def blocks_of(problem: Problem) -> list[Block]:
    """The blocks of a problem, in the order of their first line."""
    left = {want.line: want.units for want in problem.wants}
    bound: list[list[tuple[int, int]]] = []
    for wants in _bound(problem.wants):
        pieces = []
        for want, units in wants:
            pieces.append((want.line, units))
            left[want.line] -= units
        bound.append(pieces)
    by_line = {want.line: want for want in problem.wants}
    found = [_as_one(pieces, by_line) for pieces in bound]
    found += _alike([want for want in problem.wants if left[want.line]], left, problem.sources)
    return sorted(found, key=lambda block: (block.inside, block.units))


def sent(
    blocks: Sequence[Block], amounts: Mapping[int, Iterable[tuple[int, int]]]
) -> dict[int, dict[int, int]]:
    """Units by line for each source that sends something, from (source, units) by block."""
    sends: dict[int, dict[int, int]] = {}
    for number in sorted(amounts):
        for source, units in blocks[number].dealt(amounts[number]):
            got = sends.setdefault(source, {})
            for line, count in units.items():
                got[line] = got.get(line, 0) + count
    return {
        source: dict(sorted(sends[source].items())) for source in sorted(sends) if sends[source]
    }


def sharing(blocks: Sequence[Block]) -> list[list[int]]:
    """Places of blocks that take a stock item that another block takes too, by whom they meet."""
    users: dict[str, list[int]] = {}
    for place, block in enumerate(blocks):
        for item, _ in block.takes:
            users.setdefault(item, []).append(place)
    team = list(range(len(blocks)))
    for places in users.values():
        for place in places[1:]:
            old, new = team[place], team[places[0]]
            team = [new if number == old else number for number in team]
    members: dict[int, list[int]] = {}
    for place, number in enumerate(team):
        members.setdefault(number, []).append(place)
    return [places for places in members.values() if len(places) > 1]


def _bound(wants: Sequence[Want]) -> list[list[tuple[Want, int]]]:
    """Units that must leave together: sets, lines that may not be cut, gifts with one unit."""
    by_line = {want.line: want for want in wants}
    team = {want.line: want.line for want in wants}

    def join(one: int, other: int) -> None:
        old, new = team[one], team[other]
        for line, number in team.items():
            if number == old:
                team[line] = new

    first: dict[str, int] = {}
    for want in wants:
        if want.together is not None:
            join(want.line, first.setdefault(want.together, want.line))
        if want.gift_of in by_line and want.gift_of != want.line:
            join(want.line, want.gift_of)
    teams: dict[int, list[Want]] = {}
    for want in wants:
        teams.setdefault(team[want.line], []).append(want)
    bound = []
    for members in teams.values():
        wholes = [
            want
            for want in members
            if want.whole or want.together is not None or want.gift_of in by_line
        ]
        if len(members) == 1 and not members[0].whole and members[0].together is None:
            continue
        bound.append([(want, want.units if want in wholes else 1) for want in members])
    return bound


def _as_one(pieces: Sequence[tuple[int, int]], wants: Mapping[int, Want]) -> Block:
    takes: Counter[str] = Counter()
    for line, units in pieces:
        for item, count in wants[line].takes:
            takes[item] += count * units
    return Block(
        units=1,
        takes=tuple(takes.items()),
        weight=sum(units for _, units in pieces),
        inside=tuple(pieces),
        lines=(),
    )


def _alike(
    wants: Sequence[Want], left: Mapping[int, int], sources: Sequence[Source]
) -> list[Block]:
    """One block for lines that take the same and cost the same everywhere."""
    kinds: dict[tuple[object, ...], list[Want]] = {}
    for want in wants:
        costs = tuple(source.unit.get(want.line, 0) for source in sources)
        kinds.setdefault((want.takes, costs), []).append(want)
    return [
        Block(
            units=sum(left[want.line] for want in alike),
            takes=alike[0].takes,
            weight=1,
            inside=((alike[0].line, 1),),
            lines=tuple((want.line, left[want.line]) for want in alike),
        )
        for alike in kinds.values()
    ]
