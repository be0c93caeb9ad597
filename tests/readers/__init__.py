"""Tests of the shop file and of the readers of order files."""
