"""Tables that every place's page may show, from the numbers of its runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from capplan.results.cost_items import COST_ITEMS, NOTIONAL
from docs.places.place import AS_IS, BASE, Numbers, Place
from docs.places.words import amount, day, million, missed, month, named, proved, share, table, thousand

ONCE = ("changes", "conversions", "hiring", "openings", "closings")
SMALL_CHANGE = 1
"""Below this many posts a release is nothing to sign: it is left out of the decisions."""
RESOURCES = ("bed_types", "roles", "shift_types", "schemes")
PLACES = ("sites", "localities", "hospitals")


def lines_table(place: Place, numbers: Numbers) -> str:
    """The document line by line: what it says, what today's capacity gives, what the plan gives."""
    today, plan = (numbers["runs"][name]["targets"] for name in (AS_IS, BASE))
    rows = []
    for target, name in place.lines.items():
        metric = plan[target]["metric"]
        before, after = (amount(metric, value) for value in numbers["document"][target])
        given = (amount(metric, run[target]["achieved"]) for run in (today, plan))
        rows.append((name, before, after, *given))
    return table(("", "document: today", "document: target", "today's capacity gives", "plan gives"), rows)


def beds_table(place: Place, numbers: Numbers) -> str:
    """Beds open by place and kind: today and in the months shown."""
    return beds_in(numbers, place.months)


def beds_in(numbers: Numbers, months: Sequence[str]) -> str:
    """Beds open by place and kind: today and in some of the months that are kept."""
    today, plan = (numbers["capacity"][name]["beds"] for name in (AS_IS, BASE))
    rows = []
    for site, where in numbers["names"]["sites"].items():
        for bed, kind in numbers["names"]["bed_types"].items():
            before = today.get(f"{site} {bed}", {}).get(months[0], 0.0)
            after = [plan.get(f"{site} {bed}", {}).get(m, 0.0) for m in months]
            if before or any(after):
                rows.append((where, kind, *(f"{beds:.0f}" for beds in (before, *after))))
    return table(("where", "beds", "today", *map(month, months)), rows)


def teams_table(place: Place, numbers: Numbers) -> str:
    """Posts and crews by place: today and in the months shown."""
    rows = []
    for kind, digits in (("staff", 1), ("shifts", 0)):
        today, plan = (numbers["capacity"][name][kind] for name in (AS_IS, BASE))
        for key in dict.fromkeys((*today, *plan)):
            where, what = key.split()
            before = today.get(key, {}).get(place.months[0], 0.0)
            after = (plan.get(key, {}).get(m, 0.0) for m in place.months)
            cells = (f"{n:.{digits}f}" for n in (before, *after))
            rows.append((named(numbers, where, *PLACES), named(numbers, what, *RESOURCES), *cells))
    return table(("where", "posts (WTE) or crews", "today", *map(month, place.months)), rows)


def decisions_table(_place: Place, numbers: Numbers) -> str:
    """What to sign by when, places together; releases of parts of a post are left out."""
    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in numbers["capacity"][BASE]["decisions"]:
        if abs(row["change"]) >= SMALL_CHANGE or row["change"] > 0:
            where = named(numbers, row["where"], *PLACES)
            places[row["decide_by"], row["from"], row["what"]].append(f"{row['change']:+g} {where}")
    rows = [
        (day(by), day(start), named(numbers, what, *RESOURCES), "; ".join(where))
        for (by, start, what), where in places.items()
    ]
    return table(("decide by", "from", "what", "where"), rows)


def money_table(_place: Place, numbers: Numbers) -> str:
    """Cost over the horizon by item, today's capacity and the plan."""
    today, plan = (_grouped(numbers["runs"][name]["items"]) for name in (AS_IS, BASE))
    rows = [
        (label, *_compared(today.get(item, 0), plan.get(item, 0)))
        for item, label in _items()
        if round(today.get(item, 0), -3) or round(plan.get(item, 0), -3)
    ]
    rows.append(("**together**", *_compared(sum(today.values()), sum(plan.values()))))
    return table(("cost", "today's capacity", "plan", "difference"), rows)


def served_table(_place: Place, numbers: Numbers) -> str:
    """Share of referred people who start, today's capacity and the plan."""
    today, plan = (numbers["runs"][name]["served"] for name in (AS_IS, BASE))
    rows = [
        (name, f"{plan[p]['referrals']:,.0f}", share(today[p]), share(plan[p]))
        for p, name in numbers["names"]["pathways"].items()
        if p in plan and plan[p]["referrals"]
    ]
    return table(("people", "referred (assumed)", "start today", "start in the plan"), rows)


def scenarios_table(place: Place, numbers: Numbers) -> str:
    """Every scenario: cost, how far it is proved, what the lines get, what is missed."""
    rows = [
        (
            "the plan" if name == BASE else f"`{name}`",
            million(run["cost"]),
            "–" if run["bound"] is None else million(run["bound"]),
            *(amount(run["targets"][t]["metric"], run["targets"][t]["achieved"]) for t in place.columns),
            missed(run),
        )
        for name, run in numbers["runs"].items()
        if name != AS_IS
    ]
    return table(("scenario", "cost", "at least", *place.columns.values(), "imposed targets"), rows)


