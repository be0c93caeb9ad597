"""`ordinance stock`: what a warehouse clerk types, and what is said back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ordinance.audit.stockcheck import check_stock
from ordinance_adapters.cli.opening import remember
from ordinance_adapters.sqlite import open_storage
from tests.cli.terminal import Said, here, refused
from tests.core.shop import MONDAY, Bench
from tests.stock.test_stockcheck import PLANTED, SHOP, busy
from tests.tampering import tampered


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a store that has an order, a checkout, a pool, a transfer, goods in doubt."""
    bench = busy(tmp_path)
    remember(bench.shop.storage, SHOP, "CNY", "Asia/Shanghai")
    bench.shop.close()
    return tmp_path


def book(folder: Path, *arguments: str) -> Said:
    return here("stock", *arguments, "--by", "lan", cwd=folder)


def sound(folder: Path) -> bool:
    storage = open_storage(folder / "shop.db")
    found = check_stock(storage, SHOP)
    storage.close()
    return found == []


def counts(folder: Path, sku: str, warehouse: str) -> dict[str, int]:
    said = here("stock", "show", sku, "--warehouse", warehouse, "--json", cwd=folder)
    (level,) = json.loads(said.out)["levels"]
    return {name: value for name, value in level.items() if isinstance(value, int)}


def test_a_delivery_is_booked_once_per_key(shop: Path) -> None:
    first = book(shop, "receive", "HZ", "TEA", "5", "--key", "D-1")
    again = book(shop, "receive", "HZ", "TEA", "5", "--key", "D-1")
    other = book(shop, "receive", "HZ", "TEA", "6", "--key", "D-1")

    assert first.out == "TEA  HZ  10 available, 15 on hand, 3 reserved, 1 set aside, 1 safety\n"
    assert again.out == "`D-1` was booked before; nothing changed this time\n"
    refused(other, "error: key `D-1` was used before with another content; use a new key")
    assert counts(shop, "TEA", "HZ")["on_hand"] == 15
    assert sound(shop)


def test_a_delivery_may_say_when_its_goods_expire(shop: Path) -> None:
    first = book(shop, "receive", "HZ", "TEA", "5", "--expires", "2026-12-31", "--key", "D-1")
    other = book(shop, "receive", "HZ", "TEA", "5", "--expires", "2027-01-31", "--key", "D-1")
    never = book(shop, "receive", "HZ", "TEA", "5", "--expires", "31.12.2026", "--key", "D-2")

    assert first.out.startswith("TEA  HZ  10 available")
    refused(other, "error: key `D-1` was used before with another content; use a new key")
    assert never.code == 2 and "--expires" in never.err
    storage = open_storage(shop / "shop.db")
    with storage.transaction() as tx:
        assert tx.expiries(SHOP, ["TEA"]) == {("HZ", "TEA"): date(2026, 12, 31)}
    storage.close()


def test_a_delivery_counts_against_its_purchase_order(shop: Path) -> None:
    bench = Bench(shop)
    bench.shop.expect_stock("PO-7", "HZ", "TEA", 9, key="p1", now=MONDAY)
    bench.shop.close()
    came = book(shop, "receive", "HZ", "TEA", "5", "--purchase", "PO-7", "--key", "D-1")
    wrong = book(shop, "receive", "HZ", "CUP", "5", "--purchase", "PO-7", "--key", "D-2")
    storage = open_storage(shop / "shop.db")
    with storage.transaction() as tx:
        order = tx.purchase_order(SHOP, "PO-7", "HZ", "TEA")
    storage.close()

    assert came.code == 0
    assert (order.pieces, order.received) == (9, 5) if order else False
    refused(wrong, "no purchase order `PO-7` is to bring `CUP` to `HZ`")
    assert counts(shop, "CUP", "HZ")["on_hand"] == 3


def test_without_a_key_a_new_one_is_told(shop: Path) -> None:
    said = book(shop, "receive", "HZ", "TEA", "5")
    key = said.out.split("--key ")[1].split()[0]

    assert "was booked before" in book(shop, "receive", "HZ", "TEA", "5", "--key", key).out


