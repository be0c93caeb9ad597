"""Parcels of whole orders: the shipped rules divide them, and every reason is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ordinance.orders.record import Apart, OrderRecord, Share
from ordinance.orders.states import ParcelState
from ordinance.points import packing
from ordinance.profile import Carrier, Item, Warehouse
from ordinance.rules import Rulebook, RuleFileError, Words, loads
from ordinance.rules.schema import json_schema
from ordinance.shop.buyer import InvalidOrder
from tests.core.shop import ITEMS as TEASHOP
from tests.core.shop import ROOT, Bench, order, shipped_rules
from tests.rules.reading.test_schema import editor_accepts

ITEMS = {
    **TEASHOP,
    "GAS": Item("GAS", "气罐", "camping", 300, 400, frozenset({"dangerous"})),
    "SOFA": Item("SOFA", "沙发", "home", 9_000, 9_000, frozenset({"ships_alone"})),
    "STONE": Item("STONE", "石头", "home", 10_000, 2_000),
    "SOON": Item("SOON", "预售杯", "ware", 400, 900, frozenset({"presale"})),
    "LAMP": Item("LAMP", "落地灯", "home", 5_000, 90_000, frozenset({"oversize"})),
    "BOX": Item("BOX", "礼盒", "ware", 11_000, 900, bundle=(("TEA", 2), ("STONE", 1))),
}
HERE = (
    Warehouse(
        "HZ", Words("杭州", "Hangzhou"), "3301", traits=frozenset({"cold_chain", "dangerous"})
    ),
)
CARRIERS = (
    Carrier("SWIFT", Words("快", "Swift"), first_minor=1200, step_minor=600, max_grams=25_000),
    Carrier("SLOW", Words("慢", "Slow"), first_minor=800, step_minor=300, max_grams=30_000),
)


@pytest.fixture
def make(tmp_path: Path) -> Any:
    """Benches with everything in one warehouse; each must add up in the end."""
    made: list[Bench] = []

    def make(rules: Rulebook | None = None, **changes: Any) -> Bench:
        stock = {("HZ", sku): 50 for sku in ITEMS}
        fields = {"items": ITEMS, "warehouses": HERE, "carriers": CARRIERS, "stock": stock}
        path = tmp_path / str(len(made))
        path.mkdir()
        made.append(Bench(path, rules, **{**fields, **changes}))
        return made[-1]

    yield make
    for bench in made:
        bench.well()
        bench.shop.close()


def lines(**quantities: int) -> list[dict[str, Any]]:
    """Order lines of so many pieces, 10.00 each."""
    return [
        {"sku": sku, "quantity": count, "unit_price": "10.00"} for sku, count in quantities.items()
    ]


def inside(record: OrderRecord) -> dict[str, dict[str, int]]:
    """Pieces by sku, by living parcel."""
    found: dict[str, dict[str, int]] = {}
    for parcel in record.parcels.values():
        if parcel.state is not ParcelState.CANCELLED:
            held = found.setdefault(parcel.id, {})
            for piece in parcel.pieces:
                held[piece.sku] = held.get(piece.sku, 0) + piece.quantity
    return found


def _book(text: str) -> Rulebook:
    """The shipped rules with those of `text` in place of their own."""
    sets = loads(text, file="changed.yaml").sets
    return Rulebook([*{**shipped_rules(), **sets}.values()])


def test_cold_dangerous_and_presale_goods_travel_apart_and_each_parcel_says_why(make: Any) -> None:
    bench = make()
    placed = bench.place(lines=lines(TEA=2, COLD=1, GAS=1, SOON=1, LAMP=1), freight=6)
    record = bench.record(placed)

    assert inside(record) == {
        "P1": {"TEA": 2},
        "P2": {"COLD": 1},
        "P3": {"GAS": 1},
        "P4": {"SOON": 1},
        "P5": {"LAMP": 1},
    }
    assert [parcel.apart for parcel in record.parcels.values()] == [
        (),
        (Apart("K1", "trait", "cold_chain"),),
        (Apart("K2", "trait", "dangerous"),),
        (Apart("K3", "trait", "presale"),),
        (Apart("K5", "trait", "oversize"),),
    ]
    assert record.parcels["P2"].package == "cool_box"
    assert [parcel.share for parcel in record.parcels.values()] == [
        Share(20_00, freight=2_00),
        *[Share(10_00, freight=1_00)] * 4,
    ]


def test_the_reason_is_in_the_timeline_and_in_the_explanation_in_both_languages(make: Any) -> None:
    bench = make()
    placed = bench.place(lines=lines(TEA=2, COLD=1))

    english, chinese = (bench.shop.timeline(placed, lang) for lang in ("en", "zh"))
    told = bench.shop.explain(placed, "packing.split")

    assert "parcel P1: from HZ" in english
    assert "parcel P2 (cold chain apart: K1): from HZ with SLOW, in a cool box" in english
    assert "包裹 P2 (冷链单独成包: K1): HZ 发出" in chinese
    assert "K1 Cold chain apart: what must stay cold does not travel with the rest" in told
    assert "K2 Dangerous goods apart [did not fire]" in told


def test_the_lineage_is_told_from_parcels_to_lines_and_back(make: Any) -> None:
    bench = make()
    placed = bench.place(lines=lines(TEA=3, COLD=1), freight=3)
    bench.hand_over(placed, "P1")
    bench.do(bench.shop.track(placed, "P1", "DAMAGED", key="d"))

    assert bench.shop.lineage(placed).splitlines() == [
        "Parcels and lines",
        "  P1 HZ: shipped; line 1 TEA units 1-3; goods 30.00, freight 2.25",
        "  P2 HZ: with the warehouse; line 2 COLD unit 1; goods 10.00, freight 0.75; "
        "cold chain apart: K1",
        "  P3 HZ: with the warehouse; line 1 TEA units 1-3; goods 30.00, freight 2.25; "
        "in place of P1",
        "  line 1 TEA: units 1-3 P1 -> P3",
        "  line 2 COLD: unit 1 P2",
    ]
    assert "第1行 TEA: 第1-3件 P1 -> P3" in bench.shop.lineage(placed, "zh")


def test_a_single_piece_is_not_even_asked_about(make: Any) -> None:
    bench = make()
    placed = bench.place(lines=lines(SOFA=1))

    assert "packing.split" not in bench.decided(placed)
    assert len(bench.record(placed).parcels) == 1


def test_a_gift_travels_with_the_line_that_earned_it(make: Any) -> None:
    bench = make()
    gift = {"sku": "CUP", "quantity": 1, "unit_price": "0", "gift_of": 2}
    record = bench.record(bench.place(lines=[*lines(TEA=1, COLD=1), gift]))

    assert inside(record) == {"P1": {"TEA": 1}, "P2": {"COLD": 1, "CUP": 1}}


def test_a_gift_of_no_line_is_refused_by_name(make: Any) -> None:
    with pytest.raises(InvalidOrder, match="line 1 is a gift of line 3: no other line is it"):
        make().shop.place(order(lines=[{**lines(TEA=1)[0], "gift_of": 3}]))


def test_the_pieces_of_a_set_stay_together(make: Any) -> None:
    bench = make()
    record = bench.record(bench.place(lines=lines(BOX=4)))

    assert [sum(held.values()) for held in inside(record).values()] == [2, 2]
    assert all(set(held) == {"BOX"} for held in inside(record).values())


def test_what_no_carrier_takes_for_its_weight_is_split_into_the_fewest_parcels(make: Any) -> None:
    bench = make()
    record = bench.record(bench.place(lines=lines(STONE=6)))

    # 60 kg would be two parcels of 30 kg, but the carton weighs too.
    assert [held["STONE"] for held in inside(record).values()] == [2, 2, 2]
    assert all(parcel.weight_grams <= 30_000 for parcel in record.parcels.values())
    assert not record.open_holds
    assert {item.rule for item in record.parcels["P1"].apart} == {"K6"}
    told = bench.shop.timeline(record.id)
    assert "(what a carrier takes, at most 28800 g: K6)" in told


def test_a_parcel_splits_down_to_the_carrier_that_the_rules_allow(make: Any) -> None:
    rules = (ROOT / "rules" / "shipping.yaml").read_text("utf-8")
    head, carrier, rest = rules.partition("decision: shipping.carrier")
    never = "{id: NO, when: {candidate.code: SLOW}, because: {zh: 不用, en: not used}}"
    rest = rest.replace("    exclude:\n", f"    exclude:\n      - {never}\n", 1)
    bench = make(_book(f"{head}{carrier}{rest}"))
    record = bench.record(bench.place(lines=lines(STONE=2, COLD=9)))

    assert {parcel.carrier for parcel in record.parcels.values()} == {"SWIFT"}
    assert all(parcel.weight_grams <= 25_000 for parcel in record.parcels.values())
    assert len(record.parcels) == 2


def test_one_piece_that_no_carrier_takes_is_parked_and_not_split(make: Any) -> None:
    bench = make(items={**ITEMS, "STONE": replace(ITEMS["STONE"], weight_grams=31_000)})
    record = bench.record(bench.place(lines=lines(STONE=1)))

    assert [hold.code for hold in record.open_holds] == ["CARRIER_UNREACHABLE"]
    assert len(record.parcels) == 1


def test_a_switched_off_splitter_leaves_one_parcel(make: Any) -> None:
    text = (ROOT / "rules" / "packing.yaml").read_text("utf-8")
    start, end = text.index("      - id: K1\n"), text.index("      - id: K2\n")
    cut = text[:start] + text[end:]
    cut = cut.replace("{by: trait, of: cold_chain}, ", "").replace("[K1, K6]", "[K6]")
    bench = make(_book(cut))

    assert len(bench.record(bench.place(lines=lines(TEA=2, COLD=1))).parcels) == 1


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ("{by: trait}", "`split` with `by: trait` needs `of`"),
        ("{方式: 按特性}", "`split` with `by: trait` needs `of`"),
        ("[{by: article}, {by: trait}]", "`split` with `by: trait` needs `of`"),
        ("{by: limit}", "`split` with `by: limit` needs one of `at_most_g`, `at_most_cm3`"),
        ("{by: each, 限重: 5}", "`split` has `at_most_g`, which needs `by: limit`"),
    ],
)
def test_a_splitter_that_lacks_what_it_needs_is_found_when_its_rules_are_read(
    split: str, said: str
) -> None:
    text = (ROOT / "rules" / "packing.yaml").read_text("utf-8")
    wrong = text.replace("then: {split: {by: trait, of: cold_chain}}", f"then: {{split: {split}}}")
    schema = json_schema(packing.POINTS)

    with pytest.raises(RuleFileError) as refused:
        _book(wrong)

    assert said in str(refused.value) and str(refused.value).startswith("changed.yaml:")
    assert editor_accepts(text, schema) and not editor_accepts(wrong, schema)


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ("{by: trait}", "`K1` splits by trait: say which one with `of`"),
        ("{by: limit}", "`K1` splits by a limit: say one of at_most_g"),
        ("{by: category, at_most_g: 5}", "`K1` gives a limit: limits need `by: limit`"),
    ],
)
def test_a_splitter_by_parameter_that_lacks_what_it_needs_holds_the_order_and_says_so(
    make: Any, split: str, said: str
) -> None:
    text = (ROOT / "rules" / "packing.yaml").read_text("utf-8")
    how = split.removeprefix("{by: ").rstrip("}").partition(",")[0]
    with_parameter = text.replace(
        "    hit: collect\n", f"    hit: collect\n    params: {{how: {{value: {how}}}}}\n", 1
    )
    told = split.replace(f"by: {how}", "by: $how")
    then = "then: {split: {by: trait, of: cold_chain}}"
    bench = make(_book(with_parameter.replace(then, f"then: {{split: {told}}}")))
    placed = bench.place(lines=lines(TEA=2, COLD=1))
    record = bench.record(placed)

    assert [hold.code for hold in record.open_holds] == ["RULE_FAILED"] and not record.parcels
    events = bench.shop.storage.events("teashop", placed)
    assert any(said in event.data for event in events)


def test_a_value_limit_and_a_limit_of_pieces_are_kept(make: Any) -> None:
    text = (ROOT / "rules" / "packing.yaml").read_text("utf-8")
    limits = "[{by: limit, at_most_value: 25.00}, {by: limit, at_most_pieces: 2}]"
    bench = make(_book(text.replace("split: {by: trait, of: presale}", f"split: {limits}")))
    record = bench.record(bench.place(lines=lines(TEA=5, SOON=1)))

    assert sorted(sum(held.values()) for held in inside(record).values()) == [2, 2, 2]
    # Each of the two splits of the one rule is named, and those after it keep their own rule.
    assert {item.rule for item in record.parcels["P1"].apart} == {"K3"}
    assert {item.what for item in record.parcels["P1"].apart} == {
        "at_most_value=25",
        "at_most_pieces=2",
    }


def test_the_refund_of_a_lost_parcel_is_what_it_carried(make: Any) -> None:
    bench = make(stock={("HZ", "SOFA"): 3})
    paid = [{"sku": "SOFA", "quantity": 3, "unit_price": "33.34", "discount": "0.02"}]
    record = bench.record(bench.place(lines=paid, payments=[paid_for("100.00")]))
    assert [parcel.share.amount for parcel in record.parcels.values()] == [33_33, 33_33, 33_34]

    for parcel in ("P1", "P2", "P3"):
        bench.hand_over(record.id, parcel)
    bench.deliver(record.id, "P1")
    bench.later(days=20)

    after = bench.record(record.id)
    assert {code: parcel.resolved for code, parcel in after.parcels.items()} == {
        "P1": None,
        "P2": "refund",
        "P3": "refund",
    }
    assert [refund.amount for refund in after.refunds.values()] == [33_33, 33_34]
    assert after.lines[1].kept == after.parcels["P1"].share.amount


def paid_for(amount: str) -> Mapping[str, Any]:
    """One payment."""
    return {"transaction": "T1", "amount": amount, "paid_at": "2026-03-02T10:00:00+08:00"}


def test_goods_sent_again_are_split_like_the_first_time_and_the_case_waits_for_all(
    make: Any,
) -> None:
    bench = make()
    placed = bench.place(lines=lines(TEA=2, COLD=1))
    for parcel in ("P1", "P2"):
        bench.hand_over(placed, parcel)
        bench.deliver(placed, parcel)
    bench.do(
        bench.shop.request_aftersale(
            placed, key="a", reason="NOT_RECEIVED", demand="RESEND", evidence=True
        )
    )
    case = bench.record(placed).cases["C1"]
    if case.state == "REVIEW":
        bench.do(bench.shop.settle_case(placed, "C1", "RESEND", key="s", by="clerk"))
        case = bench.record(placed).cases["C1"]

    assert case.parcels == ("P3", "P4")
    assert inside(bench.record(placed))["P4"] == {"COLD": 1}
    for parcel in case.parcels:
        bench.hand_over(placed, parcel)
    assert bench.deliver(placed, "P3").cases["C1"].state == "RESHIPPED"
    assert bench.deliver(placed, "P4").cases["C1"].state == "DONE"
