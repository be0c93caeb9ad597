"""Plans that can be worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ordinance.splitting import Method, Problem, Source, Want, solve

A, B = Want(1, 1, (("A", 1),)), Want(2, 1, (("B", 1),))


def _fixture(penalty: int) -> Problem:
    """ST11: one of each; WH1 has both and is dear, WH2 and WH3 have one each and are cheap."""
    return Problem(
        (A, B),
        (
            Source("WH1", {"A": 5, "B": 5}, 1400, {}),
            Source("WH2", {"A": 5}, 600, {}),
            Source("WH3", {"B": 5}, 600, {}),
        ),
        most_parcels=4,
        extra_parcel=penalty,
    )


@pytest.mark.parametrize(
    ("penalty", "codes", "cost"),
    [(300, ["WH1"], 1400), (100, ["WH2", "WH3"], 1300), (200, ["WH1"], 1400)],
)
def test_st11_the_penalty_for_another_parcel_decides(
    penalty: int, codes: list[str], cost: int
) -> None:
    plan = solve(_fixture(penalty))

    assert [code for code, _ in plan.sends] == codes
    assert (plan.cost, plan.gap, plan.method) == (cost, 0, Method.EXACT)


def test_of_equal_plans_the_preferred_warehouse_sends() -> None:
    twins = tuple(Source(code, {"A": 5}, 500, {1: 10}) for code in ("X", "Y", "Z"))

    assert [solve(Problem((A,), order, 4)).sends[0][0] for order in (twins, twins[::-1])] == [
        "X",
        "Z",
    ]


def test_fewer_units_short_beats_any_cost() -> None:
    want = Want(1, 3, (("A", 1),))
    near, far = Source("NEAR", {"A": 2}, 1, {}), Source("FAR", {"A": 3}, 10**9, {})

    plan = solve(Problem((want,), (near, far), 1))

    assert (plan.sends, plan.short) == ((("FAR", {1: 3}),), {})


def test_what_nobody_has_is_short_and_costs_nothing() -> None:
    plan = solve(Problem((A, B), (Source("W", {"A": 5}, 500, {}),), 4))
    nothing = solve(Problem((A,), (), 4))

    assert (plan.sends, plan.short, plan.cost) == ((("W", {1: 1}),), {2: 1}, 500)
    assert (nothing.sends, nothing.short, nothing.cost) == ((), {1: 1}, 0)
    assert solve(Problem((A,), (Source("W", {"A": 5}, 500, {}),), 0)).sends == ()


def test_a_line_may_be_cut_unless_it_is_whole() -> None:
    want = Want(1, 4, (("A", 1),))
    sources = (Source("X", {"A": 2}, 100, {}), Source("Y", {"A": 2}, 100, {}))

    assert solve(Problem((want,), sources, 4)).sends == (("X", {1: 2}), ("Y", {1: 2}))
    assert solve(Problem((replace(want, whole=True),), sources, 4)).short == {1: 4}


def test_a_bundle_is_sent_in_whole_units_and_shares_stock_with_its_parts() -> None:
    bundle, cups = Want(1, 2, (("TEA", 1), ("CUP", 2))), Want(2, 1, (("CUP", 1),))
    home = Source("HOME", {"TEA": 2, "CUP": 4}, 100, {})

    alone = solve(Problem((bundle, cups), (home,), 4))
    helped = solve(Problem((bundle, cups), (home, Source("AWAY", {"CUP": 1}, 700, {})), 4))

    assert sum(alone.short.values()) == 1
    assert helped.sends == (("HOME", {1: 2}), ("AWAY", {2: 1}))


def test_a_set_leaves_one_warehouse() -> None:
    one, other = replace(A, together="pair"), replace(B, together="pair")
    sources = (
        Source("X", {"A": 1}, 10, {}),
        Source("Y", {"B": 1}, 10, {}),
        Source("Z", {"A": 1, "B": 1}, 900, {}),
    )

    assert solve(Problem((one, other), sources, 4)).sends == (("Z", {1: 1, 2: 1}),)
    assert solve(Problem((one, other), sources[:2], 4)).short == {1: 1, 2: 1}


def test_a_gift_leaves_where_a_unit_of_its_line_leaves() -> None:
    line, gift = Want(1, 2, (("A", 1),)), Want(2, 1, (("G", 1),), gift_of=1)
    sources = (
        Source("X", {"A": 2}, 100, {}),
        Source("Y", {"G": 1}, 100, {}),
        Source("Z", {"A": 1, "G": 1}, 900, {}),
    )

    plan = solve(Problem((line, gift), sources, 4))

    assert plan.sends == (("X", {1: 1}), ("Z", {1: 1, 2: 1}))


def test_a_search_that_is_cut_short_says_so_and_how_far_off_it_may_be() -> None:
    plan = solve(_fixture(100), steps=0)

    assert plan.method is Method.HEURISTIC
    assert plan.least_cost <= 1300 <= plan.cost
    assert plan.gap == plan.cost - plan.least_cost


def test_equal_problems_have_equal_plans() -> None:
    assert solve(_fixture(200)) == solve(_fixture(200))
