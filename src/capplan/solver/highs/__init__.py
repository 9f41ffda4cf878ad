"""HiGHS, the solver: the only part that knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capplan.results.status import Holds, Stopped
from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled
from capplan.solver.highs.lp_file import write_lp
from capplan.solver.highs.session import LpMethod, Session
from capplan.solver.outcome import Outcome
from capplan.solver.watching import OnProgress
from capplan.solver_options import SolverOptions

__all__ = ["LpMethod", "Session", "solve", "write_lp"]


def solve(
    compiled: Compiled,
    options: SolverOptions,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
    lp_method: LpMethod = "choose",
    extra: Mapping[str, Any] | None = None,
    enough: float | None = None,
) -> Outcome:
    """Solve once. A model without integer columns is solved as an LP and has duals and reduced costs.

    start: values by column, NaN = unknown. extra: HiGHS options by their own names. enough: a bound at which a MIP
    stops, OTHER_LIMIT.
    on_progress is called in the calling thread: one to ten times a second, and at the end.
    Ctrl-C returns the best plan so far, INTERRUPTED; a second one raises KeyboardInterrupt.
    Raises UsageError for an option that HiGHS refuses, SolverFailed where HiGHS refuses the model.
    """
    with Session(compiled, options, extra) as session:
        outcome = session.run(lp_method=lp_method, start=start, on_progress=on_progress, enough=enough)
    stopped_early = outcome.stopped in {Stopped.TIME_LIMIT, Stopped.INTERRUPTED, Stopped.OTHER_LIMIT}
    if stopped_early and outcome.holds is Holds.NOTHING and start is not None and compiled.is_plan(start):
        # HiGHS looks at a start only after its presolve, and may have been stopped before.
        return outcome.with_plan(start, compiled.objective_at(start))
    return outcome
