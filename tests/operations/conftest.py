"""A shop on a bench, as the tests of the engine have it, and a folder with one."""

from tests.cli.conftest import shop
from tests.core.conftest import bench

__all__ = ["bench", "shop"]
