"""From a Pyomo model to what a solver says about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from capplan.results.status import Holds, Progress, Stopped
from capplan.solver.outcome import Outcome
from capplan.solver_options import SolverOptions

if TYPE_CHECKING:
    from capplan.modelling import ConcreteModel

__all__ = ["Holds", "Outcome", "Progress", "SolverOptions", "Stopped", "solve_model"]


def solve_model(
    model: ConcreteModel,
    options: SolverOptions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    start: bool = False,
) -> Outcome:
    """Compile a Pyomo model, solve it with `options.solver`, load the plan (if any) into its variables.

    start: begin from the values that the variables hold. Ctrl-C returns the best plan so far. That there is no plan is
    confirmed on a second way.
    Raises Infeasible where a constraint without a free variable does not hold, UsageError for an option or
    solver that cannot be used, SolverFailed where the solver breaks.
    """
    from capplan.solver import compiled as arrays
    from capplan.solver import second_way
    from capplan.solver.clock import Clock

    options = options or SolverOptions()
    compiled = arrays.compile_model(model)
    values = arrays.current_values(compiled) if start else None
    if options.solver.lower() == "highs":
        outcome = second_way.solve(compiled, options, values, on_progress)
    else:
        from capplan.solver import other

        clock = Clock.started(options)
        outcome = other.solve_with_pyomo(model, compiled, options, values, on_progress)
        outcome = second_way.confirmed(compiled, outcome, clock)
    if outcome.values is not None:
        arrays.load(compiled, outcome.values)
    return outcome
