"""Tests of changes of mind: rejections, counts, addresses, merging."""
