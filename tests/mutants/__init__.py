"""Mistakes planted on purpose, each with the test that is meant for it."""
