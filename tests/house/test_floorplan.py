"""The arrow between the two roots, and the order of the engine's rooms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.floorplan import ROOMS, dotted, imports, modules, trespasses

RUNNING = re.compile(r"business_rules(\.engine|\.run_all|$)")


def package_of(path: Path, top: Path) -> str:
    name = dotted(path, top)
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


def test_the_engine_never_imports_the_adapters(root: Path) -> None:
    top = root / "engine"

    crossing = [
        f"{path.relative_to(root)}:{one.line}: {one.name}"
        for path in modules(top / "ordinance")
        for one in imports(path.read_text(encoding="utf-8"), package=package_of(path, top))
        if one.name.split(".")[0] == "ordinance_adapters"
    ]

    assert crossing == []


def test_the_engine_never_runs_rules_by_business_rules(root: Path) -> None:
    top = root / "engine"

    running = [
        f"{path.relative_to(root)}:{one.line}: {one.name}"
        for path in modules(top / "ordinance")
        for one in imports(path.read_text(encoding="utf-8"), package=package_of(path, top))
        if RUNNING.match(one.name)
    ]

    assert running == []
    assert RUNNING.match("business_rules.engine.run_all")
    assert RUNNING.match("business_rules.run_all")
    assert RUNNING.match("business_rules")


def test_each_room_imports_only_what_the_plan_allows(root: Path) -> None:
    top = root / "engine"

    found = [
        line
        for path in modules(top / "ordinance")
        for line in trespasses(
            path.read_text(encoding="utf-8"),
            module=dotted(path, top),
            package=package_of(path, top),
        )
    ]

    assert found == []


def test_every_folder_of_the_engine_is_a_room_on_the_plan(root: Path) -> None:
    folders = {path.parent.name for path in (root / "engine" / "ordinance").glob("*/*.py")}

    assert folders - set(ROOMS) == set()


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ordinance.rules.tree", "from ordinance.orders import Order"),
        ("ordinance.rules.tree", "from ordinance import ports"),
        ("ordinance.rules.tree", "from ..ports import Clock"),
        ("ordinance.rules.tree", "def late():\n    import ordinance.orders.order"),
        ("ordinance.points.intake", "from ordinance.orders.order import Order"),
        ("ordinance.orders.order", "from ordinance.stock.ledger import Ledger"),
        ("ordinance.orders.order", "from ordinance.oms import Oms"),
        ("ordinance.orders.order", "import ordinance"),
        ("ordinance.audit.chain", "from ..stock import ledger"),
        ("ordinance.ports", "from .orders import Order"),
    ],
)
def test_a_planted_trespass_is_found(module: str, source: str) -> None:
    assert len(trespasses(source, module=module, package=module.rpartition(".")[0])) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ordinance.rules.tree", "from .kinds import Kind\nimport yaml"),
        ("ordinance.stock.ledger", "from ..orders.order import Order\nfrom ..ports import Clock"),
        ("ordinance.oms", "from ordinance.service.case import Case"),
    ],
)
def test_an_allowed_import_is_not(module: str, source: str) -> None:
    assert trespasses(source, module=module, package=module.rpartition(".")[0]) == []
