"""The ninth step: personal data is sealed, and found by a keyed index."""

from __future__ import annotations

from sqlite_utils import Database

_INDEX = """
CREATE TABLE person_index (
    shop TEXT NOT NULL,
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (shop, digest, person)
) STRICT, WITHOUT ROWID
"""

# One row: which keyring the store belongs to, and which store it is among those of a keyring.
_KEYRING = """
CREATE TABLE keyring (
    name TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    store TEXT NOT NULL,
    swept INTEGER NOT NULL DEFAULT 1 CHECK (swept IN (0, 1))
) STRICT, WITHOUT ROWID
"""


def sealed_persons(database: Database) -> None:
    """Room for what is sealed; the rows themselves are sealed in the same transaction."""
    for column in ("wrapped", "seen"):
        database.execute(f"ALTER TABLE persons ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    database.execute(_INDEX)
    database.execute("CREATE INDEX idx_person_index_person ON person_index (shop, person)")
    database.execute(_KEYRING)