def test_a_name_that_nothing_was_booked_under_is_not_made_by_a_slip_of_the_pen(shop: Path) -> None:
    refused(book(shop, "receive", "HZZ", "TEA", "5"), "did you mean `HZ`?", "--new")
    refused(book(shop, "receive", "HZ", "TEAA", "5"), "did you mean `TEA`?", "--new")
    refused(book(shop, "transfer", "HZ", "BJJ", "TEA", "1"), "did you mean `BJ`?", "use --new")
    lost = book(shop, "adjust", "HZZ", "TEA", "1", "--note", "found")
    refused(lost, "did you mean `HZ`?", "use `ordinance stock receive --new`")

    assert book(shop, "receive", "SH", "TEA", "5", "--new").code == 0


def test_a_count_puts_the_shelf_right_and_cannot_take_what_is_promised(shop: Path) -> None:
    found = book(shop, "adjust", "HZ", "TEA", "--found", "8", "--note", "count", "--key", "C-1")
    less = book(shop, "adjust", "HZ", "TEA", "-4", "--note", "broken", "--key", "C-2")
    none = book(shop, "adjust", "HZ", "TEA", "-5", "--note", "broken", "--lang", "zh")

    assert found.out.startswith("TEA  HZ  3 available, 8 on hand")
    assert less.out.startswith("TEA  HZ  0 available, 4 on hand, 3 reserved, 1 set aside")
    refused(none, "HZ 的 `TEA` 只有 0 件可用, 需要 5 件; 其余已锁定或已预留")
    again = book(shop, "adjust", "HZ", "TEA", "--found", "4", "--note", "count", "--key", "C-3")
    assert again.out == "the books say so already\n"
    for nothing in ([], ["0"], ["3", "--found", "4"]):
        refused(book(shop, "adjust", "HZ", "TEA", *nothing, "--note", "?"), "give either PIECES")
    assert sound(shop)


def test_a_shelf_with_too_little_says_why_only_where_pieces_are_promised(shop: Path) -> None:
    for more in (["adjust", "HZ", "TEA", "-99"], ["quarantine", "HZ", "TEA", "99"]):
        held = book(shop, *more, "--note", "water")
        refused(held, "were wanted; the rest is reserved or set aside: release it")
    refused(book(shop, "transfer", "HZ", "BJ", "TEA", "99"), "the rest is reserved or set aside")
    bare = book(shop, "adjust", "HZ", "CUP", "-4", "--note", "water")
    zh = book(shop, "quarantine", "HZ", "CUP", "4", "--note", "water", "--lang", "zh")

    refused(bare, "3 of `CUP` can be had in HZ, 4 were wanted; the books have no more: receive")
    refused(zh, "HZ 的 `CUP` 只有 3 件可用, 需要 4 件; 账面没有更多")
    assert sound(shop)


def test_a_transfer_is_on_its_way_until_it_arrives_or_is_lost(shop: Path) -> None:
    sent = book(shop, "transfer", "HZ", "BJ", "TEA", "4", "--key", "T-9")
    came = book(shop, "arrive", "T-9", "--pieces", "3", "--key", "A-1")
    lost = book(shop, "lose", "T-9", "--note", "fell off", "--key", "A-2")

    assert sent.out.splitlines() == [
        "TEA  BJ  7 available, 7 on hand, 4 in transit",
        "TEA  HZ  1 available, 6 on hand, 3 reserved, 1 set aside, 1 safety",
    ]
    assert came.out == "TEA  BJ  10 available, 10 on hand, 1 in transit\n"
    assert lost.out == "TEA  BJ  10 available, 10 on hand\n"
    refused(book(shop, "arrive", "T-9"), "nothing of a transfer `T-9` is on its way", "t1")
    assert sound(shop)


def test_doubtful_goods_go_into_quarantine_and_out_of_it(shop: Path) -> None:
    book(shop, "quarantine", "HZ", "CUP", "2", "--note", "cracked?")
    book(shop, "clear", "HZ", "CUP", "1")
    book(shop, "scrap", "HZ", "CUP", "1", "--note", "cracked")

    assert counts(shop, "CUP", "HZ")["quarantine"] == 1
    assert counts(shop, "CUP", "HZ")["on_hand"] == 2
    refused(book(shop, "scrap", "HZ", "CUP", "2", "--note", "x"), "1 of `CUP` can be had in HZ")
    assert sound(shop)


