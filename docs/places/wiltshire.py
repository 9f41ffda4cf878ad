"""The page on Wiltshire 2017/18."""

from __future__ import annotations

from collections.abc import Iterable

from capplan.solver.options import SolverOptions
from docs.places.place import AS_IS, BASE, Numbers, Place
from docs.places.tables import beds_in
from docs.places.words import amount, million, month, share, table

LINES = {
    "ict_year": "Intermediate care beds, admissions",
    "rsw_year": "Rehab support workers, discharges",
    "discharge_core_year": "Integrated discharge teams, discharges",
    "ch_extra_month": "Community hospital beds, discharges (+15 a month)",
    "ucah_year": "Urgent care at home, people",
    "step_up_ch_year": "Step-up in community hospitals, people",
    "step_up_south_year": "Step-up in South Wiltshire, people",
    "end_of_life_year": "72-hour end-of-life pathway, people",
}
MONTHLY = {
    "ict_year": "ict_month",
    "rsw_year": "rsw_week",
    "ucah_year": "ucah_month",
    "step_up_ch_year": "step_up_ch_month",
    "step_up_south_year": "step_up_south_month",
    "end_of_life_year": "end_of_life_month",
}
"""The imposed monthly target of a line."""
CREWS = {"bridging_early": "early", "bridging_late": "late", "bridging_night": "night"}
AREAS = ("north", "west", "east", "south")
QUARTERS = ("2017-04", "2017-07", "2017-10", "2018-01")
WORKERS_IN = ("2017-05", "2017-08", "2017-11", "2018-03")


def lines_table(_place: Place, numbers: Numbers) -> str:
    """The document line by line: what it says, what today's capacity gives, what the plan gives."""
    runs, last_month = numbers["runs"], numbers["capacity"][BASE]["last_month"]
    rows = []
    for target, name in LINES.items():
        before, after = numbers["document"][target]
        asked, got = last_month.get(MONTHLY.get(target), (None, None))
        people = (runs[run]["targets"][target]["achieved"] for run in (AS_IS, BASE))
        rows.append(
            (
                name,
                *(amount("people", n) for n in (before, after, *people)),
                "–" if asked is None else f"{asked:.0f} / {got:.0f}",
            )
        )
    headings = (
        "line",
        "document: today",
        "document: target",
        "today's capacity gives",
        "plan gives",
        "March 2018: asked / plan",
    )
    return table(headings, rows)


def teams_table(_place: Place, numbers: Numbers) -> str:
    """Rehab support workers in post and bridging crews a day, by area."""
    plan = numbers["capacity"][BASE]
    rows = []
    for area in AREAS:
        posts = plan["staff"].get(f"{area} rsw", {})
        crews = [plan["shifts"].get(f"{area} {crew}", {}) for crew in CREWS]
        rows.append(
            (
                area,
                *(f"{posts.get(m, 0):.1f}" for m in WORKERS_IN),
                *(_over_quarters(crew.get(m, 0) for m in QUARTERS) for crew in crews),
            )
        )
    return table(("area", *map(month, WORKERS_IN), *CREWS.values()), rows)


def beds_table(_place: Place, numbers: Numbers) -> str:
    """Beds open by place and kind, quarter by quarter."""
    return beds_in(numbers, QUARTERS)


def values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """Shares of people served by area, and step-up beds open in community hospitals by quarter."""
    for area in AREAS:
        yield f"today_served_{area}", share(numbers["capacity"][AS_IS]["areas"]["ict"][area])
        yield f"plan_served_{area}", share(numbers["capacity"][BASE]["areas"]["ict"][area])
    yield "flow_against_beds", _flow_against_beds(numbers)
    beds = numbers["capacity"][BASE]["beds"]
    for m in QUARTERS:
        step_up = sum(open_in[m] for unit, open_in in beds.items() if unit.endswith("_ch step_up"))
        yield f"step_up_beds_{m.replace('-', '_')}", f"{step_up:.0f}"


def _flow_against_beds(numbers: Numbers) -> str:
    """What the fifteen cost more by beds than by shorter stays, where both meet every target."""
    flow, beds = (numbers["runs"][f"fifteen_more_by_{way}"] for way in ("flow", "beds"))
    if flow["missed"] or beds["missed"]:
        return "They cannot be compared, because not every target can be met in both."
    more = beds["cost"] - flow["cost"]
    cheaper = "Shorter stays are" if more > 0 else "More beds are"
    return f"{cheaper} cheaper by {million(abs(more))}, if they can be had at all."


def _over_quarters(crews: Iterable[float]) -> str:
    """One number where a year is the same throughout (from May on), else one a quarter."""
    counts = [f"{count:.0f}" for count in crews]
    return counts[0] if len(set(counts)) == 1 else " / ".join(counts)


PLACE = Place(
    name="wiltshire",
    title="Wiltshire 2017/18",
    instance="wiltshire-2017",
    months=tuple(sorted((*QUARTERS, *WORKERS_IN))),
    lines=LINES,
    columns={
        "ict_year": "ICT",
        "rsw_year": "RSW",
        "ucah_year": "UCAH",
        "step_up_ch_year": "step-up CH",
        "step_up_south_year": "step-up south",
        "ch_extra_month": "CH discharges",
    },
    # Whole crews matter, so no relaxation will do.
    others={"far_borders": ("cross_cover.travel_share = 0.5",)},
    what_ifs={
        "one worker more": ("limits[limit=rsw_workers].max = 31",),
        "one worker fewer": ("limits[limit=rsw_workers].max = 29",),
        "one early crew more": ("limits[limit=bridging_early].max = 3",),
        "one late crew more": ("limits[limit=bridging_late].max = 3",),
        "one night crew more": ("limits[limit=bridging_night].max = 3",),
        "one bed more": ("limits[limit=ict_beds].max = 71",),
        "one bed fewer": ("limits[limit=ict_beds].min = 69",),
        "one admission more": ("targets[target=ict_month].value = 61",),
        "one discharge more": ("targets[target=rsw_week].value = 22",),
        "no floor for areas": ("targets[target=ict_in_every_area].is_imposed = false",),
        "no conversion": ("targets[target=ch_half_step_up].is_imposed = false",),
        "fifteen more": ("targets[target=ch_extra_month].is_imposed = true",),
        "fifteen more, no conversion": (
            "targets[target=ch_extra_month].is_imposed = true",
            "targets[target=ch_half_step_up].is_imposed = false",
        ),
    },
    tables={"table_lines": lines_table, "table_teams": teams_table, "table_beds": beds_table},
    values=values,
    # Nearer to the optimum than `capplan solve` goes unasked: scenarios are compared with each other.
    options=SolverOptions(gap=0.003, time_limit=600.0, threads=1),
)
