"""What was assumed about the time before the plan, and what falls beyond its end."""

from __future__ import annotations

import datetime

from capplan import wording
from capplan.horizon import Horizon
from capplan.solved import Solved


def opening(plan: Solved) -> str:
    """Who is in care when the plan begins."""
    settings = plan.instance.settings
    start = wording.date(settings.start.isoformat())
    if settings.opening == "empty":
        return f"Nobody is in care on {start} (opening = empty)."
    if settings.opening == "census":
        people = wording.count(
            float(plan.instance.table("census")["people"].sum()), "person is", "people are"
        )
        return f"{people} in care on {start}, from the table census."
    return (
        f"Before {start} people are assumed to have started care as in the first period (opening = steady)."
    )


def end(plan: Solved) -> str:
    """Who is still in care or waiting at the end of the last period."""
    horizon = Horizon.of(plan.instance.settings)
    last = horizon.periods[-1]
    caseload, waiting = plan.tables["caseload"], plan.tables["waiting"]
    in_care = caseload.loc[caseload["period"] == last, "people_in_care"].sum()
    at_end = waiting.loc[waiting["period"] == last, "waiting_at_end"].sum()
    day = wording.date((horizon.starts[-1] - datetime.timedelta(days=1)).isoformat())
    return (
        f"In the last period {wording.count(in_care, 'person is', 'people are')} in care on average, and "
        f"{wording.count(at_end, 'person waits', 'people wait')} on {day}; "
        "what they need after that is not in this plan."
    )
