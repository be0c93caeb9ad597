"""Releases of rules: published, approved, taken back, tried in the shadow; without a database."""
