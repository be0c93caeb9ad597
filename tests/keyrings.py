"""One folder of keys for all processes of a run: a store on a server has no place beside it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from ordinance_adapters.keys import KEYS


def ready() -> None:
    """Make the folder, unless a process before this one has; it is gone at the end."""
    if KEYS in os.environ:
        return
    folder = os.environ[KEYS] = tempfile.mkdtemp(prefix="ordinance-keys-")
    maker = os.getpid()

    def gone() -> None:
        # Forks end here too.
        if os.getpid() == maker:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(gone)
