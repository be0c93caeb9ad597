"""Eight processes want more than there is: exactly what there is goes out, by whichever door.

`ORDINANCE_RACES=20000` runs each race so often; `ORDINANCE_SEED` draws other ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from ordinance.audit.stockcheck import check_stock
from ordinance.inventory import token_of
from tests.races.attempts import GIVING, TAKING, Attempt
from tests.races.crew import Crew
from tests.races.naive import NAIVE
from tests.races.trial import SEED, TRIALS, Race, Track, complaints, shuffled

pytestmark = pytest.mark.slow

STOCK, BUYERS = 100, 400
SKUS = ("TEA", "CUP", "POT", "COLD", "ENGRAVED")


@pytest.fixture
def track(crew: Crew, tmp_path: Path) -> Iterator[Track]:
    made = Track(crew, tmp_path)
    yield made
    made.close()


def one_article(chance: Random, ways: tuple[str, ...] = ("move", "reserve")) -> Race:
    """Four hundred want one piece each of a hundred."""
    attempts = [
        Attempt(f"b{number}", ways[number % len(ways)], {"TEA": 1}) for number in range(BUYERS)
    ]
    return Race({"TEA": STOCK}, shuffled(attempts, chance))


def several_articles(chance: Random) -> Race:
    """Each wants some of several articles, in an order of his own, and all of them or none."""
    attempts = []
    for number in range(BUYERS):
        named = chance.sample(SKUS, chance.randint(2, 4))
        wants = {sku: chance.randint(1, 2) for sku in named}
        attempts.append(Attempt(f"b{number}", chance.choice(["move_all", "reserve"]), wants))
    return Race(dict.fromkeys(SKUS, STOCK), attempts)


def bundles(chance: Random) -> Race:
    """Two bundles share a piece that is sold alone too; there is plenty of everything else."""
    kinds = [{"TEASET": 1}, {"POTSET": 1}, {"CUP": 1}, {"TEASET": 1, "CUP": 1, "POTSET": 1}]
    attempts = [
        Attempt(f"b{number}", "reserve", kinds[number % len(kinds)]) for number in range(BUYERS)
    ]
    stock = {"TEA": 4 * BUYERS, "POT": 4 * BUYERS, "CUP": STOCK}
    return Race(stock, shuffled(attempts, chance))


def two_channels(chance: Random) -> Race:
    """Two channels sell one shelf; now and then each has some pieces for itself."""
    aside = {"web": 30, "app": 20} if chance.random() < 0.5 else {}
    attempts = [
        Attempt(
            f"b{number}",
            ("move", "reserve")[number % 2],
            {"TEA": 1},
            ("web", "app", "fair")[number % 3],
        )
        for number in range(BUYERS)
    ]
    return Race({"TEA": STOCK}, shuffled(attempts, chance), aside)


RACES: dict[str, Callable[[Random], Race]] = {
    "one article": one_article,
    "several articles in shuffled order": several_articles,
    "bundles that overlap": bundles,
    "two channels on one shelf": two_channels,
}


@pytest.mark.parametrize("name", RACES)
def test_exactly_what_there_is_goes_out(track: Track, name: str) -> None:
    for trial in range(TRIALS):
        seed = f"{name}/{SEED}/{trial}"
        given = RACES[name](Random(seed))
        answers, storage, shop = track.run(given)

        assert complaints(given, answers, storage, shop) == [], seed
        scarce = min(given.stock, key=lambda sku: given.stock[sku])
        if len(given.stock) != len(SKUS):
            assert sum(answer.got.get(scarce, 0) for answer in answers) == STOCK, seed
        else:
            # All or nothing, of several articles: there may be pieces left, for nobody who asked.
            assert any(answer.told for answer in answers), seed
        for channel, pieces in given.aside.items():
            own = {one.name for one in given.attempts if one.channel == channel}
            assert sum(answer.got.get("TEA", 0) for answer in answers if answer.name in own) >= (
                pieces
            ), f"{seed}: {channel} did not get what was set aside for it"


def test_o06_every_door_to_the_shelf_is_guarded(track: Track) -> None:
    for trial in range(TRIALS):
        seed = f"doors/{SEED}/{trial}"
        chance = Random(seed)
        ways = list(TAKING)
        attempts = [
            Attempt(f"b{number}", ways[number % len(ways)], {"TEA": 1}, "web")
            for number in range(90)
        ]
        given = Race({"TEA": 22}, shuffled(attempts, chance))
        answers, storage, shop = track.run(given)

        assert complaints(given, answers, storage, shop) == [], seed
        assert sum(answer.got.get("TEA", 0) for answer in answers) == 22, seed


def test_o06_what_comes_back_meanwhile_is_given_away_once(track: Track) -> None:
    for trial in range(TRIALS):
        seed = f"back/{SEED}/{trial}"
        chance = Random(seed)
        ways = [*TAKING, *GIVING]
        attempts = [
            Attempt(f"b{number}", ways[number % len(ways)], {"TEA": chance.randint(1, 3)}, "web")
            for number in range(60)
        ]
        given = Race({"TEA": 22}, shuffled(attempts, chance))
        answers, storage, shop = track.run(given)

        assert [str(found) for found in check_stock(storage, shop)] == [], seed
        (there,) = [one for one in storage.stock(shop) if one.warehouse == "HZ"]
        # Orders that wait are served from what comes in, after they were answered: the rows that
        # say what they have now are asked instead.
        by_order = {one.name for one in attempts if one.way in ("place", "take_over", "cancel")}
        gone = sum(answer.got.get("TEA", 0) for answer in answers if answer.name not in by_order)
        gone += sum(
            one.pieces for one in storage.all_reservations(shop) if token_of(one.holder) is None
        )
        assert there.unbound == 22 - gone, seed


def test_a_whole_day_of_orders_goes_through_the_front_door(track: Track) -> None:
    given = one_article(Random(SEED), ("place",))
    answers, storage, shop = track.run(given)

    assert complaints(given, answers, storage, shop) == []
    assert sum(answer.got.get("TEA", 0) for answer in answers) == STOCK


@pytest.mark.parametrize("fault", NAIVE)
def test_o14_a_naive_counter_is_caught_each_time(crew: Crew, tmp_path: Path, fault: str) -> None:
    track = Track(crew, tmp_path, NAIVE[fault])
    for trial in range(20):
        given = one_article(Random(f"{fault}/{SEED}/{trial}"), ("move",))
        answers, storage, shop = track.run(given)

        found = complaints(given, answers, storage, shop)
        sold = sum(answer.got.get("TEA", 0) for answer in answers)
        assert found and sold > STOCK, f"trial {trial}: {sold} sold, {found}"
    track.close()
