"""From an instance to a plan: build, solve, tidy up, and read the tables out of the solved model."""

from capplan.plan.solving import Plan, Result, solve

__all__ = ["Plan", "Result", "solve"]
