"""Today's capacity as an instance of its own: what the plan is compared with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from capplan.instance import Instance

DO_NOTHING = "do_nothing"
"""The scenario that every instance has: today's capacity and schemes stay as they are."""
DEAREST = 10.0
"""Where everybody must start but today's capacity is too small, a person left without counts this many times the
dearest price on a person in the instance: dear enough that nobody is left without whom today's capacity could take."""

FIXED: Mapping[str, tuple[str, ...]] = {
    "site_beds": (
        *("beds", "beds_min", "beds_max", "unit_beds_min", "beds_step"),
        *("spot_bed_day_gbp", "spot_bed_week_gbp", "spot_bed_month_gbp", "spot_bed_year_gbp"),
    ),
    "staff": ("wte", "wte_min", "wte_max", "agency_hour_gbp", "hires_max_per_period"),
    "shifts": ("shifts", "shifts_min", "shifts_max", "spot_care_hour_gbp"),
    "roles": ("turnover_per_year",),
    "pathways": ("wait_days_max", "unmet_gbp"),
    "targets": ("is_imposed",),
    "budgets": ("is_imposed",),
    "schemes": ("requires", "excludes"),
    "acute_beds": ("wards_max",),
}
"""Cells that `as_is` writes, by table: they say what today's capacity is, and nothing that a planner has set."""


def is_do_nothing(instance: Instance, scenario: str | None) -> bool:
    """Whether a scenario is the one that every instance has, and none of the instance's own of that name."""
    return scenario == DO_NOTHING and DO_NOTHING not in set(instance.table("scenarios")["scenario"])


def as_is(instance: Instance) -> Instance:
    """A copy with today's beds, posts and shifts fixed.

    Spot beds, spot care and agency are left out, nobody is recruited or leaves, and what constrains decisions not
    taken (limits, cover, longest waits) does not hold; targets and budgets are reported and not imposed. Schemes that
    are live already stay so, and no other goes live; no ward closes.
    """
    return instance.trusted(
        budgets=instance.written["budgets"].assign(is_imposed=_no(instance.written["budgets"])),
        site_beds=_fixed(instance, "site_beds", "beds", no=("spot_bed_day_gbp", "spot_bed_week_gbp")).assign(
            unit_beds_min=0.0, beds_step=1.0
        ),
        staff=_fixed(instance, "staff", "wte", no=("agency_hour_gbp",)).assign(hires_max_per_period=0.0),
        shifts=_fixed(instance, "shifts", "shifts", no=("spot_care_hour_gbp",)),
        roles=instance.written["roles"].assign(turnover_per_year=0.0),
        targets=instance.written["targets"].assign(is_imposed=_no(instance.written["targets"])),
        pathways=_open_ended(instance),
        **_schemes(instance),
        acute_beds=instance.written["acute_beds"].assign(wards_max=0.0),
        **{name: instance.written[name].iloc[:0] for name in ("conversions", "arrivals", "limits", "cover")},
    )


def is_fixed(table: str, column: str) -> bool:
    """Whether `as_is` writes a column, so that its cells are no limits of a planner's in what it gives."""
    return column in FIXED.get(table, ())


def _no(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(False, index=frame.index, dtype="boolean")


def _schemes(instance: Instance) -> dict[str, pd.DataFrame]:
    """Schemes that are live already, with their effects and funding, and no ties to others."""
    live = set(instance.schemes.loc[instance.schemes["is_live"], "scheme"])
    kept = {
        name: instance.written[name][instance.written[name]["scheme"].isin(live)]
        for name in ("schemes", "scheme_localities", "scheme_effects")
    }
    funding = instance.table("funding")
    others = set(instance.schemes["scheme"]) - live
    kept["funding"] = instance.written["funding"][
        ~((funding["item"] == "schemes") & funding["key"].isin(others))
    ]
    ties = kept["schemes"].columns.intersection(["requires", "excludes"])
    return kept | {"schemes": kept["schemes"].assign(**dict.fromkeys(ties, None))}


def _fixed(instance: Instance, table: str, what: str, no: tuple[str, ...]) -> pd.DataFrame:
    """Floor and maximum at today's number; prices of flexible capacity emptied."""
    written = instance.written[table].copy()
    today = instance.table(table)[what].fillna(0.0)
    written[what] = today
    written[f"{what}_min"], written[f"{what}_max"] = today, today
    for column in written.columns.intersection([*no, *(f"{name}" for name in _in_other_units(no))]):
        written[column] = np.nan
    return written


def _in_other_units(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.replace("_day_", f"_{unit}_") for name in columns for unit in ("month", "year"))


def _open_ended(instance: Instance) -> pd.DataFrame:
    """No longest wait, and a price where the plan says that everybody must start."""
    written = instance.written["pathways"].copy()
    written["wait_days_max"] = np.nan
    prices = [*instance.pathways["unmet_gbp"], *(instance.pathways["delay_day_gbp"] * 30)]
    finite = [price for price in prices if np.isfinite(price)]
    written["unmet_gbp"] = written["unmet_gbp"].replace(np.inf, DEAREST * max([10_000.0, *finite]))
    return written
