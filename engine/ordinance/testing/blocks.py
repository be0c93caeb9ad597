"""What a transaction and a batch promise."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Thread

from ordinance.ports import Conflict, MovementKind, Storage, StorageError
from ordinance.testing.samples import (
    OTHER_SHOP,
    SHOP,
    movement,
    order,
    refused,
    write_one_of_each,
)


class Interrupted(Exception):
    """Stands for whatever goes wrong in the middle of a command."""


class BlocksContract:
    """All of a block or nothing of it, in the eyes of everyone else too."""

    def make(self, tmp_path: Path) -> Storage:
        raise NotImplementedError

    def test_what_was_stored_is_there_when_the_store_is_opened_again(self, tmp_path: Path) -> None:
        first = self.make(tmp_path)
        write_one_of_each(first)
        stored = list(first.content())
        first.close()
        second = self.make(tmp_path)

        assert len(stored) == 27
        assert list(second.content()) == stored
        second.close()

    def test_an_exception_undoes_everything_the_transaction_wrote(self, storage: Storage) -> None:
        write_one_of_each(storage)
        before = list(storage.content())
        with suppress(Interrupted), storage.transaction() as tx:
            tx.save_order(order("o2"), expected_version=0)
            tx.move(movement(MovementKind.RESERVED, 1))
            tx.mark_done(SHOP, "e1", "sent", order().placed_at)
            tx.unschedule(SHOP, "o1", None, None)
            raise Interrupted

        assert list(storage.content()) == before

    def test_an_exception_passes_through_unchanged(self, storage: Storage) -> None:
        def fail() -> None:
            with storage.transaction():
                raise Interrupted

        refused(Interrupted, fail)

    def test_nobody_else_sees_a_transaction_before_it_ends(self, tmp_path: Path) -> None:
        writer, reader = self.make(tmp_path), self.make(tmp_path)
        with writer.transaction() as tx:
            tx.save_order(order(), expected_version=0)
            before = reader.find(SHOP, "o1")

        assert before is None
        assert reader.find(SHOP, "o1") == order()
        writer.close()
        reader.close()

    def test_nobody_else_sees_a_batch_before_it_ends(self, tmp_path: Path) -> None:
        writer, reader = self.make(tmp_path), self.make(tmp_path)
        with writer.batch():
            write_one_of_each(writer)
            before = list(reader.content())

        assert before == []
        assert list(reader.content()) == list(writer.content())
        writer.close()
        reader.close()

    def test_inside_its_batch_a_program_reads_what_it_has_written(self, storage: Storage) -> None:
        with storage.batch():
            with storage.transaction() as tx:
                tx.save_order(order(), expected_version=0)
            storage.keep_setting(SHOP, "profile", "{}")

            assert storage.find(SHOP, "o1") == order()
            assert [found.id for found in storage.orders(SHOP)] == ["o1"]
            assert storage.setting(SHOP, "profile") == "{}"
            assert len(list(storage.content())) == 2

    def test_a_transaction_that_fails_inside_a_batch_takes_only_itself_back(
        self, storage: Storage
    ) -> None:
        with storage.batch():
            with storage.transaction() as tx:
                tx.save_order(order("o1"), expected_version=0)
                tx.move(movement(MovementKind.RECEIVED, 5))
            with suppress(Interrupted), storage.transaction() as tx:
                tx.save_order(order("o2"), expected_version=0)
                tx.move(movement(MovementKind.RESERVED, 5))
                raise Interrupted
            with storage.transaction() as tx:
                tx.save_order(order("o3"), expected_version=0)

        assert [found.id for found in storage.orders(SHOP)] == ["o1", "o3"]
        assert storage.stock(SHOP)[0].available == 5
        assert len(list(storage.movements(SHOP))) == 1

    def test_a_conflict_inside_a_batch_takes_only_its_transaction_back(
        self, storage: Storage
    ) -> None:
        with storage.batch():
            with storage.transaction() as tx:
                tx.save_order(order(), expected_version=0)
            with suppress(Conflict), storage.transaction() as tx:
                tx.keep_facts(SHOP, {"f1": "{}"})
                tx.save_order(order(), expected_version=0)
            storage.keep_setting(SHOP, "after", "{}")

        assert storage.find(SHOP, "o1") == order()
        assert storage.facts(SHOP, "f1") is None
        assert storage.setting(SHOP, "after") == "{}"

    def test_an_exception_that_leaves_a_batch_takes_all_of_it_back(self, storage: Storage) -> None:
        with suppress(Interrupted), storage.batch():
            write_one_of_each(storage)
            raise Interrupted

        assert list(storage.content()) == []

    def test_a_store_goes_on_after_a_failed_batch(self, storage: Storage) -> None:
        with suppress(Interrupted), storage.batch(), storage.transaction():
            raise Interrupted
        write_one_of_each(storage)

        assert storage.find(SHOP, "o1") is not None

    def test_what_is_read_together_is_of_one_instant(self, tmp_path: Path) -> None:
        mine, other = self.make(tmp_path), self.make(tmp_path)
        writer = Thread(target=lambda: write_one_of_each(other))
        with mine.reading() as tx:
            assert tx.order(SHOP, "o1") is None
            writer.start()
            writer.join(timeout=30)
            assert not writer.is_alive(), "whoever reads holds nobody up"
            assert tx.order_by_number(SHOP, order().number) is None
            assert tx.command(SHOP, "k1") is None
            assert list(mine.orders(SHOP)) == [], "the store itself tells the same inside of it"
            assert list(mine.content()) == []
        with mine.reading() as tx:
            assert tx.order(SHOP, "o1") is not None
        mine.close()
        other.close()

    def test_a_transaction_is_of_no_use_after_its_end(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            pass

        refused(StorageError, lambda: tx.save_order(order(), expected_version=0))
        refused(StorageError, lambda: tx.order(SHOP, "o1"))
        assert list(storage.content()) == []


class ContentContract:
    """Equal content, equal lines."""

    def make(self, tmp_path: Path) -> Storage:
        raise NotImplementedError

    def test_an_empty_store_has_no_content(self, storage: Storage) -> None:
        assert list(storage.content()) == []

    def test_the_same_writes_give_the_same_lines(self, tmp_path: Path) -> None:
        lines = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            storage = self.make(tmp_path / name)
            write_one_of_each(storage)
            lines.append(list(storage.content()))
            storage.close()

        assert lines[0] == lines[1]
        assert len(set(lines[0])) == len(lines[0]) == 27

    def test_the_lines_do_not_depend_on_which_shop_wrote_first(self, tmp_path: Path) -> None:
        lines = []
        for shops in ((SHOP, OTHER_SHOP), (OTHER_SHOP, SHOP)):
            (tmp_path / shops[0]).mkdir()
            storage = self.make(tmp_path / shops[0])
            for shop in shops:
                write_one_of_each(storage, shop)
            lines.append(list(storage.content()))
            storage.close()

        assert lines[0] == lines[1]

    def test_what_was_undone_leaves_no_trace(self, tmp_path: Path) -> None:
        lines = []
        for interruptions in (0, 2):
            (tmp_path / str(interruptions)).mkdir()
            storage = self.make(tmp_path / str(interruptions))
            for _ in range(interruptions):
                with suppress(Interrupted), storage.batch():
                    write_one_of_each(storage)
                    raise Interrupted
            write_one_of_each(storage)
            lines.append(list(storage.content()))
            storage.close()

        assert lines[0] == lines[1]

    def test_every_stored_value_shows(self, storage: Storage) -> None:
        write_one_of_each(storage)
        before = set(storage.content())
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", '{"name": "兰"}')
            tx.mark_done(SHOP, "e1", "sent", order().placed_at)
        changed = set(storage.content()) - before

        assert len(changed) == 2
        assert any("兰" in line for line in changed)