def test_pieces_are_set_aside_for_a_channel_and_given_back(shop: Path) -> None:
    book(shop, "set-aside", "BJ", "TEA", "5", "app")
    back = book(shop, "set-aside", "BJ", "TEA", "-2", "app")
    more = book(shop, "set-aside", "BJ", "TEA", "-4", "app")
    web = here("stock", "show", "TEA", "--warehouse", "BJ", "--json", cwd=shop)
    app = here("stock", "show", "TEA", "--warehouse", "BJ", "--channel", "app", "--json", cwd=shop)

    assert back.out.startswith("TEA  BJ  4 available, 7 on hand, 3 set aside")
    refused(more, "3 of `TEA` can be had in BJ, 4 were wanted")
    assert json.loads(web.out)["levels"][0]["available"] == 4
    assert json.loads(app.out)["levels"][0]["available"] == 7
    assert sound(shop)


def test_safety_stock_is_held_back_from_now_on(shop: Path) -> None:
    assert book(shop, "safety", "BJ", "TEA", "6").out.startswith("TEA  BJ  1 available, 7 on hand")
    assert book(shop, "safety", "BJ", "TEA", "0").out.startswith("TEA  BJ  7 available, 7 on hand")
    assert sound(shop)


def test_stock_is_shown_as_a_table_and_an_article_with_who_holds_it(shop: Path) -> None:
    table = here("stock", "show", cwd=shop).out.splitlines()
    tea = here(
        "stock", "show", "TEA", "--lang", "zh", "--movements", "2", cwd=shop
    ).out.splitlines()

    assert table[0].startswith("sku   warehouse  available  on hand  reserved  set aside")
    assert table[-1].split() == ["TEA", "HZ", "5", "10", "3", "1", "1", "0", "0"]
    assert tea[0].split()[:4] == ["商品", "仓库", "可售", "在库"]
    assert any(line.startswith("HZ  结账 cart 锁定 1, 至 2026-03-02 10:15") for line in tea)
    assert any(line.startswith("HZ  订单 ") and line.endswith(" 锁定 2") for line in tea)
    assert "HZ  渠道 live 预留 1" in tea
    assert "CD  调拨 t1: 3 件自 BJ 在途" in tea
    assert tea[-1].split()[2:5] == ["HZ", "锁定", "+1"]
    refused(here("stock", "show", "TAE", cwd=shop), "did you mean `TEA`?")


def test_what_is_not_known_is_asked_for(shop: Path) -> None:
    no_name = here("stock", "receive", "HZ", "TEA", "5", cwd=shop)
    nothing = book(shop, "receive", "HZ", "TEA", "0")

    assert no_name.code == 2
    assert "--by" in no_name.err
    assert nothing.code == 2
    refused(here("stock", "receive", "HZ", "TEA", "5", "--by", " ", cwd=shop), "cannot be empty")
    refused(here("stock", "show", "--db", "none.db", cwd=shop), "there is no such store")


def test_reconcile_tells_first_and_repairs_when_told_to(shop: Path) -> None:
    tampered(shop / "shop.db", PLANTED["a counter that lost a piece"][0])
    dry = here("stock", "reconcile", cwd=shop)
    nobody = here("stock", "reconcile", "--repair", cwd=shop)
    done = book(shop, "reconcile", "--repair")
    after = here("stock", "reconcile", "--lang", "zh", cwd=shop)

    assert dry.code == 1
    assert "1 findings:" in dry.out
    assert "1 can be put right (give --repair):" in dry.out
    refused(nobody, "--repair needs --by")
    assert done.code == 0
    assert "  `TEA` in HZ: the counter said on hand 9" in done.out
    assert done.out.endswith("everything adds up now\n")
    assert (after.code, after.out) == (0, "全部相符\n")


def test_reconcile_says_what_it_cannot_put_right(shop: Path) -> None:
    tampered(shop / "shop.db", PLANTED["a movement that was taken out"][0])
    said = book(shop, "reconcile", "--repair", "--json")
    told = json.loads(said.out)

    assert said.code == 1
    assert told["done"] == []
    assert told["refused"] == [
        "`CUP` in HZ: movements are missing, so nothing proves what is right: restore a backup"
    ]
    assert told["left"] == told["found"] != []
