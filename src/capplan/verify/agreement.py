"""The table `summary`, which repeats what the others say: totals of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from capplan.errors import Problem
from capplan.results.cost_items import NOTIONAL
from capplan.today import DO_NOTHING
from capplan.verify.differences import unequal
from capplan.verify.evidence import Evidence


def summary(evidence: Evidence) -> Iterator[Problem]:
    """The measures of `summary` are totals of the other tables, in the units of these."""
    table = evidence.tables["summary"].set_index("measure")
    parts = [(unit_of, part(evidence)) for part, unit_of in MEASURES.items()]
    expected = pd.Series({name: value for _, part in parts for name, value in part.items()}, dtype=float)
    units = {name: unit_of(name) for unit_of, part in parts for name in part}
    both = table.index.intersection(expected.index)
    yield from unequal("summary", "summary", "value", table["value"][both], expected[both])
    for measure in both:
        if table.at[measure, "unit"] != units[measure]:
            told = f"unit is {table.at[measure, 'unit'] or 'empty'}, and must be {units[measure]}"
            yield Problem("summary", "summary_unit", f"{measure}: {told}")
    for measure in sorted(set(expected.index) - set(both)):
        yield Problem("summary", "summary_complete", f"{measure} is missing")
    of_today = (
        () if evidence.today is not None else [name for name in table.index if name.startswith(DO_NOTHING)]
    )
    for measure in sorted(set(table.index) - set(both) - set(of_today)):
        yield Problem("summary", "summary_complete", f"{measure} is no measure of this plan")


def _money(evidence: Evidence) -> dict[str, float]:
    costs = evidence.tables["costs"]
    is_notional = costs["item"].isin(NOTIONAL)
    items = {f"cost_{item}": float(gbp) for item, gbp in costs.groupby("item")["gbp"].sum().items()}
    return items | {
        "objective": float(costs["gbp_discounted"].sum()),
        "cost_paid": float(costs.loc[~is_notional, "gbp"].sum()),
        "cost_notional": float(costs.loc[is_notional, "gbp"].sum()),
    }


def _people(evidence: Evidence) -> dict[str, float]:
    waiting = evidence.tables["waiting"]
    directions = evidence.instance.table("pathways").set_index("pathway")["direction"]
    columns = ["referrals", "starts", "unmet", "delayed_days"]
    sums = waiting.groupby(waiting["pathway"].map(directions))[columns].sum()
    last = waiting["period"] == evidence.horizon.periods[-1]
    unmet = _unmet(evidence, waiting)
    at_end = {"waiting_at_end": float(waiting.loc[last, "waiting_at_end"].sum())}
    return (
        unmet
        | at_end
        | {f"{name}_{column}": float(sums.at[name, column]) for name in sums.index for column in columns}
    )


def _unmet(evidence: Evidence, waiting: pd.DataFrame) -> dict[str, float]:
    """People who go without, by year."""
    years = waiting["period"].map(dict(zip(evidence.horizon.periods, evidence.horizon.years, strict=True)))
    sums = (
        waiting["unmet"]
        .groupby(years)
        .sum()
        .reindex(list(dict.fromkeys(evidence.horizon.years)), fill_value=0.0)
    )
    return {f"unmet_{year}": float(people) for year, people in sums.items()}


def _do_nothing(evidence: Evidence) -> dict[str, float]:
    """The same with today's capacity; nothing where that has no plan."""
    if evidence.today is None:
        return {}
    costs, waiting = evidence.today["costs"], evidence.today["waiting"]
    unmet = {f"do_nothing_{name}": people for name, people in _unmet(evidence, waiting).items()}
    return unmet | {"do_nothing_cost_paid": float(costs.loc[~costs["item"].isin(NOTIONAL), "gbp"].sum())}


def _capacity(evidence: Evidence) -> dict[str, float]:
    at_end = {
        f"{column}_at_end_{name}": float(amount)
        for table, key, column in (
            ("beds", "bed_type", "beds_open"),
            ("staff", "role", "wte"),
            ("shifts", "shift_type", "shifts_on_duty"),
        )
        for name, amount in evidence.wide(table, column, key).iloc[:, -1].items()
    }
    spot_beds = evidence.wide("beds", "spot_beds", "site") * evidence.horizon.days
    return at_end | {
        "spot_bed_days": float(spot_beds.to_numpy().sum()),
        "agency_hours": float(evidence.tables["staff"]["agency_hours"].sum()),
        "spot_care_hours": float(evidence.tables["shifts"]["spot_care_hours"].sum()),
    }


def _targets(evidence: Evidence) -> dict[str, float]:
    table = evidence.tables["targets"]
    imposed = table[(table["is_imposed"] == 1) & table["required"].notna()]
    return {"targets_imposed": float(len(imposed)), "targets_met": float((imposed["is_met"] == 1).sum())}


def _gaps(evidence: Evidence) -> dict[str, float]:
    table = evidence.tables["budgets"]
    gaps = ("gap",) if evidence.today is None else ("gap", "do_nothing_gap")
    return {
        f"{gap}_{row['funder']}_{row['year']}": row[f"{gap}_gbp"]
        for gap in gaps
        for row in table[table[f"{gap}_gbp"].notna()].to_dict("records")
    }


def _unit_of_people(measure: str) -> str:
    return "days" if measure.endswith("delayed_days") else "people"


def _unit_of_capacity(measure: str) -> str:
    units = {
        "beds_open": "beds",
        "wte_at_end": "WTE",
        "shifts_on_duty": "shifts",
        "spot_bed_days": "bed days",
    }
    return next((unit for begin, unit in units.items() if measure.startswith(begin)), "hours")


MEASURES: Mapping[Callable[[Evidence], Mapping[str, float]], Callable[[str], str]] = {
    _money: lambda measure: "£ discounted" if measure == "objective" else "£",
    _people: _unit_of_people,
    _capacity: _unit_of_capacity,
    _targets: lambda _: "rows",
    _gaps: lambda _: "£",
    _do_nothing: lambda measure: "£" if measure.endswith("cost_paid") else "people",
}
"""What `summary` adds up, and the unit of each measure."""
