"""What a store promises about timers and about the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ordinance.ports import Effect, Storage, Timer
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, effect, timer

SECOND = timedelta(seconds=1)


def schedule(storage: Storage, *timers: Timer) -> None:
    with storage.transaction() as tx:
        for one in timers:
            tx.schedule(one)


def due(storage: Storage, now: datetime, limit: int = 100) -> list[Timer]:
    with storage.transaction() as tx:
        return list(tx.due(SHOP, now, limit))


def enqueue(storage: Storage, *effects: Effect) -> None:
    with storage.transaction() as tx:
        for one in effects:
            tx.enqueue(one)


def pending(storage: Storage, limit: int = 100) -> list[str]:
    with storage.transaction() as tx:
        return [one.key for one in tx.pending(SHOP, limit)]


class WorkContract:
    """Nothing that is due is forgotten, and nothing comes before its time."""

    def test_a_timer_is_due_from_its_instant_on(self, storage: Storage) -> None:
        schedule(storage, timer(due=AT))

        assert due(storage, AT - timedelta(microseconds=1)) == []
        assert due(storage, AT) == due(storage, AT + SECOND) == [timer(due=AT)]

    def test_timers_come_by_instant_order_kind_and_name(self, storage: Storage) -> None:
        expected = [
            timer("o9", due=AT),
            timer("o1", kind="a", name="b", due=AT + SECOND / 2),
            timer("o1", kind="b", name="a", due=AT + SECOND / 2),
            timer("o1", kind="b", name="b", due=AT + SECOND / 2),
            timer("o2", kind="a", due=AT + SECOND / 2),
            # A whole second has no digits after the point; it must not sort before the half.
            timer("o0", due=AT + SECOND),
        ]
        schedule(storage, *reversed(expected))

        assert due(storage, AT + SECOND) == expected
        assert due(storage, AT + SECOND, limit=2) == expected[:2]

    def test_the_zone_of_an_instant_does_not_matter(self, storage: Storage) -> None:
        east, west = timezone(timedelta(hours=8)), timezone(timedelta(hours=-8))
        schedule(storage, timer("o1", due=AT.astimezone(east)))
        schedule(storage, timer("o2", due=(AT + SECOND).astimezone(west)))

        assert due(storage, AT.astimezone(west)) == [timer("o1", due=AT)]

    def test_setting_a_timer_again_moves_it(self, storage: Storage) -> None:
        schedule(storage, timer(due=AT), timer(due=AT + SECOND))

        assert due(storage, AT) == []
        assert due(storage, AT + SECOND) == [timer(due=AT + SECOND)]

    def test_the_next_timer_is_known(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            assert tx.next_due(SHOP) is None
        schedule(storage, timer("o1", due=AT + SECOND), timer("o2", due=AT))
        schedule(storage, timer("o1", due=AT - SECOND, shop=OTHER_SHOP))
        with storage.transaction() as tx:
            assert tx.next_due(SHOP) == AT

    def test_timers_are_dropped_all_or_by_kind_or_by_name(self, storage: Storage) -> None:
        kept = [timer("o2"), timer(shop=OTHER_SHOP)]
        mine = [("a", "x"), ("a", "y"), ("b", "x")]
        examples = [
            (None, None, []),
            ("a", None, [("b", "x")]),
            ("a", "x", [("a", "y"), ("b", "x")]),
            ("c", None, mine),
        ]
        for kind, name, expected in examples:
            schedule(storage, *kept, *(timer(kind=one, name=two) for one, two in mine))
            with storage.transaction() as tx:
                tx.unschedule(SHOP, "o1", kind, name)
            left = [(one.kind, one.name) for one in due(storage, AT) if one.order_id == "o1"]

            assert left == expected, (kind, name)
            assert timer("o2") in due(storage, AT)
        with storage.transaction() as tx:
            assert tx.next_due(OTHER_SHOP) == AT

    def test_effects_wait_in_the_order_they_were_created(self, storage: Storage) -> None:
        enqueue(storage, effect("c"), effect("b", created=AT + SECOND), effect("a"))
        enqueue(storage, effect("x", shop=OTHER_SHOP))

        # Those of the same instant come as they were put in, not by their key.
        assert pending(storage) == ["c", "a", "b"]
        assert pending(storage, limit=2) == ["c", "a"]

    def test_an_effect_keeps_all_it_says(self, storage: Storage) -> None:
        said = effect("e1", order_id="o9", kind="refund", payload='{"amount":1}')
        enqueue(storage, said)
        with storage.transaction() as tx:
            assert tx.pending(SHOP, 1) == [said]

    def test_the_same_key_is_put_in_once(self, storage: Storage) -> None:
        enqueue(storage, effect("e1", payload="first"), effect("e1", payload="second"))
        with storage.transaction() as tx:
            assert tx.pending(SHOP, 9) == [effect("e1", payload="first")]

    def test_an_effect_that_was_done_is_not_done_again(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"), effect("e2"), effect("e1", shop=OTHER_SHOP))
        with storage.transaction() as tx:
            tx.mark_done(SHOP, "e1", "sent", AT)
        enqueue(storage, effect("e1"))

        assert pending(storage) == ["e2"]
        with storage.transaction() as tx:
            assert len(tx.pending(OTHER_SHOP, 9)) == 1

    def test_the_first_answer_of_an_effect_stays(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"))
        lines = []
        for answer in ("sent", "sent twice"):
            with storage.transaction() as tx:
                tx.mark_done(SHOP, "e1", answer, AT)
            lines.append(list(storage.content()))

        assert lines[0] == lines[1]
        assert '"sent"' in lines[0][0]
