"""What the tests of several mutants play in: a small shop, and a bank with a ledger of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from ordinance.audit.doctor import check
from ordinance.outside import Outside
from ordinance.pump import Pump
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import Bench
from tests.mutants.mutant import MISFITS


class Bank:
    """Pays back once per key, and writes down what it paid for which capture."""

    def __init__(self, ledger: dict[str, tuple[str, int]] | None = None) -> None:
        self.ledger = dict(ledger or {})

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        self.ledger.setdefault(key, (transaction, amount_minor))
        return f"R-{key}"

    def paid(self) -> Counter[str]:
        """What went back of each capture."""
        paid: Counter[str] = Counter()
        for transaction, amount in self.ledger.values():
            paid[transaction] += amount
        return paid


def outside(bank: Bank) -> Outside:
    """The simulated world with this bank."""
    return replace(simulated(), payments=bank)


@contextmanager
def bench_in(folder: Path, bank: Bank | None = None, **changes: Any) -> Iterator[Bench]:
    """A shop on a store in a folder, with that bank."""
    folder.mkdir(exist_ok=True)
    made = Bench(folder, **changes)
    if bank is not None:
        made.outside = outside(bank)
        made.pump = Pump(made.shop, made.outside)
    try:
        yield made
    finally:
        made.shop.close()


def findings(bench: Bench) -> list[str]:
    """What the doctor says."""
    return [str(found) for found in check(bench.shop.storage, bench.shop.profile.shop)]


def lines(*wants: tuple[str, int]) -> list[dict[str, Any]]:
    """Order lines of ten a piece."""
    return [{"sku": sku, "quantity": pieces, "unit_price": "10.00"} for sku, pieces in wants]


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of it at the same instant, each in a thread; what each answers or raises. What shows
    that a mutant does not fit is raised here."""
    together = Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def act(place: int) -> None:
        together.wait(timeout=60)
        try:
            answers[place] = acts[place]()
        except Exception as error:
            answers[place] = error

    threads = [Thread(target=act, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, MISFITS):
            raise answer
    return answers
