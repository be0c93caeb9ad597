"""A bench of its own for every test; after the test everything stored must add up."""

from tests.core.conftest import bench

__all__ = ["bench"]
