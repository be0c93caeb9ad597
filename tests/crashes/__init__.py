"""Processes that are killed at any moment, and what has to be there afterwards all the same."""
