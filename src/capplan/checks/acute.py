"""Acute wards: beds counted twice, baselines that cannot be, wards that can never close."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.checks.targets.filters import Chosen
from capplan.checks.targets.reachable import best_share
from capplan.errors import Problem, Severity
from capplan.geography import hospitals_of
from capplan.wording import figures, share

LINES = {
    "discharges": ("step_down", "discharges_baseline_per_month", "bed_days_per_discharge"),
    "diversions": ("step_up", "diversions_baseline_per_month", "bed_days_per_diversion"),
}
"""What frees acute bed days: its direction, its baseline, and what each frees."""
OCCUPANCY_USUAL = 0.6
"""Below this occupancy of a ward a planner has likely written something else."""


def ward_counted_twice(facts: Facts) -> Iterator[Problem]:
    """A hospital and its sub-region both have wards that close: the same bed days would be freed twice.

    A row whose wards_max is 0 closes none and does not count, so that a scenario can move from the one to the other.
    """
    rows = facts.table("acute_beds")
    rows = rows[rows["wards_max"] > 0]
    region_of = facts.table("hospitals").set_index("hospital")["sub_region"]
    rows = rows.assign(region=rows["hospital"].map(region_of))
    yield from at_rows(
        facts,
        "acute_beds",
        rows[rows["region"].isin(rows["hospital"]) & (rows["region"] != rows["hospital"])],
        "'{hospital}' is in the sub-region '{region}', which has a row too: the bed days of its people would be "
        "freed twice",
        column="hospital",
        now="keep the rows of the hospitals or that of the sub-region",
    )


def ward_line_not_counted(facts: Facts) -> Iterator[Problem]:
    """Discharges or diversions have a baseline and free no bed days, or free some and have no baseline."""
    rows = facts.table("acute_beds")
    for line, (_, baseline, bed_days) in LINES.items():
        yield from at_rows(
            facts,
            "acute_beds",
            rows[rows[baseline].isna() & (rows[bed_days] > 0)],
            f"{line} of '{{hospital}}' free no bed days: how many there are today is not given",
            column=bed_days,
            now=f"give {baseline} (0 where there are none today)",
            severity=Severity.WARNING,
        )
        yield from at_rows(
            facts,
            "acute_beds",
            rows[rows[baseline].notna() & (rows[bed_days] == 0)],
            f"{line} of '{{hospital}}' have a baseline, and each of them frees 0 bed days",
            column=baseline,
            now=f"give {bed_days}, or leave the baseline empty",
            severity=Severity.WARNING,
        )


def ward_baseline_above_referrals(facts: Facts) -> Iterator[Problem]:
    """Today's discharges or diversions are more than the people referred can be."""
    months = facts.horizon.months
    for row, record in facts.table("acute_beds").to_dict("index").items():
        for line, (_, baseline, _) in LINES.items():
            possible = _possible(facts, record["hospital"], line)
            most = float((possible / months).max())
            if record[baseline] > most * (1 + 1e-9):
                yield problem(
                    "acute_beds",
                    f"{figures(record[baseline])} {line} a month today; from the people referred by "
                    f"'{record['hospital']}' at most {figures(most)} a month can come in any period, so that none "
                    "goes beyond",
                    row=int(row),
                    column=baseline,
                    value=record[baseline],
                    now="count in the baseline only people of the pathways in this instance, or complete referrals",
                    severity=Severity.WARNING,
                )


def ward_never_closes(facts: Facts) -> Iterator[Problem]:
    """If everybody referred started where it frees most, not one ward's beds would be freed."""
    for row, record in facts.table("acute_beds").to_dict("index").items():
        beds = _beds_freed_at_most(facts, record)
        filled = record["ward_beds"] * record["occupancy"]
        if record["wards_max"] > 0 and beds < filled * (1 - 1e-9):
            yield problem(
                "acute_beds",
                f"no ward of '{record['hospital']}' can close: its {figures(record['ward_beds'])} beds at "
                f"occupancy {share(record['occupancy'])} need {figures(filled)} freed, and if everybody started as "
                f"they are referred {figures(max(beds, 0.0))} would be",
                row=int(row),
                column="ward_beds",
                value=record["ward_beds"],
                now="look at the baselines, at the bed days that each person frees, and at who refers "
                "(hospital in referrals, catchments)",
                severity=Severity.WARNING,
            )


def _beds_freed_at_most(facts: Facts, record: dict[str, float]) -> float:
    """Beds freed by everybody referred, in the best stretch between two decision points; failures not counted."""
    horizon = facts.horizon
    freed = np.zeros(len(horizon))
    for line, (_, baseline, bed_days) in LINES.items():
        if not np.isnan(record[baseline]):
            people = _possible(facts, str(record["hospital"]), line)
            freed += record[bed_days] * (people - record[baseline] * horizon.months)
    by_decision = pd.DataFrame({"freed": freed, "days": horizon.days}).groupby(horizon.epoch).sum()
    return float((by_decision["freed"] / by_decision["days"]).max())


def _possible(facts: Facts, name: str, line: str) -> np.ndarray:
    """Most discharges or diversions in each period, everybody waiting at the start included: array (period)."""
    direction, _, _ = LINES[line]
    pathways = facts.table("pathways").set_index("pathway")["direction"] == direction
    hospitals = facts.axes.hospitals.isin(list(hospitals_of(facts, name)))
    everywhere = Chosen(
        np.ones(len(facts.axes.localities), dtype=bool),
        np.asarray(hospitals),
        np.ones(len(facts.axes.sites), dtype=bool),
        pathways,
        pd.Series(True, index=facts.table("packages")["package"]),
        by_site=False,
    )
    waiting = facts.table("waiting").groupby("pathway")["people"].sum()
    total = np.zeros(len(facts.horizon))
    for pathway in pathways.index[pathways]:
        best = best_share(facts, everywhere, pathway, line)[:, hospitals]
        total += (facts.people(pathway)[:, hospitals] * best[:, :, None]).sum(axis=(0, 1))
        total += waiting.get(pathway, 0.0) * best.max(initial=0.0)
    return total


def arithmetic_ward_occupancy_unusual(facts: Facts) -> Iterator[Problem]:
    """Wards were half empty before they close."""
    rows = facts.table("acute_beds")
    yield from at_rows(
        facts,
        "acute_beds",
        rows[rows["occupancy"] < OCCUPANCY_USUAL],
        "a ward of '{hospital}' closes when {occupancy:share} of its beds are freed",
        column="occupancy",
        now="give the share of the ward's beds that are occupied today (acute wards mostly 85% to 98%)",
        severity=Severity.WARNING,
    )


def failure_bed_days_not_counted(facts: Facts) -> Iterator[Problem]:
    """Failures take acute bed days, and no table says whose."""
    rows = facts.table("eligibility")
    if len(facts.table("acute_beds")) or not (rows["failure_acute_bed_days"] > 0).any():
        return
    first = rows[rows["failure_acute_bed_days"] > 0]
    yield problem(
        "eligibility",
        f"failure_acute_bed_days of {len(first)} rows change nothing: acute_beds has no rows",
        row=int(first.index[0]),
        column="failure_acute_bed_days",
        now="fill in acute_beds, or price failures by failure_gbp",
        severity=Severity.INFO,
    )


RULES = (
    ward_counted_twice,
    ward_line_not_counted,
    ward_baseline_above_referrals,
    ward_never_closes,
    arithmetic_ward_occupancy_unusual,
    failure_bed_days_not_counted,
)
