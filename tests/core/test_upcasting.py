"""What earlier versions wrote about an order means what it meant."""

from __future__ import annotations

import json
from pathlib import Path

from ordinance.orders import upcasting
from ordinance.orders.change import decode, encode, fold, is_folded
from ordinance.stored import StoredEvent
from ordinance.testing.samples import AT
from tests.core.shop import Bench


def old(document: str) -> str:
    """As the version of issue 4 would have written it."""
    said = json.loads(document)
    said["lines"]["1"] = {**said["lines"]["1"], "given_back": 1}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_units_whose_money_was_given_back_still_are(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    record = bench.record(bench.place())
    found = decode(old(encode(record)))

    assert upcasting.is_old(old(encode(record))) and not upcasting.is_old(encode(record))
    assert found.lines[1].given_back == 1
    assert is_folded(found, old(encode(record))) and not is_folded(record, old(encode(record)))
    bench.shop.close()


def test_the_parcel_that_is_sent_again_still_ends_its_case() -> None:
    case = upcasting.part("cases", {"id": "C1", "parcel": "P2"})

    assert case == {"id": "C1", "parcels": ["P2"]}
    assert upcasting.part("cases", {"id": "C1", "parcel": None}) == {"id": "C1"}
    assert upcasting.part("parcels", {"parcel": "P2"}) == {"parcel": "P2"}


def test_an_event_of_today_follows_one_of_an_earlier_version(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    record = bench.record(bench.place())
    line = json.loads(encode(record))["lines"]["1"]
    whole = json.loads(encode(record))
    changes = [[name, None, value] for name, value in whole.items() if not isinstance(value, dict)]
    changes += [
        [f"{name}/{key}", None, part]
        for name, value in whole.items()
        if isinstance(value, dict)
        for key, part in value.items()
    ]
    then = [["lines/1", line, {**line, "given_back": 1}]]
    now = [["lines/1", {**line, "back": [[0, 1]]}, {**line, "back": [[0, 2]]}]]
    history = [
        StoredEvent("teashop", "o1", version, "x", AT, "lan", "k", json.dumps(each), "{}", "", "")
        for version, each in enumerate((changes, then, now), start=1)
    ]

    assert fold(history).lines[1].given_back == 2
    assert fold(history[:2]).lines[1].given_back == 1
    bench.shop.close()
