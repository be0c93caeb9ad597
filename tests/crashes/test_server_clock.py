"""Whoever works on a store of a server goes by the server's clock, not by that of a machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ordinance
from ordinance.ports import StorageError
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.postgres import clock as server_clock
from ordinance_adapters.postgres.clock import ServerClock
from tests.core.shop import MONDAY, shipped_rules
from tests.postgres import connected, url_of


class Server:
    """A server that is asked what time it is, on a machine whose other clock counts `steady`."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.time = MONDAY
        self.steady = 0.0
        self.asked = 0
        self.is_away = False
        patch.setattr(server_clock, "monotonic", lambda: self.steady)

    def now(self) -> datetime:
        """Its time, when it is there."""
        self.asked += 1
        if self.is_away:
            raise StorageError("away")
        return self.time


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    return Server(monkeypatch)


def test_the_time_is_counted_on_from_what_the_server_said(server: Server) -> None:
    clock = ServerClock(server.now, (StorageError,))
    first = clock.now()
    server.steady += 59

    assert (first, clock.now()) == (MONDAY, MONDAY + timedelta(seconds=59))
    assert server.asked == 1


def test_a_server_whose_clock_is_set_is_followed(server: Server) -> None:
    clock = ServerClock(server.now, (StorageError,))
    clock.now()
    server.steady += 61
    server.time = MONDAY - timedelta(hours=1)

    assert clock.now() == MONDAY - timedelta(hours=1)


def test_while_the_server_is_away_the_time_goes_on(server: Server) -> None:
    clock = ServerClock(server.now, (StorageError,))
    clock.now()
    server.is_away = True
    server.steady += 3600

    assert clock.now() == MONDAY + timedelta(hours=1)


def test_a_time_that_was_never_told_is_not_made_up(server: Server) -> None:
    server.is_away = True

    with pytest.raises(StorageError):
        ServerClock(server.now, (StorageError,)).now()


def test_a_shop_on_a_server_takes_its_time_from_there(tmp_path: Path) -> None:
    with ordinance.open(url_of(tmp_path), rules=shipped_rules()) as shop:
        said = shop.clock.now()
        with connected(tmp_path) as connection:
            found = connection.execute("SELECT clock_timestamp()").fetchone()
    assert found is not None

    assert isinstance(shop.clock, ServerClock)
    assert timedelta(0) <= found[0] - said < timedelta(seconds=30)


def test_a_shop_in_a_file_takes_its_time_from_the_machine(tmp_path: Path) -> None:
    with ordinance.open(tmp_path / "shop.db", rules=shipped_rules()) as shop:
        assert isinstance(shop.clock, SystemClock)
        assert abs(shop.clock.now() - datetime.now(UTC)) < timedelta(seconds=30)


def test_nothing_at_a_server_asks_the_machine_for_the_time() -> None:
    folder = Path(server_clock.__file__).parent

    assert [path.name for path in folder.glob("*.py") if "datetime.now" in path.read_text()] == []
