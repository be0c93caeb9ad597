"""What somebody who can write to the store may do to it, in one place of the log.

Each writes in the books, and answers the place and the kinds by which it has to be found; None
where the place has nothing of that sort.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from ordinance.audit.verdict import Wrong
from tests.auditlog.books import OTHER_SIGNER, Books, Row
from tests.tenants.twins import SIGNER

Attack = Callable[[Books, int, Random], set[Wrong] | None]

W = Wrong
TEXTS = {
    "events": ("kind", "actor", "cause", "changes", "data", "evidence", "at", "hash"),
    "movements": ("kind", "actor", "cause", "note", "pool", "at", "quantity", "order_id"),
    "rule_journal": ("actor", "note", "at", "version"),
    "releases": ("author", "note", "at", "base", "hash", "files", "rules"),
    "decisions": ("point", "outcome", "record", "facts_hash", "rules_hash", "at"),
}
TABLE = {
    "order": "events",
    "stock": "movements",
    "rules": "rule_journal",
    "release": "releases",
}


def changed(row: Row, field: str, rng: Random) -> None:
    """Another value in one field, of the kind that the table takes."""
    value = row[field]
    if field == "at":
        row[field] = value[:20] + str((int(value[20]) + 1) % 10) + value[21:]
    elif isinstance(value, int):
        row[field] = value + rng.choice((1, -1, 100))
    elif field == "hash":
        row[field] = value[:-1] + ("0" if value[-1] != "0" else "1")
    elif field == "kind" and "quantity" in row:
        row[field] = "adjusted" if value != "adjusted" else "received"
    else:
        row[field] = (value or "") + rng.choice(("x", " ", "0"))


def edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = books.sealed_row(place)
    assert row is not None
    changed(row, rng.choice(TEXTS[TABLE[books.log[place]["kind"]]]), rng)
    return {W.ALTERED, W.RESTAMPED}


def delete(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = books.sealed_row(place)
    books[TABLE[books.log[place]["kind"]]].remove(row)
    return {W.MISSING, W.TRUNCATED, W.ALTERED}


def swap(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """Two rows of a kind exchange everything but their keys."""
    kind = books.log[place]["kind"]
    others = [row["place"] for row in books.log if row["kind"] == kind and row["place"] > place]
    row, other = books.sealed_row(place), books.sealed_row(rng.choice(others or [place]))
    assert row is not None and other is not None
    keys = {
        "events": ("order_id", "version"),
        "movements": ("sku", "warehouse", "seq"),
        "releases": ("version",),
    }
    same = {"shop", *keys.get(TABLE[kind], ("seq",))}
    mine = {name: value for name, value in row.items() if name not in same}
    theirs = {name: value for name, value in other.items() if name not in same}
    if mine == theirs:
        return None
    row.update(theirs)
    other.update(mine)
    return {W.SWAPPED, W.ALTERED}


def insert(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """A row more in the middle of a history, and the later ones one number further."""
    leaf, row = books.log[place], books.sealed_row(place)
    assert row is not None
    if leaf["kind"] == "order":
        history, number = books.events(leaf["subject"]), "version"
        owner = books.one("orders", id=leaf["subject"])
        count = "version"
    elif leaf["kind"] == "stock":
        key = {"sku": leaf["subject"], "warehouse": leaf["part"]}
        history = [each for each in books["movements"] if key.items() <= each.items()]
        owner, number, count = books.one("stock", **key), "seq", "moves"
        sealed = {
            each["number"]
            for each in books.log
            if each["subject"] == leaf["subject"]
            and each["part"] == leaf["part"]
            and each["kind"] == "stock"
        }
        if row["seq"] == max(sealed):
            return None  # what follows is not sealed, and a movement has no chain: the window
    else:
        return None
    later = [each for each in history if each[number] > row[number]]
    assert owner is not None
    books[TABLE[leaf["kind"]]].append({**row, number: row[number] + 1})
    for each in later:
        each[number] += 1
    owner[count] += 1
    if not later:
        # At the end of what was sealed, it is one more that waits, as any command might add.
        owner["sealed"] += 1
    return {W.ALTERED, W.SWAPPED, W.INSERTED, W.TRUNCATED}


def append(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """An event more at the end of an order, with a hash that is none."""
    leaf = books.log[place]
    if leaf["kind"] != "order":
        return None
    last = books.events(leaf["subject"])[-1]
    books["events"].append({**last, "version": last["version"] + 1})
    return {W.ALTERED, W.SWAPPED}


def restamp(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """Edit an event and make every later hash of its order anew."""
    leaf, row = books.log[place], books.sealed_row(place)
    if leaf["kind"] != "order":
        return None
    assert row is not None
    changed(row, rng.choice(("actor", "data", "at")), rng)
    books.rechain(leaf["subject"])
    return {W.RESTAMPED}


def restamp_log(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """The same, and every leaf and the frontier, without the key: the notes stay."""
    if not _altered(books, place, rng):
        return None
    books.reseal(None)
    return {W.RESTAMPED}


def restamp_other_key(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """The same, with notes that another key has signed."""
    if not _altered(books, place, rng):
        return None
    books.reseal(OTHER_SIGNER)
    return {W.SIGNATURE}


def restamp_key(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """The same by the owner of the key: everything in the store fits everything."""
    if not _altered(books, place, rng):
        return None
    books.reseal(SIGNER)
    return {W.RESTAMPED}


def _altered(books: Books, place: int, rng: Random) -> bool:
    leaf, row = books.log[place], books.sealed_row(place)
    assert row is not None
    if leaf["kind"] in ("rules", "release"):
        return False
    field = rng.choice(("actor", "at", "data" if leaf["kind"] == "order" else "quantity"))
    changed(row, field, rng)
    if leaf["kind"] == "order":
        books.rechain(leaf["subject"])
    return True


def truncate(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """Everything from the place on is taken back, by the owner of the key, without a trace."""
    if place == 0:
        return None
    books.cut(place, SIGNER)
    return {W.TRUNCATED, W.ROLLED_BACK, W.RESTAMPED}


def truncate_rows(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """The same of the log alone, by somebody without the key."""
    books.tables["audit_log"] = books.log[:place]
    return {W.TRUNCATED, W.INSERTED}


def log_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    changed_leaf = books.log[place]
    changed_leaf["leaf"] = changed_leaf["leaf"][:-1] + (
        "0" if changed_leaf["leaf"][-1] != "0" else "1"
    )
    return {W.ALTERED, W.RESTAMPED}


def log_delete(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    books["audit_log"].remove(books.log[place])
    return {W.MISSING, W.TRUNCATED, W.INSERTED}


def log_swap(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """Two leaves change their places: every row still has its leaf."""
    other = books.log[rng.randrange(books.size)]
    mine = books.log[place]
    if mine is other:
        return None
    mine["place"], other["place"] = other["place"], mine["place"]
    return {W.RESTAMPED}


def log_insert(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    for row in books["audit_log"]:
        row["place"] += row["place"] >= place
    forged = {"shop": "lan", "place": place, "kind": "order", "subject": "x", "part": ""}
    books["audit_log"].append({**forged, "number": 1, "leaf": "0" * 64})
    return {W.RESTAMPED, W.MISSING, W.INSERTED}


def log_more(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """A leaf more at the end."""
    forged = {"shop": "lan", "place": books.size, "kind": "odd", "subject": "x", "part": ""}
    books["audit_log"].append({**forged, "number": 1, "leaf": "0" * 64})
    return {W.INSERTED}


def note_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = _note(books, place)
    lines = row["note"].split("\n")
    at = rng.choice((1, 2, 3, 4))
    before = lines[at]
    spot = rng.randrange(len(before))
    lines[at] = before[:spot] + ("7" if before[spot] != "7" else "8") + before[spot + 1 :]
    row["note"] = "\n".join(lines)
    return {W.SIGNATURE}


def note_delete(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    books["checkpoints"].remove(_note(books, place))
    return {W.MISSING, W.TRUNCATED}


def note_swap(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    mine, other = _note(books, place), rng.choice(books["checkpoints"])
    if mine is other:
        return None
    mine["note"], other["note"] = other["note"], mine["note"]
    return {W.ALTERED, W.MISSING}


def decision_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = _decision(books, place, rng)
    if row is None:
        return None
    changed(row, rng.choice(TEXTS["decisions"]), rng)
    return {W.ALTERED}


def decision_delete(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = _decision(books, place, rng)
    if row is None:
        return None
    books["decisions"].remove(row)
    return {W.ALTERED}


def decision_insert(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = _decision(books, place, rng)
    if row is None:
        return None
    last = max(each["seq"] for each in books["decisions"] if each["order_id"] == row["order_id"])
    books["decisions"].append({**row, "seq": last + 1})
    return {W.INSERTED}


def order_delete(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """An order with its whole history."""
    leaf = books.log[place]
    if leaf["kind"] != "order":
        return None
    order = leaf["subject"]
    books["orders"].remove(books.one("orders", id=order))
    for table in ("events", "decisions"):
        books.tables[table] = [row for row in books[table] if row["order_id"] != order]
    return {W.MISSING}


def sealed_less(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """An order that says that it has more sealed than it has: nothing of it is sealed again."""
    leaf = books.log[place]
    if leaf["kind"] != "order":
        return None
    owner: Any = books.one("orders", id=leaf["subject"])
    owner["sealed"] = owner["version"] + 1
    return {W.TRUNCATED}


def sealed_again(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """An order that says that it has less sealed than it has: whoever seals stumbles over it."""
    leaf = books.log[place]
    if leaf["kind"] != "order":
        return None
    owner: Any = books.one("orders", id=leaf["subject"])
    owner["sealed"] -= 1
    return {W.ALTERED}


def illegible(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """A value that cannot be read, where a verifier has to read it."""
    kind = books.log[place]["kind"]
    table, field, value = rng.choice(
        [
            ("checkpoints", "at", "never"),
            ("decisions", "at", "never"),
            ("rule_journal", "at", "never"),
            ("rule_journal", "kind", "odd"),
            ("releases", "at", "never"),
            (TABLE[kind], "at", "never"),
            ("events", "changes", '[["decisions",0,"many"]]'),
            ("events", "changes", '[["decisions",0,1.5]]'),
        ]
    )
    rng.choice(books[table])[field] = value
    return {W.ALTERED}


def release_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """Somebody else is said to have written the rules, or other rules are put under a version."""
    changed(rng.choice(books["releases"]), rng.choice(TEXTS["releases"]), rng)
    return {W.ALTERED}


def journal_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    changed(rng.choice(books["rule_journal"]), rng.choice(TEXTS["rule_journal"]), rng)
    return {W.ALTERED}


def movement_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    moved = [leaf["place"] for leaf in books.log if leaf["kind"] == "stock"]
    row = books.sealed_row(rng.choice(moved))
    assert row is not None
    changed(row, rng.choice(TEXTS["movements"]), rng)
    return {W.ALTERED}


def unsealed_edit(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    """What is not sealed yet is bound to the order by its chain, and by nothing else."""
    changed(_unsealed(books, rng), rng.choice(TEXTS["events"]), rng)
    return {W.ALTERED}


def unsealed_delete(books: Books, place: int, rng: Random) -> set[Wrong] | None:
    row = _unsealed(books, rng)
    books["events"].remove(books.events(row["order_id"])[-1])
    books.forget_decisions(row["order_id"])
    return {W.TRUNCATED}


def _unsealed(books: Books, rng: Random) -> Row:
    sealed = {(row["subject"], row["number"]) for row in books["audit_log"]}
    return rng.choice(
        [row for row in books["events"] if (row["order_id"], row["version"]) not in sealed]
    )


def _note(books: Books, place: int) -> Row:
    """The first checkpoint over a place."""
    kept = sorted(books["checkpoints"], key=lambda row: row["size"])
    return next(row for row in kept if row["size"] > place)


def _decision(books: Books, place: int, rng: Random) -> Row | None:
    leaf = books.log[place]
    found = [row for row in books["decisions"] if row["order_id"] == leaf["subject"]]
    return rng.choice(found) if found else None


WITHOUT_KEY: dict[str, Attack] = {
    each.__name__: each
    for each in (
        *(edit, delete, swap, insert, append, restamp, restamp_log, restamp_other_key),
        *(truncate_rows, log_edit, log_delete, log_swap, log_insert, log_more),
        *(note_edit, note_delete, note_swap),
        *(decision_edit, decision_delete, decision_insert, order_delete, sealed_less),
        *(movement_edit, journal_edit, unsealed_edit, unsealed_delete),
        *(sealed_again, illegible, release_edit),
    )
}
"""Found by what is in the store, wherever they are."""

WITH_KEY: dict[str, Attack] = {"restamp_key": restamp_key, "truncate": truncate}
"""Found by a checkpoint from outside, as far as it reaches."""
