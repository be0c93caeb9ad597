"""Bugs to plant, each the kind that only shows when somebody dies or gets in between."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest

from ordinance.command import Runner
from ordinance.fulfilment import tracking
from ordinance.orders import intake
from ordinance.orders.change import Change
from ordinance.service import cancel
from ordinance.shop import world
from ordinance.stored import Effect, StoredEvent
from ordinance_adapters.sql.auditlog import AuditRows
from ordinance_adapters.sql.transaction import SqlTransaction

Patch = pytest.MonkeyPatch


def _rewritten(patch: Patch, module: ModuleType, name: str, *pairs: tuple[str, str]) -> None:
    """Replace pieces of a function's text, in the module's own names."""
    source = textwrap.dedent(inspect.getsource(getattr(module, name)))
    for old, new in pairs:
        assert old in source, (name, old)
        source = source.replace(old, new)
    names: dict[str, Any] = vars(module)
    patch.setitem(names, name, names[name])
    exec(compile(source, f"<planted in {name}>", "exec"), names)


def _written_after_the_commit(
    patch: Patch, method: str, write: Callable[[SqlTransaction, Any], None]
) -> None:
    """What `method` is given is put aside, and written in a transaction of its own afterwards."""
    aside: list[Any] = []
    whole = Runner._stored

    def stored(self: Runner, do: Any) -> Any:
        # What a process had put aside is gone when it dies.
        aside.clear()
        told = whole(self, do)
        if aside:
            later = list(aside)
            aside.clear()
            with self.storage.transaction() as tx:
                for one in later:
                    write(tx, one)  # type: ignore[arg-type]
        return told

    patch.setattr(SqlTransaction, method, lambda self, one: aside.append(one))
    patch.setattr(Runner, "_stored", stored)


def event_after_the_commit(patch: Patch) -> None:
    """M10."""
    whole: Callable[[SqlTransaction, Sequence[StoredEvent]], None] = SqlTransaction.append_events
    _written_after_the_commit(patch, "append_events", whole)


def outbox_outside_of_the_transaction(patch: Patch) -> None:
    """M11."""
    whole: Callable[[SqlTransaction, Effect], None] = SqlTransaction.enqueue
    _written_after_the_commit(patch, "enqueue", whole)


def tracking_goes_back(patch: Patch) -> None:
    """M13: the scan that came last counts, whenever it was made."""
    latest = "last_scan_at=max(at, parcel.last_scan_at or at)"
    _rewritten(patch, tracking, "scan", (latest, "last_scan_at=at"))


def delivered_is_taken_back(patch: Patch) -> None:
    """M13: a parcel that was delivered is scanned on."""
    _rewritten(patch, tracking, "scan", (" or parcel.settled", ""))


def expiry_takes_what_was_paid(patch: Patch) -> None:
    """M14: who closes what nobody paid does not look again whether somebody has paid."""
    _rewritten(
        patch,
        intake,
        "close_unpaid",
        ("if change.record.state is not OrderState.WAIT_PAY", "if False"),
        ("if change.record.paid", "if False"),
    )


def refund_of_another_payment(patch: Patch) -> None:
    """M12: the money of a late payment goes back to the payment that was seen last, whosever."""
    seen: list[str] = []
    whole = Change.effect

    def effect(self: Change, kind: str, key: str, payload: Any) -> None:
        if kind == "refund":
            seen.extend(transaction for transaction, _ in payload["split"])
            payload = {**payload, "split": [[seen[0], part] for _, part in payload["split"]]}
        whole(self, kind, key, payload)

    patch.setattr(Change, "effect", effect)


def cancel_releases_what_was_shipped(patch: Patch) -> None:
    """M5: who calls off does not look at what has left."""
    patch.setattr(cancel, "that_left", lambda record, pieces: ())
    _rewritten(patch, cancel, "drop_pieces", (" - line.cancelled - line.shipped", ""))


def box_leaves_for_one_order(patch: Patch) -> None:
    """A box is handed over and tracked for one of the orders whose parcels are in it."""

    def alone(change: Change, desk: Any, parcel: str, do: Callable[..., None]) -> None:
        do(change, desk, parcel)

    patch.setattr(world, "with_all_aboard", alone)


def log_without_its_end(patch: Patch) -> None:
    """A sealer forgets the last leaf where it has seen more than one."""
    whole = AuditRows.seal

    def seal(self: Any, leaves: Any, *others: Any) -> bool:
        return whole(self, leaves[:-1] if len(leaves) > 1 else leaves, *others)

    patch.setattr(AuditRows, "seal", seal)


PLANTED: dict[str, Callable[[Patch], None]] = {
    "M5 cancel releases what was shipped": cancel_releases_what_was_shipped,
    "M10 event after the commit": event_after_the_commit,
    "M11 outbox outside of the transaction": outbox_outside_of_the_transaction,
    "M12 refund of another payment": refund_of_another_payment,
    "M13 tracking goes back": tracking_goes_back,
    "M13 delivered is taken back": delivered_is_taken_back,
    "M14 expiry takes what was paid": expiry_takes_what_was_paid,
    "a box leaves for one order": box_leaves_for_one_order,
    "a log without its end": log_without_its_end,
}
