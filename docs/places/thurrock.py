"""The page on Thurrock 2015."""

from __future__ import annotations

from collections.abc import Iterable

from capplan.solver_options import SolverOptions
from docs.places.place import AS_IS, BASE, Numbers, Place
from docs.places.words import million, named, table

SHOWN = ("2015-04", "2015-10", "2016-04", "2016-10", "2017-04", "2018-01")


def menu_table(_place: Place, numbers: Numbers) -> str:
    """How many people each setting takes over the three years, today's capacity and the plan."""
    today, plan = (numbers["runs"][name]["packages"] for name in (AS_IS, BASE))
    rows = []
    for key in dict.fromkeys((*today, *plan)):
        pathway, package = key.split()
        before, after = (f"{people.get(key, 0.0):,.0f}" for people in (today, plan))
        rows.append((named(numbers, pathway, "pathways"), named(numbers, package, "packages"), before, after))
    return table(("people", "what they get", "today's capacity", "plan"), rows)


def release_table(_place: Place, numbers: Numbers) -> str:
    """Half wards closed at the end and what came back, by run; and what each funder spends in three years."""
    rows = []
    for name, run in numbers["runs"].items():
        ward = run["wards"].get("basildon", {})
        spent = [
            sum(f["plan_gbp"] for key, f in run["funders"].items() if key.startswith(who))
            for who in ("NHS", "Thurrock")
        ]
        rows.append(
            (
                f"`{name}`",
                f"{ward.get('beds_freed', 0.0):.0f}",
                f"{ward.get('wards_closed', 0):.0f}",
                million(-ward.get("gbp", 0)),
                *map(million, spent),
                million(run["cost"]),
            )
        )
    heads = ("run", "acute beds freed", "wards closed", "released", "CCG pays", "council pays", "cost")
    return table(heads, rows)


def values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """Beds of each kind at the end of the plan, what its wards release, and admissions avoided in the last year."""
    beds = numbers["capacity"][BASE]["beds"]
    for kind in numbers["names"]["bed_types"]:
        open_beds = sum(n[SHOWN[-1]] for unit, n in beds.items() if unit.split()[1] == kind)
        yield f"end_{kind}", f"{open_beds:.0f}"
    yield "released_said", _released(numbers["runs"][BASE])
    for name, run in numbers["runs"].items():
        avoided = run["targets"]["admissions_avoided"]["achieved"]
        yield f"{name}_avoided_said", f"avoids {avoided:,.0f} admissions in the last year"


def _released(run: Numbers) -> str:
    """Whether a bay closes at Basildon, and what comes back."""
    bays = run["wards"].get("basildon", {"wards_closed": 0, "gbp": 0})
    if not bays["wards_closed"]:
        return "No bay of four beds closes at Basildon."
    count = f"{bays['wards_closed']:.0f} {'bay' if bays['wards_closed'] == 1 else 'bays'}"
    return f"At Basildon {count} of four beds can close, and {million(-bays['gbp'])} come back."


PLACE = Place(
    name="thurrock",
    title="Thurrock 2015",
    instance="thurrock-2015",
    months=SHOWN,
    columns={
        "admissions_avoided": "admissions avoided in 2017/18",
        "discharges": "discharges in 2017/18",
    },
    tables={"table_menu": menu_table, "table_release": release_table},
    values=values,
    options=SolverOptions(gap=0.01, time_limit=240.0, threads=1),
    compared=("broad_menu", "keep_what_is_there", "no_gain_share", "pbr_150", "separate_budgets"),
)
