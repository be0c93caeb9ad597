"""Compiled rule sets: the same decisions as by the plain conditions, faster than one by one.

A rule becomes one or more *boxes*: conditions on single facts that must all hold. The boxes of a
set are the bits of an integer. For each fact an *axis* gives the boxes that a value leaves
standing, and the AND over all axes gives those that are true. What no axis can say (conditions
over lines, two facts compared with each other) is asked only of the boxes that are still standing.
"""
