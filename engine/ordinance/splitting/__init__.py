"""Splitting an order over warehouses: the plan of least cost, and whether it is proved."""

from ordinance.splitting.plan import Method, Plan
from ordinance.splitting.problem import Problem, Source, Want
from ordinance.splitting.search import solve

__all__ = ["Method", "Plan", "Problem", "Source", "Want", "solve"]
