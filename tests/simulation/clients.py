"""All who send commands: who acts next, and who sends the same once more."""

from __future__ import annotations

from collections.abc import Callable

from ordinance.ports import KeyReused
from tests.simulation.buyers import Buyers
from tests.simulation.clerks import Clerks
from tests.simulation.hands import Hands
from tests.simulation.process import Process
from tests.simulation.world import Broken, World


class Clients(Buyers, Clerks, Hands):
    """Everybody outside the shop who wants something of it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        actions: list[tuple[int, Callable[[], object]]] = [
            (16, self.place),
            (6, self.pay),
            (14, self.hand_over),
            (14, self.scan),
            (5, self.cancel),
            (5, self.aftersale),
            (4, self.goods_back),
            (3, self.review),
            (3, self.answer_offer),
            (2, self.address),
            (2, self.merge),
            (1, self.unmerge),
            (2, self.reject),
            (3, self.reserve),
            (1, self.let_go),
            (5, self.receive),
            (4, self.stockroom),
            (2, self.count),
            (2, self.release_hold),
            (1, self.settle_case),
            (2, self.rules),
            (5, self.again),
            (1, self.other_body),
        ]
        if world.patient:
            actions += [(4, self.together), (3, self.unmerge)]
        self._actions = [action for weight, action in actions for _ in range(weight)]

    def act(self) -> None:
        """Somebody does something."""
        self.chance.choice(self._actions)()

    def together(self) -> None:
        """A buyer orders twice, and somebody puts both into one box before it leaves."""
        pair = [told.order for told in (self.place_again(), self.place_again()) if told]
        if len(pair) == 2:
            key = f"k{self.next()}"
            self.send("merge", key, lambda shop: shop.merge(pair, key=key))

    def again(self) -> None:
        """The same request once more; first of all one that nobody has answered."""
        if self.world.unanswered:
            asked = self.world.unanswered.pop(self.chance.randrange(len(self.world.unanswered)))
            self.remember(self.world.ask(asked))
        elif self.world.asked:
            self.world.ask(self.chance.choice(self.world.asked))

    def other_body(self) -> None:
        """A key that comes back with another content never executes."""
        found = self.order()
        known = [one for one in self.world.asked if one.name == "cancel"]
        if found is None or not known:
            return
        order_id, key = str(found["id"]), self.chance.choice(known).key

        def do(process: Process) -> None:
            try:
                process.shop.set_short(order_id, key=key, by="Lan", note="another")
            except KeyReused:
                return
            raise Broken(f"I8: `{key}` came back with another body and was taken")

        self.world.run("other body", do)
