"""The second step: releases of rules, their journal, and what candidates said beside them."""

from __future__ import annotations

from sqlite_utils import Database

from ordinance_adapters.sqlite.tables import create

_JOURNAL = """
CREATE TABLE rule_journal (
    shop TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL,
    live INTEGER NOT NULL,
    since INTEGER NOT NULL,
    shadow INTEGER NOT NULL,
    approval INTEGER NOT NULL CHECK (approval IN (0, 1)),
    PRIMARY KEY (shop, seq),
    CHECK (since <= seq),
    CHECK ((live = 0) = (since = 0))
) STRICT, WITHOUT ROWID
"""


def published_rules(database: Database) -> None:
    """Releases, the journal that says which is in force, trials, and a mark on each decision."""
    database.execute(_JOURNAL)
    create(
        database,
        "releases",
        ("shop", "version"),
        {
            "shop": str,
            "version": int,
            "hash": str,
            "base": int,
            "author": str,
            "note": str,
            "at": str,
            "files": str,
            "rules": str,
        },
    )
    create(database, "rule_texts", ("shop", "hash"), {"shop": str, "hash": str, "text": str})
    create(
        database,
        "trials",
        ("shop", "version", "order_id", "seq"),
        {
            "shop": str,
            "order_id": str,
            "seq": int,
            "version": int,
            "point": str,
            "at": str,
            "live": str,
            "outcome": str,
            "same": int,
            "live_hash": str,
            "rules_hash": str,
            "facts_hash": str,
            "record": str,
        },
    )
    database.execute("ALTER TABLE decisions ADD COLUMN published INTEGER NOT NULL DEFAULT 0")
    # All that the history of the rules counts, so that it need not read the records.
    database.table("decisions").create_index(["shop", "published", "point", "rules_hash"])
