"""The page on Bournemouth, Dorset and Poole 2010."""

from __future__ import annotations

from collections.abc import Iterable

from capplan.solver_options import SolverOptions
from docs.places.place import AS_IS, BASE, Numbers, Place
from docs.places.words import million, table

RATES = {
    AS_IS: "today's capacity",
    BASE: "15 %, wards by trust",
    "wards_across_sub_region": "15 %, wards across the sub-region",
    "diversion_20": "20 %, wards by trust",
    "diversion_25": "25 %, wards by trust",
    "diversion_30": "30 %, wards by trust",
    "diversion_30_sub_region": "30 %, wards across the sub-region",
    "diversion_30_no_ward_closes": "30 %, no ward closes",
    "as_much_as_pays": "as much as pays for itself",
}
"""The runs about diversion."""
WITHOUT_WARDS = {
    "fifteen_no_ward_closes": "15 %, no ward closes",
    "diversion_30_no_ward_closes": "30 %, no ward closes",
    "as_pays_no_ward_closes": "as much as pays, no ward closes",
    "as_pays_at_1500_no_ward_closes": "as much as pays, no ward closes, £1,500 an admission",
}
"""The runs that tell what diversion is worth where no ward closes."""
HOSPITALS = {
    "rbh": "Royal Bournemouth",
    "poole_hospital": "Poole",
    "dch": "Dorset County",
    "bournemouth_dorset_poole": "sub-region",
}
DISTRICTS = (
    "bournemouth",
    "poole",
    "christchurch",
    "weymouth",
    "east_dorset",
    "purbeck",
    "north_dorset",
    "west_dorset",
)
"""From town to country."""
TEAMS = {
    AS_IS: "today",
    BASE: "15 %, wards by trust",
    "wards_across_sub_region": "15 %, across the sub-region",
    "diversion_30": "30 %, wards by trust",
    "diversion_30_no_ward_closes": "30 %, no ward closes",
}
"""The runs whose teams are told by district."""
CARE = {
    BASE: "councils go on funding placements",
    "no_placements": "no new placements",
    "no_placements_42_hours": "no new placements, six hours of care a day",
}
"""The runs about long-term care."""
ADMISSION_GBP = 2990
"""An unplanned admission of an older person at full cost (see `pathways`)."""
COUNCILS = ("Bournemouth Borough Council", "Borough of Poole", "Dorset County Council")


def wards(run: Numbers) -> float:
    """Wards closed at the end."""
    return float(sum(found["wards_closed"] for found in run["wards"].values()))


def rates_table(_place: Place, numbers: Numbers) -> str:
    """Each rate of diversion: what it costs, who is diverted, which wards close, what they release."""
    rows = []
    for name, says in RATES.items():
        run = numbers["runs"][name]
        people = run["targets"]["diversions_in_last_year"]["achieved"]
        released = -sum(found["gbp"] for found in run["wards"].values())
        nurses = run["measures"]["wte_at_end_community_nurse"]
        virtual = "yes" if "virtual_wards" in run["schemes"] else "no"
        closed = f"{wards(run):.0f}", million(released)
        rows.append((says, million(run["cost"]), f"{people:,.0f}", f"{nurses:,.0f}", virtual, *closed))
    headings = ("", "cost of three years", "people diverted 2012/13", "community nurses at the end (WTE)")
    return table((*headings, "virtual wards", "wards closed", "released in three years"), rows)


def wards_table(_place: Place, numbers: Numbers) -> str:
    """Where acute beds are freed, and where wards close, at the end of each run about diversion."""
    rows = []
    for name, says in RATES.items():
        found = numbers["runs"][name]["wards"]
        rows.append((says, *(_freed(found[hospital]) for hospital in HOSPITALS)))
    return table(("beds freed (wards closed)", *HOSPITALS.values()), rows)


def _freed(found: Numbers) -> str:
    closed = found["wards_closed"]
    return f"{found['beds_freed']:.0f}".replace("-", "−") + (f" ({closed:.0f})" if closed else "")


