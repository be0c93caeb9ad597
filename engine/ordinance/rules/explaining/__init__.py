"""Explaining: why a decision came out as it did, and why no other rule fired."""
