"""The words of the order core: every decision point that it asks."""
