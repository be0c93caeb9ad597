"""What the UCI file lacks is made up by seed, plainly, and not by the order of reading."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ordinance.orders.contact import address_complete, phone_valid, region_valid
from ordinance.rules.kinds import Kind
from ordinance.rules.scalar import parse
from ordinance_adapters.readers import derived
from ordinance_adapters.readers.countries import BRITISH_CITIES, COUNTRIES
from tests.readers.shops import placed, rows, write
from tests.readers.test_uci import HEADER, line


def receiver(
    customer: str | None, country: str = "United Kingdom", seed: int = 1
) -> dict[str, object]:
    return derived.receiver(seed, customer, "536365", country)


def test_the_order_of_reading_decides_nothing(tmp_path: Path) -> None:
    lines = [line(str(number), customer=str(number % 7)) for number in range(100, 130)]
    forth = placed(rows(write(tmp_path / "a.csv", HEADER + "".join(lines)), "uci"))
    back = placed(rows(write(tmp_path / "b.csv", HEADER + "".join(reversed(lines))), "uci"))

    by_number = {row.order["source_id"]: (row.order, row.story) for row in back}

    assert {row.order["source_id"]: (row.order, row.story) for row in forth} == by_number
    assert len(by_number) == 30


def test_another_seed_gives_another_world_and_the_same_seed_the_same() -> None:
    people = [str(number) for number in range(50)]

    worlds = [[receiver(one, seed=seed) for one in people] for seed in (1, 2, 1)]

    assert worlds[0] == worlds[2]
    assert worlds[0] != worlds[1]


def test_a_customer_stays_at_one_place_from_order_to_order() -> None:
    first = derived.receiver(1, "17850", "536365", "United Kingdom")

    assert derived.receiver(1, "17850", "999999", "United Kingdom") == first
    assert derived.receiver(1, "17850", "536365", "France") != first


def test_a_receiver_can_be_delivered_to_and_is_plainly_nobody() -> None:
    for country, known in COUNTRIES.items():
        one = receiver("17850", country)

        assert re.fullmatch(r"(020|\+44 20) 7946 0[0-9]{3}", str(one["phone"]))
        assert re.fullmatch(r"[0-9]+ Derived Street", str(one["address"]))
        assert one["name"] == "Customer 17850"
        assert phone_valid(str(one["phone"]), known.region)
        if known.region is not None:
            assert address_complete(known.region, str(one["address"]))
            assert region_valid(known.region, frozenset())


def test_every_country_of_the_data_is_known_by_its_code() -> None:
    assert len(COUNTRIES) == 38
    codes = [country.region for country in COUNTRIES.values() if country.region]
    assert len(set(codes)) == 36
    assert all(parse(code, Kind.REGION) == code and len(code) == 2 for code in codes)
    assert COUNTRIES["EIRE"].region == "IE"
    assert COUNTRIES["RSA"].region == "ZA"


@pytest.mark.parametrize("country", ["Unspecified", "European Community", "Atlantis", ""])
def test_what_names_no_country_has_no_place(country: str) -> None:
    assert {"region", "latitude", "longitude"}.isdisjoint(receiver("17850", country))


def test_a_point_lies_near_the_middle_of_its_country() -> None:
    for name, country in COUNTRIES.items():
        for customer in range(20):
            one = receiver(str(customer), name)
            if name == "United Kingdom" or country.latitude is None:
                continue
            assert abs(float(str(one["latitude"])) - country.latitude) <= country.spread + 1e-4


def test_british_customers_are_spread_over_all_the_cities() -> None:
    found = [receiver(str(number)) for number in range(600)]

    cities = {str(one["city"]): one for one in found}
    assert set(cities) == {city.name for city in BRITISH_CITIES}
    for city in BRITISH_CITIES:
        assert abs(float(str(cities[city.name]["latitude"])) - city.latitude) <= 0.051


def test_a_transfer_over_the_night_when_the_clocks_change_takes_as_long_as_any() -> None:
    placed_at = datetime(2011, 3, 26, 1, 30, tzinfo=ZoneInfo("Europe/London"))

    payments = [derived.payment(1, str(n), placed_at, Decimal("9.99")) for n in range(300)]

    waited = [
        datetime.fromisoformat(str(one["paid_at"])).astimezone(UTC) - placed_at.astimezone(UTC)
        for one in payments
        if one["method"] == "bank_transfer"
    ]
    assert waited
    assert all(timedelta(hours=24) <= wait < timedelta(hours=48) for wait in waited)
