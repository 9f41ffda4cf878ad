"""What HiGHS tells while it runs, and whether it is to stop."""

from __future__ import annotations

import highspy
import numpy as np

from capplan.results.status import Progress
from capplan.solver.outcome import known, relative_gap
from capplan.solver.watching import Watch

_PROGRESS_SECONDS = 0.1


def subscribe(highs: highspy.Highs, watch: Watch, sense: int) -> None:
    """Have HiGHS read and write the watch (and no more: it would keep a whole session alive)."""

    def look(event: highspy.HighsCallbackEvent) -> None:
        # HiGHS keeps the last answer, so that "go on" has to be said too.
        event.interrupt(watch.stop.is_set())

    def tell(event: highspy.HighsCallbackEvent) -> None:
        look(event)
        out = event.data_out
        if out.running_time - watch.latest.seconds >= _PROGRESS_SECONDS:
            objective, bound = known(out.mip_primal_bound), known(out.mip_dual_bound)
            objective = None if objective is None else sense * objective
            bound = None if bound is None else sense * bound
            numbers = objective, bound, relative_gap(objective, bound)
            watch.latest = Progress(out.running_time, *numbers, nodes=int(out.mip_node_count))
        bound = known(out.mip_dual_bound)
        if watch.enough is not None and bound is not None and bound >= sense * watch.enough:
            watch.is_enough = True
            event.interrupt(True)

    def keep(event: highspy.HighsCallbackEvent) -> None:
        out = event.data_out
        watch.incumbent = np.array(out.mip_solution), sense * out.objective_function_value

    highs.cbSimplexInterrupt.subscribe(look)
    highs.cbIpmInterrupt.subscribe(look)
    highs.cbMipInterrupt.subscribe(tell)
    highs.cbMipImprovingSolution.subscribe(keep)
