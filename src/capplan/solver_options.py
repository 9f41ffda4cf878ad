"""Settings of one solve: how closely, how long, with which solver."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from numbers import Real
from pathlib import Path

from capplan.errors import UsageError

_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class SolverOptions:
    """Settings of one solve.

    gap: share of the plan's cost by which a better plan may still exist (0.005 = 0.5 %).
    time_limit: seconds; None = none. threads: None = the solver's choice.
    seed: the same seed and threads give the same plan. log_file: where the solver writes its own log.
    solver: "highs", or the name of another solver that Pyomo knows.

    Raises UsageError, which names the setting to change.
    """

    gap: float = 0.005
    time_limit: float | None = None
    threads: int | None = None
    seed: int = 0
    log_file: Path | None = None
    solver: str = "highs"

    def __post_init__(self) -> None:
        for name in ("gap", "time_limit", "threads", "seed"):
            number = getattr(self, name)
            if number is not None and (isinstance(number, bool) or not isinstance(number, Real)):
                raise UsageError(f"{name} is {number!r}: give a number")
        if not 0 <= self.gap <= 1:
            raise UsageError(f"gap is {self.gap}: give a share from 0 to 1, such as 0.005 for 0.5 %")
        if self.time_limit is not None and not (self.time_limit > 0 and math.isfinite(self.time_limit)):
            raise UsageError(f"time_limit is {self.time_limit}: give seconds above 0, or leave it out")
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"threads is {self.threads}: give 1 or more, or leave it out")
        if not 0 <= self.seed <= _LARGEST_SEED:
            raise UsageError(f"seed is {self.seed}: give a whole number from 0 to {_LARGEST_SEED}")
        if not self.solver.strip():
            raise UsageError("solver is empty: give a name such as highs")

    @property
    def that_change_answers(self) -> dict[str, object]:
        """Every setting but the log file, in which the answer is not."""
        return {name: value for name, value in asdict(self).items() if name != "log_file"}
