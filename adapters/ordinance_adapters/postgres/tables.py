"""The tables, step by step. A step that was released is never edited.

Texts sort by code point on every machine (`COLLATE "C"`), every key leads with the shop, and no
key comes out of a sequence: rows of one shop, and of one order, lie together wherever they lie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg import Connection

from ordinance_adapters.postgres.line import fetched
from ordinance_adapters.sql.chaining import chain_histories

_TEXT = 'TEXT COLLATE "C" NOT NULL'
_OPTIONAL = 'TEXT COLLATE "C"'
_NUMBER = "BIGINT NOT NULL"


def _table(name: str, key: str, *columns: str, more: str = "") -> str:
    """One table. A column is `name`, a text; `name:?`, a text that may be missing; or a name with
    its type."""
    lines = []
    for column in columns:
        if column.endswith(":?"):
            lines.append(f"{column[:-2]} {_OPTIONAL}")
        elif " " in column:
            lines.append(column)
        else:
            lines.append(f"{column} {_TEXT}")
    lines.append(f"PRIMARY KEY ({key})")
    if more:
        lines.append(more)
    body = ",\n    ".join(lines)
    return f"CREATE TABLE {name} (\n    {body}\n)"


def _number(name: str, check: str = "") -> str:
    return f"{name} {_NUMBER}{f' CHECK ({check})' if check else ''}"


_ORDERS = (
    _table(
        "orders",
        "shop, id",
        *("shop", "id", "number", "channel", "source_id", _number("version")),
        *("status", "order_state", "buyer_id:?", "placed_at"),
        *(_number("receivable"), _number("paid"), _number("refunded", "refunded >= 0")),
        "document",
        more="CHECK (refunded <= paid)",
    ),
    "CREATE UNIQUE INDEX orders_number ON orders (shop, number)",
    "CREATE UNIQUE INDEX orders_source ON orders (shop, source_id, channel)",
    "CREATE INDEX orders_status ON orders (shop, status, id)",
    "CREATE INDEX orders_buyer ON orders (shop, buyer_id, placed_at, id) INCLUDE (paid, refunded)",
)

_HISTORY = (
    _table(
        "events",
        "shop, order_id, version",
        *("shop", "order_id", _number("version"), "kind", "at", "actor", "cause"),
        *("changes", "data"),
    ),
    _table(
        "decisions",
        "shop, order_id, seq",
        *("shop", "order_id", _number("seq"), "point", "at", "outcome"),
        *("rules_hash", "facts_hash", "record", _number("published")),
    ),
    "CREATE INDEX decisions_outcome ON decisions (shop, point, outcome)",
    "CREATE INDEX decisions_published ON decisions (shop, published, point, rules_hash)",
    _table("facts", "shop, facts_hash", "shop", "facts_hash", "snapshot"),
)

_RULES = (
    _table(
        "rule_sources",
        "shop, rules_hash",
        *("shop", "rules_hash", "point", "file", "source", "first_used"),
    ),
    _table(
        "rule_journal",
        "shop, seq",
        *("shop", _number("seq"), "kind", _number("version"), "actor", "note", "at"),
        *(_number("live"), _number("since"), _number("shadow")),
        _number("approval", "approval IN (0, 1)"),
        more="CHECK (since <= seq), CHECK ((live = 0) = (since = 0))",
    ),
    _table(
        "releases",
        "shop, version",
        *("shop", _number("version"), "hash", _number("base"), "author", "note", "at"),
        *("files", "rules"),
    ),
    _table("rule_texts", "shop, hash", "shop", "hash", "text"),
    _table(
        "trials",
        "shop, version, order_id, seq",
        *("shop", "order_id", _number("seq"), _number("version"), "point", "at", "live"),
        *("outcome", _number("same"), "live_hash", "rules_hash", "facts_hash", "record"),
    ),
)

_STOCK = (
    _table(
        "stock",
        "shop, sku, warehouse",
        *("shop", "sku", "warehouse", _number("on_hand", "on_hand >= 0")),
        *(_number("reserved", "reserved >= 0"), _number("quarantine", "quarantine >= 0")),
        _number("moves"),
        f"set_aside {_NUMBER} DEFAULT 0 CHECK (set_aside >= 0)",
        f"in_transit {_NUMBER} DEFAULT 0 CHECK (in_transit >= 0)",
        f"safety {_NUMBER} DEFAULT 0 CHECK (safety >= 0)",
        more="CHECK (reserved + set_aside <= on_hand)",
    ),
    _table(
        "movements",
        "shop, warehouse, sku, seq",
        *("shop", "warehouse", "sku", _number("seq"), "kind", _number("quantity"), "at"),
        *("actor", "cause", "order_id:?", "pool", "note"),
        *("token:?", "transfer:?", "counterpart:?"),
        more="FOREIGN KEY (shop, sku, warehouse) REFERENCES stock (shop, sku, warehouse)",
    ),
    "CREATE INDEX movements_order ON movements (shop, order_id)",
    _table(
        "reservations",
        "shop, holder, sku, warehouse, pool",
        *("shop", "holder", "sku", "warehouse", "pool", _number("pieces", "pieces > 0")),
        "expires_at:?",
    ),
    "CREATE INDEX reservations_place ON reservations (shop, sku, warehouse)",
    "CREATE INDEX reservations_expiring ON reservations (shop, expires_at)"
    " WHERE expires_at IS NOT NULL",
    _table(
        "pools",
        "shop, sku, warehouse, channel",
        *("shop", "sku", "warehouse", f"channel {_TEXT} CHECK (channel <> '')"),
        _number("pieces", "pieces > 0"),
    ),
    _table(
        "transfers",
        "shop, transfer, sku, warehouse",
        *("shop", "transfer", "sku", "warehouse", "source", _number("pieces", "pieces > 0")),
    ),
    _table(
        "loads",
        "shop, day, warehouse",
        *("shop", "warehouse", "day", _number("parcels", "parcels > 0")),
    ),
    _table(
        "batches",
        "shop, sku, warehouse, expires",
        *("shop", "sku", "warehouse", "expires", _number("pieces", "pieces > 0")),
    ),
    _table(
        "stock_blocks",
        "shop, sku, warehouse",
        *("shop", "sku", "warehouse", "until:?", "reason", "by", "at"),
    ),
)

_QUEUE = (
    _table(
        "backorders",
        "shop, order_id, sku",
        *("shop", "sku", _number("rank"), "since", "order_id", _number("pieces", "pieces > 0")),
        f"takes {_TEXT} CHECK (takes IN ('order', 'line', 'piece', 'nothing'))",
    ),
    "CREATE INDEX backorders_place ON backorders (shop, sku, rank, since, order_id)",
    _table(
        "purchase_orders",
        "shop, number, warehouse, sku",
        *("shop", "number", "warehouse", "sku", "supplier", _number("pieces", "pieces >= 0")),
        *(_number("received", "received >= 0"), "expected:?"),
    ),
    "CREATE INDEX purchase_orders_sku ON purchase_orders (shop, sku, expected)",
    _table(
        "arrivals",
        "shop, sku",
        *("shop", "sku", _number("marks"), _number("served")),
        more="CHECK (served <= marks)",
    ),
    _table(
        "presold",
        "shop, sku",
        *("shop", "sku", _number("taken", "taken >= 0"), _number("cap")),
        more="CHECK (taken <= cap)",
    ),
)

_WORK = (
    _table("timers", "shop, order_id, kind, name", "shop", "order_id", "kind", "name", "due"),
    "CREATE INDEX timers_due ON timers (shop, due, order_id, kind, name)",
    _table(
        "outbox",
        "shop, key",
        *("shop", "key", "order_id", "lane", "kind", "payload", "created"),
        f"state {_TEXT} CHECK (state IN ('waiting', 'unknown', 'done', 'dead'))",
        *(_number("place"), f"attempts {_NUMBER} DEFAULT 0", f"redriven {_NUMBER} DEFAULT 0"),
        *("next_try:?", "tried_at:?", "error:?", "result:?", "done_at:?"),
        f"answers {_TEXT} DEFAULT '{{}}'",
    ),
    "CREATE UNIQUE INDEX outbox_place ON outbox (shop, order_id, place)",
    "CREATE INDEX outbox_due ON outbox (shop, next_try) WHERE next_try IS NOT NULL",
    "CREATE INDEX outbox_open ON outbox (shop, order_id, lane, place)"
    " WHERE state IN ('waiting', 'unknown')",
    "CREATE INDEX outbox_stuck ON outbox (shop, created) WHERE state IN ('unknown', 'dead')",
    _table("commands", "shop, key", "shop", "key", "body_hash", "result", "at"),
    _table("transactions", "shop, method, number", "shop", "method", "number", "order_id"),
    _table("persons", "shop, id", "shop", "id", "document"),
    _table("settings", "shop, name", "shop", "name", "value"),
)

# A trigger and not a part of each statement: whatever raises what is available, by whichever kind
# of movement, has to wake those who wait for it, and none can be forgotten here.
_WAKE = (
    """
    CREATE FUNCTION stock_freed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM backorders WHERE shop = NEW.shop AND sku = NEW.sku) THEN
            INSERT INTO arrivals (shop, sku, marks, served) VALUES (NEW.shop, NEW.sku, 1, 0)
            ON CONFLICT (shop, sku) DO UPDATE SET marks = arrivals.marks + 1;
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER stock_appears AFTER INSERT ON stock FOR EACH ROW"
    " WHEN (NEW.on_hand > NEW.reserved) EXECUTE FUNCTION stock_freed()",
    "CREATE TRIGGER stock_freed AFTER UPDATE ON stock FOR EACH ROW"
    " WHEN (NEW.on_hand - NEW.reserved > OLD.on_hand - OLD.reserved"
    " OR NEW.on_hand - NEW.reserved - NEW.set_aside - NEW.safety"
    " > OLD.on_hand - OLD.reserved - OLD.set_aside - OLD.safety"
    " OR NEW.set_aside > OLD.set_aside) EXECUTE FUNCTION stock_freed()",
)