def runs_table(_place: Place, numbers: Numbers) -> str:
    """Every run: what it asks, cost, how far it is proved, targets met, people who go without."""
    return table(
        ("run", "what it asks", "cost", "proved to", "targets met", "people who go without"),
        [_run_row(numbers, name) for name in numbers["runs"]],
    )


def funders_table(_place: Place, numbers: Numbers) -> str:
    """Each funder's year in the plan: budget, committed, plan, transferred, gap."""
    names = {"budget_gbp": "budget", "committed_gbp": "committed", "plan_gbp": "this plan"}
    names |= {"transferred_gbp": "from the pool", "gap_gbp": "gap"}
    rows = []
    for key, found in numbers["runs"][BASE]["funders"].items():
        funder, year = key.rsplit(" ", 1)
        cells = ("–" if found.get(name) is None else million(found[name]) for name in names)
        rows.append((funder, year, *cells))
    return table(("funder", "year", *names.values()), rows)


def pockets_table(_place: Place, numbers: Numbers) -> str:
    """What each funder may spend and spends, by year, with today's capacity and in the plan."""
    today, plan = (numbers["runs"][name]["funders"] for name in (AS_IS, BASE))
    rows = []
    for key, found in plan.items():
        funder, year = key.rsplit(" ", 1)
        spent = (found.get("budget_gbp"), today.get(key, {}).get("plan_gbp"), found["plan_gbp"])
        rows.append((funder, year, *("–" if gbp is None else million(gbp) for gbp in spent)))
    return table(("who pays", "year", "budget", "today's capacity", "plan"), rows)


def schemes_table(_place: Place, numbers: Numbers) -> str:
    """Schemes of the plan: where they go live, from when, at what cost."""
    rows = []
    for key, found in numbers["runs"][BASE]["schemes"].items():
        scheme, _, locality = key.partition(" ")
        where = named(numbers, locality, "localities") or "everywhere"
        rows.append((named(numbers, scheme, "schemes"), where, day(found["from"]), thousand(found["gbp"])))
    return table(("scheme", "where", "live from", "cost over the plan"), rows)


def wards_table(_place: Place, numbers: Numbers) -> str:
    """Acute wards closed at the end of each run, and what came back."""
    rows = []
    for name, run in numbers["runs"].items():
        for where, found in run["wards"].items():
            closed, freed = f"{found['wards_closed']:.0f}", f"{found['beds_freed']:.0f}"
            rows.append(
                (f"`{name}`", named(numbers, where, "hospitals"), closed, freed, million(-found["gbp"]))
            )
    return table(("run", "where", "wards closed", "acute beds freed", "released"), rows)


TABLES: dict[str, Callable[[Place, Numbers], str]] = {
    "table_lines": lines_table,
    "table_beds": beds_table,
    "table_teams": teams_table,
    "table_decisions": decisions_table,
    "table_money": money_table,
    "table_served": served_table,
    "table_scenarios": scenarios_table,
    "table_runs": runs_table,
    "table_funders": funders_table,
    "table_pockets": pockets_table,
    "table_schemes": schemes_table,
    "table_wards": wards_table,
}
"""The tables that a text may ask for."""


def _run_row(numbers: Numbers, name: str) -> tuple[str, ...]:
    run = numbers["runs"][name]
    measures, windows = run["measures"], run["windows"]
    unmet = sum(value for measure, value in measures.items() if measure.endswith("_unmet"))
    met = f"{windows['met']} of {windows['imposed']}" if windows["imposed"] else "none imposed"
    late = "" if run["stopped"] == "gap_reached" else " (time limit)"
    cost = million(run["cost"])
    return f"`{name}`", numbers["asks"][name], cost, proved(run) + late, met, f"{unmet:,.0f}"


def _items() -> list[tuple[str, str]]:
    """Items of the cost tables in words, one-off ones together, what nobody pays marked."""
    found = []
    for item, label in ((name, item.words) for name, item in COST_ITEMS.items()):
        if item not in ONCE:
            found.append((item, f"{label} (nobody pays)" if item in NOTIONAL else label))
    return [*found, ("once", "changes: opening, closing, converting, recruiting")]


def _grouped(items: Mapping[str, int]) -> Mapping[str, int]:
    """The costs of the table, one-off ones together."""
    sums: dict[str, int] = defaultdict(int)
    for item, gbp in items.items():
        sums["once" if item in ONCE else item] += gbp
    return sums


def _compared(today: float, plan: float) -> tuple[str, str, str]:
    sign = "−" if plan < today else "+"
    change = "–" if round(plan - today, -3) == 0 else f"{sign}{thousand(abs(plan - today))}"
    return thousand(today), thousand(plan), change