def without_wards_table(_place: Place, numbers: Numbers) -> str:
    """What diversion costs where no ward closes."""
    rows = []
    for name, says in WITHOUT_WARDS.items():
        run = numbers["runs"][name]
        people = run["targets"]["diversions_in_last_year"]["achieved"]
        rate = run["targets"]["diversion"]["achieved"]
        rows.append((says, f"{rate:.0%}", f"{people:,.0f}", million(run["cost"])))
    return table(("", "diverted, early 2013", "people diverted 2012/13", "cost of three years"), rows)


def districts_table(_place: Place, numbers: Numbers) -> str:
    """Community nurses by district at the end, from town to country."""
    names, last = numbers["names"]["localities"], "2013-01"
    rows = []
    for district in DISTRICTS:
        teams = (numbers["capacity"][run]["staff"].get(f"{district} community_nurse", {}) for run in TEAMS)
        rows.append((names[district], *(f"{team.get(last, 0.0):.0f}" for team in teams)))
    return table(("community nurses (WTE), January 2013", *TEAMS.values()), rows)


def care_table(_place: Place, numbers: Numbers) -> str:
    """What happens to home care when the councils stop funding placements."""
    rows = []
    for name, says in CARE.items():
        run = numbers["runs"][name]
        people = run["packages"].get("long_term home_care_instead", 0.0)
        carers, hours = (run["measures"][what] for what in ("wte_at_end_home_carer", "agency_hours"))
        cells = f"{people:,.0f}", f"{carers:,.0f}", f"{hours / 1000:,.0f}k"
        rows.append((says, *cells, million(_council(run, "2012/13")), million(run["cost"])))
    headings = ("", "new people at home instead", "additional home carers at the end (WTE)", "agency hours")
    return table((*headings, "councils' cost 2012/13", "cost of three years, all"), rows)


def _council(run: Numbers, year: str) -> float:
    return float(sum(run["funders"][f"{council} {year}"]["plan_gbp"] for council in COUNCILS))


def values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """Wards closed, the councils' cost in the last year, carers and agency hours by run; the pilot's sum."""
    for name, run in numbers["runs"].items():
        yield f"wards_{name}", f"{wards(run):.0f}"
        yield f"councils_{name}", million(_council(run, "2012/13"))
        yield f"carers_{name}", f"{run['measures']['wte_at_end_home_carer']:,.0f}"
        yield f"hours_{name}", f"{round(run['measures']['agency_hours'], -4):,.0f}"
    diverted = numbers["runs"][BASE]["targets"]["diversions_in_last_year"]["achieved"]
    yield "pilot_sum", million(ADMISSION_GBP * diverted)


PLACE = Place(
    name="dorset",
    title="Bournemouth, Dorset and Poole 2010",
    instance="dorset-2010",
    months=("2010-04", "2010-10", "2011-04", "2012-04", "2013-01"),
    columns={
        "diversion": "diverted, early 2013",
        "diversions_in_last_year": "people diverted 2012/13",
        "access_gap": "gap between districts",
    },
    others={
        "fifteen_no_ward_closes": ("acute_beds.wards_max = 0",),
        "as_pays_no_ward_closes": (
            "acute_beds.wards_max = 0",
            "targets[target=diversion_cap].is_imposed = false",
        ),
        "as_pays_at_1500_no_ward_closes": (
            "acute_beds.wards_max = 0",
            "targets[target=diversion_cap].is_imposed = false",
            "pathways[pathway=frail;other_unplanned].unmet_gbp = 1500",
            "eligibility[pathway=frail;other_unplanned].failure_gbp = 1500",
        ),
    },
    detailed=tuple(TEAMS),
    tables={
        "table_rates": rates_table,
        "table_care": care_table,
        "table_where": wards_table,
        "table_without_wards": without_wards_table,
        "table_districts": districts_table,
    },
    values=values,
    options=SolverOptions(gap=0.015, time_limit=300.0, threads=1),
    compared=(
        "diversion_20",
        "diversion_30",
        "wards_across_sub_region",
        "diversion_30_no_ward_closes",
        "no_placements",
    ),
)
