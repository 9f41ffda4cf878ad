"""People: who starts, waits and goes without; how full beds and how busy teams are; access by locality."""

from __future__ import annotations

import pandas as pd

from capplan import cells
from capplan.digest import people
from capplan.digest.names import Names, display_names
from capplan.report.blocks import Chart, Part, part_of
from capplan.report.charts import Measure, over_time, side_by_side
from capplan.report.parts.capacity import resource
from capplan.report.parts.targets import ALL
from capplan.report.subject import Subject
from capplan.solved import Solved

ACCESS = Measure("starts a year per 1,000 people aged 65 and over")


def who_starts_and_waits(subject: Subject) -> Part | None:
    """People by pathway over the plan, then who waits and who goes without, and how full it is, over time."""
    plan = subject.plan
    names = display_names(plan.instance)
    return part_of(
        [people.by_pathway(plan, ALL)],
        "People, waiting and occupancy",
        _by_pathway(plan, names, "starts", Measure("people who start care"), "People who start, by pathway"),
        _by_pathway(
            plan, names, "waiting_at_end", Measure("people waiting"), "People waiting at the end of a period"
        ),
        _by_pathway(plan, names, "unmet", Measure("people who go without"), "People who go without"),
        _occupancy(plan, names),
        _queues(plan, names),
        _utilisation(plan, names),
    )


def _by_pathway(plan: Solved, names: Names, column: str, measure: Measure, caption: str) -> Chart | None:
    table = plan.tables["waiting"]
    rows = pd.DataFrame(
        {
            "period": table["period"],
            "series": table["pathway"].map(names["pathways"]),
            "amount": table[column],
        }
    )
    return over_time(rows, measure, caption, is_stacked=True)


def _occupancy(plan: Solved, names: Names) -> Chart | None:
    """People in beds over beds open and spot beds, by bed type."""
    beds = plan.tables["beds"]
    sums = beds.assign(beds=beds["beds_open"] + beds["spot_beds"]).groupby(["bed_type", "period"])
    share = sums["people_in_care"].sum() / sums["beds"].sum().where(lambda beds: beds > 0)
    return over_time(
        _rows(share, names), Measure("occupancy", cells.share), "Occupancy by type of bed", is_stacked=False
    )


def _queues(plan: Solved, names: Names) -> Chart | None:
    beds = plan.tables["beds"]
    queue = beds.groupby(["bed_type", "period"])["people_queueing"].sum(min_count=1)
    measure = Measure("people who queue because beds are full by chance")
    return over_time(_rows(queue.dropna(), names), measure, "People who queue by chance", is_stacked=True)


def _utilisation(plan: Solved, names: Names) -> Chart | None:
    """Hours needed and given over all hours had, by role and by type of shift."""
    used = [
        _used(plan.tables["staff"], "role", "agency_hours", "hours_"),
        _used(plan.tables["shifts"], "shift_type", "spot_care_hours", "care_hours_"),
    ]
    measure = Measure("hours used of hours had", cells.share)
    return over_time(_rows(pd.concat(used), names), measure, "How busy teams and crews are", is_stacked=False)


def _used(table: pd.DataFrame, resource: str, bought: str, hours: str) -> pd.Series:
    sums = table.groupby([resource, "period"])[
        [bought, *(f"{hours}{kind}" for kind in ("needed", "given", "received", "available"))]
    ].sum()
    had = sums[bought] + sums[f"{hours}available"] + sums[f"{hours}received"]
    share = (sums[f"{hours}needed"] + sums[f"{hours}given"]) / had.where(had > 0)
    return share.rename_axis(["what", "period"])


def _rows(amounts: pd.Series, names: Names) -> pd.DataFrame:
    rows = amounts.rename("amount").rename_axis(["what", "period"]).reset_index()
    return rows.assign(series=rows["what"].map(lambda key: resource(names, key)))


def access_by_locality(subject: Subject) -> Part | None:
    """A line for every locality, and a chart beside today's capacity."""
    plan = subject.plan
    section = people.by_locality(plan)
    if section is None:
        return None
    names = display_names(plan.instance)["localities"]
    series = {} if plan.today is None else {"today's capacity": plan.today}
    rows = [
        {"label": names[locality], "series": name, "amount": rate}
        for name, solved in (series | {"plan": plan}).items()
        for locality, rate in people.rates(solved)["rate"].dropna().items()
    ]
    chart = side_by_side(pd.DataFrame(rows), ACCESS, "Starts by locality", "locality") if rows else None
    return part_of([section], "Access by locality", chart)
