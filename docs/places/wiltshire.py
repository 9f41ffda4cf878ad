"""The page on Wiltshire 2017/18."""

from __future__ import annotations

from collections.abc import Iterable

from capplan.solver_options import SolverOptions
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
TWO_YEARS, BY_FLOW, BY_BEDS = "half_step_up_in_two_years", "fifteen_more_by_flow", "fifteen_more_by_beds"
QUEUES = ONE_LIST, SIX_LISTS = "queues_one_list", "queues_own_lists"
CONVERTING = ("2017-10", "2018-01", "2018-04", "2018-07", "2018-10", "2019-01")
COMMUNITY_HOSPITALS = ("chippenham_ch", "warminster_ch", "savernake_ch")
FIFTEEN_MORE = (
    "targets[target=ch_extra_month].is_imposed = true",
    "referrals[pathway=ch_rehab].people_per_month = 88",
)


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
                *(amount("starts", n) for n in (before, after, *people)),
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


def conversion_table(_place: Place, numbers: Numbers) -> str:
    """Step-up beds of the community hospitals where the conversion goes on to its end."""
    beds = numbers["capacity"][TWO_YEARS]["beds"]
    today = numbers["capacity"][AS_IS]["beds"]
    counts = [
        [
            today.get(f"{site} step_up", {}).get(QUARTERS[0], 0.0),
            *(beds.get(f"{site} step_up", {}).get(m, 0.0) for m in CONVERTING),
        ]
        for site in COMMUNITY_HOSPITALS
    ]
    names = [numbers["names"]["sites"][site] for site in COMMUNITY_HOSPITALS]
    together = [sum(column) for column in zip(*counts, strict=True)]
    rows = zip((*names, "**together**"), (*counts, together), strict=True)
    headings = ("step-up beds", "today", *map(month, CONVERTING))
    return table(headings, [(name, *(f"{n:.0f}" for n in row)) for name, row in rows])


def values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """Shares of people served by area, and step-up beds open in community hospitals by quarter."""
    for area in AREAS:
        yield f"today_served_{area}", share(numbers["capacity"][AS_IS]["areas"]["ict"][area])
        yield f"plan_served_{area}", share(numbers["capacity"][BASE]["areas"]["ict"][area])
    yield "flow_against_beds", _flow_against_beds(numbers)
    yield "one_list_or_six", _one_list_or_six(numbers)
    for name in QUEUES:
        run = numbers["runs"][name]
        yield f"{name}_bound", million(run["bound"])
        yield (
            f"{name}_gbp_all_waiting",
            million(run["items"].get("waiting", 0) + run["items"].get("queueing", 0)),
        )
    discharged = numbers["runs"][TWO_YEARS]["targets"]["ch_extra_month"]["achieved"]
    yield "two_years_ch_discharges", f"{discharged / 2:,.0f}"
    are_met = not any(numbers["runs"][name]["missed"] for name in QUEUES)
    yield "queues_met", "every imposed target is met" if are_met else "some imposed targets are missed"
    yield "fifteen_beds_more", f"{_beds_more(numbers):.0f}"
    beds = numbers["capacity"][BASE]["beds"]
    for m in QUARTERS:
        step_up = sum(open_in[m] for unit, open_in in beds.items() if unit.endswith("_ch step_up"))
        yield f"step_up_beds_{m.replace('-', '_')}", f"{step_up:.0f}"


def _flow_against_beds(numbers: Numbers) -> str:
    """What the fifteen cost by beds beside shorter stays, where both meet every target."""
    flow, beds = numbers["runs"][BY_FLOW], numbers["runs"][BY_BEDS]
    if flow["missed"] or beds["missed"]:
        return "They cannot be compared, because not every target can be met in both."
    if beds["bound"] <= flow["cost"] and flow["bound"] <= beds["cost"]:
        return "They cost about the same."
    cheaper = "Shorter stays are" if beds["cost"] > flow["cost"] else "More beds are"
    return f"{cheaper} cheaper by {million(abs(beds['cost'] - flow['cost']))}."


def _beds_more(numbers: Numbers) -> float:
    """Beds that Chippenham has more than today at the peak, where beds bring the fifteen."""

    def peak(run: str) -> float:
        units = numbers["capacity"][run]["beds"]
        chippenham = [beds for unit, beds in units.items() if unit.startswith("chippenham_ch ")]
        return max(sum(beds.get(m, 0.0) for beds in chippenham) for m in QUARTERS)

    return peak(BY_BEDS) - peak(AS_IS)


def _one_list_or_six(numbers: Numbers) -> str:
    """What six waiting lists cost beside one."""
    one, six = (numbers["runs"][name] for name in QUEUES)
    if six["bound"] <= one["cost"]:
        return "What is proved does not tell the two apart."
    more = million(six["cost"] - one["cost"])
    least = million(six["bound"] - one["cost"])
    return f"Six homes cost {more} more apart than together (at least {least})."


def _over_quarters(crews: Iterable[float]) -> str:
    """One number where a year is the same throughout (from May on), else one a quarter."""
    counts = [f"{count:.0f}" for count in crews]
    return counts[0] if len(set(counts)) == 1 else " / ".join(counts)


PLACE = Place(
    name="wiltshire",
    title="Wiltshire 2017/18",
    instance="wiltshire-2017",
    months=tuple(sorted({*QUARTERS, *WORKERS_IN, *CONVERTING})),
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
        "fifteen more, stays a fifth shorter": (
            *FIFTEEN_MORE,
            "scheme_effects[scheme=ch_flow].multiply = 0.8",
        ),
        "fifteen more, 15 beds": (
            *FIFTEEN_MORE,
            "site_beds[site=chippenham_ch,bed_type=ch_rehab].beds_max = 57",
            "sites[site=chippenham_ch].beds_max = 57",
        ),
    },
    detailed=(AS_IS, BASE, BY_BEDS, TWO_YEARS),
    tables={
        "table_lines": lines_table,
        "table_teams": teams_table,
        "table_beds": beds_table,
        "table_conversion": conversion_table,
    },
    values=values,
    # Nearer to the optimum than `capplan solve` goes unasked: scenarios are compared with each other.
    options=SolverOptions(gap=0.003, time_limit=240.0, threads=1),
    gaps={TWO_YEARS: 0.01, ONE_LIST: 0.01, SIX_LISTS: 0.01},
    compared=(
        "twelve_hour_shifts",
        "long_stays",
        "hard_winter",
        "acute_stay_20_days",
        "half_step_up_by_march",
    ),
)
