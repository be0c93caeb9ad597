"""The tea shop, run once: each order ends as its comment says; the story quotes what is printed."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from ordinance.audit import codes
from ordinance.audit.doctor import check
from ordinance.audit.figures import add_up
from ordinance.orders.balance import kept_minor
from ordinance.orders.change import decode
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import STATUS_WORDS, ParcelState
from ordinance.points import POINTS
from ordinance.rules import load, loads
from ordinance_adapters.cli import cli
from ordinance_adapters.plainyaml import read_nodes, to_plain
from ordinance_adapters.readers.orders import YAML_LIMITS
from ordinance_adapters.sqlite import open_storage
from tests.examples.ends import ENDS, End

SHOP = "chashop"
EXAMPLE = "examples/chashop"


def program(root: Path, path: str) -> ModuleType:
    """A script of the checkout, as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, root / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Store:
    """The example after its run, and the command line on it."""

    path: Path
    printed: str
    orders: dict[str, OrderRecord]

    def say(self, arguments: list[str]) -> str:
        """What `ordinance` prints; the store is called `cha.db`."""
        asked = [str(self.path) if word == "cha.db" else word for word in arguments]
        done = CliRunner().invoke(cli, asked, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def show(self, source_id: str, lang: str = "en") -> str:
        return self.say(["show", source_id, "--db", "cha.db", "--lang", lang])


def stored(path: Path) -> dict[str, OrderRecord]:
    """Every order of a store by the channel's number."""
    storage = open_storage(path)
    try:
        return {order.source_id: decode(order.document) for order in storage.orders(SHOP)}
    finally:
        storage.close()


def content(path: Path) -> list[str]:
    storage = open_storage(path)
    try:
        return list(storage.content())
    finally:
        storage.close()


@pytest.fixture(scope="module")
def store(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("chashop") / "cha.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        printed = Store(path, "", {}).say(["run", EXAMPLE, "--db", "cha.db"])
        yield Store(path, printed, stored(path))


def end_of(record: OrderRecord) -> End:
    """How an order ended, as the table writes it."""
    ships = []
    for parcel in record.parcels.values():
        words = [parcel.warehouse, parcel.carrier or "nobody"]
        words += [parcel.state] if parcel.state is not ParcelState.SHIPPED else []
        ships.append("-".join([*words, *([parcel.resolved] if parcel.resolved else [])]))
    return End(
        status=record.status,
        cause=record.end_cause or "",
        held=" ".join(hold.code for hold in record.open_holds),
        was_held=" ".join(hold.code for hold in record.holds.values() if hold.closed_at),
        ships=" ".join(ships),
        back=" ".join(f"{refund.amount / 100:.2f}" for refund in record.refunds.values()),
        cases=" ".join(f"{case.remedy}-{case.state}" for case in record.cases.values()),
    )


# -- how it ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("source_id", ENDS)
def test_an_order_ends_as_its_comment_says(store: Store, source_id: str) -> None:
    assert end_of(store.orders[source_id]) == ENDS[source_id]


def test_the_table_knows_every_order(store: Store) -> None:
    assert sorted(ENDS) == sorted(store.orders)


def test_every_reason_to_hold_an_order_is_met(store: Store) -> None:
    met = {hold.code for record in store.orders.values() for hold in record.holds.values()}
    met |= {code for record in store.orders.values() for code in record.exceptions}
    # No rule of the shop sets these: they are there for other rules, and for rules that fail.
    never = {"QTY_ABNORMAL", "PRICE_ABNORMAL", "BUYER_UNKNOWN", "CLOCK_QUIRK", "PRESALE_NOT_DUE"}
    never |= {"PARKED", "PARCEL_TROUBLE", "RULE_FAILED", "PRESALE", "SHORT_BY_HAND"}
    # No warehouse of the story rejects a parcel three times.
    never |= {"WAREHOUSE_REJECTED"}
    ended = {record.end_cause for record in store.orders.values()} - {None}

    assert set(codes.HOLD_WORDS) - met == never
    # The rules of the shop never break a contract.
    assert set(codes.END_CAUSES) - ended == {"breach"}


def test_two_faults_are_told_at_once(store: Store) -> None:
    assert store.orders["CS-17"].exceptions == ("ADDRESS_INCOMPLETE", "PHONE_INVALID")


def test_a_gift_shows_no_prices_and_what_is_fragile_is_marked(store: Store) -> None:
    gift, cups = store.orders["CS-40"].parcels["P1"], store.orders["CS-39"].parcels["P1"]

    assert "packing_list_no_prices" in gift.inserts and "packing_list" not in gift.inserts
    assert cups.marks == ("fragile", "this_way_up") and cups.package == "carton_with_bubble"


def test_who_signs_decides_how_long_an_order_stays_open(store: Store) -> None:
    days = {}
    for source_id in ("CS-01", "CS-49", "CS-50"):
        record = store.orders[source_id]
        assert record.complete_at is not None and record.signed_at is not None
        days[source_id] = (record.complete_at - record.signed_at).days

    assert days == {"CS-01": 8, "CS-49": 15, "CS-50": 15}


def test_a_free_sample_is_shipped_and_a_free_order_too(store: Store) -> None:
    tea = store.orders["CS-21"]

    assert [(line.sku, line.shipped) for line in tea.goods] == [("LJ-250", 1), ("YP-5", 2)]
    assert store.orders["CS-19"].receivable == 0 and not store.orders["CS-19"].payments


# -- what adds up -----------------------------------------------------------------------------


def test_money_adds_up_order_by_order(store: Store) -> None:
    for record in store.orders.values():
        assert record.paid == kept_minor(record) + record.refunding, record.source_id

    storage = open_storage(store.path)
    money = add_up(storage, SHOP).money
    findings = check(storage, SHOP, replay_decisions=True)
    storage.close()
    assert money.balanced and money.taken == sum(order.paid for order in store.orders.values())
    assert findings == []


def test_a_second_run_changes_nothing(store: Store) -> None:
    before = content(store.path)

    again = store.say(["run", EXAMPLE, "--db", "cha.db"])

    assert again == store.printed
    assert content(store.path) == before


def test_rows_that_cannot_be_read_are_told_and_stop_nobody(store: Store) -> None:
    told = store.printed[store.printed.index("rows that are no whole order") :]

    assert "broken: 3" in told
    for source_id, reason in {
        "CS-71": "`story` has no field `delivered`; did you mean `delivered_at`?",
        "CS-72": "`placed_at` is missing or is no time",
        "CS-03": "an order with this source id was taken in before, with another content",
    }.items():
        assert f"{source_id}: {reason}" in told


def test_every_order_has_a_comment_in_both_languages(root: Path) -> None:
    text = (root / EXAMPLE / "orders.yaml").read_text("utf-8")
    node, problems = read_nodes(text.encode(), "orders.yaml", YAML_LIMITS)
    orders = to_plain(node) if node is not None else []
    commented = re.findall(r"^# .*[\u4e00-\u9fff].*\n# [A-Z].*\n- source_id:", text, re.M)

    assert problems == []
    assert isinstance(orders, list) and len(orders) == len(commented)


# -- its rules --------------------------------------------------------------------------------


def test_its_rules_are_the_derived_ones(root: Path) -> None:
    derive = program(root, "examples/derive_rules.py")
    by_hand = {name for example, name in derive.BY_HAND if example == SHOP}

    for name, text in derive.derived(SHOP).items():
        if name not in by_hand:
            assert (root / EXAMPLE / "rules" / name).read_text("utf-8") == text


def test_the_chinese_review_file_means_what_its_english_twin_means(root: Path) -> None:
    derive = program(root, "examples/derive_rules.py")
    english = loads(derive.derived(SHOP)["review.yaml"], file="review.yaml")
    path = root / EXAMPLE / "rules" / "review.yaml"
    keys = re.sub(r"#.*|英文: \"[^\"]*\"|\"[^\"]*\"|英文: [^,}\n]*", "", path.read_text("utf-8"))

    assert {name: one.hash for name, one in load(path).sets.items()} == {
        name: one.hash for name, one in english.sets.items()
    }
    assert set(re.findall(r"[A-Za-z_]{2,}", keys)) == {"CNY"}


def test_the_tests_in_its_rule_files_pass(root: Path) -> None:
    proofs = load(root / EXAMPLE / "rules").test()

    assert [name for name, proof in proofs.items() if not proof.passed] == []


# -- what is printed --------------------------------------------------------------------------

RULE = re.compile(r"\[[a-z.]+(:[\w+]+)?\]|\([a-z]+\.[a-z]+(:[\w+]+)?\)|`[^`]*`")
"""A decision with its rules, which `explain` takes, and words of a file that are quoted."""


def coded() -> set[str]:
    """Every code that has a Chinese word."""
    tables = (codes.HOLD_WORDS, codes.END_CAUSES, codes.CASE_STATES, codes.ACTORS, codes.METHODS)
    known = {code for table in (*tables, codes.PACKAGES, STATUS_WORDS) for code in table}
    for point in POINTS:
        for item in (*point.facts, *point.fields):
            known |= {choice.code for choice in item.choices}
    return known | {"True", "False", "None", "case", "parcel", "cancel", "late_payment", "agreed"}


def leaked(text: str) -> set[str]:
    """Codes in a Chinese text that have a Chinese word."""
    return set(re.findall(r"[A-Za-z_]{2,}\w*", RULE.sub("", text))) & coded()


def test_no_code_stands_where_a_chinese_word_exists(store: Store) -> None:
    texts = [
        store.say(["report", "--db", "cha.db", "--lang", "zh"]),
        store.say(["orders", "--db", "cha.db", "--lang", "zh", "--limit", "1000"]),
        *(store.show(source_id, "zh") for source_id in ENDS),
    ]

    assert {code for text in texts for code in leaked(text)} == set()
    assert leaked("挂起: MANUAL_REVIEW  (clock)  [review.risk:R1]") == {"MANUAL_REVIEW", "clock"}


@pytest.mark.parametrize("story", ["docs/story-chashop.md", "docs/zh/story-chashop.md"])
def test_the_story_quotes_what_the_commands_print(store: Store, root: Path, story: str) -> None:
    retell = program(root, "docs/retell.py")
    text = (root / story).read_text("utf-8")

    assert len(retell.QUOTE.findall(text)) >= 10
    assert retell.retold(text, store.say) == text
