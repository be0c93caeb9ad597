"""Buyers: they order, pay, change their mind, send goods back, and answer when they are asked."""

from __future__ import annotations

from typing import Any

from ordinance.command import Receipt
from ordinance.oms import Shop
from ordinance.orders.order import Payment
from tests.core.shop import order
from tests.simulation.person import REGIONS, Person
from tests.simulation.shelf import SKUS, SOLD

TOKENS = ("cart-1", "cart-2")


class Buyers(Person):
    """Commands from the side of the buyer."""

    def place(self) -> None:
        number = self.next()
        asked = self._drafted(number)
        token = self.chance.choice((None, None, *TOKENS))

        def do(shop: Shop) -> Receipt:
            return shop.place(asked, key=f"place:{number}", reservation=token)

        self.remember(self.send("place", f"place:{number}", do))

    def place_again(self) -> Receipt | None:
        """A small order, paid in full, of the same buyer each time."""
        number = self.next()
        asked = order(
            f"A{number}",
            placed_at=self.world.now,
            buyer={"id": "u9"},
            receiver={**self.receiver(0), "region": REGIONS[0]},
            lines=[{"sku": "TEA", "quantity": 1, "unit_price": "50.00"}],
            payments=[self._money(f"T{number}", SOLD["TEA"])],
        )
        key = f"place:{number}"
        told = self.send("place", key, lambda shop: shop.place(asked, key=key))
        self.remember(told)
        return told if isinstance(told, Receipt) else None

    def _drafted(self, number: int) -> dict[str, Any]:
        chance, now = self.chance, self.world.now
        lines: list[dict[str, Any]] = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            sku = chance.choice(SKUS)
            minor = SOLD[sku] * chance.choice((1, 1, 1, 20))
            lines.append(
                {
                    "sku": sku,
                    "quantity": chance.choice((1, 1, 2, 3, 6)),
                    "unit_price": f"{minor / 100:.2f}",
                }
            )
        due = sum(round(float(line["unit_price"]) * 100) * int(line["quantity"]) for line in lines)
        freight = chance.choice((0, 0, 800))
        paid = chance.choice((due + freight,) * 6 + (0, 0, due // 2, due + freight + 500))
        number_of_payment = chance.choice((number, number, number, number - 1))
        payments = [self._money(f"T{number_of_payment}", paid)] if paid else []
        buyer = chance.randrange(4)
        if self.world.patient:
            buyer %= 2
        return order(
            f"A{number}",
            placed_at=now,
            buyer={"id": f"u{buyer}"},
            receiver=self.receiver(buyer),
            lines=lines,
            freight=f"{freight / 100:.2f}",
            payments=payments,
        )

    def _money(self, transaction: str, minor: int) -> dict[str, Any]:
        return {
            "transaction": transaction,
            "amount": f"{minor / 100:.2f}",
            "paid_at": self.world.now,
            "method": "card",
        }

    def pay(self) -> None:
        found = self.order("WAIT_PAY") or self.order()
        if found is None:
            return
        left = found["receivable"] - sum(
            payment["amount"] for payment in found.get("payments", {}).values()
        )
        minor = self.chance.choice((left, left, left, left // 2, 100))
        if minor <= 0:
            return
        money = Payment.model_validate(self._money(f"P{self.next()}", minor))
        self.on("pay", found, lambda shop, order, key: shop.pay(order, money, key=key))

    def cancel(self) -> None:
        found = self.order()
        if found is None:
            return
        pieces = self.pieces(found) if self.chance.randrange(2) else []
        self.on(
            "cancel", found, lambda shop, order, key: shop.cancel(order, key=key, pieces=pieces)
        )

    def aftersale(self) -> None:
        found = self.order("SIGNED", "COMPLETED", "SHIPPED") or self.order()
        if found is None:
            return
        pieces = self.pieces(found) if self.chance.randrange(2) else []
        reason = self.chance.choice(("NO_REASON_7D", "QUALITY", "NOT_RECEIVED", "MISSING"))
        self.on(
            "aftersale",
            found,
            lambda shop, order, key: shop.request_aftersale(
                order, key=key, reason=reason, pieces=pieces, evidence=reason == "QUALITY"
            ),
        )

    def answer_offer(self) -> None:
        found = self.held("CONSENT")
        choice = self.chance.choice(
            ("wait", "ship_available", "cancel_short", "cancel_order", "decline")
        )
        if found is not None:
            self.on(
                "answer", found, lambda shop, order, key: shop.answer_offer(order, choice, key=key)
            )

    def address(self) -> None:
        found = self.order()
        if found is not None:
            to = self.receiver(self.chance.randrange(4))
            self.on(
                "address", found, lambda shop, order, key: shop.change_address(order, to, key=key)
            )

    def reserve(self) -> None:
        token, sku = self.chance.choice(TOKENS), self.chance.choice(SKUS)
        pieces, minutes = self.chance.randint(1, 5), self.chance.randint(1, 30)
        key = f"r{self.next()}"
        self.send(
            "reserve",
            key,
            lambda shop: shop.reserve(token, {sku: pieces}, minutes=minutes, key=key),
        )

    def let_go(self) -> None:
        token = self.chance.choice(TOKENS)
        self.world.run("let go", lambda process: process.shop.release_reservation(token))
