"""Deciding: from a tree and facts to one decision."""
