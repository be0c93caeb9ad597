"""Two shops in one store: no call for one shows or changes a row of the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from ordinance.audit.doctor import check
from ordinance.oms import Shop
from ordinance.ports import Storage, Transaction
from ordinance.releases.office import Office
from ordinance.stock.stockroom import Stockroom
from ordinance_adapters.cli.opening import remember
from ordinance_adapters.sql.statements import Statements
from tests.cli.terminal import here
from tests.stores import sqlite_alone
from tests.tenants import shopcases, storecases
from tests.tenants.twins import MINE, OTHER, Twins, shop_in, twins

Calls = Mapping[str, Sequence[Callable[[Any], Any]]]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    made = twins(tmp_path_factory.mktemp("twins"))
    yield made
    made.close()


def public(kind: type) -> set[str]:
    """What a class offers by name."""
    return {name for name in dir(kind) if not name.startswith("_")}


def in_transaction(call: Callable[[Transaction], Any]) -> Callable[[Storage], Any]:
    def done(storage: Storage) -> Any:
        with storage.transaction() as tx:
            return call(tx)

    return done


def in_shop(call: Callable[[Shop], Any]) -> Callable[[Storage], Any]:
    return lambda storage: call(shop_in(storage, MINE))


KINDS: dict[str, tuple[Calls, Callable[..., Callable[[Storage], Any]]]] = {
    "transaction": (storecases.TRANSACTION, in_transaction),
    "storage": (storecases.STORAGE, lambda call: call),
    "shop": (shopcases.SHOP, in_shop),
    "stockroom": (shopcases.ROOM, in_shop),
    "office": (shopcases.OFFICE, in_shop),
}
OWNERS = {
    "transaction": Transaction,
    "storage": Storage,
    "shop": Shop,
    "stockroom": Stockroom,
    "office": Office,
}
CASES = [(kind, name) for kind, (calls, _) in KINDS.items() for name in calls]


def test_every_public_method_has_a_case() -> None:
    besides = {"storage": storecases.OF_THE_STORE, "shop": shopcases.OF_THE_OBJECT}
    for kind, owner in OWNERS.items():
        assert set(KINDS[kind][0]) | besides.get(kind, set()) == public(owner), kind


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_call_for_one_shop_neither_shows_nor_changes_the_other(
    kind: str, name: str, both: Twins
) -> None:
    calls, within = KINDS[kind]
    for number, call in enumerate(calls[name]):
        assert both.complaints(f"{kind}.{name}/{number}", within(call)) == []


@pytest.mark.slow
def test_the_cases_that_write_do_write(both: Twins) -> None:
    idle = {
        f"{kind}.{name}"
        for kind, name in CASES
        if writes(kind, name)
        and not any(both.changes(KINDS[kind][1](call)) for call in KINDS[kind][0][name])
    }

    # Locks only, or refused in both shops alike.
    assert idle == {"transaction.claim_stock", "shop.answer_review", "shop.settle_case"}


def writes(kind: str, name: str) -> bool:
    """Whether a method is for writing, as its signature says."""
    asked = signature(getattr(OWNERS[kind], name))
    if kind in ("transaction", "storage"):
        return asked.return_annotation in ("None", "bool")
    return {"key", "by", "cause", "slip", "minutes", "outside"} & set(asked.parameters) != set()


def test_both_shops_are_in_order(both: Twins) -> None:
    for storage, shop in ((both.joint, MINE), (both.joint, OTHER), (both.alone, MINE)):
        # An erasure is noted before it is stored, so that one that a test has undone stays noted.
        found = [one.about for one in check(storage, shop) if one.invariant != "S12"]
        assert found == ["OLD"]


REPORTS = (
    "orders",
    "report",
    "report --json",
    "show A1",
    "show Z1",
    "explain A1",
    "doctor",
    "stock show",
    "stock show TEA --json",
    "stock expected",
    "stock reconcile",
    "effects list",
    "rules history",
    "rules status",
    "rules shadow",
)


@sqlite_alone
def test_the_reports_of_one_shop_say_nothing_of_the_other(tmp_path: Path) -> None:
    made = twins(tmp_path)
    for storage in (made.alone, made.joint):
        remember(storage, MINE, "CNY", "Asia/Shanghai")
    made.close()
    for report in REPORTS:
        alone, joint = (
            here(*report.split(), "--db", f"{name}.db", cwd=tmp_path) for name in ("alone", "joint")
        )
        assert joint == alone and alone.code < 2, report


@pytest.mark.slow
@pytest.mark.parametrize("table", ["orders", "reservations", "events", "stock", "commands"])
def test_a_statement_without_its_shop_is_found_out(
    table: str, both: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, name in ((Statements, "_run"), (type(both.joint), "_rows")):
        monkeypatch.setattr(kind, name, forgetful(getattr(kind, name), table))

    assert any(
        both.complaints(name, KINDS[kind][1](call))
        for kind, name in CASES
        for call in KINDS[kind][0][name]
    )


def forgetful(real: Callable[..., Any], table: str) -> Callable[..., Any]:
    """A mutant: statements on a table hold for whichever shop."""
    condition = re.compile(rf"((?:FROM|UPDATE) {table}\b.* WHERE )shop = (\?1?)")

    def run(self: Any, sql: str, values: Any) -> Any:
        return real(self, condition.sub(r"\1(shop = \2 OR shop <> '')", sql), values)

    return run
