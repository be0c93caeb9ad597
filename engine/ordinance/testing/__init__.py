"""Suites that an adapter runs against itself to show that it keeps a port's promises."""

from ordinance.testing.storage import StorageContract

__all__ = ["StorageContract"]
