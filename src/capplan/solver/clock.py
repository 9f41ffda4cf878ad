"""The time a search has, over all its solves."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from capplan.solver_options import SolverOptions


@dataclass(frozen=True)
class Clock:
    """When a search began, and the options it was given."""

    options: SolverOptions
    began: float

    @classmethod
    def started(cls, options: SolverOptions) -> Clock:
        """A clock that begins now."""
        return cls(options, time.monotonic())

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    @property
    def left(self) -> SolverOptions:
        """The options with what is left of the time limit."""
        limit = self.options.time_limit
        if limit is None:
            return self.options
        return replace(self.options, time_limit=max(limit - self.elapsed, 0.01))
