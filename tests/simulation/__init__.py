"""The deterministic simulation: a whole shop with its world, by seed, in one process (T4)."""
