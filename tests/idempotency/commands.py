"""Commands that would do harm when they were done twice, each under a key of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zlib import crc32

from ordinance.command import Receipt
from ordinance.oms import Shop
from ordinance.orders.order import Payment
from ordinance.ports import KeyReused, Storage
from ordinance.rules.decision import canonical_json
from ordinance.stock.stockroom import Slip
from tests.core.shop import MONDAY, order, payment
from tests.races.attempts import fill
from tests.races.crew import Tools, open_shop

SHOP = "once"
KEYS = 500
AT_ONCE = 8
PLENTY = 1_000_000


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked under a key: by which way, and of which order."""

    key: str
    way: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a command, as bytes, and whether it was given before."""

    key: str
    answer: bytes
    repeated: bool


def _place(shop: Shop, asked: Command, body: int) -> Receipt:
    lines = [{"sku": "CUP", "quantity": body, "unit_price": "9.00"}]
    receiver = {**order()["receiver"], "phone": f"139{crc32(asked.key.encode()) % 10**8:08}"}
    placed = order(asked.key, buyer={"id": asked.key}, lines=lines, receiver=receiver)
    return shop.place(placed, key=asked.key, now=MONDAY)


def _pay(shop: Shop, asked: Command, body: int) -> Receipt:
    money = Payment.model_validate(payment(f"T-{asked.key}", f"{body}.00"))
    return shop.pay(asked.order, money, key=asked.key, now=MONDAY)


def _cancel(shop: Shop, asked: Command, body: int) -> Receipt:
    return shop.cancel(asked.order, key=asked.key, pieces=[("TEA", body)], now=MONDAY)


def _adjust(shop: Shop, asked: Command, body: int) -> bool:
    slip = Slip(asked.key, MONDAY, "lan")
    return shop.stockroom.adjust("HZ", "POT", -body, slip).repeated


WAYS: dict[str, Callable[[Shop, Command, int], Receipt | bool]] = {
    "place": _place,
    "pay": _pay,
    "cancel": _cancel,
    "adjust": _adjust,
}

TOLD = {"pay": "payment.received", "cancel": "order.lines_cancelled"}
"""What an order's history says when the command took effect."""


def do(shop: Shop, asked: Command, body: int = 1) -> Said:
    """Do one command; another `body` asks for another number of pieces, or of yuan."""
    answer = WAYS[asked.way](shop, asked, body)
    if isinstance(answer, bool):
        return Said(asked.key, b"", answer)
    plain = asdict(answer)
    repeated = bool(plain.pop("repeated"))
    return Said(asked.key, canonical_json(plain).encode(), repeated)


def prepared(storage: Storage, keys: int) -> list[Command]:
    """A shop with stock and unpaid orders, and as many commands on it as there are keys."""
    fill(storage, SHOP, {("HZ", sku): PLENTY for sku in ("TEA", "CUP", "POT")})
    shop = open_shop(storage, SHOP)
    ways = list(WAYS)
    asked = []
    for number in range(keys):
        way = ways[number % len(ways)]
        target = _open_order(shop, number) if way in ("pay", "cancel") else ""
        asked.append(Command(f"key-{number}", way, target))
    return asked


def _open_order(shop: Shop, number: int) -> str:
    """Of a hundred pieces, with nothing paid: it can be paid and cancelled in part often."""
    lines = [{"sku": "TEA", "quantity": 100, "unit_price": "10.00"}]
    name = f"open-{number}"
    receiver = {**order()["receiver"], "phone": f"137{number:08}"}
    placed = order(name, buyer={"id": name}, lines=lines, payments=[], receiver=receiver)
    return shop.place(placed, now=MONDAY).order


def do_all(tools: Tools, path: str, asked: Sequence[Command]) -> list[Said]:
    """One process does all of them, as the other processes do at the same time."""
    shop = tools.shop(path, SHOP)
    return [do(shop, one) for one in asked]


def effects(storage: Storage, asked: Iterable[Command]) -> dict[str, int]:
    """How often each command took effect, by its key: counted in what the store holds."""
    adjusted = Counter(one.cause for one in storage.movements(SHOP) if one.quantity < 0)
    placed = Counter(one.source_id for one in storage.orders(SHOP))
    found = {}
    for one in asked:
        if one.way == "place":
            found[one.key] = placed[one.key]
        elif one.way == "adjust":
            found[one.key] = adjusted[one.key]
        else:
            events = storage.events(SHOP, one.order)
            found[one.key] = [(event.cause, event.kind) for event in events].count(
                (one.key, TOLD[one.way])
            )
    return found


def complaints(storage: Storage, asked: Sequence[Command], said: Iterable[Said]) -> list[str]:
    """What is wrong after commands that were each sent several times."""
    answers: dict[str, list[Said]] = {one.key: [] for one in asked}
    for one in said:
        answers[one.key].append(one)
    wrong = [f"{key} took effect {n} times" for key, n in effects(storage, asked).items() if n != 1]
    for key, given in answers.items():
        if len({one.answer for one in given}) != 1:
            wrong.append(f"{key} was answered in {len({one.answer for one in given})} ways")
        if [one.repeated for one in given].count(False) != 1:
            wrong.append(f"{key} was answered as new more or less than once")
    return wrong


def refusals(shop: Shop, asked: Sequence[Command]) -> list[str]:
    """The keys under which another content is not refused, or changes something."""
    before = list(shop.storage.content())
    wrong = []
    for one in asked:
        try:
            do(shop, one, body=2)
        except KeyReused:
            continue
        wrong.append(one.key)
    if list(shop.storage.content()) != before:
        wrong.append("something was stored")
    return wrong


def storing_apart(real: Callable[..., Any]) -> Callable[..., Any]:
    """A mutant: the key is stored in a transaction of its own, after the command's."""

    def transact(self: Any, work: Callable[[Any], Any]) -> Any:
        kept: list[Any] = []

        def without(tx: Any) -> Any:
            tx.keep_command = kept.append
            return work(tx)

        answer = real(self, without)
        for command in kept:
            real(self, lambda tx, command=command: _kept(tx, command))
        return answer

    return transact


def _kept(tx: Any, command: Any) -> None:
    if tx.command(command.shop, command.key) is None:
        tx.keep_command(command)
