"""The engine touches nothing outside, and importing either root does no work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.floorplan import modules
from tests.house.purity import outside, work_at_import


def test_the_engine_has_no_clock_network_database_or_environment(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}:{line}"
        for path in modules(root / "engine")
        for line in outside(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_importing_reads_no_file_and_no_environment(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}:{line}"
        for part in ("engine", "adapters")
        for path in modules(root / part)
        for line in work_at_import(path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\n\ndef f():\n    return datetime.now()",
        "from datetime import datetime as dt\nnow = dt.utcnow",
        "import datetime\nprint_date = lambda: datetime.date.today()",
        "from time import monotonic",
        "import time",
        "import os\n\ndef f():\n    return os.environ.get('HOME')",
        "from os import environ",
        "def f():\n    import socket",
        "import sqlite3 as db",
        "from urllib.request import urlopen",
        "from random import choice",
        "from uuid import uuid4",
        "def f():\n    print('x')",
    ],
)
def test_a_planted_look_outside_is_found(source: str) -> None:
    assert len(outside(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(clock):\n    return clock.now()",
        "from datetime import datetime\n\ndef f(at: datetime):\n    return at.date()",
        "from urllib.parse import urlsplit",
        "from timeit import Timer",
        "import os\n\ndef f(path):\n    return os.open(path, os.O_RDONLY)",
    ],
)
def test_an_inside_matter_is_not(source: str) -> None:
    assert outside(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "TEXT = open('words.yaml').read()",
        "from pathlib import Path\n\nclass A:\n    text = Path('a').read_text()",
        "import os\nHOME = os.environ['HOME']",
        "import os\n\ndef f(home=os.getenv('HOME')): ...",
        "import sqlite3\nif True:\n    DB = sqlite3.connect('a.db')",
    ],
)
def test_planted_work_at_import_is_found(source: str) -> None:
    assert len(work_at_import(source)) == 1


def test_work_inside_a_function_is_no_work_at_import() -> None:
    source = "def f(path):\n    return open(path).read()\n\ng = lambda path: path.read_text()"

    assert work_at_import(source) == []