_LEDGER_ONLY_GROWS = (
    """
    CREATE FUNCTION movement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a movement is never changed; book another one';
    END $$
    """,
    "CREATE TRIGGER movements_stay BEFORE UPDATE OR DELETE ON movements FOR EACH ROW"
    " EXECUTE FUNCTION movement_stays()",
)

SEALED = "sealed_persons"
"""The step after which what is plain has to be sealed."""

_CHAIN = (
    f"ALTER TABLE events ADD COLUMN evidence {_TEXT} DEFAULT ''",
    f"ALTER TABLE events ADD COLUMN hash {_TEXT} DEFAULT ''",
    f"ALTER TABLE orders ADD COLUMN head {_TEXT} DEFAULT ''",
    lambda connection: chain_histories(lambda sql, values: fetched(connection, sql, values)),
)

_AUDIT_LOG = (
    _table(
        "audit_log",
        "shop, place",
        *("shop", _number("place", "place >= 0"), "kind", "subject", "part", _number("number")),
        "leaf",
    ),
    "CREATE UNIQUE INDEX audit_log_row ON audit_log (shop, kind, subject, part, number)",
    _table("checkpoints", "shop, size", "shop", _number("size", "size > 0"), "at", "note"),
    _table("audit_heads", "shop", "shop", _number("size", "size >= 0"), "frontier"),
    f"ALTER TABLE orders ADD COLUMN sealed {_NUMBER} DEFAULT 0",
    f"ALTER TABLE stock ADD COLUMN sealed {_NUMBER} DEFAULT 0",
    "CREATE INDEX orders_unsealed ON orders (shop, id) WHERE sealed < version",
    """
    CREATE FUNCTION sealed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was sealed is never changed';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION sealed_stays()"
        for table in ("audit_log", "checkpoints")
    ),
)

Step = tuple[str | Callable[[Connection[Any]], None], ...]

STEPS: dict[str, Step] = {
    "first": (
        *_ORDERS,
        *_HISTORY,
        *_RULES,
        *_STOCK,
        *_QUEUE,
        *_WORK,
        *_WAKE,
        *_LEDGER_ONLY_GROWS,
    ),
    "chained_events": _CHAIN,
    "sealed_log": _AUDIT_LOG,
    "restored_effects": (
        "ALTER TABLE outbox ADD COLUMN restored BIGINT NOT NULL DEFAULT 0"
        " CHECK (restored IN (0, 1))",
    ),
    SEALED: (
        "ALTER TABLE persons ADD COLUMN wrapped TEXT COLLATE \"C\" NOT NULL DEFAULT ''",
        "ALTER TABLE persons ADD COLUMN seen TEXT COLLATE \"C\" NOT NULL DEFAULT ''",
        _table("person_index", "shop, digest, person", "shop", "digest", "person"),
        "CREATE INDEX person_index_person ON person_index (shop, person)",
        _table("keyring", "name", "name", "fingerprint", "store"),
    ),
}
