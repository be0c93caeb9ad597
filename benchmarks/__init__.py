"""How fast, how small, and against whom: `make bench`."""
