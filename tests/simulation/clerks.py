"""Clerks: they review, lift holds, settle cases, merge orders, and publish rules."""

from __future__ import annotations

from typing import Any

from ordinance.oms import Shop
from tests.simulation.editions import edition
from tests.simulation.person import Person, open_holds


class Clerks(Person):
    """Commands of those who work in the office."""

    def review(self) -> None:
        found = self.held("MANUAL_REVIEW") or self.held("RISK")
        answer = self.chance.choice(("confirm", "confirm", "deny", "unreachable"))
        if found is not None:
            self.on(
                "review",
                found,
                lambda shop, order, key: shop.answer_review(order, answer, key=key, by="Lan"),
            )

    def release_hold(self) -> None:
        found = self.order()
        open_ = [one for one in open_holds(found) if one["code"] != "RULE_FAILED"]
        if found is not None and open_:
            code = self.chance.choice(open_)["code"]
            self.on(
                "release",
                found,
                lambda shop, order, key: shop.release(order, code, key=key, by="Lan"),
            )

    def settle_case(self) -> None:
        found = self.held("CASE_REVIEW") or self.held("DISPUTE")
        cases = [] if found is None else [*found.get("cases", {})]
        if found is not None and cases:
            case = self.chance.choice(cases)
            remedy = self.chance.choice(("RETURN_REFUND", "REFUND_ONLY", "RESEND", "REFUSE"))
            self.on(
                "settle",
                found,
                lambda shop, order, key: shop.settle_case(order, case, remedy, key=key, by="Mei"),
            )

    def merge(self) -> None:
        found = self.world.sql(
            "SELECT a.id, b.id FROM orders a JOIN orders b"
            " ON a.buyer_id = b.buyer_id AND a.id < b.id"
            " WHERE a.document LIKE '%\"WAIT_PUSH\"%' AND b.document LIKE '%\"WAIT_PUSH\"%'"
            " ORDER BY 1, 2"
        ).fetchall()
        if len(self.orders) > 1:
            pair = self.chance.choice(found) if found else self.chance.sample(self.orders, 2)
            key = f"k{self.next()}"
            self.send("merge", key, lambda shop: shop.merge(pair, key=key))

    def unmerge(self) -> None:
        found = self.found("document LIKE '%\"aboard\"%'") or self.order("FULFILLING")
        if found is not None:
            self.on("unmerge", found, lambda shop, order, key: shop.unmerge(order, key=key))

    def rules(self) -> None:
        """Publish another edition, take one back, or try one in the shadow."""
        way, now = self.chance.randrange(4), self.world.now
        name = self.chance.choice("ABC")

        def do(shop: Shop) -> Any:
            office = shop.office
            if way == 0:
                release = edition(name)
                live = office.status().live
                base = live.version if live else 0
                return office.publish(release, author="Mei", note="other", now=now, base=base).seq
            if way == 1:
                return office.start_shadow(edition(name), by="Mei", note="try", now=now).seq
            return office.rollback(by="Lan", note="back", now=now).seq

        self.world.run("rules", lambda process: do(process.shop))
