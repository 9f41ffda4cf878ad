"""The page on Bromley 2017 to 2020."""

from __future__ import annotations

from collections.abc import Iterable

from capplan.solver_options import SolverOptions
from docs.places.place import BASE, Numbers, Place
from docs.places.words import difference, million, table

PARTNERS = ("Bromley CCG", "London Borough of Bromley")
LAST = "2019/20"
PREVENTION = {
    "prevention_works": "works (twice the effect)",
    BASE: "works as assumed",
    "prevention_late": "comes two years late",
    "prevention_fails": "is known to do nothing",
    "prevention_bought_and_fails": "is bought, and does nothing",
}
"""The runs about prevention, from the best case to the worst."""


def gap(numbers: Numbers, run: str, column: str = "gap_gbp", year: str = LAST) -> float:
    """What both partners are short of in a year, before savings elsewhere [£]."""
    funders = numbers["runs"][run]["funders"]
    return float(sum(funders[f"{partner} {year}"][column] for partner in PARTNERS))


def gaps_table(_place: Place, numbers: Numbers) -> str:
    """The gap of both partners by year: nothing done, and the plan."""
    rows = []
    for key in numbers["runs"][BASE]["funders"]:
        year = key.rsplit(" ", 1)[1]
        if key.startswith(PARTNERS[0]):
            before, after = gap(numbers, BASE, "do_nothing_gap_gbp", year), gap(numbers, BASE, year=year)
            rows.append((year, million(before), million(after), million(before - after)))
    return table(("year", "gap, nothing done", "gap with the plan", "closed by the plan"), rows)


def prevention_table(_place: Place, numbers: Numbers) -> str:
    """Prevention: what it does, whether the plan buys it, what everything costs."""
    rows = []
    for name, does in PREVENTION.items():
        run = numbers["runs"][name]
        bought = "yes" if "prevention" in run["schemes"] else "no"
        homes = run["targets"]["care_home_admissions"]["achieved"]
        beside = "–" if name == BASE else difference(numbers, name)
        rows.append((does, bought, million(run["cost"]), beside, f"{homes:,.0f}"))
    return table(("prevention", "bought", "cost", "beside the plan", "care-home admissions 2019/20"), rows)


def networks_table(_place: Place, numbers: Numbers) -> str:
    """Which care networks get a team, from when, run by run."""
    names = numbers["names"]["localities"]
    rows = []
    for name, run in numbers["runs"].items():
        live = {
            key.partition(" ")[2]: found["from"] for key, found in run["schemes"].items() if "teams" in key
        }
        if live:
            rows.append((f"`{name}`", *(live.get(locality, "–")[:7] for locality in names)))
    return table(("run", *names.values()), rows)


def values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """The gap of both partners in the last year, by run; what the plan closes of it."""
    nothing = gap(numbers, BASE, "do_nothing_gap_gbp")
    yield "gap_do_nothing", million(nothing)
    for name, run in numbers["runs"].items():
        if run["funders"]:
            yield f"gap_{name}", million(gap(numbers, name))
            yield f"closed_{name}", million(nothing - gap(numbers, name))
        yield f"networks_{name}", str(sum("network_teams" in key for key in run["schemes"]))


PLACE = Place(
    name="bromley",
    title="Bromley 2017 to 2020",
    instance="bromley-2015",
    months=("2017-04", "2018-04", "2019-04", "2020-01"),
    columns={
        "divert": "crises kept out, 2019/20",
        "home_on_time": "home with support, 2019/20",
        "care_home_admissions": "care-home admissions, 2019/20",
    },
    tables={"table_gaps": gaps_table, "table_prevention": prevention_table, "table_networks": networks_table},
    values=values,
    options=SolverOptions(gap=0.004, time_limit=60.0, threads=1),
    compared=("pooled_budgets", "prevention_works", "prevention_fails", "no_pilot", "high_growth"),
)
