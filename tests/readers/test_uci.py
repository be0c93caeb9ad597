"""The UCI Online Retail file: which invoices are orders, returns, bookkeeping or broken."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinance.orders.money import minor_units
from ordinance.orders.order import Order, Payment
from ordinance.story import AsideRow, BrokenRow, Piece, PlacedRow, ReturnRow, Row
from ordinance_adapters.readers import ReadError
from tests.readers.shops import broken, placed, rows, write

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LONDON = ZoneInfo("Europe/London")


def line(
    invoice: str = "536365",
    sku: str = "85123A",
    quantity: object = 6,
    price: object = "2.55",
    *,
    title: str = "WHITE LANTERN",
    at: str = "2010-12-01 08:26:00",
    customer: str = "17850",
    country: str = "United Kingdom",
) -> str:
    return f"{invoice},{sku},{title},{quantity},{at},{price},{customer},{country}\n"


def read(folder: Path, *content: str, seed: int = 1) -> list[Row]:
    return rows(write(folder / "r.csv", HEADER + "".join(content)), "uci", seed=seed)


def paid(row: PlacedRow) -> list[Decimal]:
    return [Decimal(str(payment["amount"])) for payment in row.story.payments]


def test_consecutive_lines_of_an_invoice_are_one_order_at_its_first_line(tmp_path: Path) -> None:
    found = read(tmp_path, line("1"), line("1", "22752", 2, "7.65"), line("2"))

    first, second = placed(found)
    assert (first.row, second.row) == (2, 4)
    assert first.order["lines"] == [
        {"sku": "85123A", "title": "WHITE LANTERN", "quantity": 6, "unit_price": "2.55"},
        {"sku": "22752", "title": "WHITE LANTERN", "quantity": 2, "unit_price": "7.65"},
    ]


def test_an_order_passes_the_contract_of_the_core(tmp_path: Path) -> None:
    (row,) = placed(read(tmp_path, line()))

    order = Order.model_validate(row.order)

    assert (order.source_id, order.channel, order.tags) == ("536365", "online", ("derived",))
    assert order.placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=LONDON)
    assert (order.buyer.id, order.receiver.region) == ("17850", "GB")


def test_lines_are_kept_as_they_are_so_that_rules_can_say_what_they_mean(tmp_path: Path) -> None:
    (row,) = placed(
        read(
            tmp_path,
            line(),
            line(),  # an exact duplicate is a line of its own
            line(sku="POST", quantity=1, price="18.0"),
            line(sku="22139", quantity=1, price="0.0", title=""),
            line(sku="21777", quantity=-1, price="7.95"),
        )
    )

    order = Order.model_validate(row.order)

    assert [(one.sku, one.quantity, one.title) for one in order.lines] == [
        ("85123A", 6, "WHITE LANTERN"),
        ("85123A", 6, "WHITE LANTERN"),
        ("POST", 1, "WHITE LANTERN"),
        ("22139", 1, None),
        ("21777", -1, "WHITE LANTERN"),
    ]


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        ([(6, "2.55")], "15.30"),
        ([(3, "0.125"), (1, "0.005")], "0.39"),  # 0.375 and 0.005, each rounded half up
        ([(1, "20.00"), (1, "0.001")], "20.00"),
        ([(2, "10.00"), (-1, "5.00")], "15.00"),
    ],
)
def test_the_payment_is_the_sum_of_the_lines_each_rounded_to_the_penny(
    tmp_path: Path, lines: list[tuple[int, str]], amount: str
) -> None:
    (row,) = placed(read(tmp_path, *(line("1", "A", count, price) for count, price in lines)))

    assert paid(row) == [Decimal(amount)]


@given(
    st.lists(
        st.tuples(st.integers(1, 5000), st.decimals(0, 200, places=3, allow_nan=False)),
        min_size=1,
        max_size=8,
    )
)
def test_the_payment_is_what_the_core_asks_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[int, Decimal]]
) -> None:
    folder = tmp_path_factory.mktemp("uci")
    (row,) = placed(read(folder, *(line("1", "A", count, f"{price}") for count, price in lines)))

    order = Order.model_validate(row.order)
    receivable = sum(minor_units(one.unit_price * one.quantity) for one in order.lines)

    assert sum(minor_units(amount) for amount in paid(row)) == receivable


@pytest.mark.parametrize("lines", [[(1, "0.0")], [(1, "5.00"), (-2, "5.00")]])
def test_where_nothing_is_owed_nothing_is_paid(
    tmp_path: Path, lines: list[tuple[int, str]]
) -> None:
    (row,) = placed(read(tmp_path, *(line("1", "A", count, price) for count, price in lines)))

    assert row.story.payments == ()


def test_a_payment_comes_after_the_order_and_passes_the_contract(tmp_path: Path) -> None:
    found = placed(read(tmp_path, *(line(str(number)) for number in range(1000, 1200))))

    payments = [Payment.model_validate(row.story.payments[0]) for row in found]

    placed_at = datetime(2010, 12, 1, 8, 26, tzinfo=LONDON)
    waited = {
        method: [
            (one.paid_at - placed_at).total_seconds() / 60
            for one in payments
            if one.method == method
        ]
        for method in ("card", "bank_transfer")
    }
    assert len({one.transaction for one in payments}) == 200
    assert 1 <= min(waited["card"]) <= max(waited["card"]) < 10
    assert 24 * 60 <= min(waited["bank_transfer"]) <= max(waited["bank_transfer"]) < 48 * 60
    assert 4 <= len(waited["bank_transfer"]) <= 30


def test_a_return_turns_its_pieces_round_and_keeps_codes_that_are_no_goods(tmp_path: Path) -> None:
    (row,) = read(
        tmp_path,
        line("C1", quantity=-4, at="2011-07-18 10:17:00"),
        line("C1", "D", -1, "27.5", at="2011-07-18 10:17:00"),
    )

    assert row == ReturnRow(
        row=2,
        source_id="C1",
        channel="online",
        buyer_id="17850",
        at=datetime(2011, 7, 18, 10, 17, tzinfo=LONDON),
        pieces=((Piece("85123A", 4), Decimal("2.55")), (Piece("D", 1), Decimal("27.5"))),
    )


def test_a_return_of_a_positive_quantity_is_broken(tmp_path: Path) -> None:
    (row,) = broken(read(tmp_path, line("C1", quantity=-1), line("C1", quantity=2)))

    assert (row.row, row.source_id) == (2, "C1")
    assert row.reason.en == "row 3: `C1` is a return, so its quantity must be negative"


def test_bookkeeping_is_set_aside_with_its_amount(tmp_path: Path) -> None:
    (row,) = read(tmp_path, line("A563186", "B", 1, "-11062.06", title="Adjust bad debt"))

    assert isinstance(row, AsideRow)
    assert row.reason.en == "bookkeeping, no order: Adjust bad debt, -11062.06 GBP"
    assert row.reason.zh == "记账分录, 不是订单: Adjust bad debt, -11062.06 GBP"


@pytest.mark.parametrize(
    ("title", "told"),
    [("thrown away", "20 of 85123A, thrown away"), ("", "20 of 85123A, without a word")],
)
def test_a_stock_write_off_is_set_aside_with_its_words(
    tmp_path: Path, title: str, told: str
) -> None:
    (row,) = read(tmp_path, line("537000", quantity=-20, price="0.0", title=title, customer=""))

    assert isinstance(row, AsideRow)
    assert row.reason.en == f"stock write-off, no order: {told}"


def test_a_negative_invoice_with_a_price_is_no_write_off(tmp_path: Path) -> None:
    assert isinstance(read(tmp_path, line(quantity=-20, price="1.0"))[0], PlacedRow)


def test_a_buyer_without_a_number_is_a_guest(tmp_path: Path) -> None:
    (row,) = placed(read(tmp_path, line(customer="")))

    order = Order.model_validate(row.order)
    assert (order.buyer.id, order.receiver.name) == (None, "Guest 536365")


def test_interleaved_invoices_are_put_together_in_the_order_of_their_first_lines(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path, line("1"), line("C2", quantity=-1), line("1"), line("3"), line("C2", quantity=-1)
    )

    assert [(row.row, type(row).__name__) for row in found] == [
        (2, "PlacedRow"),
        (3, "ReturnRow"),
        (5, "PlacedRow"),
    ]
    assert len(Order.model_validate(placed(found)[0].order).lines) == 2


def test_a_line_far_below_the_rest_of_its_invoice_is_told_and_makes_no_second_order(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, *(line(number) for number in "12345"), line("1"))

    (row,) = broken(found)
    assert (row.row, row.source_id) == (7, "1")
    assert "stand far above; bring them together" in row.reason.en
    assert len(placed(found)) == 5


@pytest.mark.parametrize(
    ("wrong", "zh", "en"),
    [
        (line(quantity="six"), "`Quantity` 的 `six` 不是整数", "`six` is not a whole number"),
        (line(quantity="1e3"), "不是整数", "`1e3` is not a whole number"),
        (line(quantity="٣"), "不是整数", "`٣` is not a whole number"),
        (line(price="2,55"), "有 9 格, 应为 8 格", "has 9 cells, the header has 8"),
        (line(price="free"), "不是金额", "`UnitPrice`: `free` is not an amount"),
        (line(price="NaN"), "不是金额", "`NaN` is not an amount"),
        (line(at="2010-02-30 08:00:00"), "不是时刻", "`2010-02-30 08:00:00` is not a moment"),
        (line(at="tomorrow"), "不是时刻", "`InvoiceDate`: `tomorrow` is not a moment"),
        (line(sku=""), "缺 `StockCode`", "`StockCode` is empty"),
        (line(title='"LANTERN'), "不是合法的 CSV", "is not CSV"),
        (line(title="LAN\0TERN"), "不是 UTF-8", "is not UTF-8 text"),
        (line(customer="1"), "与首行的客户不同", "names another customer than the first row"),
        ("536365,85123A\n", "有 2 格, 应为 8 格", "has 2 cells, the header has 8"),
    ],
)
def test_a_broken_line_spoils_its_whole_invoice_and_no_other(
    tmp_path: Path, wrong: str, zh: str, en: str
) -> None:
    """An order without one of its lines would be another order."""
    found = read(tmp_path, line("1"), line(), wrong, line(), line("3"))

    (row,) = broken(found)
    assert (row.row, row.source_id) == (3, "536365")
    assert row.reason.zh.startswith("第 4 行: ") and zh in row.reason.zh
    assert row.reason.en.startswith("row 4: ") and en in row.reason.en
    assert [one.row for one in placed(found)] == [2, 6]


def test_every_fault_of_an_invoice_is_told(tmp_path: Path) -> None:
    (row,) = broken(read(tmp_path, line(sku="", quantity="x"), line(price="y")))

    assert row.reason.en == (
        "row 2: `StockCode` is empty; row 2: `Quantity`: `x` is not a whole number; "
        "row 3: `UnitPrice`: `y` is not an amount"
    )


def test_a_line_without_an_invoice_number_is_broken_alone(tmp_path: Path) -> None:
    found = read(tmp_path, line("1"), line(""), line("1"))

    assert [row.reason.en for row in broken(found)] == ["row 3: `InvoiceNo` is empty"]
    assert len(Order.model_validate(placed(found)[0].order).lines) == 2


def test_an_endless_invoice_is_broken_and_does_not_fill_the_memory(tmp_path: Path) -> None:
    (row,) = broken(read(tmp_path, line() * 10_050))

    assert row.reason.en == "row 10002: has more than 10000 rows"


@pytest.mark.parametrize(
    "other",
    [
        line(at="12/1/2010 8:26"),
        line(customer="17850.0"),
        line().replace("\n", "\r\n"),
        line().replace("WHITE LANTERN", '"WHITE LANTERN"'),
        "\n" + line() + "\n",
    ],
)
def test_other_spellings_of_the_same_line_are_the_same_order(tmp_path: Path, other: str) -> None:
    (first,), (second,) = placed(read(tmp_path, line())), placed(read(tmp_path, other))

    assert (second.order, second.story) == (first.order, first.story)


def test_quotes_inside_a_description_are_kept(tmp_path: Path) -> None:
    (row,) = placed(read(tmp_path, line(title='"FRAME 7"" SINGLE, RED"')))

    assert Order.model_validate(row.order).lines[0].title == 'FRAME 7" SINGLE, RED'


def test_the_columns_may_stand_in_any_order_with_others_between(tmp_path: Path) -> None:
    content = (
        "\ufeffCountry,Extra,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,"
        "InvoiceNo\r\nUnited Kingdom,x,17850,2.55,2010-12-01 08:26:00,6,WHITE LANTERN,85123A,536365"
    )

    (other,) = placed(rows(write(tmp_path / "o.csv", content), "uci"))

    assert other == placed(read(tmp_path, line()))[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "r.csv: is empty; the first row names the columns: InvoiceNo,StockCode"),
        ("\r\n\r\n", "r.csv: is empty"),
        (line(), "r.csv:1: the column `InvoiceNo` is missing; the first row names"),
        (HEADER.replace("CustomerID", "Customer ID"), "the column `CustomerID` is missing"),
        (b"\x1f\x8b\x08\0nonsense", "r.csv: is a damaged gzip file"),
        (b"PK\x03\x04 a spreadsheet", "r.csv: is not a text file"),
        (HEADER.encode("utf-16"), "r.csv: is UTF-16 text"),
        (b"x" * 5_000_000, "r.csv:1: the column `InvoiceNo` is missing"),
    ],
)
def test_a_file_of_another_kind_gives_one_clear_line(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)

    with pytest.raises(ReadError) as caught:
        rows(path, "uci")

    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_with_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path) == []


@given(st.binary(max_size=300))
def test_any_bytes_below_the_header_are_rows_and_never_crash(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "r.csv"
    path.write_bytes(HEADER.encode() + content + b"\n" + line("9").encode())

    found = rows(path, "uci")

    assert all(isinstance(row, BrokenRow | PlacedRow) for row in found)
    assert found[-1].row >= 2
