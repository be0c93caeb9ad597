"""What a store promises to those who watch over it."""

from __future__ import annotations

from datetime import timedelta

from ordinance.ports import Attempt, EffectState, Storage, Waiting
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, command, effect, timer
from ordinance.watching import EffectBacklog, QueueBacklog, TimerBacklog

HOUR = timedelta(hours=1)


class WatchingContract:
    """Everything that waits is counted, of one shop, and nothing that is done."""

    def test_an_empty_store_has_no_backlog(self, storage: Storage) -> None:
        found = storage.backlog(SHOP, AT)

        assert (found.effects, found.timers, found.queue) == ((), (), QueueBacklog())

    def test_effects_are_counted_by_kind_and_state_without_what_is_done(
        self, storage: Storage
    ) -> None:
        with storage.transaction() as tx:
            for key in ("d", "u", "a", "t", "w"):
                tx.enqueue(effect(key))
            tx.enqueue(effect("l", created=AT + HOUR))
            tx.enqueue(effect("x", shop=OTHER_SHOP))
            tx.mark_done(SHOP, "d", "sent", AT)
            tx.mark_tried(SHOP, "u", Attempt(EffectState.UNKNOWN, 1, None, AT, "no answer"))
            tx.mark_tried(SHOP, "a", Attempt(EffectState.DEAD, 3, None, AT, "no"))
            tx.mark_tried(SHOP, "t", Attempt(EffectState.WAITING, 2, AT + 2 * HOUR, AT, "busy"))

        assert storage.backlog(SHOP, AT).effects == (
            EffectBacklog("notify", EffectState.DEAD, 1, 1, AT, None, 1),
            EffectBacklog("notify", EffectState.UNKNOWN, 1, 1, AT, None, 1),
            EffectBacklog("notify", EffectState.WAITING, 3, 1, AT, AT, 0),
        )

    def test_timers_are_counted_by_kind_and_told_one_by_one(self, storage: Storage) -> None:
        own = [
            timer("o1", kind="a", name="1", due=AT - HOUR),
            timer("o1", kind="a", name="2", due=AT),
            timer("o1", kind="b", due=AT + HOUR),
            timer("o2", kind="a", due=AT + HOUR),
        ]
        with storage.transaction() as tx:
            for one in (*reversed(own), timer("o1", shop=OTHER_SHOP)):
                tx.schedule(one)

        assert storage.backlog(SHOP, AT).timers == (
            TimerBacklog("a", 3, 2, AT - HOUR),
            TimerBacklog("b", 1, 0, AT + HOUR),
        )
        assert list(storage.timers(SHOP)) == own

    def test_the_queue_is_counted(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            for order_id, skus in (("o1", ("A", "B")), ("o2", ("A",))):
                tx.keep_waiting(
                    SHOP,
                    order_id,
                    [Waiting(SHOP, sku, 1, AT, order_id, 2, "line") for sku in skus],
                )

        assert storage.backlog(SHOP, AT).queue == QueueBacklog(2, 6, AT)

    def test_commands_are_told_by_key(self, storage: Storage) -> None:
        own = [command(f"k{number:04}") for number in range(1200)]
        with storage.transaction() as tx:
            for one in (*reversed(own), command("k0", shop=OTHER_SHOP)):
                tx.keep_command(one)

        assert list(storage.commands(SHOP)) == own

    def test_a_store_tells_how_it_is(self, storage: Storage) -> None:
        found = storage.condition()

        assert found.kind and found.size > 0 and found.steps
        assert found.log is None or found.log >= 0
