"""What a store promises that is filled with what another one holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ordinance.ports import Conflict, Storage, StorageError
from ordinance.testing.blocks import Interrupted
from ordinance.testing.samples import OTHER_SHOP, SHOP, refused, write_one_of_each

_NO_LINES = ("{}", "no line", '{"table": "none"}', '{"table": "orders"}')


class FillingContract:
    """Everything that `content` gave is there afterwards, or nothing is."""

    def make(self, tmp_path: Path) -> Storage:
        raise NotImplementedError

    @contextmanager
    def target(self, tmp_path: Path) -> Iterator[Storage]:
        """A second, empty store."""
        (tmp_path / "target").mkdir()
        made = self.make(tmp_path / "target")
        try:
            yield made
        finally:
            made.close()

    def lines(self, storage: Storage) -> list[str]:
        """The content of two shops, which are written into a store."""
        for shop in (SHOP, OTHER_SHOP):
            write_one_of_each(storage, shop)
        return list(storage.content())

    def test_a_store_is_filled_with_what_another_one_holds(
        self, storage: Storage, tmp_path: Path
    ) -> None:
        lines = self.lines(storage)

        with self.target(tmp_path) as target:
            assert target.fill(iter(lines)) == len(lines)
            assert list(target.content()) == lines

    def test_a_batch_sees_what_it_has_filled_and_can_take_it_back(
        self, storage: Storage, tmp_path: Path
    ) -> None:
        lines = self.lines(storage)

        with self.target(tmp_path) as target:
            with suppress(Interrupted), target.batch():
                target.fill(lines)
                assert list(target.content()) == lines
                raise Interrupted
            assert list(target.content()) == []

    def test_a_store_that_holds_anything_is_not_filled(
        self, storage: Storage, tmp_path: Path
    ) -> None:
        lines = self.lines(storage)

        with self.target(tmp_path) as target:
            target.keep_setting(SHOP, "name", "value")
            before = list(target.content())
            refused(StorageError, lambda: target.fill(lines))
            assert list(target.content()) == before

    def test_with_a_line_that_is_none_or_comes_twice_nothing_is_filled(
        self, storage: Storage, tmp_path: Path
    ) -> None:
        lines = self.lines(storage)

        with self.target(tmp_path) as target:
            for wrong in _NO_LINES:
                refused(StorageError, partial(target.fill, [*lines, wrong]))
            refused(Conflict, lambda: target.fill([*lines, lines[-1]]))
            assert list(target.content()) == []
