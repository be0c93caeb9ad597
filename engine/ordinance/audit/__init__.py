"""Audit: an order's history told, its decisions explained and replayed, the figures added up."""
