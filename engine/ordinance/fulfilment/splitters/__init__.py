"""Splitters: what one warehouse ships becomes parcels, by a chain that the rules declare."""
