"""The page on Suffolk 2009."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from capplan.solver_options import SolverOptions
from docs.places.place import AS_IS, BASE, Numbers, Place
from docs.places.words import day, million, share, table

AREAS = ("east", "west", "waveney")
PHASES = ("phase_1", "phase_2")


def rollout_table(_place: Place, numbers: Numbers) -> str:
    """From when each locality has phase 1 and phase 2, in the plan."""
    live = numbers["runs"][BASE]["schemes"]
    rows = []
    for locality, name in numbers["names"]["localities"].items():
        begins = (live.get(f"{phase} {locality}") for phase in PHASES)
        rows.append((name, *(day(found["from"]) if found else "–" for found in begins)))
    return table(("locality", "phase 1 from", "phase 2 from"), rows)


def coverage_table(_place: Place, numbers: Numbers) -> str:
    """How many localities go over in which quarter, and how many have phase 2, by run."""
    rows = []
    for name, run in numbers["runs"].items():
        if name == AS_IS:
            continue
        begins = defaultdict(list)
        for key, found in run["schemes"].items():
            begins[key.split()[0]].append(found["from"])
        first = begins["phase_1"]
        quarters = " / ".join(str(sum(start == q for start in first)) for q in _quarters(numbers))
        rows.append((f"`{name}`", len(first), quarters, len(begins["phase_2"])))
    heads = ("run", "localities in phase 1", "by quarter, from January 2010", "localities in phase 2")
    return table(heads, rows)


def values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """Shares served by area, and the number of localities in each phase, by run."""
    for run, prefix in ((AS_IS, "today"), (BASE, "plan")):
        for pathway, areas in numbers["capacity"][run]["areas"].items():
            for area in AREAS:
                yield f"{prefix}_{pathway}_{area}", share(areas[area])
    for name, run in numbers["runs"].items():
        for phase in PHASES:
            count = sum(key.startswith(f"{phase} ") for key in run["schemes"])
            yield f"{name}_localities_{phase}", str(count)
    yield "pooled_moves", _moved(numbers["runs"]["pooled"]["funders"])


def _moved(funders: Mapping[str, Mapping[str, float | None]]) -> str:
    """What each funder gives or gets over the plan, where partners share."""
    sums: dict[str, float] = defaultdict(float)
    for key, found in funders.items():
        sums[key.rsplit(" ", 1)[0]] += found.get("transferred_gbp") or 0.0
    words = [f"{who} {'gets' if gbp > 0 else 'gives'} {million(abs(gbp))}" for who, gbp in sums.items()]
    return "; ".join(words)


def _quarters(numbers: Numbers) -> list[str]:
    """The days on which a locality goes over in any run, in order."""
    starts = {
        found["from"]
        for run in numbers["runs"].values()
        for key, found in run["schemes"].items()
        if key.startswith("phase_1 ")
    }
    return sorted(starts)


PLACE = Place(
    name="suffolk",
    title="Suffolk 2009",
    instance="suffolk-2009",
    months=("2010-01", "2010-04", "2010-07", "2010-10", "2011-04", "2012-03"),
    columns={"admissions_avoided": "admissions avoided in 2011/12", "access_gap": "gap in access"},
    tables={"table_rollout": rollout_table, "table_coverage": coverage_table},
    values=values,
    options=SolverOptions(gap=0.01, time_limit=240.0, threads=1),
    compared=("no_dip", "where_it_pays", "pooled", "prevention_fails", "hard_winter"),
)
