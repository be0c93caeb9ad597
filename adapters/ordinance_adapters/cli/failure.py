"""Failures told to a user: one clear message and an exit code, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

FAILED = 1

_KNOWN = {
    ("ordinance.rules.problem", "RuleFileError"),
    ("ordinance.rules.problem", "FactError"),
    ("ordinance.ports", "StorageError"),
    ("ordinance.ports", "Conflict"),
    ("ordinance.oms", "InvalidOrder"),
    ("ordinance.command", "UnknownOrder"),
    ("ordinance.command", "KeyReused"),
    ("ordinance.door", "MissingRules"),
    ("ordinance.audit.why", "NotExplained"),
    ("ordinance_adapters.shopfile", "ShopFileError"),
    ("ordinance_adapters.readers.fault", "ReadError"),
    ("ordinance_adapters.starter", "StarterError"),
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
            click.echo(f"error: {error}", err=True)
        else:
            click.echo(
                f"error: this should not happen ({type(error).__name__}: {error}); "
                "nothing of the command at hand was stored. Please report it; "
                "ORDINANCE_TRACE=1 shows where",
                err=True,
            )
            import os

            if os.environ.get("ORDINANCE_TRACE"):
                raise
        raise SystemExit(FAILED) from None
