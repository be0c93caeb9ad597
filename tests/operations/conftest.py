"""A shop on a bench, as the tests of the engine have it."""

from tests.core.conftest import bench

__all__ = ["bench"]
