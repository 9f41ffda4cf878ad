"""From an instance to a plan: build, solve, tidy up, and read the tables out of the solved model."""

from capplan.plan.answering import answer
from capplan.plan.solving import solve

__all__ = ["answer", "solve"]
