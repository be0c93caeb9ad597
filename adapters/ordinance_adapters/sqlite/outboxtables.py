"""A step: the place of an effect among those of its order."""

from __future__ import annotations

from sqlite_utils import Database


def outbox_places(database: Database) -> None:
    """Effects of an order are counted, so that their order does not depend on row numbers."""
    database.execute("ALTER TABLE outbox ADD COLUMN place INTEGER NOT NULL DEFAULT 0")
    database.execute(
        "UPDATE outbox SET place = (SELECT count(*) FROM outbox AS before"
        " WHERE before.shop = outbox.shop AND before.order_id = outbox.order_id"
        " AND before.written <= outbox.written)"
    )
    database.table("outbox").create_index(["shop", "order_id", "place"], unique=True)
