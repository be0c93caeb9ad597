"""What a store promises about timers and about the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from ordinance.ports import Attempt, Effect, EffectState, Storage, StoredEffect, Timer
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


def pending(
    storage: Storage, limit: int = 100, *, now: datetime = AT + SECOND, besides: Sequence[str] = ()
) -> list[str]:
    with storage.transaction() as tx:
        return [one.effect.key for one in tx.due_effects(SHOP, now, limit, besides=besides)]


def kept(storage: Storage, key: str) -> StoredEffect:
    with storage.transaction() as tx:
        found = tx.effect(SHOP, key)
    assert found is not None
    return found


def fail(
    storage: Storage,
    key: str,
    state: EffectState = EffectState.WAITING,
    next_try: datetime | None = None,
    attempts: int = 1,
    *,
    restored: bool = False,
) -> None:
    attempt = Attempt(state, attempts, next_try, AT, "no answer", restored=restored)
    with storage.transaction() as tx:
        tx.mark_tried(SHOP, key, attempt)


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

    def test_a_timer_is_found_by_its_name(self, storage: Storage) -> None:
        schedule(storage, timer(), timer(due=AT + SECOND), timer("o2", shop=OTHER_SHOP))
        one = timer()
        with storage.transaction() as tx:
            found = tx.timer(SHOP, "o1", one.kind, one.name)
            missing = [tx.timer(SHOP, "o2", one.kind, one.name), tx.timer(SHOP, "o1", "x", "")]

        assert found == timer(due=AT + SECOND)
        assert missing == [None, None]

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

        assert kept(storage, "e1") == StoredEffect(said, 1, next_try=said.created)

    def test_the_same_key_is_put_in_once(self, storage: Storage) -> None:
        enqueue(storage, effect("e1", payload="first"), effect("e1", payload="second"))

        assert pending(storage) == ["e1"]
        assert kept(storage, "e1").effect == effect("e1", payload="first")

    def test_an_effect_that_was_done_is_not_done_again(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"), effect("e2"), effect("e1", shop=OTHER_SHOP))
        with storage.transaction() as tx:
            tx.mark_done(SHOP, "e1", "sent", AT)
        enqueue(storage, effect("e1"))

        assert pending(storage) == ["e2"]
        with storage.transaction() as tx:
            assert len(tx.due_effects(OTHER_SHOP, AT, 9)) == 1

    def test_the_first_answer_of_an_effect_stays(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"))
        lines = []
        for answer in ("sent", "sent twice"):
            with storage.transaction() as tx:
                tx.mark_done(SHOP, "e1", answer, AT)
            lines.append(list(storage.content()))

        assert lines[0] == lines[1]
        assert '"sent"' in lines[0][0]

    def test_an_effect_is_due_from_its_next_try_on(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"))
        assert pending(storage, now=AT - SECOND) == []
        fail(storage, "e1", next_try=AT + SECOND)

        assert pending(storage, now=AT) == []
        assert pending(storage, now=AT + SECOND) == ["e1"]
        found = kept(storage, "e1")
        assert (found.attempts, found.tried_at, found.error) == (1, AT, "no answer")

    def test_an_effect_waits_for_those_before_it_in_its_lane_only(self, storage: Storage) -> None:
        push, cancel = "warehouse.push", "warehouse.cancel"
        enqueue(storage, effect("p1", kind=push), effect("c1", kind=cancel), effect("r1"))
        enqueue(storage, effect("p2", kind=push, order_id="o2"))
        assert pending(storage) == ["p1", "c1", "r1", "p2"]
        fail(storage, "p1", next_try=AT + 9 * SECOND)

        assert pending(storage) == ["r1", "p2"]
        with storage.transaction() as tx:
            assert tx.ready_effect(SHOP, "c1", AT) is None
            assert tx.ready_effect(SHOP, "r1", AT) == kept(storage, "r1")

    def test_an_effect_of_unknown_outcome_blocks_and_a_dead_one_does_not(
        self, storage: Storage
    ) -> None:
        for state, after in ((EffectState.UNKNOWN, []), (EffectState.DEAD, ["after"])):
            first, then = f"{state}", effect(f"{state}:after", order_id=state)
            enqueue(storage, effect(first, order_id=state), then)
            fail(storage, first, state)

            found = [key.partition(":")[2] for key in pending(storage) if key.startswith(state)]
            assert found == after

    def test_kinds_can_be_left_out(self, storage: Storage) -> None:
        enqueue(storage, effect("r1", kind="refund"), effect("n1", kind="notify"))

        assert pending(storage, besides=["refund"]) == ["n1"]
        assert pending(storage, besides=["refund", "notify"]) == []

    def test_what_was_done_or_given_up_is_not_undone_by_a_late_failure(
        self, storage: Storage
    ) -> None:
        enqueue(storage, effect("e1"), effect("e2"))
        with storage.transaction() as tx:
            tx.mark_done(SHOP, "e1", "sent", AT)
        fail(storage, "e2", EffectState.DEAD)
        for key in ("e1", "e2"):
            before = kept(storage, key)
            fail(storage, key, next_try=AT, attempts=7)

            assert kept(storage, key) == before

    def test_only_what_is_stuck_can_be_redriven_and_once_at_a_time(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"))
        seen = []
        for state in (None, EffectState.DEAD, EffectState.UNKNOWN):
            if state is not None:
                fail(storage, "e1", state, attempts=9)
            for _ in range(2):
                with storage.transaction() as tx:
                    seen.append(tx.redrive_effect(SHOP, "e1", AT))
            assert pending(storage) == ["e1"]
        found = kept(storage, "e1")

        assert seen == [False, False, True, False, True, False]
        assert (found.attempts, found.redriven, found.next_try) == (0, 2, AT)

    def test_an_effect_that_was_done_is_never_redriven(self, storage: Storage) -> None:
        enqueue(storage, effect("e1"))
        with storage.transaction() as tx:
            tx.mark_done(SHOP, "e1", "sent", AT)
            assert not tx.redrive_effect(SHOP, "e1", AT)

        assert pending(storage) == []

    def test_what_is_open_in_a_restored_store_is_of_unknown_outcome(self, storage: Storage) -> None:
        enqueue(storage, effect("w1"), effect("u1"), effect("d1"), effect("x1"))
        enqueue(storage, effect("other", shop=OTHER_SHOP))
        fail(storage, "u1", EffectState.UNKNOWN, next_try=None, attempts=4)
        fail(storage, "d1", EffectState.DEAD)
        with storage.transaction() as tx:
            tx.mark_done(SHOP, "x1", "sent", AT)
        before = {key: kept(storage, key) for key in ("w1", "u1", "d1", "x1")}
        with storage.transaction() as tx:
            told = tx.doubt_effects(SHOP, AT + SECOND, "out of a backup")

        assert told == 2
        for key in ("w1", "u1"):
            assert kept(storage, key) == replace(
                before[key],
                state=EffectState.UNKNOWN,
                restored=True,
                tried_at=AT + SECOND,
                error="out of a backup",
            )
        assert {key: kept(storage, key) for key in ("d1", "x1")} == {
            key: before[key] for key in ("d1", "x1")
        }
        fail(storage, "w1", EffectState.UNKNOWN, restored=True)
        assert kept(storage, "w1").restored
        with storage.transaction() as tx:
            assert tx.redrive_effect(SHOP, "u1", AT)
        assert not kept(storage, "u1").restored
        fail(storage, "w1")
        assert not kept(storage, "w1").restored

    def test_effects_can_be_read_by_state_and_order(self, storage: Storage) -> None:
        enqueue(storage, effect("d1"), effect("w1", order_id="o2"), effect("w2", order_id="o3"))
        enqueue(storage, effect("x1", shop=OTHER_SHOP))
        fail(storage, "d1", EffectState.DEAD)
        waiting, dead = EffectState.WAITING, EffectState.DEAD

        def keys(*states: EffectState, order_id: str | None = None, limit: int = 9) -> list[str]:
            found = storage.effects(SHOP, states, order_id=order_id, limit=limit)
            return [one.effect.key for one in found]

        assert keys(waiting) == ["w1", "w2"]
        assert keys(waiting, dead) == ["d1", "w1", "w2"]
        assert keys(waiting, dead, limit=1) == ["d1"]
        assert keys(waiting, order_id="o3") == ["w2"]
        assert storage.effect_counts(SHOP) == {("notify", dead): 1, ("notify", waiting): 2}
