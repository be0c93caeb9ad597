"""Stored decisions made again: other hash seeds, time zones and locales, and without asserts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.replays import again
from tests.replays.again import Made
from tests.replays.environments import CHARSETS, ENVIRONMENTS, PLAIN, Environment, make_locales
from tests.replays.recorded import record, replayed

pytestmark = pytest.mark.slow

COUNT = 300


@pytest.fixture(scope="module")
def store(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The store of a small shop whose orders meet every decision point, and its name there."""
    path = tmp_path_factory.mktemp("recorded") / "shop.db"
    return path, record(root / "examples" / "chashop", path)


@pytest.fixture(scope="module")
def here(store: tuple[Path, str]) -> Made:
    return again.made_again(*store, COUNT)


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    """Where the locales of this test lie, and which of them could be made."""
    folder = tmp_path_factory.mktemp("locales")
    return folder, make_locales(folder)


def test_here_every_record_comes_out_as_it_was_stored(here: Made) -> None:
    assert here.differing == []
    assert here.decisions == COUNT
    assert here.points >= 20


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=str)
def test_elsewhere_every_record_and_explanation_comes_out_the_same(
    environment: Environment,
    store: tuple[Path, str],
    here: Made,
    locales: tuple[Path, tuple[str, ...]],
) -> None:
    folder, made = locales
    if environment.locale not in made:
        pytest.skip(f"the locale {environment.locale} cannot be made on this machine")

    there = replayed(*store, COUNT, environment, folder, SOURCES)

    assert there.charset == CHARSETS[environment.locale], "the locale is not in force"
    assert (there.differing, there.decisions) == ([], COUNT)
    assert (there.records, there.explanations) == (here.records, here.explanations)


def test_one_changed_byte_in_the_store_is_found(
    store: tuple[Path, str], here: Made, tmp_path: Path
) -> None:
    path, shop = store
    forged = tmp_path / "forged.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(forged)) as target:
        source.backup(target)
        target.execute(
            "UPDATE decisions SET record = replace(record, 'approve', 'hold') WHERE rowid = "
            "(SELECT min(rowid) FROM decisions WHERE point = 'review.risk' "
            "AND record LIKE '%approve%')"
        )
        target.commit()

    found = again.made_again(forged, shop, COUNT)

    assert len(found.differing) == 1
    assert found.records == here.records


def test_the_environments_are_others() -> None:
    assert len({(item.seed, item.zone) for item in ENVIRONMENTS}) == 9
    assert len({(item.seed, item.locale) for item in ENVIRONMENTS}) == 9
    assert len({(item.zone, item.locale) for item in ENVIRONMENTS}) == 9
    assert {item.optimised for item in ENVIRONMENTS} == {True, False}


MUTANTS = {
    "the fired rules in the order of a set": (
        "from ordinance.rules import decision\n"
        "told = decision.Decision.record\n"
        "decision.Decision.record = lambda self: {**told(self), 'fired': list(set(self.fired))}\n"
    ),
    "the moment in the zone of the machine": (
        "from ordinance.rules import decision\n"
        "told = decision.Decision.record\n"
        "decision.Decision.record = lambda self: {**told(self),"
        " 'at': self.at and self.at.astimezone().isoformat()}\n"
    ),
    "explanations in the charset of the machine": (
        "import locale\n"
        "from ordinance.rules.explaining import explanation\n"
        "told = explanation.Explanation.text\n"
        "explanation.Explanation.text = lambda self, lang: told(self, lang).encode("
        "locale.getpreferredencoding(False), 'replace').decode(errors='replace')\n"
    ),
    "an assert that does something": (
        "from ordinance.rules import decision\n"
        "told = decision.Decision.record\n"
        "def record(self):\n"
        "    found = {**told(self), 'fired': []}\n"
        "    assert found['fired'].extend(self.fired) is None\n"
        "    return found\n"
        "decision.Decision.record = record\n"
    ),
}
ELSEWHERE = Environment("1", "America/St_Johns", PLAIN, optimised=True)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_dependence_on_the_environment_is_found(
    mutant: str, store: tuple[Path, str], here: Made, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        # The interpreter runs this before anything else, so it may not fail where nothing is.
        f"sys.path[:0] = {[str(SOURCES)]!r}\n{MUTANTS[mutant]}",
        encoding="utf-8",
    )

    there = replayed(*store, COUNT, ELSEWHERE, tmp_path, SOURCES, before=tmp_path)

    assert there.differing or there.explanations != here.explanations


SOURCES = Path(__file__).resolve().parents[2]
"""Where the tests lie: the checkout, or a copy away from it."""
