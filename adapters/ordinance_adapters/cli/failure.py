"""Failures told to a user: one clear message and an exit code, never a traceback."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

import click

FAILED = 1
FALSE = 3
"""The exit code when something does not fit: another one than for what could not be looked at."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_PATHS = (
    errno.EACCES,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
)
"""What is wrong with a path that somebody gave."""

_LONGEST_PLACE = 200

_PLACED = re.compile(r"(?:^|: )(?:error|错误) [A-Z]+_[A-Z_]+: ")

_KNOWN = {
    ("ordinance.rules.problem", "RuleFileError"),
    ("ordinance.rules.problem", "FactError"),
    ("ordinance.ports", "StorageError"),
    ("ordinance.ports", "Conflict"),
    ("ordinance.inventory", "OutOfStock"),
    ("ordinance.stock.stockroom", "NothingOnItsWay"),
    ("ordinance.shop.buyer", "InvalidOrder"),
    ("ordinance.several", "UnknownOrder"),
    ("ordinance.orders.intake", "PaidAnother"),
    ("ordinance.service.cases", "NotReturnable"),
    ("ordinance.service.settling", "CaseUndecided"),
    ("ordinance.asserted", "Violated"),
    ("ordinance.ports", "KeyReused"),
    ("ordinance.door", "RulesPublished"),
    ("ordinance.door", "NoOutside"),
    ("ordinance.shop.effects", "UnknownEffect"),
    ("ordinance.shop.effects", "NotStuck"),
    ("ordinance.releases.release", "MissingRules"),
    ("ordinance.releases.said", "NotPublished"),
    ("ordinance.audit.why", "NotExplained"),
    ("ordinance.orders.persons", "NotErased"),
    ("ordinance.orders.persons", "NobodyFound"),
    ("ordinance_adapters.shopfile", "ShopFileError"),
    ("ordinance_adapters.readers.fault", "ReadError"),
    ("ordinance_adapters.starter", "StarterError"),
    ("ordinance_adapters.logs", "UnknownLog"),
    ("ordinance_adapters.cli.failure", "Refused"),
}
"""Errors that speak to a user by themselves; named, not imported, so that nothing is loaded."""


class Refused(Exception):
    """Something a command cannot do, in words for its user."""


@contextmanager
def told() -> Iterator[None]:
    """Turn known errors into one message and exit code 1; an unknown one says it is a defect."""
    try:
        yield
    except (SystemExit, click.exceptions.Exit, KeyboardInterrupt):
        raise
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        named = {(kind.__module__, kind.__name__) for kind in type(error).__mro__}
        if named & _KNOWN or "StorageError" in {name for _, name in named}:
            said = str(error)
            # A problem with a place says by itself that it is an error.
            placed = _PLACED.search(said.partition("\n")[0])
            click.echo(said if placed else f"error: {said}", err=True)
        elif isinstance(error, OSError) and error.errno in _FULL:
            click.echo(
                f"error: {error.filename or 'the output'} cannot be written to its end: the disk "
                "is full; free some space and run this again (what was stored stays stored, and is "
                "not stored twice)",
                err=True,
            )
        elif isinstance(error, OSError) and error.errno in _PATHS and error.filename:
            place = str(error.filename)[:_LONGEST_PLACE]
            click.echo(
                f"error: `{place}` cannot be used: {(error.strerror or '').lower()}; check the "
                "path, and what this user may do there",
                err=True,
            )
        else:
            incident = _logged(error)
            # Not what the error says: that may be personal.
            click.echo(
                f"error: this should not happen ({type(error).__name__}, incident {incident}); "
                "nothing of the command at hand was stored. Please report it; "
                "ORDINANCE_TRACE=1 shows where",
                err=True,
            )
            import os

            if os.environ.get("ORDINANCE_TRACE"):
                raise
        raise SystemExit(FAILED) from None


def _logged(error: Exception) -> str:
    """Put an error into the log without what it says; by what it is found there."""
    from secrets import token_hex

    from ordinance.telling import Happening, kind_of, tell

    incident, trace = token_hex(6), error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    tell(Happening.ERROR, error=kind_of(error), incident=incident, where=where)
    return incident


def listed(names: Iterable[str]) -> str:
    """Names for a message, each in backticks."""
    return ", ".join(f"`{name}`" for name in names)


def nearest(name: str, known: Iterable[str]) -> str:
    """The way out after a wrong name."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"there is {listed(names)}"
