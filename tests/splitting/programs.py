"""The same problem written as an integer program and given to HiGHS, which knows nothing of ours.

A unit of a line is a variable for each warehouse. Lines that belong together (a set, a line that
may not be cut, a gift with the line that it came with) have one yes-or-no for each warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy

from ordinance.splitting import Plan, Problem, Want


@dataclass(frozen=True, slots=True)
class Best:
    """Units left short, and the cost of a plan that leaves no more than those."""

    short: int
    cost: int


def best(problem: Problem) -> Best:
    """What the best plan comes to, by two programs: the fewest units short, then the least cost."""
    short, _ = _solved(problem, None)
    _, cost = _solved(problem, short)
    return Best(short, cost)


def flaws(problem: Problem, plan: Plan) -> list[str]:
    """What is wrong with a plan by the words of the problem, cost and limits included."""
    found = []
    sources = {source.code: source for source in problem.sources}
    sent = {want.line: dict.fromkeys(sources, 0) for want in problem.wants}
    for code, units in plan.sends:
        for line, count in units.items():
            sent[line][code] += count
    if len(plan.sends) > problem.most_parcels:
        found.append("too many parcels")
    if any(not units for _, units in plan.sends):
        found.append("an empty parcel")
    for want in problem.wants:
        if sum(sent[want.line].values()) + plan.short.get(want.line, 0) != want.units:
            found.append(f"line {want.line} does not add up")
    for code, source in sources.items():
        taken: dict[str, int] = {}
        for want in problem.wants:
            for item, count in want.takes:
                taken[item] = taken.get(item, 0) + count * sent[want.line][code]
        found += [
            f"{code} has not so much {item}"
            for item, count in taken.items()
            if count > source.stock.get(item, 0)
        ]
    for team in _teams(problem.wants):
        for code in sources:
            got = [sent[want.line][code] for want, _ in team]
            wholes = [sent[want.line][code] for want, all_of_it in team if all_of_it]
            if any(wholes) and not all(got):
                found.append(f"lines {[want.line for want, _ in team]} are torn apart")
        for want, all_of_it in team:
            if all_of_it and len([code for code in sources if sent[want.line][code]]) > 1:
                found.append(f"line {want.line} is cut")
            if all_of_it and any(0 < sent[want.line][code] < want.units for code in sources):
                found.append(f"line {want.line} leaves in part")
    if plan.cost != cost_of(problem, plan):
        found.append(f"costs {cost_of(problem, plan)}, says {plan.cost}")
    return found


def cost_of(problem: Problem, plan: Plan) -> int:
    """What a plan costs by the words of the problem."""
    sources = {source.code: source for source in problem.sources}
    total = problem.extra_parcel * max(len(plan.sends) - 1, 0)
    for code, units in plan.sends:
        total += sources[code].parcel
        total += sum(sources[code].unit.get(line, 0) * count for line, count in units.items())
    return total


def _teams(wants: Sequence[Want]) -> list[list[tuple[Want, bool]]]:
    """Wants that leave together, each with whether all of it does (or just one unit of it)."""
    by_line = {want.line: want for want in wants}
    near: dict[int, set[int]] = {want.line: set() for want in wants}
    for want in wants:
        friends = [
            other.line
            for other in wants
            if want.together is not None and other.together == want.together
        ]
        if want.gift_of in by_line:
            friends.append(want.gift_of)
        for friend in friends:
            near[want.line].add(friend)
            near[friend].add(want.line)
    teams, seen = [], set()
    for want in wants:
        if want.line in seen:
            continue
        team, open_ = {want.line}, [want.line]
        while open_:
            for line in near[open_.pop()] - team:
                team.add(line)
                open_.append(line)
        seen |= team
        members = [by_line[line] for line in sorted(team)]
        if len(members) > 1 or members[0].whole or members[0].together is not None:
            teams.append(
                [
                    (
                        member,
                        member.whole or member.together is not None or member.gift_of in by_line,
                    )
                    for member in members
                ]
            )
    return teams


def _solved(problem: Problem, most_short: int | None) -> tuple[int, int]:
    """(units short, cost) of the best plan: by units short, or by cost with so many short."""
    program = highspy.Highs()
    program.setOptionValue("output_flag", False)
    program.setOptionValue("mip_rel_gap", 0.0)
    program.setOptionValue("mip_abs_gap", 0.5)
    program.setOptionValue("threads", 1)
    wants, sources = problem.wants, problem.sources
    used = [program.addBinary() for _ in sources]
    units = {
        (want.line, place): program.addIntegral(lb=0, ub=want.units)
        for want in wants
        for place in range(len(sources))
    }
    program.addConstr(sum(used) <= problem.most_parcels)
    short = sum(want.units for want in wants) - sum(units.values())
    for want in wants:
        program.addConstr(sum(units[want.line, p] for p in range(len(sources))) <= want.units)
    for place, source in enumerate(sources):
        for want in wants:
            program.addConstr(units[want.line, place] <= want.units * used[place])
        for item in sorted({item for want in wants for item, _ in want.takes}):
            taken = sum(
                count * units[want.line, place]
                for want in wants
                for name, count in want.takes
                if name == item
            )
            program.addConstr(taken <= source.stock.get(item, 0) * used[place])
    for team in _teams(wants):
        here = [program.addBinary() for _ in sources]
        program.addConstr(sum(here) <= 1)
        for want, all_of_it in team:
            for place in range(len(sources)):
                if all_of_it:
                    program.addConstr(units[want.line, place] == want.units * here[place])
                else:
                    program.addConstr(units[want.line, place] >= here[place])
            if not all_of_it:
                program.addConstr(
                    sum(units[want.line, p] for p in range(len(sources)))
                    <= want.units - 1 + sum(here)
                )
    begun = program.addBinary()
    program.addConstr(begun <= sum(used))
    cost = (
        sum((source.parcel + problem.extra_parcel) * used[p] for p, source in enumerate(sources))
        + sum(
            source.unit.get(want.line, 0) * units[want.line, place]
            for place, source in enumerate(sources)
            for want in wants
        )
        - problem.extra_parcel * begun
    )
    if most_short is None:
        program.minimize(short)
    else:
        program.addConstr(short <= most_short)
        program.minimize(cost)
    if program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise AssertionError(f"HiGHS ended with {program.getModelStatus()}")
    value = round(program.getInfo().objective_function_value)
    return (value, 0) if most_short is None else (most_short, value)
