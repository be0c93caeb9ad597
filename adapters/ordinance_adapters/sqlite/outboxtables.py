"""Three steps: the place of an effect among those of its order, how far it is, and whether it comes
out of a backup."""

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


_STATES = "'waiting', 'unknown', 'done', 'dead'"


def outbox_states(database: Database) -> None:
    """Effects know whether they are done or given up, how often they were tried, and when next."""
    for column in (
        "lane TEXT NOT NULL DEFAULT ''",
        f"state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ({_STATES}))",
        "attempts INTEGER NOT NULL DEFAULT 0",
        "redriven INTEGER NOT NULL DEFAULT 0",
        "next_try TEXT",
        "tried_at TEXT",
        "error TEXT",
        "answers TEXT NOT NULL DEFAULT '{}'",
    ):
        database.execute(f"ALTER TABLE outbox ADD COLUMN {column}")
    database.execute(
        "UPDATE outbox SET lane = substr(kind, 1, instr(kind || '.', '.') - 1),"
        " state = CASE WHEN done_at IS NULL THEN 'waiting' ELSE 'done' END,"
        " next_try = CASE WHEN done_at IS NULL THEN created END"
    )
    database.execute("DROP INDEX idx_outbox_pending")
    for index in (
        "idx_outbox_due ON outbox (shop, next_try) WHERE next_try IS NOT NULL",
        "idx_outbox_open ON outbox (shop, order_id, lane, place)"
        " WHERE state IN ('waiting', 'unknown')",
        "idx_outbox_stuck ON outbox (shop, created) WHERE state IN ('unknown', 'dead')",
    ):
        database.execute(f"CREATE INDEX {index}")


def restored_effects(database: Database) -> None:
    """Effects know whether they come out of a backup, and may have been done since."""
    database.execute(
        "ALTER TABLE outbox ADD COLUMN restored INTEGER NOT NULL DEFAULT 0"
        " CHECK (restored IN (0, 1))"
    )
