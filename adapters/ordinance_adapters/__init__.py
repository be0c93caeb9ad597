"""Adapters of ordinance: storage, readers, the simulated world and the command line."""
